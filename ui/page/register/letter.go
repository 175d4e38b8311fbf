package register

import (
	"context"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
)

// finder finds the copy of a document's letter in Sent.
type finder struct {
	desk  frame.Desk
	entry mail.RegisterEntry
	words wordsOf
}

// newest is how many letters of Sent are looked at before it is searched by the document's words.
const newest = 500

func (f finder) find(ctx context.Context) (mail.LetterID, error) {
	folders, err := f.desk.Folders(ctx, f.entry.Account)
	if err != nil {
		return 0, err
	}
	for _, box := range folders {
		if box.Role != mail.RoleSent {
			continue
		}
		for _, text := range []string{"", f.entry.Document.Number, f.entry.Summary} {
			list, err := f.desk.List(ctx, mail.ListQuery{Account: f.entry.Account, Folder: box.ID, Text: text})
			if err != nil {
				return 0, err
			}
			heads, err := f.desk.Heads(ctx, list.IDs[:min(len(list.IDs), newest)])
			if err != nil {
				return 0, err
			}
			for _, h := range heads {
				if h.MessageID != "" && h.MessageID == f.entry.MessageID {
					return h.ID, nil
				}
			}
			if text == "" && len(list.IDs) <= newest {
				break // all of it was looked at
			}
		}
	}
	return 0, nil
}

func (f finder) letter(ctx context.Context) tea.Msg {
	id, err := f.find(ctx)
	return letterFound{id, err}
}

// resend writes to those whom it did not reach: the letter sent, with its files, or without them when the copy in Sent is
// not there yet.
func (f finder) resend(ctx context.Context) tea.Msg {
	id, err := f.find(ctx)
	if err != nil {
		return resend{err: err}
	}
	kind := mail.DraftNew
	if id != 0 {
		kind = mail.DraftForward
	}
	d, err := f.desk.Compose(ctx, f.entry.Account, kind, id)
	if err != nil {
		return resend{err: err}
	}
	var to []string
	for _, r := range failed(f.entry) {
		to = append(to, addressText(r.Address))
	}
	d.To = strings.Join(to, ", ")
	d.Subject = strings.TrimSpace(f.entry.Document.Number + " " + f.entry.Summary)
	d.Body = fmt.Sprintf(f.words.ResendBody, f.entry.Document.Number) + "\n"
	out := resend{draft: d}
	if id == 0 && f.entry.File != "" {
		out.note = fmt.Sprintf(f.words.ResendFile, kit.Clean(f.entry.File))
	}
	return out
}

// addressText is an address as it stands in an address line.
func addressText(a mail.Address) string {
	if a.Name == "" {
		return a.Addr
	}
	name := a.Name
	if strings.ContainsAny(name, `,;<>()[]@:\".`) {
		name = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
	}
	return name + " <" + a.Addr + ">"
}

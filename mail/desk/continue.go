package desk

import (
	"context"
	"strings"

	"hopthu/mail"
	"hopthu/mail/letter"
)

// resume makes a draft of a letter that stands in a drafts folder: this client's own if it was begun here, else what
// another client wrote. It keeps its Message-ID, so that the copy at the server is replaced when it is saved and erased
// when it is sent.
func (d *Desk) resume(ctx context.Context, id mail.LetterID) (mail.DraftLetter, error) {
	const op = "continue draft"
	h, err := d.store.Head(ctx, id)
	if err != nil {
		return mail.DraftLetter{}, err
	}
	f, err := d.store.Folder(ctx, h.Folder)
	if err != nil {
		return mail.DraftLetter{}, err
	}
	if f.Role != mail.RoleDrafts {
		return mail.DraftLetter{}, &mail.Fault{Kind: mail.Conflict, Op: op, Detail: "not in a drafts folder"}
	}
	own, err := d.store.Drafts(ctx)
	if err != nil {
		return mail.DraftLetter{}, err
	}
	for _, x := range own {
		if x.Account == h.Account && x.MessageID == h.MessageID && x.MessageID != "" {
			return x, nil
		}
	}
	l, err := d.whole(ctx, id)
	if err != nil {
		return mail.DraftLetter{}, err
	}
	dr := mail.DraftLetter{
		Account: l.Account, To: addressLine(l.To), Cc: addressLine(l.Cc), Bcc: addressLine(l.Bcc), Subject: l.Subject,
		Body: plain(l.Paras), References: l.References, MessageID: l.MessageID,
	}
	if len(l.InReplyTo) > 0 {
		dr.InReplyTo, dr.Kind = l.InReplyTo[0], mail.DraftReply
	}
	return d.takeFiles(ctx, dr, l)
}

func addressLine(list []mail.Address) string {
	out := make([]string, 0, len(list))
	for _, a := range list {
		out = append(out, letter.FormatAddress(a))
	}
	return strings.Join(out, ", ")
}

// plain is the readable text as it would be typed.
func plain(paras []mail.Para) string {
	var b strings.Builder
	for _, p := range paras {
		for line := range strings.SplitSeq(p.Text, "\n") {
			if p.Quote > 0 {
				b.WriteString(strings.Repeat(">", p.Quote) + " ")
			}
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

package letter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// Answers for a letter that bears a stamp of secrecy.
type (
	reportSure struct{}
	digestMsg  struct {
		digest string
		err    error
	}
)

// shut reports whether the letter stands behind its warning (QC 7.1b, 8.2).
func (p *Page) shut() bool { return p.letter != nil && p.letter.Sealed() && !p.reveal }

// WhyNot says why a letter with a stamp of secrecy is not passed on, printed, quoted or saved (QC 7.1b, 8.2), and that one
// behind its warning must be opened first.
func (p *Page) WhyNot(id keys.ID) string {
	switch {
	case p.letter == nil:
		return ""
	case p.letter.Partial && (id == keys.Save || id == keys.Links):
		return p.env.Words.Reading.Rest
	case !p.letter.Sealed():
		return ""
	}
	w := p.env.Words.Reading.Seal
	switch id {
	case keys.Forward, keys.Save, keys.Copy, keys.Links:
		return w.No
	case keys.Reply, keys.ReplyAll, keys.Headers, keys.Raw, keys.Charset, keys.Quotes:
		if p.shut() {
			return w.First
		}
	}
	return ""
}

// sealPress does what belongs to a stamp of secrecy: report, open in spite of it, read the clause. Enter reports.
func (p *Page) sealPress(id keys.ID) (tea.Cmd, bool) {
	if p.letter == nil {
		return nil, false
	}
	w := p.env.Words.Reading.Seal
	switch {
	case id == keys.Report || id == keys.Open && p.shut():
		return frame.Send(frame.Ask{Dialog: dialog.Do(p.env, p.gen, w.ReportTitle, w.ReportText, w.ReportYes, func(yes bool) tea.Msg {
			if yes {
				return reportSure{}
			}
			return nil
		})}), true
	case id == keys.Clause:
		if cmd := frame.ShowClause(p.letter.Findings...); cmd != nil {
			return cmd, true
		}
		return frame.Go(frame.OpenRegulation{}), true
	case id == keys.Reveal && p.shut():
		p.reveal = true
		p.tops = [3]int{}
		cmds := []tea.Cmd{p.set()}
		if !p.letter.Flags.Has(mail.Seen) {
			cmds = append(cmds, p.env.Do(0, p.asking().seen))
		}
		return tea.Batch(cmds...), true
	}
	return nil, false
}

// digest is the hash of the whole letter, by which it can be found without naming its subject (QC 13.7).
func (a asking) digest(ctx context.Context) tea.Msg {
	raw, err := a.desk.Raw(ctx, a.id)
	if err != nil {
		return digestMsg{err: err}
	}
	sum := sha256.Sum256(raw)
	return digestMsg{digest: hex.EncodeToString(sum[:])}
}

func (p *Page) sealResult(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case reportSure:
		return p.env.Do(p.gen, p.asking().digest), true
	case digestMsg:
		if m.err != nil {
			return frame.Failed("read letter", m.err), true
		}
		return p.report(m.digest), true
	}
	return nil, false
}

// report begins the letter to the head of the agency: who, when, which, never what (QC 13.7).
func (p *Page) report(digest string) tea.Cmd {
	if p.letter == nil {
		return nil
	}
	w := p.env.Words.Reading.Seal
	from := ""
	if len(p.letter.From) > 0 {
		from = kit.Clean(p.letter.From[0].Name + " <" + p.letter.From[0].Addr + ">")
	}
	facts := fmt.Sprintf("%s: %s\n%s: %s\n%s: %s\n%s: %s\n", w.Sender, from,
		w.Received, p.env.Words.Full(p.letter.Received.In(p.env.Now().Location())), w.ID, kit.Clean(p.letter.MessageID), w.Digest, digest)
	d := mail.DraftLetter{Account: p.letter.Account, Kind: mail.DraftNew, Subject: w.Subject, Body: fmt.Sprintf(w.Body, facts)}
	return frame.Go(frame.OpenCompose{Account: d.Account, Kind: d.Kind, Letter: &d})
}

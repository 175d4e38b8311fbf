package compose

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
	"hopthu/ui/words"
)

// send has the letter checked; what is found is asked before it goes.
func (p *Page) send() tea.Cmd {
	p.suggest.close()
	w := &p.env.Words.Write.Compose
	d := p.snapshot()
	if strings.TrimSpace(d.To+d.Cc+d.Bcc) == "" {
		p.at = toRow
		return frame.Tell(frame.Warn, w.Finding("no-recipient"))
	}
	p.checking = true
	return p.do(func() tea.Cmd { return p.env.Do(0, p.request(checked).run) })
}

// onChecked asks before the letter goes.
func (p *Page) onChecked(m done) tea.Cmd {
	p.checking = false
	if m.err != nil {
		return frame.Failed("check letter", m.err)
	}
	return frame.Send(frame.Ask{Dialog: p.review(m.draft, m.found)})
}

// mend sets right by TCVN 6909 what is known without doubt, as one step of undo in each place, and has the letter checked again.
func (p *Page) mend() tea.Cmd {
	w := &p.env.Words.Write.Compose
	subject, body := p.lines[subjectRow].Text(), p.body.Text()
	fixedSubject, fixedBody := kit.Mend(subject), kit.Mend(body)
	if fixedSubject == subject && fixedBody == body {
		return frame.Tell(frame.Warn, w.MendNone)
	}
	if fixedSubject != subject {
		p.lines[subjectRow].Replace(fixedSubject)
	}
	if fixedBody != body {
		p.body.Replace(fixedBody)
	}
	return tea.Batch(p.changed(), frame.Tell(frame.Good, w.Mended), p.send())
}

// onApproved takes the answer of the review.
func (p *Page) onApproved(m dialog.Approval) tea.Cmd {
	p.reasons = m.Reasons
	switch {
	case m.Mend:
		return p.mend()
	case !m.Yes:
		return nil
	}
	p.checking = true // no key may change what was approved
	return p.do(func() tea.Cmd {
		r := p.request(sent)
		r.reasons = m.Reasons
		return p.env.Do(0, r.run)
	})
}

func (p *Page) onSent(m done) tea.Cmd {
	p.checking = false
	w := &p.env.Words.Write.Compose
	if m.err != nil {
		return frame.Failed("send letter", m.err)
	}
	say := frame.Say{Text: w.SentNoUndo, Tone: frame.Good}
	if s := int(p.env.Settings.Undo.Seconds()); s > 0 {
		say = frame.Say{Text: words.Say(w.Sent, s), Tone: frame.Good, Undo: true, Recall: m.item.ID}
	}
	return p.close(&say)
}

// sender is the person who writes for an agency's box: the one whose login opens it, else the owner of the first personal box.
func (p *Page) sender() string {
	if p.account.Together() && p.account.Person.Name != "" {
		return p.account.Person.Name
	}
	for _, a := range p.accounts {
		if !a.Official && a.Name != "" {
			return a.Name
		}
	}
	return ""
}

// fromWords says in words who the letter comes from: "Sở KH&ĐT, do Nguyễn Thị Thu Hà gửi".
func fromWords(env frame.Env, a mail.Account, sender string) string {
	w := &env.Words.Write.Compose
	who := a.Name
	if a.Official && a.Agency != "" {
		who = a.Agency
	}
	if who == "" {
		who = a.Address
	}
	if a.Official && sender != "" {
		return fmt.Sprintf(w.FromAgency, who, sender)
	}
	return fmt.Sprintf(w.FromPerson, who)
}

package start

import (
	"fmt"

	"hopthu/mail"
	"hopthu/ui/form"
	"hopthu/ui/kit"
)

// columns is how wide the form is.
const columns = 74

// View implements frame.Page.
func (p *Page) View(w, h int) []string {
	th := p.env.Theme
	set := th.Page
	words := &p.env.Words.Write.Start
	s := form.NewSheet(w, columns, true, set)
	if h > 12 {
		s.Blank(1)
	}
	s.Text(set.AccentBold, words.Welcome)
	intro := words.Intro
	if p.again {
		intro = words.Again
	}
	s.Text(set.Dim, intro)
	if h > 10 {
		s.Blank(1)
	}
	below := p.below()
	room := max(2, h-s.Len()-below.Len()-1)
	n := min(p.form.Height(), room)
	p.formY, p.left = s.Len(), s.Left()
	lines, x, y, ok := p.form.View(s.Width(), n, set, th.Soft, th.Sel, th.Glyph)
	p.x, p.y, p.typing = s.Left()+x, s.Len()+y, ok
	s.Lines(lines)
	s.Blank(1)
	return append(s.Done(s.Len()), below.Done(max(0, h-s.Len()))...)[:h]
}

// below says what is known, what is going on, or what went wrong.
func (p *Page) below() *form.Sheet {
	set := p.env.Theme.Page
	w := &p.env.Words.Write.Start
	s := form.NewSheet(p.w, columns, true, set)
	switch {
	case p.work == looking:
		s.Text(set.Accent, w.Looking)
	case p.work == proving:
		s.Text(set.Accent, w.Proving)
	case p.fault != nil:
		p.trouble(s)
	case p.say != "":
		s.Text(set.Warn, "! "+p.say)
	case p.account.IMAP.Host != "":
		s.Text(set.Dim, fmt.Sprintf(w.Guessed, p.account.IMAP.Host, p.account.SMTP.Host))
	default:
		s.Text(set.Dim, w.Guess)
	}
	if p.fault != nil {
		return s
	}
	if p.keeps {
		s.Text(set.Dim, w.Remembered)
		return s
	}
	why := ""
	if p.why != nil {
		why = p.env.Words.Fault(p.why).What
	}
	s.Text(set.Dim, fmt.Sprintf(w.Forgotten, why))
	return s
}

// trouble says what happened, what is safe, and what to do.
func (p *Page) trouble(s *form.Sheet) {
	set := p.env.Theme.Page
	w := p.env.Words
	said := w.Fault(p.fault)
	if next := w.Write.Start.Next[p.fault.Kind]; next != "" {
		said.Next = next
	}
	if p.fault.Kind == mail.BadCertificate {
		s.Text(set.Danger, "! "+w.Write.Start.CertTitle)
		s.Text(set.Base, kit.Clean(said.What))
		s.Text(set.Dim, w.Write.Start.CertWhy)
		s.Text(set.Base, said.Safe)
		s.Text(set.Bold, said.Next)
		s.Text(set.Base, w.Write.Start.CertCA)
		return
	}
	s.Text(set.Danger, "! "+said.What)
	if p.fault.Kind == mail.NoTLS {
		s.Text(set.Base, said.Safe)
	} else {
		s.Text(set.Base, w.Write.Start.Safe)
	}
	s.Text(set.Bold, said.Next)
	if p.say != "" {
		s.Text(set.Base, p.say)
	}
}

package round

import (
	"fmt"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/ui/kit"
	"hopthu/ui/read"
	"hopthu/ui/theme"
	"hopthu/ui/words"
)

// headLines stand above the letter: how far the check is, and a rule.
const headLines = 2

// From sideFrom columns on the letters that follow stand beside the one shown, in sideWidth columns.
const (
	sideFrom  = 120
	sideWidth = 46
)

// side is how many columns the list beside the letter takes.
func (p *Page) side() int {
	if p.w < sideFrom {
		return 0
	}
	return sideWidth + 1
}

// View draws the check.
func (p *Page) View(w, h int) []string {
	set := p.env.Theme.Page
	blank := set.Base.Paint(kit.Space(w))
	head, ok := p.head()
	switch {
	case p.ended:
		return kit.Fill(p.finale(w, h), h, blank)
	case p.fault != nil, !p.loaded, !ok:
		text := p.env.Words.App.Loading
		if p.fault != nil {
			text = p.env.Words.Fault(p.fault).What
		} else if p.finishing {
			text = p.env.Words.Duty.Round.Finishing
		}
		return kit.Fill(append(kit.Fill(nil, h/3, blank), set.Dim.Paint(kit.Center(kit.Clean(text), w))), h, blank)
	}
	out := []string{p.progress(head, w), kit.Rule(w, set, p.env.Theme.Glyph)}
	left := p.side()
	body := p.text(w-left, max(h-headLines, 0))
	if left == 0 {
		return kit.Fill(append(out, body...), h, blank)
	}
	list := p.list(len(body))
	for i, l := range body {
		out = append(out, list[i]+set.Rule.Paint(p.env.Theme.Glyph.Bar)+l)
	}
	return kit.Fill(out, h, blank)
}

// progress says how far the check is, and why this letter stands in it.
func (p *Page) progress(h mail.Head, w int) string {
	th, said := p.env.Theme, p.env.Words.Duty.Round
	set := th.Page
	done := p.round.Seen + p.count(answered)
	left := len(p.round.Letters)
	title := " " + said.Title + "  "
	text := fmt.Sprintf(said.Progress, p.env.Words.Count(done), p.env.Words.Count(left)) + "  "
	mark, style, why := p.why(h, set)
	why = strings.TrimSpace(mark + " " + why)
	why += " "
	bar := max(min(w-kit.Width(title)-kit.Width(text)-kit.Width(why)-2, 40), 0)
	full := 0
	if done+left > 0 {
		full = bar * done / (done + left)
	}
	gap := max(w-kit.Width(title)-kit.Width(text)-bar-kit.Width(why), 0)
	return set.Bold.Paint(title) + set.Base.Paint(kit.Cut(text, max(w-kit.Width(title), 0))) + set.Accent.Paint(strings.Repeat(th.Glyph.Full, full)) +
		set.Dim.Paint(strings.Repeat(th.Glyph.Empty, bar-full)) + set.Base.Paint(kit.Space(gap)) + style.Paint(why)
}

func (p *Page) sameDay(t time.Time) bool {
	now := p.env.Now()
	y, m, d := t.In(now.Location()).Date()
	ny, nm, nd := now.Date()
	return y == ny && m == nm && d == nd
}

// text is the letter, or why it cannot be shown.
func (p *Page) text(w, h int) []string {
	set := p.env.Theme.Page
	blank := set.Base.Paint(kit.Space(w))
	switch {
	case p.missing != nil:
		f := *p.missing
		f.Detail = kit.Clean(f.Detail)
		said := p.env.Words.Fault(&f)
		head, _ := p.head()
		return kit.Fill([]string{
			set.Bold.Paint(kit.Fit(" "+kit.Clean(head.Subject), w)), blank, set.Danger.Paint(kit.Fit(" "+said.What, w)), set.Base.Paint(kit.Fit(" "+said.Next, w)),
		}, h, blank)
	case p.sheet == nil || p.sheet.Width() != w:
		return kit.Fill(append(kit.Fill(nil, h/3, blank), set.Dim.Paint(kit.Center(p.env.Words.Duty.Round.Loading, w))), h, blank)
	}
	return kit.Fill(p.sheet.Draw(p.top, h), h, blank)
}

// list is what is left, with the letter shown in its midst.
func (p *Page) list(h int) []string {
	first := max(min(p.at-h/2, len(p.round.Letters)-h), 0)
	var out []string
	for i := first; i < len(p.round.Letters) && len(out) < h; i++ {
		out = append(out, p.row(p.round.Letters[i], i == p.at))
	}
	return kit.Fill(out, h, p.env.Theme.Page.Base.Paint(kit.Space(sideWidth)))
}

// row is a letter in the list: its mark, who wrote it, what about.
func (p *Page) row(h mail.Head, on bool) string {
	th := p.env.Theme
	set, cursor := th.Page, " "
	if on {
		set, cursor = th.Sel, th.Glyph.Cursor
	}
	mark, style, _ := p.why(h, set)
	base := set.Base
	if !h.Flags.Has(mail.Seen) {
		base = set.Bold
	}
	who := p.env.Words.Box.NoSender
	if len(h.From) > 0 && h.From[0].Short() != "" {
		who = kit.Clean(h.From[0].Short())
	}
	const person = 15
	return set.Accent.Paint(cursor) + style.Paint(mark) + base.Paint(" "+kit.Fit(who, person)+" "+kit.Fit(kit.Clean(h.Subject), sideWidth-person-5)) + set.Base.Paint(" ")
}

// why says why a letter is in the check: a mark, its style, a word.
func (p *Page) why(h mail.Head, set theme.Set) (mark string, style theme.Style, word string) {
	g, said := p.env.Theme.Glyph, p.env.Words.Duty.Round
	switch {
	case h.Awaits && h.Late > 0:
		return g.Over, set.Danger, said.Over
	case !h.Later.IsZero():
		return " ", set.Accent, said.Back
	case h.Awaits && !h.Due.IsZero() && p.sameDay(h.Due):
		return g.Due, set.Warn, said.Due
	case !h.Flags.Has(mail.Seen):
		return g.Unread, set.Accent, said.Fresh
	}
	return " ", set.Dim, said.Soon
}

// finale is what the check ends with.
func (p *Page) finale(w, h int) []string {
	set, said := p.env.Theme.Page, p.env.Words.Duty.Round
	out := kit.Fill(nil, max(h/3-1, 0), set.Base.Paint(kit.Space(w)))
	add := func(text string, paint func(string) string) { out = append(out, paint(kit.Center(text, w))) }
	at := p.round.Finished.In(p.env.Now().Location())
	switch {
	case len(p.deeds) > 0 || at.Format("15:04") == p.env.Now().Format("15:04"):
		add(p.env.Theme.Glyph.Marked+" "+fmt.Sprintf(said.Done, at.Format("15:04")), set.Good.Paint)
	default:
		add(said.Empty, set.Bold.Paint)
		add(fmt.Sprintf(said.DoneAt, at.Format("15:04")), set.Good.Paint)
	}
	add("", set.Base.Paint)
	if text := p.tallied(); text != "" {
		add(fmt.Sprintf(said.Tally, text), set.Base.Paint)
	}
	if p.month.Workdays > 0 {
		add(fmt.Sprintf(said.Month, p.env.Words.Count(p.month.Checked), p.env.Words.Count(p.month.Workdays)), set.Base.Paint)
	}
	add("", set.Base.Paint)
	add(said.Hint, set.Dim.Paint)
	return out
}

// tallied lists what was done in this sitting, what was done most important first.
func (p *Page) tallied() string {
	said := p.env.Words.Duty.Round
	var parts []string
	for _, x := range []struct {
		deed   deed
		format string
	}{
		{answered, said.Answered},
		{read.Excused, said.Excused},
		{read.Assigned, said.Assigned},
		{read.Termed, said.Termed},
		{read.PutOff, said.Put},
		{read.Filed, said.Filed},
		{looked, said.Looked},
	} {
		if n := p.count(x.deed); n > 0 {
			parts = append(parts, words.Say(x.format, n))
		}
	}
	return strings.Join(parts, ", ")
}

func (p *Page) count(d deed) int {
	n := 0
	for _, x := range p.deeds {
		if x == d {
			n++
		}
	}
	return n
}

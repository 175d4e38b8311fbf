package outbox

import (
	"fmt"
	"strings"

	"hopthu/mail"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
	"hopthu/ui/words"
)

// View implements frame.Page: a head, the list, and what the selected letter's state means.
func (p *Page) View(w, h int) []string {
	set := p.env.Theme.Page
	say := &p.env.Words.Write.Outbox
	blank := set.Base.Paint(kit.Space(w))
	out := []string{
		set.Bold.Paint(kit.Fit(" "+say.Title+" "+p.env.Theme.Glyph.Dot+" "+words.Say(say.Count, p.env.Words.Count(p.rows.Len())), w)),
		kit.Rule(w, set, p.env.Theme.Glyph),
	}
	if p.rows.Len() == 0 {
		return kit.Fill(append(out, p.empty(w)...), h, blank)
	}
	below := p.explain(w)
	if len(out)+len(below)+2 > h {
		below = nil
	}
	n := max(1, h-len(out)-len(below))
	p.rows.SetHeight(n)
	p.listY = len(out)
	at, _ := p.rows.Current()
	for _, id := range p.rows.Visible() {
		out = append(out, p.row(p.items[id], id == at, w))
	}
	out = kit.Fill(out, h-len(below), blank)
	return append(out, below...)[:h]
}

func (p *Page) empty(w int) []string {
	say := &p.env.Words.Write.Outbox
	text, hint := say.Empty, say.EmptyHint
	if !p.loaded {
		text, hint = say.Loading, ""
	}
	return p.env.Empty(w, p.fault, text, hint)
}

// stateWidth is the column of states.
const stateWidth = 24

func (p *Page) row(it mail.OutboxItem, on bool, w int) string {
	th := p.env.Theme
	set, cursor := th.Page, " "
	if on {
		set, cursor = th.Sel, th.Glyph.Cursor
	}
	mark, st := " ", set.Dim
	switch it.State {
	case mail.OutRefused, mail.OutUnknown:
		mark, st = th.Glyph.Over, set.Danger
	case mail.OutWaiting:
		mark, st = th.Glyph.Due, set.Warn
	case mail.OutSent:
		mark, st = th.Glyph.Marked, set.Good
	}
	state := kit.FitLeft(p.stateWords(it), min(stateWidth, max(1, w/3)))
	who := min(max(w*26/100, 10), 28)
	rest := max(0, w-4-who-2-kit.Width(state)-2)
	line := set.Accent.Paint(cursor) + st.Paint(mark+" ") + set.Base.Paint(kit.Fit(kit.Clean(strings.Join(it.To, ", ")), who)+"  "+
		kit.Fit(kit.Clean(p.subject(it)), rest)) + st.Paint("  "+state) + set.Base.Paint(" ")
	return fit(line, w, set)
}

// fit brings a finished line of about w columns to exactly w; only very narrow windows need it.
func fit(line string, w int, set theme.Set) string {
	if n := kit.Width(line); n > w {
		return kit.Cut(line, w)
	} else if n < w {
		return line + set.Base.Paint(kit.Space(w-n))
	}
	return line
}

// stateWords says where a letter stands, and when it moves.
func (p *Page) stateWords(it mail.OutboxItem) string {
	say := &p.env.Words.Write.Outbox
	now := p.env.Now()
	switch {
	case it.State == mail.OutQueued && it.Next.After(now):
		return words.Say(say.InSeconds, int(it.Next.Sub(now).Seconds()+0.999))
	case it.State == mail.OutWaiting && !it.Next.IsZero():
		return fmt.Sprintf(say.At, it.Next.In(now.Location()).Format("15:04"))
	}
	return say.States[it.State]
}

// explain says what the selected letter's state means and what can be done.
func (p *Page) explain(w int) []string {
	it, ok := p.current()
	if !ok {
		return nil
	}
	set := p.env.Theme.Page
	say := &p.env.Words.Write.Outbox
	out := []string{kit.Rule(w, set, p.env.Theme.Glyph)}
	width := max(1, min(w-2, kit.ReadWidth))
	for _, l := range kit.Wrap(say.Explain[it.State], width, 0) {
		out = append(out, set.Base.Paint(kit.Fit(" "+l, w)))
	}
	if it.Reply != "" {
		for _, l := range kit.Wrap(say.Server+": "+kit.Clean(p.env.Words.Reply(it.Reply)), width, 0)[:1] {
			out = append(out, set.Dim.Paint(kit.Fit(" "+l, w)))
		}
	}
	return out
}

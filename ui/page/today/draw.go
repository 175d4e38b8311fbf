package today

import (
	"strings"

	"hopthu/mail"
	"hopthu/ui/kit"
	"hopthu/ui/read"
	"hopthu/ui/theme"
)

// View draws the lines in the window.
func (p *Page) View(w, h int) []string {
	if w != p.w || h != p.h {
		p.w, p.h = w, h
		p.show()
	}
	set := p.env.Theme.Page
	blank := set.Base.Paint(kit.Space(w))
	if len(p.lines) == 0 {
		return p.empty(w, h)
	}
	out := make([]string, 0, h)
	for i := p.top; i < len(p.lines) && len(out) < h; i++ {
		out = append(out, p.draw(p.lines[i], i == p.cur, w))
	}
	return kit.Fill(out, h, blank)
}

// empty is friendly: all is done, or not known yet.
func (p *Page) empty(w, h int) []string {
	set, words := p.env.Theme.Page, p.env.Words
	blank := set.Base.Paint(kit.Space(w))
	out := kit.Fill(nil, h/3, blank)
	if !p.loaded {
		return kit.Fill(append(out, set.Dim.Paint(kit.Center(words.App.Loading, w))), h, blank)
	}
	what, hint := words.Today.Nothing, words.Today.NothingHint
	if p.unsure {
		what, hint = words.Today.Unsure, words.Today.UnsureHint
	}
	out = append(out, set.Bold.Paint(kit.Center(what, w)))
	if text := p.checkWords(); text != "" {
		out = append(out, p.checkStyle().Paint(kit.Center(text, w)))
	}
	for _, l := range kit.Wrap(hint, max(w-8, 10), 0) {
		out = append(out, set.Dim.Paint(kit.Center(l, w)))
	}
	return kit.Fill(out, h, blank)
}

// lineWidth is how wide a line is at most: further apart, an eye loses the line between a subject and its term.
const lineWidth = 132

// personWidth is the column of names, as in the list of letters.
func personWidth(w int) int { return min(max(w*26/100, 12), 28) }

// rightWidth is how wide the column of terms is at most.
const rightWidth = 22

func (p *Page) draw(l line, on bool, w int) string {
	th := p.env.Theme
	set, cursor := th.Page, " "
	if on {
		set, cursor = th.Sel, th.Glyph.Cursor
	}
	if w > lineWidth {
		return p.draw(l, on, lineWidth) + set.Base.Paint(kit.Space(w-lineWidth))
	}
	switch {
	case l.title != "":
		note := l.note
		head := " " + l.title + "  "
		room := max(w-kit.Width(head)-kit.Width(l.count), 0)
		check := kit.Cut(l.check, max(room-2, 0))
		if check != "" {
			check += "  "
		}
		return set.Bold.Paint(head) + p.countStyle(l).Paint(l.count) +
			set.Dim.Paint(kit.Fit("    "+note, max(room-kit.Width(check), 0))) + p.checkStyle().Paint(check)
	case l.head != nil:
		return p.letter(l, set, cursor, w)
	case l.draft != nil:
		to, subject := read.Names(l.draft.To), kit.Clean(l.draft.Subject)
		style := set.Dim
		if l.draft.Refusal != "" {
			style = set.Danger
		}
		return p.columns(set, cursor, set.Base.Paint(" "), to, subject, l.right, set.Base, style, w, "", 0)
	case l.out != nil:
		style := set.Dim
		mark := set.Base.Paint(" ")
		if l.out.State == mail.OutRefused || l.out.State == mail.OutUnknown {
			style, mark = set.Danger, set.Danger.Paint(th.Glyph.Over)
		}
		return p.columns(set, cursor, mark, kit.Clean(strings.Join(l.out.To, ", ")), kit.Clean(l.out.Subject), l.right, set.Base, style, w, "", 0)
	case l.more != "":
		return set.Accent.Paint(cursor) + set.Dim.Paint(kit.Fit("  "+l.more, w-1))
	}
	return set.Base.Paint(kit.Space(w))
}

// checkStyle is that of the words on the day's check.
func (p *Page) checkStyle() theme.Style {
	if p.today.Checked.IsZero() {
		return p.env.Theme.Page.Accent
	}
	return p.env.Theme.Page.Good
}

// countStyle makes the number of late letters stand out.
func (p *Page) countStyle(l line) theme.Style {
	switch l.title {
	case p.env.Words.Today.Overdue:
		return p.env.Theme.Page.Danger
	case p.env.Words.Today.DueToday:
		return p.env.Theme.Page.Warn
	}
	return p.env.Theme.Page.AccentBold
}

func (p *Page) letter(l line, set theme.Set, cursor string, w int) string {
	g := p.env.Theme.Glyph
	mark, right := set.Base.Paint(" "), set.Dim
	switch {
	case l.item != nil && l.item.Late > 0:
		mark, right = set.Danger.Paint(g.Over), set.Danger
	case l.item != nil && l.soon:
		mark, right = set.Warn.Paint(g.Due), set.Warn
	case !l.head.Flags.Has(mail.Seen):
		mark = set.Accent.Paint(g.Unread)
	}
	if l.item != nil && l.item.DueSet && l.item.Late == 0 {
		right = set.Accent
	}
	base := set.Base
	if !l.head.Flags.Has(mail.Seen) {
		base = set.Bold
	}
	who := p.env.Words.Box.NoSender
	if l.wait != nil {
		who = p.env.Words.Box.To + to(*l.head)
	} else if len(l.head.From) > 0 && l.head.From[0].Short() != "" {
		who = kit.Clean(l.head.From[0].Short())
	}
	urgent := p.env.Words.Urgent(*l.head)
	lead, taken := "", 0
	if urgent != "" {
		lead, taken = read.UrgentStyle(set, *l.head).Paint(urgent)+base.Paint(" "), kit.Width(urgent)+1
	}
	if name, writing := read.With(*l.head, p.env.Words); name != "" && l.item != nil && (writing || !l.head.Mine) { // a colleague's
		style := set.Dim
		if writing {
			style = set.Warn
		}
		name = "[" + name + "]"
		lead, taken = style.Paint(name)+base.Paint(" ")+lead, taken+kit.Width(name)+1
	}
	return p.columns(set, cursor, mark, who, read.Unmarked(kit.Clean(l.head.Subject), urgent), l.right, base, right, w, lead, taken)
}

// columns lays a line out; lead stands before the subject and is taken columns wide.
func (p *Page) columns(set theme.Set, cursor, mark, who, subject, right string, base, rightStyle theme.Style, w int, lead string, taken int) string {
	if strings.TrimSpace(subject) == "" {
		subject = p.env.Words.Today.NoSubject
	}
	who = kit.Fit(who, personWidth(w))
	rw := max(p.right, min(kit.Width(right), rightWidth))
	rest := max(w-4-kit.Width(who)-2-rw-2, 0)
	if taken > rest/2 {
		lead, taken = "", 0
	}
	return set.Accent.Paint(cursor) + mark + base.Paint(" "+who+"  ") + lead + base.Paint(kit.Fit(subject, rest-taken)+" ") +
		rightStyle.Paint(kit.FitLeft(right, rw)) + set.Base.Paint("  ")
}

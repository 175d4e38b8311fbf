package dispatch

import (
	"strings"

	"hopthu/ui/form"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
	"hopthu/ui/words"
)

// headLines are the title, the way, and the rule.
const headLines = 3

// View implements frame.Page: whose box, where on the way, and the step.
func (p *Page) View(w, h int) []string {
	set := p.env.Theme.Page
	p.types = false
	out := []string{p.titleLine(w), p.wayLine(w), p.ruleLine(w)}
	room := h - headLines
	if room < 1 { // a very low window: the step matters most
		out = out[:max(0, h-1)]
		room = h - len(out)
	}
	var body []string
	switch {
	case p.writing != nil:
		body = p.writingView(w, room)
	case p.step == reading:
		body = p.readView(w, room)
	case p.step == directing:
		body = p.tableView(w, room)
	case p.step == sending:
		body = p.lastView(w, room)
	default:
		p.listY = headLines
		body = p.chooseView(w, room)
	}
	for _, l := range body {
		out = append(out, fit(l, w, set))
	}
	out = kit.Fill(out, h, set.Base.Paint(kit.Space(w)))
	if p.y >= h {
		p.types = false
	}
	return out
}

// titleLine names the page or the document, and says in words whose box it goes from.
func (p *Page) titleLine(w int) string {
	set := p.env.Theme.Page
	title := " " + p.Title()
	if p.step != choosing {
		title += " " + p.env.Theme.Glyph.Dot + " " + oneLine(p.nameOf(p.d))
	}
	title = kit.Cut(title, max(0, w-2))
	who := kit.Cut(p.from(), max(0, w-kit.Width(title)-3))
	gap := max(0, w-kit.Width(title)-kit.Width(who)-1)
	return fit(set.Bold.Paint(title)+set.Base.Paint(kit.Space(gap))+set.AccentBold.Paint(who), w, set)
}

// wayLine shows the four steps and where one stands.
func (p *Page) wayLine(w int) string {
	th := p.env.Theme
	set := th.Page
	var b strings.Builder
	used := 0
	put := func(st theme.Style, s string) {
		s = kit.Cut(s, max(0, w-used))
		used += kit.Width(s)
		b.WriteString(st.Paint(s))
	}
	for i, name := range p.env.Words.Dispatch.Steps {
		lead := "  " + th.Glyph.Next + " "
		if i == 0 {
			lead = " "
		}
		put(set.Dim, lead)
		switch {
		case step(i) == p.step: //nolint:gosec // four steps
			put(set.AccentBold, "["+name+"]")
		case step(i) < p.step: //nolint:gosec // four steps
			put(set.Base, name)
		default:
			put(set.Dim, name)
		}
	}
	return b.String() + set.Base.Paint(kit.Space(w-used))
}

// ruleLine parts the head from the step; it says what the desk is doing, or that it could not keep what was done.
func (p *Page) ruleLine(w int) string {
	th := p.env.Theme
	set := th.Page
	text, st := p.jobs.doing, set.Accent
	if p.jobs.fault != nil {
		text, st = "! "+p.env.Words.Dispatch.NotKept, set.Danger
	}
	if text == "" || w < 8 {
		return kit.Rule(w, set, th.Glyph)
	}
	text = kit.Cut(" "+text+" ", w-4)
	return set.Rule.Paint(strings.Repeat(th.Glyph.Rule, 2)) + st.Paint(text) + set.Rule.Paint(strings.Repeat(th.Glyph.Rule, w-2-kit.Width(text)))
}

func (p *Page) writingView(w, h int) []string {
	th := p.env.Theme
	set := th.Page
	words := &p.env.Words.Dispatch
	hint := [...]string{pasting: words.PasteHint, block: words.BlockHint, covering: words.CoverHint}[p.writing.what]
	out := []string{set.Dim.Paint(kit.Fit(" "+hint, w))}
	room := max(0, h-len(out))
	left := min(1, max(0, w-2))
	tw := max(1, min(w-left, kit.ReadWidth+1))
	lines, x, y := p.writing.editor.View(tw, room, kit.Look{Text: set.Base.Paint, Quote: set.Quote.Paint, Selected: th.Sel.Base.Paint})
	p.x, p.y, p.types = left+x, headLines+len(out)+y, true
	for _, l := range lines {
		out = append(out, set.Base.Paint(kit.Space(left))+l)
	}
	return out
}

// restyle forgets what was made of words and colours.
func (p *Page) restyle() {
	switch p.step {
	case reading:
		at, texts := p.form.Current().Key, formTexts(p.form)
		urgency := p.form.Row(urgencyKey).At
		p.toReading()
		for key, text := range texts {
			p.form.Row(key).Field.SetText(text)
		}
		p.form.Row(urgencyKey).At = urgency
		p.judgeFields()
		p.form.Focus(at)
	case sending:
		at, texts := p.last.Current().Key, formTexts(p.last)
		paper, receipts := p.last.Row(paperKey).At, p.last.Row(receiptKey).At
		p.toLast()
		for key, text := range texts {
			p.last.Row(key).Field.SetText(text)
		}
		p.last.Row(paperKey).At, p.last.Row(receiptKey).At = paper, receipts
		p.last.Focus(at)
	}
}

func formTexts(f *form.Form) map[string]string {
	out := map[string]string{}
	for _, r := range f.Rows {
		if r.Kind == form.Input {
			out[r.Key] = r.Field.Text()
		}
	}
	return out
}

// rowSet is the look of a row of a list.
func (p *Page) rowSet(on bool) (theme.Set, string) {
	th := p.env.Theme
	if on {
		return th.Sel, th.Glyph.Cursor
	}
	return th.Page, " "
}

// fit brings a finished line of about w columns to exactly w.
func fit(line string, w int, set theme.Set) string {
	switch n := kit.Width(line); {
	case n > w:
		return kit.Cut(line, w)
	case n < w:
		return line + set.Base.Paint(kit.Space(w-n))
	}
	return line
}

// say fills a sentence whose numbers decide on its words.
func say(format string, args ...any) string { return words.Say(format, args...) }

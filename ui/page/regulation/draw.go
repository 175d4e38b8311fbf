package regulation

import (
	"fmt"
	"strings"

	"hopthu/mail/rule"
	"hopthu/ui/kit"
)

// line is one line of the screen: a piece of the text from byte start on. Blank lines carry the place of what follows.
type line struct {
	text   string
	indent int
	start  int
	bold   bool
}

// set breaks the text into lines of the page's width. Headings of articles stand bold below a blank line.
func set(text string, width int, articles []rule.Article) []line {
	heads := map[int]bool{}
	for _, a := range articles {
		if a.Act == rule.ActRegulation {
			heads[a.Start] = true
		}
	}
	w := max(min(width-4, kit.ReadWidth), 8)
	var out []line
	at := 0
	for raw := range strings.Lines(text) {
		start := at + len(raw) - len(strings.TrimLeft(raw, " \t"))
		at += len(raw)
		s := strings.TrimSpace(raw)
		if s == "" {
			continue
		}
		capitals := s == strings.ToUpper(s) && !strings.HasPrefix(s, "-")
		bold := heads[start] || capitals || strings.HasPrefix(s, "Chương ")
		if heads[start] || strings.HasPrefix(s, "Chương ") || capitals && len(out) > 0 && !out[len(out)-1].bold {
			out = append(out, line{start: start})
		}
		out = append(out, wrap(s, start, w, bold)...)
	}
	return out
}

// wrap breaks one paragraph; each line knows where its first letter stands in the text.
func wrap(s string, start, w int, bold bool) []line {
	hang := 0
	if i := strings.IndexByte(s, ' '); i > 0 && i <= 3 && !bold {
		hang = i + 1
	}
	var out []line
	at := 0
	for _, l := range kit.Wrap(kit.Clean(s), w, hang) {
		t := strings.TrimLeft(l, " ")
		if i := strings.Index(s[min(at, len(s)):], t); i >= 0 {
			at += i
		}
		out = append(out, line{text: t, indent: len(l) - len(t), start: start + at, bold: bold})
		at = min(at+len(t), len(s))
	}
	return out
}

// View draws the head line and a window of the text.
func (p *Page) View(w, h int) []string {
	if w != p.w || h != p.h {
		p.resize(w, h)
	}
	th := p.env.Theme
	out := make([]string, 0, h)
	out = append(out, p.headView(w), kit.Rule(w, th.Page, th.Glyph))
	for _, l := range p.lines[min(p.top, len(p.lines)):] {
		if len(out) == h {
			break
		}
		out = append(out, p.draw(l, w))
	}
	return kit.Fill(out, h, th.Page.Base.Paint(kit.Space(w)))
}

func (p *Page) headView(w int) string {
	set, words := p.env.Theme.Page, p.env.Words
	right := ""
	if p.text != "" {
		right = fmt.Sprintf(words.Rules.Hits, words.Count(min(p.at+1, len(p.hits))), words.Count(len(p.hits)))
	}
	if p.finding {
		label := " " + words.Box.Searching
		room := max(w-kit.Width(label)-kit.Width(right)-3, 4)
		look := kit.Look{Text: set.Base.Paint, Selected: p.env.Theme.Sel.Base.Paint, Hint: set.Dim.Paint}
		line, x := p.field.View(room, words.Box.SearchHint, look)
		p.fieldX = kit.Width(label) + x
		return set.AccentBold.Paint(label) + line + set.Dim.Paint(kit.FitLeft(right, max(w-kit.Width(label)-room-1, 0))+kit.Space(min(1, w)))
	}
	title := " " + words.Rules.Title
	switch {
	case p.text != "":
		title = " " + words.Box.Searching + kit.Clean(p.text)
	case p.article() >= 0:
		title += " " + p.env.Theme.Glyph.Dot + " " + p.name(p.articles[p.article()])
	}
	if p.found && p.text == "" {
		right = p.clause.Ref
	}
	return set.Bold.Paint(kit.Fit(title, max(w-kit.Width(right)-2, 0))) + set.Dim.Paint(" "+right+" ")
}

// draw paints a line: a bar beside the clause that was named, the hits of a search marked.
func (p *Page) draw(l line, w int) string {
	th := p.env.Theme
	set := th.Page
	bar := "  "
	if p.found && l.text != "" && l.start >= p.clause.Start && l.start < p.clause.End {
		bar = th.Glyph.Cursor + " "
	}
	style := set.Base
	if l.bold {
		style = set.Bold
	}
	var b strings.Builder
	b.WriteString(set.AccentBold.Paint(bar) + style.Paint(kit.Space(l.indent)))
	at := 0
	for i, hit := range p.hits {
		from, to := max(hit.Start-l.start, at), min(hit.End-l.start, len(l.text))
		if to <= from {
			continue
		}
		mark := set.Match
		if i == p.at {
			mark = th.Sel.Bold
		}
		b.WriteString(style.Paint(l.text[at:from]) + mark.Paint(l.text[from:to]))
		at = to
	}
	b.WriteString(style.Paint(l.text[at:] + kit.Space(w-2-l.indent-kit.Width(l.text))))
	return b.String()
}

package letter

import "hopthu/ui/kit"

func (p *Page) length() int {
	switch {
	case p.mode != textMode:
		return len(p.lines)
	case p.sheet != nil:
		return p.sheet.Lines()
	}
	return 0
}

func (p *Page) atEnd() bool {
	return !p.brief && p.tops[p.mode] >= p.length()-p.body()
}

// body is how many lines of the page scroll: headers and source have a line of their own above.
func (p *Page) body() int {
	if p.mode != textMode {
		return max(p.h-2, 1)
	}
	return max(p.h, 1)
}

func (p *Page) scroll(n int) {
	t := &p.tops[p.mode]
	*t = max(min(*t+n, p.length()-p.body()), 0)
}

// View draws what is shown of the letter.
func (p *Page) View(w, h int) []string {
	th := p.env.Theme
	blank := th.Page.Base.Paint(kit.Space(w))
	switch {
	case p.fault != nil:
		return p.faultView(w, h)
	case p.mode != textMode:
		title := p.env.Words.Letter.Headers
		if p.mode == rawMode {
			title = p.env.Words.Letter.Raw
		}
		out := make([]string, 0, h)
		out = append(out, th.Page.Bold.Paint(kit.Fit(" "+title+": "+kit.Clean(p.letter.Subject), w)), kit.Rule(w, th.Page, th.Glyph))
		for _, l := range p.lines[min(p.tops[p.mode], len(p.lines)):] {
			if len(out) == h {
				break
			}
			out = append(out, th.Page.Base.Paint(kit.Fit(" "+l, w)))
		}
		return kit.Fill(out, h, blank)
	case p.sheet == nil || p.sheet.Width() != w:
		out := kit.Fill(nil, h/3, blank)
		return kit.Fill(append(out, th.Page.Dim.Paint(kit.Center(p.env.Words.Letter.Loading, w))), h, blank)
	}
	return p.sheet.Draw(p.tops[textMode], h)
}

func (p *Page) faultView(w, h int) []string {
	set := p.env.Theme.Page
	f := *p.fault
	f.Detail = kit.Clean(f.Detail)
	said := p.env.Words.Fault(&f)
	out := []string{set.Base.Paint(kit.Space(w)), set.Danger.Paint(kit.Fit("  "+said.What, w)), set.Base.Paint(kit.Fit("  "+said.Safe, w)), set.Base.Paint(kit.Fit("  "+said.Next, w))}
	return kit.Fill(out, h, set.Base.Paint(kit.Space(w)))
}

package letter

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail/viet"
	"hopthu/ui/frame"
)

// charsets is the cycle of the key: as recognised, then every encoding but the one that was.
func (p *Page) charsets() []string {
	all := slices.DeleteFunc(viet.Encodings(), func(s string) bool { return s == p.first })
	return append([]string{""}, all...)
}

// nextCharset reads the letter in the next encoding of the cycle.
func (p *Page) nextCharset() tea.Cmd {
	list := p.charsets()
	p.charset = list[(slices.Index(list, p.charset)+1)%len(list)]
	a := p.asking()
	a.reread = true
	p.gen++
	return p.env.Do(p.gen, a.load)
}

// tellCharset says in which encoding the letter is read now, and where in the cycle that is.
func (p *Page) tellCharset() tea.Cmd {
	w := p.env.Words
	name := p.charset
	if name == "" {
		name = w.Letter.CharsetNow
		if p.first != "" {
			name += ", " + p.first
		}
	}
	list := p.charsets()
	at := slices.Index(list, p.charset) + 1
	return frame.Tell(frame.Note, fmt.Sprintf(w.Letter.Charset, name, w.Count(at), w.Count(len(list))))
}

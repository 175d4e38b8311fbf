package letter

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
)

// toggle shows headers or source, or the text again.
func (p *Page) toggle(m mode) tea.Cmd {
	if p.mode == m {
		p.mode = textMode
		return nil
	}
	p.tops[m] = 0
	return p.showLines(m)
}

// again breaks the lines of headers or source anew when the width changed.
func (p *Page) again() tea.Cmd {
	if p.mode == textMode {
		return nil
	}
	return p.showLines(p.mode)
}

func (p *Page) showLines(m mode) tea.Cmd {
	if m == headersMode {
		return p.env.Do(p.gen, source{letter: p.letter, width: p.w - 2}.headers)
	}
	return p.env.Do(p.gen, source{desk: p.env.Desk, letter: p.letter, id: p.id, width: p.w - 2}.raw)
}

type source struct {
	desk   frame.Desk
	letter *mail.Letter
	id     mail.LetterID
	width  int
}

func (s source) headers(context.Context) tea.Msg {
	var out []string
	for _, f := range s.letter.Fields {
		out = append(out, kit.Wrap(kit.Clean(f.Name+": "+f.Value), s.width, 4)...)
	}
	return linesMsg{lines: out, mode: headersMode}
}

// raw shows every byte of the letter; nothing is cut off, what cannot be shown is written out.
func (s source) raw(ctx context.Context) tea.Msg {
	b, err := s.desk.Raw(ctx, s.id)
	if err != nil {
		return linesMsg{err: err}
	}
	return linesMsg{lines: rawLines(b, s.width), mode: rawMode}
}

// rawLines breaks bytes into lines of at most width columns. CRLF ends a line; a bare CR or LF is shown as well, since it
// is a defect. Controls are written ^X, bytes that are not UTF-8 \xNN, invisible characters <U+NNNN>.
func rawLines(b []byte, width int) []string {
	width = max(width, 8)
	var out []string
	var line strings.Builder
	n := 0
	flush := func() {
		out = append(out, line.String())
		line.Reset()
		n = 0
	}
	put := func(s string, w int) {
		if n+w > width {
			flush()
		}
		line.WriteString(s)
		n += w
	}
	for i := 0; i < len(b); {
		if b[i] == '\r' && i+1 < len(b) && b[i+1] == '\n' {
			flush()
			i += 2
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			put(fmt.Sprintf(`\x%02x`, b[i]), 4)
		case r == '\n':
			put("^J", 2)
			flush()
		case r == '\t':
			put(kit.Space(4), 4)
		case r < 0x20:
			put("^"+string(r+0x40), 2)
		case r == 0x7f:
			put("^?", 2)
		case kit.Clean(string(r)) != string(r) || kit.Width(string(r)) == 0:
			s := fmt.Sprintf("<U+%04X>", r)
			put(s, len(s))
		default:
			put(string(r), kit.Width(string(r)))
		}
		i += size
	}
	if n > 0 {
		flush()
	}
	return out
}

// copy puts what is shown on the clipboard.
func (p *Page) copy() tea.Cmd {
	if p.mode != textMode {
		return frame.Send(frame.Copy{Text: strings.Join(p.lines, "\n") + "\n"})
	}
	if p.sheet == nil || p.brief {
		return frame.Tell(frame.Note, p.env.Words.Letter.Loading)
	}
	return frame.Send(frame.Copy{Text: kit.Clean(p.letter.Subject) + "\n\n" + p.sheet.Text()})
}

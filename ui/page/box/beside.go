package box

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/read"
)

// Times of the letter beside the list.
const (
	restTime = 250 * time.Millisecond // before a letter that is still at the server is fetched
	readTime = 2 * time.Second        // before a letter that lies open counts as read
)

// beside is the letter beside the list, where there is room for it.
type beside struct {
	hidden bool // put away by the person
	id     mail.LetterID
	want   mail.LetterID
	gen    int
	sheet  *read.Sheet
	top    int
	rect   kit.Rect
}

// Answers for it.
type (
	letterMsg struct {
		sheet *read.Sheet
		id    mail.LetterID
		rest  *setting // a long letter: its beginning is set, this sets the whole
		err   error
	}
	restedMsg struct{ id mail.LetterID }
	readMsg   struct{ id mail.LetterID }
	seenMsg   struct{ err error }
)

func (b *beside) on(p *Page) bool { return !b.hidden && p.w >= letterFrom }

func (b *beside) toggle(p *Page) {
	b.hidden = !b.hidden
	p.layout()
}

func (b *beside) clear() { b.id, b.want, b.sheet, b.top = 0, 0, nil, 0 }

func (b *beside) resize(r kit.Rect) {
	if r.W != b.rect.W {
		b.want = 0 // set it anew; the old lines stay until the new ones come
	}
	b.rect = r
}

func (b *beside) restyle(p *Page) tea.Cmd {
	b.want = 0
	return p.askLetter()
}

// opening is a command's copy of what it needs.
type opening struct {
	desk    frame.Desk
	id      mail.LetterID
	setting read.Setting
}

func (o opening) load(ctx context.Context) tea.Msg {
	l, err := o.desk.Open(ctx, o.id)
	if err != nil {
		return letterMsg{id: o.id, err: err}
	}
	read.AddWork(ctx, o.desk, l)
	if brief := read.Brief(l, o.setting); brief != nil {
		return letterMsg{sheet: brief, id: o.id, rest: &setting{l, o.setting}}
	}
	return letterMsg{sheet: read.Set(l, o.setting), id: o.id}
}

// setting is a long letter whose beginning is shown.
type setting struct {
	letter *mail.Letter
	s      read.Setting
}

func (s setting) whole(context.Context) tea.Msg {
	return letterMsg{sheet: read.Set(s.letter, s.s), id: s.letter.ID}
}

func (o opening) seen(ctx context.Context) tea.Msg {
	return seenMsg{o.desk.Flag(ctx, []mail.LetterID{o.id}, mail.Seen, 0)}
}

// askLetter brings the letter under the cursor beside the list. One that is in the store comes at once; one that is at
// the server only when the cursor rests.
func (p *Page) askLetter() tea.Cmd {
	b := &p.letter
	id, ok := p.rows.Current()
	if !b.on(p) || !ok || id == b.want {
		return nil
	}
	h, have := p.heads[id]
	if !have {
		return nil
	}
	b.want = id
	b.gen++
	if !h.Bodied {
		return p.env.After(restTime, b.gen, restedMsg{id})
	}
	return p.fetch(id)
}

func (p *Page) fetch(id mail.LetterID) tea.Cmd {
	b := &p.letter
	s := read.Env(p.env, p.account, b.rect.W-1)
	s.Hint = p.env.Words.Reading.Seal.Beside
	return p.env.Do(b.gen, opening{p.env.Desk, id, s}.load)
}

func (b *beside) take(p *Page, r frame.Result) tea.Cmd {
	switch m := r.Msg.(type) {
	case seenMsg:
		return frame.Failed("mark read", m.err)
	case restedMsg:
		if r.Gen == b.gen {
			return p.fetch(m.id)
		}
	case readMsg:
		if r.Gen != b.gen || p.heads[m.id].Flags.Has(mail.Seen) {
			return nil
		}
		return p.env.Do(0, opening{desk: p.env.Desk, id: m.id}.seen)
	case letterMsg:
		if r.Gen != b.gen {
			return nil
		}
		if m.err != nil {
			b.sheet = nil
			return nil // the list is what is looked at; opening the letter tells the fault
		}
		if m.id != b.id {
			b.top = 0
		}
		b.sheet, b.id = m.sheet, m.id
		if m.rest != nil {
			return tea.Batch(p.env.Do(b.gen, m.rest.whole), p.env.After(readTime, b.gen, readMsg{m.id}))
		}
		if m.sheet.Shut() { // a sealed letter is not read by lying open behind its warning
			return nil
		}
		return p.env.After(readTime, b.gen, readMsg{m.id})
	}
	return nil
}

// press scrolls the letter while it has the focus.
func (b *beside) press(id keys.ID) bool {
	h := max(b.rect.H, 1)
	switch id {
	case keys.Up:
		b.scroll(-1)
	case keys.Down:
		b.scroll(1)
	case keys.PageUp:
		b.scroll(-h + 1)
	case keys.PageDown, keys.Mark:
		b.scroll(h - 1)
	case keys.Home:
		b.top = 0
	case keys.End:
		b.scroll(1 << 30)
	default:
		return false
	}
	return true
}

func (b *beside) scroll(n int) {
	if b.sheet == nil {
		return
	}
	b.top = max(min(b.top+n, b.sheet.Lines()-b.rect.H), 0)
}

func (b *beside) mouse(p *Page, m keys.Mouse) tea.Cmd {
	switch m.Kind {
	case keys.WheelUp:
		b.scroll(-3)
	case keys.WheelDown:
		b.scroll(3)
	case keys.Click:
		p.focus = letterPane
	}
	return nil
}

func (b *beside) view(p *Page, r kit.Rect) []string {
	th := p.env.Theme
	edge := th.Page.Rule.Paint(th.Glyph.Bar)
	if p.focus == letterPane {
		edge = th.Page.AccentBold.Paint(th.Glyph.Bar)
	}
	blank := edge + th.Page.Base.Paint(kit.Space(r.W-1))
	if p.rows.Len() == 0 || b.sheet == nil || b.sheet.Width() != r.W-1 {
		text := p.env.Words.Box.PickOne
		if b.want != 0 && p.rows.Len() > 0 {
			text = p.env.Words.Letter.Loading
		}
		out := kit.Fill(nil, r.H/3, blank)
		return kit.Fill(append(out, edge+th.Page.Dim.Paint(kit.Center(text, r.W-1))), r.H, blank)
	}
	out := b.sheet.Draw(b.top, r.H)
	for i := range out {
		out[i] = edge + out[i]
	}
	return kit.Fill(out, r.H, blank)
}

package dispatch

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/dialog"
	"hopthu/ui/form"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// line is one row of the first step: what can be done, then the documents begun.
type line struct {
	act keys.ID      // "" for a document
	id  mail.DraftID // of the document
}

const boxLine keys.ID = "box" // whose box it goes from

// begun are the documents that were begun and not sent.
type begun struct {
	rows   kit.Rows[line]
	list   map[mail.DraftID]rule.Dispatch
	count  int
	loaded bool
	asked  int
	fault  *mail.Fault
}

func (b *begun) current() (rule.Dispatch, bool) {
	l, ok := b.rows.Current()
	if !ok || l.act != "" {
		return rule.Dispatch{}, false
	}
	d, ok := b.list[l.id]
	return d, ok
}

type begunList struct {
	asked int
	list  []rule.Dispatch
	err   error
}

type begunLoader struct {
	desk  frame.Dispatching
	asked int
}

func (l begunLoader) run(ctx context.Context) tea.Msg {
	list, err := l.desk.OpenedDispatches(ctx)
	return begunList{l.asked, list, err}
}

func (p *Page) loadBegun() tea.Cmd {
	p.setLines(nil)
	p.begun.asked++
	return p.env.Do(0, begunLoader{p.env.Desk, p.begun.asked}.run)
}

func (p *Page) onBegun(m begunList) tea.Cmd {
	if m.asked != p.begun.asked {
		return nil
	}
	p.begun.loaded, p.begun.fault = true, nil
	if m.err != nil {
		p.begun.fault = mail.AsFault("list documents", m.err)
		return nil
	}
	p.begun.list = map[mail.DraftID]rule.Dispatch{}
	for _, d := range m.list {
		p.begun.list[d.Draft] = d
	}
	p.begun.count = len(m.list)
	p.setLines(m.list)
	if d, ok := p.begun.list[p.wanted]; ok && p.wanted != 0 && p.step == choosing {
		p.resume(d)
	}
	p.wanted = 0
	return nil
}

// setLines makes the rows; nil keeps the documents that are known.
func (p *Page) setLines(list []rule.Dispatch) {
	ids := []line{{act: keys.DispatchFile}, {act: keys.DispatchPaste}, {act: keys.GoRegister}}
	if len(p.accounts) > 1 {
		ids = append(ids, line{act: boxLine})
	}
	if list == nil {
		for _, l := range p.begun.rows.IDs() {
			if l.act == "" {
				ids = append(ids, l)
			}
		}
	}
	for _, d := range list {
		ids = append(ids, line{id: d.Draft})
	}
	p.begun.rows.SetIDs(ids)
}

func (p *Page) chooseKey(m keys.Press) tea.Cmd {
	b := &p.begun
	if m.Paste && strings.TrimSpace(m.Text) != "" {
		return p.open("", m.Text)
	}
	if frame.Walk(&b.rows, m.Action) {
		return nil
	}
	switch m.Action {
	case keys.Open, keys.DispatchNext:
		l, _ := b.rows.Current()
		return p.take(l)
	case keys.DispatchFile, keys.DispatchPaste:
		return p.take(line{act: m.Action})
	case keys.DispatchForget:
		if d, ok := b.current(); ok {
			return p.forget(d)
		}
	}
	return nil
}

func (p *Page) chooseMouse(m keys.Mouse) tea.Cmd {
	switch m.Kind {
	case keys.WheelDown:
		p.begun.rows.Scroll(1)
	case keys.WheelUp:
		p.begun.rows.Scroll(-1)
	case keys.Click:
		for i, y := range p.begunY() {
			if y == m.Y-p.listY {
				p.begun.rows.MoveTo(p.begun.rows.Top() + i)
				l, _ := p.begun.rows.Current()
				return p.take(l)
			}
		}
	}
	return nil
}

// take does what a row is for.
func (p *Page) take(l line) tea.Cmd {
	if p.jobs.running {
		return nil
	}
	w := &p.env.Words.Dispatch
	switch {
	case l.act == keys.GoRegister:
		return frame.Go(frame.OpenRegister{})
	case p.account.ID == "":
		return frame.Tell(frame.Warn, p.env.Words.Write.Compose.NoAccount)
	case l.act == keys.DispatchFile:
		return p.browse(w.FileTitle, false)
	case l.act == keys.DispatchPaste:
		p.writing = newWriting(pasting, p.pasted)
		return nil
	case l.act == boxLine:
		for i, a := range p.accounts {
			if a.ID == p.account.ID {
				p.useAccount(p.accounts[(i+1)%len(p.accounts)].ID)
				break
			}
		}
		return nil
	}
	if d, ok := p.begun.list[l.id]; ok {
		p.resume(d)
	}
	return nil
}

// chosenFile is the answer of the file browser.
type chosenFile struct {
	dialog.File
	further bool // a file to go with the document
}

func (p *Page) browse(title string, further bool) tea.Cmd {
	return dialog.Browse(p.env, p.jobs.gen, title, p.dir, func(f dialog.File) tea.Msg { return chosenFile{f, further} })
}

func (p *Page) onChosen(m chosenFile) tea.Cmd {
	if m.Dir != "" {
		p.dir = m.Dir
	}
	switch {
	case m.Path == "":
		return nil
	case m.further:
		return p.attach(m.Path, m.Name)
	}
	return p.open(m.Path, "")
}

// begunY says on which line below listY each row shown stands: a heading parts acts from documents.
func (p *Page) begunY() []int {
	var out []int
	y := 0
	for i, l := range p.begun.rows.Visible() {
		if i > 0 && l.act == "" && p.begun.rows.Visible()[i-1].act != "" {
			y += 2
		}
		out = append(out, y)
		y++
	}
	return out
}

func (p *Page) chooseView(w, h int) []string {
	th := p.env.Theme
	set := th.Page
	words := &p.env.Words.Dispatch
	blank := set.Base.Paint(kit.Space(w))
	room := h
	if p.begun.count > 0 {
		room = max(1, h-2) // the heading of the documents
	}
	p.begun.rows.SetHeight(max(1, room))
	var out []string
	for i, l := range p.begun.rows.Visible() {
		if l.act == "" && (i == 0 || p.begun.rows.Visible()[i-1].act != "") {
			if i > 0 {
				out = append(out, blank)
				out = append(out, set.Bold.Paint(kit.Fit(" "+words.Begun, kit.Width(words.Begun)+2))+set.AccentBold.Paint(kit.Fit(p.env.Words.Count(p.begun.count), w-kit.Width(words.Begun)-2)))
			}
		}
		on := p.begun.rows.Top()+i == p.begun.rows.Index()
		if l.act != "" {
			out = append(out, p.actRow(l.act, on, w))
		} else {
			out = append(out, p.begunRow(p.begun.list[l.id], on, w))
		}
	}
	if p.begun.fault != nil {
		said := p.env.Words.Fault(p.begun.fault)
		for _, s := range kit.Wrap(kit.Clean("! "+said.What+" "+said.Next), max(1, min(w-2, kit.ReadWidth)), 0) {
			out = append(out, set.Warn.Paint(kit.Fit(" "+s, w)))
		}
	} else if p.begun.loaded && p.begun.count == 0 {
		out = append(out, blank)
		for _, s := range kit.Wrap(words.Hint, max(1, min(w-3, kit.ReadWidth)), 0) {
			out = append(out, set.Dim.Paint(kit.Fit("   "+s, w)))
		}
	}
	return kit.Fill(out, h, blank)
}

// row is one line of about w columns: a mark, what it is, and what tells more.
func (p *Page) actRow(id keys.ID, on bool, w int) string {
	words := &p.env.Words.Dispatch
	name, more := "", ""
	switch id {
	case keys.DispatchFile:
		name, more = words.FileRow, words.FileMore
	case keys.DispatchPaste:
		name, more = words.PasteRow, words.PasteMore
	case keys.GoRegister:
		name, more = words.RegisterRow, words.RegisterMore
	case boxLine:
		name, more = words.BoxRow, "< "+p.from()+" >"
	}
	set, mark := p.rowSet(on)
	left := min(30, max(w/2, 1))
	line := set.Accent.Paint(mark) + set.Bold.Paint(" "+kit.Fit(name, left)) + set.Dim.Paint(" "+kit.Fit(more, max(0, w-left-4))+" ")
	return fit(line, w, set)
}

func (p *Page) begunRow(d rule.Dispatch, on bool, w int) string {
	words := &p.env.Words.Dispatch
	set, mark := p.rowSet(on)
	state, st := words.BegunReady, set.Good
	if n := len(d.Plan.Open()); n > 0 {
		state, st = say(words.BegunOpen, n), set.Warn
	}
	state = kit.FitLeft(state, min(20, max(1, w/4)))
	name := min(22, max(1, w/4))
	rest := max(0, w-name-kit.Width(state)-6)
	about := oneLine(d.Document.Summary)
	if about == "" {
		about = oneLine(d.Main.Name)
	}
	line := set.Accent.Paint(mark) + set.Base.Paint(" "+kit.Fit(oneLine(p.nameOf(d)), name)+"  "+kit.Fit(about, rest)) + st.Paint(" "+state) + set.Base.Paint(" ")
	return fit(line, w, set)
}

// writing is a text being written: pasted as a document, or the covering words.
type writing struct {
	what   writingKind
	editor kit.Editor
}

type writingKind uint8

const (
	pasting writingKind = iota // a document
	block                      // a Nơi nhận block, for a document without one
	covering
)

func newWriting(what writingKind, text string) *writing {
	x := &writing{what: what}
	x.editor.SetText(text)
	return x
}

func (p *Page) write(m keys.Press) tea.Cmd {
	if m.Action == keys.DispatchTaken {
		return p.endWriting(true)
	}
	switch form.EditBody(&p.writing.editor, m, &p.clip, p.env.Typist) {
	case form.Copied:
		return frame.Send(frame.Copy{Text: p.clip.Text})
	case form.Full:
		return frame.Tell(frame.Warn, p.env.Words.Write.Compose.TooLong)
	case form.NoClip:
		return frame.Tell(frame.Note, p.env.Words.Write.Compose.Nothing)
	}
	return nil
}

// endWriting takes the text; covering words are also taken by Esc, a document only when it is meant.
func (p *Page) endWriting(take bool) tea.Cmd {
	what, text := p.writing.what, p.writing.editor.Text()
	p.writing = nil
	switch {
	case what == covering && text == p.d.Body:
		return nil
	case what == covering:
		p.d.Body = text
		return p.changed()
	case what == pasting:
		p.pasted = text // until it has been read
	}
	switch {
	case !take || strings.TrimSpace(text) == "":
		return nil
	case what == block:
		return p.readBlock(text)
	}
	return p.open("", text)
}

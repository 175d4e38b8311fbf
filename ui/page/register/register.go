// Package register is the sổ văn bản đi: what was sent out, when, and what became of it at each recipient (QC 7.1a).
//
// Laws: it tells what servers and recipients said and guesses nothing; it changes no line; a document goes again only as a
// letter that the person looks over.
package register

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// Page is the list of documents sent out, or one of them opened.
type Page struct {
	env    frame.Env
	want   mail.RegisterID // to be opened once it is there
	rows   kit.Rows[mail.RegisterID]
	list   map[mail.RegisterID]mail.RegisterEntry
	opened bool          // the entry under the cursor is shown with its recipients
	to     kit.Rows[int] // its recipients
	facts  facts
	find   bool // the search field is open
	field  kit.Field
	gen    int
	busy   bool // a search is on its way; the next one waits
	again  bool
	loaded bool
	doing  string
	fault  *mail.Fault
	w, h   int
	x, y   int
	listY  int
}

// New makes the page.
func New(env frame.Env, open frame.OpenRegister) frame.Page {
	return &Page{env: env, want: open.Entry, list: map[mail.RegisterID]mail.RegisterEntry{}}
}

// Init implements frame.Page.
func (p *Page) Init() tea.Cmd { return p.reload() }

// Title implements frame.Page.
func (p *Page) Title() string { return p.env.Words.Dispatch.Register.Title }

// Tab implements frame.Tabbed.
func (p *Page) Tab() frame.Tab { return frame.Tab{Kind: "register"} }

// Account implements frame.Owned.
func (p *Page) Account() mail.AccountID {
	e, _ := p.current()
	return e.Account
}

// Cursor implements frame.Cursored.
func (p *Page) Cursor() (x, y int, ok bool) { return p.x, p.y, p.find }

// Contexts implements frame.Page.
func (p *Page) Contexts() []keys.Context {
	if p.find {
		return []keys.Context{keys.Find, keys.Field, keys.Viet}
	}
	return []keys.Context{keys.Register, keys.Moving}
}

// Actions implements frame.Page.
func (p *Page) Actions() []keys.ID {
	if p.find {
		return []keys.ID{keys.Pick, keys.Close}
	}
	e, ok := p.current()
	if !ok {
		return []keys.ID{keys.GoDispatch, keys.RegisterFind, keys.Back}
	}
	var out []keys.ID
	if !p.opened {
		out = append(out, keys.Open)
	}
	if p.opened && p.facts.step > 0 {
		out = append(out, keys.RegisterFacts)
	}
	out = append(out, keys.RegisterLetter)
	if len(failed(e)) > 0 {
		out = append(out, keys.RegisterResend)
	}
	if !p.opened {
		out = append(out, keys.RegisterFind)
	}
	return append(out, keys.RegisterExport, keys.Back)
}

// WhyNot implements frame.Excusing.
func (p *Page) WhyNot(id keys.ID) string {
	if id != keys.RegisterResend {
		return ""
	}
	if e, ok := p.current(); !ok || len(failed(e)) == 0 {
		return p.env.Words.Dispatch.Register.NoFailed
	}
	return ""
}

// Retreat implements frame.Retreating: Esc closes an opened entry, then a search.
func (p *Page) Retreat() (tea.Cmd, bool) {
	switch {
	case p.opened:
		p.opened = false
		return nil, true
	case p.find, p.field.Text() != "":
		p.find = false
		p.field.SetText("")
		return p.reload(), true
	}
	return nil, false
}

func (p *Page) current() (mail.RegisterEntry, bool) {
	id, ok := p.rows.Current()
	if !ok {
		return mail.RegisterEntry{}, false
	}
	e, ok := p.list[id]
	return e, ok
}

// failed are the recipients whom it did not reach.
func failed(e mail.RegisterEntry) []mail.RegisterRecipient {
	var out []mail.RegisterRecipient
	for _, r := range e.Recipients {
		if r.State == mail.DeliveryFailed || r.State == mail.DeliveryRefused {
			out = append(out, r)
		}
	}
	return out
}

// Answers.
type (
	listed struct {
		list []mail.RegisterEntry
		err  error
	}
	exported struct {
		path string
		err  error
	}
	letterFound struct {
		id  mail.LetterID
		err error
	}
	resend struct {
		draft mail.DraftLetter
		note  string
		err   error
	}
)

type loader struct {
	desk frame.Dispatching
	text string
}

func (l loader) run(ctx context.Context) tea.Msg {
	list, err := l.desk.Register(ctx, "", l.text)
	return listed{list, err}
}

// reload asks for the list; while one question is on its way the next one waits.
func (p *Page) reload() tea.Cmd {
	if p.busy {
		p.again = true
		return nil
	}
	p.busy = true
	p.gen++
	return p.env.Do(p.gen, loader{p.env.Desk, strings.TrimSpace(p.field.Text())}.run)
}

func (p *Page) take(m listed) tea.Cmd {
	p.busy = false
	if p.again {
		p.again = false
		return p.reload()
	}
	p.loaded, p.fault = true, nil
	if m.err != nil {
		p.fault = mail.AsFault("read register", m.err)
		return nil
	}
	was, _ := p.rows.Current()
	ids := make([]mail.RegisterID, len(m.list))
	clear(p.list)
	for i, e := range m.list {
		ids[i] = e.ID
		p.list[e.ID] = e
	}
	p.rows.SetIDs(ids)
	if p.want != 0 && p.rows.Select(p.want) {
		p.want = 0
		p.open()
		return nil
	}
	if is, _ := p.rows.Current(); p.opened && is != was { // the line that was open is gone
		p.opened = false
	}
	p.setRecipients()
	return nil
}

// open shows the entry under the cursor with its recipients.
func (p *Page) open() {
	if _, ok := p.current(); !ok {
		return
	}
	p.opened = true
	p.to, p.facts = kit.Rows[int]{}, facts{}
	p.setRecipients()
}

func (p *Page) setRecipients() {
	e, _ := p.current()
	ids := make([]int, len(e.Recipients))
	for i := range ids {
		ids[i] = i
	}
	p.to.SetIDs(ids)
}

// Update implements frame.Page.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		p.w, p.h = m.W, m.H
	case frame.Events:
		for _, e := range m {
			if e.Kind == mail.RegisterChanged || e.Kind == mail.OutboxChanged || e.Kind == mail.Overflow {
				return p.reload()
			}
		}
	case keys.Press:
		if p.find {
			return p.search(m)
		}
		return p.press(m)
	case keys.Mouse:
		return p.mouse(m)
	case frame.Result:
		return p.answer(m)
	}
	return nil
}

func (p *Page) answer(r frame.Result) tea.Cmd {
	w := &p.env.Words.Dispatch.Register
	switch m := r.Msg.(type) {
	case listed:
		if r.Gen == p.gen {
			return p.take(m)
		}
	case exported:
		p.doing = ""
		if m.err != nil {
			return frame.Failed("export register", m.err)
		}
		return frame.Tell(frame.Good, fmt.Sprintf(w.Exported, kit.Clean(m.path)))
	case letterFound:
		p.doing = ""
		switch {
		case m.err != nil:
			return frame.Failed("find letter", m.err)
		case m.id == 0:
			return frame.Tell(frame.Warn, w.NoLetter)
		}
		return frame.Go(frame.OpenLetter{ID: m.id})
	case resend:
		p.doing = ""
		if m.err != nil {
			return frame.Failed("write again", m.err)
		}
		cmds := []tea.Cmd{frame.Go(frame.OpenCompose{Account: m.draft.Account, Kind: m.draft.Kind, Letter: &m.draft})}
		if m.note != "" {
			cmds = append(cmds, frame.Tell(frame.Warn, m.note))
		}
		return tea.Sequence(cmds...)
	}
	return nil
}

// search lets a key act in the search field; the list narrows as one types.
func (p *Page) search(m keys.Press) tea.Cmd {
	switch m.Action {
	case keys.Close:
		p.find = false
		if p.field.Text() == "" {
			return nil
		}
		p.field.SetText("")
		return p.reload()
	case keys.Pick:
		p.find = false
	default:
		if frame.Walk(&p.rows, m.Action) {
			return nil
		}
		old := p.field.Text()
		if p.env.Edit(&p.field, m) && p.field.Text() != old {
			return p.reload()
		}
	}
	return nil
}

// mover is a list that keys and the mouse move in.
type mover interface {
	frame.Walked
	Scroll(int)
	ClickAt(int) bool
}

func (p *Page) mover() mover {
	if p.opened {
		return &p.to
	}
	return &p.rows
}

func (p *Page) press(m keys.Press) tea.Cmd {
	if frame.Walk(p.mover(), m.Action) {
		return nil
	}
	switch m.Action {
	case keys.Open:
		if !p.opened {
			p.open()
		}
	case keys.RegisterFacts:
		p.facts.on()
	case keys.RegisterFind:
		p.opened, p.find = false, true
	case keys.RegisterExport:
		return p.export()
	case keys.RegisterLetter, keys.RegisterResend:
		e, ok := p.current()
		if !ok || p.doing != "" {
			return nil
		}
		f := finder{desk: p.env.Desk, entry: e, words: &p.env.Words.Dispatch.Register}
		p.doing = p.env.Words.Dispatch.Register.Loading
		if m.Action == keys.RegisterLetter {
			return p.env.Do(p.gen, f.letter)
		}
		return p.env.Do(p.gen, f.resend)
	}
	return nil
}

func (p *Page) mouse(m keys.Mouse) tea.Cmd {
	rows := p.mover()
	switch m.Kind {
	case keys.WheelUp:
		rows.Scroll(-1)
	case keys.WheelDown:
		rows.Scroll(1)
	case keys.Click:
		old := p.rows.Index()
		if rows.ClickAt(m.Y-p.listY) && !p.opened && p.rows.Index() == old {
			p.open() // the second click on a line is Enter
		}
	}
	return nil
}

type exporter struct {
	desk    frame.Dispatching
	account mail.AccountID
	dir     string
}

func (x exporter) run(ctx context.Context) tea.Msg {
	path, err := x.desk.ExportRegister(ctx, x.account, x.dir)
	return exported{path, err}
}

// export writes the whole register, of every box.
func (p *Page) export() tea.Cmd {
	if p.doing != "" {
		return nil
	}
	p.doing = p.env.Words.Dispatch.Register.Loading
	return p.env.Do(p.gen, exporter{p.env.Desk, "", p.env.Settings.Downloads}.run)
}

// states counts the recipients in some states.
func states(e mail.RegisterEntry, in ...mail.DeliveryState) int {
	n := 0
	for _, r := range e.Recipients {
		if slices.Contains(in, r.State) {
			n++
		}
	}
	return n
}

// Package dispatch is the page that takes an official document from its file to its recipients (QC 7.1): choose, read,
// recipients, send.
//
// Laws: every entry of the Nơi nhận block stands on the screen and none is dropped silently; nothing goes while an entry
// is open; of two namesakes neither is chosen silently; what the person decided is with the desk at each step, so that a
// killed program finds it again; one request that changes the document runs at a time.
package dispatch

import (
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

// step is a part of the way.
type step uint8

const (
	choosing step = iota
	reading
	directing
	sending
)

// Page takes a document from its file to its recipients.
type Page struct {
	env      frame.Env
	accounts []mail.Account
	account  mail.Account
	step     step
	writing  *writing // a text is being written or pasted; nil if not

	d      rule.Dispatch
	jobs   jobs
	begun  begun
	wanted mail.DraftID // of a document to go on with once the list is there
	dir    string       // where the file browser stood last
	pasted string       // a text that was pasted and not read yet
	clip   form.Clip
	form   *form.Form // of reading
	last   *form.Form // of sending
	text   preview
	table  table
	w, h   int
	x, y   int
	types  bool // a cursor is shown at x, y
	listY  int
}

// New makes the page.
func New(env frame.Env, open frame.OpenDispatch) frame.Page {
	p := &Page{env: env, wanted: open.Draft, table: newTable()}
	p.account.ID = open.Account
	p.takeAccounts()
	if open.Account == "" {
		for _, a := range p.accounts { // documents go from the agency's box (QC 4.1, 7.1a)
			if a.Official {
				p.account = a
				break
			}
		}
	}
	return p
}

func (p *Page) takeAccounts() {
	p.accounts = p.env.Desk.Accounts()
	want := p.account.ID
	p.account = mail.Account{}
	for i, a := range p.accounts {
		if i == 0 || a.ID == want {
			p.account = a
		}
	}
}

// useAccount makes account the one that sends.
func (p *Page) useAccount(id mail.AccountID) {
	p.account.ID = id
	p.takeAccounts()
}

// Init implements frame.Page.
func (p *Page) Init() tea.Cmd { return p.loadBegun() }

// Title implements frame.Page.
func (p *Page) Title() string { return p.env.Words.Dispatch.Title }

// Tab implements frame.Tabbed.
func (p *Page) Tab() frame.Tab { return frame.Tab{Kind: "dispatch"} }

// Account implements frame.Owned.
func (p *Page) Account() mail.AccountID { return p.account.ID }

// Cursor implements frame.Cursored.
func (p *Page) Cursor() (x, y int, ok bool) { return p.x, p.y, p.types }

// Contexts implements frame.Page.
func (p *Page) Contexts() []keys.Context {
	switch {
	case p.writing != nil:
		return []keys.Context{keys.Body, keys.Text, keys.DispatchText, keys.Viet}
	case p.step == reading:
		return append(p.form.Contexts(), keys.DispatchRead, keys.Dispatch)
	case p.step == directing:
		return []keys.Context{keys.Recipients, keys.Dispatch, keys.Moving}
	case p.step == sending && p.last.Current().Key == fileKey:
		return []keys.Context{keys.Attached, keys.Form, keys.DispatchLast, keys.Dispatch}
	case p.step == sending:
		return append(p.last.Contexts(), keys.DispatchLast, keys.Dispatch)
	}
	return []keys.Context{keys.DispatchList, keys.Dispatch, keys.Moving}
}

// Actions implements frame.Page.
func (p *Page) Actions() []keys.ID {
	switch {
	case p.writing != nil:
		return []keys.ID{keys.DispatchTaken, keys.Back, keys.TextUndo}
	case p.step == reading:
		return []keys.ID{keys.RowDo, keys.DispatchNext, keys.RowNext, keys.Back, keys.DispatchDrop}
	case p.step == directing:
		return p.tableActions()
	case p.step == sending && p.last.Current().Key == fileKey:
		return []keys.ID{keys.DispatchAttach, keys.Detach, keys.DispatchNext, keys.Back}
	case p.step == sending:
		return []keys.ID{keys.RowDo, keys.DispatchNext, keys.DispatchAttach, keys.Back, keys.DispatchDrop}
	}
	out := []keys.ID{keys.Open, keys.DispatchFile, keys.DispatchPaste}
	if _, ok := p.begun.current(); ok {
		out = append(out, keys.DispatchForget)
	}
	return append(out, keys.GoRegister, keys.Compose)
}

// WhyNot implements frame.Excusing.
func (p *Page) WhyNot(id keys.ID) string {
	w := &p.env.Words.Dispatch
	switch id {
	case keys.DispatchForget:
		if _, ok := p.begun.current(); !ok {
			return w.NotBegun
		}
	case keys.RecipientSkip, keys.RecipientDrop:
		return p.tableWhyNot(id)
	}
	return ""
}

// Retreat implements frame.Retreating: Esc takes a step back on the way; nothing is lost by it.
func (p *Page) Retreat() (tea.Cmd, bool) {
	switch {
	case p.jobs.final:
		return frame.Tell(frame.Warn, p.env.Words.Dispatch.Sending), true
	case p.writing != nil:
		return p.endWriting(false), true
	case p.step == sending:
		cmd := p.takeLast()
		p.toTable()
		return cmd, true
	case p.step == directing:
		p.toReading()
		return nil, true
	case p.step == reading:
		cmd := p.takeReading()
		p.step = choosing
		return tea.Batch(cmd, p.loadBegun()), true
	}
	return nil, false
}

// Update implements frame.Page.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		p.w, p.h = m.W, m.H
	case keys.Press:
		if p.jobs.final {
			return nil // no key may change what was approved
		}
		return p.press(m)
	case keys.Mouse:
		if p.jobs.final {
			return nil
		}
		return p.mouse(m)
	case frame.Result:
		return p.answer(m)
	case frame.Restyled:
		p.restyle()
	case frame.Events:
		return p.events(m)
	}
	return nil
}

func (p *Page) events(list frame.Events) tea.Cmd {
	again := false
	for _, e := range list {
		switch e.Kind {
		case mail.AccountsChanged:
			p.takeAccounts()
		case mail.DraftsChanged, mail.Overflow:
			again = p.step == choosing
		}
	}
	if again {
		return p.loadBegun()
	}
	return nil
}

func (p *Page) press(m keys.Press) tea.Cmd {
	switch {
	case p.writing != nil:
		return p.write(m)
	case p.step == reading:
		return p.readKey(m)
	case p.step == directing:
		return p.tableKey(m)
	case p.step == sending:
		return p.lastKey(m)
	}
	return p.chooseKey(m)
}

func (p *Page) mouse(m keys.Mouse) tea.Cmd {
	switch {
	case p.writing != nil:
		return nil
	case p.step == reading:
		return p.formMouse(p.form, m, p.readDo)
	case p.step == directing:
		return p.tableMouse(m)
	case p.step == sending:
		return p.formMouse(p.last, m, p.lastDo)
	}
	return p.chooseMouse(m)
}

// formMouse lets the mouse act on a form; the wheel moves the text below it.
func (p *Page) formMouse(f *form.Form, m keys.Mouse, do func(form.Event) tea.Cmd) tea.Cmd {
	switch m.Kind {
	case keys.WheelDown:
		p.text.move(3)
	case keys.WheelUp:
		p.text.move(-3)
	case keys.Click:
		return do(f.Click(m.Y - p.listY))
	}
	return nil
}

// fails shows what went wrong; words of ours stand before those of the file's reader.
func (p *Page) fails(op string, err error) tea.Cmd { return frame.Failed(op, err) }

// sender is the person who sends for an agency's box: the owner of the first personal box.
func (p *Page) sender() string {
	for _, a := range p.accounts {
		if !a.Official && a.Name != "" {
			return a.Name
		}
	}
	return ""
}

// from says in words whose box it goes from.
func (p *Page) from() string { return kit.Clean(p.env.Words.FromBox(p.account, p.sender())) }

// forget gives a document up, after a question.
func (p *Page) forget(d rule.Dispatch) tea.Cmd {
	w := &p.env.Words.Dispatch
	return frame.Send(frame.Ask{Dialog: dialog.Do(p.env, p.jobs.gen, w.DropTitle, w.DropText, w.DropYes, func(yes bool) tea.Msg {
		return dropWanted{d, yes}
	})})
}

// nameOf is the shortest that tells a document from others.
func (p *Page) nameOf(d rule.Dispatch) string {
	switch {
	case d.Document.Mark() != "":
		return d.Document.Mark()
	case d.Document.Kind != "":
		return d.Document.Kind
	case d.Main.Name != "":
		return d.Main.Name
	}
	return p.env.Words.Dispatch.NoNumber
}

// oneLine is foreign text made fit for one line of the screen.
func oneLine(s string) string { return strings.TrimSpace(kit.Clean(s)) }

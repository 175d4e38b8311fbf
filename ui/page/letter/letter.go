// Package letter is the page of one opened letter: its readable text, its files and links, its headers and its source.
//
// Laws: nothing of the letter is drawn uncleaned; no link is followed and no file opened without being asked; a letter is
// set in a command, and the old lines stay until the new ones come.
package letter

import (
	"context"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/read"
)

// mode is what of the letter is shown.
type mode uint8

const (
	textMode mode = iota
	headersMode
	rawMode
)

// Page is the opened letter.
type Page struct {
	env  frame.Env
	acts *read.Acts
	w, h int

	id     mail.LetterID
	row    []mail.LetterID
	thread []mail.LetterID
	gen    int

	letter  *mail.Letter
	role    mail.Role // of its folder: in the trash, deleting is for good
	sheet   *read.Sheet
	brief   bool   // the sheet is the beginning of a long letter
	charset string // read in this one by the person's wish; "" as recognised
	first   string // the legacy encoding that was recognised
	open    bool   // quotes are unfolded
	reveal  bool   // opened in spite of its stamp of secrecy
	fault   *mail.Fault
	waiting mail.AccountID // with fault: the letter is asked for once more when this account's server is back

	mode  mode
	lines []string // of headers or source, cleaned, at most a line wide
	tops  [3]int
}

// New makes the page.
func New(env frame.Env, open frame.OpenLetter) frame.Page {
	return &Page{env: env, acts: read.NewActs(env), id: open.ID, row: open.Row}
}

// Init opens the letter.
func (p *Page) Init() tea.Cmd { return p.load() }

// Title is the letter's subject.
func (p *Page) Title() string {
	if p.letter == nil || p.shut() { // what is secret does not go into the window's title
		return ""
	}
	return p.letter.Subject
}

// Account says whose letter it is.
func (p *Page) Account() mail.AccountID {
	if p.letter == nil {
		return ""
	}
	return p.letter.Account
}

// Contexts are those of a letter; headers and source are only read.
func (p *Page) Contexts() []keys.Context {
	if p.shut() {
		return []keys.Context{keys.Sealed, keys.Letter, keys.Letters, keys.Moving}
	}
	return []keys.Context{keys.Letter, keys.Letters, keys.Moving}
}

// Actions are the keys that matter now.
func (p *Page) Actions() []keys.ID {
	switch {
	case p.letter == nil:
		return []keys.ID{keys.Back, keys.Next, keys.Prev}
	case p.shut():
		return []keys.ID{keys.Report, keys.Clause, keys.Back, keys.Next, keys.Reveal}
	case p.mode != textMode:
		return []keys.ID{keys.Back, keys.Copy, keys.Scroll}
	}
	var out []keys.ID
	if p.letter.Sealed() {
		out = append(out, keys.Report)
	}
	out = append(out, keys.Reply)
	if len(p.letter.To)+len(p.letter.Cc) > 1 {
		out = append(out, keys.ReplyAll)
	}
	if p.letter.Awaits {
		out = append(out, keys.Excuse, keys.Defer)
	}
	if len(p.letter.Parts)+len(p.letter.Links) > 0 {
		out = append(out, keys.Links)
	}
	if len(p.letter.Parts) > 0 {
		out = append(out, keys.Save)
	}
	if p.sheet != nil && p.sheet.Folded() {
		out = append(out, keys.Quotes)
	}
	return append(out, keys.Forward, keys.Next, keys.Archive, keys.Delete, keys.Move)
}

// Retreat goes from headers or source back to the text.
func (p *Page) Retreat() (tea.Cmd, bool) {
	if p.mode == textMode {
		return nil, false
	}
	p.mode = textMode
	return nil, true
}

// asking is a command's copy of what it needs.
type asking struct {
	desk    frame.Desk
	id      mail.LetterID
	charset string
	reread  bool
}

func (p *Page) asking() asking { return asking{desk: p.env.Desk, id: p.id, charset: p.charset} }

// Answers of the page's own commands.
type (
	letterMsg struct {
		letter  *mail.Letter
		role    mail.Role
		thread  []mail.LetterID
		reread  bool
		err     error
		account mail.AccountID // with err: whose server it was asked of, "" if not known
	}
	sheetMsg struct {
		sheet *read.Sheet
		brief bool // its beginning only; the rest follows
	}
	linesMsg struct {
		lines []string
		mode  mode
		err   error
	}
	seenMsg struct{ err error }
)

// load opens the letter and finds its conversation.
func (a asking) load(ctx context.Context) tea.Msg {
	var l *mail.Letter
	var err error
	if a.charset != "" {
		l, err = a.desk.Reread(ctx, a.id, a.charset)
	} else {
		l, err = a.desk.Open(ctx, a.id)
	}
	if err != nil {
		m := letterMsg{err: err}
		if heads, herr := a.desk.Heads(ctx, []mail.LetterID{a.id}); herr == nil && len(heads) == 1 {
			m.account = heads[0].Account
		}
		return m
	}
	read.AddWork(ctx, a.desk, l)
	thread, err := a.desk.Thread(ctx, a.id)
	if err != nil {
		thread = nil // the letter itself is what counts
	}
	out := letterMsg{letter: l, thread: thread, reread: a.reread}
	folders, err := a.desk.Folders(ctx, l.Account)
	if err != nil {
		return out // the same holds for the name of its folder
	}
	for _, f := range folders {
		if f.ID == l.Folder {
			out.role = f.Role
		}
	}
	return out
}

func (a asking) seen(ctx context.Context) tea.Msg {
	return seenMsg{a.desk.Flag(ctx, []mail.LetterID{a.id}, mail.Seen, 0)}
}

func (p *Page) load() tea.Cmd {
	p.gen++
	return p.env.Do(p.gen, p.asking().load)
}

// Update takes a message.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		p.w, p.h = m.W, m.H
		return tea.Batch(p.set(), p.again())
	case frame.Restyled:
		return p.set()
	case frame.Events:
		return p.events(m)
	case frame.Result:
		return p.result(m)
	case keys.Mouse:
		switch m.Kind {
		case keys.WheelUp:
			p.scroll(-3)
		case keys.WheelDown:
			p.scroll(3)
		}
	case keys.Press:
		return p.press(m)
	}
	return nil
}

// events looks again when letters changed: flags and the term may be others now. A letter that could not be had is
// asked for again when the server is back.
func (p *Page) events(list frame.Events) tea.Cmd {
	for _, e := range list {
		if p.waiting != "" && e.Kind == mail.StatusChanged && p.connected(p.waiting) {
			p.waiting = ""
			return p.load()
		}
		if e.Kind == mail.FolderChanged || e.Kind == mail.WorkChanged || e.Kind == mail.Overflow {
			if p.letter != nil {
				return p.env.Do(p.gen, p.asking().head)
			}
		}
	}
	return nil
}

func (p *Page) connected(account mail.AccountID) bool {
	return slices.ContainsFunc(p.env.Desk.Status(), func(s mail.Status) bool {
		return s.Account == account && (s.State == mail.Syncing || s.State == mail.Ready)
	})
}

type headMsg struct {
	head mail.Head
	work *mail.Work
}

func (a asking) head(ctx context.Context) tea.Msg {
	heads, err := a.desk.Heads(ctx, []mail.LetterID{a.id})
	if err != nil || len(heads) == 0 {
		return nil // gone or not to be had: what is open stays readable
	}
	return headMsg{heads[0], read.WorkOf(ctx, a.desk, heads[0])}
}

// version tells states of the work on a letter apart.
func version(wk *mail.Work) int64 {
	if wk == nil {
		return 0
	}
	if wk.Pending {
		return -wk.Version - 1
	}
	return wk.Version
}

func (p *Page) result(r frame.Result) tea.Cmd {
	if cmd, ok, removed := p.acts.Take(r.Msg); ok {
		if removed {
			return tea.Batch(cmd, p.moveOn())
		}
		return cmd
	}
	switch m := r.Msg.(type) {
	case seenMsg:
		return frame.Failed("mark read", m.err)
	}
	if cmd, ok := p.fileResult(r.Msg); ok {
		return cmd
	}
	if cmd, ok := p.sealResult(r.Msg); ok {
		return cmd
	}
	if r.Gen != p.gen {
		return nil
	}
	switch m := r.Msg.(type) {
	case letterMsg:
		return p.take(m)
	case headMsg:
		if p.letter.Partial && m.head.Bodied { // the rest has come
			return p.load()
		}
		if read.Changed(p.letter.Head, m.head) || version(m.work) != version(p.letter.Work) {
			l := *p.letter
			l.Work = m.work
			own := l.Head // the words may have been read in another charset
			l.Head = m.head
			l.From, l.Sender, l.ReplyTo, l.To, l.Cc, l.Subject = own.From, own.Sender, own.ReplyTo, own.To, own.Cc, own.Subject
			p.letter = &l
			return p.set()
		}
	case sheetMsg:
		if m.brief && p.sheet != nil {
			return nil // the whole was quicker
		}
		p.sheet, p.brief = m.sheet, m.brief
		p.scroll(0)
	case linesMsg:
		if m.err != nil {
			return frame.Failed("read source", m.err)
		}
		p.lines, p.mode = m.lines, m.mode
		p.scroll(0)
	}
	return nil
}

func (p *Page) take(m letterMsg) tea.Cmd {
	if m.err != nil {
		p.fault = mail.AsFault("open letter", m.err)
		switch p.fault.Kind {
		case mail.NoServer, mail.NoAnswer, mail.LostConnection, mail.TryLater:
			p.waiting = m.account
		}
		return nil
	}
	p.fault, p.waiting = nil, ""
	p.letter, p.thread, p.role = m.letter, m.thread, m.role
	cmds := []tea.Cmd{p.set()}
	if m.reread {
		cmds = append(cmds, p.tellCharset())
	} else {
		p.first = m.letter.Legacy
	}
	if !p.letter.Flags.Has(mail.Seen) && !p.shut() {
		cmds = append(cmds, p.env.Do(0, p.asking().seen))
	}
	return tea.Batch(cmds...)
}

// show goes to another letter.
func (p *Page) show(id mail.LetterID) tea.Cmd {
	p.id, p.letter, p.sheet, p.thread, p.fault, p.waiting = id, nil, nil, nil, nil, ""
	p.charset, p.first, p.open, p.reveal, p.mode, p.lines, p.tops = "", "", false, false, textMode, nil, [3]int{}
	return p.load()
}

// step goes n letters on in the list.
func (p *Page) step(list []mail.LetterID, n int) tea.Cmd {
	i := slices.Index(list, p.id)
	if i < 0 || i+n < 0 || i+n >= len(list) {
		return frame.Tell(frame.Note, p.env.Words.Box.NoOther)
	}
	return p.show(list[i+n])
}

// moveOn leaves a letter that was moved away: for the next one, else back to the list.
func (p *Page) moveOn() tea.Cmd {
	i := slices.Index(p.row, p.id)
	if i < 0 || len(p.row) < 2 {
		return frame.Send(frame.Back{Force: true})
	}
	p.row = slices.Delete(slices.Clone(p.row), i, i+1)
	return p.show(p.row[min(i, len(p.row)-1)])
}

func (p *Page) selection() read.Selection {
	if p.letter == nil {
		return read.Selection{}
	}
	return read.Selection{Account: p.letter.Account, Heads: []mail.Head{p.letter.Head}, IDs: []mail.LetterID{p.id}, Role: p.role}
}

func (p *Page) press(k keys.Press) tea.Cmd {
	if cmd, ok := p.sealPress(k.Action); ok {
		return cmd
	}
	if cmd, ok := p.acts.Press(k.Action, p.selection()); ok {
		return cmd
	}
	switch k.Action {
	case keys.Up:
		p.scroll(-1)
	case keys.Down, keys.Open:
		p.scroll(1)
	case keys.PageUp:
		p.scroll(1 - p.h)
	case keys.PageDown, keys.Scroll:
		if k.Action == keys.Scroll && p.atEnd() && p.mode == textMode {
			return p.step(p.row, 1) // Space reads on into the next letter
		}
		p.scroll(p.h - 1)
	case keys.Home:
		p.tops[p.mode] = 0
	case keys.End:
		p.scroll(1 << 30)
	case keys.Next:
		return p.step(p.row, 1)
	case keys.Prev:
		return p.step(p.row, -1)
	case keys.Older:
		return p.step(p.thread, -1)
	case keys.Newer:
		return p.step(p.thread, 1)
	default:
		return p.view(k.Action)
	}
	return nil
}

// view changes how the letter is shown, or does something with its files.
func (p *Page) view(id keys.ID) tea.Cmd {
	if p.letter == nil {
		return nil
	}
	switch id {
	case keys.Quotes:
		if p.sheet != nil && p.sheet.Fold() {
			p.open = !p.sheet.Folded()
			p.scroll(0)
		}
	case keys.Headers:
		return p.toggle(headersMode)
	case keys.Raw:
		return p.toggle(rawMode)
	case keys.Charset:
		return p.nextCharset()
	case keys.Links:
		return p.chooseLink()
	case keys.Save:
		return p.chooseSave()
	case keys.Copy:
		return p.copy()
	}
	return nil
}

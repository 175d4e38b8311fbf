// Package box is the page of one mailbox: its folders, the list of letters, and the letter beside it where there is room.
//
// Laws: it keeps the ids of a folder and the heads of a window, never the folder; a key costs the same at ten letters and
// at a hundred thousand; what is not there yet is drawn quietly, and nothing jumps when it comes.
package box

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/read"
	"hopthu/ui/words"
)

// Panes of the page.
type pane uint8

const (
	listPane pane = iota
	treePane
	letterPane
)

// Page is the mailbox.
type Page struct {
	env     frame.Env
	account mail.AccountID
	acts    *read.Acts
	w, h    int

	folders  []read.Node
	folder   mail.FolderID
	wanted   mail.FolderID // what to open first, 0 for the inbox
	tree     kit.Rows[mail.FolderID]
	treeShow shown

	rows    kit.Rows[mail.LetterID]
	listing mail.Listing
	open    []group // conversations unfolded in the list
	loaded  bool
	gen     int // of the list asked for
	loading bool
	again   bool // changes came while the list was on its way
	stale   bool // the rows shown answer an older question than the one asked
	held    []keys.Press
	filter  mail.Filter
	view    mail.View

	heads   map[mail.LetterID]mail.Head
	asking  bool
	painter *read.Painter
	memo    *kit.Memo[rowKey]

	about, aboutAgain bool // folders are on their way; changes came meanwhile

	finding bool // the search field is open
	field   kit.Field
	text    string
	fieldX  int

	focus  pane
	letter beside
	fault  *mail.Fault
}

// shown says whether something is shown: as the width allows, or as the person wishes.
type shown uint8

const (
	byWidth shown = iota
	yes
	no
)

// rowKey is all that a drawn row depends on beside what clears the memo.
type rowKey struct {
	id               mail.LetterID
	on, soft, marked bool
}

// heldLimit is how many keys typed ahead of a list are kept.
const heldLimit = 32

// headLimit is how many heads are kept: many windows, whatever the folder.
const headLimit = 2000

// New makes the page.
func New(env frame.Env, open frame.OpenBox) frame.Page {
	p := &Page{
		env: env, account: open.Account, wanted: open.Folder, filter: open.Filter, view: env.Settings.View, finding: open.Find,
		acts: read.NewActs(env), heads: map[mail.LetterID]mail.Head{},
		memo: kit.NewMemo[rowKey](1024),
	}
	if p.account == "" {
		for _, a := range env.Desk.Accounts() {
			p.account = a.ID
			break
		}
	}
	return p
}

// Init asks for the folders; the list follows.
func (p *Page) Init() tea.Cmd { return p.askAbout() }

// Title is the folder's name.
func (p *Page) Title() string {
	f, _ := p.current()
	return read.FolderName(p.env.Words, f)
}

// Account says whose box it is.
func (p *Page) Account() mail.AccountID { return p.account }

// Tab lights the account's tab.
func (p *Page) Tab() frame.Tab { return frame.Tab{Kind: "box", Account: p.account} }

// Contexts depend on the pane that has the focus.
func (p *Page) Contexts() []keys.Context {
	switch {
	case p.finding:
		return []keys.Context{keys.Find, keys.Field, keys.Viet}
	case p.focus == treePane:
		return []keys.Context{keys.Tree, keys.Moving}
	}
	return []keys.Context{keys.Box, keys.Letters, keys.Moving}
}

// Actions are the keys that matter now.
func (p *Page) Actions() []keys.ID {
	switch {
	case p.finding:
		return []keys.ID{keys.Pick, keys.Close, keys.Down, keys.Up}
	case p.focus == treePane:
		return []keys.ID{keys.Open, keys.Focus, keys.ShowTree}
	case p.rows.Marks() > 0:
		return []keys.ID{keys.Archive, keys.Delete, keys.Move, keys.Read, keys.Star, keys.Excuse, keys.MarkAll}
	case p.foldMark(p.rows.Index()) == read.Folded:
		return []keys.ID{keys.Open, keys.Unfold, keys.Reply, keys.Delete, keys.Archive, keys.Search, keys.View, keys.ShowTree, keys.Filter, keys.Mark}
	case p.foldMark(p.rows.Index()) != read.Alone:
		return []keys.ID{keys.Open, keys.Fold, keys.Reply, keys.Delete, keys.Archive, keys.Search, keys.View, keys.ShowTree, keys.Filter, keys.Mark}
	case p.rows.Len() == 0:
		return []keys.ID{keys.Filter, keys.ShowTree, keys.Search, keys.Compose}
	}
	return []keys.ID{keys.Open, keys.Reply, keys.Delete, keys.Archive, keys.Search, keys.ShowTree, keys.Filter, keys.Mark, keys.Compose}
}

// Cursor stands in the search field.
func (p *Page) Cursor() (x, y int, ok bool) { return p.listX() + p.fieldX, 0, p.finding }

// Retreat takes a step back: search, marks, pane, filter.
func (p *Page) Retreat() (tea.Cmd, bool) {
	switch {
	case p.finding || p.text != "":
		p.finding = false
		p.field.SetText("")
		p.text = ""
		return p.askAnew(), true
	case p.rows.ClearMarks():
		return nil, true
	case p.focus != listPane:
		if p.focus == treePane && !p.wide() {
			p.treeShow = no
		}
		p.focus = listPane
		p.layout()
		return nil, true
	case p.filter != mail.All:
		p.filter = mail.All
		return p.askAnew(), true
	}
	return nil, false
}

func (p *Page) current() (mail.Folder, bool) {
	for _, n := range p.folders {
		if n.Folder.ID == p.folder {
			return n.Folder, true
		}
	}
	return mail.Folder{Role: mail.RoleInbox}, false
}

// Update takes a message.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		p.w, p.h = m.W, m.H
		p.layout()
		return tea.Batch(p.askHeads(), p.askLetter())
	case frame.Restyled:
		p.painter = nil
		p.memo.Clear()
		return p.letter.restyle(p)
	case frame.Events:
		return p.events(m)
	case frame.Result:
		return p.result(m)
	case keys.Mouse:
		return p.mouse(m)
	case keys.Press:
		return p.press(m)
	}
	return nil
}

func (p *Page) events(list frame.Events) tea.Cmd {
	var folders, letters bool
	for _, e := range list {
		switch e.Kind {
		case mail.WorkChanged:
			letters = letters || e.Account == p.account
		case mail.FolderChanged:
			letters = letters || e.Folder == 0 || e.Folder == p.folder || p.text != ""
		case mail.FoldersChanged:
			folders = folders || e.Account == "" || e.Account == p.account
		case mail.Overflow, mail.AccountsChanged:
			folders, letters = true, true
		}
	}
	var cmds []tea.Cmd
	if folders {
		cmds = append(cmds, p.askAbout())
	}
	if letters && p.folder != 0 {
		cmds = append(cmds, p.askList())
	}
	return tea.Batch(cmds...)
}

func (p *Page) press(k keys.Press) tea.Cmd {
	if p.finding {
		return p.findPress(k)
	}
	if p.focus == treePane {
		return p.treePress(k)
	}
	if p.stale { // a key typed ahead is for the letters asked for, never for those still shown
		if len(p.held) < heldLimit {
			p.held = append(p.held, k)
		}
		return nil
	}
	if cmd, ok := p.acts.Press(k.Action, p.selection()); ok {
		return cmd
	}
	if p.focus == letterPane {
		if p.letter.press(k.Action) {
			return nil
		}
	}
	switch k.Action {
	case keys.Open:
		return p.openLetter()
	case keys.Mark:
		p.rows.Mark()
	case keys.MarkAll:
		p.rows.MarkAll()
	case keys.Search:
		p.finding = true
		p.focus = listPane
		return nil
	case keys.Filter:
		p.filter = (p.filter + 1) % (mail.WithAttachment + 1)
		return p.askAnew()
	case keys.View:
		p.view = mail.Conversations - p.view
		return tea.Batch(p.askAnew(), frame.Tell(frame.Note, fmt.Sprintf(p.env.Words.Box.ViewSaid, p.viewWord())))
	case keys.ShowTree:
		p.toggleTree()
	case keys.Preview:
		p.letter.toggle(p)
	case keys.Unfold, keys.Fold:
		cmd, _ := p.fold(k.Action)
		return cmd
	case keys.Focus, keys.Right, keys.Left:
		if cmd, ok := p.sideways(k.Action); ok {
			return cmd
		}
		p.turn(k.Action, k.Key)
	default:
		frame.Walk(&p.rows, k.Action)
	}
	return tea.Batch(p.askHeads(), p.askLetter())
}

// sideways lets the arrows unfold and fold conversations while the list has the focus.
func (p *Page) sideways(id keys.ID) (tea.Cmd, bool) {
	if p.focus != listPane {
		return nil, false
	}
	switch id {
	case keys.Right:
		return p.fold(keys.Unfold)
	case keys.Left:
		return p.fold(keys.Fold)
	}
	return nil, false
}

func (p *Page) viewWord() string {
	if p.view == mail.Conversations {
		return p.env.Words.Box.Conversations
	}
	return p.env.Words.Box.Flat
}

// turn moves the focus between the panes that are shown.
func (p *Page) turn(id keys.ID, key string) {
	back := id == keys.Left || key == "shift+tab"
	order := []pane{listPane}
	if p.treeOn() {
		order = append([]pane{treePane}, order...)
	}
	if p.letter.on(p) {
		order = append(order, letterPane)
	}
	at := 0
	for i, q := range order {
		if q == p.focus {
			at = i
		}
	}
	switch {
	case id == keys.Left && at == 0 && !p.treeOn():
		p.toggleTree()
		return
	case id == keys.Left:
		at = max(at-1, 0)
	case id == keys.Right:
		at = min(at+1, len(order)-1)
	case back:
		at = (at + len(order) - 1) % len(order)
	default:
		at = (at + 1) % len(order)
	}
	p.focus = order[at]
}

func (p *Page) openLetter() tea.Cmd {
	id, ok := p.rows.Current()
	if !ok {
		return nil
	}
	if h, have := p.heads[id]; have && p.roleOf(h.Folder) == mail.RoleDrafts { // found or listed: a draft is written on
		return frame.Go(frame.OpenCompose{Account: h.Account, Kind: mail.DraftNew, Origin: id})
	}
	return frame.Go(frame.OpenLetter{ID: id, Row: p.rows.IDs()})
}

func (p *Page) roleOf(id mail.FolderID) mail.Role {
	for _, n := range p.folders {
		if n.Folder.ID == id {
			return n.Folder.Role
		}
	}
	return mail.RoleNone
}

// selection is what acts work on: the marked letters, or the one under the cursor.
func (p *Page) selection() read.Selection {
	f, _ := p.current()
	s := read.Selection{Account: p.account, IDs: p.rows.Chosen(), Whole: p.view == mail.Conversations && p.text == "", Role: f.Role}
	if s.Whole {
		s.Sole = p.sole(s.IDs)
	}
	for _, id := range s.IDs {
		if h, ok := p.heads[id]; ok {
			s.Heads = append(s.Heads, h)
			if len(s.Heads) == 1 {
				s.Account = h.Account
			}
		}
	}
	return s
}

func (p *Page) mouse(m keys.Mouse) tea.Cmd {
	left, list, right := p.panes()
	switch {
	case left.Has(m.X, m.Y):
		return p.treeMouse(m)
	case right.Has(m.X, m.Y):
		return p.letter.mouse(p, m)
	case !list.Has(m.X, m.Y):
		return nil
	}
	switch m.Kind {
	case keys.WheelUp:
		p.rows.Scroll(-3)
	case keys.WheelDown:
		p.rows.Scroll(3)
	case keys.Click:
		was, had := p.rows.Current()
		p.focus = listPane
		if !p.rows.ClickAt(m.Y - listHead) {
			return nil
		}
		if now, ok := p.rows.Current(); had && ok && now == was {
			return p.openLetter()
		}
	}
	return tea.Batch(p.askHeads(), p.askLetter())
}

// Search.

func (p *Page) findPress(k keys.Press) tea.Cmd {
	switch k.Action {
	case keys.Close:
		cmd, _ := p.Retreat()
		return cmd
	case keys.Pick:
		p.finding = false
		if p.text == "" {
			return nil
		}
		return tea.Batch(p.askHeads(), p.askLetter())
	case keys.Up, keys.Down, keys.PageUp, keys.PageDown:
		frame.Walk(&p.rows, k.Action)
		return tea.Batch(p.askHeads(), p.askLetter())
	}
	if !p.env.Edit(&p.field, k) || p.field.Text() == p.text {
		return nil
	}
	p.text = p.field.Text()
	return p.askAnew()
}

// release plays the keys that were typed ahead of the list that is now there.
func (p *Page) release() tea.Cmd {
	held := p.held
	p.stale, p.held = false, nil
	var cmds []tea.Cmd
	for _, k := range held {
		cmds = append(cmds, p.press(k))
	}
	return tea.Batch(cmds...)
}

// askAnew asks for another list: the old one stays until the new one is there.
func (p *Page) askAnew() tea.Cmd {
	p.open = nil
	p.gen++
	p.loading, p.stale, p.held = false, p.loaded, nil
	p.rows.ClearMarks()
	return p.askList()
}

// headline is the first line: where one is, and how many.
func (p *Page) headline() (left, right string) {
	w := p.env.Words
	f, _ := p.current()
	if p.text != "" {
		if p.stale { // the number belongs to what was typed before
			return w.Box.Finding, ""
		}
		left = fmt.Sprintf(w.Box.Found, w.Count(p.rows.Len()))
		if p.listing.Exact > 0 && p.listing.Exact < p.rows.Len() {
			left += ", " + fmt.Sprintf(w.Box.Exact, w.Count(p.listing.Exact))
		}
	} else {
		left = words.Say(w.Box.Count, w.Count(p.listing.Total))
		if f.Unread > 0 {
			left += ", " + fmt.Sprintf(w.Box.Unread, w.Count(f.Unread))
		}
		if f.Awaiting > 0 {
			left += ", " + fmt.Sprintf(w.Box.Awaiting, w.Count(f.Awaiting))
		}
	}
	switch {
	case p.rows.Marks() > 0:
		right = fmt.Sprintf(w.Box.Marked, w.Count(p.rows.Marks()))
	case p.listing.Remote > p.listing.Total:
		right = fmt.Sprintf(w.Box.Filling, w.Count(p.listing.Total), w.Count(p.listing.Remote))
	case p.filter != mail.All:
		right = fmt.Sprintf(w.Box.Filter, w.Box.Filters[p.filter])
	case p.view == mail.Conversations:
		right = w.Box.Conversations
	}
	if n := len(p.listing.IDs); n > 0 && p.rows.Len() > p.rows.Height() {
		if right != "" {
			right += "  " + p.env.Theme.Glyph.Dot + "  "
		}
		at, _, _ := p.place(p.rows.Index())
		right += w.Count(at+1) + "/" + w.Count(n)
	}
	return left, right
}

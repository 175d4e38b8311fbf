package box

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/read"
)

// Widths of the panes.
const (
	treeWidth  = 22
	treeBeside = 66  // from here on a tree that was called stands beside the list, before that in its place
	treeFrom   = 100 // from here on the tree stands by itself
	letterFrom = 120 // from here on the letter stands beside the list
	listHead   = 2   // lines above the rows
)

func (p *Page) wide() bool { return p.w >= treeFrom }

// treeOn reports whether the tree is shown: where there is room for it beside list and letter, or when called.
func (p *Page) treeOn() bool {
	switch p.treeShow {
	case yes:
		return true
	case no:
		return false
	}
	return p.w >= treeFrom && p.w < letterFrom || p.w >= letterFrom+treeWidth+10
}

func (p *Page) toggleTree() {
	if p.treeOn() {
		p.treeShow = no
		p.focus = listPane
	} else {
		p.treeShow = yes
		p.focus = treePane
		p.tree.Select(p.folder)
	}
	p.layout()
}

// panes parts the page: folders, list, letter. A pane that is not shown is empty.
func (p *Page) panes() (tree, list, letter kit.Rect) {
	all := kit.Rect{W: p.w, H: p.h}
	if p.treeOn() {
		if p.w < treeBeside { // no room for both
			return all, kit.Rect{X: p.w, H: p.h}, kit.Rect{}
		}
		tree, all = all.Left(treeWidth)
	}
	list = all
	if p.letter.on(p) {
		list, letter = all.Left(max(all.W*48/100, 56))
	}
	return tree, list, letter
}

func (p *Page) listX() int {
	_, list, _ := p.panes()
	return list.X
}

// layout brings the widgets to the size of their panes.
func (p *Page) layout() {
	tree, list, letter := p.panes()
	p.tree.SetHeight(max(tree.H-listHead, 1))
	p.rows.SetHeight(max(list.H-listHead, 1))
	if p.painter == nil || p.painter.Width != list.W {
		p.painter = nil
		p.memo.Clear()
	}
	p.letter.resize(letter)
	if !p.letter.on(p) && p.focus == letterPane {
		p.focus = listPane
	}
	if !p.treeOn() && p.focus == treePane {
		p.focus = listPane
	}
}

// View joins the panes.
func (p *Page) View(w, h int) []string {
	if w != p.w || h != p.h {
		p.w, p.h = w, h
		p.layout()
	}
	tree, list, letter := p.panes()
	base := p.env.Theme.Page.Base
	blank := func(n int) string { return base.Paint(kit.Space(n)) }
	var panes [][]string
	var widths []int
	if tree.W > 0 {
		panes, widths = append(panes, p.treeView(tree)), append(widths, tree.W)
	}
	if list.W > 0 {
		panes, widths = append(panes, p.listView(list)), append(widths, list.W)
	}
	if letter.W > 0 {
		panes, widths = append(panes, p.letter.view(p, letter)), append(widths, letter.W)
	}
	if len(panes) == 1 {
		return kit.Fill(panes[0], h, blank(w))
	}
	return kit.Beside(h, blank, widths, panes...)
}

func (p *Page) listView(r kit.Rect) []string {
	th := p.env.Theme
	out := make([]string, 0, r.H)
	out = append(out, p.headView(r.W), kit.Rule(r.W, th.Page, th.Glyph))
	if p.painter == nil || !sameMinute(p.painter, p) {
		p.painter = read.NewPainter(p.env.Words, th, p.env.Now(), r.W).Shared(frame.SeatOf(p.env.Desk, p.account).Agency)
		p.memo.Clear()
	}
	if p.rows.Len() == 0 {
		return append(out, p.empty(r.W, r.H-listHead)...)
	}
	f, _ := p.current()
	own := p.text == "" && (f.Role == mail.RoleSent || f.Role == mail.RoleDrafts)
	top := p.rows.Top()
	for i, id := range p.rows.Visible() {
		out = append(out, p.row(top+i, id, own))
	}
	return kit.Fill(out, r.H, th.Page.Base.Paint(kit.Space(r.W)))
}

// sameMinute reports whether what the painter calls today is still today.
func sameMinute(pt *read.Painter, p *Page) bool {
	return pt.Now.YearDay() == p.env.Now().YearDay()
}

func (p *Page) row(i int, id mail.LetterID, own bool) string {
	on := i == p.rows.Index()
	k := rowKey{id, on, p.focus == treePane, p.rows.Marked(id)}
	if s, ok := p.memo.Get(k); ok {
		return s
	}
	h, have := p.heads[id]
	if !have {
		return p.painter.Blank(on)
	}
	r := read.Row{Head: h, On: on, Soft: k.soft, Marked: k.marked, To: own}
	r.Size, r.Conversation = p.size(i), p.foldMark(i)
	return p.memo.Put(k, p.painter.Line(r))
}

func (p *Page) headView(w int) string {
	set := p.env.Theme.Page
	if p.finding {
		label := " " + p.env.Words.Box.Searching
		right := ""
		if p.text != "" {
			right, _ = p.headline()
		}
		room := max(w-kit.Width(label)-kit.Width(right)-3, 4)
		look := kit.Look{Text: set.Base.Paint, Selected: p.env.Theme.Sel.Base.Paint, Hint: set.Dim.Paint}
		line, x := p.field.View(room, p.env.Words.Box.SearchHint, look)
		p.fieldX = kit.Width(label) + x
		return set.AccentBold.Paint(label) + line + set.Dim.Paint(kit.FitLeft(right, max(w-kit.Width(label)-room-1, 0))+kit.Space(min(1, w)))
	}
	title := " " + p.Title()
	if p.text != "" {
		title = " " + p.env.Words.Box.Searching + p.text
	}
	left, right := p.headline()
	title = kit.Cut(kit.Clean(title), w-2)
	rest := w - kit.Width(title) - kit.Width(right) - 2
	for kit.Width(left) > rest-3 { // whole parts go, not half words
		i := strings.LastIndex(left, ", ")
		if i < 0 {
			break
		}
		left = left[:i]
	}
	if rest < 12 {
		right, rest = "", w-kit.Width(title)-2
	}
	return set.Bold.Paint(title) + set.Dim.Paint(kit.Fit(" "+p.env.Theme.Glyph.Dot+" "+left, rest)+kit.Space(1)+right+kit.Space(1))
}

// empty says why nothing is here, and what to do.
func (p *Page) empty(w, h int) []string {
	set, words := p.env.Theme.Page, p.env.Words.Box
	what, hint := words.Empty[p.filter], words.EmptyHint[p.filter]
	switch {
	case p.folder == 0 && len(p.folders) == 0:
		what, hint = words.NoFolder, ""
	case !p.loaded || p.loading && p.text == "":
		what, hint = words.Loading, ""
	case p.text != "":
		what, hint = words.EmptyFind, words.EmptyFindHint
	case p.listing.Remote > 0 && p.filter == mail.All:
		what, hint = words.Loading, ""
	}
	blank := set.Base.Paint(kit.Space(w))
	out := kit.Fill(nil, max(min(h/3, h-3), 0), blank)
	out = append(out, set.Bold.Paint(kit.Center(what, w)))
	for _, l := range kit.Wrap(hint, max(w-8, 10), 0) {
		out = append(out, set.Dim.Paint(kit.Center(l, w)))
	}
	return kit.Fill(out, max(h, 0), blank)
}

// The tree.

func (p *Page) treeView(r kit.Rect) []string {
	th, w := p.env.Theme, p.env.Words
	set := th.Page
	inner := r.W - 1
	edge := set.Rule.Paint(th.Glyph.Bar)
	out := make([]string, 0, r.H)
	out = append(out, set.Bold.Paint(kit.Fit(" "+w.Box.Folders, inner))+edge, kit.Rule(inner, set, th.Glyph)+set.Rule.Paint(th.Glyph.Cross))
	top := p.tree.Top()
	for i := range p.tree.Visible() {
		n := p.folders[top+i]
		style := set
		mark := " "
		switch {
		case top+i == p.tree.Index() && p.focus == treePane:
			style, mark = th.Sel, th.Glyph.Cursor
		case n.Folder.ID == p.folder:
			style, mark = th.Soft, th.Glyph.Cursor
		}
		count := ""
		if n.Folder.Unread > 0 {
			count = w.Count(n.Folder.Unread)
		}
		name := n.Label
		if n.Folder.Role != mail.RoleNone {
			name = read.FolderName(w, n.Folder)
		}
		base := style.Base
		if n.Folder.Unread > 0 {
			base = style.Bold
		}
		if !n.Folder.Selectable {
			base = style.Dim
		}
		room := inner - 1 - kit.Width(count) - 1
		out = append(out, style.Accent.Paint(mark)+base.Paint(kit.Fit(kit.Space(2*n.Depth)+kit.Clean(name), room))+style.AccentBold.Paint(count+" ")+edge)
	}
	return kit.Fill(out, r.H, set.Base.Paint(kit.Space(inner))+edge)
}

func (p *Page) treePress(k keys.Press) tea.Cmd {
	switch k.Action {
	case keys.Open:
		return p.openFolder()
	case keys.ShowTree:
		p.toggleTree()
	case keys.Focus, keys.Right, keys.Left:
		p.turn(k.Action, k.Key)
	default:
		frame.Walk(&p.tree, k.Action)
	}
	return nil
}

func (p *Page) openFolder() tea.Cmd {
	id, ok := p.tree.Current()
	if !ok || !p.folders[p.tree.Index()].Folder.Selectable {
		return nil
	}
	p.focus = listPane
	if !p.wide() {
		p.treeShow = no
	}
	if id == p.folder && p.text == "" {
		p.layout()
		return nil
	}
	p.folder, p.filter, p.text = id, mail.All, ""
	p.field.SetText("")
	p.rows = kit.Rows[mail.LetterID]{}
	p.listing, p.loaded = mail.Listing{}, false
	p.letter.clear()
	p.layout()
	return p.askAnew()
}

func (p *Page) treeMouse(m keys.Mouse) tea.Cmd {
	switch m.Kind {
	case keys.WheelUp:
		p.tree.Scroll(-3)
	case keys.WheelDown:
		p.tree.Scroll(3)
	case keys.Click:
		if p.tree.ClickAt(m.Y - listHead) {
			return p.openFolder()
		}
	}
	return nil
}

var _ frame.Retreating = (*Page)(nil)

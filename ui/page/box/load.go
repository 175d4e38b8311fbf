package box

import (
	"context"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
	"hopthu/ui/read"
)

// Answers of the page's own commands.
type (
	aboutMsg struct {
		folders []mail.Folder
		err     error
	}
	listMsg struct {
		listing mail.Listing
		heads   []mail.Head
		open    []group
		err     error
	}
	headsMsg struct {
		heads []mail.Head
		asked []mail.LetterID
		err   error
	}
	listAgain  struct{}
	aboutAgain struct{}
)

// pause is the least time between two looks at the same thing while changes keep coming, as when a box is filled for
// the first time.
const pause = 200 * time.Millisecond

// query is everything that a command needs, copied out of the page.
type query struct {
	desk frame.Desk
	q    mail.ListQuery
	ids  []mail.LetterID // heads to bring along, fresh
	rows int             // and so many of the first ones
	open []group         // conversations to find again
}

// about asks for what stands around the list: the folders.
func (q query) about(ctx context.Context) tea.Msg {
	list, err := q.desk.Folders(ctx, q.q.Account)
	return aboutMsg{list, err}
}

// list asks for the order, and in the same breath for the heads that are shown now, so that nothing flickers.
func (q query) list(ctx context.Context) tea.Msg {
	l, err := q.desk.List(ctx, q.q)
	if err != nil {
		return listMsg{err: err}
	}
	ids := slices.Concat(q.ids, l.IDs[:min(q.rows, len(l.IDs))])
	heads, err := q.desk.Heads(ctx, ids)
	out := listMsg{listing: l, heads: heads, err: err, open: q.regroup(ctx, l, q.open)}
	for _, g := range out.open {
		out.heads = append(out.heads, g.heads...)
	}
	return out
}

func (q query) heads(ctx context.Context) tea.Msg {
	heads, err := q.desk.Heads(ctx, q.ids)
	return headsMsg{heads, q.ids, err}
}

func (p *Page) query() query {
	q := query{desk: p.env.Desk, q: mail.ListQuery{Account: p.account, Folder: p.folder, View: p.view, Filter: p.filter, Text: p.text}}
	if p.text != "" { // a search looks through the whole box
		q.q.Folder, q.q.View = 0, mail.Flat
	}
	return q
}

// askAbout asks for the folders; wishes that come meanwhile are merged into one.
func (p *Page) askAbout() tea.Cmd {
	if p.about {
		p.aboutAgain = true
		return nil
	}
	p.about, p.aboutAgain = true, false
	return p.env.Do(0, p.query().about)
}

// askList asks for the list; while one is on its way, further wishes are merged into one.
func (p *Page) askList() tea.Cmd {
	if p.folder == 0 {
		return nil
	}
	if p.loading {
		p.again = true
		return nil
	}
	p.loading, p.again = true, false
	q := p.query()
	q.ids = slices.Clone(p.rows.Visible())
	q.rows = 2 * max(p.rows.Height(), 20)
	q.open = slices.Clone(p.open)
	return p.env.Do(p.gen, q.list)
}

// askHeads asks for heads missing in the window, and looks one window ahead while it is at it.
func (p *Page) askHeads() tea.Cmd {
	if p.asking || !p.missing(p.rows.Visible()) && !p.missing(p.rows.Around(p.rows.Height()/2)) {
		return nil
	}
	q := p.query()
	for _, id := range p.rows.Around(p.rows.Height()) {
		if _, have := p.heads[id]; !have {
			q.ids = append(q.ids, id)
		}
	}
	p.asking = true
	return p.env.Do(p.gen, q.heads)
}

func (p *Page) missing(ids []mail.LetterID) bool {
	for _, id := range ids {
		if _, have := p.heads[id]; !have {
			return true
		}
	}
	return false
}

func (p *Page) result(r frame.Result) tea.Cmd {
	if cmd, ok, removed := p.acts.Take(r.Msg); ok {
		if removed {
			p.rows.ClearMarks()
		}
		return cmd
	}
	switch m := r.Msg.(type) {
	case aboutMsg:
		return p.takeAbout(m)
	case aboutAgain:
		return p.askAbout()
	case listAgain:
		return p.askList()
	case listMsg:
		return p.takeList(m, r.Gen)
	case unfoldedMsg:
		return p.takeUnfolded(m, r.Gen)
	case headsMsg:
		return p.takeHeads(m, r.Gen)
	default:
		return p.letter.take(p, r)
	}
}

func (p *Page) takeAbout(m aboutMsg) tea.Cmd {
	p.about = false
	var again tea.Cmd
	if p.aboutAgain {
		again = p.env.After(pause, 0, aboutAgain{})
	}
	if m.err != nil {
		return tea.Batch(again, p.fail("list folders", m.err))
	}
	p.folders = read.Tree(m.folders)
	ids := make([]mail.FolderID, len(p.folders))
	for i, n := range p.folders {
		ids[i] = n.Folder.ID
	}
	p.tree.SetIDs(ids)
	if _, ok := p.current(); ok {
		return again
	}
	p.folder = 0
	for _, n := range p.folders {
		if n.Folder.ID == p.wanted || p.wanted == 0 && n.Folder.Role == mail.RoleInbox {
			p.folder = n.Folder.ID
		}
	}
	p.wanted = 0
	p.tree.Select(p.folder)
	return tea.Batch(again, p.askAnew())
}

// fail tells of a fault once, and keeps what is shown.
func (p *Page) fail(op string, err error) tea.Cmd {
	f := mail.AsFault(op, err)
	if p.fault != nil && p.fault.Kind == f.Kind {
		return nil
	}
	p.fault = f
	return frame.Failed(op, err)
}

func (p *Page) takeList(m listMsg, gen int) tea.Cmd {
	if gen != p.gen {
		return nil // the answer to an older question
	}
	p.loading = false
	if m.err != nil {
		p.stale, p.held = false, nil
		return p.fail("list letters", m.err)
	}
	p.fault = nil
	fresh := !p.loaded
	p.listing, p.loaded = m.listing, true
	p.renew(m.heads)
	if p.text != "" || fresh {
		p.rows = kit.Rows[mail.LetterID]{}
		p.layout()
	}
	p.open = m.open
	p.arrange()
	cmds := []tea.Cmd{p.release(), p.askHeads(), p.askLetter()}
	if p.again {
		cmds = append(cmds, p.env.After(pause, p.gen, listAgain{}))
	}
	return tea.Batch(cmds...)
}

func (p *Page) takeHeads(m headsMsg, gen int) tea.Cmd {
	p.asking = false
	if m.err != nil {
		return p.fail("read heads", m.err)
	}
	p.keep(m.heads)
	if gen != p.gen {
		return p.askHeads()
	}
	for _, id := range m.asked { // gone since the list was made: a head without a letter, until the list comes anew
		if _, have := p.heads[id]; !have {
			p.heads[id] = mail.Head{ID: id, Flags: mail.Seen}
		}
	}
	return tea.Batch(p.askHeads(), p.askLetter())
}

// renew forgets all heads but those shown, for any may have changed, and takes the fresh ones in.
func (p *Page) renew(heads []mail.Head) {
	shown := map[mail.LetterID]mail.Head{}
	for _, id := range p.rows.Visible() {
		if h, ok := p.heads[id]; ok {
			shown[id] = h
		}
	}
	p.heads = shown
	p.keep(heads)
	if s := p.letter.sheet; s != nil && read.Changed(p.heads[p.letter.id], s.Letter.Head) {
		p.letter.want = 0
	}
}

// keep takes heads in and forgets those far from the window when there are too many.
func (p *Page) keep(heads []mail.Head) {
	if len(p.heads)+len(heads) > headLimit {
		near := map[mail.LetterID]mail.Head{}
		for _, id := range p.rows.Around(2 * p.rows.Height()) {
			if h, ok := p.heads[id]; ok {
				near[id] = h
			}
		}
		p.heads = near
	}
	for _, h := range heads {
		p.heads[h.ID] = h
	}
	p.memo.Clear()
}

package box

import (
	"context"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/keys"
	"hopthu/ui/read"
)

// group is a conversation that is unfolded in the list: the row of its newest letter, then its older letters of this
// folder, newest first.
type group struct {
	root     mail.LetterID
	children []mail.LetterID
	at       int // row of the root
	heads    []mail.Head
}

// unfoldedMsg is the answer to one unfolding.
type unfoldedMsg struct {
	group group
	err   error
}

// gather finds the letters of a conversation that stand in the folder of the one asked for.
func (q query) gather(ctx context.Context, id mail.LetterID) (group, error) {
	g := group{root: id}
	ids, err := q.desk.Thread(ctx, id)
	if err != nil {
		return g, err
	}
	heads, err := q.desk.Heads(ctx, ids)
	if err != nil {
		return g, err
	}
	slices.Reverse(heads)
	for _, h := range heads {
		if h.Folder == q.q.Folder && h.ID != id {
			g.children = append(g.children, h.ID)
			g.heads = append(g.heads, h)
		}
	}
	return g, nil
}

// regroup finds unfolded conversations again in a new list: another letter may be the newest now.
func (q query) regroup(ctx context.Context, l mail.Listing, open []group) []group {
	var out []group
	for _, g := range open {
		for _, id := range append([]mail.LetterID{g.root}, g.children...) {
			now, err := q.gather(ctx, id)
			if err != nil {
				continue // that letter is gone; another may know the conversation
			}
			all := append([]mail.LetterID{id}, now.children...)
			i := slices.IndexFunc(l.IDs, func(have mail.LetterID) bool { return slices.Contains(all, have) })
			if i < 0 {
				break
			}
			if root := l.IDs[i]; root != id {
				if now, err = q.gather(ctx, root); err != nil {
					break
				}
			}
			if len(now.children) > 0 {
				out = append(out, now)
			}
			break
		}
	}
	return out
}

// unfolding is a command's copy of what it needs.
type unfolding struct {
	q  query
	id mail.LetterID
}

func (u unfolding) load(ctx context.Context) tea.Msg {
	g, err := u.q.gather(ctx, u.id)
	return unfoldedMsg{g, err}
}

// arrange lays the rows out: the list, and under the roots of unfolded conversations their letters.
func (p *Page) arrange() {
	p.memo.Clear()
	if len(p.open) == 0 {
		p.rows.SetIDs(p.listing.IDs)
		return
	}
	kept := p.open[:0]
	n := len(p.listing.IDs)
	for _, g := range p.open {
		if g.at = slices.Index(p.listing.IDs, g.root); g.at >= 0 {
			kept = append(kept, g)
			n += len(g.children)
		}
	}
	p.open = kept
	slices.SortFunc(p.open, func(a, b group) int { return a.at - b.at })
	ids := make([]mail.LetterID, 0, n)
	from := 0
	for i := range p.open {
		g := &p.open[i]
		ids = append(ids, p.listing.IDs[from:g.at+1]...)
		from = g.at + 1
		g.at = len(ids) - 1
		ids = append(ids, g.children...)
	}
	p.rows.SetIDs(append(ids, p.listing.IDs[from:]...))
}

// place says where a row stands: its conversation in the listing, and whether the row is an older letter of it.
func (p *Page) place(row int) (conversation int, child bool, g *group) {
	before := 0
	for i := range p.open {
		g := &p.open[i]
		switch {
		case row < g.at:
			return row - before, false, nil
		case row <= g.at+len(g.children):
			return g.at - before, row > g.at, g
		}
		before += len(g.children)
	}
	return row - before, false, nil
}

// size is how many letters the conversation of a row has here; 0 where there are no conversations.
func (p *Page) size(row int) int {
	i, child, _ := p.place(row)
	if child || i >= len(p.listing.Sizes) {
		return 0
	}
	return int(p.listing.Sizes[i])
}

// fold unfolds the conversation under the cursor or folds it; false when there is nothing to do.
func (p *Page) fold(id keys.ID) (tea.Cmd, bool) {
	row := p.rows.Index()
	_, _, g := p.place(row)
	switch {
	case p.rows.Len() == 0:
		return nil, false
	case id == keys.Unfold && g == nil && p.size(row) > 1:
		at, _ := p.rows.Current()
		return p.env.Do(p.gen, unfolding{p.query(), at}.load), true
	case id == keys.Fold && g != nil:
		p.rows.MoveTo(g.at)
		root := g.root
		p.open = slices.DeleteFunc(p.open, func(o group) bool { return o.root == root })
		p.arrange()
		return tea.Batch(p.askHeads(), p.askLetter()), true
	}
	return nil, false
}

func (p *Page) takeUnfolded(m unfoldedMsg, gen int) tea.Cmd {
	if gen != p.gen || m.err == nil && len(m.group.children) == 0 {
		return nil
	}
	if m.err != nil {
		return p.fail("read conversation", m.err)
	}
	if slices.ContainsFunc(p.open, func(g group) bool { return g.root == m.group.root }) {
		return nil
	}
	p.keep(m.group.heads)
	p.open = append(p.open, m.group)
	p.arrange()
	if at, ok := p.rows.Current(); ok && at == m.group.root {
		p.rows.Reveal(len(m.group.children))
	}
	return p.askHeads()
}

// sole lists those of ids that stand for themselves alone, while other rows stand for their conversations.
func (p *Page) sole(ids []mail.LetterID) []mail.LetterID {
	var out []mail.LetterID
	for _, g := range p.open {
		for _, id := range append([]mail.LetterID{g.root}, g.children...) {
			if slices.Contains(ids, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

// foldMark is what the row draws of its conversation.
func (p *Page) foldMark(row int) read.Conversation {
	_, child, g := p.place(row)
	switch {
	case child:
		return read.Inside
	case g != nil:
		return read.Unfolded
	case p.size(row) > 1:
		return read.Folded
	}
	return read.Alone
}

package kit

import "slices"

// Rows is a list on ids: it knows the order, the cursor, the window shown and the marked ids, and nothing of what a row
// looks like. Only SetIDs takes time that grows with the list.
type Rows[K comparable] struct {
	ids    []K
	cur    int // index of the cursor
	top    int // index of the first row shown
	height int // rows shown
	marked map[K]struct{}
}

// SetIDs changes the order. The cursor stays on its id; if that is gone, on the row that took its place. What is shown
// does not move under the cursor unless the list stood at its top.
func (r *Rows[K]) SetIDs(ids []K) {
	old, had := r.At(r.cur)
	row := r.cur - r.top
	r.ids = ids
	if had {
		if i := near(ids, old, r.cur); i >= 0 {
			stay := r.top == 0
			r.cur = i
			if !stay {
				r.top = r.cur - row
			}
		}
	}
	if len(r.marked) > 0 {
		r.dropMarks()
	}
	r.settle()
}

// near looks for id around index first: lists seldom change much.
func near[K comparable](ids []K, id K, at int) int {
	for d := 0; d < 64; d++ {
		if i := at + d; i < len(ids) && ids[i] == id {
			return i
		}
		if i := at - d; i >= 0 && i < len(ids) && ids[i] == id {
			return i
		}
	}
	return slices.Index(ids, id)
}

func (r *Rows[K]) dropMarks() {
	left := make(map[K]struct{}, len(r.marked))
	for _, id := range r.ids {
		if _, ok := r.marked[id]; ok {
			left[id] = struct{}{}
		}
	}
	r.marked = left
}

// SetHeight says how many rows are shown.
func (r *Rows[K]) SetHeight(h int) {
	r.height = max(h, 0)
	r.settle()
}

// settle brings cursor and window into range and to each other.
func (r *Rows[K]) settle() {
	r.cur = max(min(r.cur, len(r.ids)-1), 0)
	if r.cur < r.top {
		r.top = r.cur
	}
	if r.height > 0 && r.cur >= r.top+r.height {
		r.top = r.cur - r.height + 1
	}
	r.top = max(min(r.top, len(r.ids)-r.height), 0)
}

// Len is the number of rows.
func (r *Rows[K]) Len() int { return len(r.ids) }

// Index is the row of the cursor.
func (r *Rows[K]) Index() int { return r.cur }

// Top is the first row shown.
func (r *Rows[K]) Top() int { return r.top }

// Height is how many rows are shown.
func (r *Rows[K]) Height() int { return r.height }

// IDs is the order itself; it may not be changed.
func (r *Rows[K]) IDs() []K { return r.ids }

// At is the id of a row.
func (r *Rows[K]) At(i int) (K, bool) {
	if i < 0 || i >= len(r.ids) {
		var none K
		return none, false
	}
	return r.ids[i], true
}

// Current is the id under the cursor.
func (r *Rows[K]) Current() (K, bool) { return r.At(r.cur) }

// Visible is the window of rows shown.
func (r *Rows[K]) Visible() []K { return r.ids[r.top:min(r.top+r.height, len(r.ids))] }

// Around is the window shown and as many as margin rows before and after it.
func (r *Rows[K]) Around(margin int) []K {
	return r.ids[max(r.top-margin, 0):min(r.top+r.height+margin, len(r.ids))]
}

// Move moves the cursor by n rows.
func (r *Rows[K]) Move(n int) { r.MoveTo(r.cur + n) }

// MoveTo puts the cursor on a row.
func (r *Rows[K]) MoveTo(i int) {
	r.cur = i
	r.settle()
}

// Page moves by n windows, keeping one row in sight.
func (r *Rows[K]) Page(n int) { r.Move(n * max(r.height-1, 1)) }

// Scroll moves the window by n rows; the cursor follows only where it must.
func (r *Rows[K]) Scroll(n int) {
	r.top = max(min(r.top+n, len(r.ids)-r.height), 0)
	r.cur = max(min(r.cur, r.top+r.height-1), r.top)
	r.settle()
}

// Reveal scrolls so that n rows below the cursor are in sight, as far as the cursor stays so.
func (r *Rows[K]) Reveal(n int) {
	if r.height > 0 {
		r.top = max(r.top, min(r.cur+n-r.height+1, r.cur))
	}
	r.settle()
}

// Select puts the cursor on an id, if it is there.
func (r *Rows[K]) Select(id K) bool {
	i := near(r.ids, id, r.cur)
	if i < 0 {
		return false
	}
	r.MoveTo(i)
	return true
}

// ClickAt puts the cursor on line y of the window; false if there is no row.
func (r *Rows[K]) ClickAt(y int) bool {
	if y < 0 || y >= r.height || r.top+y >= len(r.ids) {
		return false
	}
	r.MoveTo(r.top + y)
	return true
}

// Mark marks the row under the cursor or takes the mark away, and moves on.
func (r *Rows[K]) Mark() {
	id, ok := r.Current()
	if !ok {
		return
	}
	if _, on := r.marked[id]; on {
		delete(r.marked, id)
	} else {
		if r.marked == nil {
			r.marked = map[K]struct{}{}
		}
		r.marked[id] = struct{}{}
	}
	r.Move(1)
}

// MarkAll marks every row; when all are marked, none.
func (r *Rows[K]) MarkAll() {
	if len(r.marked) == len(r.ids) {
		r.marked = nil
		return
	}
	r.marked = make(map[K]struct{}, len(r.ids))
	for _, id := range r.ids {
		r.marked[id] = struct{}{}
	}
}

// ClearMarks takes all marks away and says whether there were any.
func (r *Rows[K]) ClearMarks() bool {
	had := len(r.marked) > 0
	r.marked = nil
	return had
}

// Marked reports whether an id is marked.
func (r *Rows[K]) Marked(id K) bool { _, ok := r.marked[id]; return ok }

// Marks is the number of marked ids.
func (r *Rows[K]) Marks() int { return len(r.marked) }

// Chosen lists the ids to act on, in the list's order: the marked ones, or else the one under the cursor.
func (r *Rows[K]) Chosen() []K {
	if len(r.marked) == 0 {
		if id, ok := r.Current(); ok {
			return []K{id}
		}
		return nil
	}
	out := make([]K, 0, len(r.marked))
	for _, id := range r.ids {
		if _, ok := r.marked[id]; ok {
			out = append(out, id)
		}
	}
	return out
}

// Memo keeps made lines by what they were made from; when it is full it starts anew.
type Memo[K comparable] struct {
	m     map[K]string
	limit int
}

// NewMemo makes one for so many lines.
func NewMemo[K comparable](limit int) *Memo[K] { return &Memo[K]{m: map[K]string{}, limit: limit} }

// Get is the line kept for k, or "".
func (m *Memo[K]) Get(k K) (string, bool) { s, ok := m.m[k]; return s, ok }

// Put keeps a line and returns it.
func (m *Memo[K]) Put(k K, s string) string {
	if len(m.m) >= m.limit {
		clear(m.m)
	}
	m.m[k] = s
	return s
}

// Clear forgets all.
func (m *Memo[K]) Clear() { clear(m.m) }

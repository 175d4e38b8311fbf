package dispatch

import (
	"maps"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// lineKind says what a line of the table is.
type lineKind uint8

const (
	rowLine    lineKind = iota // an entry of the block
	targetLine                 // a box behind an entry
	extraLine                  // a recipient added by hand
	addLine                    // adds one
	goLine                     // goes on
)

// tableLine names a line for good: rows of a plan never move.
type tableLine struct {
	kind lineKind
	row  int // of the plan, or of the extra recipients
	box  int // of a target; those behind the last are the members without a box
}

// table is the list of recipients as shown.
type table struct {
	rows  kit.Rows[tableLine]
	shut  map[int]bool // references whose rows are hidden
	wide  map[int]bool // rows whose boxes are shown
	depth []int        // of each row of the plan
	count counts
	own   mail.Account // who sends: what is outside the system
	first bool         // the cursor has still to find the first open row
	walk  bool         // a row was settled: the cursor goes on to the next open one
}

// counts say what became of the entries; together they are all of them.
type counts struct {
	rows, ready, open, kept, folded, within, skipped, extra int
	boxes, outside, missing                                 int
}

func newTable() table { return table{shut: map[int]bool{}, wide: map[int]bool{}, first: true} }

// toTable shows the recipients.
func (p *Page) toTable() {
	p.step = directing
	p.table.first, p.table.own = true, p.account
	p.table.set(p.d)
}

// parent is true when rows follow that belong to row i.
func parentOf(plan rule.Plan, i int) bool { return i+1 < len(plan.Rows) && plan.Rows[i+1].Parent == i }

// set makes the lines of a plan; the cursor stays where it was, or goes to what must be decided first.
func (t *table) set(d rule.Dispatch) {
	plan := d.Plan
	var to *tableLine
	if len(plan.Rows)+len(d.Extra) > 0 && t.first || t.walk {
		l := t.nextOpen(plan)
		to = &l
		t.first, t.walk = false, false
	}
	t.depth = make([]int, len(plan.Rows))
	t.count = counts{rows: len(plan.Rows), extra: len(d.Extra)}
	hidden := make([]bool, len(plan.Rows))
	var ids []tableLine
	for i, r := range plan.Rows {
		t.count.add(r.State)
		t.count.missing += len(r.Missing)
		if up := r.Parent; up >= 0 && up < i {
			t.depth[i] = t.depth[up] + 1
			hidden[i] = hidden[up] || t.shut[up]
		}
		if hidden[i] {
			continue
		}
		ids = append(ids, tableLine{kind: rowLine, row: i})
		if t.wide[i] {
			for k := range len(r.Targets) + len(r.Missing) {
				ids = append(ids, tableLine{kind: targetLine, row: i, box: k})
			}
		}
	}
	seen := map[string]bool{}
	for _, r := range plan.Recipients {
		seen[rule.WireForm(r.Address)] = true
		t.count.boxes++
		if r.Outside {
			t.count.outside++
		}
	}
	for i, a := range d.Extra {
		ids = append(ids, tableLine{kind: extraLine, row: i})
		if wire := rule.WireForm(a.Addr); !seen[wire] {
			seen[wire] = true
			t.count.boxes++
			if isOutside(a.Addr, t.own) {
				t.count.outside++
			}
		}
	}
	ids = append(ids, tableLine{kind: addLine}, tableLine{kind: goLine})
	t.rows.SetIDs(ids)
	if to != nil {
		t.rows.Select(*to)
	}
}

func (c *counts) add(s rule.RowState) {
	switch {
	case s.Open():
		c.open++
	case s == rule.RowKept:
		c.kept++
	case s == rule.RowUnfolded:
		c.folded++
	case s == rule.RowWithin:
		c.within++
	case s == rule.RowSkipped:
		c.skipped++
	default:
		c.ready++
	}
}

// nextOpen is the line of the next open row behind the cursor, round and round; the way on when none is left. What hides
// it is unfolded.
func (t *table) nextOpen(plan rule.Plan) tableLine {
	at := -1
	if l, ok := t.rows.Current(); ok && !t.first && (l.kind == rowLine || l.kind == targetLine) {
		at = l.row
	}
	open := plan.Open()
	if len(open) == 0 {
		return tableLine{kind: goLine}
	}
	to := open[0]
	for _, i := range open {
		if i > at {
			to = i
			break
		}
	}
	for up := plan.Rows[to].Parent; up >= 0; up = plan.Rows[up].Parent {
		delete(t.shut, up)
	}
	return tableLine{kind: rowLine, row: to}
}

// row is the entry under the cursor.
func (p *Page) row() (int, rule.Row, bool) {
	l, ok := p.table.rows.Current()
	if !ok || l.kind != rowLine && l.kind != targetLine || l.row >= len(p.d.Plan.Rows) {
		return 0, rule.Row{}, false
	}
	return l.row, p.d.Plan.Rows[l.row], true
}

func (p *Page) tableActions() []keys.ID {
	l, _ := p.table.rows.Current()
	out := []keys.ID{keys.Open}
	switch l.kind {
	case rowLine, targetLine:
		if p.tableWhyNot(keys.RecipientSkip) == "" {
			out = append(out, keys.RecipientSkip)
		}
	case extraLine:
		out = append(out, keys.RecipientDrop)
	}
	return append(out, keys.RecipientNext, keys.RecipientAdd, keys.DispatchNext, keys.Back)
}

func (p *Page) tableWhyNot(id keys.ID) string {
	w := &p.env.Words.Dispatch
	l, _ := p.table.rows.Current()
	_, r, ok := p.row()
	switch {
	case id == keys.RecipientDrop && l.kind != extraLine:
		return w.NotExtra
	case id != keys.RecipientSkip:
	case !ok:
		return w.NoRow
	case r.State == rule.RowKept:
		return w.IsKept
	case r.State == rule.RowUnfolded:
		return w.IsUnfolded
	}
	return ""
}

func (p *Page) tableKey(m keys.Press) tea.Cmd {
	if m.Paste {
		return p.tablePaste(m.Text)
	}
	if frame.Walk(&p.table.rows, m.Action) {
		return nil
	}
	switch m.Action {
	case keys.RecipientNext:
		p.nextOpen()
	case keys.RecipientUnfold:
		p.unfold(true)
	case keys.RecipientFold:
		p.unfold(false)
	case keys.RecipientAdd:
		return p.settle(-1)
	case keys.RecipientSkip:
		return p.skip()
	case keys.RecipientDrop:
		return p.dropExtra()
	case keys.DispatchNext:
		return p.fromTable()
	case keys.DispatchDrop:
		return p.forget(p.d)
	case keys.Open:
		return p.enter()
	}
	return nil
}

// nextOpen goes to the next open row, or on when there is none.
func (p *Page) nextOpen() {
	p.table.walk = true
	p.table.set(p.d)
}

// enter does what the line under the cursor is for.
func (p *Page) enter() tea.Cmd {
	l, ok := p.table.rows.Current()
	switch {
	case !ok:
		return nil
	case l.kind == goLine:
		return p.fromTable()
	case l.kind == addLine:
		return p.settle(-1)
	case l.kind == extraLine:
		return frame.Tell(frame.Note, p.env.Words.Dispatch.ExtraHint)
	}
	_, r, _ := p.row()
	switch r.State {
	case rule.RowUnfolded:
		p.unfold(p.table.shut[l.row])
		return nil
	case rule.RowKept:
		return frame.Tell(frame.Note, p.env.Words.Dispatch.IsKept)
	case rule.RowGroup:
		p.unfold(!p.table.wide[l.row])
		return nil
	}
	return p.settle(l.row)
}

// unfold shows or hides what is behind a row.
func (p *Page) unfold(on bool) {
	i, r, ok := p.row()
	if !ok {
		return
	}
	t := &p.table
	has := parentOf(p.d.Plan, i)
	switch {
	case !on && !t.wide[i] && (!has || t.shut[i]) && r.Parent >= 0: // nothing to fold here: the row above it
		t.rows.Select(tableLine{kind: rowLine, row: r.Parent})
		return
	case has && on:
		delete(t.shut, i)
	case has:
		t.shut[i] = true
	case on && len(r.Targets)+len(r.Missing) > 0:
		t.wide[i] = true
	default:
		delete(t.wide, i)
	}
	t.rows.Select(tableLine{kind: rowLine, row: i})
	t.set(p.d)
	if on {
		t.rows.Reveal(min(len(r.Targets)+len(r.Missing), 8))
	}
}

// skip leaves a row out, or takes it in again.
func (p *Page) skip() tea.Cmd {
	i, r, ok := p.row()
	if !ok || p.tableWhyNot(keys.RecipientSkip) != "" {
		return nil
	}
	w := &p.env.Words.Dispatch
	if r.State == rule.RowSkipped {
		p.pick(i, nil)
		return tea.Batch(p.changed(), frame.Tell(frame.Note, say(w.Taken, oneLine(r.Name))))
	}
	p.pick(i, &rule.Pick{Skip: true})
	p.d.Plan.Rows = slices.Clone(p.d.Plan.Rows) // at once, so that quick presses go down the rows; the plan follows
	p.d.Plan.Rows[i].State, p.d.Plan.Rows[i].Targets, p.d.Plan.Rows[i].Missing = rule.RowSkipped, nil, nil
	p.table.walk = true
	p.table.set(p.d)
	return tea.Batch(p.changed(), frame.Tell(frame.Note, say(w.Skipped, oneLine(r.Name))))
}

// pick keeps what the person decided about a row; nil takes it back.
func (p *Page) pick(row int, x *rule.Pick) {
	picks := maps.Clone(p.d.Picks)
	if picks == nil {
		picks = map[int]rule.Pick{}
	}
	if x == nil {
		delete(picks, row)
	} else {
		picks[row] = *x
	}
	p.d.Picks = picks
}

func (p *Page) dropExtra() tea.Cmd {
	l, ok := p.table.rows.Current()
	if !ok || l.kind != extraLine || l.row >= len(p.d.Extra) {
		return nil
	}
	p.d.Extra = slices.Delete(slices.Clone(p.d.Extra), l.row, l.row+1)
	p.table.set(p.d)
	return p.changed()
}

// tablePaste takes a pasted Nơi nhận block where the document has none.
func (p *Page) tablePaste(text string) tea.Cmd {
	if len(p.d.Plan.Rows) > 0 || strings.TrimSpace(text) == "" {
		return nil
	}
	return p.readBlock(text)
}

// fromTable goes on when nothing is open; else to what is.
func (p *Page) fromTable() tea.Cmd {
	w := &p.env.Words.Dispatch
	return p.afterPlan(func() tea.Cmd {
		if p.step != directing {
			return nil
		}
		if n := len(p.d.Plan.Open()); n > 0 {
			p.nextOpen()
			return frame.Tell(frame.Warn, say(w.StillOpen, n))
		}
		if p.table.count.boxes == 0 {
			p.table.rows.Select(tableLine{kind: addLine})
			return frame.Tell(frame.Warn, w.NoRecipient)
		}
		p.toLast()
		return nil
	})
}

func (p *Page) tableMouse(m keys.Mouse) tea.Cmd {
	switch m.Kind {
	case keys.WheelDown:
		p.table.rows.Scroll(1)
	case keys.WheelUp:
		p.table.rows.Scroll(-1)
	case keys.Click:
		old, _ := p.table.rows.Current()
		if !p.table.rows.ClickAt(m.Y - p.listY) {
			return nil
		}
		l, _ := p.table.rows.Current()
		if l == old || l.kind == goLine || l.kind == addLine { // the second click on a line is Enter
			return p.enter()
		}
	}
	return nil
}

// addExtra adds a recipient by hand, once.
func (p *Page) addExtra(a mail.Address) tea.Cmd {
	wire := rule.WireForm(a.Addr)
	for _, have := range p.d.Extra {
		if rule.WireForm(have.Addr) == wire {
			return frame.Tell(frame.Note, p.env.Words.Dispatch.HaveAlready)
		}
	}
	p.d.Extra = append(slices.Clone(p.d.Extra), a)
	p.table.set(p.d)
	p.table.rows.Select(tableLine{kind: extraLine, row: len(p.d.Extra) - 1})
	return p.changed()
}

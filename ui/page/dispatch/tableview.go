package dispatch

import (
	"fmt"
	"strings"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

func (p *Page) tableView(w, h int) []string {
	set := p.env.Theme.Page
	blank := set.Base.Paint(kit.Space(w))
	below := p.detail(w)
	if h < len(below)+4 {
		below = below[:1]
	}
	if h < 3 {
		below = nil
	}
	t := &p.table
	t.rows.SetHeight(max(1, h-len(below)))
	p.listY = headLines
	var out []string
	for i, l := range t.rows.Visible() {
		out = append(out, p.tableRow(l, t.rows.Top()+i == t.rows.Index(), w))
	}
	if t.rows.Top()+len(out) < t.rows.Len() {
		out = kit.MoreBelow(out, w, set, p.env.Theme.Glyph)
	}
	out = kit.Fill(out, max(0, h-len(below)), blank)
	return append(out, below...)
}

// columns of the table: the class is left out where there is little room, the addresses come where there is much.
type columns struct{ name, class, state, to int }

func tableColumns(w int) columns {
	var c columns
	rest := max(0, w-6) // cursor, mark, fold, spaces
	c.state = max(min(rest*36/100, 30), min(rest, 12))
	if w >= 70 {
		c.class = 10
	}
	if w >= 110 {
		c.to = min((w-100)/2+22, 46)
	}
	c.name = max(1, rest-c.state-c.class-c.to-1)
	return c
}

func (p *Page) tableRow(l tableLine, on bool, w int) string {
	th := p.env.Theme
	set, cursor := p.rowSet(on)
	words := &p.env.Words.Dispatch
	c := tableColumns(w)
	switch l.kind {
	case addLine:
		return fit(set.Accent.Paint(cursor)+set.Dim.Paint(" + "+words.AddRow), w, set)
	case goLine:
		text, st := words.GoRow, set.Bold
		if n := p.table.count.open; n > 0 {
			text, st = say(words.GoOpen, n), set.Dim
		}
		return fit(set.Accent.Paint(cursor)+st.Paint(" "+th.Glyph.Next+" "+text), w, set)
	case extraLine:
		if l.row >= len(p.d.Extra) {
			return fit("", w, set)
		}
		a := p.d.Extra[l.row]
		return p.cells(cells{mark: th.Glyph.Marked, name: oneLine(a.Short()), class: words.ByHand, state: p.outsideWords(a), to: oneLine(a.Addr), st: set.Good}, set, cursor, c, w)
	case targetLine:
		r := p.d.Plan.Rows[l.row]
		if n := l.box - len(r.Targets); n >= len(r.Missing) {
			return fit("", w, set)
		} else if n >= 0 {
			return p.cells(cells{indent: 2 * (p.table.depth[l.row] + 1), mark: th.Glyph.Due, name: p.memberName(r.Missing[n]), state: words.NoBoxMember, st: set.Warn}, set, cursor, c, w)
		}
		b := r.Targets[l.box]
		a := mail.Address{Name: b.Name, Addr: b.Address}
		return p.cells(cells{indent: 2 * (p.table.depth[l.row] + 1), mark: " ", name: oneLine(b.Name), state: oneLine(b.Address), to: p.outsideWords(a), st: set.Dim, quiet: true}, set, cursor, c, w)
	}
	return p.entryRow(l.row, set, cursor, c, w)
}

// entryName is an entry as the document means it: with its post, or with the units that keep it.
func entryName(e rule.Entry) string {
	name := oneLine(e.Name)
	switch {
	case e.Class == rule.Keep && len(e.Subs) > 0:
		var units []string
		for _, s := range e.Subs {
			units = append(units, oneLine(s.Name))
		}
		return name + ": " + strings.Join(units, ", ")
	case e.Class == rule.Group && e.Post != "":
		return oneLine(e.Post) + " " + name
	case e.Class == rule.Person && e.Post != "":
		return name + ", " + oneLine(e.Post)
	}
	return name
}

// memberName names a member of a group; one that the directory does not have is known by its key only.
func (p *Page) memberName(m rule.Listed) string {
	if m.Name == "" {
		return say(p.env.Words.Dispatch.NotListed, oneLine(m.Key))
	}
	return oneLine(m.Name)
}

// missingWords names the members of a row that have no box.
func (p *Page) missingWords(r rule.Row) string {
	var names []string
	for _, m := range r.Missing {
		names = append(names, p.memberName(m))
	}
	return p.env.Words.Dispatch.NoBoxes + ": " + some(names, 4, p.env.Words.Write.Compose.AndMore)
}

// outsideWords says that a box is outside the system (QC 13.2), "" if it is not.
func (p *Page) outsideWords(a mail.Address) string {
	if !isOutside(a.Addr, p.account) {
		return ""
	}
	return p.env.Words.Write.Compose.Outside
}

func (p *Page) entryRow(i int, set theme.Set, cursor string, c columns, w int) string {
	g := p.env.Theme.Glyph
	words := &p.env.Words.Dispatch
	r := p.d.Plan.Rows[i]
	x := cells{indent: 2 * p.table.depth[i], name: entryName(r.Entry), class: words.Classes[min(int(r.Class), len(words.Classes)-1)], state: p.stateWords(r)}
	if r.Purpose != "" {
		x.note = " (" + oneLine(r.Purpose) + ")"
	}
	switch {
	case r.State.Open():
		x.mark, x.st = g.Over, set.Warn
	case r.State == rule.RowKept || r.State == rule.RowUnfolded || r.State == rule.RowWithin:
		x.mark, x.st = g.Dot, set.Dim
	case r.State == rule.RowSkipped:
		x.mark, x.st, x.quiet = "-", set.Dim, true
	default:
		x.mark, x.st = g.Marked, set.Good
		if r.Outside || len(r.Missing) > 0 {
			x.st = set.Warn
		}
	}
	switch {
	case parentOf(p.d.Plan, i) && p.table.shut[i], len(r.Targets)+len(r.Missing) > 1 && !p.table.wide[i]:
		x.fold = g.Folded
	case parentOf(p.d.Plan, i), p.table.wide[i]:
		x.fold = g.Open
	}
	switch n := len(r.Targets); {
	case n == 1:
		x.to = oneLine(r.Targets[0].Address)
	case n > 1:
		x.to = oneLine(r.Targets[0].Name) + ", …"
	}
	return p.cells(x, set, cursor, c, w)
}

// cells are the columns of one line.
type cells struct {
	indent                                   int
	mark, fold, name, note, class, state, to string
	st                                       theme.Style
	quiet                                    bool // the name is not stressed
}

func (p *Page) cells(x cells, set theme.Set, cursor string, c columns, w int) string {
	var b strings.Builder
	b.WriteString(set.Accent.Paint(cursor))
	b.WriteString(x.st.Paint(x.mark))
	indent := min(x.indent, c.name/2)
	fold := x.fold
	if fold == "" {
		fold = " "
	}
	b.WriteString(set.Dim.Paint(kit.Space(indent) + fold + " "))
	room := c.name - indent
	name := kit.Cut(x.name, room)
	st := set.Base
	if x.quiet {
		st = set.Dim
	}
	b.WriteString(st.Paint(name))
	b.WriteString(set.Dim.Paint(kit.Fit(kit.Cut(x.note, room-kit.Width(name)), room-kit.Width(name))))
	if c.class > 0 {
		b.WriteString(set.Dim.Paint(kit.Fit(" "+x.class, c.class)))
	}
	b.WriteString(x.st.Paint(" " + kit.Fit(x.state, c.state)))
	if c.to > 0 {
		b.WriteString(set.Dim.Paint(" " + kit.Fit(x.to, c.to-1)))
	}
	return fit(b.String(), w, set)
}

// stateWords says in words what stands behind a row, and how sure that is.
func (p *Page) stateWords(r rule.Row) string {
	words := &p.env.Words.Dispatch
	if n := len(r.Missing); n > 0 {
		return say(words.GroupMissing, len(r.Targets), n)
	}
	switch r.State {
	case rule.RowReady:
		if r.Same >= 0 {
			return words.SameBox
		}
		how := p.how(r.How, r.Confidence)
		if r.Outside {
			return words.OutsideShort + ", " + how
		}
		return say(words.States[r.State], how)
	case rule.RowGroup:
		return say(words.States[r.State], len(r.Targets), r.Confidence)
	case rule.RowUnfolded:
		return words.States[r.State]
	case rule.RowChoose:
		return say(words.States[r.State], len(r.Candidates), r.Confidence)
	}
	return words.States[min(int(r.State), len(words.States)-1)]
}

// how says by what a match was found and how sure it is: "đúng tên 100%".
func (p *Page) how(how string, confidence int) string {
	words := &p.env.Words.Dispatch
	if how == "chosen" {
		return words.How[how]
	}
	said, ok := words.How[how]
	if !ok {
		said = words.HowElse
	}
	return fmt.Sprintf("%s %d%%", said, confidence)
}

// detail says of the row under the cursor how it stands in the document, what it means and where it goes; the line above
// it counts all entries.
func (p *Page) detail(w int) []string {
	set := p.env.Theme.Page
	out := []string{p.countRule(w)}
	l, ok := p.table.rows.Current()
	if !ok {
		return out
	}
	lines := make([]string, 0, 3)
	words := &p.env.Words.Dispatch
	i, r, isRow := p.row()
	switch {
	case isRow && r.State.Open():
		lines = append(lines, words.Explain[r.State], p.quoted(r))
		if len(r.Candidates) > 0 {
			var names []string
			for _, m := range r.Candidates {
				names = append(names, fmt.Sprintf("%s %d%%", oneLine(m.Name), m.Confidence))
			}
			lines = append(lines, words.Candidates+": "+some(names, 4, p.env.Words.Write.Compose.AndMore))
		}
	case isRow:
		lines = append(lines, p.explain(i, r), p.quoted(r))
		if len(r.Missing) > 0 {
			lines[1] = p.missingWords(r)
		}
		if l.kind == targetLine && l.box < len(r.Targets) {
			lines = append(lines, boxWords(r.Targets[l.box]))
		} else if len(r.Targets) > 0 {
			var names []string
			for _, b := range r.Targets {
				names = append(names, boxWords(b))
			}
			lines = append(lines, words.GoesTo+": "+some(names, 4, p.env.Words.Write.Compose.AndMore))
		}
	case l.kind == extraLine && l.row < len(p.d.Extra):
		lines = append(lines, words.ExtraHint, oneLine(p.d.Extra[l.row].Addr))
	case l.kind == addLine:
		lines = append(lines, words.AddHint)
		if len(p.d.Plan.Rows) == 0 {
			lines = append(lines, words.BlockHint)
		}
	case p.table.count.open > 0:
		lines = append(lines, say(words.StillOpen, p.table.count.open))
	default:
		lines = append(lines, words.AllClear)
	}
	for i, s := range lines {
		st := set.Dim
		if i == 0 {
			st = set.Base
		}
		out = append(out, st.Paint(kit.Fit(" "+kit.Cut(s, max(1, w-2)), w)))
	}
	return kit.Fill(out, 4, set.Base.Paint(kit.Space(w)))
}

// quoted is a row as it stands in the document; what a reference leads to is a piece of a long sentence, so its name is.
func (p *Page) quoted(r rule.Row) string {
	if up := r.Parent; up >= 0 && up < len(p.d.Plan.Rows) {
		return "“" + entryName(r.Entry) + "”, " + oneLine(p.d.Plan.Rows[up].Name)
	}
	return "“" + oneLine(r.Raw) + "”"
}

// explain says what a settled row means, and by what it was found.
func (p *Page) explain(i int, r rule.Row) string {
	words := &p.env.Words.Dispatch
	text := words.Explain[min(int(r.State), len(words.Explain)-1)]
	switch {
	case r.Same >= 0 && r.Same < len(p.d.Plan.Rows) && r.Same != i:
		return say(words.SameRow, oneLine(p.d.Plan.Rows[r.Same].Name))
	case r.State == rule.RowReady || r.State == rule.RowGroup:
		sure := words.Sure[0]
		switch {
		case r.Confidence < 80:
			sure = words.Sure[2]
		case r.Confidence < 95:
			sure = words.Sure[1]
		}
		return text + " " + say(words.FoundBy, p.how(r.How, r.Confidence), sure)
	}
	return text
}

func boxWords(b rule.Listed) string {
	name := oneLine(b.Name)
	if b.Post != "" {
		name += ", " + oneLine(b.Post)
	}
	if b.Address == "" {
		return name
	}
	return name + " <" + oneLine(b.Address) + ">"
}

// some names the first few.
func some(names []string, most int, more string) string {
	if len(names) <= most {
		return strings.Join(names, "; ")
	}
	return strings.Join(names[:most], "; ") + " " + fmt.Sprintf(more, len(names)-most)
}

// countWords counts what became of the entries: the numbers add up to all of them.
func (p *Page) countWords() string {
	words := &p.env.Words.Dispatch
	c := p.table.count
	var parts []string
	for _, x := range []struct {
		n    int
		word string
	}{
		{c.ready, words.CountReady},
		{c.open, words.CountOpen},
		{c.folded, words.CountFolded},
		{c.within, words.CountWithin},
		{c.kept, words.CountKept},
		{c.skipped, words.CountSkipped},
	} {
		if x.n > 0 {
			parts = append(parts, say(x.word, x.n))
		}
	}
	out := say(words.CountRows, c.rows)
	if len(parts) > 0 {
		out += ": " + strings.Join(parts, ", ")
	}
	if c.extra > 0 {
		out += say(words.CountExtra, c.extra)
	}
	if c.missing > 0 {
		out += say(words.CountMissing, c.missing)
	}
	return out
}

func (p *Page) countRule(w int) string {
	th := p.env.Theme
	set := th.Page
	words := &p.env.Words.Dispatch
	left := " " + p.countWords() + " "
	right := " " + say(words.CountBoxes, p.table.count.boxes)
	if n := p.table.count.outside; n > 0 {
		if all := right + ", " + say(words.CountOutside, n); kit.Width(left)+kit.Width(all)+5 <= w {
			right = all
		}
	}
	right += " "
	if kit.Width(left)+kit.Width(right)+4 > w {
		right = ""
	}
	left = kit.Cut(left, max(0, w-2))
	lead := min(2, w)
	st := set.Base
	if p.table.count.open > 0 {
		st = set.Warn
	}
	gap := max(0, w-lead-kit.Width(left)-kit.Width(right)-2)
	line := set.Rule.Paint(strings.Repeat(th.Glyph.Rule, lead)) + st.Paint(left) + set.Rule.Paint(strings.Repeat(th.Glyph.Rule, gap))
	if right != "" {
		line += set.AccentBold.Paint(right)
	}
	return fit(line+set.Rule.Paint(strings.Repeat(th.Glyph.Rule, max(0, min(2, w-lead-kit.Width(left)-kit.Width(right)-gap)))), w, set)
}

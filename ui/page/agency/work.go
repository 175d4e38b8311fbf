package agency

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
	"hopthu/ui/read"
)

// slot is one of the lists: letters that wait, by who has them, then letters by state.
type slot struct {
	holder string // "" anybody, "-" nobody, else a wire address
	state  mail.WorkState
	word   string
	note   string
	count  int
}

// work is the view of who has which letter (QC 14.3).
type work struct {
	p      *Page
	slots  []slot
	at     int
	rows   kit.Rows[mail.LetterID]
	heads  map[mail.LetterID]mail.Head
	loaded bool
	busy   bool
	again  bool
	fault  *mail.Fault
	w, h   int
}

func newWork(p *Page) *work { return &work{p: p, heads: map[mail.LetterID]mail.Head{}} }

// slotsWidth is the column of lists; narrower pages have them in one line.
const (
	slotsWidth = 30
	wideFrom   = 96
)

func (v *work) contexts() []keys.Context {
	return []keys.Context{keys.Staffing, keys.Letters, keys.Moving}
}

func (v *work) actions() []keys.ID {
	out := []keys.ID{keys.WhoNext}
	if v.rows.Len() > 0 {
		out = append(out, keys.Open, keys.Take, keys.Assign, keys.GiveBack, keys.NoteWork, keys.Reply)
	}
	return out
}

func (v *work) whyNot(keys.ID) string { return "" }

func (v *work) resize(w, h int) { v.w, v.h = w, h }

type workMsg struct {
	counts frame.WorkCounts
	people []mail.Colleague
	ids    []mail.LetterID
	heads  []mail.Head
	at     slot
	err    error
}

type workLoader struct {
	desk    frame.Sharing
	all     frame.Desk
	account mail.AccountID
	at      slot
	window  int
	keep    []mail.LetterID
}

func (l workLoader) run(ctx context.Context) tea.Msg {
	out := workMsg{at: l.at}
	if out.counts, out.err = l.desk.CountWork(ctx, l.account); out.err != nil {
		return out
	}
	if people, err := l.desk.Colleagues(ctx, l.account); err == nil { // away from the office the letters are still there
		out.people = people
	}
	if out.ids, out.err = l.desk.ListWork(ctx, l.account, l.at.holder, l.at.state); out.err != nil {
		return out
	}
	out.heads, out.err = l.all.Heads(ctx, slices.Concat(l.keep, out.ids[:min(len(out.ids), l.window)]))
	return out
}

// missing are heads not there yet.
type missing struct {
	all frame.Desk
	ids []mail.LetterID
}

type missingMsg struct {
	heads []mail.Head
	err   error
}

func (m missing) run(ctx context.Context) tea.Msg {
	heads, err := m.all.Heads(ctx, m.ids)
	return missingMsg{heads, err}
}

func (v *work) current() slot {
	if v.at < len(v.slots) {
		return v.slots[v.at]
	}
	return slot{}
}

func (v *work) load() tea.Cmd {
	if v.busy {
		v.again = true
		return nil
	}
	v.busy, v.again = true, false
	return v.p.do(frame.AgencyWork, workLoader{v.p.desk, v.p.env.Desk, v.p.account, v.current(), 2 * max(v.h, 20), slices.Clone(v.rows.Visible())}.run)
}

func (v *work) take(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case workMsg:
		v.busy = false
		if m.err != nil {
			v.fault = mail.AsFault("read the work", m.err)
			if v.again { // something happened meanwhile: it may be mended
				return tea.Batch(frame.Noted(v.fault), v.load())
			}
			return frame.Noted(v.fault)
		}
		v.fault, v.loaded = nil, true
		v.fill(m.counts, m.people)
		if m.at.holder == v.current().holder && m.at.state == v.current().state {
			for _, h := range m.heads {
				v.heads[h.ID] = h
			}
			v.rows.SetIDs(m.ids)
		}
		if v.again {
			return v.load()
		}
	case missingMsg:
		if m.err != nil {
			return frame.Failed("read heads", m.err)
		}
		for _, h := range m.heads {
			v.heads[h.ID] = h
		}
	}
	return v.ask()
}

// ask reads the heads that are shown and not there yet.
func (v *work) ask() tea.Cmd {
	var ids []mail.LetterID
	for _, id := range v.rows.Visible() {
		if _, have := v.heads[id]; !have {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return v.p.do(frame.AgencyWork, missing{v.p.env.Desk, ids}.run)
}

// fill makes the lists anew; the one shown stays shown.
func (v *work) fill(c frame.WorkCounts, people []mail.Colleague) {
	o := &v.p.env.Words.Office
	was := v.current()
	all := 0
	for _, n := range c.ByHolder {
		all += n
	}
	v.slots = []slot{{word: o.Waiting, count: all}, {holder: "-", word: o.Nobody, count: c.ByHolder[""]}}
	me := v.p.seat.Me.Addr
	seen := map[string]bool{"": true}
	add := func(p mail.Person, note string) {
		if seen[p.Addr] {
			return
		}
		seen[p.Addr] = true
		name := kit.Clean(p.Name)
		if p.Addr == me {
			name = o.Me
		}
		v.slots = append(v.slots, slot{holder: p.Addr, word: name, note: note, count: c.ByHolder[p.Addr]})
	}
	add(v.p.seat.Me, "")
	for _, c := range people {
		note := ""
		if !c.Away.From.IsZero() {
			note = o.Away[c.Away.Kind]
		}
		add(c.Person, note)
	}
	for addr := range c.ByHolder { // whose delegation ended
		if !seen[addr] {
			add(mail.Person{Name: addr, Addr: addr}, o.Give.Ended)
		}
	}
	for _, s := range []mail.WorkState{mail.WorkOpen, mail.WorkDoing, mail.WorkAnswered, mail.WorkExcused} {
		v.slots = append(v.slots, slot{state: s, word: o.States[s], count: c.ByState[s]})
	}
	v.at = 0
	for i, s := range v.slots {
		if s.holder == was.holder && s.state == was.state {
			v.at = i
		}
	}
}

func (v *work) press(k keys.Press) tea.Cmd {
	if cmd, ok := v.p.acts.Press(k.Action, v.selection()); ok {
		return cmd
	}
	switch k.Action {
	case keys.WhoNext:
		return v.turn(1)
	case keys.WhoPrev:
		return v.turn(-1)
	case keys.Open:
		return v.open()
	}
	frame.Walk(&v.rows, k.Action)
	return v.ask()
}

func (v *work) open() tea.Cmd {
	id, ok := v.rows.Current()
	if !ok {
		return nil
	}
	return frame.Go(frame.OpenLetter{ID: id, Row: slices.Clone(v.rows.IDs())})
}

func (v *work) turn(n int) tea.Cmd {
	if len(v.slots) == 0 {
		return nil
	}
	v.at = (v.at + n + len(v.slots)) % len(v.slots)
	v.rows = kit.Rows[mail.LetterID]{}
	return v.load()
}

func (v *work) selection() read.Selection {
	s := read.Selection{Account: v.p.account}
	if id, ok := v.rows.Current(); ok {
		s.IDs = []mail.LetterID{id}
		if h, ok := v.heads[id]; ok {
			s.Heads = []mail.Head{h}
		}
	}
	return s
}

func (v *work) wide() bool { return v.w >= wideFrom }

func (v *work) mouse(m keys.Mouse) tea.Cmd {
	top := 2
	if v.wide() {
		top = 0
		if m.X < slotsWidth {
			if m.Kind == keys.Click && m.Y >= 0 && m.Y < len(v.slots) {
				return v.turn(m.Y - v.at)
			}
			return nil
		}
	}
	if frame.Point(&v.rows, m, top) {
		return v.open()
	}
	return v.ask()
}

func (v *work) draw(w, h int) []string {
	th := v.p.env.Theme
	blank := func(n int) string { return th.Page.Base.Paint(kit.Space(n)) }
	if v.fault != nil {
		return v.p.env.Empty(w, v.fault, "", "")
	}
	if !v.loaded {
		return v.p.env.Empty(w, nil, v.p.env.Words.Office.Loading, "")
	}
	if !v.wide() {
		head := []string{v.slotLine(w), kit.Rule(w, th.Page, th.Glyph)}
		return append(head, v.list(w, max(h-2, 0))...)
	}
	left := make([]string, 0, h)
	for i, s := range v.slots {
		if len(left) < h {
			left = append(left, v.slot(s, i == v.at))
		}
	}
	bar := make([]string, h)
	for i := range bar {
		bar[i] = th.Page.Rule.Paint(th.Glyph.Bar)
	}
	return kit.Beside(h, blank, []int{slotsWidth, 1, w - slotsWidth - 1}, left, bar, v.list(w-slotsWidth-1, h))
}

// slot is a line of the column of lists.
func (v *work) slot(s slot, on bool) string {
	th := v.p.env.Theme
	set, mark := th.Page, " "
	if on {
		set, mark = th.Sel, th.Glyph.Cursor
	}
	count := ""
	if s.count > 0 {
		count = v.p.env.Words.Count(s.count)
	}
	word := s.word
	if s.note != "" {
		word += " (" + s.note + ")"
	}
	style := set.Base
	if s.state != "" {
		style = set.Dim
	}
	return set.Accent.Paint(mark) + style.Paint(kit.Fit(word, slotsWidth-7)) + set.Dim.Paint(kit.FitLeft(count, 5)+" ")
}

// slotLine names the list that is shown and its neighbours, where there is no column for all.
func (v *work) slotLine(w int) string {
	th := v.p.env.Theme
	name := func(i int) string {
		s := v.slots[(i+len(v.slots))%len(v.slots)]
		text := s.word
		if s.note != "" {
			text += " (" + s.note + ")"
		}
		return fmt.Sprintf("%s %s", text, v.p.env.Words.Count(s.count))
	}
	here := " " + name(v.at) + " "
	rest := []string{}
	for i := 1; i < len(v.slots); i++ {
		rest = append(rest, name(v.at+i))
	}
	more := kit.Cut("  "+th.Glyph.Next+" "+strings.Join(rest, "  "+th.Glyph.Dot+"  "), max(w-kit.Width(here), 0))
	return th.Page.AccentBold.Paint(here) + th.Page.Dim.Paint(kit.Fit(more, max(w-kit.Width(here), 0)))
}

func (v *work) list(w, h int) []string {
	v.rows.SetHeight(max(h, 1))
	if v.rows.Len() == 0 {
		o := &v.p.env.Words.Office
		return v.p.env.Empty(w, nil, o.Empty, o.EmptyHint)
	}
	painter := read.NewPainter(v.p.env.Words, v.p.env.Theme, v.p.env.Now(), w).Shared(true)
	var out []string
	for i, id := range v.rows.Visible() {
		on := v.rows.Top()+i == v.rows.Index()
		head, ok := v.heads[id]
		if !ok {
			out = append(out, painter.Blank(on))
			continue
		}
		out = append(out, painter.Line(read.Row{Head: head, On: on}))
	}
	return out
}

package dispatch

import (
	"context"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// settled is the person's decision about a row; row is -1 for a recipient added by hand.
type settled struct {
	row   int
	yes   bool
	pick  *rule.Pick // nil: as it was read
	extra []mail.Address
	none  []rule.Listed // members of groups in extra that have no box
}

// settler is the dialog that asks who stands behind a row: candidates, the directory as one types, an address, or nobody.
type settler struct {
	page    frame.Env // whose question it is
	env     frame.Env // its own
	pageGen int
	desk    frame.Dispatching
	account mail.Account
	row     int
	entry   rule.Row
	field   kit.Field
	found   []rule.Match // what is offered
	marked  map[string]bool
	kept    []rule.Match // marked, in order
	items   []item
	list    kit.Choices
	asked   int
	busy    bool
	again   bool
	fault   *mail.Fault
	x, top  int
}

// item is one line that can be chosen.
type item struct {
	match   *rule.Match
	address string // typed
	skip    bool
	back    bool // as it was read
}

// settle asks about a row of the plan, or for a further recipient.
func (p *Page) settle(row int) tea.Cmd {
	s := &settler{page: p.env, env: p.env.Fresh(), pageGen: p.jobs.gen, desk: p.env.Desk, account: p.account, row: row, marked: map[string]bool{}}
	ask := ""
	if row >= 0 {
		s.entry = p.d.Plan.Rows[row]
		s.found = s.entry.Candidates
		if len(s.found) == 0 {
			ask = s.entry.Name
		}
	}
	s.fill()
	open := frame.Send(frame.Ask{Dialog: s})
	if ask == "" {
		return open
	}
	// In this order: an answer finds its dialog only once that is open.
	return tea.Sequence(open, s.find(ask))
}

func (p *Page) onSettled(m settled) tea.Cmd {
	switch {
	case !m.yes:
		return nil
	case m.row < 0:
		var cmds []tea.Cmd
		for _, a := range m.extra {
			cmds = append(cmds, p.addExtra(a))
		}
		if len(m.none) > 0 {
			cmds = append(cmds, frame.Tell(frame.Warn, p.missingWords(rule.Row{Missing: m.none})))
		}
		return tea.Batch(cmds...)
	}
	p.pick(m.row, m.pick)
	p.table.walk = m.pick != nil
	return p.changed()
}

// Owner implements frame.Answered.
func (s *settler) Owner() frame.OwnerID { return s.env.Owner }

// Title implements frame.Dialog.
func (s *settler) Title() string {
	if s.row < 0 {
		return s.env.Words.Dispatch.AddTitle
	}
	return kit.Cut(entryName(s.entry.Entry), 64)
}

// Contexts implements frame.Dialog.
func (s *settler) Contexts() []keys.Context {
	return []keys.Context{keys.Choose, keys.Field, keys.Viet}
}

// Actions implements frame.Dialog.
func (s *settler) Actions() []keys.ID { return []keys.ID{keys.Pick, keys.NextField, keys.Close} }

// Name implements frame.Naming.
func (s *settler) Name(id keys.ID) string {
	switch {
	case id == keys.NextField:
		return s.env.Words.Dispatch.Several
	case id == keys.Pick && len(s.kept) > 0:
		return say(s.env.Words.Dispatch.TakeMarked, len(s.kept))
	}
	return ""
}

// Cursor is where the field's cursor stands.
func (s *settler) Cursor() (x, y int, ok bool) { return s.x, s.top - 2, true }

type finder struct {
	desk    frame.Dispatching
	account mail.AccountID
	typed   string
	asked   int
}

type foundListed struct {
	list  []rule.Match
	asked int
	err   error
}

func (f finder) run(ctx context.Context) tea.Msg {
	list, err := f.desk.FindListed(ctx, f.account, f.typed)
	return foundListed{list, f.asked, err}
}

// find asks the directory; while one question is on its way the next one waits, so that a slow directory gets no pile.
func (s *settler) find(typed string) tea.Cmd {
	s.asked++
	if s.busy {
		s.again = true
		return nil
	}
	s.busy = true
	return s.env.Do(0, finder{s.desk, s.account.ID, typed, s.asked}.run)
}

func (s *settler) onFound(m foundListed) tea.Cmd {
	s.busy = false
	if s.again {
		s.again = false
		return s.ask()
	}
	if m.asked != s.asked {
		return nil
	}
	s.fault = nil
	if m.err != nil {
		s.fault = mail.AsFault("search directory", m.err)
	}
	s.found = m.list
	s.fill()
	return nil
}

// ask searches for what stands in the field, or shows the candidates again.
func (s *settler) ask() tea.Cmd {
	typed := strings.TrimSpace(s.field.Text())
	if typed == "" {
		s.asked++
		s.found = s.entry.Candidates
		s.fill()
		if len(s.found) == 0 && s.row >= 0 {
			return s.find(s.entry.Name)
		}
		return nil
	}
	s.fill()
	return s.find(typed)
}

// address is what was typed, if it is an address.
func (s *settler) address() string {
	typed := strings.TrimSpace(s.field.Text())
	local, domain, ok := strings.Cut(typed, "@")
	if !ok || local == "" || !strings.Contains(domain, ".") || strings.HasSuffix(domain, ".") || strings.HasPrefix(domain, ".") || strings.ContainsAny(typed, " ,;<>\"()") || strings.Contains(domain, "@") {
		return ""
	}
	return typed
}

// fill makes the lines. The cursor stands on the first match, and on nothing when only leaving out is offered: that takes
// a step of its own.
func (s *settler) fill() {
	w := &s.env.Words.Dispatch
	s.items = nil
	var rows []kit.Choice
	if a := s.address(); a != "" {
		s.items = append(s.items, item{address: a})
		rows = append(rows, kit.Choice{Main: say(w.SendTo, oneLine(a)), Note: s.outside(a)})
	}
	for i := range s.found {
		m := &s.found[i]
		s.items = append(s.items, item{match: m})
		rows = append(rows, s.describe(*m))
	}
	first := 0
	if len(rows) == 0 {
		first = -1
	}
	if s.row >= 0 && s.entry.State != rule.RowSkipped {
		s.items = append(s.items, item{skip: true})
		rows = append(rows, kit.Choice{Main: w.SkipRow, Detail: w.SkipMore})
	}
	if s.row >= 0 && (s.entry.State == rule.RowSkipped || s.entry.How == "chosen") {
		s.items = append(s.items, item{back: true})
		rows = append(rows, kit.Choice{Main: w.BackRow})
	}
	if first < 0 {
		s.list.Offer(rows)
		return
	}
	s.list.Set(rows)
}

func (s *settler) outside(addr string) string {
	if isOutside(addr, s.account) {
		return s.env.Words.Write.Compose.Outside
	}
	return ""
}

// describe tells a match from its namesakes, and says how sure it is.
func (s *settler) describe(m rule.Match) kit.Choice {
	w := &s.env.Words.Dispatch
	var about []string
	for _, t := range []string{m.Post, m.Unit, m.Address} {
		if t != "" {
			about = append(about, oneLine(t))
		}
	}
	if m.Kind == rule.ListedGroup {
		about = append(about, say(w.GroupOf, len(m.Members)))
	}
	name := oneLine(m.Name)
	if s.marked[m.Key] {
		name = s.env.Theme.Glyph.Marked + " " + name
	}
	how, ok := w.How[m.How]
	if !ok {
		how = w.HowElse
	}
	return kit.Choice{Main: name, Detail: strings.Join(about, ", "), Note: fmt.Sprintf("%s %d%%", how, m.Confidence)}
}

// Update implements frame.Dialog.
func (s *settler) Update(msg tea.Msg) (bool, tea.Cmd) {
	switch m := msg.(type) {
	case frame.Result:
		if f, ok := m.Msg.(foundListed); ok {
			return false, s.onFound(f)
		}
	case keys.Mouse:
		if frame.Point(&s.list, m, s.top) {
			return s.take()
		}
	case keys.Press:
		return s.press(m)
	}
	return false, nil
}

func (s *settler) press(m keys.Press) (bool, tea.Cmd) {
	switch m.Action {
	case keys.Close:
		return true, s.page.Reply(s.pageGen, settled{row: s.row})
	case keys.Pick:
		return s.take()
	case keys.NextField:
		s.mark()
	default:
		if frame.Walk(&s.list, m.Action) {
			return false, nil
		}
		old := s.field.Text()
		if s.env.Edit(&s.field, m) && s.field.Text() != old {
			return false, s.ask()
		}
	}
	return false, nil
}

// mark takes a match along with others.
func (s *settler) mark() {
	i := s.list.Index()
	if i < 0 || i >= len(s.items) || s.items[i].match == nil {
		return
	}
	m := *s.items[i].match
	if s.marked[m.Key] {
		delete(s.marked, m.Key)
		for k, have := range s.kept {
			if have.Key == m.Key {
				s.kept = append(s.kept[:k:k], s.kept[k+1:]...)
				break
			}
		}
	} else {
		s.marked[m.Key] = true
		s.kept = append(s.kept, m)
	}
	s.fill()
	s.list.MoveTo(i)
	s.list.Move(1)
}

// take answers with what is chosen.
func (s *settler) take() (bool, tea.Cmd) {
	i := s.list.Index()
	if len(s.kept) > 0 {
		return s.give(s.kept)
	}
	if i < 0 || i >= len(s.items) {
		return false, nil
	}
	reply := func(m settled) (bool, tea.Cmd) {
		m.row, m.yes = s.row, true
		return true, s.page.Reply(s.pageGen, m)
	}
	switch it := s.items[i]; {
	case it.skip:
		return reply(settled{pick: &rule.Pick{Skip: true}})
	case it.back:
		return reply(settled{})
	case it.address != "":
		return reply(settled{pick: &rule.Pick{Address: it.address}, extra: []mail.Address{{Addr: it.address}}})
	default:
		return s.give([]rule.Match{*it.match})
	}
}

// give answers with matches. What is added by hand needs a box, or is a group that has some.
func (s *settler) give(list []rule.Match) (bool, tea.Cmd) {
	pick := &rule.Pick{}
	var extra []mail.Address
	var none []rule.Listed
	for _, m := range list {
		pick.Keys = append(pick.Keys, m.Key)
		for _, b := range m.Boxes {
			extra = append(extra, mail.Address{Name: b.Name, Addr: b.Address})
		}
		none = append(none, m.Missing...)
		if m.Address != "" {
			extra = append(extra, mail.Address{Name: m.Name, Addr: m.Address})
		}
	}
	if s.row < 0 && len(extra) == 0 {
		return false, frame.Tell(frame.Warn, s.env.Words.Dispatch.NoBox)
	}
	return true, s.page.Reply(s.pageGen, settled{row: s.row, yes: true, pick: pick, extra: extra, none: none})
}

// View implements frame.Dialog.
func (s *settler) View(w, h int) []string {
	th := s.env.Theme
	box := th.Box
	words := &s.env.Words.Dispatch
	w = min(w, 74)
	var out []string
	if s.row >= 0 && h > 8 && s.entry.State != rule.RowUnknown {
		// What follows the first sentence tells of keys that type here.
		why, _, _ := strings.Cut(words.Explain[min(int(s.entry.State), len(words.Explain)-1)], ". ")
		for _, l := range kit.Wrap(why, w, 0) {
			out = append(out, box.Dim.Paint(kit.Fit(l, w)))
		}
	}
	look := kit.Look{Text: box.Base.Paint, Selected: th.Sel.Base.Paint, Hint: box.Dim.Paint}
	line, x := s.field.View(max(w-2, 1), words.SettleHint, look)
	s.x = x + 2
	out = append(out, box.AccentBold.Paint("/ ")+line, kit.Rule(w, box, th.Glyph))
	s.top = len(out)
	n := max(1, min(h-len(out), 8))
	note := ""
	switch {
	case s.fault != nil:
		said := s.env.Words.Fault(s.fault)
		note = said.What + " " + words.TypeAddress
	case s.busy && len(s.found) == 0:
		note = words.Searching
	case len(s.found) == 0 && s.address() == "":
		note = words.NobodyFits
	}
	var lines []string
	if note != "" {
		for _, l := range kit.Wrap(kit.Clean(note), max(1, w-2), 0) {
			lines = append(lines, box.Dim.Paint(kit.Fit(" "+l, w)))
		}
	}
	lines = lines[:min(len(lines), n-1)]
	out = append(out, lines...)
	s.top = len(out)
	out = append(out, s.list.View(w, max(1, n-len(lines)), th.Glyph.Cursor, look)...)
	return kit.Fill(out, min(h, max(len(out), 1)), box.Base.Paint(kit.Space(w)))
}

// isOutside reports whether an address is not of the account's own system: its domain and those below it.
func isOutside(addr string, a mail.Account) bool {
	own, theirs := mail.Address{Addr: a.Address}.Domain(), mail.Address{Addr: addr}.Domain()
	return own != "" && theirs != "" && theirs != own && !strings.HasSuffix(theirs, "."+own)
}

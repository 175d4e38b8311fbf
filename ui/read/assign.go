package read

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/words"
)

// assignField is what the keyboard types into.
type assignField uint8

const (
	assignWho assignField = iota
	assignDue
	assignText
)

// assign asks who gets letters, by when, and with what instruction (QC 14.3).
type assign struct {
	env    frame.Env
	count  int
	now    time.Time
	people []mail.Colleague
	folded []string
	who    kit.Field
	due    kit.Field
	text   kit.Field
	rows   kit.Rows[int]
	at     assignField
	fault  string
	x, y   int
}

// shownPeople is how many colleagues are shown at once.
const shownPeople = 8

func newAssign(env frame.Env, s Selection, list []mail.Colleague) *assign {
	a := &assign{env: env, count: len(s.IDs), now: env.Now().In(rule.Zone), people: list}
	for _, c := range list {
		a.folded = append(a.folded, kit.Fold(c.Name+" "+c.Post+" "+c.Addr))
	}
	a.filter()
	return a
}

func (a *assign) filter() {
	want := kit.Fold(a.who.Text())
	var ids []int
	for i, s := range a.folded {
		if kit.Match(want, s) {
			ids = append(ids, i)
		}
	}
	a.rows = kit.Rows[int]{}
	a.rows.SetIDs(ids)
	a.rows.SetHeight(shownPeople)
}

func (a *assign) Title() string {
	return words.Say(a.env.Words.Office.AssignTitle, a.env.Words.Count(a.count))
}

func (a *assign) Contexts() []keys.Context { return []keys.Context{keys.Dialog, keys.Field, keys.Viet} }

func (a *assign) Actions() []keys.ID {
	return []keys.ID{keys.Yes, keys.Down, keys.NextField, keys.Close}
}

// Name is the verb of Enter.
func (a *assign) Name(id keys.ID) string {
	switch id {
	case keys.Yes:
		return a.env.Words.Office.Act.Assign.Short
	case keys.Down:
		return a.env.Words.Act.Choose.Short
	}
	return ""
}

// Cursor is where one types.
func (a *assign) Cursor() (x, y int, ok bool) { return a.x, a.y, true }

func (a *assign) Update(msg tea.Msg) (bool, tea.Cmd) {
	switch m := msg.(type) {
	case keys.Mouse:
		frame.Point(&a.rows, m, 1)
	case keys.Press:
		switch m.Action {
		case keys.Close:
			return true, nil
		case keys.Yes:
			return a.accept()
		case keys.NextField:
			a.at = (a.at + 1) % 3
		case keys.PrevField:
			a.at = (a.at + 2) % 3
		default:
			if a.at == assignWho && frame.Walk(&a.rows, m.Action) {
				return false, nil
			}
			field := []*kit.Field{&a.who, &a.due, &a.text}[a.at]
			if a.env.Edit(field, m) {
				a.fault = ""
				if a.at == assignWho {
					a.filter()
				}
			}
		}
	}
	return false, nil
}

func (a *assign) accept() (bool, tea.Cmd) {
	i, ok := a.rows.Current()
	if !ok {
		a.at = assignWho
		return false, nil
	}
	out := assigned{to: a.people[i].Person, text: kit.NFC(strings.TrimSpace(a.text.Text()))}
	if typed := strings.TrimSpace(a.due.Text()); typed != "" {
		day, ok := parseDay(typed, a.now)
		switch {
		case !ok:
			a.at, a.fault = assignDue, a.env.Words.Reading.Defer.BadDate
			return false, nil
		case !day.After(a.now):
			a.at, a.fault = assignDue, a.env.Words.Reading.Defer.Past
			return false, nil
		}
		out.due = day
	}
	return true, a.env.Reply(0, out)
}

func (a *assign) View(w, _ int) []string {
	th, said := a.env.Theme, &a.env.Words.Office
	box := th.Box
	w = min(w, 72)
	look := kit.Look{Text: box.Base.Paint, Selected: th.Sel.Base.Paint, Hint: box.Dim.Paint}
	line, x := a.who.View(max(w-2, 1), said.AssignHint, look)
	if a.at == assignWho {
		a.x, a.y = x+2, 0
	}
	out := []string{box.AccentBold.Paint("/ ") + line}
	for n, i := range a.rows.Visible() {
		set, mark := box, " "
		if a.rows.Top()+n == a.rows.Index() {
			set, mark = th.Sel, th.Glyph.Cursor
		}
		c := a.people[i]
		main := kit.Cut(kit.Clean(c.Name), w/2)
		note := ColleagueNote(c, a.env.Words, a.now)
		out = append(out, set.Accent.Paint(mark+" ")+set.Base.Paint(main)+set.Dim.Paint(kit.Fit("  "+note, w-2-kit.Width(main))))
	}
	if a.rows.Len() == 0 {
		out = append(out, box.Dim.Paint(kit.Fit(" "+a.env.Words.Dialog.NothingFits, w)))
	}
	out = kit.Fill(out, 1+min(len(a.people), shownPeople), box.Base.Paint(kit.Space(w)))
	label := max(kit.Width(said.AssignDue), kit.Width(said.AssignText)) + 2
	soft := kit.Look{Text: th.Soft.Base.Paint, Selected: th.Sel.Base.Paint, Hint: th.Soft.Dim.Paint}
	for _, f := range []struct {
		at    assignField
		word  string
		hint  string
		field *kit.Field
	}{{assignDue, said.AssignDue, said.DueHint, &a.due}, {assignText, said.AssignText, said.TextHint, &a.text}} {
		style := box.Dim
		if a.at == f.at {
			style = box.AccentBold
		}
		line, x := f.field.View(w-label, f.hint, soft)
		if a.at == f.at {
			a.x, a.y = label+x, len(out)
		}
		out = append(out, style.Paint(kit.Fit(f.word, label))+line)
	}
	return append(out, box.Warn.Paint(kit.Fit(a.fault, w)))
}

// ColleagueNote says of a colleague what matters when work is given: whether he is away or here, what he has, what he may do, his post.
func ColleagueNote(c mail.Colleague, w *words.Words, now time.Time) string {
	o := &w.Office
	var parts []string
	switch {
	case !c.Away.From.IsZero():
		parts = append(parts, words.Say(o.AwayUntil, o.Away[c.Away.Kind], c.Away.Until.In(now.Location()).Format("02/01")))
	case c.Here:
		parts = append(parts, o.Here)
	}
	if c.Has > 0 {
		parts = append(parts, w.Count(c.Has)+" "+o.Waiting)
	}
	if c.Chief {
		parts = append(parts, o.Chief)
	} else if c.Scope < mail.ScopeAnswer {
		parts = append(parts, o.Scopes[c.Scope])
	}
	if c.Post != "" {
		parts = append(parts, kit.Clean(c.Post))
	}
	return strings.Join(parts, ", ")
}

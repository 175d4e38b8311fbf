package dialog

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// Left is the page's message when leave is to be recorded.
type Left struct{ Leave mail.Leave }

// Lines of the dialog.
const (
	leaveFrom = iota
	leaveUntil
	leaveKind
	leaveNote
	leaveLines
)

// leave asks from when until when somebody is away, and why.
type leave struct {
	env    frame.Env
	gen    int
	first  time.Time
	fields [leaveLines]kit.Field
	trip   bool
	at     int
	fault  string
	x, y   int
}

// TakeLeave asks for leave or a business trip; both days begin as first. The page gets Left with gen.
func TakeLeave(env frame.Env, gen int, first time.Time) frame.Dialog {
	d := &leave{env: env, gen: gen, first: first}
	d.fields[leaveFrom].SetText(first.Format("02/01/2006"))
	d.fields[leaveUntil].SetText(first.Format("02/01/2006"))
	return d
}

func (d *leave) Title() string { return d.env.Words.Duty.Leave.Title }

func (d *leave) Contexts() []keys.Context {
	if d.at == leaveNote {
		return []keys.Context{keys.Dialog, keys.Field, keys.Viet}
	}
	return []keys.Context{keys.Dialog, keys.Field}
}

func (d *leave) Actions() []keys.ID { return []keys.ID{keys.Yes, keys.Down, keys.Close} }

// Name is the verb of Enter.
func (d *leave) Name(id keys.ID) string {
	if id == keys.Yes {
		return d.env.Words.Duty.Leave.Save
	}
	return ""
}

// Cursor is where one types.
func (d *leave) Cursor() (x, y int, ok bool) { return d.x, d.y, d.at != leaveKind }

func (d *leave) Update(msg tea.Msg) (bool, tea.Cmd) {
	if m, ok := msg.(keys.Mouse); ok {
		if m.Kind == keys.Click && m.Y >= 0 && m.Y < leaveLines {
			if d.at == leaveKind && m.Y == leaveKind {
				d.trip = !d.trip
			}
			d.at = m.Y
		}
		return false, nil
	}
	m, ok := msg.(keys.Press)
	if !ok {
		return false, nil
	}
	switch m.Action {
	case keys.Close:
		return true, nil
	case keys.Yes:
		return d.accept()
	case keys.Down, keys.NextField:
		d.at = (d.at + 1) % leaveLines
		return false, nil
	case keys.Up, keys.PrevField:
		d.at = (d.at + leaveLines - 1) % leaveLines
		return false, nil
	}
	if d.at == leaveKind {
		if m.Action == keys.FieldLeft || m.Action == keys.FieldRight || m.Text == " " {
			d.trip = !d.trip
		}
		return false, nil
	}
	if d.env.Edit(&d.fields[d.at], m) {
		d.fault = ""
	}
	return false, nil
}

func (d *leave) accept() (bool, tea.Cmd) {
	w := d.env.Words.Duty.Leave
	from, ok := leaveDay(d.fields[leaveFrom].Text(), d.first)
	if !ok {
		d.at, d.fault = leaveFrom, w.BadDate
		return false, nil
	}
	until, ok := leaveDay(d.fields[leaveUntil].Text(), from)
	switch {
	case !ok:
		d.at, d.fault = leaveUntil, w.BadDate
		return false, nil
	case until.Before(from):
		d.at, d.fault = leaveUntil, w.Backwards
		return false, nil
	}
	l := mail.Leave{From: from, Until: until, Kind: d.kind(), Note: kit.NFC(strings.TrimSpace(d.fields[leaveNote].Text()))}
	return true, d.env.Reply(d.gen, Left{l})
}

func (d *leave) kind() string {
	if d.trip {
		return "trip"
	}
	return "leave"
}

// leaveDay reads "05/12/2026", or "5/12" of the year of near.
func leaveDay(s string, near time.Time) (time.Time, bool) {
	s = strings.NewReplacer("-", "/", ".", "/", " ", "").Replace(s)
	for _, layout := range []string{"2/1/2006", "2/1/06", "2/1"} {
		t, err := time.ParseInLocation(layout, s, rule.Zone)
		if err != nil {
			continue
		}
		if t.Year() == 0 {
			t = t.AddDate(near.Year(), 0, 0)
		}
		return t, true
	}
	return time.Time{}, false
}

func (d *leave) View(w, _ int) []string {
	th, said := d.env.Theme, d.env.Words.Duty.Leave
	w = min(w, 62)
	look := kit.Look{Text: th.Soft.Base.Paint, Selected: th.Sel.Base.Paint, Hint: th.Soft.Dim.Paint}
	const label = 18
	var out []string
	for i, word := range []string{said.From, said.Until, said.Kind, said.Note} {
		mark, lead := " ", th.Box.Dim
		if i == d.at {
			mark, lead = th.Glyph.Cursor, th.Box.AccentBold
		}
		left := lead.Paint(kit.Fit(mark+" "+word, label))
		if i == leaveKind {
			out = append(out, left+d.kinds(w-label))
			continue
		}
		hint := said.DateHint
		if i == leaveNote {
			hint = said.NoteHint
		}
		line, x := d.fields[i].View(w-label, hint, look)
		if i == d.at {
			d.x, d.y = label+x, i
		}
		out = append(out, left+line)
	}
	return append(out, th.Box.Warn.Paint(kit.Fit(d.fault, w)))
}

// kinds shows both, the chosen one in brackets.
func (d *leave) kinds(w int) string {
	set, said := d.env.Theme.Box, d.env.Words.Duty.Leave
	text := ""
	for _, k := range []string{"leave", "trip"} {
		if k == d.kind() {
			text += "[" + said.Kinds[k] + "]  "
		} else {
			text += " " + said.Kinds[k] + "   "
		}
	}
	return set.Base.Paint(kit.Fit(text, w))
}

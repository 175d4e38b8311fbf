package agency

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
	"hopthu/ui/words"
)

// delegations is the view of who may work in the box, by which document, from when to when (QC 14.1).
type delegations struct {
	p      *Page
	rows   kit.Rows[int64]
	list   map[int64]mail.Delegation
	loaded bool
	ending int64
	fault  *mail.Fault
	w, h   int
}

func newDelegations(p *Page) *delegations {
	return &delegations{p: p, list: map[int64]mail.Delegation{}}
}

func (v *delegations) contexts() []keys.Context {
	return []keys.Context{keys.Delegations, keys.Moving}
}

func (v *delegations) actions() []keys.ID {
	if v.p.seat.Scope < mail.ScopeHead {
		return nil
	}
	out := []keys.ID{keys.Authorize}
	if d, ok := v.current(); ok && v.standing(d) != over {
		out = append(out, keys.EndRight)
	}
	return out
}

func (v *delegations) whyNot(id keys.ID) string {
	if (id == keys.Authorize || id == keys.EndRight) && v.p.seat.Scope < mail.ScopeHead {
		return v.p.env.Words.Office.Give.HeadOnly
	}
	return ""
}

func (v *delegations) resize(w, h int) { v.w, v.h = w, h }

type (
	givenMsg struct {
		list []mail.Delegation
		err  error
	}
	gaveMsg struct {
		d   mail.Delegation
		err error
	}
	endMsg   struct{ reason string }
	endedMsg struct {
		name string
		err  error
	}
)

type giver struct {
	desk    frame.Sharing
	account mail.AccountID
	d       mail.Delegation
	reason  string
}

func (g giver) load(ctx context.Context) tea.Msg {
	list, err := g.desk.Delegations(ctx, g.account)
	return givenMsg{list, err}
}

func (g giver) give(ctx context.Context) tea.Msg {
	d, err := g.desk.Delegate(ctx, g.account, g.d)
	return gaveMsg{d, err}
}

func (g giver) end(ctx context.Context) tea.Msg {
	return endedMsg{g.d.Person.Name, g.desk.EndDelegation(ctx, g.account, g.d.ID, g.reason)}
}

func (v *delegations) load() tea.Cmd {
	return v.p.do(frame.AgencyDelegations, giver{desk: v.p.desk, account: v.p.account}.load)
}

func (v *delegations) take(msg tea.Msg) tea.Cmd {
	o := &v.p.env.Words.Office.Give
	switch m := msg.(type) {
	case givenMsg:
		if m.err != nil {
			v.fault = mail.AsFault("read delegations", m.err)
			return frame.Noted(v.fault)
		}
		v.fault, v.loaded = nil, true
		clear(v.list)
		slices.SortStableFunc(m.list, func(a, b mail.Delegation) int { return int(v.standing(a)) - int(v.standing(b)) })
		ids := make([]int64, len(m.list))
		for i, d := range m.list {
			ids[i] = d.ID
			v.list[d.ID] = d
		}
		v.rows.SetIDs(ids)
	case written:
		return v.p.do(frame.AgencyDelegations, giver{desk: v.p.desk, account: v.p.account, d: m.d}.give)
	case gaveMsg:
		if m.err != nil {
			return frame.Failed("delegate", m.err)
		}
		return tea.Batch(v.load(), frame.Tell(frame.Good, fmt.Sprintf(o.Done, kit.Clean(m.d.Person.Name))))
	case endMsg:
		d, ok := v.list[v.ending]
		if !ok {
			return nil
		}
		return v.p.do(frame.AgencyDelegations, giver{v.p.desk, v.p.account, d, m.reason}.end)
	case endedMsg:
		if m.err != nil {
			return frame.Failed("end delegation", m.err)
		}
		return tea.Batch(v.load(), frame.Tell(frame.Good, fmt.Sprintf(o.EndDone, kit.Clean(m.name))))
	}
	return nil
}

func (v *delegations) current() (mail.Delegation, bool) {
	id, ok := v.rows.Current()
	if !ok {
		return mail.Delegation{}, false
	}
	d, ok := v.list[id]
	return d, ok
}

func (v *delegations) press(k keys.Press) tea.Cmd {
	o := &v.p.env.Words.Office.Give
	switch k.Action {
	case keys.Authorize:
		return frame.Send(frame.Ask{Dialog: newGive(v.p.env, int(frame.AgencyDelegations), v.p.account)})
	case keys.EndRight:
		d, ok := v.current()
		if !ok || v.standing(d) == over {
			return nil
		}
		v.ending = d.ID
		return frame.Send(frame.Ask{Dialog: dialog.Prompt(v.p.env, int(frame.AgencyDelegations), fmt.Sprintf(o.EndTitle, kit.Clean(d.Person.Name)), o.EndLabel, "", func(s string, ok bool) tea.Msg {
			if s = strings.TrimSpace(s); !ok || s == "" {
				return nil
			}
			return endMsg{kit.NFC(s)}
		})})
	}
	frame.Walk(&v.rows, k.Action)
	return nil
}

func (v *delegations) mouse(m keys.Mouse) tea.Cmd {
	frame.Point(&v.rows, m, 1)
	return nil
}

// standing is how a delegation stands today; the order is that of the list.
type standing int

const (
	stands standing = iota
	ahead
	over
)

func (v *delegations) standing(d mail.Delegation) standing {
	now := v.p.env.Now()
	switch {
	case !d.Ended.IsZero(), !d.Until.IsZero() && !now.Before(d.Until.AddDate(0, 0, 1)):
		return over
	case now.Before(d.From):
		return ahead
	}
	return stands
}

func (v *delegations) state(d mail.Delegation) (string, func(theme.Set) theme.Style) {
	o := &v.p.env.Words.Office.Give
	switch s := v.standing(d); {
	case s == stands:
		return o.Stands, func(s theme.Set) theme.Style { return s.Good }
	case s == ahead:
		return o.Ahead, func(s theme.Set) theme.Style { return s.Warn }
	case !d.Ended.IsZero():
		return o.Ended, func(s theme.Set) theme.Style { return s.Dim }
	}
	return o.Over, func(s theme.Set) theme.Style { return s.Dim }
}

func (v *delegations) draw(w, h int) []string {
	env := v.p.env
	o, set := &env.Words.Office, env.Theme.Page
	switch {
	case v.fault != nil:
		return env.Empty(w, v.fault, "", "")
	case !v.loaded:
		return env.Empty(w, nil, o.Loading, "")
	case v.rows.Len() == 0:
		return env.Empty(w, nil, o.Give.Empty, o.Give.EmptyHint)
	}
	n := 0
	for _, d := range v.list {
		if v.standing(d) == stands {
			n++
		}
	}
	out := []string{set.Bold.Paint(kit.Fit(" "+words.Say(o.Give.Count, env.Words.Count(n)), w))}
	const facts = 5 // lines below the list
	v.rows.SetHeight(max(h-1-facts, 1))
	for i, id := range v.rows.Visible() {
		out = append(out, v.line(v.list[id], v.rows.Top()+i == v.rows.Index(), w))
	}
	out = kit.Fill(out, max(h-facts, 1), set.Base.Paint(kit.Space(w)))
	if d, ok := v.current(); ok && h > facts+2 {
		out = append(out, v.facts(d, w)...)
	}
	return out
}

func (v *delegations) line(d mail.Delegation, on bool, w int) string {
	th, o := v.p.env.Theme, &v.p.env.Words.Office
	set, mark := th.Page, " "
	if on {
		set, mark = th.Sel, th.Glyph.Cursor
	}
	name := kit.Clean(d.Person.Name)
	chief := ""
	if d.Chief {
		chief = o.Chief
	}
	state, style := v.state(d)
	nameWidth := max(min(w/4, 28), 12)
	base := set.Base
	if v.standing(d) == over {
		base = set.Dim
	}
	text := set.Accent.Paint(mark) + base.Paint(kit.Fit(" "+name, nameWidth)) + base.Paint(kit.Fit(" "+o.Scopes[d.Scope], 12)) + set.Accent.Paint(kit.Fit(chief, 16)) + style(set).Paint(kit.Fit(state, 18))
	rest := w - 1 - nameWidth - 12 - 16 - 18
	if rest < 8 {
		return kit.Cut(text, w)
	}
	return text + set.Dim.Paint(kit.Fit(v.span(d), rest))
}

// span is from when to when.
func (v *delegations) span(d mail.Delegation) string {
	o := &v.p.env.Words.Office
	if d.Until.IsZero() {
		return v.p.day(d.From) + " – " + o.Give.NoEnd
	}
	return v.p.day(d.From) + " – " + v.p.day(d.Until)
}

// facts tells of one delegation all that is kept.
func (v *delegations) facts(d mail.Delegation, w int) []string {
	env := v.p.env
	o, set := &env.Words.Office, env.Theme.Page
	lines := []string{
		fmt.Sprintf(o.Give.PaperLine, kit.Clean(d.Document), v.p.day(d.Dated)) + ", " + v.span(d),
		fmt.Sprintf(o.ScopeLine, o.Scopes[d.Scope]) + ": " + o.ScopeMore[d.Scope],
		fmt.Sprintf(o.Give.Given, v.by(d.GivenBy), v.stamp(d.Given)),
	}
	if !d.Ended.IsZero() {
		lines = append(lines, fmt.Sprintf(o.Give.EndedBy, v.by(d.EndedBy), v.stamp(d.Ended), kit.Clean(d.EndReason)))
	}
	out := []string{kit.Rule(w, set, env.Theme.Glyph)}
	for _, l := range lines {
		out = append(out, set.Dim.Paint(kit.Fit("  "+l, w)))
	}
	return out
}

// by names who gave or ended a delegation: nobody of the register is an administrator at the server itself.
func (v *delegations) by(p mail.Person) string {
	if p.Name == "" {
		return v.p.env.Words.Office.Give.Administrator
	}
	return kit.Clean(p.Name)
}

func (v *delegations) stamp(t time.Time) string {
	return t.In(v.p.env.Now().Location()).Format("02/01/2006 15:04")
}

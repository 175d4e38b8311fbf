package agency

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/form"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// give asks for a delegation: to whom, by which document, from when to when, with what scope (QC 14.1).
type give struct {
	env     frame.Env // of the page that asks
	own     frame.Env // the directory answers to the dialog itself
	gen     int
	account mail.AccountID
	f       form.Form
	clip    form.Clip
	asked   string // what the directory was asked for last
	fit     []mail.Contact
	waiting bool // Enter came before the directory answered
	fault   string
	x, y    int
	cursor  bool
}

// written is the answer.
type written struct{ d mail.Delegation }

// Rows of the form.
const (
	rowPerson   = "person"
	rowDocument = "document"
	rowDated    = "dated"
	rowFrom     = "from"
	rowUntil    = "until"
	rowScope    = "scope"
	rowChief    = "chief"
	rowSave     = "save"
)

// scopes that are given, in the order of the choice.
var scopes = []mail.Scope{mail.ScopeRead, mail.ScopeAnswer, mail.ScopeIssue, mail.ScopeManage}

func newGive(env frame.Env, gen int, account mail.AccountID) *give {
	o := &env.Words.Office
	w := &o.Give
	own := env
	own.Owner = env.NewOwner()
	g := &give{env: env, own: own, gen: gen, account: account}
	var names []string
	for _, s := range scopes {
		names = append(names, o.Scopes[s])
	}
	today := env.Now().Format("02/01/2006")
	from, dated := &form.Row{Key: rowFrom, Label: w.From, Hint: w.DateHint, Width: 12}, &form.Row{Key: rowDated, Label: w.Dated, Hint: w.DateHint, Width: 12}
	from.Field.SetText(today)
	dated.Field.SetText(today)
	g.f = form.Form{Typist: env.Typist, Rows: []*form.Row{
		{Key: rowPerson, Label: w.Person, Hint: w.PersonHint},
		{Key: rowDocument, Label: w.Document, Hint: w.DocumentHint},
		dated, from,
		{Key: rowUntil, Label: w.Until, Hint: w.UntilHint},
		{Key: rowScope, Kind: form.Choice, Label: w.Scope, Options: names, At: 1, Aside: o.ScopeMore[scopes[1]]},
		{Key: rowChief, Kind: form.Choice, Label: w.Chief, Options: []string{w.No, w.Yes}},
		{Key: rowSave, Kind: form.Button, Label: w.Save},
	}}
	for _, key := range []string{rowDocument, rowDated, rowFrom, rowUntil} {
		g.f.Row(key).Field.Plain = true
	}
	return g
}

// Owner implements frame.Answered.
func (g *give) Owner() frame.OwnerID { return g.own.Owner }

func (g *give) Title() string { return g.env.Words.Office.Give.Title }

func (g *give) Contexts() []keys.Context { return append(g.f.Contexts(), keys.Dialog) }

func (g *give) Actions() []keys.ID { return []keys.ID{keys.RowDo, keys.RowNext, keys.Close} }

// Name is the verb of Enter.
func (g *give) Name(id keys.ID) string {
	if id == keys.RowDo && g.f.Current().Key == rowSave {
		return g.env.Words.Office.Give.Save
	}
	return ""
}

// Cursor is where one types.
func (g *give) Cursor() (x, y int, ok bool) { return g.x, g.y, g.cursor }

type people struct {
	typed string
	list  []mail.Contact
	err   error
}

type asker struct {
	desk    frame.Desk
	account mail.AccountID
	typed   string
}

func (a asker) run(ctx context.Context) tea.Msg {
	list, err := a.desk.Complete(ctx, a.account, a.typed)
	return people{a.typed, list, err}
}

func (g *give) Update(msg tea.Msg) (bool, tea.Cmd) {
	switch m := msg.(type) {
	case frame.Result:
		if p, ok := m.Msg.(people); ok {
			return g.takePeople(p)
		}
	case keys.Mouse:
		if m.Kind == keys.Click {
			ev := g.f.Click(m.Y)
			return g.happened(ev)
		}
	case keys.Press:
		if m.Action == keys.Close {
			return true, nil
		}
		return g.happened(g.f.Press(m, &g.clip))
	}
	return false, nil
}

func (g *give) happened(ev form.Event) (bool, tea.Cmd) {
	if ev.Did != form.Nothing {
		g.fault = ""
	}
	if r := g.f.Row(rowScope); ev.Key == rowScope {
		r.Aside = g.env.Words.Office.ScopeMore[scopes[r.At]]
	}
	if ev.Do {
		return g.accept()
	}
	return false, g.look()
}

// look asks the directory for the person typed.
func (g *give) look() tea.Cmd {
	typed := strings.TrimSpace(g.f.Text(rowPerson))
	if typed == g.asked {
		return nil
	}
	g.asked, g.fit = typed, nil
	g.f.Row(rowPerson).Aside = ""
	if typed == "" {
		return nil
	}
	return g.own.Do(0, asker{g.env.Desk, g.account, typed}.run)
}

// takePeople shows who fits: one is taken, of several none is (D2).
func (g *give) takePeople(p people) (bool, tea.Cmd) {
	if p.typed != g.asked {
		return false, nil
	}
	g.fit = nil
	for _, c := range p.list {
		if c.Source == "directory" {
			g.fit = append(g.fit, c)
		}
	}
	aside, w := "", &g.env.Words.Office.Give
	switch len(g.fit) {
	case 0:
	case 1:
		aside = kit.Clean(g.fit[0].Address.Name + ", " + g.fit[0].Address.Addr)
	default:
		aside = fmt.Sprintf(w.Which, len(g.fit))
	}
	g.f.Row(rowPerson).Aside = aside
	if g.waiting {
		g.waiting = false
		return g.accept()
	}
	return false, nil
}

// accept answers when all is there; else it says what is missing and goes there.
func (g *give) accept() (bool, tea.Cmd) {
	w := &g.env.Words.Office.Give
	miss := func(row, why string) (bool, tea.Cmd) {
		g.f.Focus(row)
		g.fault = why
		return false, nil
	}
	d := mail.Delegation{Document: kit.NFC(strings.TrimSpace(g.f.Text(rowDocument))), Scope: scopes[g.f.Row(rowScope).At], Chief: g.f.Row(rowChief).At == 1}
	typed := strings.TrimSpace(g.f.Text(rowPerson))
	switch {
	case typed == "":
		return miss(rowPerson, w.NeedPerson)
	case len(g.fit) == 1:
		d.Person = mail.Person{Name: g.fit[0].Address.Name, Addr: strings.ToLower(g.fit[0].Address.Addr), Post: g.fit[0].Post}
	case len(g.fit) > 1:
		return miss(rowPerson, fmt.Sprintf(w.Which, len(g.fit)))
	case strings.Contains(typed, "@"):
		d.Person = mail.Person{Name: typed, Addr: strings.ToLower(typed)}
	default:
		return miss(rowPerson, w.NeedPerson)
	}
	if d.Document == "" {
		return miss(rowDocument, w.NeedDocument)
	}
	var ok bool
	if d.Dated, ok = g.date(rowDated); !ok {
		return miss(rowDated, w.BadDate)
	}
	if d.From, ok = g.date(rowFrom); !ok {
		return miss(rowFrom, w.BadDate)
	}
	if strings.TrimSpace(g.f.Text(rowUntil)) != "" {
		if d.Until, ok = g.date(rowUntil); !ok {
			return miss(rowUntil, w.BadDate)
		}
		if d.Until.Before(d.From) {
			return miss(rowUntil, w.Order)
		}
	}
	return true, g.env.Reply(g.gen, written{d})
}

// date reads a day: 5/12/2026, 05-12-26.
func (g *give) date(row string) (time.Time, bool) {
	s := strings.NewReplacer("-", "/", ".", "/", " ", "").Replace(strings.TrimSpace(g.f.Text(row)))
	for _, layout := range []string{"2/1/2006", "2/1/06"} {
		if t, err := time.ParseInLocation(layout, s, g.env.Now().Location()); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func (g *give) View(w, _ int) []string {
	th := g.env.Theme
	w = min(w, 76)
	lines, x, y, ok := g.f.View(w, g.f.Height(), th.Box, th.Soft, th.Sel, th.Glyph)
	g.x, g.y, g.cursor = x, y, ok
	return append(lines, th.Box.Warn.Paint(kit.Fit(g.fault, w)))
}

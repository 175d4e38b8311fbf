// Package password is the page of changing a password: the forced change of a first password (QC 13.1) and the free one.
//
// Laws: passwords leave it only in ChangePassword and SignIn; a forced change cannot be escaped into the mailbox; each
// rule is shown before it is broken.
package password

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/form"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
)

// Rows of the form.
const (
	oldRow   = "old"
	newRow   = "new"
	againRow = "again"
	doRow    = "change"
)

// rules are the codes of JudgePassword in the order in which they are shown, and that both fields agree.
var rules = []string{"short", "name", "old", "common", "same"}

type work uint8

const (
	idle work = iota
	changing
	signing
)

// Page is the page of changing a password.
type Page struct {
	env      frame.Env
	account  mail.Account
	forced   bool
	known    bool // the old password came from the page before
	form     form.Form
	clip     form.Clip
	broken   []string
	strength int
	shown    bool
	changed  bool // at the server; only signing in is left
	work     work
	gen      int
	fault    *mail.Fault
	say      string
	w, h     int
	x, y     int
	typing   bool
	formY    int
	then     frame.Target // opens when the box does
}

// New makes the page.
func New(env frame.Env, open frame.OpenPassword) frame.Page {
	p := &Page{env: env, account: open.Account, forced: open.Forced, known: open.Old != "", then: open.Then}
	p.rows()
	p.form.Row(oldRow).Field.SetText(open.Old)
	if p.known {
		p.form.Row(oldRow).Hidden = true
		p.form.Focus(newRow)
	}
	p.judge()
	return p
}

func (p *Page) rows() {
	w := &p.env.Words.Write.Password
	p.form.Rows = []*form.Row{
		{Key: oldRow, Kind: form.Input, Label: w.Old, Hint: w.OldHint},
		{Key: newRow, Kind: form.Input, Label: w.New, Hint: w.NewHint},
		{Key: againRow, Kind: form.Input, Label: w.Again, Hint: w.AgainHint, Submit: true},
		{Key: doRow, Kind: form.Button, Label: w.Change},
	}
	p.hide()
}

// hide shows letters or masks in all fields.
func (p *Page) hide() {
	for _, k := range []string{oldRow, newRow, againRow} {
		p.form.Row(k).Field.Secret, p.form.Row(k).Field.Plain = !p.shown, true
	}
}

// Init implements frame.Page.
func (p *Page) Init() tea.Cmd { return nil }

// Title implements frame.Page.
func (p *Page) Title() string { return p.env.Words.Write.Password.Title }

// Account implements frame.Owned.
func (p *Page) Account() mail.AccountID { return p.account.ID }

// Opens implements frame.Opening: it is known whose box it will be before it opens.
func (p *Page) Opens() mail.Account { return p.account }

// Contexts implements frame.Page.
func (p *Page) Contexts() []keys.Context {
	c := p.form.Contexts()
	if c[0] != keys.Secret && p.form.Current().Kind == form.Input {
		c = append([]keys.Context{keys.Secret}, c...) // the fields stay secret while they are shown
	}
	return c
}

// Actions implements frame.Page.
func (p *Page) Actions() []keys.ID {
	out := []keys.ID{keys.RowDo, keys.RowNext, keys.ShowSecret}
	if !p.forced {
		out = append(out, keys.Back)
	}
	return append(out, keys.Quit)
}

// Cursor implements frame.Cursored.
func (p *Page) Cursor() (x, y int, ok bool) { return p.x, p.y, p.typing }

// away are the actions that would lead past a forced change.
var away = []keys.ID{
	keys.Back, keys.Tab, keys.NextTab, keys.PrevTab, keys.GoToday, keys.GoBox, keys.GoDrafts, keys.GoOutbox, keys.GoSettings, keys.GoPassword,
	keys.Compose,
}

// WhyNot implements frame.Excusing: nothing leads past a forced change (QC 13.1).
func (p *Page) WhyNot(id keys.ID) string {
	if p.forced && slices.Contains(away, id) {
		return p.env.Words.Write.Password.Stay
	}
	return ""
}

// Leave implements frame.Leaving: while the server may be changing it, its word is waited for. A forced change may be
// left by quitting only; WhyNot keeps the other ways shut.
func (p *Page) Leave() tea.Cmd {
	if p.work == idle {
		return nil
	}
	return frame.Tell(frame.Note, p.env.Words.Write.Password.Working)
}

// Answers of the desk.
type (
	changedMsg struct{ err error }
	signedMsg  struct{ err error }
)

// Update implements frame.Page.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		p.w, p.h = m.W, m.H
	case frame.Restyled:
		p.rewords()
	case keys.Press:
		return p.press(m)
	case keys.Mouse:
		if m.Kind == keys.Click {
			return p.did(p.form.Click(m.Y - p.formY))
		}
	case frame.Result:
		if m.Gen != p.gen {
			return nil
		}
		switch r := m.Msg.(type) {
		case changedMsg:
			return p.onChanged(r.err)
		case signedMsg:
			return p.onSigned(r.err)
		}
	}
	return nil
}

func (p *Page) rewords() {
	old := p.form
	p.rows()
	for _, r := range p.form.Rows {
		o := old.Row(r.Key)
		r.Field, r.Hidden = o.Field, o.Hidden
	}
	p.form.Focus(old.Current().Key)
	p.judge()
}

func (p *Page) press(m keys.Press) tea.Cmd {
	if m.Action == keys.ShowSecret {
		p.shown = !p.shown
		p.hide()
		return nil
	}
	return p.did(p.form.Press(m, &p.clip))
}

func (p *Page) did(ev form.Event) tea.Cmd {
	switch ev.Did {
	case form.Copied:
		return frame.Send(frame.Copy{Text: p.clip.Text})
	case form.NoMarked: // Ctrl+C with nothing to copy means what it means elsewhere
		return frame.Send(frame.Perform{ID: keys.Quit})
	}
	if ev.Did == form.Changed {
		p.fault, p.say = nil, ""
		p.judge()
	}
	if ev.Do {
		return p.change()
	}
	return nil
}

// judge ticks the rules.
func (p *Page) judge() {
	w := &p.env.Words.Write.Password
	fresh, again := p.form.Text(newRow), p.form.Text(againRow)
	p.broken, p.strength = p.env.Desk.JudgePassword(p.account, p.form.Text(oldRow), fresh)
	if fresh == "" || fresh != again {
		p.broken = append(slices.Clone(p.broken), "same")
	}
	row := p.form.Row(againRow)
	set := p.env.Theme.Page
	switch {
	case again == "":
		row.Aside = ""
	case fresh == again:
		row.Aside, row.Tone = p.env.Theme.Glyph.Marked+" "+w.Match, set.Good
	case strings.HasPrefix(fresh, again):
		row.Aside, row.Tone = "…", set.Dim
	default:
		row.Aside, row.Tone = "! "+w.Differ, set.Warn
	}
}

func (p *Page) change() tea.Cmd {
	w := &p.env.Words.Write.Password
	if p.work != idle {
		return nil
	}
	if p.changed {
		return p.signIn()
	}
	if p.form.Text(oldRow) == "" {
		p.say = w.NeedOld
		p.form.Row(oldRow).Hidden = false
		p.form.Focus(oldRow)
		return nil
	}
	if len(p.broken) > 0 {
		var names []string
		for _, r := range rules {
			if slices.Contains(p.broken, r) {
				first, n := utf8.DecodeRuneInString(w.Rules[r])
				names = append(names, string(unicode.ToLower(first))+w.Rules[r][n:])
			}
		}
		p.say = fmt.Sprintf(w.NotYet, strings.Join(names, "; "))
		p.form.Focus(newRow)
		if len(p.broken) == 1 && p.broken[0] == "same" {
			p.form.Focus(againRow)
		}
		return nil
	}
	p.gen++
	p.work, p.fault, p.say = changing, nil, ""
	return p.env.Do(p.gen, changer{p.env.Desk, p.account, p.form.Text(oldRow), p.form.Text(newRow)}.run)
}

type changer struct {
	desk       frame.Desk
	account    mail.Account
	old, fresh string
}

func (c changer) run(ctx context.Context) tea.Msg {
	return changedMsg{c.desk.ChangePassword(ctx, c.account, c.old, c.fresh)}
}

func (p *Page) onChanged(err error) tea.Cmd {
	p.work = idle
	switch mail.KindOf(err) {
	case "":
	case mail.BadPassword:
		p.form.Row(oldRow).Hidden = false
		p.form.Focus(oldRow)
		p.form.Row(oldRow).Field.SelectAll()
		fallthrough
	default:
		p.fault = mail.AsFault("change password", err)
		return nil
	}
	p.changed = true
	if p.forced {
		return p.signIn()
	}
	return p.done()
}

func (p *Page) signIn() tea.Cmd {
	p.gen++
	p.work, p.fault, p.say = signing, nil, ""
	return p.env.Do(p.gen, signer{p.env.Desk, p.account, p.form.Text(newRow)}.run)
}

type signer struct {
	desk     frame.Desk
	account  mail.Account
	password string
}

func (s signer) run(ctx context.Context) tea.Msg {
	_, err := s.desk.SignIn(ctx, s.account, s.password)
	return signedMsg{err}
}

func (p *Page) onSigned(err error) tea.Cmd {
	p.work = idle
	if err != nil {
		p.fault = mail.AsFault("sign in", err)
		return nil
	}
	return p.done()
}

// done forgets what was typed and goes on.
func (p *Page) done() tea.Cmd {
	for _, k := range []string{oldRow, newRow, againRow} {
		p.form.Row(k).Field.SetText("")
	}
	say := &frame.Say{Text: p.env.Words.Write.Password.Done, Tone: frame.Good}
	if p.forced {
		p.forced = false
		if p.then != nil {
			return tea.Sequence(frame.Instead(frame.OpenToday{}), frame.Go(p.then), frame.Send(*say))
		}
		return tea.Sequence(frame.Instead(frame.OpenToday{}), frame.Send(*say))
	}
	return frame.Send(frame.Back{Force: true, Say: say})
}

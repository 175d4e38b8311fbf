package dialog

import (
	tea "github.com/charmbracelet/bubbletea"

	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// prompt asks for one line.
type prompt struct {
	env          frame.Env
	gen          int
	title, label string
	field        kit.Field
	answer       func(string, bool) tea.Msg
	x            int
}

// Prompt asks for one line of text, beginning with value. answer makes the page's message; ok is false when the person
// gave up; nil sends nothing.
func Prompt(env frame.Env, gen int, title, label, value string, answer func(text string, ok bool) tea.Msg) frame.Dialog {
	p := &prompt{env: env, gen: gen, title: title, label: label, answer: answer}
	p.field.SetText(value)
	return p
}

// Secret is a Prompt whose text is not shown.
func Secret(env frame.Env, gen int, title, label string, answer func(text string, ok bool) tea.Msg) frame.Dialog {
	p := &prompt{env: env, gen: gen, title: title, label: label, answer: answer}
	p.field.Secret = true
	return p
}

func (p *prompt) Title() string { return p.title }

func (p *prompt) Contexts() []keys.Context {
	if p.field.Secret {
		return []keys.Context{keys.Dialog, keys.Field}
	}
	return []keys.Context{keys.Dialog, keys.Field, keys.Viet}
}

func (p *prompt) Actions() []keys.ID { return []keys.ID{keys.Yes, keys.Close} }

// Cursor is where the field's cursor stands.
func (p *prompt) Cursor() (x, y int, ok bool) { return p.x, 1, true }

func (p *prompt) Update(msg tea.Msg) (bool, tea.Cmd) {
	m, ok := msg.(keys.Press)
	if !ok {
		return false, nil
	}
	switch m.Action {
	case keys.Yes:
		return true, p.reply(p.field.Text(), true)
	case keys.Close:
		return true, p.reply("", false)
	}
	p.env.Edit(&p.field, m)
	return false, nil
}

func (p *prompt) reply(s string, ok bool) tea.Cmd {
	if msg := p.answer(s, ok); msg != nil {
		return p.env.Reply(p.gen, msg)
	}
	return nil
}

func (p *prompt) View(w, _ int) []string {
	th := p.env.Theme
	w = min(w, 56)
	look := kit.Look{Text: th.Soft.Base.Paint, Selected: th.Sel.Base.Paint, Hint: th.Soft.Dim.Paint}
	line, x := p.field.View(w, "", look)
	p.x = x
	return []string{th.Box.Base.Paint(kit.Fit(kit.Clean(p.label), w)), line}
}

package dialog

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

// textWidth is how wide the text of a question is at most.
const textWidth = 62

// note is a text with at most one decision: a confirmation or a message.
type note struct {
	env     frame.Env
	gen     int
	title   string
	verb    string // of Yes; "" for the usual word
	paras   []string
	ask     bool
	top     int
	height  int
	total   int
	answer  func(bool) tea.Msg
	heading bool // each paragraph but the first begins with a word in bold, up to ": "
}

// Confirm asks one thing: Enter does it, Esc does not. answer makes the message that the page gets with gen; nil means
// nothing is sent.
func Confirm(env frame.Env, gen int, title, text string, answer func(yes bool) tea.Msg) frame.Dialog {
	return &note{env: env, gen: gen, title: title, paras: strings.Split(text, "\n"), ask: true, answer: answer}
}

// Do is Confirm with the verb of what will be done in the place of "OK".
func Do(env frame.Env, gen int, title, text, verb string, answer func(yes bool) tea.Msg) frame.Dialog {
	return &note{env: env, gen: gen, title: title, paras: strings.Split(text, "\n"), ask: true, answer: answer, verb: verb}
}

// Message tells something that must be read.
func Message(env frame.Env, title string, paras ...string) frame.Dialog {
	return &note{env: env, title: title, paras: paras}
}

// Fault tells what went wrong: what happened, what is safe, what to do now.
func Fault(env frame.Env, f *mail.Fault) frame.Dialog {
	w := env.Words
	said := w.Fault(f)
	paras := []string{said.What, "", w.Dialog.Safe + ": " + said.Safe, w.Dialog.Next + ": " + said.Next}
	if f.Kind == mail.Unknown {
		paras = append(paras, "", f.Error())
	}
	return &note{env: env, title: w.App.Trouble, paras: paras, heading: true}
}

func (n *note) Title() string { return n.title }

// Name is the verb of what Yes does.
func (n *note) Name(id keys.ID) string {
	if id == keys.Yes {
		return n.verb
	}
	return ""
}

func (n *note) Contexts() []keys.Context { return []keys.Context{keys.Dialog} }

func (n *note) Actions() []keys.ID {
	if n.ask {
		return []keys.ID{keys.Yes, keys.Close}
	}
	return []keys.ID{keys.Close}
}

func (n *note) Update(msg tea.Msg) (bool, tea.Cmd) {
	p, ok := msg.(keys.Press)
	if !ok {
		return false, nil
	}
	switch p.Action {
	case keys.Yes:
		return true, n.reply(true)
	case keys.Close:
		return true, n.reply(false)
	case keys.Down:
		n.top++
	case keys.Up:
		n.top--
	case keys.PageDown:
		n.top += n.height
	case keys.PageUp:
		n.top -= n.height
	}
	n.top = max(min(n.top, n.total-n.height), 0)
	return false, nil
}

func (n *note) reply(yes bool) tea.Cmd {
	if n.answer == nil {
		return nil
	}
	if msg := n.answer(yes); msg != nil {
		return n.env.Reply(n.gen, msg)
	}
	return nil
}

func (n *note) View(w, h int) []string {
	w = min(w, textWidth)
	box := n.env.Theme.Box
	var out []string
	for i, p := range n.paras {
		p = kit.Clean(p)
		head, _, ok := strings.Cut(p, ": ")
		for j, l := range kit.Wrap(p, w, 0) {
			if n.heading && ok && i > 0 && j == 0 && strings.HasPrefix(l, head+": ") {
				out = append(out, box.Bold.Paint(head+":")+box.Base.Paint(l[len(head)+1:]))
				continue
			}
			out = append(out, style(box, n.heading && i == 0).Paint(l))
		}
	}
	n.total, n.height = len(out), min(h, len(out))
	n.top = max(min(n.top, n.total-n.height), 0)
	return out[n.top : n.top+n.height]
}

func style(set theme.Set, bold bool) theme.Style {
	if bold {
		return set.Bold
	}
	return set.Base
}

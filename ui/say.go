package ui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

// sayTime is how long a line stays, and sayLeast how long it stays at least when its page is left: what is said while
// leaving is meant for the page that comes.
const (
	sayTime  = 10 * time.Second
	sayLeast = time.Second
)

// sayMost is how many lines a thing said may take.
const sayMost = 4

// said is what stands above the bottom bar.
type said struct {
	text string
	tone frame.Tone
	undo bool
	back mail.OutboxID // the letter that undo takes out of the outbox
	n    int
	at   time.Time
}

type unsay struct{ n int }

func (a *App) say(m frame.Say) tea.Cmd {
	a.said = said{text: m.Text, tone: m.Tone, undo: m.Undo, back: m.Recall, n: a.said.n + 1, at: a.shell.Now()}
	return a.opt.Timer(sayTime, unsay{a.said.n})
}

// hush takes away what was said on a page that is left. What can be undone, and what went wrong, stays its time.
func (a *App) hush() {
	if !a.said.undo && a.said.tone != frame.Bad && a.shell.Now().Sub(a.said.at) >= sayLeast {
		a.said.text = ""
	}
}

// sayLines is the rule above the keys; what was said stands in it, on as many lines as it needs.
func (a *App) sayLines() []string {
	th := a.shell.Theme
	if a.said.text == "" {
		return []string{kit.Rule(a.w, th.Page, th.Glyph)}
	}
	set := th.Page
	style := [...]theme.Style{frame.Note: set.Accent, frame.Good: set.Good, frame.Warn: set.Warn, frame.Bad: set.Danger}[a.said.tone]
	hint := a.sayHint()
	lines := kit.Wrap(a.said.text, a.w-6, 0)
	if kit.Width(lines[len(lines)-1])+kit.Width(hint) > a.w-6 {
		lines = append(lines, "")
	}
	if len(lines) > sayMost {
		lines = lines[:sayMost]
		lines[sayMost-1] += "…"
	}
	out := make([]string, 0, len(lines))
	for i, text := range lines {
		tail := ""
		if i == len(lines)-1 {
			tail = hint
		}
		text = kit.Cut(text, a.w-6-kit.Width(tail))
		rest := max(a.w-4-kit.Width(text)-kit.Width(tail), 0)
		line := set.Rule.Paint(strings.Repeat(th.Glyph.Rule, 2)+" ") + style.Paint(text) + set.AccentBold.Paint(tail)
		if i == 0 {
			line += set.Rule.Paint(" " + strings.Repeat(th.Glyph.Rule, rest))
		} else {
			line = set.Base.Paint("   ") + style.Paint(text) + set.AccentBold.Paint(tail) + set.Base.Paint(kit.Space(rest+1))
		}
		out = append(out, line)
	}
	return out
}

// sayHint is the key that goes with what was said.
func (a *App) sayHint() string {
	w := a.shell.Words
	switch _, open := a.dialogs.Top(); {
	case open: // what undoes does not work there
		return ""
	case a.said.undo:
		if key := a.shell.Keys.Label(w, keys.Undo, a.contexts()); key != "" {
			return "   " + key + " " + w.Act.Undo.Short
		}
	case a.said.tone == frame.Bad:
		return "   ! " + w.Act.Why.Short
	}
	return ""
}

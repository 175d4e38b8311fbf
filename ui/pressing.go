package ui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/words"
)

// pressing is what the daily duty presses for now (QC 9).
type pressing struct {
	mail.Pressing
	loading bool
	again   bool
	soon    bool // it will be looked again by itself
}

// The first look waits until the screen stands; while changes keep coming it is looked again after a pause.
const (
	pressFirst = time.Second
	pressPause = 5 * time.Second
)

type (
	repress struct{}
	pressed struct {
		now mail.Pressing
		err error
	}
)

// loadPressing asks outside the loop; wishes that come meanwhile are merged into one.
func (a *App) loadPressing() tea.Cmd {
	if a.pressing.loading {
		a.pressing.again = true
		return nil
	}
	if len(a.accounts) == 0 {
		return nil
	}
	a.pressing.loading = true
	return pressAsking{a.opt.Desk}.load(a.ctx)
}

type pressAsking struct{ desk frame.Desk }

func (p pressAsking) load(ctx context.Context) tea.Cmd {
	return func() tea.Msg {
		now, err := p.desk.Pressing(ctx)
		return pressed{now, err}
	}
}

// pressSoon looks again after a pause: letters changed.
func (a *App) pressSoon() tea.Cmd {
	if a.pressing.soon {
		return nil
	}
	a.pressing.soon = true
	return a.opt.Timer(pressPause, repress{})
}

// takePressing tells what has become due or overdue since it was last told: the desk tells of each letter once a day.
func (a *App) takePressing(m pressed) tea.Cmd {
	again := a.pressing.again
	a.pressing.loading, a.pressing.again = false, false
	var cmds []tea.Cmd
	if again {
		cmds = append(cmds, a.pressSoon())
	}
	if m.err != nil { // the page of the day has the same fault to tell
		a.fault = mail.AsFault("look what is due", m.err)
		return tea.Batch(cmds...)
	}
	a.pressing.Pressing = m.now
	if text := a.pressWords(m.now); text != "" {
		a.notify(text)
		if a.said.text == "" { // what the person has just done matters more
			cmds = append(cmds, a.say(frame.Say{Text: text, Tone: frame.Warn}))
		}
	}
	return tea.Batch(cmds...)
}

func (a *App) pressWords(p mail.Pressing) string {
	w := a.shell.Words.Duty
	switch over, due := len(p.NewOver), len(p.NewDue); {
	case over > 0 && due > 0:
		return words.Say(w.NowBoth, over, due)
	case over > 0:
		return words.Say(w.NowOver, over)
	case due > 0:
		return words.Say(w.NowDue, due)
	}
	return ""
}

// notify tells something at the terminal, where the person is elsewhere.
func (a *App) notify(text string) {
	if how := a.shell.Settings.Notify; how != "off" && how != "" {
		if err := a.opt.Terminal.Notify(how, a.shell.Words.App.Name, text); err != nil {
			a.fault = mail.AsFault("notify", err)
		}
	}
}

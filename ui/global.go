package ui

import (
	"errors"
	"fmt"
	"os"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/theme"
	"hopthu/ui/words"
)

// Answers to the root's own dialogs and commands.
type (
	quitNow struct{}
	picked  struct{ id keys.ID }
	undone  struct {
		action string
		err    error
	}
	recalled struct {
		letter mail.DraftLetter
		err    error
	}
)

func (a *App) own(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case quitNow:
		return a.quit()
	case picked:
		return a.dispatch(keys.Press{Action: m.id}, a.contexts())
	case recalled:
		if m.err != nil {
			return frame.Failed("take letter back", m.err)
		}
		return a.open(frame.Open{Target: frame.Written(m.letter)})
	case undone:
		w := a.shell.Words.App
		switch {
		case m.err != nil:
			return frame.Failed("undo", m.err)
		case m.action == "":
			return a.say(frame.Say{Text: w.NothingToUndo})
		}
		return a.say(frame.Say{Text: fmt.Sprintf(w.Undone, a.actionWord(m.action)), Tone: frame.Good})
	}
	return nil
}

// actionWord puts the name of an undone act into words; the desk names it by the id of its action.
func (a *App) actionWord(name string) string {
	if act := a.shell.Keys.Word(a.shell.Words, keys.ID(name)); act.Short != "" {
		return act.Short
	}
	return name
}

// perform does a global action.
func (a *App) perform(id keys.ID) tea.Cmd {
	switch id {
	case keys.Help:
		return a.open(frame.Open{Target: frame.OpenHelp{Contexts: a.contexts()}})
	case keys.Palette:
		a.dialogs.Push(a.palette(), false, a.shell.Now())
	case keys.Back:
		return a.back(frame.Back{})
	case keys.Compose:
		return a.open(frame.Open{Target: frame.OpenCompose{Account: a.account}})
	case keys.Undo:
		if a.said.text != "" && a.said.back != 0 {
			return a.recall()
		}
		return a.undo
	case keys.NextTab:
		return a.step(1)
	case keys.PrevTab:
		return a.step(-1)
	case keys.GoToday:
		return a.show(frame.Tab{Kind: "today"})
	case keys.GoBox:
		return a.show(frame.Tab{Kind: "box", Account: a.owner().ID})
	case keys.GoDrafts:
		return a.show(frame.Tab{Kind: "drafts"})
	case keys.GoOutbox:
		return a.show(frame.Tab{Kind: "outbox"})
	case keys.GoDispatch:
		return a.show(frame.Tab{Kind: "dispatch"})
	case keys.GoRegister:
		if s := a.top(); s != nil {
			if t, ok := s.page.(frame.Tabbed); ok && t.Tab().Kind == "register" {
				return nil // it is open
			}
		}
		return a.open(frame.Open{Target: frame.OpenRegister{}})
	case keys.GoAgency:
		if s := a.top(); s != nil {
			if t, ok := s.page.(frame.Tabbed); ok && t.Tab().Kind == "agency" {
				return nil // it is open
			}
		}
		return a.open(frame.Open{Target: frame.OpenAgency{Account: a.account}})
	case keys.GoYear:
		if s := a.top(); s != nil {
			if t, ok := s.page.(frame.Tabbed); ok && t.Tab().Kind == "year" {
				return nil // it is open
			}
		}
		return a.open(frame.Open{Target: frame.OpenYear{Account: a.owner().ID}})
	case keys.GoSettings:
		return a.open(frame.Open{Target: frame.OpenSettings{}})
	case keys.GoRules:
		return a.open(frame.Open{Target: frame.OpenRegulation{}})
	case keys.GoPassword:
		return a.open(frame.Open{Target: frame.OpenPassword{Account: a.owner()}})
	case keys.Refresh:
		for _, acc := range a.accounts {
			a.opt.Desk.Refresh(acc.ID)
		}
		return a.say(frame.Say{Text: a.shell.Words.App.Syncing})
	case keys.Why:
		return a.why()
	case keys.Redraw:
		return tea.ClearScreen
	case keys.Suspend:
		if a.opt.Stays {
			return frame.Tell(frame.Warn, a.shell.Words.App.NoSuspend)
		}
		return tea.Sequence(a.hideCursor(), tea.Suspend)
	case keys.Quit:
		return a.askQuit()
	}
	return nil
}

// recall takes the letter that was just sent out of the outbox and opens it again.
func (a *App) recall() tea.Cmd {
	id := a.said.back
	a.said.text = ""
	return func() tea.Msg {
		d, err := a.opt.Desk.Recall(a.ctx, id)
		return frame.Result{Msg: recalled{d, err}}
	}
}

func (a *App) undo() tea.Msg {
	action, err := a.opt.Desk.Undo(a.ctx)
	return frame.Result{Msg: undone{action, err}}
}

// why shows the fault of the account that is shown, or else the last one mentioned.
func (a *App) why() tea.Cmd {
	for _, s := range a.status {
		if s.Account == a.owner().ID && s.Fault != nil {
			return a.mend(s.Fault)
		}
	}
	if a.fault != nil {
		return frame.Send(frame.Fail{Fault: a.fault})
	}
	return nil
}

// note keeps a fault for why; one that nobody foresaw goes to the log, once however often it is shown.
func (a *App) note(f *mail.Fault) {
	if f != a.fault && f.Kind == mail.Unknown && a.opt.Log != nil {
		a.opt.Log.Error("not foreseen", "op", f.Op, "err", f.Err)
	}
	a.fault = f
}

// mend tells what stopped an account, and opens the page where it can be mended, if there is one.
func (a *App) mend(f *mail.Fault) tea.Cmd {
	acc := a.owner()
	said := frame.Say{Text: a.shell.Words.Fault(cleanFault(f)).What, Tone: frame.Warn}
	switch f.Kind {
	case mail.BadPassword:
		return tea.Batch(a.say(said), a.open(frame.Open{Target: frame.OpenStart{Account: &acc}}))
	case mail.MustChange:
		return tea.Batch(a.say(said), a.open(frame.Open{Target: frame.OpenPassword{Account: acc, Forced: true}}))
	}
	return frame.Send(frame.Fail{Fault: f})
}

// palette offers every action that works here.
func (a *App) palette() frame.Dialog {
	w, in := a.shell.Words, a.contexts()
	var items []dialog.Item
	var ids []keys.ID
	add := func(local bool) {
		for _, act := range a.shell.Keys.All() {
			if act.Hidden || act.ID == keys.Palette || act.ID == keys.Tab || !a.shell.Keys.Valid(act.ID, in) || local == a.global(act.ID, in) {
				continue
			}
			word := act.Word(w)
			items = append(items, dialog.Item{Main: word.Long, Note: a.shell.Keys.Label(w, act.ID, in), Also: word.Short + " " + string(act.ID)})
			ids = append(ids, act.ID)
		}
	}
	add(true)
	add(false)
	return dialog.Commands(a.env(), 0, w.Help.Palette, w.Help.PaletteHint, items, func(i int) tea.Msg {
		if i < 0 {
			return nil
		}
		return picked{ids[i]}
	})
}

func (a *App) askQuit() tea.Cmd {
	w := a.shell.Words.App
	text := w.QuitText
	if a.counts.outbox > 0 {
		text = words.Say(w.QuitOutbox, a.shell.Words.Count(a.counts.outbox))
	}
	a.dialogs.Push(dialog.Do(a.env(), 0, w.Quit, text, a.shell.Words.Act.Quit.Short, func(yes bool) tea.Msg {
		if yes {
			return quitNow{}
		}
		return nil
	}), false, a.shell.Now())
	return nil
}

// quit closes what is open first: a page that is being written in saves itself.
func (a *App) quit() tea.Cmd {
	if cmd := a.leaveAll(frame.Result{Msg: quitNow{}}); cmd != nil {
		return cmd
	}
	a.cancel()
	return tea.Sequence(a.hideCursor(), tea.Quit)
}

func (a *App) hideCursor() tea.Cmd {
	return func() tea.Msg {
		if err := a.opt.Terminal.Cursor(0, 0, false); err != nil {
			return frame.Fail{Fault: mail.AsFault("hide cursor", err)}
		}
		return nil
	}
}

func (a *App) copyText(text string) tea.Cmd {
	w := a.shell.Words.App
	whole, err := a.opt.Terminal.Copy(text)
	switch {
	case err != nil:
		return frame.Failed("copy", err)
	case !whole:
		return a.say(frame.Say{Text: w.Copied + " (…)", Tone: frame.Warn})
	}
	return a.say(frame.Say{Text: w.Copied + ". " + w.CopiedNote, Tone: frame.Good})
}

// execute gives the terminal to another program. It gets the terminal's own files: Bubble Tea would otherwise copy the
// input and wait for one more key.
func (a *App) execute(m frame.Execute) tea.Cmd {
	if m.Cmd == nil {
		return frame.Failed("run program", errors.New("no program"))
	}
	if m.Cmd.Stdin == nil {
		m.Cmd.Stdin = os.Stdin
	}
	if m.Cmd.Stdout == nil {
		m.Cmd.Stdout = os.Stdout
	}
	if m.Cmd.Stderr == nil {
		m.Cmd.Stderr = os.Stderr
	}
	return tea.Sequence(a.hideCursor(), tea.ExecProcess(m.Cmd, func(err error) tea.Msg {
		return frame.Result{Owner: m.Owner, Gen: m.Gen, Msg: m.Done(err)}
	}))
}

// apply takes new settings over.
func (a *App) apply(s mail.Settings) tea.Cmd {
	a.shell.Settings = s
	a.shell.Words = wordsFor(s)
	a.shell.Typist.Use(s.Typing, s.Tones)
	a.restyle()
	return tea.Batch(a.applyMouse(), a.broadcast(frame.Restyled{}))
}

// wordsFor are the words in the language and the signs that were chosen.
func wordsFor(s mail.Settings) *words.Words {
	w := words.Of(s.Language)
	if s.ASCII {
		return w.Plain()
	}
	return w
}

func (a *App) applyMouse() tea.Cmd {
	if a.shell.Settings.Mouse {
		return tea.EnableMouseCellMotion
	}
	return tea.DisableMouse
}

func (a *App) restyle() {
	s := a.shell.Settings
	a.shell.Theme = theme.New(theme.Name(strings.ToLower(s.Theme)), a.opt.Depth, s.ASCII, a.owner().Official)
}

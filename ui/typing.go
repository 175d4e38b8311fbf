package ui

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

// endsWord reports whether a press ends the word that is being typed: all but typing itself, and what works on that word.
func (a *App) endsWord(p keys.Press) bool {
	if !a.shell.Typist.Busy() {
		return false
	}
	switch p.Action {
	case "":
		return p.Paste
	case keys.TextErase, keys.Erase, keys.TypeRestore, keys.TypeToggle:
		return false
	}
	return true
}

// wordEnd lets the field in focus end its word, so that no word is sent, searched for or left behind half made. If the
// word belongs elsewhere it is forgotten.
func (a *App) wordEnd(in []keys.Context) tea.Cmd {
	cmd := a.give(keys.Press{Action: keys.WordEnd}, in)
	a.shell.Typist.Forget()
	return cmd
}

// toggleTyping switches between VI and EN.
func (a *App) toggleTyping() tea.Cmd {
	if state, _ := a.shell.Typist.State(); state == kit.TypistNone {
		return a.say(frame.Say{Text: a.shell.Words.App.TypingNone, Tone: frame.Note})
	}
	a.shell.Typist.Toggle()
	return nil
}

// typingState says what keys become, where a field has the focus that composes them: "VI Telex", "EN".
func (a *App) typingState() (text string, st theme.Style) {
	set, w := a.shell.Theme.Page, a.shell.Words.App
	if !slices.Contains(a.contexts(), keys.Viet) {
		return "", set.Dim
	}
	switch state, method := a.shell.Typist.State(); state {
	case kit.TypistOn:
		return fmt.Sprintf(w.Typing, w.Methods[method]), set.Accent
	case kit.TypistOff:
		return w.TypingOff, set.Dim
	case kit.TypistYielded:
		return w.TypingYielded, set.Dim
	}
	return "", set.Dim
}

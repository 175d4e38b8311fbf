package password_test

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/ui/frame"
	"hopthu/ui/keys"
)

// blank stands for the page that opens after.
type blank struct{}

func home(frame.Env, frame.OpenToday) frame.Page { return blank{} }

func (blank) Init() tea.Cmd            { return nil }
func (blank) Update(tea.Msg) tea.Cmd   { return nil }
func (blank) Contexts() []keys.Context { return []keys.Context{keys.Today} }
func (blank) Actions() []keys.ID       { return nil }
func (blank) Title() string            { return "HOME" }
func (blank) Tab() frame.Tab           { return frame.Tab{Kind: "today"} }
func (blank) View(w, h int) []string {
	out := make([]string, h)
	for i := range out {
		out[i] = strings.Repeat(" ", w)
	}
	if w > 4 {
		out[0] = "HOME" + out[0][4:]
	}
	return out
}

package drafts_test

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/ui/frame"
	"hopthu/ui/keys"
)

// blank stands for another page: it shows its name.
type blank struct{ name string }

func (b blank) Init() tea.Cmd            { return nil }
func (b blank) Update(tea.Msg) tea.Cmd   { return nil }
func (b blank) Contexts() []keys.Context { return []keys.Context{keys.Plain} }
func (b blank) Actions() []keys.ID       { return nil }
func (b blank) Title() string            { return b.name }
func (b blank) View(w, h int) []string {
	out := make([]string, h)
	for i := range out {
		out[i] = strings.Repeat(" ", w)
	}
	out[0] = b.name + out[0][min(w, len(b.name)):]
	return out
}

func today(frame.Env, frame.OpenToday) frame.Page { return blank{"HOME"} }

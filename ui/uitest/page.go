package uitest

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// Lines of the frame around a page: what stands above and below it is tested in ui.
const (
	headLines = 3
	footLines = 2
)

// GoldenPage is Golden without the lines around the page.
func (s *Screen) GoldenPage(name string) {
	s.T.Helper()
	s.Exact()
	lines := strings.Split(strings.TrimSuffix(s.Frame(), "\n"), "\n")
	body := lines[min(headLines, len(lines)):max(headLines, len(lines)-footLines)]
	Golden(s.T, fmt.Sprintf("%s.%dx%d.txt", name, s.w, s.h), strings.Join(body, "\n")+"\n")
}

// GoldenPageStyled is GoldenPage with the styles, in testdata/NAME.WxH.ansi.
func (s *Screen) GoldenPageStyled(name string) {
	s.T.Helper()
	s.Exact()
	lines := strings.Split(strings.TrimSuffix(s.Styled(), "\n"), "\n")
	body := lines[min(headLines, len(lines)):max(headLines, len(lines)-footLines)]
	Golden(s.T, fmt.Sprintf("%s.%dx%d.ansi", name, s.w, s.h), strings.Join(body, "\n")+"\n")
}

// Blank stands for another page: it shows its name.
func Blank(name string) frame.Page { return blank(name) }

// Home stands for the day's desk: it shows HOME.
func Home(frame.Env, frame.OpenToday) frame.Page { return Blank("HOME") }

type blank string

func (b blank) Init() tea.Cmd            { return nil }
func (b blank) Update(tea.Msg) tea.Cmd   { return nil }
func (b blank) Contexts() []keys.Context { return []keys.Context{keys.Plain} }
func (b blank) Actions() []keys.ID       { return nil }
func (b blank) Title() string            { return string(b) }
func (b blank) View(w, h int) []string {
	return kit.Fill([]string{kit.Fit(string(b), w)}, h, kit.Space(w))
}

package uitest

import (
	"fmt"
	"strings"

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

// GoldenPageStyled is GoldenStyled without the lines around the page.
func (s *Screen) GoldenPageStyled(name string) {
	s.T.Helper()
	s.Exact()
	lines := strings.Split(strings.TrimSuffix(s.Styled(), "\n"), "\n")
	body := lines[min(headLines, len(lines)):max(headLines, len(lines)-footLines)]
	Golden(s.T, fmt.Sprintf("%s.%dx%d.ansi", name, s.w, s.h), strings.Join(body, "\n")+"\n")
}

// Line is text as one line of w columns, for pages that stand for others.
func Line(text string, w int) string { return kit.Fit(text, w) }

package box_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/ui/uitest"
)

// A conversation unfolds in its place: its letters are indented, the count stays, and acts work on single letters.
func TestUnfold(t *testing.T) {
	s := start(t, uitest.Sample(), 80, 24)
	s.Press("v")
	s.Want("▸2 ")
	before := s.Frame()
	s.Press("down", "down", "right")
	s.GoldenPage("unfolded")
	s.Want("▾2 ", "└ ", "- gộp lại")
	s.Press("down", "t")
	if !slices.Contains(s.Desk.Log, `flag [4] +[] -[\Seen]`) {
		t.Errorf("the act went to %v", s.Desk.Log)
	}
	s.Want("└ ") // the list was read again: it is still unfolded
	s.Press("left")
	s.WantNot("└ ", "▾")
	if _, y := s.Find("▌"); y != lineOf(before, "▸2 ") {
		t.Errorf("the cursor is on line %d", y)
	}
	s.Press("+", "up", "-")
	s.Want("└ ") // another row has nothing to fold
	s.Press("down", "space", "space", "e")
	if !slices.Contains(s.Desk.Log, "archive [3 4]") {
		t.Errorf("log %v", s.Desk.Log)
	}
	s.Exact()
}

func lineOf(frame, text string) int {
	for y, l := range strings.Split(frame, "\n") {
		if strings.Contains(l, text) {
			return y
		}
	}
	return -1
}

// A newer letter of an unfolded conversation becomes its first row; the place in the count is that of the conversation.
func TestUnfoldedGrows(t *testing.T) {
	f := uitest.Sample()
	f.Many(40)
	for id := mail.LetterID(5); id <= 7; id++ {
		f.Letters[f.Order[id]].Thread = 99
	}
	s := start(t, f, 80, 24)
	s.Press("v", "down", "down", "down", "down", "down", "right", "down", "down", "down")
	first := s.Frame()
	if strings.Count(first, "└ ") != 2 {
		t.Fatalf("%s", first)
	}
	s.Want(fmt.Sprintf("7/%d", len(f.Order)-2))
	s.Happen(func(f *uitest.Fake) {
		f.Letters[f.Order[0]].Thread = 99
		f.Emit(mail.Event{Kind: mail.FolderChanged, Folder: 1})
	})
	if n := strings.Count(s.Frame(), "└ "); n != 3 {
		t.Errorf("%d letters under the newest", n)
	}
	s.Press("home")
	s.Want("▾4 ")
}

// What unfolds on the last line shown comes into sight.
func TestUnfoldReveals(t *testing.T) {
	f := uitest.Sample()
	f.Many(40)
	for id := 16; id <= 18; id++ {
		f.Letters[f.Order[id]].Thread = 99
	}
	s := start(t, f, 80, 24)
	s.Press("v")
	for range 16 {
		s.Press("down")
	}
	s.Press("right")
	if n := strings.Count(s.Frame(), "└ "); n != 2 {
		t.Errorf("%d letters in sight:\n%s", n, s.Frame())
	}
	s.Want("▌")
}

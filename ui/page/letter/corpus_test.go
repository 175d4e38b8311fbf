package letter_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"hopthu/mail"
	mailletter "hopthu/mail/letter"
	"hopthu/ui/frame"
	"hopthu/ui/page/box"
	"hopthu/ui/page/compose"
	"hopthu/ui/page/letter"
	"hopthu/ui/page/today"
	"hopthu/ui/uitest"
)

// reStyle is what a frame may send besides text.
var reStyle = regexp.MustCompile(`\x1b\[[0-9;:]*m`)

// TestCorpusOnScreen lists, opens, looks behind and answers every hostile and legacy letter: no frame ever holds a control
// character or a sign that turns text around.
func TestCorpusOnScreen(t *testing.T) {
	files, err := filepath.Glob("../../../mail/letter/testdata/corpus/*.eml")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d letters, %v", len(files), err)
	}
	full := frame.Pages{Letter: letter.New, Today: today.New, Box: box.New, Compose: compose.New}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".eml"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			f := uitest.Sample()
			l := mailletter.Parse(raw)
			old := f.Letters[1]
			l.ID, l.Account, l.Folder, l.Received = old.ID, old.Account, old.Folder, old.Received
			l.Thread = old.Thread
			f.Letters[1] = l
			f.Raws = map[mail.LetterID][]byte{1: raw}
			s := uitest.New(t, f, full, frame.OpenBox{Account: uitest.Me}, 80, 24)
			clean(t, s, "list")
			s = uitest.New(t, f, full, frame.OpenLetter{ID: 1, Row: f.Order}, 80, 24)
			clean(t, s, "letter")
			for _, key := range []string{"space", "o", "esc", "H", "i", "end", "esc", "home", "r"} {
				s.Press(key)
				clean(t, s, key)
			}
		})
	}
}

func clean(t *testing.T, s *uitest.Screen, where string) {
	t.Helper()
	for _, r := range reStyle.ReplaceAllString(s.Styled(), "") {
		if r != '\n' && unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			t.Fatalf("%s: %U on the screen", where, r)
		}
	}
	s.Exact()
}

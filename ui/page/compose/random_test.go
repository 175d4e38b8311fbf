package compose_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/ui/frame"
)

// Whatever is pressed, the frame stays whole and nothing panics.
func TestRandomKeys(t *testing.T) {
	names := []string{
		"enter", "esc", "tab", "shift+tab", "up", "down", "left", "right", "pgup", "pgdown", "home", "end", "backspace", "delete", "space",
		"ctrl+home", "ctrl+end", "ctrl+left", "ctrl+right", "shift+left", "shift+right", "shift+up", "shift+down", "shift+home", "shift+end",
		"ctrl+s", "ctrl+a", "ctrl+b", "ctrl+z", "ctrl+y", "ctrl+x", "ctrl+c", "ctrl+v", "ctrl+k", "ctrl+w", "ctrl+@", "f6", "f7", "alt+d", "alt+a",
		"ế", "g", ",", "\"", "<", "@", "\u0301", "文",
	}
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 7)) // #nosec G404: a test
		d := desk()
		d.Findings = []mail.Finding{{Verdict: mail.Ask, Code: "no-subject"}, {Verdict: mail.Pass, Code: "file-old", Text: "a.doc"}}
		if seed%3 == 0 {
			d.Findings = append(d.Findings, mail.Finding{Verdict: mail.Block, Code: "secret-mark", Text: "MẬT"})
		}
		s := open(t, d, frame.OpenCompose{}, 40+int(seed)*7, 12+int(seed)*2)
		for range 80 {
			switch r.IntN(12) {
			case 0:
				s.Paste("hung, doan@nhandan.example; \"a, b\" <x@y.vn>\r\nhai\tba")
			case 1:
				s.Click(r.IntN(60), r.IntN(20))
			case 2:
				s.Resize(24+r.IntN(120), 8+r.IntN(50))
			default:
				s.Press(names[r.IntN(len(names))])
			}
			s.Exact()
			if s.Quit {
				break
			}
			if strings.Contains(s.Frame(), "HOME") {
				s.Send(frame.Open{Target: frame.OpenCompose{}})
			}
		}
	}
}

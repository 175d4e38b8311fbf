package compose_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/text/unicode/norm"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/page/compose"
	"hopthu/ui/uitest"
)

// saved is the draft that the desk has after the letter was left.
func saved(t *testing.T, s *uitest.Screen, d *uitest.Fake) mail.DraftLetter {
	t.Helper()
	s.Press("esc")
	s.Want("HOME")
	return d.DraftBox[len(d.DraftBox)-1]
}

func TestTypeVietnamese(t *testing.T) {
	d := desk()
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.Want("VI Telex")
	s.Type("hungs.kh&dt@ninhphong.example, hungtv.kh&ddt@ninhphong.example, ") // an address is its keys, but for đ
	s.Press("tab", "tab")
	s.Type("V/v trar lowif windows") // the last word ends with the key that leaves the line
	s.Press("enter")
	s.Type("Kisnh guwri: Sowr Kees hoajch vaf DDaafu tuw")
	s.Want("Kính gửi: Sở Kế hoạch và Đầu tư")
	s.Golden("typing")
	s.Press("enter")
	s.Type("xem https://x.vn/toof nhes, office test fax tax")
	s.Press("f3") // the word as it was typed, whatever the rules say
	s.Type(" tooi")
	s.Press("f2")
	s.Want(" EN ")
	s.Type(" tooi")
	s.Press("ctrl+\\")
	s.Type(" tooi window")
	s.Paste(" Sowr DDaafu tuw")
	got := saved(t, s, d)
	if want := "hungs.kh&dt@ninhphong.example, hungtv.kh&đt@ninhphong.example, "; got.To != want {
		t.Errorf("to %q", got.To)
	}
	if got.Subject != "V/v trả lời windows" {
		t.Errorf("subject %q", got.Subject)
	}
	want := "Kính gửi: Sở Kế hoạch và Đầu tư\nxem https://x.vn/toof nhé, office test fax tax tôi tooi tôi window Sowr DDaafu tuw"
	if !strings.HasPrefix(got.Body, want) {
		t.Errorf("body %q", got.Body)
	}
}

// Several keys in one read are several keys; what the terminal composed itself stays.
// With the agency's box and documents to send out every tab stays in sight: the name of the method makes room.
func TestTabsStayWhileTyping(t *testing.T) {
	pages := frame.Pages{Compose: compose.New, Today: uitest.Home, Dispatch: func(frame.Env, frame.OpenDispatch) frame.Page { return nil }}
	s := uitest.New(t, desk(), pages, nil, 80, 24)
	s.Send(frame.Open{Target: frame.OpenCompose{}})
	s.Want("Công vụ", "Phát hành", "Thư nháp", "Hộp thư đi", "  VI")
	s.Exact()
}

func TestTypeInBursts(t *testing.T) {
	d := desk()
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.Press("tab", "tab")
	for _, burst := range []string{"Kisnh", " ", "gửi", " ", "tooi", " ", "hộp", " ", "thư", " ", "của", " ", "car"} {
		s.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(burst)})
	}
	s.Want("bộ gõ của máy") // three words came composed: the machine has an input method
	s.Press("f2")
	s.Want("VI Telex")
	s.Type(" car")
	if got := saved(t, s, d); got.Subject != "Kính gửi tôi hộp thư của car cả" {
		t.Errorf("subject %q", got.Subject)
	}
}

// The list of people is found by the keys or by the letters, and taken by Enter in the middle of a word.
func TestTypeNames(t *testing.T) {
	for _, typed := range []string{"doan", "ddoanf", "DDoaf"} {
		s := open(t, desk(), frame.OpenCompose{}, 80, 24)
		s.Type(typed)
		s.Press("enter")
		s.Want("Đinh Công Đoàn <doan@nhandan.example>,")
	}
}

func TestTypeReason(t *testing.T) {
	d := desk()
	d.Findings = []mail.Finding{{Verdict: mail.Ask, Code: "no-subject"}}
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.Type("doan@nhandan.example")
	s.Press("ctrl+s")
	s.Want("VI Telex")
	s.Type("thuwr nghieemj window")
	s.Want("thử nghiệm")
	s.Press("ctrl+s")
	if got := d.Reasons["no-subject"]; got != "thử nghiệm window" {
		t.Errorf("reason %q", got)
	}
}

func TestTypeInBrowser(t *testing.T) {
	s := open(t, desk(), frame.OpenCompose{}, 80, 24)
	s.Press("ctrl+a")
	s.Type("/nha")
	s.WantNot("VI Telex") // a path
	s.Press("enter")
	s.Want("VI Telex")
	s.Type("baso")
	s.Want("báo cáo quý III.pdf")
	s.WantNot("Công văn/")
}

// Whatever is typed, wherever, the frames stay whole and the text NFC.
func TestRandomTyping(t *testing.T) {
	names := []string{"tab", "enter", "backspace", "backspace", "left", "right", "home", "f2", "f3", "alt+z", "ctrl+z", "ctrl+y", "ctrl+w", "space", "space"}
	letters := []rune("aaeeoouuwwddsfrxjzintghcvk@.#:/,đế\u0301")
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 11)) // #nosec G404: a test
		d := desk()
		d.Set.Typing = []string{"telex", "telex-w", "vni", "viqr"}[seed%4]
		s := open(t, d, frame.OpenCompose{}, 80, 24)
		for range 150 {
			if r.IntN(3) == 0 {
				s.Press(names[r.IntN(len(names))])
			} else {
				s.Type(string(letters[r.IntN(len(letters))]))
			}
			s.Exact()
		}
		if f := s.Frame(); !norm.NFC.IsNormalString(f) {
			t.Fatalf("not NFC:\n%s", f)
		}
	}
}

func TestTypingOff(t *testing.T) {
	d := desk()
	d.Set.Typing = "off"
	s := open(t, d, frame.OpenCompose{}, 80, 24)
	s.Press("tab", "tab")
	s.Type("tooi")
	s.Want("tooi")
	s.WantNot("VI Telex")
	s.Press("f2")
	s.Want("Gõ tiếng Việt đang tắt")
	set := d.Set
	set.Typing, set.Tones = "vni", "new"
	s.Send(frame.Apply{Settings: set})
	s.Want("VI VNI")
	s.Type(" hoa2")
	s.Want("tooi hoà")
	s.Press("ctrl+p") // commands are found without diacritics, by English names, too
	s.WantNot("VI VNI")
	s.Type("d9i2")
	s.Want("/ d9i2")
	s.Press("esc")
	s.Resize(40, 10)
	s.Exact()
}

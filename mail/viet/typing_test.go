package viet

import (
	"strings"
	"testing"
	"unicode/utf8"
)

var methods = map[string]Method{"T": Telex, "T2": Telex2, "V": VNI, "Q": VIQR}

// typed runs keys through the engine as an editor would: '\b' is the backspace key, '\x1a' Restore.
func typed(t testing.TB, e *Engine, keys string, boundary bool) string {
	t.Helper()
	var line []rune
	apply := func(back int, text string) {
		if back > len(line) {
			t.Fatalf("%q: %d backspaces in %q", keys, back, string(line))
		}
		line = append(line[:len(line)-back], []rune(text)...)
	}
	for _, r := range keys {
		switch r {
		case '\b':
			apply(e.Backspace())
		case '\x1a':
			apply(e.Restore())
		default:
			apply(e.Key(r))
		}
	}
	if boundary {
		apply(e.Boundary())
	}
	return string(line)
}

func TestTypingRows(t *testing.T) {
	for _, r := range rows(t, "typing.psv") {
		for i, style := range []Style{OldStyle, NewStyle} {
			if got := typed(t, NewEngine(methods[r[0]], style), r[1], true); got != r[2+i] {
				t.Errorf("%s %q in style %d: %q, want %q", r[0], r[1], style, got, r[2+i])
			}
		}
	}
}

func TestTypingWords(t *testing.T) {
	restored := `window windows report reports tests meeting feedback files address software word excel office google internet
		database error express look good server router fax Facebook USB wifi password user desktop text form share offer release
		version add delete forward draft folder inbox export import restore far fix ISO`
	same := `file mail web link scan pdf Zalo website online login click slide set update reply spam print backup SMS ABS TTHC VNPT UBND CNTT`
	ours := `office class business process message success sorry off add test data zoom post list reset virus as is or of tax box mix Test`
	for _, w := range strings.Fields(restored + " " + same + " " + ours) {
		if got := typed(t, NewEngine(Telex, OldStyle), w+" ", false); got != w+" " {
			t.Errorf("%q became %q", w, got)
		}
	}
	for keys, want := range map[string]string{
		"car": "cả", "six": "sĩ", "sir": "sỉ", "her": "hẻ", // stay Vietnamese
	} {
		if got := typed(t, NewEngine(Telex, OldStyle), keys, true); got != want {
			t.Errorf("%q = %q, want %q", keys, got, want)
		}
	}
}

func TestTypingSentences(t *testing.T) {
	for _, c := range []struct {
		m          Method
		keys, want string
	}{
		{Telex, "Kinhs guwir: Uyr ban nhaan daan tinhr.", "Kính gửi: Ủy ban nhân dân tỉnh."},
		{Telex, "Ddaay laf window(s), ddungs khoong?", "Đây là window(s), đúng không?"},
		{Telex, "HDDND, KH&DDT vaf TTDDT", "HĐND, KH&ĐT và TTĐT"},
		{Telex, "gửi tooi", "gửi tôi"}, // a composed letter from the terminal, then keys again
		{Telex, "Việtf Nams", "Việtf Nám"},
		{Telex, "thuwr tesst nhes", "thử test nhé"},
		{Telex, "nguyens@ninhbinh.gov.vn laf hoopj thuw", "nguyens@ninhbinh.gov.vn là hộp thư"},
		{Telex, "xem https://example.com/toof?a=oo nhes", "xem https://example.com/toof?a=oo nhé"},
		{Telex, "www.toof.vn #toof tooi", "www.toof.vn #toof tôi"},
		{Telex, "tieengs\b\bp", "tiếp"},
		{Telex, "hoaf\b", "hò"},
		{Telex, "vieetj\x1a", "vieetj"},
		{Telex, "vieetj \x1atoois", "vieetj tối"},
		{Telex, "window \x1a\x1a", "window "},
		{Telex, "tax \x1a", "tã "},
		{Telex, "tax \x1atoois", "tã tối"},
		{Telex, "vieetj \x1a\x1a", "việt "},
		{Telex, "so dd/c, kh&ddt, QyDD, add ADD", "so đ/c, kh&đt, QyĐ, add ADD"},
		{Telex, strings.Repeat("a", 60), ""},
		{VNI, "so61 15/7/2013, VP6, Kinh1 gu7i3", "số 15/7/2013, VP6, Kính gửi"},
		{VIQR, "Vie^.t Nam. DDe^? ddo'.", "Việt Nam. Để đó."},
		{VIQR, `Co^ng ty\. An`, "Công ty. An"},
		{Telex2, "w [ ] ngw[if", "ư ơ ư người"},
	} {
		got := typed(t, NewEngine(c.m, OldStyle), c.keys, true)
		if c.want == "" {
			if utf8.RuneCountInString(got) < 10 {
				t.Errorf("%s %q was swallowed: %q", c.m, c.keys, got)
			}
			continue
		}
		if got != c.want {
			t.Errorf("%s %q = %q, want %q", c.m, c.keys, got, c.want)
		}
	}
}

func TestTypingToggle(t *testing.T) {
	e := NewEngine("no such method", NewStyle)
	if !e.On() || typed(t, e, "hoaf", false) != "hoà" || e.Word() != "hoà" {
		t.Error("the engine does not start with Telex")
	}
	e.Toggle()
	if e.On() || typed(t, e, "hoaf vieetj \b", true) != "hoaf vieetj" {
		t.Error("EN composes")
	}
	e.Toggle()
	if typed(t, e, "vieetj", true) != "việt" {
		t.Error("VI does not compose")
	}
}

func FuzzTyping(f *testing.F) {
	for _, r := range rows(f, "typing.psv") {
		f.Add(string(methods[r[0]]), r[1])
	}
	f.Add("VIQR", `\\.\b`)
	f.Fuzz(func(t *testing.T, method, keys string) {
		if len(keys) > 60 {
			return
		}
		for _, s := range []Style{OldStyle, NewStyle} {
			got := typed(t, NewEngine(Method(method), s), strings.ReplaceAll(keys, "\b", "\x1a"), true)
			if !utf8.ValidString(got) {
				t.Fatalf("%q", got)
			}
		}
	})
}

func BenchmarkTyping(b *testing.B) {
	for b.Loop() {
		typed(b, NewEngine(Telex, OldStyle), "nguowif Vieetj ", true)
	}
}

// No everyday Vietnamese word falls to the list of English ones.
func TestEnglishListIsSafe(t *testing.T) {
	for keys, want := range map[string]string{
		"been": "bên", "tree": "trê", "seen": "sên", "rest": "rét", "cast": "cát", "last": "lát", "nest": "nét", "car": "cả", "box": "box",
	} {
		if got := typed(t, NewEngine(Telex, OldStyle), keys, true); got != want {
			t.Errorf("%q = %q, want %q", keys, got, want)
		}
	}
	for w := range english() {
		if strings.ToLower(w) != w || !isASCII([]byte(w)) {
			t.Errorf("bad entry %q", w)
		}
	}
}

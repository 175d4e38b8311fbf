package form

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// script presses keys: letters as they are, and these for keys that are none.
var script = map[rune]keys.ID{
	'⌫': keys.TextErase, '⌦': keys.TextEraseNext, '←': keys.TextLeft, '→': keys.TextRight, '⇤': keys.TextHome, '⇥': keys.TextEnd,
	'↩': keys.TextUndo, '↪': keys.TextRedo, '⟲': keys.TypeRestore, '∎': keys.WordEnd, '⏎': keys.BodyLine, '◀': keys.SelWordLeft,
	'✂': keys.TextCut, '📋': keys.TextPut,
}

func play(e *kit.Editor, typist *kit.Typist, clip *Clip, pressed string) {
	for _, r := range pressed {
		switch id, ok := script[r]; {
		case r == '⇄':
			typist.Toggle()
		case ok:
			EditBody(e, keys.Press{Action: id}, clip, typist)
		default:
			EditBody(e, keys.Press{Key: string(r), Text: string(r)}, clip, typist)
		}
	}
}

func TestTyping(t *testing.T) {
	for _, c := range []struct{ method, tones, keys, want string }{
		{"telex", "old", "Kisnh guwri: Sowr Kees hoajch vaf DDaafu tuw", "Kính gửi: Sở Kế hoạch và Đầu tư"},
		{"telex", "old", "hoaf thuys", "hòa thúy"},
		{"telex", "new", "hoaf thuys", "hoà thuý"},
		{"telex-w", "old", "w trowif", "ư trời"},
		{"vni", "old", "Kinh1 gu7i3 Vie65t Nam", "Kính gửi Việt Nam"},
		{"viqr", "old", "Ti'nh To^`n", "Tính Tồn"},
		{"off", "old", "Kisnh guwri", "Kisnh guwri"},
		{"nothing", "", "tooi", "tooi"},
		{"telex", "old", "hoojp⌫p thuw", "hộp thư"},
		{"telex", "old", "Vieejt⌫⌫⌫⌫", ""},
		{"telex", "old", "gửi tooi", "gửi tôi"},                              // the terminal's letters, then keys
		{"telex", "old", "te⌫é⌫est", "test"},                                 // an input method that takes back and types again
		{"telex", "old", "một hộp gửi bus as car", "một hộp gửi bus as car"}, // it steps aside
		{"telex", "old", "một hộp gửi car⇄ car", "một hộp gửi car cả"},       // until it is called
		{"telex", "old", "một hộp gửi car⇄⇄ car", "một hộp gửi car car"},
		{"telex", "old", "hungs.tv@ninhbinh.gov.vn, tooi", "hungs.tv@ninhbinh.gov.vn, tôi"},
		{"telex", "old", "xem https://x.vn/toof nhes", "xem https://x.vn/toof nhé"},
		{"telex", "old", "window ", "window "},
		{"telex", "old", "window∎", "window"},
		{"telex", "old", "tooi tax car ", "tôi tax cả "},
		{"telex", "old", "tax ⟲", "tã "},
		{"telex", "old", "cari⟲", "cari"},
		{"telex", "old", "tooi⇄ tooi⇄ tooi", "tôi tooi tôi"},
		{"telex", "old", "Kinh←h", "Kinhh"},
		{"telex", "old", "Kih←ns", "Kính"},  // in the middle of a word
		{"telex", "old", "viee←→t", "viêt"}, // a word that is half made stays as it is
		{"telex", "old", "a@bvn←←←oos", "a@oosbvn"},
		{"telex", "old", "tooi ddi↩", "tôi "},
		{"telex", "old", "tooi ddi hoij↩↩↪", "tôi đi "},
		{"telex", "old", "tooi window ↩", "tôi "},
		{"telex", "old", "car⏎cary", "cả\ncảy"},
		{"telex", "old", "Nguyeen◀✂vawn", "văn"},
		{"telex", "old", "baa◀c", "c"},
	} {
		typist := new(kit.Typist)
		typist.Use(c.method, c.tones)
		var e kit.Editor
		play(&e, typist, &Clip{}, c.keys)
		if e.Text() != c.want {
			t.Errorf("%s %s %q = %q, want %q", c.method, c.tones, c.keys, e.Text(), c.want)
		}
	}
}

// Several keys may come in one read; a paste never passes through the typist.
func TestTypingBurstAndPaste(t *testing.T) {
	typist := new(kit.Typist)
	typist.Use("telex", "old")
	var f kit.Field
	Edit(&f, keys.Press{Text: "Sowr "}, &Clip{}, typist)
	Edit(&f, keys.Press{Text: "Kees hoajch vaf ddaafu tuw ", Paste: true}, &Clip{}, typist)
	Edit(&f, keys.Press{Text: " tinhr"}, &Clip{}, typist)
	if got := f.Text(); got != "Sở Kees hoajch vaf ddaafu tuw tỉnh" {
		t.Errorf("%q", got)
	}
}

func TestTypingNotIn(t *testing.T) {
	for _, f := range []*kit.Field{{Secret: true}, {Plain: true}} {
		typist := new(kit.Typist)
		typist.Use("telex", "old")
		for _, r := range "matj khaaur" {
			Edit(f, keys.Press{Text: string(r)}, &Clip{}, typist)
		}
		Edit(f, keys.Press{Action: keys.TypeRestore}, &Clip{}, typist)
		Edit(f, keys.Press{Action: keys.WordEnd}, &Clip{}, typist)
		if f.Text() != "matj khaaur" || typist.Busy() {
			t.Errorf("%q", f.Text())
		}
	}
}

// One typist serves many fields; what is typed in one never reaches into another.
func TestTypingChangesFields(t *testing.T) {
	f := sample()
	f.Typist = new(kit.Typist)
	f.Typist.Use("telex", "old")
	typing := func(s string) {
		for _, r := range s {
			f.Press(keys.Press{Text: string(r)}, &Clip{})
		}
	}
	typing("tooi")
	f.Press(press(keys.WordEnd), &Clip{})
	f.Press(press(keys.RowNext), &Clip{})
	typing("tooi") // the password
	f.Press(press(keys.RowPrev), &Clip{})
	typing("s")
	if f.Text("a") != "tôis" || f.Text("b") != "tooi" {
		t.Errorf("%q, %q", f.Text("a"), f.Text("b"))
	}
}

func TestTypingFull(t *testing.T) {
	typist := new(kit.Typist)
	typist.Use("telex", "old")
	var f kit.Field
	f.SetText(strings.Repeat("x", kit.MaxLine-2))
	for _, r := range " a" {
		if Edit(&f, keys.Press{Text: string(r)}, &Clip{}, typist) != Changed {
			t.Fatal("there was room")
		}
	}
	if Edit(&f, keys.Press{Text: "a"}, &Clip{}, typist) != Full || !strings.HasSuffix(f.Text(), "x a") {
		t.Errorf("ends in %q", f.Text()[f.Size()-3:])
	}
}

// Whatever is pressed in whatever order, the text is NFC, the cursor works, and undo leads back to nothing.
func FuzzTypingKeys(f *testing.F) {
	for _, s := range []string{"Kisnh⌫guwri ←x⟲", "ế\u0301s@⟲⌫a", "a⏎b⌫⌫oo", "tooi↩↪s∎", "toois◀✂📋f", "#a www.x đd ⇄w⇄w", "\u200bs\u0301"} {
		f.Add(s, uint8(0))
	}
	f.Fuzz(func(t *testing.T, pressed string, how uint8) {
		if len(pressed) > 120 {
			return
		}
		typist := new(kit.Typist)
		typist.Use([]string{"telex", "telex-w", "vni", "viqr"}[how%4], []string{"old", "new"}[how/4%2])
		var e kit.Editor
		for _, r := range pressed {
			play(&e, typist, &Clip{Text: "dán vào"}, string(r))
			if s := e.Text(); !norm.NFC.IsNormalString(s) || !utf8.ValidString(s) || len(s) != e.Size() {
				t.Fatalf("%q", s)
			}
		}
		e.View(40, 10, kit.Look{})
		for e.Undo() {
		}
		if e.Text() != "" {
			t.Fatalf("undo leaves %q", e.Text())
		}
	})
}

// A key with its word, in a letter of 1 MB: in short paragraphs, and in a single one.
func BenchmarkTypingKey(b *testing.B) {
	for name, para := range map[string]string{"paragraphs": strings.Repeat("Căn cứ Quyết định ", 30) + "\n", "one-paragraph": "Căn cứ Quyết định "} {
		b.Run(name, func(b *testing.B) {
			typist := new(kit.Typist)
			typist.Use("telex", "old")
			var e kit.Editor
			e.SetText(strings.Repeat(para, 1<<20/len(para)))
			e.View(100, 40, kit.Look{})
			keysOf := []rune("nghieengf ")
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				EditBody(&e, keys.Press{Text: string(keysOf[i%len(keysOf)])}, &Clip{}, typist)
				e.View(100, 40, kit.Look{})
			}
		})
	}
}

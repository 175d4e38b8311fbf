package theme

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// What the sixteen colours are is the terminal's choice: here the text console's and xterm's.
var consoles = map[string][16]string{
	"console": {
		"#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa",
		"#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff",
	},
	"xterm": {
		"#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
		"#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
	},
}

// Contrast of every text style on its ground: at least 4.5:1 (WCAG 2.1 1.4.3), in the high-contrast theme 7:1 (1.4.6).
// Rules are not text.
func TestContrast(t *testing.T) {
	for _, name := range []Name{Dark, Light, Contrast} {
		for _, official := range []bool{false, true} {
			contrast(t, New(name, TrueColor, false, official), func(c string) string { return c })
			for _, colours := range consoles {
				contrast(t, New(name, Colors16, false, official), func(c string) string {
					n, err := strconv.Atoi(c)
					if err != nil {
						t.Fatalf("%q is none of sixteen: %v", c, err)
					}
					return colours[n]
				})
			}
		}
	}
}

func contrast(t *testing.T, th *Theme, hex func(string) string) {
	t.Helper()
	want := 4.5
	if th.Name == Contrast {
		want = 7
	}
	for where, set := range map[string]Set{"page": th.Page, "sel": th.Sel, "soft": th.Soft, "top": th.Top, "box": th.Box} {
		v := reflect.ValueOf(set)
		for i := range v.NumField() {
			field := v.Type().Field(i).Name
			style := v.Field(i).Interface().(Style)
			if field == "Rule" {
				continue
			}
			fg, bg := hex(style.fg), hex(style.bg)
			got, err := ratio(fg, bg)
			if err != nil {
				t.Fatalf("%s %s %s: %v", th.Name, where, field, err)
			}
			if got < want {
				t.Errorf("%s %s %s (official %v): %s on %s is %.2f:1, want %.1f:1", th.Name, where, field, th.Official, fg, bg, got, want)
			}
		}
	}
}

// The selected row is seen in every theme at every depth, and so is that of a pane without the focus.
func TestSelectionIsSeen(t *testing.T) {
	for _, name := range Names() {
		for _, depth := range []Depth{TrueColor, Colors256, Colors16, NoColor} {
			th := New(name, depth, false, false)
			if on := th.Page.Base.On(); th.Sel.Base.On() == on || th.Soft.Base.On() == on || th.Soft.Base.On() == th.Sel.Base.On() {
				t.Errorf("%s at depth %v: page %q, selected %q, soft %q", name, depth, on, th.Sel.Base.On(), th.Soft.Base.On())
			}
		}
	}
}

func TestRatioKnown(t *testing.T) {
	got, err := ratio("#000000", "#ffffff")
	if err != nil || got < 20.9 || got > 21.1 {
		t.Errorf("black on white: %v, %v, want 21", got, err)
	}
	if _, err := ratio("red", "#ffffff"); err == nil {
		t.Error("a name is not a colour here, yet it passed")
	}
}

// An agency's box must look different from a personal one in every coloured theme.
func TestAccentOfAgency(t *testing.T) {
	for _, name := range []Name{Dark, Light, Contrast} {
		for _, depth := range []Depth{TrueColor, Colors256, Colors16} {
			if New(name, depth, false, false).Page.Accent == New(name, depth, false, true).Page.Accent {
				t.Errorf("%s at depth %v: same accent for both kinds of box", name, depth)
			}
		}
	}
}

func TestMonoHasNoColour(t *testing.T) {
	for _, th := range []*Theme{New(Mono, TrueColor, false, false), New(Dark, NoColor, false, true)} {
		for _, set := range []Set{th.Page, th.Sel, th.Soft, th.Top, th.Box} {
			v := reflect.ValueOf(set)
			for i := range v.NumField() {
				on := v.Field(i).Interface().(Style).On()
				for _, code := range strings.Split(strings.Trim(on, "\x1b[m"), ";") {
					if len(code) > 1 {
						t.Errorf("%s: %q colours", v.Type().Field(i).Name, on)
					}
				}
			}
		}
		if th.Sel.Base == th.Page.Base {
			t.Error("the selected row cannot be told from the others")
		}
	}
}

func TestGlyphsAreOneColumn(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		v := reflect.ValueOf(glyphs(ascii))
		for i := range v.NumField() {
			s := v.Field(i).String()
			if ansi.StringWidth(s) != 1 {
				t.Errorf("%s %q is %d columns wide", v.Type().Field(i).Name, s, ansi.StringWidth(s))
			}
			if ascii && (len(s) != 1 || s[0] > 126) {
				t.Errorf("%s %q is not ASCII", v.Type().Field(i).Name, s)
			}
		}
	}
}

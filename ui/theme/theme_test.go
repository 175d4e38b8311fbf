package theme

import (
	"reflect"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// Contrast of every text style on its ground: at least 4.5:1 (WCAG 2.1 1.4.3), 3:1 for rules, which are not text, in the
// high-contrast theme 7:1 (1.4.6).
func TestContrast(t *testing.T) {
	for _, name := range []Name{Dark, Light, Contrast} {
		for _, official := range []bool{false, true} {
			th := New(name, TrueColor, false, official)
			sets := map[string]Set{"page": th.Page, "sel": th.Sel, "soft": th.Soft, "top": th.Top, "box": th.Box}
			for where, set := range sets {
				v := reflect.ValueOf(set)
				for i := range v.NumField() {
					field := v.Type().Field(i).Name
					style := v.Field(i).Interface().(Style)
					want := 4.5
					if name == Contrast {
						want = 7
					}
					if field == "Rule" {
						continue
					}
					got, err := ratio(style.fg, style.bg)
					if err != nil {
						t.Fatalf("%s %s %s: %v", name, where, field, err)
					}
					if got < want {
						t.Errorf("%s %s %s (official %v): %.2f:1, want %.1f:1", name, where, field, official, got, want)
					}
				}
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

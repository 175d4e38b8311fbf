package theme

import (
	"reflect"
	"testing"

	"github.com/muesli/termenv"
)

func TestDepthOf(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want Depth
	}{
		{map[string]string{"TERM": "xterm-256color"}, Colors256},
		{map[string]string{"TERM": "xterm-256color", "COLORTERM": "truecolor"}, TrueColor},
		{map[string]string{"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, NoColor},
		{map[string]string{"TERM": "linux"}, Colors16},
		{map[string]string{"TERM": "dumb", "COLORTERM": "truecolor"}, NoColor},
		{map[string]string{}, Colors16},
		{map[string]string{"TERM": "xterm-direct"}, TrueColor},
		{map[string]string{"TERM": "tmux-256color"}, Colors256},
	} {
		if got := DepthOf(func(k string) string { return c.env[k] }); got != c.want {
			t.Errorf("%v: %v, want %v", c.env, got, c.want)
		}
	}
}

// With 256 colours the nearest ones are used; they have to keep the contrast as well.
func TestContrastAt256(t *testing.T) {
	near := func(hex string) string {
		return termenv.ConvertToRGB(Colors256.Color(hex)).Hex()
	}
	for _, name := range []Name{Dark, Light, Contrast} {
		for _, official := range []bool{false, true} {
			th := New(name, Colors256, false, official)
			for where, set := range map[string]Set{"page": th.Page, "sel": th.Sel, "soft": th.Soft, "top": th.Top, "box": th.Box} {
				v := reflect.ValueOf(set)
				for i := range v.NumField() {
					field := v.Type().Field(i).Name
					style := v.Field(i).Interface().(Style)
					if field == "Rule" {
						continue
					}
					got, err := ratio(near(style.fg), near(style.bg))
					if err != nil {
						t.Fatal(err)
					}
					if got < 4.5 {
						t.Errorf("%s %s %s (official %v): %.2f:1 for %s on %s", name, where, field, official, got, style.fg, style.bg)
					}
				}
			}
		}
	}
}

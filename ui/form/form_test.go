package form

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

func sample() *Form {
	return &Form{Rows: []*Row{
		{Kind: Heading, Label: "Hộp thư"},
		{Key: "a", Kind: Input, Label: "Địa chỉ thư", Hint: "ten@coquan.gov.vn"},
		{Key: "b", Kind: Input, Label: "Mật khẩu", Field: kit.Field{Secret: true}, Submit: true, Aside: "đang ẩn"},
		{Key: "c", Kind: Choice, Label: "Bảo mật", Options: []string{"TLS", "STARTTLS"}},
		{Key: "d", Kind: Input, Label: "ẩn", Hidden: true},
		{Kind: Note, Label: "một dòng nhắc"},
		{Key: "go", Kind: Button, Label: "Đăng nhập", Aside: "Enter"},
	}}
}

func press(id keys.ID) keys.Press { return keys.Press{Action: id} }

func TestFocusGoesRound(t *testing.T) {
	f := sample()
	var seen []string
	for range 5 {
		seen = append(seen, f.Current().Key)
		f.Press(press(keys.RowNext), &Clip{})
	}
	if got := strings.Join(seen, " "); got != "a b c go a" {
		t.Errorf("Tab goes %s", got)
	}
	f.Focus("d")
	f.Press(press(keys.RowPrev), &Clip{})
	if f.Current().Key != "a" {
		t.Errorf("a hidden row took the focus; back is %q", f.Current().Key)
	}
}

func TestPressing(t *testing.T) {
	f := sample()
	var clip Clip
	for _, k := range []string{"h", "a", "\u0300"} {
		if ev := f.Press(keys.Press{Key: k, Text: k}, &clip); ev.Did != Changed || ev.Key != "a" {
			t.Fatalf("typing gave %+v", ev)
		}
	}
	if f.Text("a") != "hà" {
		t.Errorf("typed %q", f.Text("a"))
	}
	if ev := f.Press(press(keys.TextCopy), &clip); ev.Did != NoMarked {
		t.Errorf("copy of nothing gave %+v", ev)
	}
	if ev := f.Press(press(keys.TextPut), &clip); ev.Did != NoClip {
		t.Errorf("paste of nothing gave %+v", ev)
	}
	f.Press(press(keys.TextAll), &clip)
	if ev := f.Press(press(keys.TextCut), &clip); ev.Did != Changed || clip.Text != "hà" || f.Text("a") != "" {
		t.Errorf("cut gave %+v, clip %q, left %q", ev, clip.Text, f.Text("a"))
	}
	f.Press(press(keys.TextPut), &clip)
	if f.Text("a") != "hà" {
		t.Errorf("pasted %q", f.Text("a"))
	}
	if ev := f.Press(press(keys.RowDo), &clip); ev.Do || f.Current().Key != "b" {
		t.Errorf("Enter in a field goes on: %+v, now %q", ev, f.Current().Key)
	}
	if ev := f.Press(press(keys.RowDo), &clip); !ev.Do || ev.Key != "b" {
		t.Errorf("Enter in the last field does it: %+v", ev)
	}
	f.Focus("c")
	f.Press(press(keys.RowRight), &clip)
	if f.Row("c").At != 1 {
		t.Error("a choice did not turn")
	}
	if ev := f.Press(press(keys.SettingChange), &clip); ev.Did != Changed || f.Row("c").At != 0 {
		t.Error("a choice goes round")
	}
	f.Focus("go")
	if ev := f.Press(press(keys.RowDo), &clip); !ev.Do || ev.Key != "go" {
		t.Errorf("button gave %+v", ev)
	}
	if ev := f.Press(keys.Press{Key: "z"}, &clip); ev.Do || ev.Did != Nothing {
		t.Errorf("a foreign key gave %+v", ev)
	}
	f.View(60, 10, theme.Set{}, theme.Set{}, theme.Set{}, theme.Glyphs{Cursor: ">"})
	if ev := f.Click(2); ev.Key != "b" || f.Current().Key != "b" {
		t.Errorf("click gave %+v", ev)
	}
}

func TestLinesHaveTheirWidth(t *testing.T) {
	th := theme.New(theme.Dark, theme.TrueColor, false, false)
	f := sample()
	f.Row("a").Field.SetText(strings.Repeat("Nguyễn Thị Thu Hà ", 9))
	for w := 1; w < 90; w += 3 {
		for h := 1; h < 12; h++ {
			for range len(f.Rows) {
				lines, x, y, ok := f.View(w, h, th.Page, th.Soft, th.Sel, th.Glyph)
				if len(lines) != h || y < 0 || y >= h || ok && x < 0 {
					t.Fatalf("%d×%d: %d lines, cursor %d,%d", w, h, len(lines), x, y)
				}
				for _, l := range lines {
					if w >= 12 && kit.Width(l) != w {
						t.Fatalf("%d×%d: %q is %d wide", w, h, ansi.Strip(l), kit.Width(l))
					}
				}
				f.Move(1)
			}
		}
	}
}

func TestEditBody(t *testing.T) {
	var e kit.Editor
	var clip Clip
	for _, s := range []string{"một", "hai"} {
		EditBody(&e, keys.Press{Text: s, Key: s}, &clip, nil)
		EditBody(&e, press(keys.BodyLine), &clip, nil)
	}
	for _, id := range []keys.ID{
		keys.BodyTop, keys.BodyDown, keys.SelDown, keys.SelUp, keys.BodyPageDown, keys.BodyUp, keys.BodyUp, keys.BodyBottom,
		keys.SelTop, keys.SelBottom, keys.BodyPageUp, keys.BodyTop,
	} {
		if did := EditBody(&e, press(id), &clip, nil); did != Moved {
			t.Errorf("%s did %v", id, did)
		}
	}
	EditBody(&e, press(keys.BodyCutLine), &clip, nil)
	if e.Text() != "hai\n" || clip.Text != "một\n" {
		t.Errorf("left %q, clip %q", e.Text(), clip.Text)
	}
	EditBody(&e, press(keys.TextPut), &clip, nil)
	if e.Text() != "một\nhai\n" {
		t.Errorf("put back %q", e.Text())
	}
	if did := EditBody(&e, keys.Press{Paste: true, Text: strings.Repeat("x", kit.MaxText+1)}, &clip, nil); did != Full {
		t.Errorf("a paste that is too long did %v", did)
	}
	if did := EditBody(&e, press(keys.SendLetter), &clip, nil); did != Nothing {
		t.Errorf("a foreign action did %v", did)
	}
}

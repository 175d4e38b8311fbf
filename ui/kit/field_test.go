package kit

import (
	"strings"
	"testing"
)

func TestFieldScrollsSideways(t *testing.T) {
	f := new(Field)
	for i, r := range strings.Repeat("Nguyễn Thị Thu Hà; ", 20) {
		f.Insert(string(r))
		line, x := f.View(20, "", Look{})
		if Width(line) != 20 || x < 0 || x > 19 {
			t.Fatalf("after rune %d: %q is %d wide, cursor %d", i, line, Width(line), x)
		}
	}
	if line, x := f.View(20, "", Look{}); !strings.HasSuffix(strings.TrimRight(line, " "), "Hà;") || x == 0 {
		t.Errorf("the end is not in sight: %q, cursor %d", line, x)
	}
	f.Home(Move)
	if line, x := f.View(20, "", Look{}); !strings.HasPrefix(line, "Nguyễn Thị Thu Hà") || x != 0 {
		t.Errorf("the start is not in sight: %q, cursor %d", line, x)
	}
}

// Left alone, a field says how its text begins, and a click there meets the letter that is seen.
func TestFieldAtRest(t *testing.T) {
	f := new(Field)
	f.SetText("Re: V/v góp ý dự thảo Quyết định")
	f.View(12, "", Look{})
	if got := f.Rest(12, "", Look{}); got != "Re: V/v góp…" {
		t.Errorf("at rest it shows %q", got)
	}
	f.Click(4, Move)
	f.Insert("x")
	if got := f.Text(); got != "Re: xV/v góp ý dự thảo Quyết định" {
		t.Errorf("the click met another place: %q", got)
	}
	if got := new(Field).Rest(6, "gõ", Look{}); got != "gõ    " {
		t.Errorf("an empty field shows %q", got)
	}
	s := &Field{Secret: true}
	s.SetText("sen hồng")
	if got := s.Rest(12, "", Look{}); strings.Contains(got, "sen") {
		t.Errorf("a secret is shown: %q", got)
	}
}

func TestFieldSecret(t *testing.T) {
	f := &Field{Secret: true}
	f.Insert("mật khẩu")
	line, x := f.View(12, "", Look{})
	if line != "••••••••    " || x != 8 {
		t.Errorf("%q, cursor %d", line, x)
	}
	f.SelectAll()
	if f.Selection() != "" {
		t.Error("a secret can be copied")
	}
	f.Secret = false
	if line, _ = f.View(12, "", Look{}); line != "mật khẩu    " {
		t.Errorf("shown: %q", line)
	}
	f.SetText("")
	if line, _ = f.View(12, "ít nhất 12 ký tự", Look{}); line != "ít nhất 12 k" {
		t.Errorf("hint: %q", line)
	}
}

func TestFieldIsOneLine(t *testing.T) {
	f := new(Field)
	f.Paste("một\r\nhai\tba\n")
	f.Newline()
	if f.Text() != "một hai ba" {
		t.Errorf("%q", f.Text())
	}
	if f.Paste(strings.Repeat("x", MaxLine)) || f.Text() != "một hai ba" {
		t.Error("a paste beyond the limit must change nothing and say so")
	}
	f.Replace("a\nb")
	if f.Text() != "a b" || !f.AtEnd() {
		t.Errorf("replaced: %q", f.Text())
	}
}

func TestFieldSegment(t *testing.T) {
	for _, c := range []struct {
		text string
		back int // letters from the end
		want string
	}{
		{"hùng", 0, "hùng"},
		{"a@b.vn; hùn", 0, "hùn"},
		{"a@b.vn; hùng ; c", 4, "hùng"},
		{`"Sở KH; ĐT" <s@x>, bi`, 0, "bi"},
		{`"Sở KH; ĐT" <s@x>, bi`, 12, `"Sở KH; ĐT" <s@x>`},
		{"a@b.vn; ", 0, ""},
		{"", 0, ""},
	} {
		f := new(Field)
		f.SetText(c.text)
		for range c.back {
			f.Left(Move)
		}
		from, to, got := f.Segment(";,")
		if got != c.want {
			t.Errorf("%q: segment %q, want %q", c.text, got, c.want)
		}
		f.ReplaceRange(from, to, "X")
		if f.Text() != c.text[:from]+"X"+c.text[to:] {
			t.Errorf("%q: replaced %q", c.text, f.Text())
		}
		if f.Undo(); f.Text() != c.text {
			t.Errorf("undo gave %q, want %q", f.Text(), c.text)
		}
	}
}

func TestChoices(t *testing.T) {
	var c Choices
	c.Move(1)
	if _, ok := c.Current(); ok || c.Index() != -1 || c.ClickAt(0) {
		t.Error("an empty list has no current line")
	}
	c.Set([]Choice{{Main: "Trần Văn Hùng", Detail: "Chuyên viên, Sở KH&ĐT", Note: "danh bạ"}, {Main: "b"}, {Main: "c"}, {Main: "d"}})
	c.Move(3)
	lines := c.View(30, 2, ">", Look{})
	if strings.Join(lines, "\n") != "  c"+strings.Repeat(" ", 27)+"\n> d"+strings.Repeat(" ", 27) {
		t.Errorf("%q", lines)
	}
	if i, ok := c.Row(0); !ok || i != 2 {
		t.Errorf("row 0 is line %d", i)
	}
	if c.ClickAt(2) || c.ClickAt(-1) || c.Index() != 3 {
		t.Errorf("a click beside the lines shown chose line %d", c.Index())
	}
	if !c.ClickAt(0) || c.Index() != 2 {
		t.Errorf("a click on row 0 chose line %d", c.Index())
	}
	if c.Page(-1); c.Index() != 1 {
		t.Errorf("a page of two lines went to line %d", c.Index())
	}
	c.Offer([]Choice{{Main: "a"}, {Main: "d"}})
	if _, ok := c.Current(); ok || c.Index() != -1 || strings.Contains(c.View(9, 2, ">", Look{})[0], ">") {
		t.Error("an offer chooses nothing")
	}
	if c.Move(1); c.Index() != 0 {
		t.Error("the first move chooses the first line")
	}
	c.Move(1)
	c.Update([]Choice{{Main: "d"}, {Main: "e"}})
	if it, _ := c.Current(); it.Main != "d" {
		t.Errorf("the cursor left its line: %q", it.Main)
	}
	c.Set([]Choice{{Main: "Trần Văn Hùng", Detail: "Chuyên viên, Sở Kế hoạch và Đầu tư", Note: "danh bạ"}})
	for w := 1; w < 70; w++ {
		for _, l := range c.View(w, 3, "▌", Look{}) {
			if Width(l) != w {
				t.Fatalf("width %d: %q is %d wide", w, l, Width(l))
			}
		}
	}
}

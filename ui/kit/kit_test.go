package kit

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"hopthu/ui/theme"
)

func TestWidth(t *testing.T) {
	for s, want := range map[string]int{
		"": 0, "abc": 3, "Sở Kế hoạch và Đầu tư": 21, "e\u0302\u0301": 1, "ế": 1, "日本": 4, "●▲↩": 3, "\x1b[1mab\x1b[0m": 2, "…": 1, "a\x00b": 2,
	} {
		if got := Width(s); got != want {
			t.Errorf("Width(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		s    string
		w    int
		want string
	}{
		{"Góp ý dự thảo", 20, "Góp ý dự thảo"},
		{"Góp ý dự thảo", 13, "Góp ý dự thảo"},
		{"Góp ý dự thảo", 8, "Góp ý d…"},
		{"Góp ý dự thảo", 7, "Góp ý…"},
		{"Góp ý", 1, "…"},
		{"Góp ý", 0, ""},
		{"Góp ý", -3, ""},
		{"日本語", 4, "日…"},
		{"日本語", 5, "日本…"},
		{"ti\u00eaế\u0301ng viê\u0323t", 5, "ti\u00eaế\u0301…"},
	} {
		if got := Cut(c.s, c.w); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.s, c.w, got, c.want)
		}
	}
}

func TestFit(t *testing.T) {
	for _, s := range []string{"", "a", "Trích yếu rất dài của văn bản", "日本語日本語日本語", "e\u0302\u0301e\u0302\u0301e\u0302\u0301e\u0302\u0301e\u0302\u0301"} {
		for w := range 20 {
			if got := Width(Fit(s, w)); got != w {
				t.Errorf("Fit(%q, %d) is %d wide", s, w, got)
			}
			if got := Width(FitLeft(s, w)); got != w {
				t.Errorf("FitLeft(%q, %d) is %d wide", s, w, got)
			}
			if got := Width(Center(s, w)); got != w {
				t.Errorf("Center(%q, %d) is %d wide", s, w, got)
			}
		}
	}
}

// The hostile cases of design/peers.md 4.1: after Clean nothing can steer the terminal or reorder the line.
func TestClean(t *testing.T) {
	for s, want := range map[string]string{
		"Giấy mời họp":                             "Giấy mời họp",
		"a\x1b[2Jb":                                "ab",
		"a\x1b]52;c;aGk=\x07b":                     "ab",
		"a\u009b31mb":                              "ab",
		"a\x1b]0;tiêu đề\x1b\\b":                   "ab",
		"a\x1b]0;x":                                "a0;x",
		"a\x1b]0;x\nb\x07":                         "a0;x b",
		"a\x1bP1$r\x1b\\b\u009dx\u009cc":           "abc",
		"a\x1b(Bb\x1b7c\x1b":                       "abc",
		"a\x1b\x1b[31m\x1b[b":                      "a",
		"a\x1b[31\nb":                              "a31 b",
		"a\x1b]" + strings.Repeat("x", 600) + "\a": "a" + strings.Repeat("x", 600),
		"a\rb\bc\x7f":                              "a bc",
		"anh\u202egnp.exe":                         "anhgnp.exe",
		"\u2066x\u2069\u200b\u200f":                "x",
		"dòng 1\u2028dòng 2\n3\t4":                 "dòng 1 dòng 2 3 4",
		"\ufeffBOM\u00ad":                          "BOM",
		"\xff\xfe":                                 "\ufffd\ufffd",
		"tag\U000e0041":                            "tag",
		"\U0001f44d\U0001f3fd x":                   "\U0001f44d x",
		"a\u00a0b":                                 "a b",
		"e" + strings.Repeat("\u0301", 50) + "f":   "e" + strings.Repeat("\u0301", 4) + "f",
		"\u3164\u115f":                             "",
	} {
		if got := Clean(s); got != want {
			t.Errorf("Clean(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestCleanText(t *testing.T) {
	for s, want := range map[string]string{
		"a\r\nb\rc\nd": "a\nb\nc\nd", "a\tb": "a       b", "abc\td": "abc     d", "x\u2029y": "x\ny", "\x1b[31m": "", "a\x1b]8;;x\x07b": "ab", "một\n": "một\n",
	} {
		if got := CleanText(s); got != want {
			t.Errorf("CleanText(%q) = %q, want %q", s, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"Hộp thư", "\x1b[2J", "\u202e", "a\u0301\u0301", "\x1b]0;x\x07y", "\x1bP\x1b\\", "\u009b1m\u009d\u009c", "\x1b(B", "\xff", "\U0001f1fb\U0001f1f3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		one := Clean(s)
		if got := Clean("\x1b[1;31m" + s); strings.TrimLeft(s, " ") == s && s == one && got != one {
			t.Fatalf("a sequence before %q leaves %q", s, got)
		}
		for _, r := range one {
			if hidden(r) || r == '\n' || r == '\t' {
				t.Fatalf("Clean(%q) leaves %U", s, r)
			}
		}
		if Clean(one) != one {
			t.Fatalf("Clean twice differs: %q, %q", one, Clean(one))
		}
		for _, r := range CleanText(s) {
			if r != '\n' && hidden(r) {
				t.Fatalf("CleanText(%q) leaves %U", s, r)
			}
		}
		for _, w := range []int{1, 7, 40} {
			if got := Width(Fit(one, w)); got != w {
				t.Fatalf("Fit(%q, %d) is %d wide", one, w, got)
			}
			for _, l := range Wrap(one, max(w, 2), 0) {
				if Width(l) > max(w, 2) {
					t.Fatalf("Wrap(%q, %d) gives %q", one, w, l)
				}
			}
		}
	})
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		s       string
		w, hang int
		want    []string
	}{
		{"", 10, 0, []string{""}},
		{"một hai ba bốn", 8, 0, []string{"một hai", "ba bốn"}},
		{"một hai ba bốn", 7, 0, []string{"một hai", "ba bốn"}},
		{"- một hai ba bốn năm", 9, 2, []string{"- một hai", "  ba bốn", "  năm"}},
		{"https://example.vn/abc", 10, 0, []string{"https://ex", "ample.vn/a", "bc"}},
		{"xem https://example.vn", 10, 0, []string{"xem", "https://ex", "ample.vn"}},
		{"  thụt đầu dòng dài", 10, 0, []string{"  thụt đầu", "dòng dài"}},
		{"日本語日本語", 5, 0, []string{"日本", "語日", "本語"}},
		{"trước ngày 30\u00a0tháng\u00a011 thì", 16, 0, []string{"trước ngày", "30\u00a0tháng\u00a011 thì"}},
		{"mọi\u00a0chỗ\u00a0trống\u00a0đều\u00a0cứng", 10, 0, []string{"mọi chỗ", "trống đều", "cứng"}},
	} {
		if got := Wrap(c.s, c.w, c.hang); !slices.Equal(got, c.want) {
			t.Errorf("Wrap(%q, %d, %d) = %q, want %q", c.s, c.w, c.hang, got, c.want)
		}
	}
}

func TestRowsKeepTheirPlace(t *testing.T) {
	var r Rows[int]
	r.SetHeight(3)
	r.SetIDs([]int{10, 9, 8, 7, 6, 5})
	r.Move(4) // on 6, shown 8 7 6
	if !slices.Equal(r.Visible(), []int{8, 7, 6}) {
		t.Fatalf("shown %v", r.Visible())
	}
	r.SetIDs([]int{12, 11, 10, 9, 8, 7, 6, 5}) // two new ones above
	if id, _ := r.Current(); id != 6 || !slices.Equal(r.Visible(), []int{8, 7, 6}) {
		t.Errorf("new rows above moved the list: on %d, shown %v", id, r.Visible())
	}
	r.SetIDs([]int{12, 11, 10, 9, 8, 7, 5}) // the current one is gone
	if id, _ := r.Current(); id != 5 {
		t.Errorf("after the current row went the cursor is on %d", id)
	}
	r.MoveTo(0)
	r.SetIDs([]int{13, 12, 11})
	if id, _ := r.Current(); id != 12 || r.Top() != 0 {
		t.Errorf("at the top: on %d, top %d", id, r.Top())
	}
	r.SetIDs(nil)
	if _, ok := r.Current(); ok || r.Chosen() != nil {
		t.Error("an empty list has a current row")
	}
}

func TestRowsMarks(t *testing.T) {
	var r Rows[int]
	r.SetHeight(2)
	r.SetIDs([]int{1, 2, 3, 4})
	r.Mark()
	r.Move(1)
	r.Mark()
	if got := r.Chosen(); !slices.Equal(got, []int{1, 3}) {
		t.Errorf("chosen %v", got)
	}
	r.SetIDs([]int{0, 3, 4})
	if got := r.Chosen(); !slices.Equal(got, []int{3}) {
		t.Errorf("after 1 went: chosen %v", got)
	}
	r.MarkAll()
	if r.Marks() != 3 {
		t.Errorf("all: %d", r.Marks())
	}
	r.MarkAll()
	if r.Marks() != 0 {
		t.Errorf("none: %d", r.Marks())
	}
}

func TestRowsScrollAndClick(t *testing.T) {
	var r Rows[int]
	r.SetHeight(3)
	r.SetIDs([]int{1, 2, 3, 4, 5, 6})
	r.Scroll(2)
	if r.Top() != 2 || r.Index() != 2 {
		t.Errorf("scroll: top %d, index %d", r.Top(), r.Index())
	}
	r.Scroll(99)
	if r.Top() != 3 {
		t.Errorf("scroll beyond the end: top %d", r.Top())
	}
	if !r.ClickAt(1) || r.Index() != 4 {
		t.Errorf("click: %d", r.Index())
	}
	if r.ClickAt(3) || r.ClickAt(-1) {
		t.Error("a click outside took")
	}
	if got := r.Around(2); !slices.Equal(got, []int{2, 3, 4, 5, 6}) {
		t.Errorf("around %v", got)
	}
}

func TestProse(t *testing.T) {
	th := theme.New(theme.Mono, theme.NoColor, false, false)
	p := SetProse([]Para{
		{Text: "Kính gửi ông, xem [1] nhé"},
		{Text: ""},
		{Text: ""},
		{Quote: 1, Text: "một"},
		{Quote: 1, Text: "hai"},
		{Quote: 2, Text: "ba"},
		{Quote: 1, Text: "bốn"},
		{Kind: ParaRule},
		{Kind: ParaPre, Text: "a\tb\nc"},
	}, 30, false)
	draw := func() string {
		lines := p.Draw(0, 40, 10, th, func(n int) string { return strings.Repeat("q", n) })
		for i, l := range lines {
			if Width(l) != 40 {
				t.Errorf("line %d is %d wide", i, Width(l))
			}
			lines[i] = strings.TrimRight(ansi.Strip(l), " ")
		}
		return strings.TrimRight(strings.Join(lines, "\n"), "\n")
	}
	want := "Kính gửi ông, xem [1] nhé\n\n▸ qqqq\n" + strings.Repeat("─", 30) + "\na       b\nc"
	if got := draw(); got != want {
		t.Errorf("folded:\n%s\nwant\n%s", got, want)
	}
	if some, folded := p.Folds(); !some || !folded {
		t.Error("nothing folds")
	}
	p.Fold(false)
	want = "Kính gửi ông, xem [1] nhé\n\n│ một\n│ hai\n│ │ ba\n│ bốn\n" + strings.Repeat("─", 30) + "\na       b\nc"
	if got := draw(); got != want {
		t.Errorf("open:\n%s\nwant\n%s", got, want)
	}
	if p.Lines() != 9 {
		t.Errorf("%d lines", p.Lines())
	}
}

func TestBarNeverOverflows(t *testing.T) {
	th := theme.New(theme.Dark, theme.TrueColor, false, false)
	hints := []Hint{{"Enter", "mở"}, {"r", "trả lời"}, {"x", "không cần hồi đáp"}}
	last := &Hint{"?", "trợ giúp"}
	for w := range 90 {
		if got := Width(Bar(hints, last, w, th.Page)); got != w {
			t.Errorf("bar of %d is %d wide", w, got)
		}
		line, spans := Tabs([]Tab{{Title: "Hôm nay", On: true}, {Title: "Hộp thư", Count: "12"}}, w, th)
		if got := Width(line); got != w || w > 20 && len(spans) != 2 {
			t.Errorf("tabs of %d are %d wide", w, got)
		}
		if line, _ := Tabs([]Tab{{Title: "Hôm nay", Count: "9", Bad: "!2", On: true}, {Title: "Hộp thư"}}, w, th); Width(line) != w {
			t.Errorf("tabs with something wrong of %d are %d wide", w, Width(line))
		}
	}
}

// No tab is left out while all of them fit closer together.
func TestTabsStandCloser(t *testing.T) {
	tabs := []Tab{{Title: "Hôm nay", Count: "25", On: true}, {Title: "Hộp thư đến"}, {Title: "Thư nháp"}}
	th := theme.New(theme.Dark, theme.TrueColor, false, false)
	for w, want := range map[int]string{50: " Hôm nay 25   Hộp thư đến   Thư nháp", 35: " Hôm nay 25  Hộp thư đến  Thư nháp", 33: " Hôm nay 25  Hộp thư đến"} {
		line, spans := Tabs(tabs, w, th)
		if got := strings.TrimRight(ansi.Strip(line), " "); got != want || Width(ansi.Strip(line)) != w {
			t.Errorf("%d columns: %q (%v)", w, got, spans)
		}
	}
}

func TestMatch(t *testing.T) {
	if !Match(Fold("hop thu"), Fold("Hộp thư đến")) || Match(Fold("đi"), Fold("Hộp thư")) || !Match("", "x") {
		t.Error("folded words do not match as they should")
	}
}

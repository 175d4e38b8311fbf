package letter_test

import (
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/ui/kit"
	"hopthu/ui/read"
	"hopthu/ui/theme"
	"hopthu/ui/words"
)

// The beginning of a long letter is set as the whole one is, whatever its paragraphs; a usual letter has none.
func TestBrief(t *testing.T) {
	s := read.Setting{Words: words.Of("vi"), Theme: theme.New(theme.Mono, theme.NoColor, false, false), Width: 80}
	one := strings.Repeat("Kính gửi Sở Kế hoạch và Đầu tư. ", 20_000)
	var many []mail.Para
	for range 5000 {
		many = append(many, mail.Para{Text: "Một dòng chữ của báo cáo dài."})
	}
	for name, paras := range map[string][]mail.Para{"one paragraph": {{Text: one}}, "many": many, "table": {{Kind: mail.ParaPre, Text: one}}, "one word": {{Text: strings.Repeat("QUJDRA", 100_000)}}} {
		l := &mail.Letter{Head: mail.Head{Subject: "Dài"}, Paras: paras}
		brief, whole := read.Brief(l, s), read.Set(l, s)
		if brief == nil || brief.Lines() >= whole.Lines() || brief.Lines() < 150 {
			t.Fatalf("%s: %v", name, brief)
		}
		if !slices.Equal(brief.Draw(0, 120), whole.Draw(0, 120)) {
			t.Errorf("%s: the first screens differ", name)
		}
		if got := kit.Width(brief.Draw(0, 20)[19]); got != kit.Width(whole.Draw(0, 20)[19]) {
			t.Errorf("%s: width %d", name, got)
		}
	}
	if read.Brief(&mail.Letter{Paras: []mail.Para{{Text: "ngắn"}}}, s) != nil {
		t.Error("a short letter is set twice")
	}
}

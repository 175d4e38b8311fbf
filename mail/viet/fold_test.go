package viet

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func TestNFC(t *testing.T) {
	for in, want := range map[string]string{
		"e\u0302\u0301":     "ế",
		"\u00ea\u0301":      "ế",
		"a\u0323\u0302":     "ậ",
		"a\u0302\u0323":     "ậ",
		"u\u0301\u031b":     "ứ",
		"\u00fa\u031b":      "ứ",
		"e\u0341":           "é",
		"Trần Văn Hùng":     "Trần Văn Hùng",
		"a\xffb":            "a\ufffdb",
		"":                  "",
		"KH&\u0110T \u00ad": "KH&ĐT \u00ad",
	} {
		if got := NFC(in); got != want {
			t.Errorf("NFC(%+q) = %+q, want %+q", in, got, want)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Trần Văn Hùng":             "tran van hung",
		"ĐƯỜNG đường Đặng":          "duong duong dang",
		"hoà hòa thuý thúy Uỷ Ủy":   "hoa hoa thuy thuy uy uy",
		norm.NFD.String("Nguyễn ệ"): "nguyen e",
		"Ð ð Ɖ ɖ":                   "d d d d",
		"ký\u00adhiệu\u200b":        "kyhieu",
		"a\u00a0b":                  "a b",
		"Größe ÉTÉ ñ":               "große ete n",
		"Ωμέγα":                     "ωμεγα",
		"Москва Й":                  "москва и",
		"会議 😀":                      "会議 😀",
		"a\xffb":                    "a\ufffdb",
		"plain ascii":               "plain ascii",
		"":                          "",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
		if got := Fold(Fold(in)); got != want {
			t.Errorf("Fold is not stable on %q: %q", in, got)
		}
	}
}

// Every Vietnamese letter folds to one ASCII letter, whatever form it comes in.
func TestFoldLetters(t *testing.T) {
	if len(letters) != 134 {
		t.Fatalf("%d letters, want 134 (TCVN 6909)", len(letters))
	}
	for r := range letters {
		got := Fold(string(r))
		if len(got) != 1 || got != Fold(norm.NFD.String(string(r))) {
			t.Errorf("Fold(%c) = %q", r, got)
		}
		if !IsMarked(string(r)) || !IsMarked("x"+norm.NFD.String(string(r))) {
			t.Errorf("IsMarked(%c) = false", r)
		}
	}
	for _, w := range []string{"", "van", "日本", "ß", "ñ", "2013"} {
		if IsMarked(w) {
			t.Errorf("IsMarked(%q) = true", w)
		}
	}
}

// The table says the same as the slow way over the whole basic plane.
func TestFoldAgainstNormalizer(t *testing.T) {
	for r := rune(0x80); r < 0x10000; r++ {
		if r >= 0xd800 && r < 0xe000 || invisible(r) || r == 'ð' || r == 'Ð' || r == 'Ɖ' || r == 'ɖ' || r == 'đ' || r == 'Đ' || r == 0xa0 {
			continue
		}
		want, bases := "", 0
		for _, d := range norm.NFD.String(string(r)) {
			if !unicode.Is(unicode.Mn, d) {
				want = string(unicode.ToLower(d))
				bases++
			}
		}
		if bases > 1 {
			want = string(unicode.ToLower(r))
		}
		if got := Fold(string(r)); got != want {
			t.Fatalf("Fold(%U) = %+q, want %+q", r, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add([]byte("Cộng hòa xã hội chủ nghĩa Việt Nam\x00\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		once := FoldBytes(nil, b)
		if twice := FoldBytes(nil, once); string(twice) != string(once) {
			t.Fatalf("not stable: %q then %q", once, twice)
		}
		if string(once) != Fold(string(b)) {
			t.Fatal("Fold and FoldBytes differ")
		}
	})
}

func BenchmarkFoldBytes(b *testing.B) {
	src := []byte(strings.Repeat("Kính gửi: Ủy ban nhân dân các huyện, thành phố, thị xã; đề nghị báo cáo trước ngày 05/8/2013. ", 1000))
	dst := make([]byte, 0, len(src))
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		dst = FoldBytes(dst[:0], src)
	}
}

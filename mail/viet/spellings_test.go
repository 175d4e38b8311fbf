package viet

import (
	"slices"
	"strings"
	"testing"
)

func TestSpellings(t *testing.T) {
	for word, want := range map[string]string{
		"hòa": "hoà", "hoà": "hòa", "ủy": "uỷ", "thuý": "thúy", "quy": "qui", "qui": "quy", "quý": "quí", "kỹ": "kĩ", "kĩ": "kỹ", "mỹ": "mĩ",
		"lí": "lý", "tỉ": "tỷ", "quyết": "quyêt", "": "", "tuy": "", "tui": "", "y": "", "12": "", "bcvt": "", "nam": "", "năm": "", "toán": "tóan",
		"việt": "vịêt", "ky": "ki", "khỏe": "khoẻ", "ý": "", "gì": "gỳ", "đt": "", "tran": "",
	} {
		got := Spellings(word)
		for _, s := range got {
			if FoldTone(s) != FoldTone(word) || s == word {
				t.Errorf("%q is no other spelling of %q", s, word)
			}
		}
		if want == "quyêt" { // several: the tone on either vowel, y and i
			if !slices.Contains(got, "quiết") || !slices.Contains(got, "quýêt") {
				t.Errorf("%q: %q", word, got)
			}
			continue
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

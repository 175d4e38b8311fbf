package viet

import (
	"strings"
	"testing"
)

func TestFoldTone(t *testing.T) {
	same := [][]string{
		{"hoà", "hòa", "HOÀ", "hoa\u0300"},
		{"khoẻ", "khỏe"},
		{"thuý", "thúy", "THÚY"},
		{"Uỷ ban", "Ủy ban", "ỦY BAN"},
		{"quy định", "qui định", "Qui Định"},
		{"quý", "quí"},
		{"kỹ", "kĩ"},
		{"Mỹ", "Mĩ"},
		{"lý", "lí"},
		{"tỷ", "tỉ"},
		{"quýt", "quít"},
		{"xoè", "xòe"},
		{"huỷ", "hủy"},
		{"giữ", "giữ"},
		{"Sở KH&ĐT", "sở kh&đt"},
		{"a\u00a0b", "a b"},
		{"phí", "phí"},
		{"thuở", "thuở"},
		{"loà xoà", "lòa xòa"},
	}
	for _, row := range same {
		for _, s := range row[1:] {
			if FoldTone(s) != FoldTone(row[0]) {
				t.Errorf("FoldTone(%q) = %q, FoldTone(%q) = %q", s, FoldTone(s), row[0], FoldTone(row[0]))
			}
		}
	}
	for _, pair := range [][2]string{
		{"hoà", "hoa"},
		{"hòa", "hóa"},
		{"thúy", "thúi"},
		{"tuy", "tui"},
		{"ma", "má"},
		{"dân", "đân"},
		{"tay", "tai"},
		{"của", "cửa"},
		{"uy", "ui"},
		{"ý", "í"},
		{"mây", "mâi"},
	} {
		if FoldTone(pair[0]) == FoldTone(pair[1]) {
			t.Errorf("%q and %q fold alike: %q", pair[0], pair[1], FoldTone(pair[0]))
		}
	}
	for _, pair := range [][2]string{{"hoà", "hoàn"}, {"nướ", "nước"}, {"thuộ", "thuộc"}, {"quyế", "quyết"}} {
		if !strings.HasPrefix(FoldTone(pair[1]), FoldTone(pair[0])) {
			t.Errorf("%q is no beginning of %q", FoldTone(pair[0]), FoldTone(pair[1]))
		}
	}
}

package viet

import (
	"slices"
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	for _, want := range [][]string{
		strings.Fields("a à ả ã á ạ ă ằ â ấ b c d đ e ê f g h i k l m n o ô ơ p q r s t u ư v w x y z"),
		{"an", "ăn", "ân"},
		{"đ", "đa", "đà", "đá", "đan"},
		{"hà", "Hà", "há", "hà nội"},
		{"10", "2", "a"},
		{"ma", "mà", "mả", "mã", "má", "mạ", "man"},
		{"Hại", "Hải A", "Hải B"}, // letters first over the whole text: shorter before longer
		{"é", "ë", "g"},
	} {
		got := slices.Clone(want)
		slices.Reverse(got)
		slices.SortFunc(got, Compare)
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if Compare("hoa\u0300", "hoà") != 0 {
		t.Error("NFD and NFC differ")
	}
}

func TestCompareNames(t *testing.T) {
	want := []string{
		"", "Phạm Ngọc Ánh", "Đinh Công Đoàn", "Lê Hà", "Nguyễn Thị Thu Hà", "Trần Văn Hùng", "Trần Văn Hưng",
		"Trịnh Việt Hưng", "Hương", "Bùi Văn Ỷ",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, CompareNames)
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

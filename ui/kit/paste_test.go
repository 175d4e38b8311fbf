package kit_test

import (
	"testing"

	"hopthu/ui/kit"
)

func TestPasteLines(t *testing.T) {
	for in, want := range map[string]string{
		"một":                      "một",
		"một\rhai\r":               "một\nhai\n",
		"một\r\nhai":               "một\nhai",
		"một\r\r\nhai\r\r\n":       "một\nhai\n",
		"đoạn\r\rđoạn":             "đoạn\n\nđoạn", // a blank line
		"một\r\rhai\r\r\r\rba\r\r": "một\nhai\n\nba\n",
		"một\rhai\r\r\r\rba":       "một\nhai\n\n\n\nba",
		"một\nhai":                 "một\nhai",
	} {
		if got := kit.PasteLines(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

// Fixed layout that is wider than the page goes on in the next line: nothing is cut off.
func TestFixedLayoutIsWhole(t *testing.T) {
	p := kit.SetProse([]kit.Para{{Kind: kit.ParaPre, Text: "STT  Tên\n 1   một dòng   rất dài không vừa"}}, 12, false)
	if got, want := p.Plain(), "STT  Tên\n 1   một dòn\ng   rất dài \nkhông vừa\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

package rule

import (
	"fmt"
	"testing"
)

func TestProvenances(t *testing.T) {
	for source, want := range map[string]string{
		"TT01?;TT39 2.x": "[{Thông tư 01/2011/TT-BTTTT false} {Thông tư 39/2017/TT-BTTTT, 2.x true}]",
		"D2.2":           "[{chính sách của hệ thống true}]",
		"":               "[]",
		"QĐ 5 của Sở":    "[{QĐ 5 của Sở false}]",
	} {
		if got := fmt.Sprint(Provenances(source)); got != want {
			t.Errorf("%q: %s, want %s", source, got, want)
		}
	}
	for ext, f := range DefaultFormats() { // every row of our own list names sources that are known
		for _, p := range Provenances(f.Source) {
			if p.Document == f.Source {
				t.Errorf("%s: source %q", ext, f.Source)
			}
		}
	}
}

package rule

import "testing"

func TestWithMark(t *testing.T) {
	for _, c := range []struct{ typed, number, year, symbol, mark string }{
		{"10/2013/QĐ-UBND", "10", "2013", "QĐ-UBND", "10/2013/QĐ-UBND"},
		{" 512 / SKHĐT - THQH ", "512", "", "SKHĐT-THQH", "512/SKHĐT-THQH"},
		{"15-CV/TU", "15", "", "CV/TU", "15-CV/TU"},
		{"Số: 07/BC-SNV", "07", "", "BC-SNV", "07/BC-SNV"},
		{"", "", "", "", ""},
		{"không số", "không số", "", "", "không số"},
		{"12a/QĐ-UBND (bản 2)", "12a/QĐ-UBND (bản 2)", "", "", "12a/QĐ-UBND (bản 2)"},
	} {
		d := Document{Number: "1", Symbol: "X", Party: true, Draft: true}.WithMark(c.typed)
		if d.Number != c.number || d.Year != c.year || d.Symbol != c.symbol || d.Mark() != c.mark || !d.Draft {
			t.Errorf("%q: %q %q %q = %q", c.typed, d.Number, d.Year, d.Symbol, d.Mark())
		}
	}
}

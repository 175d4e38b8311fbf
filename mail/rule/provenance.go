package rule

import "strings"

// Provenance is one source of a row of the policy on files.
type Provenance struct {
	Document string // by its Vietnamese name
	Checked  bool   // the row was compared with the text of the document; false: it is known from memory only
}

// sourceNames are the sources of data/formats.psv.
var sourceNames = map[string]string{
	"TT01": "Thông tư 01/2011/TT-BTTTT", "TT39": "Thông tư 39/2017/TT-BTTTT", "TT19": "Thông tư 19/2011/TT-BTTTT", "D2.2": "chính sách của hệ thống",
}

// Provenances reads the source column of a row: "TT01?;TT19". What it does not know it gives as it stands, as not checked.
func Provenances(source string) []Provenance {
	var out []Provenance
	for _, s := range strings.Split(source, ";") {
		code, place, _ := strings.Cut(strings.TrimSpace(s), " ")
		plain, doubt := strings.CutSuffix(code, "?")
		switch name, ok := sourceNames[plain]; {
		case code == "":
		case !ok:
			out = append(out, Provenance{Document: strings.TrimSpace(s)})
		case place != "":
			out = append(out, Provenance{name + ", " + place, !doubt})
		default:
			out = append(out, Provenance{name, !doubt})
		}
	}
	return out
}

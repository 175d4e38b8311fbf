package rule

import "strings"

// WithMark is the document with number and symbol as a person typed them: "10/2013/QĐ-UBND", "Số: 15-CV/TU". What does
// not follow the grammar of D 2.6 is kept as the number, so that nothing typed is lost. Draft stays: the file itself is
// not changed by it.
func (d Document) WithMark(mark string) Document {
	mark = strings.Join(strings.Fields(mark), " ")
	d.Number, d.Year, d.Symbol, d.Party, d.Quoted = mark, "", "", false, false
	if strings.HasPrefix(strings.ToLower(mark), "số") {
		mark = strings.TrimLeft(mark[len("số"):], " :.")
		d.Number = mark
	}
	m := reMark().FindStringSubmatch("Số: " + mark)
	if m == nil || m[1] == "" || m[0] != "Số: "+mark {
		return d
	}
	d.Number, d.Year, d.Symbol, d.Party = m[1], m[3], strings.ReplaceAll(m[5], " ", ""), m[4] == "-"
	return d
}

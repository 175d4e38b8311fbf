package rule

import (
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"hopthu/mail/viet"
)

// Urgency is the stamp of haste on a document (Decree 30/2020, box 10b).
type Urgency uint8

// Levels of urgency, rising.
const (
	Normal Urgency = iota
	Urgent
	VeryUrgent
	Express
	ExpressTimed // "Hỏa tốc hẹn giờ" (before 2020)
)

var urgencyNames = [...]string{"", "Khẩn", "Thượng khẩn", "Hỏa tốc", "Hỏa tốc hẹn giờ"}

// String is the level in Vietnamese, "" for Normal.
func (u Urgency) String() string {
	if int(u) < len(urgencyNames) {
		return urgencyNames[u]
	}
	return ""
}

// Document is what the text of an official document tells of itself (D 2.6). What could not be read is empty.
type Document struct {
	Kind    string    // "Quyết định", "Công văn", …
	Abbrev  string    // "QĐ"; "" for kinds without letters
	Number  string    // "512"; "" for a draft whose number is blank
	Year    string    // of legal documents: "2013"
	Symbol  string    // "SKHĐT-THQH"
	Date    time.Time // midnight in Zone; zero if absent or blank
	Summary string    // trích yếu
	Urgency Urgency
	To      []Entry // behind "Kính gửi:" or "Kính mời:"
	Block   Block
	Draft   bool     // blanks to be filled in, or DỰ THẢO; the person is asked
	Why     []string // codes of what makes it a draft: "draft-word", "blank-number", "blank-date", "blank-recipient"
	Quoted  bool     // number and date were taken from "Ban hành kèm theo …", not from the head
	Party   bool     // number and symbol are joined by "-": "15-CV/TU"

	lines []string
	body  int // index of the line where the block begins, or the end
}

// Mark is number and symbol as they are written: "10/2013/QĐ-UBND", "" when there is no number.
func (d Document) Mark() string {
	if d.Number == "" {
		return ""
	}
	m := d.Number
	if d.Year != "" {
		m += "/" + d.Year
	}
	switch {
	case d.Symbol == "":
	case d.Party:
		m += "-" + d.Symbol
	default:
		m += "/" + d.Symbol
	}
	return m
}

const headLines = 60 // the head of a document stands in its first lines

// ReadDocument reads the head, the addressees and the recipients of a document. It never fails.
func ReadDocument(text string) Document { return ReadDocumentWith(text, nil) }

// ReadDocumentWith is ReadDocument that asks a directory for whole names before it splits them.
func ReadDocumentWith(text string, dir Directory) Document {
	d := Document{lines: documentLines(text)}
	d.Block = parseBlock(d.lines, RecipientOptions{Directory: dir})
	d.body = len(d.lines)
	if d.Block.Found() {
		d.body = d.Block.First - 1
	}
	head := d.segments()
	d.readMark(head)
	d.readDate(head)
	d.readStamps(head)
	d.readKind(head)
	d.readSummary(head)
	if d.Number == "" {
		d.readQuoted()
	}
	p := splitter{dir: dir}
	d.readTo(&p)
	if p.draft || d.Block.Draft {
		d.why("blank-recipient")
	}
	return d
}

func (d *Document) why(code string) {
	d.Draft = true
	for _, w := range d.Why {
		if w == code {
			return
		}
	}
	d.Why = append(d.Why, code)
}

// segment is a piece of a head line: columns and pieces parted by a middle dot stand for themselves.
type segment struct {
	text string
	line int // index
}

var reSegments = pattern(`\t+| {3,}| · | \| `)

func (d *Document) segments() []segment {
	var out []segment
	for i, l := range d.lines {
		if i >= headLines || i >= d.body && i > 0 {
			break
		}
		if strings.TrimSpace(l) == "" {
			out = append(out, segment{"", i})
			continue
		}
		for _, s := range reSegments().Split(strings.TrimSpace(strings.Trim(strings.TrimSpace(l), "|")), -1) {
			if s = strings.Trim(s, " |"); s != "" {
				out = append(out, segment{s, i})
			}
		}
	}
	return out
}

// reMark is the grammar of D 2.6: number, year, symbol; the number may be blank, dotted or a place holder.
var reMark = pattern(`^(?i:số|so)\s*[:.]?\s*(?:(\d{1,5}[a-zA-Z]?)|([xX]{1,4}|\[[^\]]{0,12}\]|[ .…_]*))\s*(?:/\s*((?:19|20)\d\d))?\s*(?:([/-])\s*([\p{Lu}&]+[\p{L}\d&.]*(?:\s?[-/]\s?[\p{L}\d&.]+)*))?`)

func (d *Document) readMark(head []segment) {
	for i, s := range head {
		m := reMark().FindStringSubmatch(dashes.Replace(s.text))
		if m == nil || m[5] == "" && m[1] == "" {
			m = d.brokenMark(head, i)
		}
		if m == nil || m[5] == "" && m[3] == "" && len(m[0]) < len(s.text) {
			continue
		}
		d.Party = m[4] == "-"
		d.Number, d.Year, d.Symbol = m[1], m[3], strings.ReplaceAll(strings.TrimRight(m[5], "."), " ", "")
		if d.Number == "" {
			d.why("blank-number")
		}
		return
	}
}

// brokenMark reads "Số:" whose blank was so wide that it looks like two columns: "Số:        /UBND-VP6".
func (d *Document) brokenMark(head []segment, i int) []string {
	f := strings.TrimRight(viet.Fold(head[i].text), " :.…_")
	if f != "so" || i+1 >= len(head) || head[i+1].line != head[i].line {
		return nil
	}
	return reMark().FindStringSubmatch("Số: " + dashes.Replace(head[i+1].text))
}

// dashes are what word processors make of the hyphen in a symbol.
var dashes = strings.NewReplacer("–", "-", "—", "-", "‑", "-", "‐", "-", "−", "-")

var (
	reLongDate  = pattern(`(?i)\b(?:ngày|ngay)\s+(\d{1,2})\s+(?:tháng|thang)\s+(\d{1,2})\s+(?:năm|nam)\s+(\d{4})`)
	reShortDate = pattern(`(?i)\b(?:ngày|ngay)\s+(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})`)
	reDay       = pattern(`\bngay[ .…_]`)
	reBlankDate = pattern(`(?i)(?:^|,\s*)(?:ngày|ngay)\s*(?:[ .…_/]*|\d{1,2}\s*)(?:tháng|thang)\s*(?:[ .…_/]*|\d{1,2}\s*)(?:năm|nam)\s*\d{0,4}[.…_ ]*$`)
)

func readDate(s string) (time.Time, bool) {
	m := reLongDate().FindStringSubmatch(s)
	if m == nil {
		m = reShortDate().FindStringSubmatch(s)
	}
	if m == nil {
		return time.Time{}, false
	}
	t, ok := date(m[1], m[2], m[3])
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, Zone), ok
}

// readDate takes the date of issue: "Ninh Bình, ngày 22 tháng 7 năm 2013", never one that the text cites.
func (d *Document) readDate(head []segment) {
	for i, s := range head {
		text := s.text
		for k := i + 1; k < len(head) && k < i+4 && head[k].line == s.line; k++ {
			text += " " + head[k].text // a blank day looks like a gap between columns
		}
		f := viet.Fold(text)
		loc := reDay().FindStringIndex(f)
		if loc == nil {
			continue
		}
		at := loc[0]
		if at > 0 && !strings.HasSuffix(strings.TrimSpace(f[:at]), ",") || len(strings.Fields(f[:at])) > 6 {
			continue
		}
		if t, ok := readDate(text); ok {
			d.Date = t
			return
		}
		if reBlankDate().MatchString(text) {
			d.why("blank-date")
			return
		}
	}
}

// readStamps finds the boxes of haste and draft: they stand alone in their piece, and behind a label.
func (d *Document) readStamps(head []segment) {
	for _, s := range head {
		words := strings.Join(strings.FieldsFunc(viet.Fold(unspaced(s.text)), notLetter), " ")
		if rest, ok := strings.CutPrefix(strings.TrimPrefix(words, "muc "), "do khan "); ok && strings.ContainsAny(s.text, ":：") {
			words = rest
		} else if first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(s.text, notLetter)); !unicode.IsUpper(first) {
			continue
		}
		switch u := urgencyWords[words]; {
		case u > 0:
			d.Urgency = max(d.Urgency, u)
		case words == "du thao", words == "ban du thao", words == "du thao lan":
			d.why("draft-word")
		case strings.HasPrefix(words, "du thao ") && capitals(s.text):
			d.why("draft-word")
		case strings.HasPrefix(words, "hoa toc hen gio"):
			d.Urgency = max(d.Urgency, ExpressTimed)
		case strings.HasPrefix(words, "hoa toc ") && capitals(s.text):
			d.Urgency = max(d.Urgency, Express)
		}
	}
}

var urgencyWords = map[string]Urgency{
	"khan": Urgent, "thuong khan": VeryUrgent, "hoa toc": Express, "hoa toc hen gio": ExpressTimed,
}

// unspaced joins letters that were set apart: "K H Ẩ N", "H Ỏ A  T Ố C".
func unspaced(s string) string {
	words := strings.Fields(s)
	if len(words) < 3 {
		return s
	}
	for _, w := range words {
		if utf8.RuneCountInString(w) != 1 {
			return s
		}
	}
	var out []string
	for _, word := range reSpacedWords().Split(strings.TrimSpace(s), -1) {
		out = append(out, strings.Join(strings.Fields(word), ""))
	}
	return strings.Join(out, " ")
}

var reSpacedWords = pattern(` {2,}`)

// docKind is one row of data/document-kinds.psv.
type docKind struct {
	abbrev, name, folded string
	office               bool // in use, but in no list of an act
}

var docKinds = sync.OnceValue(func() []docKind {
	var out []docKind
	for _, r := range dataRows("document-kinds.psv") {
		if len(r) < 2 {
			continue
		}
		k := docKind{abbrev: r[0], name: r[1], folded: viet.Fold(r[1]), office: len(r) > 2 && r[2] == "OFFICE"}
		if k.abbrev == "-" {
			k.abbrev = ""
		}
		out = append(out, k)
	}
	return out
})

// kindOfSymbol finds the kind by the letters of a symbol: "QĐ-UBND", Party style "CV/TU"; case counts.
func kindOfSymbol(symbol string) (docKind, bool) {
	first := symbol
	if i := strings.IndexAny(symbol, "-/"); i >= 0 {
		first = symbol[:i]
	}
	for _, k := range docKinds() {
		if k.abbrev != "" && k.abbrev == first {
			return k, true
		}
	}
	return docKind{}, false
}

// kindOfTitle finds a kind whose name begins the text in capitals: "QUYẾT ĐỊNH", "BIÊN BẢN bàn giao"; "Lịch công tác" may
// stand in small letters.
func kindOfTitle(text string) (k docKind, rest string, ok bool) {
	f := viet.Fold(text)
	for _, c := range docKinds() {
		if !strings.HasPrefix(f, c.folded) || len(c.folded) <= len(k.folded) {
			continue
		}
		n := len([]rune(c.folded))
		runes := []rune(text)
		if len(runes) < n || len(runes) > n && unicode.IsLetter(runes[n]) {
			continue
		}
		title := string(runes[:n])
		if c.folded == "don" && strings.HasPrefix(f, "don vi") {
			continue // the name of an agency: "ĐƠN VỊ SỰ NGHIỆP …"
		}
		// No act has the kinds in office use printed in capitals; those of several words are told without.
		if !capitals(title) && !(c.office && strings.Contains(c.folded, " ") && unicode.IsUpper(runes[0])) {
			continue
		}
		k, rest, ok = c, strings.TrimSpace(string(runes[n:])), true
	}
	return k, rest, ok
}

func (d *Document) readKind(head []segment) {
	if k, ok := kindOfSymbol(d.Symbol); ok {
		d.Kind, d.Abbrev = k.name, k.abbrev
		return
	}
	for _, s := range head {
		if k, _, ok := kindOfTitle(s.text); ok {
			d.Kind, d.Abbrev = k.name, k.abbrev
			return
		}
	}
	for _, s := range head {
		if reAbout().MatchString(s.text) || d.Symbol != "" {
			d.Kind = "Công văn"
			return
		}
	}
}

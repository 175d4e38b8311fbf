package rule

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hopthu/mail/viet"
)

// Class is the kind of an entry of a Nơi nhận block.
type Class uint8

// Classes of entries. Unclear is what nobody could tell: a person must decide, it is never dropped.
const (
	Unclear   Class = iota
	Reference       // points to another place of the document: "Như trên", "Như Điều 3"
	Agency          // one agency, organisation or enterprise
	Group           // several at once: "Các Sở, ban, ngành của tỉnh"
	Post            // holders of a post: "Chủ tịch, các Phó chủ tịch UBND tỉnh"
	Person          // a person by name
	Keep            // "Lưu: VT": stays in the house, never a recipient outside
	Publish         // website, gazette, portal: not a mailbox
)

var classNames = [...]string{"CHƯA-RÕ", "TỰ-CHIẾU", "CƠ-QUAN", "NHÓM", "CHỨC-DANH", "CÁ-NHÂN", "LƯU", "ĐĂNG-TẢI"}

// String is the class as design papers and JSON write it.
func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return classNames[Unclear]
}

// Entry is one line of a Nơi nhận block, or a part of one.
type Entry struct {
	Class   Class
	Name    string  // without bullet, purpose and end mark; abbreviated heads of lists are put before each item
	Purpose string  // "báo cáo", "biết", "phối hợp", "thực hiện", "đăng tải", "kiểm tra", or as written; "" if none
	Copies  int     // "(03b)"; 0 if not said
	Post    string  // of a Group: the post that is meant ("Giám đốc"); of a Person: post or place behind the name
	Subs    []Entry // "VPCP: BTCN, các PCN": parts of Name; of a Keep: the units that keep it
	Raw     string  // as it stands in the block, lines joined
	Line    int     // line of the text in which it begins, from 1
}

// Warnings of a block. The words are the screen's.
const (
	WarnNoKeep    = "no-keep"    // thiếu dòng "Lưu: VT"
	WarnNoMarks   = "no-marks"   // thiếu dấu: the block is written without diacritics
	WarnAfterKeep = "after-keep" // entries follow behind the closed "Lưu" line and were not read
	WarnNoHeading = "no-heading" // read as a block because the caller said so
	WarnManyLines = "many-lines" // longer than what is read
)

// Block is a Nơi nhận block as read (Decree 30/2020 layout; D 2.6).
type Block struct {
	Entries  []Entry
	Draft    bool // dotted blanks stand in it
	Warnings []string
	First    int // lines of the text that it covers, from 1; 0 when there is no block
	Last     int
}

// Found reports whether the text has such a block.
func (b Block) Found() bool { return b.First > 0 }

// RecipientOptions are what the text itself does not tell.
type RecipientOptions struct {
	NoHeading bool      // the text is the block, its heading is missing
	Directory Directory // asked whether a whole entry is one name before it is split; may be nil
}

const (
	maxBlockLines = 400
	maxEntries    = 2000
	maxEntryBytes = 16 << 10
)

// ParseRecipients reads the Nơi nhận block of a document. Text in a legacy encoding that was wrongly converted is mended
// first; marks may be missing. Every line of the block ends up in an entry, except blanks to be filled in, which set Draft.
func ParseRecipients(text string, o RecipientOptions) Block {
	lines := documentLines(text)
	return parseBlock(lines, o)
}

// documentLines makes lines of one shape: NFC, legacy text mended, no invisible characters, only tabs and plain spaces.
func documentLines(text string) []string {
	text, _ = viet.Repair(viet.NFC(text))
	text = lineEnds.Replace(text)
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = wideMarks.Replace(strings.TrimRight(tidy(l), " \t"))
	}
	return lines
}

var (
	lineEnds  = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u2028", "\n", "\u2029", "\n\n")
	wideMarks = strings.NewReplacer("：", ":", "；", ";", "，", ",", "（", "(", "）", ")")
)

func parseBlock(lines []string, o RecipientOptions) Block {
	if o.NoHeading {
		b := readBlock(lines, 0, "", "", o)
		if b.Found() {
			b.Warnings = append(b.Warnings, WarnNoHeading)
		}
		return b
	}
	var empty Block
	for i, l := range lines {
		left, right := halves(l)
		rest, ok := heading(left)
		if !ok {
			continue
		}
		b := readBlock(lines, i, rest, right, o)
		if len(b.Entries) > 0 {
			return b
		}
		if !empty.Found() {
			empty = b
		}
	}
	return empty
}

// heading matches "Nơi nhận:" at the beginning of a line and gives what follows it in the same line.
func heading(line string) (rest string, ok bool) {
	line = strings.TrimLeftFunc(line, func(r rune) bool { return !unicode.IsLetter(r) })
	if len(line) < 8 || !strings.ContainsAny(line[:1], "nN") {
		return "", false
	}
	first, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimLeft(rest, " \t")
	n := len(rest) - len(strings.TrimLeftFunc(rest, unicode.IsLetter))
	if viet.Fold(first) != "noi" || viet.Fold(rest[:n]) != "nhan" {
		return "", false
	}
	rest = strings.TrimLeft(rest[n:], " \t\"”'*_")
	if note := strings.IndexByte(rest, ')'); strings.HasPrefix(rest, "(") && note > 0 && strings.HasPrefix(strings.TrimLeft(rest[note+1:], " "), ":") {
		rest = strings.TrimLeft(rest[note+1:], " ") // "Nơi nhận (bản điện tử):"
	}
	after, colon := strings.CutPrefix(rest, ":")
	if !colon && strings.TrimSpace(rest) == ";" {
		after, colon = "", true // a slip of the finger
	}
	after = strings.TrimLeft(after, " \t\"”'*_")
	if !colon && rest != "" && bulletOf(rest) == 0 {
		return "", false // "nơi nhận văn bản": a sentence
	}
	return after, true
}

// halves parts a line at its last gap if what stands right of it is another column.
func halves(line string) (left, right string) {
	at := reColumns().FindAllStringIndex(line, -1)
	for i := len(at) - 1; i >= 0; i-- {
		if r := strings.TrimSpace(line[at[i][1]:]); signature(r) {
			return strings.TrimRight(line[:at[i][0]], " \t"), r
		}
	}
	return line, ""
}

// reSigner begins the words of a signature (Decree 30/2020: TM., Q., KT., TL., TUQ.).
var reSigner = pattern(`^(?i:t\.?/?m|k\.?/?t|t\.?/?l|t\.?u\.?q|q)\s*\.\s*\S|^(?i:\(?\s*(đã|da)\s+(ký|ky)|ký\s+bởi|ky\s+boi)`)

var signerTitles = wordsOf(`chu tich;pho chu tich;giam doc;pho giam doc;bo truong;thu truong;truong ban;pho truong ban;
	truong phong;pho truong phong;chanh van phong;pho chanh van phong;chanh thanh tra;cuc truong;pho cuc truong;chi cuc truong;
	bi thu;pho bi thu;hieu truong;tong giam doc;vien truong;chanh an;thu tuong;pho thu tuong;chu nhiem;vu truong;
	nguoi ky;thua lenh;ke toan truong;truong doan;to truong;chi huy truong;uy ban nhan dan;hoi dong nhan dan`)

func wordsOf(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Split(list, ";") {
		m[strings.TrimSpace(w)] = true
	}
	return m
}

// signature reports words that stand under a document, not in its list of recipients.
func signature(s string) bool {
	s = strings.TrimSpace(s)
	if s == "" {
		return false
	}
	if reSigner().MatchString(s) {
		return true
	}
	if !capitals(s) {
		return false
	}
	folded := viet.Fold(strings.Join(strings.Fields(s), " "))
	for t := range signerTitles {
		if strings.HasPrefix(folded, t) {
			return true
		}
	}
	return strings.Contains(s, " ") && bulletOf(s) == 0 && !strings.ContainsAny(s, ";:,/&0123456789")
}

// capitals reports a text that has letters, all of them capitals.
func capitals(s string) bool {
	letters := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters > 1
}

// bulletOf is the length of the bullet that s begins with, 0 if it has none.
func bulletOf(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	if strings.ContainsRune("-–—−‐‑•+*·●○▪■◦‣∙", r) {
		return n
	}
	if d := len(s) - len(strings.TrimLeft(s, "0123456789")); d > 0 && d < 3 && len(s) > d+1 && (s[d] == '.' || s[d] == ')') && s[d+1] == ' ' {
		return d + 1
	}
	return 0
}

// item is one bulleted piece of the block before it is taken apart.
type item struct {
	text   string
	line   int
	closed bool // ended in "." or ";"
	stop   bool // ended in "."
}

// blockReader collects items line by line.
type blockReader struct {
	items   []item
	bullets bool // some line had one
	columns bool // a second column was seen right of the block
	blanks  int
	last    int
	block   *Block
}

func readBlock(lines []string, start int, rest, right string, o RecipientOptions) Block {
	b := Block{First: start + 1}
	r := blockReader{block: &b, columns: right != "", last: start + 1}
	next := start + 1
	if o.NoHeading {
		next = start
	} else if rest != "" {
		r.line(rest, start+1)
	}
	for i := next; i < len(lines); i++ {
		if i-start > maxBlockLines {
			b.Warnings = append(b.Warnings, WarnManyLines)
			break
		}
		if !r.take(lines[i], i+1) {
			break
		}
	}
	p := splitter{dir: o.Directory}
	for _, it := range r.items {
		b.Entries = append(b.Entries, p.item(it)...)
		if len(b.Entries) > maxEntries {
			b.Entries = b.Entries[:maxEntries]
			b.Warnings = append(b.Warnings, WarnManyLines)
			break
		}
	}
	b.Draft = p.draft
	b.Last = r.last
	if o.NoHeading && len(b.Entries) == 0 {
		return Block{}
	}
	b.judge(lines[start])
	return b
}

// judge adds the warnings that only the whole block tells.
func (b *Block) judge(head string) {
	marked, keep := viet.IsMarked(head), false
	for _, e := range b.Entries {
		marked = marked || viet.IsMarked(e.Raw)
		keep = keep || e.Class == Keep
	}
	if len(b.Entries) > 0 && !keep {
		b.Warnings = append(b.Warnings, WarnNoKeep)
	}
	if len(b.Entries) > 0 && !marked {
		b.Warnings = append(b.Warnings, WarnNoMarks)
	}
}

// take reads one line below the heading; false ends the block.
func (r *blockReader) take(line string, n int) bool {
	left, right := r.cut(line)
	left = strings.TrimSpace(left)
	if left == "" {
		if right != "" {
			r.blanks = 0
			return r.columns // a signature below the block ends it, one beside it is only passed over
		}
		r.blanks++
		return r.blanks < 2 && !r.kept()
	}
	bullet := bulletOf(left) > 0
	if len(r.items) > 0 && r.kept() && r.items[len(r.items)-1].stop {
		if bullet && r.blanks == 0 {
			r.block.Warnings = append(r.block.Warnings, WarnAfterKeep)
		}
		return false
	}
	if !bullet && signature(left) && !(r.blanks == 0 && r.open() && !reSigner().MatchString(left)) {
		return false
	}
	if len(r.items) > 0 && !bullet && (r.blanks > 0 || r.items[len(r.items)-1].stop) {
		return false // a paragraph after the end of the list
	}
	if right != "" {
		r.columns = true
	}
	r.blanks = 0
	r.line(left, n)
	return true
}

// cut takes the other column away; once there was one, everything behind a gap belongs to it.
func (r *blockReader) cut(line string) (left, right string) {
	left, right = halves(line)
	if right == "" && r.columns {
		body := strings.TrimLeft(line, " \t")
		if at := reColumns().FindStringIndex(body); at != nil {
			return body[:at[0]], body[at[1]:]
		}
		if indent := len(line) - len(body); indent > 20 || strings.Count(line[:indent], "\t") > 1 {
			return "", body
		}
	}
	return left, right
}

// kept reports that the last item is the Lưu line.
func (r *blockReader) kept() bool {
	return len(r.items) > 0 && isKeep(stripBullet(r.items[len(r.items)-1].text))
}

// open reports an item that goes on in the next line.
func (r *blockReader) open() bool {
	return len(r.items) > 0 && !r.items[len(r.items)-1].closed
}

func stripBullet(s string) string {
	s = strings.TrimSpace(s)
	for n := bulletOf(s); n > 0; n = bulletOf(s) {
		s = strings.TrimSpace(s[n:])
	}
	return s
}

func (r *blockReader) line(text string, n int) {
	text = strings.TrimSpace(text)
	r.last = n
	bullet := bulletOf(text) > 0
	r.bullets = r.bullets || bullet
	if !bullet && r.open() && r.joins(text) {
		it := &r.items[len(r.items)-1]
		it.text += " " + text
		it.mark()
		return
	}
	for _, piece := range runs(text) {
		if strings.TrimSpace(piece) == "" {
			continue
		}
		it := item{text: piece, line: n}
		it.mark()
		r.items = append(r.items, it)
	}
}

// joins reports whether a line without a bullet goes on with the item before it: it does in a bulleted block, and where a
// list or a word was broken off.
func (r *blockReader) joins(text string) bool {
	if r.bullets {
		return true
	}
	prev := r.items[len(r.items)-1].text
	if strings.HasSuffix(prev, ",") || strings.HasSuffix(prev, ":") {
		return true
	}
	first, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLower(first)
}

// reRun is where another bullet begins within a line.
var reRun = pattern(`;\s*[-–—•+*]\s+|\s[-–—•+]\s+(?:(?:Như|NHƯ|Nhu|NHU)\s|(?:Lưu|Luu)(?:\s*:|\s+\p{Lu}[\p{Lu}\d])|(?:LƯU|LUU)(?:\s*:|\s+VT))`)

// runs parts "- Như trên; - Lưu: VT", a block in one line.
func runs(text string) []string {
	var out []string
	from := 0
	for _, m := range reRun().FindAllStringIndex(text, -1) {
		out = append(out, text[from:m[0]+1])
		from = m[0] + 1
	}
	return append(out, text[from:])
}

// mark notes how the item ends.
func (it *item) mark() {
	t := strings.TrimSpace(it.text)
	it.closed = strings.HasSuffix(t, ";") || strings.HasSuffix(t, ".") || strings.HasSuffix(t, "./")
	it.stop = strings.HasSuffix(t, ".") && !abbreviated(t) && !strings.HasSuffix(t, "..")
	if strings.HasSuffix(t, ".") && !it.stop && !strings.HasSuffix(t, "..") {
		it.closed = false
	}
}

// abbreviated reports a dot that belongs to an abbreviation: "UBND TP.".
func abbreviated(t string) bool {
	f := strings.Fields(t)
	switch strings.ToLower(f[len(f)-1]) {
	case "tp.", "tx.", "tt.", "p.", "q.", "h.", "x.", "cty.", "gs.", "ths.", "ts.", "pgs.":
		return len(f) > 1 && !isKeep(stripBullet(t))
	}
	return false
}

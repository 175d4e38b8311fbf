package rule

import (
	"strings"
	"unicode"

	"hopthu/mail/viet"
)

var (
	reAbout     = pattern(`^(?i:v/v|vv|về việc|ve viec)\s*:?\s+(\S.*)$`)
	reNotTitle  = pattern(`^(?i:kính gửi|kinh gui|kính mời|kinh moi|căn cứ|can cu|xét|xet|theo|thực hiện|điều\s+\d|dieu\s+\d|số\s*:|so\s*:|ngày|nơi nhận|noi nhan|chương|chuong|phần|phan)\b`)
	reIssued    = pattern(`(?i)ban hành kèm theo\s+([^\d]{2,60}?)\s*số[:\s]+(\d{1,5}[a-z]?)(?:/((?:19|20)\d\d))?/([\p{L}&]+(?:[-/][\p{L}\d&]+)*)`)
	reArticle   = pattern(`^\s*(?i:điều|dieu)\s+(\d{1,3})\s*[.:]\s*(.*)$`)
	reTo        = pattern(`(?i)^[^\pL]*(?:kính gửi|kinh gui|kính mời|kinh moi|kính trình|kinh trinh)\s*[:.]?\s*(.*)$`)
	reWires     = pattern(`(?i)\s(?:điện|dien)\s*:?\s*:\s*(.*)$`)
	reSentence  = pattern(`[.!?]\s+[\p{Lu}\d]`)
	reLiable    = pattern(`(?i)\s*,?\s*(?:chịu trách nhiệm|chiu trach nhiem|có trách nhiệm|căn cứ quyết định|chịu tránh nhiệm)`)
	reIntroduce = pattern(`^(?i:các ông(?:\s*\(bà\)|,?\s*bà)?|các đồng chí|ông \(bà\))\s*[:,]?\s*`)
)

// readSummary takes the trích yếu: behind "V/v" of a công văn, under or behind the name of other kinds.
func (d *Document) readSummary(head []segment) {
	for i, s := range head {
		if m := reAbout().FindStringSubmatch(s.text); m != nil {
			d.Summary = joinTitle(m[1], head, i)
			return
		}
	}
	for i, s := range head {
		k, rest, ok := kindOfTitle(s.text)
		if !ok || d.Kind != "" && k.name != d.Kind {
			continue
		}
		if rest != "" {
			d.Summary = joinTitle(rest, head, i)
			return
		}
		for k := i + 1; k < len(head) && k < i+4; k++ {
			if head[k].text == "" || stampAlone(head[k].text) || strings.Trim(head[k].text, "-–—_* ") == "" {
				continue
			}
			if titleEnds(head[k].text) || head[k-1].text == "" && strings.ContainsAny(head[k].text[len(head[k].text)-1:], ".:;") {
				break // a sentence behind an empty line is the text already
			}
			text := head[k].text
			if m := reAbout().FindStringSubmatch(text); m != nil {
				text = m[1]
			}
			d.Summary = joinTitle(text, head, k)
			return
		}
		return
	}
}

// titleEnds reports a line that no longer belongs to the summary.
func titleEnds(s string) bool {
	if strings.Trim(s, "-–—_* ") == "" || reNotTitle().MatchString(s) || reMark().MatchString(s) && strings.HasPrefix(viet.Fold(s), "so") && len(s) < 40 || bulletOf(s) > 0 {
		return true
	}
	if stampAlone(s) || strings.HasSuffix(strings.TrimRight(s, " "), "điện:") || strings.Contains(s, " điện: ") {
		return true // a stamp between the title and the summary; "Chủ tịch UBND huyện điện: …"
	}
	_, _, kind := kindOfTitle(s)
	return kind || signature(s) && reSigner().MatchString(s) || strings.HasPrefix(viet.Fold(s), "uy ban nhan dan")
}

// stampAlone reports a box of haste or draft.
func stampAlone(s string) bool {
	words := strings.Join(strings.FieldsFunc(viet.Fold(unspaced(s)), notLetter), " ")
	return capitals(s) && (urgencyWords[words] > 0 || words == "du thao" || words == "ban du thao" || strings.HasPrefix(words, "du thao lan"))
}

// joinTitle adds the lines that go on with a title begun in head[i].
func joinTitle(first string, head []segment, i int) string {
	out := first
	for n := 0; i+1 < len(head) && n < 6; n++ {
		next := head[i+1]
		if next.text == "" || titleEnds(next.text) || next.line == head[i].line || next.line > head[i].line+1 {
			break
		}
		if i+2 < len(head) && head[i+2].line == next.line { // two columns: the other one is place and date
			if t, ok := readDate(head[i+2].text); !ok && t.IsZero() {
				break
			}
		}
		if strings.HasSuffix(out, ".") || capitals(out) != capitals(next.text) && unicode.IsUpper([]rune(next.text)[0]) {
			break
		}
		out += " " + next.text
		i++
	}
	return strings.TrimRight(strings.TrimSpace(out), ".;, ")
}

// readQuoted takes number and date from "(Ban hành kèm theo Quyết định số 10/2013/QĐ-UBND ngày …)" where the head has none.
func (d *Document) readQuoted() {
	if d.Draft {
		return
	}
	for i, l := range d.lines {
		if i > 400 {
			return
		}
		if !strings.Contains(viet.Fold(l), "kem theo") {
			continue
		}
		m := reIssued().FindStringSubmatchIndex(l)
		if m == nil {
			continue
		}
		d.Number, d.Symbol = l[m[4]:m[5]], l[m[8]:m[9]]
		if m[6] >= 0 {
			d.Year = l[m[6]:m[7]]
		}
		if t, ok := readDate(l[m[1]:]); ok && d.Date.IsZero() {
			d.Date = t
		}
		d.Quoted = true
		if k, ok := kindOfSymbol(d.Symbol); ok && d.Kind == "" {
			d.Kind, d.Abbrev = k.name, k.abbrev
		}
		return
	}
}

// readTo reads the addressees: "Kính gửi: UBND các huyện, thành phố, thị xã." or a list of lines below it.
func (d *Document) readTo(p *splitter) {
	for i, l := range d.lines {
		if i >= d.body || i >= headLines {
			return
		}
		rest, ok := "", false
		for _, s := range reSegments().Split(strings.TrimSpace(l), -1) {
			if m := reTo().FindStringSubmatch(s); m != nil && (m[1] == "" || strings.Contains(s, ":") || !unicode.IsLower([]rune(m[1])[0])) {
				rest, ok = m[1], true
				break
			}
		}
		if !ok && d.Kind == "Công điện" {
			if m := reWires().FindStringSubmatch(l); m != nil {
				rest, ok = m[1], true
			}
		}
		if ok {
			d.To = d.addressees(p, rest, i)
			return
		}
	}
}

func (d *Document) addressees(p *splitter, rest string, at int) []Entry {
	var items []item
	if rest = cutSentence(rest); rest != "" {
		items = append(items, item{text: rest, line: at + 1})
	}
	ended := strings.HasSuffix(rest, ".")
	for i := at + 1; i < d.body && i < at+60 && !ended; i++ {
		line := strings.TrimSpace(d.lines[i])
		if line == "" {
			if len(items) > 0 {
				break
			}
			continue
		}
		open := len(items) > 0 && (strings.HasSuffix(items[len(items)-1].text, ",") || strings.HasSuffix(items[len(items)-1].text, ";"))
		switch {
		case bulletOf(line) > 0 || len(items) == 0 || strings.HasSuffix(items[len(items)-1].text, ";"):
			items = append(items, item{text: line, line: i + 1})
		case open || unicode.IsLower([]rune(line)[0]):
			items[len(items)-1].text += " " + line
		default:
			ended = true
			continue
		}
		ended = strings.HasSuffix(line, ".") || len(items) == 1 && rest == "" && bulletOf(line) == 0 && !strings.HasSuffix(line, ";")
	}
	var out []Entry
	for _, it := range items {
		out = append(out, p.item(it)...)
	}
	return out
}

// cutSentence leaves what follows the end of a sentence to the text: "Kính mời: Giám đốc Sở Nội vụ. 14 giờ 00 …".
func cutSentence(s string) string {
	if at := strings.Index(s, "… "); at > 0 {
		s = s[:at]
	}
	for from := 0; ; {
		m := reSentence().FindStringIndex(s[from:])
		if m == nil {
			return strings.TrimSpace(s)
		}
		at := from + m[0] + 1
		if !abbreviated(s[:at]) {
			return strings.TrimSpace(s[:at])
		}
		from = at
	}
}

// Article gives the text of "Điều n" in front of the Nơi nhận block, without its number; the last one counts, because a
// decision may carry the articles of what it enacts.
func (d Document) Article(n int) (text string, line int, ok bool) {
	for i := d.body - 1; i >= 0; i-- {
		m := reArticle().FindStringSubmatch(d.lines[i])
		if m == nil || number(m[1]) != n {
			continue
		}
		out := m[2]
		for k := i + 1; k < d.body && len(out) < maxEntryBytes; k++ {
			next := strings.TrimSpace(d.lines[k])
			if next == "" || reArticle().MatchString(next) {
				break
			}
			out += " " + next
		}
		return strings.TrimSpace(out), i + 1, true
	}
	return "", 0, false
}

// ArticleRecipients reads who an article obliges, up to "chịu trách nhiệm" (D 2.6 rule 9): the text of "Như Điều n".
func (d Document) ArticleRecipients(n int, dir Directory) []Entry {
	text, line, ok := d.Article(n)
	if !ok {
		return nil
	}
	if m := reLiable().FindStringIndex(text); m != nil {
		text = text[:m[0]]
	}
	text = reIntroduce().ReplaceAllString(cutSentence(text), "")
	p := splitter{dir: dir}
	return p.item(item{text: text, line: line})
}

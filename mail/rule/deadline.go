package rule

import (
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hopthu/mail/viet"
)

// Deadline is a time limit found in a text.
type Deadline struct {
	Phrase string    // as it stands in the text
	Start  int       // byte offset of Phrase in the NFC text
	Due    time.Time // end of the last usable working day, or the hour that was named
	Named  time.Time // the day that the text names, midnight in Zone; zero when it only counts days
	Timed  bool      // an hour was named
}

// limit is what a rule makes of a phrase.
type limit struct {
	due, named time.Time
	timed      bool
}

// The patterns look at folded text, so that marks may be missing or wrongly typed.
const (
	pHour = `(?:(\d{1,2})\s*(?:h|gio|:|g)\s*(\d{2})?\s*(?:phut|'|’|′)?\s*(sang|trua|chieu|toi)?\s*,?\s*)?` // 3 groups
	pWeek = `(?:(?:thu\s+[a-z0-9]+|chu\s+nhat)\s*[,(]?\s*)?`
	pDate = `(?:(\d{1,2})\s*[/.-]\s*(\d{1,2})(?:\s*[/.-]\s*(\d{4}|\d{2}))?|(\d{1,2})\s+thang\s+(\d{1,2})(?:\s*,?\s*nam\s+(\d{4}))?)` // 6 groups
	pFull = `(?:(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}))`
	pWord = `(?:\s*\([^)\n]{1,24}\))?`
	pNo   = `\b((?:\d{1,3}|` + pTens + `|mot|hai|ba|bon|nam|sau(?:\s+` + pTens + `)?\s*\(\d{1,3}\)|bay|tam|chin)` + pWord + `)\s*` // for count
	pTens = `(?:(?:hai|ba|bon|nam|bay|tam|chin)\s+)?muoi(?:\s+(?:mot|hai|ba|bon|tu|lam|sau|bay|tam|chin))?`
	pEach = `\b(?:truoc|(?:cham|muon)\s+nhat(?:\s+(?:la|vao))?)`
	pLast = `(?:cham\s+nhat|muon\s+nhat|han\s+cuoi|han\s+chot|den\s+het|het\s+ngay|khong\s+muon\s+hon|khong\s+cham\s+hon|` +
		`han\s+(?:nop|gui|tra\s+loi|bao\s+cao|hoan\s+thanh|xu\s+ly|gop\s+y|dang\s+ky|thuc\s+hien|phuc\s+dap|hoi\s+dap|giai\s+quyet)|\bhan\s*:|\bdeadline\b)`
)

// deadlineRules go from the particular to the general: what one has taken, the next ones leave.
var deadlineRules = []struct {
	re  func() *regexp.Regexp
	due func(m []string, base time.Time, c *Calendar) (limit, bool)
}{
	{pattern(pEach + `\s+ngay\s+(\d{1,2})\s+(?:cua\s+)?thang\s+(nay|sau|toi)\b`), nearMonth},
	{pattern(`\b(?:truoc|cham\s+nhat(?:\s+la)?)\s+(?:khi\s+het|khi\s+ket\s+thuc|het|cuoi)\s+gio\s+(?:lam\s+viec|hanh\s+chinh|chieu)\s+(?:cua\s+)?` + pWeek + `(?:ngay\s+)?` + pWeek + pDate), onDay},
	{pattern(pEach + `\s+ngay\s+(\d{1,2})\s+(?:cua\s+)?(?:hang|moi|cac)\s+thang\b`), monthly},
	{pattern(pEach + `\s+ngay\s+(\d{1,2})\s+(?:cua\s+)?thang\s+cuoi\s+(?:cua\s+)?(?:hang\s+|moi\s+)?quy\b`), quarterly},
	{pattern(pEach + `\s+ngay\s+(\d{1,2})(?:\s*[/.-]\s*|\s+thang\s+)(\d{1,2})\s+(?:hang|moi)\s+nam\b`), yearly},
	{pattern(`\btruoc\s+(?:thoi\s+diem\s+)?` + pHour + pWeek + `(?:ngay\s+)` + pWeek + pDate), beforeDate},
	{pattern(`\btruoc\s+` + pHour + pWeek + pFull), beforeDate},
	{pattern(`\btruoc\s+` + pHour + pWeek + pDate), beforeBareDate},
	{pattern(pLast + `[^\d.;]{0,40}?` + pHour + pWeek + `(?:ngay\s+)?` + pWeek + pDate), onDate},
	{pattern(`\btrong\s+ngay\s+` + pWeek + pDate), onDay},
	{pattern(pBy + pHour + `((?:ngay|hom|(?:(?:cuoi|het)\s+)?(?:(?:buoi|gio)\s+)?(?:sang|trua|chieu|toi))\s+)?(nay|mai)\b`), soonDay},
	{pattern(pBy + pHour + `(?:(?:cuoi\s+)?(?:(?:buoi|gio)\s+)?(sang|chieu)\s+)?(?:ngay\s+)?` + pWeekday), weekday},
	{pattern(`\btrong\s+(?:buoi\s+)?(sang|chieu)\s+(nay|mai)\b`), partOfDay},
	{pattern(`\b(?:trong|cham\s+nhat(?:\s+la)?(?:\s+trong)?|den\s+het)\s+ngay\s+lam\s+viec\s+(?:tiep\s+theo|ke\s+tiep|lien\s+ke|lien\s+sau)\b`), nextWorkday},
	{pattern(`(?:trong\s+(?:vong|thoi\s+(?:han|gian))?\s*)?\b(?:0[,.]5|1/2|nua)\s*ngay\s+lam\s+viec`), halfDay},
	{pattern(`(?:trong\s+(?:vong|thoi\s+(?:han|gian))?\s*)?(?:khong\s+qua\s+|toi\s+da\s+)?` + pNo + `ngay\s+lam\s+viec`), workdays},
	{pattern(`(?:\btrong\s+(?:vong|thoi\s+han)(?:\s+khong\s+qua|\s+toi\s+da|\s+la)?|(?:cham\s+nhat|muon\s+nhat|khong\s+qua)(?:\s+(?:la|sau|trong|vong)){0,3})\s+` + pNo + `(ngay|tuan|thang|gio|tieng|h)\b`), span},
	{pattern(`\btrong\s+` + pNo + `(ngay|tuan|thang)\s+(?:ke\s+)?tu\s+(?:ngay|khi)\s+(?:duoc\s+)?nhan`), span},
	{pattern(`\b(?:trong|het|cuoi)\s+thang\s+(\d{1,2})(?:\s*[/.-]\s*|\s+nam\s+)(\d{4})\b`), inMonth},
	{pattern(`\b(?:trong|het|cuoi)\s+quy\s+(iv|i{1,3}|[1-4])(?:\s*[/.-]\s*|\s+nam\s+|\s+)(\d{4})\b`), inQuarter},
	{pattern(`\btrong\s+tuan\s+(nay|sau|toi)\b`), oneWeek},
	{pattern(`\bngay\s+trong\s+(?:ngay|hom\s+nay|sang|chieu|buoi)\b|\btrong\s+(?:ngay\s+)?hom\s+nay\b`), sameDay},
}

// limitWords: every phrase has one of them. Text is long and phrases are few, so this is asked first.
var limitWords = []string{"truoc", "cham", "muon", " han ", " han:", "deadline", "den het", "het ngay", "lam viec", "trong ", "khong qua", "cuoi ", "het thang", "het quy"}

func namesLimit(folded string) bool {
	for _, w := range limitWords {
		if strings.Contains(folded, w) {
			return true
		}
	}
	return false
}

// maxLimitText bounds how many bytes of one text the patterns see: whoever needs more than that names no one day. Longer
// lines are parted.
const (
	maxLimitText = 128 << 10
	maxLimitLine = 8 << 10
)

// cutAt is the place of a space at most n bytes into s, or n at a letter.
func cutAt(s string, n int) int {
	if i := strings.LastIndexByte(s[:n], ' '); i > n/2 {
		return i
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// Deadlines finds the time limits in text, in their order there. base is when the letter came; days are counted from it.
func Deadlines(text string, base time.Time, c *Calendar) []Deadline {
	text = viet.NFC(text)
	var out []Deadline
	seen := 0
	for at := 0; at < len(text) && seen < maxLimitText; {
		block := limitBlock(text[at:])
		if block.text != "" {
			seen += len(block.text)
			out = append(out, block.deadlines(text, at+block.start, base, c)...)
		}
		at += block.end
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Start < out[j].Start })
	return out
}

// lineBlock is lines that follow each other, each with a word of a deadline in it or behind one that has: a phrase may
// run on in the next line.
type lineBlock struct {
	text       string
	start, end int // of text, and where to look on
}

func limitBlock(s string) lineBlock {
	var b lineBlock
	var buf []byte
	open := false
	for b.end < len(s) {
		n := strings.IndexByte(s[b.end:], '\n') + 1
		if n == 0 {
			n = len(s) - b.end
		}
		if n > maxLimitLine {
			n = cutAt(s[b.end:], maxLimitLine)
		}
		line := s[b.end : b.end+n]
		buf = viet.FoldBytes(append(buf[:0], ' '), []byte(line))
		hit := namesLimit(string(buf))
		switch {
		case hit && b.text == "":
			b.start = b.end
			b.text = line
		case b.text != "" && (hit || open):
			b.text = s[b.start : b.end+n]
		case b.text != "":
			return b
		}
		b.end += n
		open = hit
		if len(b.text) > 2*maxLimitLine {
			return b
		}
	}
	return b
}

// deadlines runs the rules over the folded block; at is where it stands in the text.
func (b lineBlock) deadlines(text string, at int, base time.Time, c *Calendar) []Deadline {
	folded, offset := foldWithOffsets(b.text)
	var out []Deadline
	var taken [][]int
	for _, r := range deadlineRules {
		for _, loc := range r.re().FindAllStringSubmatchIndex(folded, 20) {
			m := make([]string, len(loc)/2)
			for i := range m {
				if loc[2*i] >= 0 {
					m[i] = folded[loc[2*i]:loc[2*i+1]]
				}
			}
			if overlaps(taken, loc) || strings.HasSuffix(m[0], "/") {
				continue
			}
			l, ok := r.due(m, base, c)
			if !ok {
				continue
			}
			taken = append(taken, loc[:2])
			start, end := at+offset[loc[0]], at+offset[loc[1]]
			out = append(out, Deadline{Phrase: text[start:end], Start: start, Due: l.due, Named: l.named, Timed: l.timed})
		}
	}
	return out
}

func overlaps(taken [][]int, loc []int) bool {
	for _, t := range taken {
		if loc[0] < t[1] && t[0] < loc[1] {
			return true
		}
	}
	return false
}

// foldWithOffsets folds s and says for each byte of the answer, and for its end, where its letter begins in s.
func foldWithOffsets(s string) (string, []int) {
	out := make([]byte, 0, len(s))
	offset := make([]int, 0, len(s)+1)
	for i := 0; i < len(s); {
		_, n := utf8.DecodeRuneInString(s[i:])
		out = viet.FoldBytes(out, []byte(s[i:i+n]))
		for len(offset) < len(out) {
			offset = append(offset, i)
		}
		i += n
	}
	return string(out), append(offset, len(s))
}

var numberWords = map[string]int{
	"mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}

// count reads what pNo matched: "05", "hai mươi (20)", "mười lăm". Digits in parentheses go before words: folded, "sáu" and
// "sau" (after), "mươi" and "mười" are one.
func count(s string) int {
	s, note, _ := strings.Cut(s, "(")
	s = strings.Join(strings.Fields(s), " ")
	if n := number(s); n >= 0 {
		return n
	}
	note, _, _ = strings.Cut(note, ")")
	if n := number(strings.TrimSpace(note)); n >= 0 {
		return n
	}
	tens, ones, ok := strings.Cut(s, "muoi")
	if !ok {
		return numberWords[s]
	}
	return 10*max(numberWords[strings.TrimSpace(tens)], 1) + numberWords[strings.TrimSpace(ones)]
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1 // the patterns admit only short runs of digits, so this is an empty group
	}
	return n
}

func date(d, m, y string) (time.Time, bool) {
	t := time.Date(number(y), time.Month(number(m)), number(d), endOfWork, 0, 0, 0, Zone)
	return t, t.Day() == number(d) && t.Month() == time.Month(number(m))
}

// dateOf reads the six groups of pDate, or the three of pFull. Without a year it is the base's, or the next one when that
// day is more than half a year ago.
func dateOf(m []string, base time.Time) (time.Time, bool) {
	d, mon, y := m[0], m[1], m[2]
	if d == "" && len(m) > 3 {
		d, mon, y = m[3], m[4], m[5]
	}
	switch len(y) {
	case 4:
	case 2:
		y = "20" + y
	default:
		year := base.In(Zone).Year()
		if t, ok := date(d, mon, strconv.Itoa(year)); ok && t.AddDate(0, 6, 0).Before(base) {
			year++
		}
		y = strconv.Itoa(year)
	}
	return date(d, mon, y)
}

// beforeDate: "trước ngày 25/7" leaves the day before, moved back to a working day; "trước 17h00 ngày 12/8" names its hour.
func beforeDate(m []string, base time.Time, c *Calendar) (limit, bool) {
	t, ok := dateOf(m[4:], base)
	if !ok {
		return limit{}, false
	}
	if m[1] != "" {
		return atHour(t, m)
	}
	return limit{due: c.lastWorkday(t.AddDate(0, 0, -1)), named: midnight(t)}, true
}

func onDate(m []string, base time.Time, c *Calendar) (limit, bool) {
	t, ok := dateOf(m[4:], base)
	if !ok || strings.HasSuffix(strings.TrimSpace(beforeDigits(m[0])), " tu") || strings.Contains(beforeDigits(m[0]), "tu ngay") {
		return limit{}, false // "thời hạn … từ ngày": where it begins
	}
	if m[1] != "" {
		return atHour(t, m)
	}
	return limit{due: c.lastWorkday(t), named: midnight(t)}, true
}

// onDay is onDate behind a pattern that has no hour.
func onDay(m []string, base time.Time, c *Calendar) (limit, bool) {
	return onDate(append([]string{m[0], "", "", ""}, m[1:]...), base, c)
}

func beforeDigits(s string) string {
	if i := strings.IndexAny(s, "0123456789"); i >= 0 {
		return s[:i]
	}
	return s
}

func midnight(t time.Time) time.Time {
	y, m, d := t.In(Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Zone)
}

// atHour reads the three groups of pHour behind m[0].
func atHour(t time.Time, m []string) (limit, bool) {
	h, mi := number(m[1]), max(number(m[2]), 0)
	if h < 12 && (m[3] == "chieu" || m[3] == "toi") {
		h += 12
	}
	due := time.Date(t.Year(), t.Month(), t.Day(), h, mi, 0, 0, Zone)
	return limit{due: due, named: midnight(t), timed: true}, h < 25 && mi < 60
}

// monthly is the next such day that is not over yet.
func monthly(m []string, base time.Time, c *Calendar) (limit, bool) {
	return recurring(base, c, number(m[1]), before(m[0]), 2, func(time.Month) bool { return true })
}

// nearMonth: "trước ngày 20 tháng sau", "chậm nhất là ngày 25 tháng này".
func nearMonth(m []string, base time.Time, c *Calendar) (limit, bool) {
	y, mon, _ := base.In(Zone).Date()
	if m[2] != "nay" {
		mon++
	}
	t := time.Date(y, mon, number(m[1]), endOfWork, 0, 0, 0, Zone)
	due := t.AddDate(0, 0, -before(m[0]))
	return limit{due: c.lastWorkday(due), named: midnight(t)}, t.Day() == number(m[1])
}

// quarterly: the months in which a quarter ends.
func quarterly(m []string, base time.Time, c *Calendar) (limit, bool) {
	return recurring(base, c, number(m[1]), before(m[0]), 4, func(mon time.Month) bool { return mon%3 == 0 })
}

func yearly(m []string, base time.Time, c *Calendar) (limit, bool) {
	want := time.Month(number(m[2]))
	return recurring(base, c, number(m[1]), before(m[0]), 13, func(mon time.Month) bool { return mon == want })
}

// before is how many days before the named one the last usable one is: "trước ngày 25", "chậm nhất ngày 25".
func before(phrase string) int {
	if strings.HasPrefix(phrase, "truoc") {
		return 1
	}
	return 0
}

func recurring(base time.Time, c *Calendar, day, less, months int, fits func(time.Month) bool) (limit, bool) {
	y, mon, _ := base.In(Zone).Date()
	for i := range months {
		t := time.Date(y, mon+time.Month(i), day, endOfWork, 0, 0, 0, Zone)
		if t.Day() != day || !fits(t.Month()) {
			continue
		}
		if due := c.lastWorkday(t.AddDate(0, 0, -less)); dayNumber(due) >= dayNumber(base) {
			return limit{due: due, named: midnight(t)}, true
		}
	}
	return limit{}, false
}

func workdays(m []string, base time.Time, c *Calendar) (limit, bool) {
	n := count(m[1])
	return limit{due: workEnd(c.AddWorkdays(base, n))}, n > 0
}

// span counts days, weeks and months of the calendar; where the last day is no working day it is the next one (Civil Code
// 2015, Art. 148.5). Hours run on from when the letter came.
func span(m []string, base time.Time, c *Calendar) (limit, bool) {
	n := count(m[1])
	t := base.In(Zone)
	switch m[2] {
	case "ngay":
		t = t.AddDate(0, 0, n)
	case "tuan":
		t = t.AddDate(0, 0, 7*n)
	case "thang":
		y, mon, d := t.Date()
		last := time.Date(y, mon+time.Month(n)+1, 0, 0, 0, 0, 0, Zone)
		t = last.AddDate(0, 0, min(d, last.Day())-last.Day())
	default:
		return limit{due: t.Add(time.Duration(n) * time.Hour), timed: true}, n > 0
	}
	if !c.IsWorkday(t) {
		t = c.AddWorkdays(t, 1)
	}
	return limit{due: workEnd(t)}, n > 0
}

func inMonth(m []string, _ time.Time, c *Calendar) (limit, bool) {
	return endOfMonth(number(m[2]), number(m[1]), c)
}

var quarters = map[string]int{"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}

func inQuarter(m []string, _ time.Time, c *Calendar) (limit, bool) {
	return endOfMonth(number(m[2]), 3*quarters[m[1]], c)
}

func endOfMonth(year, month int, c *Calendar) (limit, bool) {
	last := time.Date(year, time.Month(month+1), 0, endOfWork, 0, 0, 0, Zone)
	return limit{due: c.lastWorkday(last)}, month >= 1 && month <= 12
}

// lastWorkday is t, or the nearest working day before it.
func (c *Calendar) lastWorkday(t time.Time) time.Time {
	if c.IsWorkday(t) {
		return t
	}
	return workEnd(c.AddWorkdays(t, -1))
}

package rule

import (
	"sort"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"hopthu/mail/viet"
)

// The two acts that the text holds: the Decision with its three articles, and the Regulation that it puts in force.
const (
	ActDecision   = "QĐ" // Quyết định 10/2013/QĐ-UBND
	ActRegulation = "QC" // Quy chế ban hành kèm theo
)

// Article is one article of the Decision or of the Regulation.
type Article struct {
	Act          string // ActDecision or ActRegulation
	Number       int
	Title        string // "Những hành vi bị cấm"; "" for the articles of the Decision
	Chapter      int    // 1 to 5; 0 in the Decision
	ChapterTitle string // "QUY ĐỊNH CHUNG", as printed
	Passages     []Passage
	Start, End   int // bytes of RegulationText that it covers, its heading among them
}

// Ref is how the article is cited: the act, a space, the number.
func (a Article) Ref() string { return a.Act + " " + strconv.Itoa(a.Number) }

// Passage is one paragraph of an article, or for Clause a whole clause with everything below it.
type Passage struct {
	Ref        string // how it is cited: "QC 7.1b"; paragraphs without a number carry the citation that they stand under
	Act        string
	Article    int
	Clause     int    // khoản; 0 above the first
	Point      string // điểm: "b"; "" outside points
	Text       string // as printed, its number among it, without the line's end
	Start, End int    // bytes of RegulationText
	Line       int    // of RegulationText, from 1
}

// Hit is a place where the words that were searched stand.
type Hit struct {
	Ref        string // the passage: "QC 7.1b"
	Start, End int    // bytes of RegulationText
	Line       int    // of RegulationText, from 1
}

// regulation is the text taken apart.
type regulation struct {
	text     string
	lines    []int      // where each line begins
	words    []wordSpan // with their keys
	articles []Article
}

var theRegulation = sync.OnceValue(func() *regulation {
	raw, err := data.ReadFile("data/regulation.txt")
	if err != nil {
		return &regulation{} // compiled in; a test reads it
	}
	return readRegulation(viet.NFC(string(raw)))
})

// RegulationText is Decision 10/2013/QĐ-UBND of 10/7/2013 with the Regulation that it puts in force, whole and as
// published: the Decision, its Nơi nhận block, the Regulation's five chapters.
func RegulationText() string { return theRegulation().text }

// Articles are the eighteen articles of the Regulation, in order.
func Articles() []Article { return articlesOf(ActRegulation) }

// DecisionArticles are the three articles of the Decision itself.
func DecisionArticles() []Article { return articlesOf(ActDecision) }

func articlesOf(act string) []Article {
	var out []Article
	for _, a := range theRegulation().articles {
		if a.Act == act {
			out = append(out, a)
		}
	}
	return out
}

var (
	reActArticle = pattern(`^Điều (\d{1,2})\.\s*(.*)$`)
	reActChapter = pattern(`^Chương (\d)\.\s*(.*)$`)
	reActClause  = pattern(`^(\d{1,2})\. `)
	reActPoint   = pattern(`^([a-zđ])\) `)
)

// actReader goes through the text line by line.
type actReader struct {
	r       *regulation
	act     string
	chapter int
	title   string // of the chapter
	want    bool   // the next line is the chapter's title
	open    bool   // an article has begun and is not over
	clause  int
	point   string
}

func readRegulation(text string) *regulation {
	r := &regulation{text: text}
	a := actReader{r: r, act: ActDecision}
	at, n := 0, 0
	for line := range strings.Lines(text) {
		n++
		r.lines = append(r.lines, at)
		a.line(strings.TrimSpace(line), at+len(line)-len(strings.TrimLeft(line, " \t")), n)
		at += len(line)
	}
	r.words = wordSpans(text)
	for i := range r.words {
		w := &r.words[i]
		w.tone = viet.FoldTone(text[w.start:w.end])
		w.plain = viet.Fold(w.tone)
	}
	return r
}

func (a *actReader) line(s string, at, n int) {
	switch {
	case s == "":
		return
	case s == "QUY CHẾ":
		a.act, a.open = ActRegulation, false
		return
	case a.want:
		a.want, a.title = false, s
		return
	}
	if _, ok := heading(s); ok {
		a.open = false // the Decision's recipients are no part of its last article
		return
	}
	if m := reActChapter().FindStringSubmatch(s); m != nil {
		a.chapter, a.title, a.want, a.open = number(m[1]), m[2], m[2] == "", false
		return
	}
	if m := reActArticle().FindStringSubmatch(s); m != nil {
		a.article(number(m[1]), m[2], s, at, n)
		return
	}
	if !a.open {
		return
	}
	if m := reActClause().FindStringSubmatch(s); m != nil {
		a.clause, a.point = number(m[1]), ""
	} else if m := reActPoint().FindStringSubmatch(s); m != nil && a.clause > 0 {
		a.point = m[1]
	}
	a.passage(s, at, n)
}

// article begins one. Those of the Decision have no title: what stands behind the number is their text.
func (a *actReader) article(no int, rest, s string, at, n int) {
	art := Article{Act: a.act, Number: no, Start: at, End: at + len(s)}
	if a.act == ActRegulation {
		art.Title, art.Chapter, art.ChapterTitle = rest, a.chapter, a.title
	}
	a.r.articles = append(a.r.articles, art)
	a.open, a.clause, a.point = true, 0, ""
	if a.act == ActDecision {
		a.passage(rest, at+len(s)-len(rest), n)
	}
}

func (a *actReader) passage(s string, at, n int) {
	art := &a.r.articles[len(a.r.articles)-1]
	art.Passages = append(art.Passages, Passage{
		Ref: citation(a.act, art.Number, a.clause, a.point), Act: a.act, Article: art.Number, Clause: a.clause, Point: a.point,
		Text: s, Start: at, End: at + len(s), Line: n,
	})
	art.End = at + len(s)
}

func citation(act string, article, clause int, point string) string {
	s := act + " " + strconv.Itoa(article)
	if clause > 0 {
		s += "." + strconv.Itoa(clause)
	}
	return s + point
}

var (
	reCitation = pattern(`^(?:(qc|qđ|qd)\s*)?(?:điều|dieu|đ|d)?\s*(\d{1,2})(?:\s*\.\s*(\d{1,2}))?\s*\.?\s*([a-zđ])?\s*\)?(?:\s*¶\s*\d)?$`)
	reLongCite = pattern(`^(?:(?:điểm|diem)\s+([a-zđ])\)?[\s,]*)?(?:(?:khoản|khoan)\s+(\d{1,2})[\s,]*)?(?:điều|dieu)\s+(\d{1,2})(.*)$`)
)

// Clause finds what a citation names, with everything below it: "7.1b", "QC 7.1b", "Đ7.1b", "QĐ 3", "điểm b khoản 1 Điều 7".
// Without an act it is the Regulation. ok is false when the text has no such place.
func Clause(ref string) (p Passage, ok bool) {
	act, article, clause, point, ok := readCitation(ref)
	if !ok {
		return Passage{}, false
	}
	r := theRegulation()
	for _, a := range r.articles {
		if a.Act != act || a.Number != article {
			continue
		}
		p = Passage{Act: act, Article: article, Clause: clause, Point: point, Ref: citation(act, article, clause, point)}
		if clause == 0 && point == "" {
			p.Start, p.End = a.Start, a.End
		} else if !p.span(a.Passages) {
			return Passage{}, false
		}
		p.Text, p.Line = r.text[p.Start:p.End], r.lineAt(p.Start)
		return p, true
	}
	return Passage{}, false
}

// span sets Start and End to the paragraphs that belong to the clause.
func (p *Passage) span(all []Passage) bool {
	found := false
	for _, x := range all {
		if x.Clause != p.Clause || p.Point != "" && x.Point != p.Point {
			continue
		}
		if !found {
			p.Start, found = x.Start, true
		}
		p.End = x.End
	}
	return found
}

func readCitation(ref string) (act string, article, clause int, point string, ok bool) {
	s := strings.ToLower(strings.Join(strings.Fields(viet.NFC(ref)), " "))
	act = ActRegulation
	if len(s) > 80 {
		return "", 0, 0, "", false
	}
	if m := reCitation().FindStringSubmatch(s); m != nil {
		if m[1] == "qđ" || m[1] == "qd" {
			act = ActDecision
		}
		return act, number(m[2]), max(number(m[3]), 0), m[4], true
	}
	if m := reLongCite().FindStringSubmatch(s); m != nil {
		if f := viet.Fold(m[4]); strings.Contains(f, "quyet dinh") || strings.Contains(" "+f+" ", " qd ") {
			act = ActDecision
		}
		return act, number(m[3]), max(number(m[2]), 0), m[1], true
	}
	return "", 0, 0, "", false
}

func (r *regulation) lineAt(at int) int {
	n := 0
	for n < len(r.lines) && r.lines[n] <= at {
		n++
	}
	return n
}

// maxHits bounds what one search answers.
const maxHits = 500

// SearchRegulation finds query in the articles, in their order; titles count to the article. Words typed without marks
// match whatever marks the text has; a word typed with marks must have them, wherever its tone is written (hoà, hòa).
func SearchRegulation(query string) []Hit {
	want := searchWords(query)
	if len(want) == 0 || len(query) > 200 {
		return nil
	}
	var out []Hit
	r := theRegulation()
	for _, a := range r.articles {
		if a.Act == ActRegulation {
			head := strings.IndexByte(r.text[a.Start:]+"\n", '\n')
			out = r.search(out, want, a.Ref(), a.Start, a.Start+head)
		}
		for _, p := range a.Passages {
			out = r.search(out, want, p.Ref, p.Start, p.End)
		}
		if len(out) >= maxHits {
			return out[:maxHits]
		}
	}
	return out
}

// search adds the places between from and to where the words of want follow each other; the last may be unfinished.
func (r *regulation) search(out []Hit, want []searched, ref string, from, to int) []Hit {
	list := r.words[sort.Search(len(r.words), func(i int) bool { return r.words[i].start >= from }):]
	for i := 0; i+len(want) <= len(list) && list[i+len(want)-1].end <= to; i++ {
		all := true
		for k := 0; k < len(want) && all; k++ {
			all = list[i+k].matches(want[k], k == len(want)-1)
		}
		if all {
			out = append(out, Hit{Ref: ref, Start: list[i].start, End: list[i+len(want)-1].end, Line: r.lineAt(list[i].start)})
		}
	}
	return out
}

// searched is a word that is looked for: with its marks, or without.
type searched struct {
	key    string
	marked bool
}

func searchWords(query string) []searched {
	var out []searched
	query = viet.NFC(query)
	for _, w := range wordSpans(query) {
		s := searched{viet.FoldTone(query[w.start:w.end]), viet.IsMarked(query[w.start:w.end])}
		if !s.marked {
			s.key = viet.Fold(s.key)
		}
		out = append(out, s)
	}
	return out
}

// matches compares a word of the text with one that is searched; begun allows the text's word to be longer.
func (w wordSpan) matches(want searched, begun bool) bool {
	have := w.plain
	if want.marked {
		have = w.tone
	}
	return have == want.key || begun && strings.HasPrefix(have, want.key)
}

// wordSpan is a word of a text; its keys are only filled for the words of the regulation.
type wordSpan struct {
	start, end  int
	tone, plain string
}

// wordSpans parts a text at spaces and drops the punctuation around each word.
func wordSpans(s string) []wordSpan {
	var out []wordSpan
	for at := 0; at < len(s); {
		word := s[at:]
		if i := strings.IndexAny(word, " \t\n\r"); i >= 0 {
			word = word[:i]
		}
		if word == "" {
			at++
			continue
		}
		left := len(word) - len(strings.TrimLeftFunc(word, punctuation))
		if core := strings.TrimFunc(word, punctuation); core != "" {
			out = append(out, wordSpan{start: at + left, end: at + left + len(core)})
		}
		at += len(word)
	}
	return out
}

func punctuation(r rune) bool {
	return strings.ContainsRune(`.,;:!?()[]"'“”‘’/-–`, r) || r == utf8.RuneError
}

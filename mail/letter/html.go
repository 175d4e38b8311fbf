package letter

import (
	"errors"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"hopthu/mail"
)

// Limits of the HTML reader.
const (
	maxHTML   = 4 << 20 // octets read
	maxParas  = 20000
	maxLinks  = 2000
	maxURL    = 8192
	maxNested = 16 // lists and table rows that are told apart
)

// renderHTML makes readable paragraphs of HTML. Links become marks [n], counted from first+1; links[i] is where
// [first+1+i] leads. It reads tokens one after another and never builds a tree, so that depth costs nothing; nothing
// is fetched, run or styled; what the sender hid is left out, unless that leaves nothing to read.
func renderHTML(text string, first int) (paras []mail.Para, links, defects []string) {
	var codes []string
	if len(text) > maxHTML {
		text = strings.ToValidUTF8(text[:maxHTML], "")
		codes = append(codes, DefectHTMLCut)
	}
	r := runHTML(text, first, true)
	if r.hidden > 0 || len(r.out) == 0 { // an element that hides the rest was never closed, or all is hidden
		r = runHTML(text, first, false)
	}
	return r.out, r.links, append(codes, r.codes...)
}

type htmlReader struct {
	out   []mail.Para
	links []string
	codes []string
	first int
	seen  map[string]int

	cur   strings.Builder
	space bool // a blank is due before the next word
	gap   bool // an empty line is due before the next paragraph
	nbsp  bool // a hard blank was read since the last paragraph: an empty one that is meant
	kind  mail.ParaKind
	quote int
	pre   int
	lists []list
	rows  []row
	table int // depth of tables

	href      string // link that is open
	hrefStart int    // where its text begins in cur
	hrefOut   int    // paragraphs before it

	hide    bool      // whether hidden elements are left out
	hidden  int       // open elements of the name that hides
	hideTag atom.Atom // its name
	hideRaw string
	skipRaw bool // the next text is a script, a style, a title
}

type list struct {
	ordered bool
	next    int
}

// row is a table row being read: where in out each of its cells begins.
type row struct {
	cells []int
	table int  // depth of its table
	gap   bool // an empty line is due before it
}

func runHTML(text string, first int, hide bool) *htmlReader {
	r := &htmlReader{first: first, seen: map[string]int{}, hide: hide}
	z := html.NewTokenizer(strings.NewReader(text))
	z.SetMaxBuf(maxHTML + 1)
	for len(r.out) < maxParas {
		switch z.Next() {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) {
				r.code(DefectHTMLCut)
			}
			r.flush()
			return r
		case html.TextToken:
			if r.hidden == 0 && !r.skipRaw {
				r.text(string(z.Text()))
			}
			r.skipRaw = false
		case html.StartTagToken:
			t := z.Token()
			if t.DataAtom == atom.Noscript {
				z.NextIsNotRawText()
			}
			r.open(t)
		case html.SelfClosingTagToken:
			r.open(z.Token())
		case html.EndTagToken:
			r.skipRaw = false
			r.close(z.Token())
		}
	}
	r.code(DefectHTMLCut)
	r.flush()
	return r
}

func (r *htmlReader) code(c string) { r.codes = addCode(r.codes, c) }

// text adds running text; blanks collapse outside <pre>.
func (r *htmlReader) text(s string) {
	if r.pre > 0 {
		r.cur.WriteString(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u00a0", " ", "\t", "    ").Replace(s))
		return
	}
	start := -1
	for i, c := range s {
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' && c != '\f' && c != '\u00a0' && c != '\u2028' && c != '\u2029' {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			r.word(s[start:i])
			start = -1
		}
		r.space = true
		r.nbsp = r.nbsp || c == '\u00a0'
	}
	if start >= 0 {
		r.word(s[start:])
	}
}

func (r *htmlReader) word(w string) {
	if r.space && r.cur.Len() > 0 {
		r.cur.WriteByte(' ')
	}
	r.space = false
	r.cur.WriteString(w)
}

// flush ends the paragraph that is being read.
func (r *htmlReader) flush() {
	text := strings.TrimRight(r.cur.String(), " \n")
	if r.pre > 0 {
		text = strings.TrimLeft(text, "\n")
	}
	if r.bare() {
		text = ""
	}
	r.cur.Reset()
	r.space = false
	r.hrefStart = 0
	nbsp := r.nbsp
	r.nbsp = false
	if text == "" {
		r.gap = r.gap || nbsp && len(r.out) > 0 && len(r.rows) == 0
		return
	}
	kind := r.kind
	if r.pre > 0 {
		kind = mail.ParaPre
	}
	r.emit(mail.Para{Kind: kind, Quote: r.quote, Text: text})
	if r.kind == mail.ParaItem { // what follows in the item has no bullet
		r.kind = mail.ParaText
	}
}

// emit puts p out, after the empty line that is due.
func (r *htmlReader) emit(p mail.Para) {
	if n := len(r.out); r.gap && n > 0 && !blank(r.out[n-1]) {
		r.out = append(r.out, mail.Para{Quote: min(p.Quote, r.out[n-1].Quote)})
	}
	r.gap = false
	r.out = append(r.out, p)
}

// block ends the paragraph; apart asks for an empty line.
func (r *htmlReader) block(apart bool) {
	r.flush()
	if apart {
		r.gap = true
	}
}

// mark puts a list item's bullet or number at its beginning.
func (r *htmlReader) mark() {
	r.flush()
	r.kind = mail.ParaItem
	indent := strings.Repeat("  ", max(len(r.lists)-1, 0))
	if len(r.lists) == 0 || !r.lists[len(r.lists)-1].ordered {
		r.cur.WriteString(indent + "-")
	} else {
		l := &r.lists[len(r.lists)-1]
		r.cur.WriteString(indent + itoa(l.next) + ".")
		l.next++
	}
	r.space = true
}

// bare reports whether the paragraph being read is nothing but a bullet.
func (r *htmlReader) bare() bool {
	return r.kind == mail.ParaItem && strings.IndexByte(strings.TrimLeft(r.cur.String(), " "), ' ') < 0
}

package kit

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"hopthu/ui/theme"
)

// ReadWidth is how wide text to read is at most, on any screen.
const ReadWidth = 90

// ParaKind says how a paragraph is set.
type ParaKind uint8

// Kinds of paragraph.
const (
	ParaText ParaKind = iota
	ParaHeading
	ParaItem
	ParaPre
	ParaRule
)

// Para is a paragraph to set, cleaned by Set.
type Para struct {
	Kind  ParaKind
	Quote int
	Text  string
	Match []string // phrases of it that stand out
}

// line is one set line: plain text, and how deep it is quoted.
type line struct {
	text  string
	quote int
	kind  ParaKind
	match [][2]int // bytes of text that stand out, in order
}

// block is a run of lines of own words, or of quoted ones, which fold.
type block struct {
	lines []line
	quote bool
	open  bool
}

// Prose is a letter's text, set to a width once and drawn from any line. Making it takes time that grows with the text,
// so pages make it in a command; drawing does not.
type Prose struct {
	blocks []block
	width  int
	total  int // lines with blocks folded as they are
}

// foldFrom is how many quoted lines in a row fold.
const foldFrom = 4

// SetProse sets paragraphs to a width of at most ReadWidth. Runs of four or more quoted lines are folded unless open.
func SetProse(paras []Para, width int, open bool) *Prose {
	t := &Prose{width: max(min(width, ReadWidth), 8)}
	for i, p := range paras {
		if i > 0 && p.Kind != ParaPre && p.Text == "" && paras[i-1].Text == "" {
			continue // one blank line is enough
		}
		t.add(p)
	}
	for i := range t.blocks {
		b := &t.blocks[i]
		b.open = open || !b.quote || len(b.lines) < foldFrom
	}
	t.count()
	return t
}

func (t *Prose) add(p Para) {
	quote := p.Quote > 0
	if n := len(t.blocks); n == 0 || t.blocks[n-1].quote != quote {
		t.blocks = append(t.blocks, block{quote: quote})
	}
	b := &t.blocks[len(t.blocks)-1]
	w := max(t.width-2*min(p.Quote, 4), 8)
	first := len(b.lines)
	put := func(s string) { b.lines = append(b.lines, line{text: s, quote: p.Quote, kind: p.Kind}) }
	switch p.Kind {
	case ParaRule:
		put("")
	case ParaPre:
		for s := range strings.SplitSeq(CleanText(p.Text), "\n") {
			part, rest := split(strings.TrimRight(s, " "), w)
			put(part)
			for rest != "" { // a wider line goes on in the next one: nothing is cut off
				part, rest = split(rest, w)
				put(part)
			}
		}
	default:
		hang := 0
		if p.Kind == ParaItem {
			if i := strings.IndexByte(p.Text, ' '); i > 0 && i <= 6 {
				hang = i + 1
			}
		}
		for s := range strings.SplitSeq(CleanText(p.Text), "\n") {
			for _, l := range Wrap(s, w, hang) {
				put(l)
			}
		}
	}
	for _, phrase := range p.Match {
		mark(b.lines[first:], CleanText(phrase))
	}
}

func (t *Prose) count() {
	t.total = 0
	for _, b := range t.blocks {
		t.total += b.shown()
	}
}

func (b block) shown() int {
	if b.open {
		return len(b.lines)
	}
	return 1
}

// Lines is how many lines there are now.
func (t *Prose) Lines() int { return t.total }

// Width is what the text was set to.
func (t *Prose) Width() int { return t.width }

// Folds reports whether there are quotes that fold, and whether any is folded now.
func (t *Prose) Folds() (some, folded bool) {
	for _, b := range t.blocks {
		if b.quote && len(b.lines) >= foldFrom {
			some = true
			folded = folded || !b.open
		}
	}
	return some, folded
}

// Fold folds all long quotes or opens all.
func (t *Prose) Fold(shut bool) {
	for i := range t.blocks {
		if b := &t.blocks[i]; b.quote && len(b.lines) >= foldFrom {
			b.open = !shut
		}
	}
	t.count()
}

// Draw draws h lines from line top, each exactly w columns; folded says "24 quoted lines, z to unfold".
func (t *Prose) Draw(top, w, h int, th *theme.Theme, folded func(n int) string) []string {
	set := th.Page
	out := make([]string, 0, h)
	at := 0
	for _, b := range t.blocks {
		n := b.shown()
		if at+n <= top {
			at += n
			continue
		}
		for i := max(top-at, 0); i < n; i++ {
			if len(out) == h {
				return out
			}
			if !b.open {
				out = append(out, set.Dim.Paint(Fit(th.Glyph.Folded+" "+folded(len(b.lines)), w)))
				continue
			}
			out = append(out, t.drawLine(b.lines[i], w, th))
		}
		at += n
	}
	return Fill(out, h, set.Base.Paint(Space(w)))
}

func (t *Prose) drawLine(l line, w int, th *theme.Theme) string {
	set := th.Page
	style := set.Base
	prefix := ""
	if l.quote > 0 {
		style = set.Quote
		prefix = set.Rule.Paint(strings.Repeat(th.Glyph.Bar+" ", min(l.quote, 4)))
		w -= 2 * min(l.quote, 4)
	}
	switch l.kind {
	case ParaRule:
		n := min(t.width, w)
		return prefix + set.Rule.Paint(strings.Repeat(th.Glyph.Rule, max(n, 0))+Space(w-n))
	case ParaHeading:
		style = set.Bold
	}
	text := Fit(l.text, w)
	if len(l.match) == 0 {
		return prefix + paintLinks(text, style, set.Accent)
	}
	var b strings.Builder
	b.WriteString(prefix)
	at := 0
	for _, m := range l.match {
		from, to := max(min(m[0], len(text)), at), min(m[1], len(text))
		if to <= from {
			continue
		}
		b.WriteString(paintLinks(text[at:from], style, set.Accent) + set.Match.Paint(text[from:to]))
		at = to
	}
	return b.String() + paintLinks(text[at:], style, set.Accent)
}

// paintLinks paints the numbers [12] of links in the accent.
func paintLinks(s string, base, link theme.Style) string {
	if strings.IndexByte(s, '[') < 0 {
		return base.Paint(s)
	}
	var b strings.Builder
	b.WriteString(base.On())
	for i := 0; i < len(s); {
		if n := linkMark(s[i:]); n > 0 {
			b.WriteString(link.Paint(s[i:i+n]) + base.On())
			i += n
			continue
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		b.WriteString(s[i : i+size])
		i += size
	}
	return b.String()
}

// linkMark is the length of a mark like [12] at the start of s, 0 if there is none.
func linkMark(s string) int {
	if s[0] != '[' {
		return 0
	}
	for i := 1; i < len(s) && i < 6; i++ {
		switch {
		case s[i] == ']' && i > 1:
			return i + 1
		case s[i] < '0' || s[i] > '9':
			return 0
		}
	}
	return 0
}

// Plain is the text as it is shown, without styles, for copying.
func (t *Prose) Plain() string {
	var b strings.Builder
	for _, bl := range t.blocks {
		for _, l := range bl.lines {
			b.WriteString(strings.Repeat("> ", l.quote) + l.text + "\n")
		}
	}
	return b.String()
}

// Wrap breaks s into lines of at most w columns at spaces, not at no-break ones; a longer word is broken between letters, never hyphenated.
// Further lines are indented by hang columns. The spaces at the start of s stay.
func Wrap(s string, w, hang int) []string {
	w = max(w, 1)
	if len(s) <= w || Width(s) <= w {
		return []string{strings.TrimRight(s, " ")}
	}
	hang = min(hang, w/2, max(w-2, 0)) // a wide letter must fit behind it
	var out []string
	var b strings.Builder
	n := 0
	lead := len(s) - len(strings.TrimLeft(s, " "))
	if lead = min(lead, w/2, max(w-2, 0)); lead > 0 {
		b.WriteString(Space(lead))
		n = lead
	}
	empty := true // no word on this line yet
	flush := func() {
		out = append(out, b.String())
		b.Reset()
		b.WriteString(Space(hang))
		n, empty = hang, true
	}
	for word := range pieces(s, w-hang) {
		ww := Width(word)
		switch {
		case empty && n+ww <= w:
		case !empty && n+1+ww <= w:
			b.WriteByte(' ')
			n++
		case !empty:
			flush()
		}
		for n+ww > w { // longer than a line
			part, rest := split(word, w-n)
			b.WriteString(part)
			flush()
			word, ww = rest, ww-Width(part) // not measured anew: a word may be megabytes long
		}
		b.WriteString(word)
		n += ww
		empty = empty && ww == 0
	}
	if !empty {
		out = append(out, b.String())
	}
	return out
}

// pieces are the words of s that stay in one piece: a no-break space holds two words together (UAX #14, class GL), unless
// they are wider than w columns, as in letters whose every space is one.
func pieces(s string, w int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for held := range strings.FieldsFuncSeq(s, func(r rune) bool { return unicode.IsSpace(r) && r != noBreak }) {
			if !strings.ContainsRune(held, noBreak) || Width(held) <= w {
				if !yield(held) {
					return
				}
				continue
			}
			for word := range strings.FieldsSeq(held) {
				if !yield(word) {
					return
				}
			}
		}
	}
}

const noBreak = '\u00a0'

// split parts a word after at most w columns, at least one letter.
func split(s string, w int) (string, string) {
	end, n, state := 0, 0, -1
	rest := s
	for rest != "" {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		cw := Width(cluster)
		if end > 0 && n+cw > w {
			break
		}
		end += len(cluster)
		n += cw
	}
	return s[:end], s[end:]
}

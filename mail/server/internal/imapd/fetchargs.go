package imapd

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

const (
	maxItems  = 256 // items of one FETCH
	maxFields = 256 // header fields of one item
)

// what is a kind of FETCH item.
type what uint8

const (
	itemUID what = iota
	itemFlags
	itemDate
	itemSize
	itemModSeq
	itemEmailID
	itemThreadID
	itemSaveDate
	itemEnvelope
	itemBody          // without extension data
	itemBodyStructure // with it
	itemPreview
	itemSection
	itemBinary
	itemBinarySize
)

// item is one FETCH item (RFC 9051 6.4.5).
type item struct {
	what    what
	name    string // as the answer names it: "BODY[1.HEADER]", "RFC822.TEXT"
	path    string // part number, "" for the letter
	spec    string // "", "HEADER", "TEXT", "MIME", "HEADER.FIELDS (…)", "HEADER.FIELDS.NOT (…)"
	fields  []string
	seen    bool // sets \Seen
	partial bool
	off, n  int64
	lazy    bool // PREVIEW (LAZY)
}

// fetchArgs are the arguments of FETCH.
type fetchArgs struct {
	set      numset
	items    []item
	since    *uint64 // CHANGEDSINCE (RFC 7162 3.1.4.1)
	vanished bool
	window   *window
}

// window is PARTIAL (RFC 9394): from and to count from 1, or from the end when negative.
type window struct{ from, to int64 }

func parseFetch(p *parser) (a fetchArgs, err error) {
	p.sp()
	a.set = p.numset()
	p.sp()
	if p.peek() == '(' {
		p.list(func() { a.add(p.item(false)) })
	} else {
		a.add(p.item(true))
	}
	if p.more() {
		p.sp()
		p.list(func() {
			switch p.word() {
			case "CHANGEDSINCE":
				p.sp()
				n := p.number(math.MaxInt64)
				a.since = &n
			case "VANISHED":
				a.vanished = true
			case "PARTIAL":
				p.sp()
				a.window = p.window()
			default:
				p.fail(bad("Unknown modifier"))
			}
		})
	}
	if p.err == nil && (len(a.items) == 0 || len(a.items) > maxItems) {
		p.fail(bad("Nothing to fetch, or too much"))
	}
	return a, p.end()
}

// add takes items in, each once; of an item that stands there with PEEK and without, \Seen is set.
func (a *fetchArgs) add(items []item) {
	for _, it := range items {
		i := slices.IndexFunc(a.items, func(o item) bool { return o.name == it.name && o.n == it.n })
		switch {
		case i >= 0:
			a.items[i].seen = a.items[i].seen || it.seen
		case len(a.items) <= maxItems:
			a.items = append(a.items, it)
		}
	}
}

func (p *parser) window() *window {
	w := &window{from: p.signed()}
	p.want(':')
	w.to = p.signed()
	if p.err == nil && (w.from == 0 || w.to == 0 || w.from < 0 != (w.to < 0)) {
		p.fail(bad("Bad range"))
	}
	return w
}

func (p *parser) signed() int64 {
	minus := p.take('-')
	n := int64(p.number(math.MaxUint32))
	if minus {
		return -n
	}
	return n
}

// cut takes the window out of n results.
func (w *window) cut(n int) (lo, hi int) {
	from, to := w.from, w.to
	if from < 0 {
		from, to = int64(n)+from+1, int64(n)+to+1
	}
	if from > to {
		from, to = to, from
	}
	from, to = max(from, 1), min(to, int64(n))
	if from > to {
		return 0, 0
	}
	return int(from) - 1, int(to)
}

var plainItems = map[string]what{
	"UID": itemUID, "FLAGS": itemFlags, "INTERNALDATE": itemDate, "RFC822.SIZE": itemSize, "MODSEQ": itemModSeq,
	"EMAILID": itemEmailID, "THREADID": itemThreadID, "SAVEDATE": itemSaveDate, "ENVELOPE": itemEnvelope,
	"BODYSTRUCTURE": itemBodyStructure,
}

// item reads one item; whole: it is all of the command, so that it may be a macro for several.
func (p *parser) item(whole bool) []item {
	i := 0
	for i < len(p.s) && (p.s[i] >= 'a' && p.s[i] <= 'z' || p.s[i] >= 'A' && p.s[i] <= 'Z' || p.s[i] >= '0' && p.s[i] <= '9' || p.s[i] == '.') {
		i++
	}
	name := strings.ToUpper(p.s[:i])
	p.s = p.s[i:]
	if w, ok := plainItems[name]; ok {
		return []item{{what: w, name: name}}
	}
	one := func(names ...string) (out []item) {
		for _, n := range names {
			out = append(out, item{what: plainItems[n], name: n})
		}
		return out
	}
	switch {
	case whole:
	case name == "FAST" || name == "ALL" || name == "FULL": // RFC 9051 6.4.5: a macro stands alone
		p.fail(bad("A macro stands alone"))
		return nil
	}
	switch name {
	case "FAST":
		return one("FLAGS", "INTERNALDATE", "RFC822.SIZE")
	case "ALL":
		return one("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE")
	case "FULL":
		return append(one("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"), item{what: itemBody, name: "BODY"})
	case "RFC822":
		return []item{{what: itemSection, name: name, seen: true}}
	case "RFC822.HEADER":
		return []item{{what: itemSection, name: name, spec: "HEADER"}}
	case "RFC822.TEXT":
		return []item{{what: itemSection, name: name, spec: "TEXT", seen: true}}
	case "PREVIEW":
		it := item{what: itemPreview, name: name}
		if strings.HasPrefix(strings.ToUpper(p.s), " (LAZY") {
			p.sp()
			p.list(func() {
				if p.word() != "LAZY" {
					p.fail(bad("Unknown modifier"))
				}
			})
			it.lazy = true
		}
		return []item{it}
	case "BODY", "BODY.PEEK":
		if name == "BODY" && p.peek() != '[' {
			return []item{{what: itemBody, name: name}}
		}
		return []item{p.section(name)}
	case "BINARY", "BINARY.PEEK", "BINARY.SIZE":
		return []item{p.binary(name)}
	}
	p.fail(bad("Unknown item"))
	return nil
}

// section reads `[part.spec]<off.n>`.
func (p *parser) section(name string) item {
	it := item{what: itemSection, seen: name == "BODY"}
	p.want('[')
	it.path = p.partNumber()
	if p.err == nil && p.peek() != ']' {
		it.spec = p.word()
		switch it.spec {
		case "HEADER", "TEXT":
		case "MIME":
			if it.path == "" {
				p.fail(bad("MIME wants a part"))
			}
		case "HEADER.FIELDS", "HEADER.FIELDS.NOT":
			p.sp()
			p.list(func() { it.fields = append(it.fields, p.astring()) })
			if p.err == nil && (len(it.fields) == 0 || len(it.fields) > maxFields) {
				p.fail(bad("Some field names are wanted"))
			}
		default:
			p.fail(bad("Unknown section"))
		}
	}
	p.want(']')
	it.name = "BODY[" + it.path
	if it.path != "" && it.spec != "" {
		it.name += "."
	}
	it.name += it.spec
	if it.fields != nil {
		it.name += " (" + fieldList(it.fields) + ")"
	}
	it.name += "]"
	p.piece(&it)
	return it
}

// fieldList writes field names as they may stand in an answer: what is no atom is quoted, what cannot be quoted is
// taken for no field at all.
func fieldList(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		if a, rest := cutAtom(n); a == "" || rest != "" {
			n = `"` + strings.Map(func(r rune) rune {
				if r < ' ' || r > '~' || r == '"' || r == '\\' {
					return '?'
				}
				return r
			}, n) + `"`
		}
		out[i] = n
	}
	return strings.Join(out, " ")
}

func (p *parser) partNumber() string {
	var path []string
	for p.isDigit() {
		n := p.number(math.MaxUint32)
		if n == 0 {
			p.fail(bad("Bad part number"))
		}
		if path = append(path, strconv.FormatUint(n, 10)); len(path) > 100 {
			p.fail(bad("Bad part number"))
		}
		if !p.take('.') {
			if p.err == nil && p.peek() != ']' {
				p.fail(bad("Bad part number"))
			}
			break
		}
		if p.peek() == ']' {
			p.fail(bad("Bad part number"))
		}
	}
	return strings.Join(path, ".")
}

func (p *parser) binary(name string) item {
	it := item{what: itemBinary, seen: name == "BINARY"}
	if name == "BINARY.SIZE" {
		it.what = itemBinarySize
	}
	p.want('[')
	it.path = p.partNumber()
	p.want(']')
	it.name = "BINARY[" + it.path + "]"
	if it.what == itemBinarySize {
		it.name = "BINARY.SIZE[" + it.path + "]"
		return it
	}
	p.piece(&it)
	return it
}

// piece reads "<off.n>", if it comes next.
func (p *parser) piece(it *item) {
	if !p.take('<') {
		return
	}
	it.partial = true
	it.off = int64(p.number(math.MaxInt64))
	p.want('.')
	if it.n = int64(p.number(math.MaxInt64)); p.err == nil && it.n == 0 {
		p.fail(bad("Bad range"))
	}
	p.want('>')
	it.name += "<" + strconv.FormatInt(it.off, 10) + ">"
}

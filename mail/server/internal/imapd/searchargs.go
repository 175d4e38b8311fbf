package imapd

import (
	"math"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/digest"
)

const (
	maxDepth = 32   // nesting of search keys
	maxKeys  = 1024 // search keys in one command
)

// op is a kind of search key.
type op uint8

const (
	opAll op = iota
	opAnd
	opOr
	opNot
	opSet     // numbers or UIDs
	opFlag    // a system flag or keyword is set
	opNone    // matches nothing: RECENT, NEW
	opHeader  // field and text
	opBody    // text
	opText    // text
	opLarger  // octets
	opSmaller // octets
	opDate    // INTERNALDATE in [from, to)
	opSent    // Date: in [from, to)
	opSaved   // SAVEDATE in [from, to)
	opAge     // younger (RFC 5032): received at or after a moment
	opModSeq  // RFC 7162 3.1.5
	opEmailID // RFC 8474
)

// key is one search key (RFC 9051 6.4.4).
type key struct {
	op       op
	keys     []*key
	set      numset
	spans    []span // set, once the mailbox is looked at
	byUID    bool
	text     string
	term     digest.Term // text, as it is compared
	field    string
	flag     mail.Flags
	word     string // a keyword
	n        uint64
	from, to time.Time // days, in UTC; zero is open
}

// returns is what a search shall answer (RFC 4731, RFC 5182, RFC 9394).
type returns struct {
	extended             bool // the answer is ESEARCH
	min, max, all, count bool
	save                 bool
	partial              *window
	partialText          string
	usesModSeq           bool
}

// searchArgs are the arguments of SEARCH, SORT and THREAD.
type searchArgs struct {
	returns
	criteria  []criterion // SORT
	algorithm string      // THREAD
	root      *key
}

// onlySave: a client that only saves a result wants no answer of it (RFC 9051 6.4.4.1).
func (r *returns) onlySave() bool {
	return r.save && !(r.min || r.max || r.all || r.count || r.partial != nil)
}

// searchParser counts what a search may hold.
type searchParser struct {
	*parser
	keys, depth int
	modseq      bool
	now         time.Time
}

// parseReturn reads "RETURN (…)".
func (p *parser) parseReturn(r *returns) {
	r.extended = true
	n := 0
	p.list(func() {
		n++
		switch p.word() {
		case "MIN":
			r.min = true
		case "MAX":
			r.max = true
		case "ALL":
			r.all = true
		case "COUNT":
			r.count = true
		case "SAVE":
			r.save = true
		case "PARTIAL":
			if r.partial != nil {
				p.fail(bad("One PARTIAL")) // RFC 9394 3.1
			}
			p.sp()
			before := p.s
			r.partial = p.window()
			r.partialText = before[:len(before)-len(p.s)]
		default:
			p.fail(bad("Unknown return option"))
		}
	})
	if n == 0 {
		r.all = true
	}
	if r.partial != nil && r.all {
		p.fail(bad("ALL and PARTIAL exclude each other")) // RFC 9394 3.1
	}
}

func (p *parser) charset() {
	switch name := strings.ToUpper(p.astring()); name {
	case "UTF-8", "US-ASCII":
	default:
		if p.err == nil {
			p.fail(no("BADCHARSET (UTF-8 US-ASCII)", "Unknown charset"))
		}
	}
}

// keysToEnd reads search keys up to the end of the command: all of them must hold.
func (p *searchParser) keysToEnd() *key {
	and := &key{op: opAnd}
	for p.more() {
		p.sp()
		and.keys = append(and.keys, p.key())
	}
	if p.err == nil && len(and.keys) == 0 {
		p.fail(bad("A search key is wanted"))
	}
	return and
}

var systemKeys = map[string]mail.Flags{
	"ANSWERED": mail.Answered, "DELETED": mail.Deleted, "DRAFT": mail.Draft, "FLAGGED": mail.Flagged, "SEEN": mail.Seen,
}

func (p *searchParser) key() *key {
	p.keys++
	if p.depth++; p.depth > maxDepth || p.keys > maxKeys {
		p.fail(bad("Search too complicated"))
	}
	defer func() { p.depth-- }()
	switch {
	case p.err != nil:
		return &key{}
	case p.isSet():
		return &key{op: opSet, set: p.numset()}
	case p.peek() == '(':
		and := &key{op: opAnd}
		p.filled(func() { and.keys = append(and.keys, p.key()) })
		return and
	}
	w := p.word()
	if f, ok := systemKeys[w]; ok {
		return &key{op: opFlag, flag: f}
	}
	if f, ok := systemKeys[strings.TrimPrefix(w, "UN")]; ok && strings.HasPrefix(w, "UN") {
		return not(&key{op: opFlag, flag: f})
	}
	switch w {
	case "ALL", "OLD", "SAVEDATESUPPORTED":
		return &key{op: opAll}
	case "RECENT", "NEW":
		return &key{op: opNone}
	case "NOT":
		p.sp()
		return not(p.key())
	case "OR":
		p.sp()
		a := p.key()
		p.sp()
		return &key{op: opOr, keys: []*key{a, p.key()}}
	case "KEYWORD", "UNKEYWORD":
		p.sp()
		k := flagKey(p.flag())
		if w == "UNKEYWORD" {
			return not(k)
		}
		return k
	case "UID":
		p.sp()
		return &key{op: opSet, set: p.numset(), byUID: true}
	}
	return p.textKey(w)
}

func (p *searchParser) textKey(w string) *key {
	p.sp()
	switch w {
	case "BCC", "CC", "FROM", "SUBJECT", "TO":
		return textKey(opHeader, w, p.astring())
	case "HEADER":
		field := p.astring()
		p.sp()
		return textKey(opHeader, field, p.astring())
	case "BODY":
		return textKey(opBody, "", p.astring())
	case "TEXT":
		return textKey(opText, "", p.astring())
	case "LARGER":
		return &key{op: opLarger, n: p.number(math.MaxInt64)}
	case "SMALLER":
		return &key{op: opSmaller, n: p.number(math.MaxInt64)}
	case "OLDER", "YOUNGER":
		n := p.number(math.MaxInt32)
		if p.err == nil && n == 0 {
			p.fail(bad("Bad number"))
		}
		k := &key{op: opAge, from: p.now.Add(-time.Duration(n) * time.Second)}
		if w == "OLDER" { // RFC 5032: at or before; YOUNGER: within
			return not(&key{op: opAge, from: k.from.Add(time.Nanosecond)})
		}
		return k
	case "MODSEQ":
		return p.modSeqKey()
	case "EMAILID":
		return &key{op: opEmailID, text: p.astring()}
	case "THREADID":
		p.astring()
		return &key{op: opNone} // no letter has one
	}
	return p.dateKey(w)
}

// modSeqKey reads "[entry type] n"; all metadata items share one modseq, so the entry does not matter.
func (p *searchParser) modSeqKey() *key {
	p.modseq = true
	if p.isString() {
		p.str()
		p.sp()
		switch p.word() {
		case "PRIV", "SHARED", "ALL":
		default:
			p.fail(bad("Unknown entry type"))
		}
		p.sp()
	}
	return &key{op: opModSeq, n: p.number(math.MaxInt64)}
}

func (p *searchParser) dateKey(w string) *key {
	k := &key{op: opDate}
	kind := w
	switch {
	case strings.HasPrefix(w, "SENT"):
		k.op, kind = opSent, w[4:]
	case strings.HasPrefix(w, "SAVED"):
		k.op, kind = opSaved, w[5:]
	}
	switch kind {
	case "BEFORE", "ON", "SINCE":
	default:
		p.fail(bad("Unknown search key"))
		return k
	}
	d := p.date()
	switch kind {
	case "BEFORE":
		k.to = d
	case "ON":
		k.from, k.to = d, d.AddDate(0, 0, 1)
	case "SINCE":
		k.from = d
	}
	return k
}

func textKey(o op, field, text string) *key {
	return &key{op: o, field: field, text: text, term: digest.NewTerm(text)}
}

func not(k *key) *key { return &key{op: opNot, keys: []*key{k}} }

func flagKey(name string) *key {
	known, other := mail.ParseFlags([]string{name})
	switch {
	case known != 0:
		return &key{op: opFlag, flag: known}
	case len(other) == 1:
		return &key{op: opFlag, word: other[0]}
	}
	return &key{op: opNone} // \Recent
}

package rule

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// ListedKind is what stands in a directory.
type ListedKind uint8

// Kinds of directory entries.
const (
	ListedUnit ListedKind = iota
	ListedPerson
	ListedGroup   // Members are its boxes
	ListedPost    // a post with a box of its own
	ListedPublish // a place of publication
)

// Listed is one entry of a directory (QC 6).
type Listed struct {
	Key     string // stable name of the entry within its directory
	Kind    ListedKind
	Name    string
	Aliases []string
	Address string // "" for groups, and where no box is known
	Unit    string // of a person: the unit's name
	Post    string
	Members []string // of a group: keys
	Source  Source
}

// Source says where an entry was learned.
type Source uint8

// Sources of entries.
const (
	Published Source = iota // the directory
	History                 // letters that were sent: names in them prove nothing, so it is never taken without a look
	Chosen                  // the person's choice for this name in an earlier document
)

// first is the confidence that the name itself has, and how it was found.
func (s Source) first() (confidence uint8, how string) {
	switch s {
	case History:
		return 70, "history"
	case Chosen:
		return 90, "chosen-before"
	case Published:
	}
	return 100, "name"
}

// EntryOf makes an entry of an address that is not published. It is an agency if its name is shaped like one.
func EntryOf(a mail.Address, s Source) Listed {
	e := Listed{Key: "address:" + WireForm(a.Addr), Kind: ListedPerson, Name: a.Name, Address: a.Addr, Source: s}
	if s == Chosen {
		e.Key = "chosen:" + nameKey(a.Name)
	}
	if agencyShaped(viet.Fold(a.Name)) {
		e.Kind = ListedUnit
	}
	return e
}

// Match is an answer of a directory.
type Match struct {
	Listed
	Boxes, Missing []Listed // of a group that is offered to a person: what it unfolds to; nil elsewhere
	Confidence     int      // 0 to 100
	How            string   // "name", "alias", "abbreviation", "address", "no-marks", "other-marks", "same-words", "post", "own-unit", "similar", "history", "chosen-before", "chosen"
}

// sureMatch is the confidence from which a match needs no second look by the person.
const sureMatch = 80

// Directory answers who stands behind a name, best first; several with the same confidence are namesakes.
type Directory interface {
	Lookup(name string) []Match
	// Knows reports a whole name that needs no guess; it is asked for every way in which an entry may be split.
	Knows(name string) bool
	ByKey(key string) (Listed, bool)
}

// Index is a Directory in memory. It is read-only and may be asked by many at once.
type Index struct {
	list  []Listed
	keys  []string // nameKey of each
	byKey map[string]int32
	names map[string][]indexHit // nameKey → entries
	words map[string][]int32    // word → entries that have it
	sets  map[string][]int32    // groups by the words of their name

	complete func() *completion // made when it is first asked
}

type indexHit struct {
	at         int32
	confidence uint8
	how        string
}

// NewIndex makes a directory of entries. Names, aliases, abbreviations of units and addresses all lead to an entry.
func NewIndex(entries []Listed) *Index {
	x := &Index{
		list: slices.Clone(entries), byKey: make(map[string]int32, len(entries)), names: make(map[string][]indexHit, 2*len(entries)),
		words: map[string][]int32{}, sets: map[string][]int32{},
	}
	for i, e := range x.list {
		at := int32(i) //nolint:gosec // a directory has far fewer entries
		x.byKey[e.Key] = at
		x.keys = append(x.keys, nameKey(e.Name))
		confidence, how := e.Source.first()
		x.put(e.Name, at, confidence, how)
		for _, a := range e.Aliases {
			x.put(a, at, min(95, confidence), "alias")
		}
		if e.Kind == ListedGroup {
			for _, n := range append([]string{e.Name}, e.Aliases...) {
				x.sets[wordSet(n)] = append(x.sets[wordSet(n)], at)
			}
		}
		if e.Kind == ListedUnit && e.Source == Published {
			x.abbreviate(e, at)
		}
		if e.Address != "" {
			x.hit(WireForm(e.Address), indexHit{at, 100, "address"})
		}
		for _, w := range slices.Compact(slices.Sorted(slices.Values(strings.Fields(x.keys[i])))) {
			x.words[w] = append(x.words[w], at)
		}
	}
	x.complete = sync.OnceValue(func() *completion { return newCompletion(x.list) })
	return x
}

func (x *Index) put(name string, at int32, confidence uint8, how string) {
	if k := nameKey(name); k != "" {
		x.hit(k, indexHit{at, confidence, how})
	}
}

func (x *Index) hit(key string, h indexHit) {
	for _, old := range x.names[key] {
		if old.at == h.at {
			return
		}
	}
	x.names[key] = append(x.names[key], h)
}

// abbreviate registers "Sở KH&ĐT" and "KH&ĐT" for "Sở Kế hoạch và Đầu tư".
func (x *Index) abbreviate(e Listed, at int32) {
	_, short := UnitAbbrev(e.Name)
	if short == "" {
		return
	}
	if first, _, _ := strings.Cut(viet.Fold(e.Name), " "); first == "so" {
		x.put("so "+short, at, 92, "abbreviation")
		x.put("so "+strings.ReplaceAll(short, "&", ""), at, 92, "abbreviation")
	}
	x.put(short, at, 75, "abbreviation") // "TC" alone may mean many things
	if local, _, ok := strings.Cut(WireForm(e.Address), "@"); ok && !strings.Contains(local, ".") {
		x.put(local, at, 85, "address")
	}
}

// wordSet is what two spellings of a group have in common: its words without fillers, in any order.
func wordSet(name string) string {
	words := slices.DeleteFunc(strings.Fields(nameKey(name)), func(w string) bool {
		switch w {
		case "cac", "va", "cua", "tinh", "thuoc", "toan", "tren", "dia", "trong":
			return true
		}
		return false
	})
	return strings.Join(slices.Compact(slices.Sorted(slices.Values(words))), " ")
}

// ByKey implements Directory.
func (x *Index) ByKey(key string) (Listed, bool) {
	at, ok := x.byKey[key]
	if !ok {
		return Listed{}, false
	}
	return x.list[at], true
}

// Knows implements Directory.
func (x *Index) Knows(name string) bool {
	for _, m := range x.exact(name) {
		if m.Confidence >= sureMatch {
			return true
		}
	}
	return false
}

const maxMatches = 20

// Lookup implements Directory.
func (x *Index) Lookup(name string) []Match {
	out := x.exact(name)
	if len(out) == 0 && len(name) <= maxName {
		out = x.similar(nameKey(name))
	}
	slices.SortStableFunc(out, func(a, b Match) int { return b.Confidence - a.Confidence })
	return out[:min(len(out), maxMatches)]
}

const maxName = 300

// exact finds entries by the whole of a name, an alias, an abbreviation or an address.
func (x *Index) exact(name string) []Match {
	if len(name) > maxName {
		return nil
	}
	key := nameKey(name)
	hits := x.names[key]
	if strings.Contains(name, "@") {
		hits = x.names[WireForm(name)]
	}
	if len(hits) == 0 { // abbreviations with and without "&": "Sở KH & ĐT", "Sở KHĐT"
		hits = x.names[compactKey(key)]
	}
	var out []Match
	for _, h := range hits {
		e := x.list[h.at]
		m := Match{Listed: e, Confidence: int(h.confidence), How: h.how}
		if h.how == "name" {
			m.marks(name, e.Name)
		}
		out = append(out, m)
	}
	if len(out) == 0 {
		for _, at := range x.sets[wordSet(name)] {
			out = append(out, Match{Listed: x.list[at], Confidence: 88, How: "same-words"})
		}
	}
	return out
}

// marks lowers the confidence of a name that is the same only without its marks.
func (m *Match) marks(typed, name string) {
	switch {
	case !viet.IsMarked(typed) && viet.IsMarked(name):
		m.Confidence, m.How = 90, "no-marks"
	case len(strings.Fields(typed)) == len(strings.Fields(name)) && markKey(typed) != markKey(name):
		m.Confidence, m.How = 65, "other-marks"
	}
}

// markKey is a name with its marks, but not where in a syllable they stand: hòa is hoà.
func markKey(s string) string {
	var b strings.Builder
	for _, w := range strings.Fields(strings.ToLower(norm.NFD.String(strings.ReplaceAll(s, " & ", " và ")))) {
		var base, marks []rune
		for _, r := range w {
			if r >= 0x300 && r < 0x370 {
				marks = append(marks, r)
			} else if r != '.' && r != ',' {
				base = append(base, r)
			}
		}
		slices.Sort(marks)
		b.WriteString(string(base) + string(marks) + " ")
	}
	return b.String()
}

// compactKey joins what follows the first word: "so kh va dt" → "so khdt".
func compactKey(key string) string {
	first, rest, ok := strings.Cut(key, " ")
	if !ok {
		return key
	}
	words := strings.Fields(rest)
	for _, w := range words {
		if len(w) > 6 {
			return key
		}
	}
	return first + " " + strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "va" }), "")
}

const maxPostings = 12000

// similar finds names with a slip of the keyboard: at most one letter in eight differs.
func (x *Index) similar(key string) []Match {
	words := strings.Fields(key)
	if len(key) < 8 || len(words) < 2 {
		return nil
	}
	count := map[int32]int{}
	slices.SortFunc(words, func(a, b string) int { return len(x.words[a]) - len(x.words[b]) })
	looked, used := 0, 0
	for _, w := range words { // a slip spoils one word: the others lead to the name, the rarest first
		list := x.words[w]
		if len(list) == 0 || looked+len(list) > maxPostings {
			continue
		}
		looked += len(list)
		used++
		for _, at := range list {
			count[at]++
		}
	}
	var out []Match
	limit := max(1, len(key)/8)
	for at, n := range count {
		other := x.keys[at]
		if d := len(other) - len(key); n < used-1 || d > limit || -d > limit {
			continue
		}
		if kind, _, _ := strings.Cut(key, " "); agencyHeads[kind] && !strings.HasPrefix(other, kind+" ") {
			continue // "Bộ Tài chính" is no slip of "Sở Tài chính"
		}
		if d := distance(key, other, limit); d <= limit {
			out = append(out, Match{Listed: x.list[at], Confidence: 70 - 5*d, How: "similar"})
		}
	}
	slices.SortFunc(out, func(a, b Match) int {
		if a.Confidence != b.Confidence {
			return b.Confidence - a.Confidence
		}
		return strings.Compare(a.Key, b.Key)
	})
	return out
}

// distance is how many letters must be changed, added or dropped; more than limit is not told exactly.
func distance(a, b string, limit int) int {
	prev, cur := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			best = min(best, cur[j])
		}
		if best > limit {
			return best
		}
		prev, cur = cur, prev
	}
	return prev[len(b)]
}

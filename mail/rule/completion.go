package rule

import (
	"maps"
	"slices"
	"sort"
	"strings"

	"hopthu/mail/viet"
)

// completion finds entries by the beginnings of their words. Entries are numbered in the order in which they are offered:
// agencies first, then posts and persons, in Vietnamese order.
type completion struct {
	list  []Listed
	keys  []string // nameKey of each
	first []string // the word by which each is called: of a person the given name, else the first word, folded
	names []string // name of each, folded
	words []string // every word of every entry, sorted
	at    [][]int32
}

func newCompletion(entries []Listed) *completion {
	c := &completion{}
	for _, e := range entries {
		if e.Address != "" || e.Kind == ListedGroup {
			c.list = append(c.list, e)
		}
	}
	order := make([]string, len(c.list))
	at := make([]int, len(c.list))
	for i, e := range c.list {
		order[i], at[i] = orderKey(e), i
	}
	slices.SortFunc(at, func(a, b int) int { return strings.Compare(order[a], order[b]) })
	sorted := make([]Listed, len(at))
	for i, n := range at {
		sorted[i] = c.list[n]
	}
	c.list = sorted
	postings := map[string][]int32{}
	for i, e := range c.list {
		folded := viet.Fold(e.Name)
		names := strings.Fields(folded)
		c.names = append(c.names, folded)
		call := ""
		switch {
		case len(names) == 0:
		case e.Kind == ListedPerson:
			call = names[len(names)-1]
		default:
			call = names[0]
		}
		key := nameKey(e.Name)
		c.keys, c.first = append(c.keys, key), append(c.first, call)
		for _, w := range entryWords(e, folded, key) {
			postings[w] = append(postings[w], int32(i)) //nolint:gosec // a directory has far fewer entries
		}
	}
	c.words = slices.Sorted(maps.Keys(postings))
	for _, w := range c.words {
		c.at = append(c.at, postings[w])
	}
	return c
}

// orderKey sorts agencies before persons, persons by given name, namesakes next to each other.
func orderKey(e Listed) string {
	name := viet.Fold(e.Name)
	if e.Kind == ListedPerson {
		if i := strings.LastIndexByte(name, ' '); i >= 0 {
			name = name[i+1:] + " " + name[:i]
		}
		return "2" + name + "\x00" + e.Name + "\x00" + e.Key
	}
	if e.Kind == ListedPost {
		return "1" + name + "\x00" + e.Key
	}
	return "0" + name + "\x00" + e.Key
}

// entryWords are the folded words whose beginnings lead to an entry; some may stand twice.
func entryWords(e Listed, folded, key string) []string {
	words := strings.FieldsFunc(folded, notWordRune)
	if key != folded {
		words = append(words, strings.Fields(key)...)
	}
	for _, s := range append([]string{e.Unit, e.Post}, e.Aliases...) {
		if s != "" {
			words = append(words, strings.FieldsFunc(viet.Fold(s), notWordRune)...)
		}
	}
	if e.Address != "" {
		wire := WireForm(e.Address) // whose beginning is the local part
		words = append(words, wire)
		if i := strings.IndexAny(wire, ".-_@"); i >= 0 && wire[i] != '@' {
			local, _, _ := strings.Cut(wire[i+1:], "@")
			words = append(words, strings.FieldsFunc(local, func(r rune) bool { return r == '.' || r == '-' || r == '_' })...)
		}
	}
	return words
}

func notWordRune(r rune) bool {
	return r != '&' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && r < 0x80
}

// find offers entries of which every typed word begins a word; see Index.Complete.
func (c *completion) find(typed string, limit int, groups bool) []Listed {
	words := strings.FieldsFunc(viet.Fold(typed), func(r rune) bool { return r <= ' ' || r == ',' || r == '<' || r == '>' || r == '"' })
	if len(words) == 0 || len(words) > 12 || len(typed) > maxName {
		return nil
	}
	var hits []uint64
	for _, w := range words {
		set := c.beginning(w)
		if set == nil {
			return nil
		}
		if hits == nil {
			hits = set
			continue
		}
		for i := range hits {
			hits[i] &= set[i]
		}
	}
	const most = 1024 // looked at for the order: beyond it nobody has typed enough yet
	phrase := strings.Join(words, " ")
	var named, called, others []int32
	for i, n := int32(0), 0; int(i) < len(c.list) && n < most; i++ {
		if hits[i>>6]&(1<<(i&63)) == 0 || !groups && c.list[i].Address == "" {
			continue
		}
		n++
		switch {
		case strings.HasPrefix(c.names[i], phrase):
			named = append(named, i)
		case slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(c.first[i], w) }):
			called = append(called, i)
		default:
			others = append(others, i)
		}
	}
	order := slices.Concat(named, called, others)
	var out []Listed
	for k, i := range order {
		// Namesakes are offered together or not at all: one of them alone would be taken for the one that was meant.
		if k >= limit && c.keys[i] != c.keys[order[k-1]] || k >= 4*limit {
			break
		}
		out = append(out, c.list[i])
	}
	return out
}

// beginning is the set of entries that have a word beginning with w, nil for none.
func (c *completion) beginning(w string) []uint64 {
	var set []uint64
	for i := sort.SearchStrings(c.words, w); i < len(c.words) && strings.HasPrefix(c.words[i], w); i++ {
		if set == nil {
			set = make([]uint64, (len(c.list)+63)/64)
		}
		for _, at := range c.at[i] {
			set[at>>6] |= 1 << (at & 63)
		}
	}
	return set
}

// Complete offers boxes for what was typed in an address field: every word begins a word of name, alias, unit, post or
// address, with or without marks. Namesakes are never parted by limit.
func (x *Index) Complete(typed string, limit int) []Listed {
	return x.complete().find(typed, limit, false)
}

// Search is Complete over groups as well.
func (x *Index) Search(typed string, limit int) []Listed {
	return x.complete().find(typed, limit, true)
}

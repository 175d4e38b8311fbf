package rule

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"hopthu/mail/viet"
)

// completion finds entries by the beginnings of their words. Entries are numbered in the order in which they are offered:
// agencies first, then posts and persons, in Vietnamese order.
type completion struct {
	list   []Listed
	keys   []string // nameKey of each
	first  []string // the word by which each is called: of a person the given name, else the first word, folded
	starts []wordStart
}

type wordStart struct {
	word string
	at   int32
}

func newCompletion(entries []Listed) *completion {
	c := &completion{}
	for _, e := range entries {
		if e.Address != "" || e.Kind == ListedGroup {
			c.list = append(c.list, e)
		}
	}
	keys := make(map[string]string, len(c.list))
	for _, e := range c.list {
		keys[e.Key] = orderKey(e)
	}
	slices.SortStableFunc(c.list, func(a, b Listed) int { return strings.Compare(keys[a.Key], keys[b.Key]) })
	for i, e := range c.list {
		words := entryWords(e)
		names := strings.Fields(viet.Fold(e.Name))
		call := ""
		switch {
		case len(names) == 0:
		case e.Kind == ListedPerson:
			call = names[len(names)-1]
		default:
			call = names[0]
		}
		c.keys, c.first = append(c.keys, nameKey(e.Name)), append(c.first, call)
		for _, w := range words {
			c.starts = append(c.starts, wordStart{w, int32(i)}) //nolint:gosec // a directory has far fewer entries
		}
	}
	slices.SortFunc(c.starts, func(a, b wordStart) int {
		return cmp.Or(strings.Compare(a.word, b.word), cmp.Compare(a.at, b.at))
	})
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

// entryWords are the folded words whose beginnings lead to an entry.
func entryWords(e Listed) []string {
	wire := WireForm(e.Address)
	local, _, _ := strings.Cut(wire, "@")
	words := append(strings.FieldsFunc(local, func(r rune) bool { return r == '.' || r == '-' || r == '_' }), wire, local)
	for _, s := range append([]string{e.Name, e.Unit, e.Post}, e.Aliases...) {
		words = append(words, strings.FieldsFunc(viet.Fold(s), notWordRune)...)
	}
	words = append(words, strings.Fields(nameKey(e.Name))...)
	slices.Sort(words)
	return slices.Compact(slices.DeleteFunc(words, func(s string) bool { return s == "" }))
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
	const most = 4096 // looked at for the order: beyond it nobody has typed enough yet
	var called, others []int32
	for i, n := int32(0), 0; int(i) < len(c.list) && n < most; i++ {
		if hits[i>>6]&(1<<(i&63)) == 0 || !groups && c.list[i].Address == "" {
			continue
		}
		n++
		if slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(c.first[i], w) }) {
			called = append(called, i)
		} else {
			others = append(others, i)
		}
	}
	order := append(called, others...)
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
	from := sort.Search(len(c.starts), func(i int) bool { return c.starts[i].word >= w })
	var set []uint64
	for _, s := range c.starts[from:] {
		if !strings.HasPrefix(s.word, w) {
			break
		}
		if set == nil {
			set = make([]uint64, (len(c.list)+63)/64)
		}
		set[s.at>>6] |= 1 << (s.at & 63)
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

package rule

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hopthu/mail/viet"
)

// list reads a piece with commas and "và".
func (p *splitter) list(s string) []Entry {
	var parts []string
	for _, part := range splitOutside(s, ",") {
		if part = strings.TrimSpace(part); part != "" && !p.blank(part) {
			parts = append(parts, part)
		}
	}
	var out []Entry
	for i := 0; i < len(parts); {
		e, n := p.next(parts[i:])
		if len(out) > 0 && e[0].Class == Unclear && n == 1 {
			if shared, ok := p.share(out[len(out)-1], parts[i]); ok {
				e[0] = shared
			}
		}
		if len(out) > 0 && n == 1 && len(e) == 1 {
			if head, ok := samePlace(out[len(out)-1].Name, parts[i]); ok {
				purpose, copies := e[0].Purpose, e[0].Copies
				e[0] = p.classed(head + " " + e[0].Name)
				e[0].Purpose, e[0].Copies = purpose, copies
			}
		}
		out = append(out, e...)
		i += n
	}
	return out
}

// placeRank orders kinds of places: 1 communes, 2 districts and towns, 3 provinces; 0 for other words.
func placeRank(words []string) int {
	if len(words) < 2 {
		return 0
	}
	switch one := wordFold(words[0]); one {
	case "xa", "phuong":
		return 1
	case "huyen", "quan", "tp", "tx":
		return 2
	case "tinh":
		return 3
	case "thi":
		if wordFold(words[1]) == "tran" {
			return 1
		}
		return 2
	case "thanh":
		if wordFold(words[1]) == "pho" {
			return 2
		}
	}
	return 0
}

// samePlace reads "UBND xã Ninh Hải, xã Ninh Thắng": a place of the same rank gets the organ of the one before.
func samePlace(before, part string) (head string, ok bool) {
	first, _ := utf8.DecodeRuneInString(part)
	rank := placeRank(strings.Fields(part))
	if rank == 0 || !unicode.IsLower(first) {
		return "", false
	}
	words := strings.Fields(before)
	for i := 1; i < len(words); i++ {
		if r := placeRank(words[i:]); r > 0 {
			return strings.Join(words[:i], " "), r == rank && !plural(viet.Fold(before))
		}
	}
	return "", false
}

// next reads the entries that begin with parts[0]; n is how many parts they took.
func (p *splitter) next(parts []string) (out []Entry, n int) {
	join := func(n int) string { return strings.Join(parts[:n], ", ") }
	for n := min(len(parts), 6); n > 1; n-- {
		if p.known(join(n)) {
			return []Entry{p.classed(join(n))}, n
		}
	}
	n = 1
	if _, ok := personEntry(parts[0]); ok {
		for n < len(parts) && !startsPerson(parts[n]) {
			n++
		}
		return p.named(join(n)), n
	}
	if n := p.sharedTail(parts); n > 1 {
		return p.named(join(n)), n
	}
	if len(parts) > 1 && bareOrgan(parts[0]) {
		if out, n := p.organs(parts); n > 1 {
			return out, n
		}
	}
	if whole := viet.Fold(parts[0]); plural(whole) {
		for n < len(parts) && goesOn(parts[n]) {
			n++
		}
	} else if within := " " + whole; strings.Contains(within, " xa ") || strings.Contains(within, " phuong ") || strings.Contains(within, " thi tran ") {
		for n < len(parts) && outerPlace(parts[n]) && placeRank(strings.Fields(parts[n])) != 1 {
			n++
		}
	}
	name := join(n)
	if p.known(name) {
		return []Entry{p.classed(name)}, n
	}
	for _, piece := range p.and(name) {
		out = append(out, p.named(piece)...)
	}
	return out, n
}

// sharedTail counts the parts of "Chủ tịch, các Phó chủ tịch UBND tỉnh": posts of which only the last names its agency
// (D 2.6 rule 7). 1 means that there is no such tail.
func (p *splitter) sharedTail(parts []string) int {
	if p.flat || !barePost(parts[0]) {
		return 1
	}
	n := 1
	for n < len(parts) && barePost(parts[n]) {
		n++
	}
	if n == len(parts) {
		return 1
	}
	_, _, kind := cutPost(parts[0])
	if post, _, last := cutPost(parts[n]); post == "" || last != kind {
		return 1 // "Chánh Văn phòng, Trưởng phòng Kinh tế": posts of different units
	}
	n++
	for n < len(parts) && plural(viet.Fold(parts[n-1])) && goesOn(parts[n]) {
		n++
	}
	return n
}

// bareOrgan reports "HĐND" or "UBND" without a place.
func bareOrgan(s string) bool {
	switch nameKey(s) {
	case "hoi dong nhan dan", "uy ban nhan dan", "thuong truc hoi dong nhan dan", "dang uy", "uy ban mat tran to quoc":
		return true
	}
	return false
}

// organs reads "HĐND, UBND xã Ninh Hải": each organ of the place that only the last names; of many places it is one group.
func (p *splitter) organs(parts []string) ([]Entry, int) {
	n := 1
	for n < len(parts) && bareOrgan(parts[n]) {
		n++
	}
	if n == len(parts) {
		return nil, 1
	}
	words := strings.Fields(parts[n])
	for k := min(5, len(words)-1); k > 0; k-- {
		if !bareOrgan(strings.Join(words[:k], " ")) {
			continue
		}
		rest, m := p.next(parts[n:])
		if plural(viet.Fold(parts[n])) {
			return p.named(strings.Join(parts[:n+m], ", ")), n + m
		}
		var out []Entry
		for _, o := range parts[:n] {
			out = append(out, p.named(o+" "+strings.Join(append(words[k:], parts[n+1:n+m]...), " "))...)
		}
		return append(out, rest...), n + m
	}
	return nil, 1
}

// outerPlace reports ", huyện Hoa Lư" behind the name of a commune.
func outerPlace(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	words := strings.Fields(s)
	return len(words) > 1 && placeKinds[wordFold(words[0])] && (unicode.IsLower(first) || strings.ToUpper(words[0]) == words[0]) ||
		len(words) > 1 && words[0] == "tỉnh"
}

func startsPerson(s string) bool {
	_, polite := cutHonorific(s)
	return polite
}

// named is classed with the purpose of this name alone taken off.
func (p *splitter) named(name string) []Entry {
	name, purpose, copies := cutPurpose(name)
	e := p.classed(name)
	e.Purpose, e.Copies = purpose, copies
	return []Entry{e}
}

// and splits at " và " and " & " where both sides are whole names.
func (p *splitter) and(name string) []string {
	for _, sep := range []string{" và ", " VÀ ", " & ", " va ", " VA "} {
		for at := strings.Index(name, sep); at > 0; {
			left, right := name[:at], name[at+len(sep):]
			lf, rf := viet.Fold(left), viet.Fold(right)
			office := strings.HasPrefix(lf, "van phong") || strings.HasPrefix(lf, "vp")
			strong := strongHead(rf) && !(office && (strings.HasPrefix(rf, "hdnd") || strings.HasPrefix(rf, "ubnd") || strings.HasPrefix(rf, "hoi dong") || strings.HasPrefix(rf, "uy ban")))
			if p.known(left) && p.known(right) || strong && len(strings.Fields(left)) > 1 && !barePost(left) {
				return append([]string{left}, p.and(right)...)
			}
			next := strings.Index(right, sep)
			if next < 0 {
				break
			}
			at += len(sep) + next
		}
	}
	return []string{name}
}

// share puts the kind of the entry before it in front of a bare proper name: "UBND huyện Nho Quan, Gia Viễn".
func (p *splitter) share(before Entry, name string) (Entry, bool) {
	words := strings.Fields(before.Name)
	for n := min(3, len(words)-1); n > 0; n-- {
		prefix := strings.Join(words[:n], " ")
		whole := prefix + " " + name
		f := viet.Fold(prefix)
		if p.known(whole) || f == "ubnd huyen" || f == "ubnd xa" || f == "ubnd phuong" {
			return p.classed(whole), true
		}
	}
	return Entry{}, false
}

// glue joins items of a list that are one name only together: "Văn hóa, Thể thao và Du lịch".
func (p *splitter) glue(items []string, prefix string) []string {
	var out []string
	for i := 0; i < len(items); {
		n := 1
		for k := min(len(items)-i, 5); k > 1; k-- {
			if p.known(prefixed(prefix, strings.Join(items[i:i+k], ", "))) {
				n = k
				break
			}
		}
		whole := strings.Join(items[i:i+n], ", ")
		i += n
		if whole == "" {
			continue
		}
		if n == 1 && !p.known(prefixed(prefix, whole)) {
			if at := lastAnd(whole); at > 0 { // "Tài chính và Nội vụ": both are in this list
				left, right := whole[:at], strings.TrimSpace(strings.TrimPrefix(whole[at:], " và "))
				if p.known(prefixed(prefix, left)) || p.known(prefixed(prefix, right)) || i >= len(items) && proper(left) && (proper(right) || placeRank(strings.Fields(right)) > 0) {
					out = append(out, left, right)
					continue
				}
			}
		}
		out = append(out, whole)
	}
	return out
}

func lastAnd(s string) int { return strings.LastIndex(s, " và ") }

// proper reports a name of a place: every word begins with a capital.
func proper(s string) bool {
	for _, w := range strings.Fields(s) {
		if r, _ := utf8.DecodeRuneInString(w); !unicode.IsUpper(r) {
			return false
		}
	}
	return s != ""
}

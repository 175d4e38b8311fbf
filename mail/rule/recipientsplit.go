package rule

import (
	"strings"
	"unicode"

	"hopthu/mail/viet"
)

// splitter takes items apart into entries.
type splitter struct {
	dir   Directory
	draft bool
	flat  bool // within "VPCP: …" every comma parts
}

// item reads one bulleted piece.
func (p *splitter) item(it item) []Entry {
	raw := strings.Join(strings.Fields(stripBullet(it.text)), " ")
	if len(raw) > maxEntryBytes {
		raw = strings.ToValidUTF8(raw[:maxEntryBytes], "")
	}
	text := trimEnd(raw)
	if p.blank(text) {
		return nil
	}
	var out []Entry
	pieces := splitOutside(text, ";")
	head := "" // "Các Sở: Nội vụ; Tài chính": what the pieces behind it get too
	for i, piece := range pieces {
		piece = stripBullet(piece)
		if isKeep(piece) {
			out = append(out, p.keep(strings.Join(append([]string{piece}, pieces[i+1:]...), ", "), it.line))
			break
		}
		if piece = trimEnd(piece); p.blank(piece) {
			continue
		}
		entries := p.clause(piece)
		if before, _, ok := strings.Cut(piece, ":"); ok {
			head, _ = listPrefix(before)
		} else if head != "" && len(entries) == 1 && entries[0].Class == Unclear {
			if e := p.classed(prefixed(head, entries[0].Name)); e.Class == Agency {
				e.Purpose, e.Copies = entries[0].Purpose, entries[0].Copies
				entries[0] = e
			}
		}
		for _, e := range entries {
			e.Raw, e.Line = piece, it.line
			if len(pieces) == 1 {
				e.Raw = raw
			}
			if e.Name == "" {
				e.Name = piece
			}
			for i := range e.Subs {
				e.Subs[i].Raw, e.Subs[i].Line = piece, it.line
			}
			out = append(out, e)
		}
	}
	return out
}

// blank reports what is to be filled in by hand; dots and lines make the block a draft's.
func (p *splitter) blank(s string) bool {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return false
	}
	if strings.Contains(s, "…") || strings.Contains(s, "..") || strings.Contains(s, "__") {
		p.draft = true
	}
	return true
}

// trimEnd drops the marks that end an entry (D 2.6 rule 4), but not dots to be filled in.
func trimEnd(s string) string {
	s = strings.TrimSpace(s)
	for {
		t := strings.TrimRight(s, " ;,:")
		if strings.HasSuffix(t, "./.") {
			t = strings.TrimSuffix(t, "./.")
		} else if strings.HasSuffix(t, ".") && !strings.HasSuffix(t, "..") {
			t = strings.TrimSuffix(t, ".")
		} else if strings.HasSuffix(t, "./") {
			t = strings.TrimSuffix(t, "./")
		}
		if t == s {
			return s
		}
		s = t
	}
}

// splitOutside splits at a one-byte separator that stands in no parentheses.
func splitOutside(s, sep string) []string {
	var out []string
	depth, from := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case c == sep[0] && depth == 0:
			out = append(out, strings.TrimSpace(s[from:i]))
			from = i + 1
		}
	}
	return append(out, strings.TrimSpace(s[from:]))
}

// isKeep matches "Lưu: VT", "Lưu VT", "LUU: VT." but not a person called Lưu.
func isKeep(s string) bool {
	word, rest, _ := strings.Cut(s, " ")
	if w, after, ok := strings.Cut(word, ":"); ok {
		word, rest = w, ":"+after+rest
	}
	if viet.Fold(strings.TrimRight(word, ".,;")) != "luu" {
		return false
	}
	rest = strings.TrimSpace(rest)
	if rest == "" || !unicode.IsLetter([]rune(rest)[0]) {
		return true
	}
	next, _, _ := strings.Cut(viet.Fold(rest), " ")
	switch next {
	case "van", "ho", "tai":
		return true
	}
	unit := strings.FieldsFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '&' && r != '-' })[0]
	if capitals(s) {
		return len([]rune(unit)) <= 4
	}
	return strings.ToUpper(unit) == unit
}

// keep reads the Lưu line: the units that keep the document, never recipients outside.
func (p *splitter) keep(s string, line int) Entry {
	e := Entry{Class: Keep, Name: "Lưu", Raw: s, Line: line}
	rest := strings.TrimSpace(trimEnd(s))
	n := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
	if n < 0 {
		return e
	}
	rest = strings.TrimLeft(rest[n:], " :.-")
	rest, e.Purpose, e.Copies = cutPurpose(rest)
	for _, unit := range splitOutside(reUnitDot().ReplaceAllString(rest, "$1, $2"), ",") {
		name, purpose, copies := cutPurpose(trimEnd(unit))
		if p.blank(name) || name == "" {
			continue
		}
		e.Subs = append(e.Subs, Entry{Class: Keep, Name: name, Purpose: purpose, Copies: copies, Raw: unit, Line: line})
	}
	return e
}

var (
	rePurpose = pattern(`^(.*?)\s*\(([^()]{1,80})\)\s*$`)
	reBare    = pattern(`^(.*\S)\s+((?i:để)\s+(?i:b/c|báo cáo|biết|p/h|ph/h|phối hợp|t/h|thực hiện|đăng tải|kiểm tra|theo dõi|chỉ đạo))$`)
	reUnitDot = pattern(`([\p{Lu}\d]{2,})\.\s?(\p{Lu})`) // "VT.VP4"
	reCopies  = pattern(`^0?(\d{1,3})\s*(?:b|ban|bo)?\.?$`)
)

// purposes are the usual words and abbreviations (D 2.6 rule 4), folded and without "để".
var purposes = map[string]string{
	"bc": "báo cáo", "b/c": "báo cáo", "bao cao": "báo cáo", "b.c": "báo cáo",
	"biet": "biết", "b": "biết", "ph/h": "phối hợp", "p/h": "phối hợp", "phoi hop": "phối hợp", "ph": "phối hợp",
	"t/h": "thực hiện", "th": "thực hiện", "thuc hien": "thực hiện", "thi hanh": "thực hiện",
	"dang tai": "đăng tải", "d/t": "đăng tải", "dang cong bao": "đăng tải", "dang tin": "đăng tải", "cong bo": "đăng tải",
	"kiem tra": "kiểm tra", "k/t": "kiểm tra", "kt": "kiểm tra", "theo doi": "theo dõi", "t/d": "theo dõi",
	"chi dao": "chỉ đạo", "c/d": "chỉ đạo", "xem xet": "xem xét", "tham muu": "tham mưu", "tong hop": "tổng hợp",
	"giam sat": "giám sát", "don doc": "đôn đốc",
}

// cutPurpose takes "(để b/c)", "(03b)" from the end of an entry; other parentheses are part of the name.
func cutPurpose(s string) (name, purpose string, copies int) {
	name = strings.TrimSpace(s)
	for {
		m := rePurpose().FindStringSubmatch(name)
		if m == nil || m[1] == "" && purpose != "" {
			break
		}
		pur, n, ok := readPurpose(m[2])
		if !ok {
			break
		}
		if pur != "" {
			purpose = joinPurpose(pur, purpose)
		}
		if n > 0 {
			copies = n
		}
		name = m[1]
		if name == "" {
			break
		}
	}
	if m := reBare().FindStringSubmatch(name); m != nil {
		if pur, _, ok := readPurpose(m[2]); ok {
			name, purpose = m[1], joinPurpose(pur, purpose)
		}
	}
	return trimEnd(name), purpose, copies
}

func joinPurpose(a, b string) string {
	switch {
	case a == "" || a == b:
		return b
	case b == "":
		return a
	}
	return a + ", " + b
}

// readPurpose reads what stands in parentheses: purposes and a number of copies.
func readPurpose(s string) (purpose string, copies int, ok bool) {
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == ',' }) {
		part = strings.TrimSpace(part)
		f := strings.TrimRight(viet.Fold(strings.Join(strings.Fields(part), " ")), ".")
		if m := reCopies().FindStringSubmatch(f); m != nil {
			copies = number(m[1])
			ok = true
			continue
		}
		plain, to := strings.CutPrefix(f, "de ")
		plain = strings.ReplaceAll(plain, " /", "/")
		word, known := purposes[plain]
		switch {
		case known:
			purpose = joinPurpose(purpose, word)
		case to:
			purpose = joinPurpose(purpose, strings.TrimSpace(part[strings.IndexByte(part, ' ')+1:]))
		default:
			return "", 0, false
		}
		ok = true
	}
	return purpose, copies, ok
}

// clause reads one piece between semicolons.
func (p *splitter) clause(s string) []Entry {
	name, purpose, copies := cutPurpose(s)
	one := func(e Entry) []Entry {
		e.Purpose, e.Copies = purpose, copies
		return []Entry{e}
	}
	if reference(name) != "" {
		return one(Entry{Class: Reference, Name: name})
	}
	if p.known(name) {
		return one(p.classed(name))
	}
	var out []Entry
	if head, list, ok := strings.Cut(name, ":"); ok && !startsPerson(head) && strings.TrimSpace(list) != "" && strings.ContainsFunc(head, unicode.IsLetter) {
		out = p.headed(strings.TrimSpace(head), strings.TrimSpace(list))
	} else {
		out = p.list(name)
	}
	for i := range out {
		out[i].Purpose = joinPurpose(out[i].Purpose, "")
		if out[i].Purpose == "" {
			out[i].Purpose = purpose
		}
		if out[i].Copies == 0 {
			out[i].Copies = copies
		}
	}
	return out
}

// known asks the directory, and the agencies that every office knows, whether s is one name (D 2.6 rule 5).
func (p *splitter) known(s string) bool {
	if _, ok := commonAgency(s); ok {
		return true
	}
	return p.dir != nil && p.dir.Knows(s)
}

// headed reads "Các Sở: KH&ĐT, TC" (each gets the head before it) and "VPCP: BTCN, các PCN" (parts of the head).
func (p *splitter) headed(head, list string) []Entry {
	if address(head) { // "Các ông (bà): …"
		return p.list(list)
	}
	if prefix, ok := listPrefix(head); ok {
		var out []Entry
		for _, name := range p.glue(splitOutside(list, ","), prefix) {
			name, purpose, copies := cutPurpose(name)
			if p.blank(name) {
				continue
			}
			e := p.classed(prefixed(prefix, name))
			e.Purpose, e.Copies = purpose, copies
			out = append(out, e)
		}
		return out
	}
	e := p.classed(head)
	sub := splitter{dir: p.dir, flat: true}
	e.Subs = sub.list(list)
	p.draft = p.draft || sub.draft
	for i := range e.Subs {
		if e.Subs[i].Class == Unclear { // within an agency even an unknown abbreviation is one of its units
			e.Subs[i].Class = Agency
		}
	}
	return []Entry{e}
}

// address reports words that only address people.
func address(head string) bool {
	switch strings.Join(strings.FieldsFunc(viet.Fold(head), notLetter), " ") {
	case "cac ong ba", "cac ong", "ong ba", "cac dong chi", "dong chi", "cac co quan don vi", "cac don vi", "gom":
		return true
	}
	return false
}

// listPrefix makes of a plural head what each item gets: "Các Sở" → "Sở", "UBND các huyện" → "UBND huyện". A head of
// several kinds ("UBND các huyện, thành phố") gives only what they share.
func listPrefix(head string) (string, bool) {
	words := strings.Fields(head)
	if len(words) == 1 && len(wordFold(words[0])) > 0 {
		switch wordFold(words[0]) {
		case "so", "bo", "ubnd", "huyen", "phong", "ban", "thuong", "truong":
			return words[0], true
		}
		return "", false
	}
	folded := viet.Fold(head)
	if folded == "thuong truc" || folded == "so" {
		return head, true
	}
	for i, w := range words {
		if wordFold(w) != "cac" {
			continue
		}
		before, after := words[:i], words[i+1:]
		if len(after) == 0 {
			return "", false
		}
		if strings.ContainsAny(strings.Join(after, " "), ",") || strings.Contains(" "+viet.Fold(strings.Join(after, " "))+" ", " va ") {
			return strings.Join(before, " "), len(before) > 0
		}
		return strings.Join(append(append([]string{}, before...), after...), " "), true
	}
	return "", false
}

func wordFold(w string) string { return strings.Trim(viet.Fold(w), ".,:;()\"") }

// prefixed puts prefix before name unless name has it already, or another kind of place where the prefix ends in one.
func prefixed(prefix, name string) string {
	if prefix == "" || strings.HasPrefix(viet.Fold(name), viet.Fold(prefix)+" ") {
		return name
	}
	words := strings.Fields(prefix)
	last := wordFold(words[len(words)-1])
	if first := wordFold(strings.Fields(name)[0]); placeKinds[last] && placeKinds[first] && len(strings.Fields(name)) > 1 {
		words = words[:len(words)-1]
	}
	return strings.TrimSpace(strings.Join(words, " ") + " " + name)
}

var placeKinds = wordsOf("huyen;xa;phuong;quan;thi;tx;tp;thanh;tx.;tp.")

package letter

import (
	"strings"

	"hopthu/mail"
)

// ParseAddressList reads an address list as people and programs write it (RFC 5322 3.4, RFC 6532): groups, comments,
// source routes, semicolons, UTF-8 local parts. One bad entry never loses the others: it is in bad, as written.
func ParseAddressList(s string) (list []mail.Address, bad []string) {
	return addrParser{name: decodeName}.parse(string(unfold([]byte(s))))
}

const maxName = 1000 // octets of a name that is put together of several entries

// addrParser says how a list is read. joinNames lets an entry without address go to the name of the next one, as in
// the unquoted "Nguyễn, Văn A <a@b>": right for a received field only, for in a field that is being written it would
// silently drop a recipient. groups puts an entry with nothing but Group where a group begins, and an empty one where
// it ends.
type addrParser struct {
	name      func(string) string // decodes a display name
	joinNames bool
	groups    bool
}

func (p addrParser) parse(s string) (list []mail.Address, bad []string) {
	held, group, inGroup := "", "", false
	var open pairs
	drop := func() {
		if held != "" {
			bad = append(bad, p.name(held))
			held = ""
		}
	}
	end := func() {
		if inGroup && p.groups {
			list = append(list, mail.Address{})
		}
		group, inGroup = "", false
	}
	for s != "" && len(list) < maxAddresses {
		entry, sep, rest := open.cutEntry(s)
		s = rest
		if sep == ':' {
			drop()
			end()
			group, inGroup = p.name(unquotePhrase(entry)), true
			if p.groups {
				list = append(list, mail.Address{Group: group})
			}
			continue
		}
		if trimmed := strings.TrimSpace(entry); trimmed != "" {
			found := p.entry(trimmed)
			switch {
			case len(found) == 0 && p.joinNames && sep == ',' && !strings.ContainsAny(trimmed, "@<>"):
				if len(held) > maxName {
					drop()
				}
				if held != "" {
					held += ", "
				}
				held += trimmed
			case len(found) == 0:
				drop()
				bad = append(bad, p.name(trimmed))
			default:
				if held != "" && len(found) == 1 && strings.Contains(trimmed, "<") && found[0].Name != "" {
					found = p.entry(strings.ReplaceAll(held, `"`, "") + ", " + trimmed)
					held = ""
				}
				drop()
				for _, a := range found {
					a.Group = group
					list = append(list, a)
				}
			}
		}
		if sep == ';' {
			drop()
			end()
		}
	}
	drop()
	end()
	if s = strings.TrimSpace(s); s != "" { // beyond the limit
		bad = append(bad, p.name(s))
	}
	return list, bad
}

// cutEntry cuts s at the first separator outside quotes, comments and angle brackets: ',' ';' a line end, or ':'
// after a group's name. sep is 0 at the end.
func (p *pairs) cutEntry(s string) (entry string, sep byte, rest string) {
	angle, at := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '"', '(':
			if end := p.end(s, i); end > 0 {
				i = end
			}
		case '<':
			at = true
			if angle = p.open <= maxOpen && strings.IndexByte(s[i:], '>') > 0; !angle {
				p.open++
			}
		case '>':
			angle = false
		case '@':
			at = true
		case ',', ';', '\n', '\r':
			if !angle {
				if c < ' ' {
					c = ','
				}
				return s[:i], c, s[i+1:]
			}
		case ':':
			if !at && !angle && !strings.EqualFold(strings.TrimSpace(s[:i]), "mailto") {
				return s[:i], ':', s[i+1:]
			}
		}
	}
	return s, 0, ""
}

// pairs skips quoted strings and comments. After some that are never closed it takes further ones as plain text, so
// that a field of a hundred thousand open brackets is read in one pass.
type pairs struct{ open int }

const maxOpen = 16

// end gives the end of the quoted string or comment that begins at i; -1 if none begins there or it is never closed.
func (p *pairs) end(s string, i int) int {
	if p.open > maxOpen {
		return -1
	}
	var end int
	switch s[i] {
	case '"':
		end = quoteEnd(s, i)
	case '(':
		end = commentEnd(s, i)
	default:
		return -1
	}
	if end < 0 {
		p.open++
	}
	return end
}

// quoteEnd finds the closing quote of the string that begins at i; -1 if it is never closed.
func quoteEnd(s string, i int) int {
	for j := i + 1; j < len(s); j++ {
		switch s[j] {
		case '\\':
			j++
		case '"':
			return j
		}
	}
	return -1
}

// commentEnd finds the end of the comment that begins at i (RFC 5322 3.2.2, nested); -1 if it is never closed.
func commentEnd(s string, i int) int {
	depth := 0
	for j := i; j < len(s); j++ {
		switch s[j] {
		case '\\':
			j++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return j
			}
		}
	}
	return -1
}

// cutComments takes the comments out of s, outside quotes, and gives the last one's text.
func cutComments(s string) (rest, comment string) {
	if strings.IndexByte(s, '(') < 0 {
		return s, ""
	}
	var b strings.Builder
	var open pairs
	for i := 0; i < len(s); i++ {
		switch end := open.end(s, i); {
		case end < 0:
			b.WriteByte(s[i])
		case s[i] == '"':
			b.WriteString(s[i : end+1])
			i = end
		default:
			comment = s[i+1 : end]
			b.WriteByte(' ')
			i = end
		}
	}
	return strings.TrimSpace(b.String()), comment
}

// parseEntry reads one entry; usually one address, none if there is no address in it.
func (p addrParser) entry(s string) []mail.Address {
	if open := outerAngle(s); open >= 0 {
		return p.angle(s, open)
	}
	rest, comment := cutComments(s)
	if !strings.Contains(rest, "@") {
		return nil
	}
	var words []string
	var list []mail.Address
	for _, w := range fieldsQuoted(closeUp(rest)) {
		if addr, ok := cleanAddr(strings.TrimPrefix(w, "mailto:")); ok {
			list = append(list, mail.Address{Addr: addr})
		} else {
			words = append(words, w)
		}
	}
	switch name := p.name(unquotePhrase(strings.Join(words, " "))); {
	case len(list) == 1 && name != "":
		list[0].Name = name
	case len(list) == 1:
		list[0].Name = p.name(unescape(comment))
	case len(words) > 0: // several addresses and words between them: nobody knows what was meant
		return nil
	}
	return list
}

// outerAngle finds the '<' that opens the address: the last one outside quotes and comments.
func outerAngle(s string) int {
	last := -1
	var open pairs
	for i := 0; i < len(s); i++ {
		if s[i] == '<' {
			last = i
		} else if end := open.end(s, i); end > 0 {
			i = end
		}
	}
	return last
}

func (p addrParser) angle(s string, open int) []mail.Address {
	inner, after := s[open+1:], ""
	if end := strings.IndexByte(inner, '>'); end >= 0 {
		inner, after = inner[:end], inner[end+1:]
	}
	inner, _ = cutComments(inner)
	if strings.HasPrefix(inner, "@") { // source route (RFC 5322 4.4)
		if i := strings.LastIndexByte(inner, ':'); i >= 0 {
			inner = inner[i+1:]
		}
	}
	addr, ok := cleanAddr(strings.TrimPrefix(closeUp(strings.TrimSpace(inner)), "mailto:"))
	if !ok {
		return nil
	}
	phrase, comment := cutComments(strings.ReplaceAll(s[:open], "<", " "))
	tail, tailComment := cutComments(strings.Trim(after, "> \t"))
	name := p.name(unquotePhrase(strings.TrimSpace(phrase + " " + tail)))
	for _, c := range []string{comment, tailComment} {
		if name == "" {
			name = p.name(unescape(c))
		}
	}
	return []mail.Address{{Name: name, Addr: addr}}
}

// closeUp takes blanks away around '@' (RFC 5322 4.4, obsolete syntax).
func closeUp(s string) string {
	if !strings.ContainsAny(s, " \t") {
		return s
	}
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return s
	}
	return strings.TrimRight(s[:at], " \t") + "@" + strings.TrimLeft(s[at+1:], " \t")
}

// fieldsQuoted is strings.Fields that keeps quoted strings whole.
func fieldsQuoted(s string) []string {
	var out []string
	var open pairs
	start := -1
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ' ', '\t', '\r', '\n':
			if start >= 0 {
				out = append(out, s[start:i])
				start = -1
			}
			continue
		case '"':
			if start < 0 {
				start = i
			}
			if end := open.end(s, i); end > 0 {
				i = end
			}
		}
		if start < 0 {
			start = i
		}
	}
	if start >= 0 {
		out = append(out, s[start:])
	}
	return out
}

// unquotePhrase takes the quotes of a phrase away and joins its words with one blank.
func unquotePhrase(s string) string {
	words := fieldsQuoted(s)
	for i, w := range words {
		var b strings.Builder
		var open pairs
		for j := 0; j < len(w); j++ {
			if w[j] == '"' {
				if end := open.end(w, j); end > 0 {
					b.WriteString(unescape(w[j+1 : end]))
					j = end
					continue
				}
			}
			b.WriteByte(w[j])
		}
		words[i] = b.String()
	}
	s = strings.TrimSpace(strings.Join(words, " "))
	if len(s) > 2 && s[0] == '\'' && s[len(s)-1] == '\'' {
		s = strings.TrimSpace(s[1 : len(s)-1])
	}
	return s
}

// unescape takes the backslashes of quoted pairs away.
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func decodeName(s string) string {
	text, _ := decodeWords([]byte(s))
	return strings.TrimSpace(text)
}

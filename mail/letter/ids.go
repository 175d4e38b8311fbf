package letter

import "strings"

// parseIDs reads a list of message ids (RFC 5322 3.6.4) and steps over whatever else stands between them.
func parseIDs(s string) []string {
	var out []string
	rest := s
	for len(out) < maxIDs {
		i := strings.IndexByte(rest, '<')
		if i < 0 {
			break
		}
		rest = rest[i+1:]
		end := strings.IndexAny(rest, "<>")
		if end < 0 {
			break
		}
		if rest[end] == '>' {
			if id := cleanID(rest[:end]); id != "" {
				out = append(out, id)
			}
			rest = rest[end+1:]
		} else {
			rest = rest[end:]
		}
	}
	if len(out) > 0 || strings.ContainsAny(s, "<>") {
		return out
	}
	for _, w := range strings.Fields(s) { // without brackets, but alone
		if len(out) < maxIDs && strings.Contains(w, "@") {
			if id := cleanID(strings.Trim(w, `,;"`)); id != "" {
				out = append(out, id)
			}
		}
	}
	return out
}

// cleanID takes blanks out of an id and refuses what cannot be one.
func cleanID(s string) string {
	s = strings.Join(strings.Fields(s), "")
	if len(s) > 998 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return ""
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

package imapd

import (
	"slices"
	"strconv"
	"strings"

	"hopthu/mail/letter"
	"hopthu/mail/server/internal/box"
)

// errUnknownCTE is the answer to a BINARY item of which the encoding is not known (RFC 3516 4.3).
var errUnknownCTE = no("UNKNOWN-CTE", "A part is encoded in a way that is not known")

// decodable leaves out the letters of which a BINARY item asks for a part that nobody can decode: for those the request
// fails, and they are not marked as read. Such letters are rare and few clients ask, so each is read for it once more.
func (c *session) decodable(rows []box.Row, items []item) (_ []box.Row, refused, err error) {
	asked := slices.DeleteFunc(slices.Clone(items), func(it item) bool { return it.what != itemBinary && it.what != itemBinarySize })
	if len(asked) == 0 {
		return rows, nil, nil
	}
	out := make([]box.Row, 0, len(rows))
	for _, r := range rows {
		raw, err := c.readAll(r)
		if err != nil {
			return nil, nil, c.fault("fetch", err, "")
		}
		s := letter.ReadStructure(raw)
		if slices.ContainsFunc(asked, func(it item) bool { return strange(partOf(s, it.path)) }) {
			refused = errUnknownCTE
			continue
		}
		out = append(out, r)
	}
	return out, refused, nil
}

// strange reports a leaf whose encoding is none of RFC 2045 6.1, nor one of their common misspellings.
func strange(s *letter.Structure) bool {
	if s == nil || len(s.Parts) > 0 {
		return false
	}
	switch strings.NewReplacer("-", "", " ", "").Replace(s.Encoding) {
	case "7bit", "8bit", "7bits", "8bits", "binary", "none", "base64", "quotedprintable":
		return false
	}
	return true
}

// partOf finds a part by its number (RFC 9051 6.4.5.1); nil when there is none, or it is the letter itself.
func partOf(s *letter.Structure, path string) *letter.Structure {
	if path == "" {
		return nil
	}
	for first, n := range strings.Split(path, ".") {
		i, err := strconv.Atoi(n)
		if err != nil {
			return nil
		}
		switch {
		case s.Message != nil && first > 0:
			if s = s.Message; len(s.Parts) == 0 {
				if i != 1 {
					return nil
				}
				continue
			}
		case len(s.Parts) == 0:
			if i != 1 || first > 0 {
				return nil
			}
			continue
		}
		if i > len(s.Parts) {
			return nil
		}
		s = s.Parts[i-1]
	}
	return s
}

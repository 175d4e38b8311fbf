package box

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// CleanName makes the stored form of a mailbox name: NFC, INBOX in capitals, one trailing delimiter dropped (RFC 9051
// 6.3.4). Kind Refused: a name that cannot be; Detail says why.
func CleanName(name string) (string, error) {
	bad := func(why string) (string, error) {
		return "", &mail.Fault{Kind: mail.Refused, Op: "mailbox name", Detail: why}
	}
	if !utf8.ValidString(name) {
		return bad("not UTF-8")
	}
	name = strings.TrimSuffix(viet.NFC(name), string(Delim))
	levels := strings.Split(name, string(Delim))
	switch {
	case len(name) > MaxName:
		return bad("too long")
	case len(levels) > MaxDepth:
		return bad("too many levels")
	}
	for _, level := range levels {
		if strings.TrimSpace(level) == "" {
			return bad("an empty level")
		}
		if strings.ContainsFunc(level, forbidden) {
			return bad("a forbidden character")
		}
	}
	if strings.EqualFold(levels[0], Inbox) {
		levels[0] = Inbox
	}
	return strings.Join(levels, string(Delim)), nil
}

// forbidden: controls and line separators would break listings, wildcards would make LIST lie (RFC 9051 5.1), and
// marks that turn the writing direction make one name look like another.
func forbidden(r rune) bool {
	return r == '*' || r == '%' || unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) ||
		unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError
}

// above gives the names of the levels above name, outermost first.
func above(name string) (list []string) {
	for i, r := range name {
		if r == Delim {
			list = append(list, name[:i])
		}
	}
	return list
}

func below(name, top string) bool { return strings.HasPrefix(name, top+string(Delim)) }

// cleanKeywords checks keywords as IMAP atoms (RFC 9051 9), splits off those that mail.Flags knows, and gives the
// others sorted, each once.
func cleanKeywords(names []string) (mail.Flags, []string, error) {
	known, other := mail.ParseFlags(names)
	for _, k := range other {
		if len(k) > MaxKeyword || strings.ContainsFunc(k, notAtom) {
			return 0, nil, &mail.Fault{Kind: mail.Refused, Op: "keyword", Detail: "not a keyword"}
		}
	}
	return known, mergeKeywords(nil, other), nil
}

func notAtom(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`(){%*"\]`, r) }

// FitKeywords leaves out keywords that cannot be kept here, and tells how many.
func FitKeywords(names []string) (fit []string, dropped int) {
	for _, k := range names {
		if _, _, err := cleanKeywords([]string{k}); err == nil && len(fit) < MaxKeywords {
			fit = append(fit, k)
		}
	}
	return fit, len(names) - len(fit)
}

package viet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is what stands between the last space and the word being typed: as it is shown, and as it must stand if it turns
// out to be the beginning of an address.
type token struct{ shown, keys string }

// mostToken is how much of a token is remembered, in bytes. Of a longer one only the end is known, as it stands.
const mostToken = 256

func (t *token) add(shown, keys string) {
	t.shown, t.keys = t.shown+shown, t.keys+keys
	if len(t.keys) > mostToken {
		t.keys = strings.ToValidUTF8(t.keys[len(t.keys)-16:], "")
		t.shown = t.keys
	}
}

// leave lets a word be as it is: r comes behind it, and so do the letters that follow.
func (e *Engine) leave(r rune) (int, string) {
	e.token.add(e.shown+string(r), e.shown+string(r))
	if unicode.IsMark(r) { // it may join the letter before it: nothing before the cursor can be counted any more
		e.token = token{}
	}
	e.raw, e.shown, e.plain, e.escape, e.last, e.lost = e.raw[:0], "", true, false, finished{}, false
	return 0, string(r)
}

// closes ends what was left alone, where an address in a list or in brackets ends.
func (e *Engine) closes(r rune) bool {
	if strings.ContainsRune(`<>"`, r) || e.verb == address && (r == ',' || r == ';') {
		e.verb, e.plain, e.token = composing, false, token{}
		return true
	}
	return false
}

// opens reports whether a token that now ends in r, keys as typed, is one to leave alone.
func opens(keys string, r rune) verbatim {
	keys = strings.ToLower(keys)
	for _, end := range []string{"http:", "https:", "www.", "mailto:"} {
		if strings.HasSuffix(keys, end) {
			return link
		}
	}
	switch {
	case keys == "#":
		return link
	case r == '@':
		return address
	}
	return composing
}

// sign takes a character that ends the word but not the token. An at sign turns the whole token back into its keys:
// what was typed as "nguyens.kh" is no name.
func (e *Engine) sign(r rune) (int, string) {
	raw, word, head := string(e.raw), e.shown, e.token
	verb := opens(head.keys+raw+string(r), r)
	e.plain, e.lost = false, false
	if verb != composing {
		e.raw, e.shown, e.verb, e.token = e.raw[:0], "", verb, token{}
		was, keys := head.shown+word, head.keys+inAddress(raw, word)
		if verb == link {
			was, keys = word, raw
		}
		e.last = finished{now: keys, other: was}
		back, text := diff(was, keys)
		return e.end(back, text, r)
	}
	back, text := e.boundary()
	stands := word
	if back > 0 || text != "" {
		stands = raw
	}
	e.token.add(stands+string(r), inAddress(raw, word)+string(r))
	if strings.ContainsRune(`<>",;`, r) { // an address may begin behind it
		e.token = token{}
	}
	return e.end(back, text, r)
}

// inAddress is how a word stands in an address: as its keys, but for the đ of an abbreviation ("kh&đt", typed "kh&ddt").
func inAddress(raw, shown string) string {
	if strings.ToLower(shown) == shown && abbreviates(shown) {
		return shown
	}
	return raw
}

// Lost reports that the engine does not know what stands before the cursor: after a move, or when more was deleted than
// was typed. Resume tells it.
func (e *Engine) Lost() bool { return e.lost }

// Resume tells a lost engine what stands right before and behind the cursor. It goes on with the word there if its keys
// can be told from it, and leaves alone words that cannot, addresses, URLs and tags.
func (e *Engine) Resume(before, after string) {
	e.Reset()
	e.lost = false
	tok := before[strings.LastIndexFunc(before, unicode.IsSpace)+1:]
	if i := strings.IndexFunc(after, unicode.IsSpace); i >= 0 {
		after = after[:i]
	}
	if e.verb = within(tok, after); e.verb != composing {
		return
	}
	if i := strings.LastIndexAny(tok, `<>",;`); i >= 0 {
		tok = tok[i+1:]
	}
	at := strings.LastIndexFunc(tok, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) })
	if at >= 0 {
		_, n := utf8.DecodeRuneInString(tok[at:])
		at += n
	} else {
		at = 0
	}
	head, word := tok[:at], tok[at:]
	e.token.add(head, head)
	if word == "" {
		return
	}
	if strings.ContainsFunc(word, func(r rune) bool { return r >= 0x80 || !asciiLetter(byte(r)) }) || len(word) > maxKeys {
		e.token.add(word, word)
		e.plain = true
		return
	}
	for _, r := range word {
		if back, _ := e.compose(r); back > 0 {
			break
		}
	}
	if e.shown != word {
		e.raw, e.shown, e.plain = e.raw[:0], "", true
		e.token.add(word, word)
	}
}

// within tells from a token, parted by the cursor, whether keys are left alone in it.
func within(before, after string) verbatim {
	low := strings.ToLower(before)
	for _, mark := range []string{"http:", "https:", "www.", "mailto:"} {
		if strings.Contains(low, mark) {
			return link
		}
	}
	if strings.HasPrefix(low, "#") {
		return link
	}
	if i := strings.LastIndexAny(before, `<>",;`); i >= 0 {
		before = before[i+1:]
	}
	if i := strings.IndexAny(after, `<>",;`); i >= 0 {
		after = after[:i]
	}
	if strings.Contains(before, "@") || strings.Contains(after, "@") {
		return address
	}
	return composing
}

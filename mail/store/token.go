package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/fts5"

	"hopthu/mail/viet"
)

// registerTokenizer makes full-text search and our tokenizer known to a connection.
func registerTokenizer(db *sqlite3.Conn) error {
	return fts5.RegisterCustom(db, func(a *fts5.API) error {
		return a.CreateTokenizer("hopthu", func([]string) (fts5.Tokenizer, error) { return tokenizer{}, nil })
	})
}

// tokenizer gives two tokens for each word at the same place: the folded one, and the exact one where the word has
// marks. So 'hop thu' finds "hộp thư" and "hộp thư" finds only itself. In a query a marked word asks for its exact
// token alone, and every word for its other spellings as well: hoà finds hòa, and quy finds qui.
type tokenizer struct{}

// maxToken cuts what cannot be a word: base64 or a line of underscores.
const maxToken = 64

func (tokenizer) Tokenize(flags fts5.TokenizeFlag, text, _ string, emit fts5.TokenCallback) error {
	query := flags&fts5.TOKENIZE_QUERY != 0
	return eachWord(text, func(word string, start, end int) error {
		exact, folded := forms(word)
		if !query {
			if err := emit(0, folded, start, end); err != nil || exact == folded {
				return err
			}
			return emit(fts5.TOKEN_COLOCATED, exact, start, end)
		}
		if err := emit(0, exact, start, end); err != nil {
			return err
		}
		for _, s := range viet.Spellings(exact) {
			if exact == folded && end == len(text) && !strings.HasPrefix(s, "qu") {
				continue // perhaps not finished: "ky" would find whatever begins with "ki"
			}
			if err := emit(fts5.TOKEN_COLOCATED, s, start, end); err != nil {
				return err
			}
		}
		return nil
	})
}

// forms gives the exact token (NFC, lower case) and the folded one.
func forms(word string) (exact, folded string) {
	ascii := true
	for i := 0; i < len(word); i++ {
		if word[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		s := strings.ToLower(word)
		return s, s
	}
	exact, folded = strings.ToLower(viet.NFC(unseen.Replace(word))), viet.Fold(word)
	if !viet.IsMarked(word) {
		exact = folded
	}
	return exact, folded
}

// unseen is what Fold drops as well: a soft hyphen or a zero-width space does not part a word.
var unseen = strings.NewReplacer("\u00ad", "", "\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\ufeff", "")

// eachWord cuts text into words: runs of letters, digits and the marks that belong to them.
func eachWord(text string, f func(word string, start, end int) error) error {
	start := -1
	for i, r := range text {
		if isWord(r, start >= 0) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			if err := f(cut(text[start:i]), start, i); err != nil {
				return err
			}
			start = -1
		}
	}
	if start >= 0 {
		return f(cut(text[start:]), start, len(text))
	}
	return nil
}

func isWord(r rune, inside bool) bool {
	switch {
	case r < utf8.RuneSelf:
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	case r == utf8.RuneError:
		return false
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || inside && (unicode.IsMark(r) || unicode.Is(unicode.Cf, r) && unseen.Replace(string(r)) == "")
}

func cut(word string) string {
	if len(word) <= maxToken {
		return word
	}
	i := maxToken
	for i > 0 && !utf8.RuneStart(word[i]) {
		i--
	}
	return word[:i]
}

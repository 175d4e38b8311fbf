package words

import (
	"fmt"
	"strings"
)

// Say fills the blanks of a sentence in which a number decides on words: "%d {file|files}" takes the first form after a
// one, the second after any other number. Texts that fill blanks are never looked into. Languages that do not change
// their nouns have no braces.
func Say(format string, args ...any) string {
	return fmt.Sprintf(choose(format, args), args...)
}

// choose settles the braces of a format by the number that fills the blank before them.
func choose(format string, args []any) string {
	if !strings.ContainsRune(format, '{') {
		return format
	}
	var b strings.Builder
	one, next := false, 0
	for i := 0; i < len(format); i++ {
		switch format[i] {
		case '%':
			end := i + 1
			for end < len(format)-1 && strings.IndexByte("+-# 0123456789.", format[end]) >= 0 {
				end++
			}
			if end < len(format) && format[end] != '%' && next < len(args) {
				one = single(args[next], one)
				next++
			}
			end = min(end, len(format)-1)
			b.WriteString(format[i : end+1])
			i = end
		case '{':
			forms, _, _ := strings.Cut(format[i+1:], "}")
			first, second, _ := strings.Cut(forms, "|")
			if one {
				second = first
			}
			b.WriteString(second)
			i += len(forms) + 1
		default:
			b.WriteByte(format[i])
		}
	}
	return b.String()
}

// single reports whether a is a one; what is no number leaves it as it was.
func single(a any, before bool) bool {
	switch n := a.(type) {
	case int:
		return n == 1
	case int64:
		return n == 1
	case string: // as Words.Count writes it
		if n != "" && strings.Trim(n, "0123456789.,") == "" {
			return n == "1"
		}
	}
	return before
}

package kit

import (
	"cmp"
	"slices"
	"strings"
)

// mark finds the first place of a phrase in lines that were set from one paragraph, wherever its words were parted into
// lines, and notes it there. A phrase that is not there marks nothing.
func mark(lines []line, phrase string) {
	want := strings.Fields(phrase)
	if len(want) == 0 {
		return
	}
	joined, starts := join(lines)
	at := find(joined, want)
	if at[1] == 0 {
		return
	}
	for i := range lines {
		from, to := at[0]-starts[i], at[1]-starts[i]
		n := len(lines[i].text)
		if to <= 0 || from >= n {
			continue
		}
		from = max(from, 0)
		from += len(lines[i].text[from:]) - len(strings.TrimLeft(lines[i].text[from:], " ")) // not the indent
		if to = min(to, n); from < to {
			lines[i].match = append(lines[i].match, [2]int{from, to})
			slices.SortFunc(lines[i].match, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
		}
	}
}

// join puts lines together with one space between, and says where each begins.
func join(lines []line) (string, []int) {
	var b strings.Builder
	starts := make([]int, len(lines))
	for i, l := range lines {
		if i > 0 {
			b.WriteByte(' ')
		}
		starts[i] = b.Len()
		b.WriteString(l.text)
	}
	return b.String(), starts
}

// find is the place of words in s, any spaces between them; {0, 0} if they are not there.
func find(s string, words []string) [2]int {
	for at := 0; ; {
		i := strings.Index(s[at:], words[0])
		if i < 0 {
			return [2]int{}
		}
		end, ok := at+i+len(words[0]), true
		for _, w := range words[1:] {
			rest := strings.TrimLeft(s[end:], " ")
			if len(rest) == len(s[end:]) || !strings.HasPrefix(rest, w) {
				ok = false
				break
			}
			end = len(s) - len(rest) + len(w)
		}
		if ok {
			return [2]int{at + i, end}
		}
		at += i + len(words[0])
	}
}

// Phrase is the place of a phrase in one line, whatever spaces part its words; 0, 0 if it is not there.
func Phrase(s, phrase string) (from, to int) {
	words := strings.Fields(phrase)
	if len(words) == 0 {
		return 0, 0
	}
	at := find(s, words)
	return at[0], at[1]
}

package rule

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hopthu/mail/viet"
)

// MinPassword is the shortest password in characters, after NFC (QC 13.1, G28).
const MinPassword = 12

// PasswordInput is a password to be set. Old is "" when there is none to compare with.
type PasswordInput struct{ Login, Name, Old, New string }

// JudgePassword tells which rules a new password breaks ("short", "name", "old", "common"; nil if none) and how strong
// it is, from 0 to 4, by a rough estimate of the guesses it takes. It compares in NFC, without case and marks, so that
// neither "HùngTV…" nor an old password with another ending passes. It keeps and logs nothing.
func JudgePassword(p PasswordInput) (broken []string, strength int) {
	fresh := viet.NFC(p.New)
	folded := viet.Fold(fresh)
	if utf8.RuneCountInString(fresh) < MinPassword {
		broken = append(broken, "short")
	}
	if holdsName(folded, p.Login, p.Name) {
		broken = append(broken, "name")
	}
	if p.Old != "" && likeOld(folded, viet.Fold(viet.NFC(p.Old))) {
		broken = append(broken, "old")
	}
	bits := guessBits(fresh)
	if bits < 30 && !isOnly(broken, "short") || isCommon(folded) {
		broken = append(broken, "common")
	}
	for _, limit := range []float64{20, 33, 43, 53} {
		if bits >= limit {
			strength++
		}
	}
	if len(broken) > 0 {
		strength = min(strength, 1)
	}
	return broken, strength
}

// isOnly: a short password is weak because it is short; nobody learns more from hearing that it is common too.
func isOnly(list []string, s string) bool { return len(list) > 0 && list[0] == s }

func plainWords(s string) []string {
	return strings.FieldsFunc(viet.Fold(viet.NFC(s)), func(r rune) bool { return !unicode.IsLetter(r) })
}

// holdsName finds the parts of the login and of the person's name: four letters anywhere, three only as a word, since
// "van" and "anh" are part of many others; also the whole name run together.
func holdsName(folded, login, name string) bool {
	local, _, _ := strings.Cut(login, "@")
	words := append(plainWords(local), plainWords(name)...)
	if full := strings.Join(plainWords(name), ""); full != "" {
		words = append(words, full)
	}
	in := " " + strings.Join(plainWords(folded), " ") + " "
	squeezed := squeeze(folded)
	for _, w := range words {
		switch n := utf8.RuneCountInString(w); {
		case n >= 4 && strings.Contains(squeezed, w), n == 3 && strings.Contains(in, " "+w+" "):
			return true
		}
	}
	return false
}

// squeeze keeps letters and digits.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// likeOld: the same, or the same but for digits and signs at the ends, or one within the other.
func likeOld(fresh, old string) bool {
	if fresh == old {
		return true
	}
	notLetter := func(r rune) bool { return !unicode.IsLetter(r) }
	a, b := strings.TrimFunc(fresh, notLetter), strings.TrimFunc(old, notLetter)
	if len(a) >= 4 && a == b {
		return true
	}
	return len(old) >= 8 && strings.Contains(fresh, old) || len(fresh) >= 8 && strings.Contains(old, fresh)
}

var commonWords = sync.OnceValues(loadCommon)

type commonList struct {
	rank    map[string]int // 1 is the first on the list
	longest int
}

func loadCommon() (commonList, error) {
	b, err := data.ReadFile("data/common-passwords.txt")
	if err != nil {
		return commonList{}, fmt.Errorf("read common passwords: %w", err)
	}
	l := commonList{rank: map[string]int{}}
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(line) {
			if _, ok := l.rank[w]; !ok {
				l.rank[w] = len(l.rank) + 1
				l.longest = max(l.longest, len(w))
			}
		}
	}
	return l, nil
}

// isCommon reports a password that is a word of the list, or such words one after the other, but for digits and signs
// at its ends.
func isCommon(folded string) bool {
	list, err := commonWords()
	if err != nil {
		return false // part of the program; TestCommonList reads it
	}
	rest := squeeze(folded)
	if list.rank[rest] > 0 {
		return true
	}
	rest = strings.TrimFunc(rest, unicode.IsDigit)
	if rest == "" {
		return false // digits only: the estimate judges them
	}
	words := 0
	for rest != "" {
		n := list.longestPrefix(rest)
		if n == 0 {
			return false
		}
		rest = strings.TrimLeftFunc(rest[n:], unicode.IsDigit)
		words++
	}
	return words <= 2
}

func (l commonList) longestPrefix(s string) int {
	for n := min(len(s), l.longest); n > 1; n-- {
		if l.rank[s[:n]] > 0 {
			return n
		}
	}
	return 0
}

// guessBits estimates the logarithm (base 2) of the guesses a good cracker needs: the cheapest way to build the password
// from list words, Vietnamese syllables, years, repeats, runs and single characters.
func guessBits(password string) float64 {
	list, err := commonWords()
	if err != nil {
		list = commonList{}
	}
	r := []rune(password)
	if len(r) > 128 {
		r = r[:128]
	}
	low := make([]rune, len(r))
	for i, c := range r {
		low[i] = []rune(viet.Fold(string(c)) + " ")[0]
	}
	best := make([]float64, len(r)+1)
	for end := 1; end <= len(r); end++ {
		best[end] = best[end-1] + charBits(r[end-1])
		for start := max(0, end-24); start < end-1; start++ {
			if bits, ok := pieceBits(r[start:end], low[start:end], list); ok {
				best[end] = math.Min(best[end], best[start]+bits+1)
			}
		}
	}
	return best[len(r)]
}

func charBits(r rune) float64 {
	switch {
	case r >= '0' && r <= '9':
		return 3.3
	case r >= 'a' && r <= 'z':
		return 4.7
	case r < 0x80:
		return 5.5
	}
	return 6.5
}

// pieceBits is the cost of a piece that follows a pattern.
func pieceBits(piece, low []rune, list commonList) (float64, bool) {
	s := string(low)
	if rank := list.rank[s]; rank > 0 {
		return math.Log2(float64(rank)) + 2 + caseBits(piece), true
	}
	if bits, ok := runBits(low); ok {
		return bits + caseBits(piece), true
	}
	if isYear(s) {
		return 6, true
	}
	if len(low) <= 7 && viet.IsSyllable(string(piece)) {
		return 10.5 + caseBits(piece), true // some six thousand syllables, a quarter of them in use
	}
	return 0, false
}

// caseBits: a capital first or all capitals costs little, any other mixture more.
func caseBits(piece []rune) float64 {
	upper := 0
	for _, r := range piece {
		if unicode.IsUpper(r) {
			upper++
		}
	}
	switch {
	case upper == 0:
		return 0
	case upper == len(piece), upper == 1 && unicode.IsUpper(piece[0]):
		return 1
	}
	return float64(min(upper, len(piece)-upper)) + 1
}

// runBits finds repeats ("aaaa", "abab") and runs ("1234", "dcba").
func runBits(s []rune) (float64, bool) {
	if len(s) < 3 {
		return 0, false
	}
	if step := s[1] - s[0]; step >= -1 && step <= 1 {
		same := true
		for i := 2; i < len(s); i++ {
			same = same && s[i]-s[i-1] == step
		}
		if same {
			return 6 + math.Log2(float64(len(s))), true
		}
	}
	for period := 1; period <= len(s)/2; period++ {
		if len(s)%period != 0 {
			continue
		}
		same := true
		for i := period; i < len(s); i++ {
			same = same && s[i] == s[i-period]
		}
		if same {
			bits := 2 + math.Log2(float64(len(s)/period))
			for _, r := range s[:period] {
				bits += charBits(r)
			}
			return bits, true
		}
	}
	return 0, false
}

func isYear(s string) bool {
	return len(s) == 4 && (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20")) &&
		s[2] >= '0' && s[2] <= '9' && s[3] >= '0' && s[3] <= '9'
}

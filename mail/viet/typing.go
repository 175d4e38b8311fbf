package viet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/BambooEngine/bamboo-core"
)

// Method is a way of typing Vietnamese on ASCII keys.
type Method string

// Typing methods. Telex2 is Telex with a lone w for ư and the brackets for ơ and ư.
const (
	Telex  Method = "Telex"
	Telex2 Method = "Telex 2"
	VNI    Method = "VNI"
	VIQR   Method = "VIQR"
)

// Style is where the tone stands in oa, oe, uy.
type Style uint8

// Styles: hòa, khỏe, thúy, or hoà, khoẻ, thuý.
const (
	OldStyle Style = iota
	NewStyle
)

// maxKeys is the longest word that is composed; whatever is longer is no Vietnamese.
const maxKeys = 24

// Engine turns keys into Vietnamese letters in front of the cursor. Its answers say what to do there: delete so many
// characters, then insert a text. It knows only the word being typed; call Reset when the cursor moves elsewhere, and
// never give it pasted text. The zero Engine does not work; it is not safe for concurrent use.
type Engine struct {
	method bamboo.InputMethod
	marks  string // keys beyond letters that act within a word
	viqr   bool
	flags  uint
	off    bool

	raw    []rune // keys of the word
	shown  string // what they made
	plain  bool   // this word is left alone: a composed letter came, or it is too long
	verb   verbatim
	escape bool // VIQR: the next sign is plain
	token  token
	last   finished
	lost   bool // what stands before the cursor is not known
}

// verbatim says until where keys are left alone: an address ends at a comma, a URL or a tag at a space.
type verbatim uint8

const (
	composing verbatim = iota
	address
	link
)

// finished is the word before the boundary: how it stands, how else it could, and what ended it.
type finished struct{ now, other, tail string }

// NewEngine makes an engine that is on. An unknown method is Telex.
func NewEngine(m Method, s Style) *Engine {
	if _, ok := bamboo.InputMethodDefinitions[string(m)]; !ok {
		m = Telex
	}
	e := &Engine{
		method: bamboo.ParseInputMethod(bamboo.InputMethodDefinitions, string(m)),
		flags:  bamboo.EfreeToneMarking | bamboo.EautoCorrectEnabled,
	}
	if s == OldStyle {
		e.flags |= bamboo.EstdToneStyle
	}
	switch m {
	case Telex2:
		e.marks = "[]{}"
	case VNI:
		e.marks = "0123456789"
	case VIQR:
		e.marks, e.viqr = "'`?~.^(+*", true
	}
	return e
}

// On reports whether keys are composed ("VI") or pass through ("EN").
func (e *Engine) On() bool { return !e.off }

// Toggle switches between VI and EN; the word so far stays as it is.
func (e *Engine) Toggle() { e.off = !e.off; e.Reset() }

// Reset forgets the word: the cursor moved, or the text was changed by something else.
func (e *Engine) Reset() {
	e.raw, e.shown, e.plain, e.verb, e.escape, e.token, e.last = e.raw[:0], "", false, composing, false, token{}, finished{}
	e.lost = true
}

// Word is the word being typed as it is shown.
func (e *Engine) Word() string { return e.shown }

// Keys are the keys that made it.
func (e *Engine) Keys() string { return string(e.raw) }

// Key takes one typed character that the cursor's place would receive, r itself included in the answer.
func (e *Engine) Key(r rune) (backspaces int, insert string) {
	switch {
	case e.off:
		return 0, string(r)
	case unicode.IsSpace(r):
		back, text := e.boundary()
		e.token, e.verb, e.plain, e.lost = token{}, composing, false, false
		return e.end(back, text, r)
	case e.verb != composing && !e.closes(r):
		return 0, string(r)
	case e.plain && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)), r >= 0x80 && (unicode.IsLetter(r) || unicode.IsMark(r)):
		return e.leave(r) // a letter beyond ASCII: the terminal composes itself
	case e.viqr && e.escaped(r):
		return e.plainSign(r)
	case e.inWord(r):
		return e.compose(r)
	}
	return e.sign(r)
}

// Boundary ends the word without a character (Enter, a tab to the next field, sending): what cannot be Vietnamese
// goes back to the keys that were typed.
func (e *Engine) Boundary() (backspaces int, insert string) {
	back, text := e.boundary()
	e.Reset()
	return back, text
}

// Backspace deletes the character before the cursor and keeps the word in step.
func (e *Engine) Backspace() (backspaces int, insert string) {
	if len(e.raw) == 0 {
		plain := e.plain // an input method takes back and types again
		e.Reset()
		e.plain, e.lost = plain, !plain
		return 1, ""
	}
	eng := e.engine()
	eng.RemoveLastChar(true)
	raw := []rune(eng.GetProcessedString(bamboo.FullText | bamboo.EnglishMode))
	want := eng.GetProcessedString(bamboo.FullText | bamboo.VietnameseMode)
	old := e.shown
	e.raw = append(e.raw[:0], raw...)
	e.shown = NFC(want)
	return diff(old, e.shown)
}

// Restore puts back the keys of the word being typed and leaves it alone. For the word just ended it changes between
// the keys and what they made, so that it also brings back what a boundary undid ("tax" for tã).
func (e *Engine) Restore() (backspaces int, insert string) {
	if len(e.raw) > 0 {
		keys := string(e.raw)
		back, text := diff(e.shown, keys)
		e.token.add(keys, keys)
		e.raw, e.shown, e.plain = e.raw[:0], "", true
		return back, text
	}
	l := e.last
	if l.now == l.other {
		return 0, ""
	}
	e.last.now, e.last.other = l.other, l.now
	e.token = token{}
	return diff(l.now+l.tail, l.other+l.tail)
}

// inWord reports keys that build a word: letters, and the method's signs once there is something to mark.
func (e *Engine) inWord(r rune) bool {
	if r < 0x80 && asciiLetter(byte(r)) {
		return true
	}
	if r >= 0x80 || strings.IndexByte(e.marks, byte(r)) < 0 {
		return false
	}
	if strings.IndexByte("[]{}", byte(r)) >= 0 {
		return true
	}
	if len(e.raw) == 0 {
		return false
	}
	if r == '.' || r == '?' || r == '\'' { // VIQR's tones that are punctuation too: only right behind a vowel, only once
		_, t, ok := takeApart(nil, e.shown)
		last, _ := utf8.DecodeLastRuneInString(e.shown)
		return ok && t == level && isVowel(split(last).base)
	}
	return true
}

func (e *Engine) compose(r rune) (int, string) {
	if len(e.raw) >= maxKeys {
		return e.leave(r)
	}
	old := e.shown
	e.lost = false
	e.raw = append(e.raw, r)
	e.shown = NFC(e.engine().GetProcessedString(bamboo.FullText | bamboo.VietnameseMode))
	return diff(old, e.shown)
}

// engine builds the library's engine for the word. It is made anew for every key: words are short, and its own
// bookkeeping shares memory between steps.
func (e *Engine) engine() bamboo.IEngine {
	eng := bamboo.NewEngine(e.method, e.flags)
	run, last := 0, rune(0)
	for _, k := range e.raw {
		if k|0x20 != last {
			run, last = 0, k|0x20
		}
		mode := bamboo.VietnameseMode
		if run++; run > 3 { // the third took back what the second did: from then on the key is a letter
			mode = bamboo.EnglishMode
		}
		eng.ProcessKey(k, mode)
	}
	return eng
}

func (e *Engine) end(back int, text string, r rune) (int, string) {
	e.last.tail = string(r)
	return back, text + string(r)
}

// escaped handles VIQR's backslash.
func (e *Engine) escaped(r rune) bool {
	if e.escape {
		return true
	}
	return r == '\\'
}

func (e *Engine) plainSign(r rune) (int, string) {
	if !e.escape {
		e.escape = true
		_, text := e.boundary()
		return 0, text + string(r)
	}
	e.escape = false
	if r < 0x80 && strings.IndexByte(e.marks+"\\dD", byte(r)) >= 0 {
		return 1, string(r)
	}
	return e.Key(r)
}

// boundary ends the word and gives what turns it back into its keys if it must be.
func (e *Engine) boundary() (back int, text string) {
	raw, shown := string(e.raw), e.shown
	e.raw, e.shown = e.raw[:0], ""
	e.last = finished{now: shown, other: raw}
	if raw == shown || raw == "" {
		return 0, ""
	}
	if e.mustRestore(raw, shown) {
		e.last = finished{now: raw, other: shown}
		return diff(shown, raw)
	}
	return 0, ""
}

// mustRestore: a word with marks that cannot be a syllable, or an English word that happens to be one. A word without
// marks was undone on purpose ("tesst" → test); abbreviations may have a đ (HĐND, đt, QyĐ).
func (e *Engine) mustRestore(raw, shown string) bool {
	if english()[strings.ToLower(raw)] {
		return true
	}
	if isASCII([]byte(shown)) || IsSyllable(shown) {
		return false
	}
	return !abbreviates(shown)
}

// abbreviates: nothing beyond ASCII but đ, and either all capitals, or no vowel, or a capital Đ at the end.
func abbreviates(shown string) bool {
	if !isAbbreviation(strings.ReplaceAll(shown, "đ", "Đ")) {
		return false
	}
	vowel := strings.ContainsFunc(shown, func(r rune) bool { return isVowel(split(r).base) })
	return strings.ToUpper(shown) == shown || !vowel || strings.HasSuffix(shown, "Đ")
}

// diff gives the step from old to fresh, which both end at the cursor.
func diff(old, fresh string) (backspaces int, insert string) {
	a, b := []rune(old), []rune(fresh)
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return len(a) - i, string(b[i:])
}

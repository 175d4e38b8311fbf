package kit

import (
	"strings"
	"unicode/utf8"
)

// Place is where typing goes on: the text, its version and its cursor. Two are equal as long as nobody else touched it.
type Place struct {
	text    *Editor
	version uint64
	cur     spot
	sel     bool
}

// Place is the place of the cursor now.
func (e *Editor) Place() Place {
	e.ready()
	return Place{text: e, version: e.version, cur: e.cur, sel: e.sel && e.cur != e.anchor}
}

// Composes reports whether keys typed here may be made into Vietnamese letters.
func (e *Editor) Composes() bool { return true }

// mostAround is how much of a paragraph Around gives on each side, in bytes.
const mostAround = 2 << 10

// Around is what stands in the paragraph before and behind the cursor: its nearer part if it is long.
func (e *Editor) Around() (before, after string) {
	e.ready()
	s := e.paras[e.cur.p].s
	before, after = s[:e.cur.o], s[e.cur.o:]
	if len(before) > mostAround {
		before = strings.ToValidUTF8(before[len(before)-mostAround:], "")
	}
	if len(after) > mostAround {
		after = strings.ToValidUTF8(after[:mostAround], "")
	}
	return before, after
}

// Retype puts typed text in the place of the last back characters before the cursor, which are letters of the same
// paragraph, as part of the typing of the word. It reports false, and changes nothing, when the text would become larger
// than MaxText or there are not so many characters.
func (e *Editor) Retype(back int, typed string) bool {
	e.ready()
	typed = editText(typed)
	if e.size+len(typed) > MaxText {
		return false
	}
	from, to := e.target()
	s := e.paras[from.p].s
	for range back {
		_, n := utf8.DecodeLastRuneInString(s[:from.o])
		if n == 0 {
			return false
		}
		from.o -= n
	}
	if from == to && typed == "" {
		return true
	}
	kind := typing
	if strings.Contains(typed, "\n") {
		kind = other
	}
	e.change(from, to, typed, kind)
	return true
}

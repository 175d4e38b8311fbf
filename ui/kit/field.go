package kit

import (
	"strings"
	"unicode/utf8"
)

// MaxLine is the longest text a Field holds, in bytes.
const MaxLine = 64 << 10

// Field is a line of input: an Editor with one paragraph. Line ends that are typed or pasted become spaces, moves to
// the start and the end mean the whole line, and it scrolls sideways. The zero value is an empty field.
type Field struct {
	Editor
	Secret bool   // show Mask for each letter; copying gives nothing
	Plain  bool   // keys are taken as they are: host names, programs, passwords while they are shown
	Mask   string // one column; "" is "•"
	left   int    // byte offset of the first letter shown
}

// SetText replaces everything and puts the cursor at the end.
func (f *Field) SetText(s string) {
	f.Editor.SetText(editLine(s))
	f.left = 0
	f.Bottom(Move)
}

// Replace makes s the whole text, as one step of undo, with the cursor at the end.
func (f *Field) Replace(s string) {
	f.Editor.Replace(editLine(s))
	f.Bottom(Move)
}

// Insert puts typed text at the cursor; false when the line is full.
func (f *Field) Insert(s string) bool {
	if s = editLine(s); f.Size()+len(s) > MaxLine {
		return false
	}
	return f.Editor.Insert(s)
}

// Composes reports whether keys typed here may be made into Vietnamese letters: never in a secret.
func (f *Field) Composes() bool { return !f.Secret && !f.Plain }

// Retype puts typed text in the place of the last back characters before the cursor; false when the line is full.
func (f *Field) Retype(back int, typed string) bool {
	if typed = editLine(typed); f.Size()+len(typed) > MaxLine {
		return false
	}
	return f.Editor.Retype(back, typed)
}

// Paste puts foreign text at the cursor; false when the line would be too long.
func (f *Field) Paste(s string) bool {
	if len(s) > 2*MaxLine {
		return false
	}
	if s = editLine(s); f.Size()+len(s) > MaxLine {
		return false
	}
	return f.Editor.Paste(strings.TrimSpace(s))
}

// Newline does nothing in a field.
func (f *Field) Newline() bool { return false }

// Home moves to the start of the line, End to its end.
func (f *Field) Home(x Extend) { f.Top(x) }

// End moves to the end of the line.
func (f *Field) End(x Extend) { f.Bottom(x) }

// Selection is the selected text; nothing of a secret can be copied.
func (f *Field) Selection() string {
	if f.Secret {
		return ""
	}
	return f.Editor.Selection()
}

// Cut takes the selection away and returns it; a secret is only taken away.
func (f *Field) Cut() string {
	s := f.Editor.Cut()
	if f.Secret {
		return ""
	}
	return s
}

// View gives the line, exactly w columns, and the column of the cursor. hint stands there while the field is empty.
func (f *Field) View(w int, hint string, look Look) (line string, x int) {
	f.ready()
	w = max(1, w)
	s, cur := f.paras[0].s, f.cur.o
	if s == "" && hint != "" {
		text, col := cells(editLine(hint), 0, len(editLine(hint)), 0, 0, w)
		return dress(look.Hint, text) + dress(look.Text, strings.Repeat(" ", w-col)), 0
	}
	a, z := f.selectedIn(0, 0, len(s))
	if f.Secret {
		s, cur, a, z = f.masked(s, cur, a, z)
	}
	f.slide(s, cur, w)
	var b strings.Builder
	col := 0
	for _, piece := range []struct {
		from, to int
		look     func(string) string
	}{{f.left, max(f.left, a), look.Text}, {max(f.left, a), max(f.left, z), look.Selected}, {max(f.left, z), len(s), look.Text}} {
		t, c := cells(s, piece.from, piece.to, col, col, w)
		b.WriteString(dress(piece.look, t))
		if col = c; col >= w {
			break
		}
	}
	b.WriteString(dress(look.Text, strings.Repeat(" ", max(0, w-col))))
	return b.String(), min(w-1, column(s, f.left, cur))
}

// Rest gives the line while nobody types in it, exactly w columns: from its beginning, cut with an ellipsis.
func (f *Field) Rest(w int, hint string, look Look) string {
	f.ready()
	f.left = 0
	s := f.paras[0].s
	if s == "" || f.Secret {
		line, _ := f.View(w, hint, look)
		return line
	}
	s = Cut(Clean(s), max(1, w))
	return dress(look.Text, s) + dress(look.Text, Space(w-Width(s)))
}

// Click puts the cursor at column x of the last View.
func (f *Field) Click(x int, ext Extend) {
	f.ready()
	f.step(ext, false)
	s := f.paras[0].s
	o := min(f.left, len(s))
	if f.Secret { // f.left counts masks
		mask := len(f.mask())
		o = 0
		for n := f.left / mask; n > 0 && o < len(s); n-- {
			k, _ := nextCluster(s[o:])
			o += k
		}
	}
	for col := 0; o < len(s); {
		n, w := nextCluster(s[o:])
		if f.Secret {
			w = 1
		}
		if col += w; col > x {
			break
		}
		o += n
	}
	f.cur = spot{0, o}
}

func (f *Field) mask() string {
	if f.Mask == "" {
		return "•"
	}
	return f.Mask
}

// masked is the text as mask letters, and the offsets in it.
func (f *Field) masked(s string, offs ...int) (string, int, int, int) {
	mask := f.mask()
	count := func(o int) int {
		n := 0
		for i := 0; i < o; n++ {
			k, _ := nextCluster(s[i:])
			i += k
		}
		return n * len(mask)
	}
	return strings.Repeat(mask, count(len(s))/len(mask)), count(offs[0]), count(offs[1]), count(offs[2])
}

// slide moves the left edge so that the cursor is in sight with something before it.
func (f *Field) slide(s string, cur, w int) {
	if f.left > len(s) || f.left > cur || !utf8.RuneStart((s + " ")[f.left]) {
		f.left = cur
		f.back(s, w/3)
	}
	if column(s, f.left, cur) > w-1 {
		f.left = cur
		f.back(s, w-1-w/4)
	}
	// Do not keep letters out of sight on the left while there is room on the right.
	if f.left > 0 && column(s, f.left, len(s)) < w-1 {
		f.left = len(s)
		f.back(s, w-1)
		f.left = min(f.left, cur)
	}
}

// back moves the left edge back by as many letters as fit in cols columns.
func (f *Field) back(s string, cols int) {
	for f.left > 0 {
		n := prevCluster(s[:f.left])
		cols -= Width(s[f.left-n : f.left])
		if cols < 0 {
			return
		}
		f.left -= n
	}
}

// Segment is the piece of the line that the cursor stands in, between separators that are not inside double quotes,
// without the spaces around it. An address field completes it.
func (f *Field) Segment(separators string) (from, to int, text string) {
	f.ready()
	s, cur := f.paras[0].s, f.cur.o
	quoted := false
	to = len(s)
	for i, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
		case !quoted && strings.ContainsRune(separators, r):
			if i >= cur {
				to = i
				goto found
			}
			from = i + utf8.RuneLen(r)
		}
	}
found:
	for from < to && s[from] == ' ' {
		from++
	}
	for to > from && s[to-1] == ' ' {
		to--
	}
	return from, to, s[from:to]
}

// ReplaceRange puts text in the place of bytes [from,to) as one step of undo, the cursor behind it.
func (f *Field) ReplaceRange(from, to int, text string) {
	f.ready()
	n := len(f.paras[0].s)
	if from < 0 || to < from || to > n {
		return
	}
	f.past.seal()
	f.change(spot{0, from}, spot{0, to}, editLine(text), other)
	f.past.seal()
}

// AtEnd reports whether the cursor is behind the last letter, AtStart whether it is before the first.
func (f *Field) AtEnd() bool { f.ready(); return f.cur == f.end() }

// AtStart reports whether the cursor is before the first letter.
func (f *Field) AtStart() bool { return f.cur == spot{} }

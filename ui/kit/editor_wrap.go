package kit

import (
	"sort"
	"strings"
)

// hang is how many spaces may hang over the right edge before the line is broken all the same.
const hang = 200

// para is one paragraph and the memo of how it is wrapped. The memo grows as far as somebody looked and is cut back
// to the line before an edit, so that a key never costs more than the screenful it changes.
type para struct {
	s      string
	width  int     // columns that the memo is for
	lead   string  // quote marks at the beginning, repeated before each further line
	indent int     // columns of lead
	starts []int32 // byte offset of each visual line known so far
	whole  bool    // the last line is known
}

// edit sets the text, which is unchanged before byte o.
func (p *para) edit(o int, s string) {
	p.s = s
	if p.width == 0 {
		return
	}
	if len(p.lead) >= o || quoteMark(s) != p.lead {
		p.width = 0
		return
	}
	// The line before the edit may take words over from the edited one. Where the first line is wider than the others
	// a word in pieces may go all the way back to it.
	k := max(0, p.find(o)-1)
	for p.indent > 0 && k > 0 && s[p.starts[k]-1] != ' ' && s[p.starts[k]-1] != '\t' {
		k--
	}
	if p.indent > 0 {
		k = max(0, k-1)
	}
	p.starts, p.whole = p.starts[:k+1], false
}

// fit prepares the memo for width columns.
func (p *para) fit(width int) {
	if p.width == width {
		return
	}
	p.width, p.whole = width, false
	p.starts = append(p.starts[:0], 0)
	p.lead = quoteMark(p.s)
	p.indent = Width(p.lead)
	if p.indent > width/2 {
		p.lead, p.indent = "", 0
	}
}

// quoteMark is the run of "> " that a quoted line begins with, "" if it is not quoted.
func quoteMark(s string) string {
	if !strings.HasPrefix(s, ">") {
		return ""
	}
	i := 0
	for i < len(s) && i < 64 && (s[i] == '>' || s[i] == ' ' && i > 0 && s[i-1] == '>') {
		i++
	}
	return s[:i]
}

// avail is the number of text columns of visual line k.
func (p *para) avail(k int) int {
	if k == 0 {
		return p.width
	}
	return p.width - p.indent
}

// grow makes the start of one more visual line known; false when there is none.
func (p *para) grow() bool {
	if p.whole {
		return false
	}
	k := len(p.starts) - 1
	end := lineEnd(p.s, int(p.starts[k]), p.avail(k))
	if end >= len(p.s) {
		p.whole = true
		return false
	}
	p.starts = append(p.starts, int32(end))
	return true
}

// line gives the bytes [from,to) of visual line k; ok is false when the paragraph has fewer lines.
func (p *para) line(k, width int) (from, to int, ok bool) {
	p.fit(width)
	for k >= len(p.starts)-1 && !p.whole {
		if !p.grow() {
			break
		}
	}
	switch {
	case k < 0 || k >= len(p.starts):
		return 0, 0, false
	case k == len(p.starts)-1:
		return int(p.starts[k]), len(p.s), true
	}
	return int(p.starts[k]), int(p.starts[k+1]), true
}

// lineOf is the visual line that offset o stands in; at a soft break it is the later line.
func (p *para) lineOf(o, width int) int {
	p.fit(width)
	for int(p.starts[len(p.starts)-1]) <= o && p.grow() {
		continue
	}
	return p.find(o)
}

// find is lineOf among the lines known.
func (p *para) find(o int) int {
	return sort.Search(len(p.starts), func(i int) bool { return int(p.starts[i]) > o }) - 1
}

// lastLine wraps everything and gives the number of the last line.
func (p *para) lastLine(width int) int {
	p.fit(width)
	for p.grow() {
		continue
	}
	return len(p.starts) - 1
}

// lineEnd is where the visual line that begins at start ends: behind the spaces after the last word that fits in
// avail columns. A word that is longer than a whole line is cut between letters.
func lineEnd(s string, start, avail int) int {
	col, brk := 0, -1
	for i := start; i < len(s); {
		n, w := nextCluster(s[i:])
		switch {
		case s[i] == ' ' || s[i] == '\t':
			if s[i] == '\t' {
				w = tabStop - col%tabStop
			}
			if col > avail+hang {
				return i
			}
			brk = i + n
		case w == 2: // ideographs and emoji part anywhere
			brk = i
			fallthrough
		default:
			if col+w > avail && i > start {
				if brk > start {
					return brk
				}
				return i
			}
		}
		i += n
		col += w
	}
	return len(s)
}

// column is the display column of byte o in the visual line that begins at start.
func column(s string, start, o int) int {
	col := 0
	for i := start; i < o; {
		n, w := nextCluster(s[i:])
		if s[i] == '\t' {
			w = tabStop - col%tabStop
		}
		i += n
		col += w
	}
	return col
}

// atColumn is the offset in s[start:end] whose column is nearest to, and not beyond, col.
func atColumn(s string, start, end, col int) int {
	c, i := 0, start
	for i < end {
		n, w := nextCluster(s[i:end])
		if s[i] == '\t' {
			w = tabStop - c%tabStop
		}
		if c+w > col {
			break
		}
		i += n
		c += w
	}
	return i
}

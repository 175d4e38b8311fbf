package kit

import "strings"

// maxHistory is how many bytes of text the undo history keeps.
const maxHistory = 8 << 20

type editKind uint8

const (
	other   editKind = iota // a step of its own
	typing                  // joins the typing before it, word by word
	erasing                 // joins the erasing before it
)

// step is one thing that Undo takes back.
type step struct {
	at       spot
	removed  string
	inserted string
	before   spot // cursor before it
	kind     editKind
	sealed   bool
	erased   int // letters that backspace took from inserted since the last typing
}

func (s *step) size() int { return len(s.removed) + len(s.inserted) }

// history is the undo list. The typing of one word is one step; so is a run of backspaces. An input method types by
// taking back and typing again (BS BS ế): that stays in the word's step.
type history struct {
	steps []step
	next  int // steps[next:] have been undone
	bytes int
}

// seal ends the step that is being collected.
func (h *history) seal() {
	if h.next > 0 {
		h.steps[h.next-1].sealed = true
	}
}

func (h *history) add(s step) {
	for _, gone := range h.steps[h.next:] {
		h.bytes -= gone.size()
	}
	h.steps = h.steps[:h.next]
	joined := false
	if h.next > 0 {
		last := &h.steps[h.next-1]
		was := last.size()
		joined = last.join(s)
		h.bytes += last.size() - was
	}
	if !joined {
		h.steps = append(h.steps, s)
		h.next++
		h.bytes += s.size()
	}
	drop := 0
	for h.bytes > maxHistory && drop < len(h.steps)-1 {
		h.bytes -= h.steps[drop].size()
		drop++
	}
	if drop > 0 {
		h.steps = append([]step(nil), h.steps[drop:]...)
		h.next -= drop
	}
}

// imeBurst is how many letters an input method may take back and still be typing the same word.
const imeBurst = 6

// join takes t into s if both are one act to the person.
func (s *step) join(t step) bool {
	if s.sealed || s.kind == other || t.kind == other {
		return false
	}
	end := advance(s.at, s.inserted)
	switch {
	case s.kind == typing && t.kind == typing:
		back := advance(t.at, t.removed)
		if back != end || !strings.HasSuffix(s.inserted, t.removed) {
			return false
		}
		if t.removed == "" && s.inserted != "" && startsWord(s.inserted, t.inserted) {
			return false
		}
		s.inserted = strings.TrimSuffix(s.inserted, t.removed) + t.inserted
		s.erased = 0
		return true
	case s.kind == typing && t.kind == erasing:
		if advance(t.at, t.removed) != end || s.erased >= imeBurst || len(t.removed) > len(s.inserted) ||
			!strings.HasSuffix(s.inserted, t.removed) || strings.Contains(t.removed, " ") {
			return false
		}
		s.inserted = strings.TrimSuffix(s.inserted, t.removed)
		s.erased++
		return true
	case s.kind == erasing && t.kind == erasing && s.inserted == "":
		switch {
		case advance(t.at, t.removed) == s.at: // backspace
			s.removed = t.removed + s.removed
			s.at = t.at
		case t.at == s.at: // delete
			s.removed += t.removed
		default:
			return false
		}
		return true
	}
	return false
}

func (h *history) back() (step, bool) {
	if h.next == 0 {
		return step{}, false
	}
	h.next--
	h.steps[h.next].sealed = true
	return h.steps[h.next], true
}

func (h *history) forward() (step, bool) {
	if h.next == len(h.steps) {
		return step{}, false
	}
	h.next++
	h.steps[h.next-1].sealed = true
	return h.steps[h.next-1], true
}

// Package term stands between the terminal and Bubble Tea: whole letters in, whole frames out, the real cursor where one
// types, the clipboard, notifications.
//
// Laws: it knows nothing of pages; nothing of what people write passes into an escape sequence uncleaned; it works with
// any terminal that ignores what it does not know.
package term

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"
)

// Limits of what is held back: an unfinished sequence, an unfinished answer of the terminal, a paste.
const (
	heldLimit   = 64
	answerLimit = 1 << 20
	// PasteLimit is the largest paste that is taken; the rest of a larger one is dropped.
	PasteLimit = 8 << 20
)

const (
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
	// ticketMark is not a character of any text: it tells a ticket from a paste that looks like one.
	ticketMark = "\x00paste "
)

// Stdin hands Bubble Tea only whole letters and whole sequences. Bubble Tea reads 256 bytes at a time, throws away a
// letter that is cut in two, takes the terminal's answers for typing, and needs time that grows with the square of a
// paste. So a long paste is kept here, and a ticket for it handed on, which Paste redeems.
type Stdin struct {
	*os.File // Bubble Tea needs the file for raw mode and for cancelling
	f        filter
	buf      []byte
}

// NewStdin wraps a terminal's input.
func NewStdin(f *os.File) *Stdin { return &Stdin{File: f} }

// Read gives whole letters and sequences only; 0 bytes without an error means "read again".
func (s *Stdin) Read(p []byte) (int, error) {
	const spare = 40 // room for a ticket, and p is never filled: a full buffer means "maybe more" to Bubble Tea
	room := len(p) - spare - len(s.f.held)
	if room < 1 {
		room = 1
	}
	if cap(s.buf) < room {
		s.buf = make([]byte, room)
	}
	n, err := s.File.Read(s.buf[:room])
	if err != nil {
		return 0, err
	}
	return copy(p, s.f.feed(s.buf[:n])), nil
}

// Paste gives the text that a ticket stands for, and the text itself when it is no ticket.
func (s *Stdin) Paste(text string) string { return s.f.redeem(text) }

// filter is the part of Stdin that needs no terminal.
type filter struct {
	held     []byte // the beginning of a letter or sequence whose end has not come yet
	pasting  bool
	paste    []byte
	answer   bool // within an answer of the terminal that is being dropped
	dropped  int
	out      []byte
	mu       sync.Mutex
	tickets  map[string]string
	ticketNo int
}

// feed takes what came and gives what may go on. The result is valid until the next call.
func (f *filter) feed(in []byte) []byte {
	f.out = f.out[:0]
	b := slices.Concat(f.held, in)
	f.held = nil
	for len(b) > 0 {
		n := 0
		switch {
		case f.pasting:
			n = f.takePaste(b)
		case f.answer:
			n = f.dropAnswer(b)
		default:
			n = f.take(b)
		}
		if n == 0 {
			f.held = append([]byte(nil), b...)
			break
		}
		b = b[n:]
	}
	return f.out
}

// take handles one letter or sequence at the start of b and says how long it is; 0 means that its end is missing.
func (f *filter) take(b []byte) int {
	if b[0] != 0x1b {
		if !utf8.FullRune(b) {
			return 0
		}
		_, n := utf8.DecodeRune(b)
		f.out = append(f.out, b[:n]...)
		return n
	}
	if bytes.HasPrefix(b, []byte(pasteStart)) {
		f.pasting = true
		return len(pasteStart)
	}
	n, whole, drop := sequence(b)
	switch {
	case !whole && len(b) <= heldLimit:
		return 0
	case !whole: // too long to be a key: let go
		n = len(b)
	case drop:
		f.answer = true
		f.dropped = 0
		return n
	}
	f.out = append(f.out, b[:n]...)
	return n
}

// sequence measures the escape sequence at the start of b. drop marks the beginning of a terminal's answer (OSC, DCS,
// APC), which is n bytes long and ends with BEL or ST.
func sequence(b []byte) (n int, whole, drop bool) {
	if len(b) == 1 {
		return 1, true, false // the Esc key
	}
	switch b[1] {
	case '[':
		if len(b) > 2 && b[2] == 'M' { // X10 mouse: three bytes follow
			return 6, len(b) >= 6, false
		}
		for i := 2; i < len(b); i++ {
			if b[i] >= 0x40 && b[i] <= 0x7e || b[i] < 0x20 || b[i] >= 0x7f {
				return i + 1, true, false
			}
		}
		return 0, false, false
	case ']', 'P', '_':
		if len(b) == 2 {
			return 0, false, false
		}
		// An answer goes on with a digit or a sign; a letter is typing behind Alt+] or Alt+P.
		if c := b[2]; c >= '0' && c <= '9' || c == '>' || c == '!' || c == '$' || c == 'G' && b[1] == '_' {
			return 3, true, true
		}
		return 2, true, false
	case 'O':
		if len(b) > 2 {
			return 3, true, false
		}
		return 2, true, false
	}
	if !utf8.FullRune(b[1:]) {
		return 0, false, false
	}
	_, n = utf8.DecodeRune(b[1:])
	return 1 + n, true, false
}

// dropAnswer drops bytes up to the end of the answer. A mute terminal's half answer ends with the limit.
func (f *filter) dropAnswer(b []byte) int {
	for i, c := range b {
		if c == 0x07 || c == '\\' && i > 0 && b[i-1] == 0x1b {
			f.answer = false
			return i + 1
		}
		if c == 0x1b && i == len(b)-1 {
			if i == 0 {
				return 0
			}
			f.dropped += i
			return i
		}
	}
	if f.dropped += len(b); f.dropped > answerLimit {
		f.answer = false
	}
	return len(b)
}

// takePaste collects pasted bytes up to the end mark, then hands on the paste itself or a ticket.
func (f *filter) takePaste(b []byte) int {
	if i := bytes.Index(b, []byte(pasteEnd)); i >= 0 {
		f.collect(b[:i])
		f.pasting = false
		f.deliver()
		return i + len(pasteEnd)
	}
	keep := tail(b, pasteEnd)
	f.collect(b[:len(b)-keep])
	return len(b) - keep
}

// tail is how many bytes at the end of b may be the beginning of mark.
func tail(b []byte, mark string) int {
	for n := min(len(mark)-1, len(b)); n > 0; n-- {
		if string(b[len(b)-n:]) == mark[:n] {
			return n
		}
	}
	return 0
}

func (f *filter) collect(b []byte) {
	if room := PasteLimit - len(f.paste); len(b) > room {
		b = b[:room]
	}
	f.paste = append(f.paste, b...)
}

// deliver hands on what was pasted: always as a ticket, so that its length here does not matter.
func (f *filter) deliver() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.tickets == nil {
		f.tickets = map[string]string{}
	}
	f.ticketNo++
	ticket := ticketMark + strconv.Itoa(f.ticketNo%1000)
	f.tickets[ticket] = string(bytes.ToValidUTF8(f.paste, nil))
	f.paste = nil
	f.out = append(f.out, pasteStart+ticket+pasteEnd...)
}

func (f *filter) redeem(text string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, ok := f.tickets[text]
	if !ok {
		return text
	}
	delete(f.tickets, text)
	return s
}

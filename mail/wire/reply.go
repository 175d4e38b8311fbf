package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Limits of one IMAP response. A list of 2 million UIDs fits; no header block comes near a megabyte.
const (
	maxReplyText    = 16 << 20 // octets outside literals
	maxReplyLiteral = 4 << 20  // octets of all buffered literals
	maxStreamed     = 1 << 30  // octets of one literal handed through
	maxNesting      = 32
	maxTokens       = maxLetters + 100
)

// errProtocol marks everything a server says that no limit or grammar allows; it becomes BadServer.
var errProtocol = errors.New("protocol broken")

func broken(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errProtocol}, args...)...)
}

// reply is one response of the server: its text with "\n" standing behind each literal's announcement, and the
// literals. It is valid until the next read.
type reply struct {
	text []byte
	lits []byte
	ends []int // lits[ends[i-1]:ends[i]] is literal i; an empty one may have been streamed

	tokens  []token
	scratch []byte
}

// tokenKind tells the parts of a response apart.
type tokenKind uint8

const (
	atom   tokenKind = iota
	quoted           // quoted string or literal
	open
	closed
)

// token is one part; for open, next is the index behind the matching closed.
type token struct {
	kind tokenKind
	text []byte
	next int
}

// readReply reads one response from br into r. sink, if not nil, may take a literal away: it is given the text
// before the announcement and the literal's size.
func (r *reply) readReply(br *bufio.Reader, sink func(before []byte, size int64) io.Writer) error {
	r.reset()
	for {
		if err := r.readLine(br); err != nil {
			return err
		}
		before, size, ok := announced(r.text)
		if !ok || !mayHaveLiteral(r.text) {
			return nil
		}
		if sink != nil {
			if w := sink(before, size); w != nil {
				if size > maxStreamed {
					return broken("literal of %d octets", size)
				}
				if _, err := io.CopyN(w, br, size); err != nil {
					return eof(err)
				}
				r.ends = append(r.ends, len(r.lits))
				r.text = append(r.text, '\n')
				continue
			}
		}
		if size > int64(maxReplyLiteral-len(r.lits)) {
			return broken("literal of %d octets", size)
		}
		at := len(r.lits)
		r.lits = append(r.lits, make([]byte, size)...)
		if _, err := io.ReadFull(br, r.lits[at:]); err != nil {
			return eof(err)
		}
		r.ends = append(r.ends, len(r.lits))
		r.text = append(r.text, '\n')
	}
}

// maxKept is what is kept of a reply's memory for the next one, in elements: one huge answer must not stay for the
// whole session.
const maxKept = 1 << 18

func (r *reply) reset() {
	if cap(r.text) > maxKept || cap(r.lits) > maxKept || cap(r.tokens) > maxKept/8 || cap(r.scratch) > maxKept {
		*r = reply{}
	}
	r.text, r.lits, r.ends = r.text[:0], r.lits[:0], r.ends[:0]
}

// eof makes an end inside a response look like what it is.
func eof(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// readLine appends one line without its line end.
func (r *reply) readLine(br *bufio.Reader) error {
	for {
		part, err := br.ReadSlice('\n')
		if len(r.text)+len(part) > maxReplyText {
			return broken("line of more than %d octets", maxReplyText)
		}
		r.text = append(r.text, part...)
		switch {
		case err == nil:
			r.text = bytes.TrimSuffix(r.text[:len(r.text)-1], []byte("\r"))
			return nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return err
		}
	}
}

// announced finds the literal announcement {n} or ~{n} at the end of text (RFC 9051 4.3).
func announced(text []byte) (before []byte, size int64, ok bool) {
	if len(text) < 3 || text[len(text)-1] != '}' {
		return nil, 0, false
	}
	i := bytes.LastIndexByte(text, '{')
	if i < 0 {
		return nil, 0, false
	}
	digits := bytes.TrimSuffix(text[i+1:len(text)-1], []byte("+"))
	n, err := strconv.ParseUint(string(digits), 10, 63)
	if err != nil {
		return nil, 0, false
	}
	return text[:i], int64(n), true
}

// mayHaveLiteral is false for status responses and continuations: their text is free and ends with the line.
func mayHaveLiteral(text []byte) bool {
	if !bytes.HasPrefix(text, []byte("* ")) {
		return false
	}
	word, _, _ := bytes.Cut(text[2:], []byte(" "))
	switch string(bytes.ToUpper(word)) {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		return false
	}
	return true
}

// tokenize splits the text from offset on. Slices in the tokens are valid until the next read.
func (r *reply) tokenize(offset int) ([]token, error) {
	r.tokens, r.scratch = r.tokens[:0], r.scratch[:0]
	var stack [maxNesting]int
	depth, lit := 0, 0
	s := r.text
	for i := offset; i < len(s); {
		if len(r.tokens) >= maxTokens {
			return nil, broken("more than %d parts", maxTokens)
		}
		switch c := s[i]; c {
		case ' ':
			i++
		case '(':
			if depth == maxNesting {
				return nil, broken("nested deeper than %d", maxNesting)
			}
			stack[depth] = len(r.tokens)
			depth++
			r.tokens = append(r.tokens, token{kind: open})
			i++
		case ')':
			if depth == 0 {
				return nil, broken("list ends without beginning")
			}
			depth--
			r.tokens = append(r.tokens, token{kind: closed})
			r.tokens[stack[depth]].next = len(r.tokens)
			i++
		case '"':
			text, n, err := r.unquote(s[i:])
			if err != nil {
				return nil, err
			}
			r.tokens = append(r.tokens, token{kind: quoted, text: text})
			i += n
		default:
			n := atomLen(s[i:])
			if j := bytes.IndexByte(s[i:], '\n'); (c == '{' || c == '~') && j >= 0 && lit < len(r.ends) {
				from := 0
				if lit > 0 {
					from = r.ends[lit-1]
				}
				r.tokens = append(r.tokens, token{kind: quoted, text: r.lits[from:r.ends[lit]]})
				lit++
				i += j + 1
				continue
			}
			r.tokens = append(r.tokens, token{kind: atom, text: s[i : i+n]})
			i += n
		}
	}
	if depth != 0 {
		return nil, broken("list does not end")
	}
	return r.tokens, nil
}

// unquote reads a quoted string and tells its length on the wire.
func (r *reply) unquote(s []byte) (text []byte, n int, err error) {
	escaped := false
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			escaped = true
			i++
		case '"':
			if !escaped {
				return s[1:i], i + 1, nil
			}
			at := len(r.scratch)
			for j := 1; j < i; j++ {
				if s[j] == '\\' {
					j++
				}
				r.scratch = append(r.scratch, s[j])
			}
			return r.scratch[at:len(r.scratch):len(r.scratch)], i + 1, nil
		}
	}
	return nil, 0, broken("quoted string does not end")
}

// atomLen is the length of the atom at the start of s (at least 1). A section such as BODY[HEADER.FIELDS (DATE)] is
// one atom.
func atomLen(s []byte) int {
	for i, c := range s {
		switch c {
		case ' ', '(', ')', '"', '\n':
			return max(i, 1)
		case '[':
			if bytes.EqualFold(s[:i], []byte("BODY")) || bytes.EqualFold(s[:i], []byte("BINARY")) {
				if j := bytes.IndexByte(s, ']'); j > 0 {
					return j + 1 + tail(s[j+1:])
				}
			}
		}
	}
	return len(s)
}

// tail is the length of the <origin> behind a section.
func tail(s []byte) int {
	if len(s) > 0 && s[0] == '<' {
		return bytes.IndexByte(s, '>') + 1
	}
	return 0
}

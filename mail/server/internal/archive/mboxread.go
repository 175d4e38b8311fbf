package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// piece is how much is held at once.
const piece = 1 << 16

func mboxFolder(root *os.Root, place, name string) Folder {
	return Folder{Name: name, Each: func(yield func(Letter, io.Reader) error) (err error) {
		f, err := openFile(root, place)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		return fault("read mbox", place, readMbox(f, place, yield))
	}}
}

// readMbox hands out the letters of an mbox. In one that others wrote, lines end in CRLF afterwards, and the letters'
// own Status fields say the flags.
func readMbox(r io.Reader, place string, yield func(Letter, io.Reader) error) error {
	br := bufio.NewReaderSize(r, piece)
	for n := 1; ; n++ {
		line, err := br.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF) && len(line) == 0:
			return nil
		case err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull):
			return err
		case !bytes.HasPrefix(line, []byte(fromLine)) || errors.Is(err, bufio.ErrBufferFull):
			if n == 1 && len(bytes.TrimSpace(line)) == 0 && err == nil { // an empty line or two at the top
				n--
				continue
			}
			return bad(place, fmt.Sprintf("letter %d does not begin with a From_ line", n))
		}
		l := Letter{Received: fromDate(string(line))}
		m := &mboxLetter{br: br, foreign: true, s: shape{crlf: true}}
		if err := m.begin(&l); err != nil {
			return bad(place, fmt.Sprintf("letter %d: %v", n, err))
		}
		if err := yield(l, m); err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, m); err != nil { // what yield left
			return err
		}
	}
}

// fromDate reads the date of a From_ line; zero if it has none that is known.
func fromDate(line string) time.Time {
	words := strings.Fields(line)
	for i := range words {
		rest := strings.Join(words[i:], " ")
		for _, layout := range []string{time.ANSIC, time.UnixDate, "Mon Jan 2 15:04:05 2006 -0700", "Mon Jan 2 15:04 2006"} {
			if t, err := time.Parse(layout, rest); err == nil {
				return t.UTC()
			}
		}
	}
	return time.Time{}
}

// mboxLetter reads one letter until the From_ line of the next.
type mboxLetter struct {
	br      *bufio.Reader
	s       shape
	foreign bool
	out     bytes.Buffer
	blank   []byte // an empty line that may be the one between letters
	end     string // line end that is written when another line follows
	mid     bool   // inside a long line
	plain   bool   // behind what could be a quoted From_ line
	quote   bool   // a > is held back
	n       int    // octets of fromLine held back
	over    bool
}

// begin takes away the lines that Add put before the letter, or looks for the flags of another program.
func (m *mboxLetter) begin(l *Letter) (err error) {
	head, err := m.br.Peek(len(ownField))
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	fields := map[string]string{}
	if string(head) != ownField {
		block, err := m.br.Peek(piece)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
		for line := range bytes.Lines(block) {
			if len(bytes.TrimRight(line, "\r\n")) == 0 {
				break
			}
			addField(fields, string(line))
		}
		flagsOf(fields, l)
		return nil
	}
	m.foreign = false
	for i := range ownLines {
		line, err := m.br.ReadString('\n')
		if err != nil {
			return errors.New("it breaks off in its own lines")
		}
		line = strings.TrimRight(line, "\r\n")
		if i > 0 {
			addField(fields, line)
			continue
		}
		if m.s, err = parseOwn(strings.TrimPrefix(line, ownField), l); err != nil {
			return err
		}
	}
	flagsOf(fields, l)
	return nil
}

func addField(fields map[string]string, line string) {
	if key, value, ok := strings.Cut(line, ":"); ok {
		fields[key] += strings.TrimSpace(value)
	}
}

// Read is io.Reader.
func (m *mboxLetter) Read(p []byte) (int, error) {
	for m.out.Len() == 0 {
		if m.over {
			return 0, io.EOF
		}
		if err := m.step(); err != nil {
			return 0, err
		}
	}
	return m.out.Read(p)
}

// step takes one line, or a piece of a long one.
func (m *mboxLetter) step() error {
	if !m.mid {
		if head, err := m.br.Peek(len(fromLine)); err == nil && string(head) == fromLine && m.blank != nil {
			m.finish()
			return nil
		}
	}
	line, err := m.br.ReadSlice('\n')
	full := errors.Is(err, bufio.ErrBufferFull)
	if err != nil && !full && !errors.Is(err, io.EOF) {
		return err
	}
	if len(line) == 0 {
		m.finish()
		return nil
	}
	if m.mid {
		m.emit(line, false)
	} else {
		if m.blank != nil {
			m.emit(m.blank, true)
			m.blank = nil
		}
		if text := string(line); text == "\n" || m.foreign && text == "\r\n" {
			m.blank = []byte(text)
		} else {
			m.emit(line, true)
		}
	}
	m.mid = full
	return nil
}

// emit passes a line on, unquoted; its end waits until it is known whether the letter has it.
func (m *mboxLetter) emit(line []byte, start bool) {
	m.out.WriteString(m.end)
	m.end = ""
	if start {
		m.plain = false
	}
	text, ended := bytes.CutSuffix(line, []byte("\n"))
	if ended && m.foreign {
		text = bytes.TrimSuffix(text, []byte("\r"))
	}
	for i, c := range text {
		if m.plain {
			m.out.Write(text[i:])
			break
		}
		m.unquote(c)
	}
	if ended {
		m.release()
		m.end = "\n"
		if m.s.crlf {
			m.end = "\r\n"
		}
	}
}

// unquote holds one > back until it is known whether a From follows.
func (m *mboxLetter) unquote(c byte) {
	switch {
	case c == fromLine[m.n]:
		if m.n++; m.n == len(fromLine) {
			m.quote, m.n, m.plain = false, 0, true
			m.out.WriteString(fromLine)
		}
	case c == '>' && m.n == 0:
		if m.quote {
			m.out.WriteByte(c)
		}
		m.quote = true
	default:
		m.release()
		m.plain = true
		m.out.WriteByte(c)
	}
}

func (m *mboxLetter) release() {
	if m.quote {
		m.out.WriteByte('>')
	}
	m.out.WriteString(fromLine[:m.n])
	m.quote, m.n = false, 0
}

func (m *mboxLetter) finish() {
	m.release()
	if !m.s.open {
		m.out.WriteString(m.end)
	}
	m.over = true
}

package archive

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
)

const (
	fromLine = "From "
	ownField = "X-Hopthu-Letter: "
	ownLines = 4 // header lines that are put before a letter, and taken away again
)

// mboxFlags are the letters of Status and X-Status.
var mboxFlags = []struct {
	field, letter, name string
}{
	{"Status", "R", `\Seen`},
	{"X-Status", "A", `\Answered`},
	{"X-Status", "F", `\Flagged`},
	{"X-Status", "T", `\Draft`},
	{"X-Status", "D", `\Deleted`},
}

type mboxWriter struct {
	place string
	f     *os.File
	w     *bufio.Writer
}

// CreateMbox begins an mbox file at place below root; it must not be there.
func CreateMbox(root *os.Root, place string) (Writer, error) {
	f, err := root.OpenFile(place, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fault("write mbox", place, err)
	}
	return &mboxWriter{place: place, f: f, w: bufio.NewWriterSize(f, piece)}, nil
}

// Add writes one letter: a From_ line, four header lines that say what it is, its bytes with From_ lines quoted, an
// empty line. A letter whose lines all end in CRLF is written with LF, as every reader of mbox wants it.
func (w *mboxWriter) Add(l Letter, r io.ReadSeeker) error {
	shape, err := measure(r)
	if err != nil {
		return fault("write mbox", w.place, err)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return fault("write mbox", w.place, err)
	}
	at := l.Received.UTC()
	system, words := l.names()
	status := map[string]string{"Status": "O"}
	for _, f := range mboxFlags {
		if slices.Contains(system, f.name) {
			status[f.field] += f.letter
		}
	}
	_, err = fmt.Fprintf(w.w, "%sMAILER-DAEMON %s\n%sreceived=%s; sha256=%x; %s\nStatus: %s\nX-Status: %s\nX-Keywords: %s\n",
		fromLine, at.Format(time.ANSIC), ownField, at.Format(time.RFC3339Nano), shape.sum, shape,
		status["Status"], status["X-Status"], strings.Join(words, " "))
	if err != nil {
		return fault("write mbox", w.place, err)
	}
	q := &quoter{w: w.w, crlf: shape.crlf}
	if _, err = io.Copy(q, r); err == nil {
		err = q.flush()
	}
	if shape.open && err == nil {
		err = w.w.WriteByte('\n')
	}
	if err == nil {
		err = w.w.WriteByte('\n')
	}
	return fault("write mbox", w.place, err)
}

// Close brings the file onto the disk.
func (w *mboxWriter) Close() error {
	return fault("write mbox", w.place, errors.Join(w.w.Flush(), w.f.Sync(), w.f.Close()))
}

// shape is how a letter's lines end.
type shape struct {
	sum  []byte
	crlf bool // every LF has its CR
	open bool // no LF at the end
}

func (s shape) String() string {
	eol, end := "raw", "line"
	if s.crlf {
		eol = "crlf"
	}
	if s.open {
		end = "open"
	}
	return "eol=" + eol + "; end=" + end
}

func measure(r io.Reader) (shape, error) {
	sum := sha256.New()
	s := shape{crlf: true, open: true}
	buf := make([]byte, piece)
	last := byte(0)
	for {
		n, err := r.Read(buf)
		sum.Write(buf[:n]) // a hash never fails
		for _, c := range buf[:n] {
			s.crlf = s.crlf && (c != '\n' || last == '\r')
			last = c
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return s, err
		}
	}
	s.open = last != '\n'
	s.sum = sum.Sum(nil)
	return s, nil
}

// quoter puts one more > before each line that reads as a From_ line behind any number of them (mboxrd), right before
// the From, so that no line is too long for it; with crlf it writes LF for CRLF.
type quoter struct {
	w    *bufio.Writer
	crlf bool
	cr   bool // one is held back
	mid  bool // behind what could become a From_ line
	n    int  // octets of fromLine seen and held back
}

// Write is io.Writer; the errors of a bufio.Writer stay, flush gives them.
func (q *quoter) Write(p []byte) (int, error) {
	for _, c := range p {
		if q.cr {
			q.cr = false
			if c != '\n' {
				q.put('\r')
			}
		}
		if c == '\r' && q.crlf {
			q.cr = true
			continue
		}
		q.put(c)
	}
	return len(p), nil
}

func (q *quoter) put(c byte) {
	switch {
	case q.mid:
	case c == fromLine[q.n]:
		if q.n++; q.n < len(fromLine) {
			return
		}
		q.n, q.mid = 0, true
		q.write(">" + fromLine)
		return
	case c == '>' && q.n == 0:
		q.write(">")
		return
	}
	q.write(fromLine[:q.n] + string([]byte{c}))
	q.n, q.mid = 0, c != '\n'
}

func (q *quoter) write(s string) {
	if _, err := q.w.WriteString(s); err != nil {
		return // a bufio.Writer keeps it
	}
}

func (q *quoter) flush() error {
	if q.cr {
		q.put('\r')
	}
	_, err := q.w.WriteString(fromLine[:q.n])
	return err
}

// parseOwn reads the line that Add wrote.
func parseOwn(line string, l *Letter) (s shape, err error) {
	seen := 0
	for _, part := range strings.Split(line, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch key {
		case "received":
			l.Received, err = time.Parse(time.RFC3339Nano, value)
		case "sha256":
			if l.Hash, err = hex.DecodeString(value); err == nil && len(l.Hash) != sha256.Size {
				err = errors.New("a hash of a wrong length")
			}
		case "eol":
			s.crlf = value == "crlf"
		case "end":
			s.open = value == "open"
		default:
			seen--
		}
		if err != nil {
			return s, err
		}
		seen++
	}
	if seen != ownLines {
		return s, errors.New("its own line is not whole")
	}
	return s, nil
}

// flagsOf reads Status, X-Status and X-Keywords.
func flagsOf(fields map[string]string, l *Letter) {
	var names []string
	for _, f := range mboxFlags {
		if strings.Contains(fields[f.field], f.letter) {
			names = append(names, f.name)
		}
	}
	l.Flags, l.Keywords = mail.ParseFlags(append(names, strings.Fields(strings.ReplaceAll(fields["X-Keywords"], ",", " "))...))
}

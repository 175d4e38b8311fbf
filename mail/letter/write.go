package letter

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hopthu/mail"
)

// Draft is a letter to be written. There is no Bcc on purpose: those recipients are in the envelope only.
type Draft struct {
	From        mail.Address
	Sender      *mail.Address // who really sends, if it is not From (RFC 5322 3.6.2)
	To, Cc      []mail.Address
	Subject     string
	Body        string // plain text, any line ends
	Attachments []File
	InReplyTo   string       // message id without brackets, "" for none
	References  []string     // message ids without brackets, oldest first
	MessageID   string       // without brackets
	Date        time.Time    // in the zone it shall be written in
	Header      []mail.Field // further fields; those that Write makes itself, and Bcc, are left out
	UTF8        bool         // addresses may be raw UTF-8 (RFC 6532); without it such an address is a fault
}

// File is an attachment: Open is called once or twice, and what it gives is never held in memory as a whole.
type File struct {
	Name string
	Type string // media type, "" when not known
	Size int64  // octets; when positive, a file of another size is an error
	Open func() (io.ReadCloser, error)
}

// Write writes d as a message of RFC 5322 and MIME in CRLF lines of at most 76 octets, as far as an address or a
// message id can be kept that short: text in NFC UTF-8, names in RFC 2047 and RFC 2231, all header octets ASCII unless
// d.UTF8 lets addresses be UTF-8. The same draft gives the same octets.
func Write(w io.Writer, d Draft) error {
	h, err := headerOf(d)
	if err != nil {
		return err
	}
	text := crlfText(d.Body)
	body, encoding := encodeText(text)
	out := &stickyWriter{w: bufio.NewWriterSize(w, 32<<10)}
	if len(d.Attachments) == 0 {
		textHeader(h, encoding)
		out.write(h.bytes(), []byte("\r\n"), body)
		return out.end()
	}
	boundary := boundaryOf(d, text)
	h.fold("Content-Type", "multipart/mixed;", `boundary="`+boundary+`"`)
	out.write(h.bytes(), []byte("\r\n--"+boundary+"\r\n"))
	h = &headWriter{}
	textHeader(h, encoding)
	out.write(h.bytes(), []byte("\r\n"), body)
	for i, f := range d.Attachments {
		out.write([]byte("\r\n--" + boundary + "\r\n"))
		if err := writeFile(out, f, boundary); err != nil {
			return fmt.Errorf("write attachment %d: %w", i+1, err)
		}
	}
	out.write([]byte("\r\n--" + boundary + "--\r\n"))
	return out.end()
}

// stickyWriter keeps its first error, so that a letter can be written line by line and asked once.
type stickyWriter struct {
	w   *bufio.Writer
	err error
}

func (s *stickyWriter) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.w.Write(p)
	s.err = err
	return n, err
}

func (s *stickyWriter) write(parts ...[]byte) {
	for _, p := range parts {
		if s.err == nil {
			_, s.err = s.w.Write(p)
		}
	}
}

func (s *stickyWriter) end() error {
	if s.err == nil {
		s.err = s.w.Flush()
	}
	if s.err != nil {
		return fmt.Errorf("write letter: %w", s.err)
	}
	return nil
}

// own are the fields that Write makes itself.
var own = wordSet(`date from sender to cc bcc resent-bcc subject message-id in-reply-to references mime-version
	content-type content-transfer-encoding content-disposition`)

// headerOf writes the letter's own fields.
func headerOf(d Draft) (*headWriter, error) {
	if d.Date.IsZero() {
		return nil, errors.New("write letter: no date")
	}
	h := &headWriter{utf8: d.UTF8}
	h.fold("Date", strings.Fields(d.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700"))...)
	if err := h.addresses("From", []mail.Address{d.From}); err != nil {
		return nil, err
	}
	if d.Sender != nil && d.Sender.Addr != d.From.Addr {
		if err := h.addresses("Sender", []mail.Address{*d.Sender}); err != nil {
			return nil, err
		}
	}
	if len(d.To)+len(d.Cc) == 0 {
		h.fold("To", "undisclosed-recipients:;")
	}
	for _, f := range []struct {
		name string
		list []mail.Address
	}{{"To", d.To}, {"Cc", d.Cc}} {
		if err := h.addresses(f.name, f.list); err != nil {
			return nil, err
		}
	}
	h.text("Subject", d.Subject)
	for _, f := range []struct {
		name string
		ids  []string
	}{{"Message-ID", []string{d.MessageID}}, {"In-Reply-To", []string{d.InReplyTo}}, {"References", shorten(d.References)}} {
		h.ids(f.name, f.ids)
	}
	for _, f := range d.Header {
		if name := strings.TrimSpace(f.Name); !own[strings.ToLower(name)] {
			if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == ':' }) {
				return nil, errors.New("write letter: a header field has no valid name")
			}
			h.text(name, f.Value)
		}
	}
	h.fold("MIME-Version", "1.0")
	return h, nil
}

// shorten keeps the first and the newest of a long row of references.
func shorten(ids []string) []string {
	const most = 30
	if len(ids) <= most {
		return ids
	}
	return append([]string{ids[0]}, ids[len(ids)-most+1:]...)
}

func textHeader(h *headWriter, encoding string) {
	h.fold("Content-Type", "text/plain;", "charset=utf-8")
	h.fold("Content-Transfer-Encoding", encoding)
}

// boundaryOf makes a boundary of the letter's own content: "=_" stands in no base64 and no quoted-printable, and
// encodeText leaves no text as it is that holds it.
func boundaryOf(d Draft, text string) string {
	sum := sha256.New()
	for _, s := range []string{d.MessageID, d.Date.String(), d.Subject, text} {
		sum.Write([]byte(s)) // a hash never fails
		sum.Write([]byte{0})
	}
	return "=_" + hex.EncodeToString(sum.Sum(nil)[:16])
}

// crlfText is NFC text in CRLF lines, the last one ended.
func crlfText(s string) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	if !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return strings.ReplaceAll(s, "\n", "\r\n")
}

// encodeText chooses the transfer encoding: none for short ASCII lines, else quoted-printable or base64, whichever is
// shorter.
func encodeText(text string) (body []byte, encoding string) {
	if plainEnough(text) {
		return []byte(text), "7bit"
	}
	qp := encodeQP(text)
	coded := (len(text) + 2) / 3 * 4
	if len(qp) <= coded+2*((coded+75)/76) {
		return qp, "quoted-printable"
	}
	var b bytes.Buffer
	out := &lineBreaker{w: &b}
	enc := base64.NewEncoder(base64.StdEncoding, out)
	if _, err := enc.Write([]byte(text)); err != nil || enc.Close() != nil || out.end() != nil {
		return qp, "quoted-printable" // a buffer does not fail
	}
	return b.Bytes(), "base64"
}

func plainEnough(text string) bool {
	if !ascii(text) || strings.Contains(text, "=_") {
		return false
	}
	for _, line := range strings.Split(text, "\r\n") {
		if len(line) > 76 || strings.HasSuffix(line, " ") || strings.HasSuffix(line, "\t") || strings.HasPrefix(line, "From ") ||
			strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }) {
			return false
		}
	}
	return true
}

// encodeQP writes quoted-printable (RFC 2045 6.7): no letter is cut by a line end, blanks at line ends, "From " and a
// lone "." at line starts are escaped.
func encodeQP(text string) []byte {
	const digits = "0123456789ABCDEF"
	out := make([]byte, 0, len(text)*3/2)
	for _, line := range strings.SplitAfter(text, "\r\n") {
		line, ended := strings.CutSuffix(line, "\r\n")
		col := 0
		for i, r := range line {
			size := len(string(r))
			escape := r == '=' || r >= 0x7f || (r < ' ' && r != '\t') ||
				((r == ' ' || r == '\t') && i == len(line)-1) ||
				(i == 0 && (r == '.' || strings.HasPrefix(line, "From ")))
			width := size
			if escape {
				width = 3 * size
			}
			if col+width > 75 {
				out = append(out, "=\r\n"...)
				col = 0
			}
			col += width
			for j := i; j < i+size; j++ {
				if escape {
					out = append(out, '=', digits[line[j]>>4], digits[line[j]&15])
				} else {
					out = append(out, line[j])
				}
			}
		}
		if ended {
			out = append(out, "\r\n"...)
		}
	}
	return out
}

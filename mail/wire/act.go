package wire

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
)

// Store implements sync.Remote.
func (m *IMAP) Store(ctx context.Context, uids []mail.UID, add, remove []string) error {
	const op = "mark letters"
	s, give, err := m.session(ctx, op)
	if err != nil {
		return err
	}
	defer give()
	for _, f := range slices.Concat(add, remove) {
		if !validFlag(f) {
			return &mail.Fault{Kind: mail.Refused, Op: op, Detail: "bad flag name"}
		}
	}
	var cmds []*command
	for _, b := range sets(uids, setBlock) {
		if len(add) > 0 {
			cmds = append(cmds, s.cmd("UID", "STORE", b.text, "+FLAGS.SILENT", "("+strings.Join(add, " ")+")"))
		}
		if len(remove) > 0 {
			cmds = append(cmds, s.cmd("UID", "STORE", b.text, "-FLAGS.SILENT", "("+strings.Join(remove, " ")+")"))
		}
	}
	return s.all(ctx, op, cmds)
}

// all runs commands two at a time: none of them has an untagged answer that could be mistaken (RFC 9051 5.5).
func (s *session) all(ctx context.Context, op string, cmds []*command) error {
	return s.run(ctx, op, s.d.limits.Command, 2, oneByOne(cmds))
}

// validFlag keeps what is no flag-keyword (RFC 9051 9) from becoming a second command.
func validFlag(f string) bool {
	name := strings.TrimPrefix(f, `\`)
	if name == "" || len(f) > 200 {
		return false
	}
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`(){%*"\]`, c) >= 0 {
			return false
		}
	}
	return true
}

// Move implements sync.Remote. Without MOVE (RFC 6851) it copies, and only when that is done erases exactly what it
// copied (C3).
func (m *IMAP) Move(ctx context.Context, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
	const op = "move letters"
	s, give, err := m.session(ctx, op)
	if err != nil {
		return nil, err
	}
	defer give()
	pairs := map[mail.UID]mail.UID{}
	verb := "MOVE"
	if !s.has("MOVE") {
		verb = "COPY"
		if err := s.alone(ctx, op, uids); err != nil {
			return nil, err
		}
	}
	for _, b := range sets(uids, setBlock) {
		c := s.cmd("UID", verb, b.text).str(m.wireName(s, dest))
		c.told = func(st status) { copyUID(st, b.uids, pairs) }
		if err := s.one(ctx, op, c); err != nil {
			return pairs, err
		}
		copyUID(*c.done, b.uids, pairs)
		if verb == "COPY" {
			if err := s.erase(ctx, op, b); err != nil {
				return pairs, err
			}
		}
	}
	if len(pairs) == 0 {
		return nil, nil
	}
	return pairs, nil
}

// copyUID reads what COPYUID (RFC 4315) says of uids, which ascend. One that does not fit is as good as none: the move
// itself has happened.
func copyUID(st status, uids []mail.UID, pairs map[mail.UID]mail.UID) {
	if st.code != "COPYUID" {
		return
	}
	w := strings.Fields(st.args)
	if len(w) != 3 {
		return
	}
	from, err1 := readSet([]byte(w[1]), len(uids))
	to, err2 := readSet([]byte(w[2]), len(uids))
	if err1 != nil || err2 != nil || len(from) != len(to) {
		return
	}
	for i, u := range from {
		if _, moved := slices.BinarySearch(uids, u); moved {
			pairs[u] = to[i]
		}
	}
}

// Expunge implements sync.Remote.
func (m *IMAP) Expunge(ctx context.Context, uids []mail.UID) error {
	const op = "erase letters"
	s, give, err := m.session(ctx, op)
	if err != nil {
		return err
	}
	defer give()
	if err := s.alone(ctx, op, uids); err != nil {
		return err
	}
	for _, b := range sets(uids, setBlock) {
		if err := s.erase(ctx, op, b); err != nil {
			return err
		}
	}
	return nil
}

// alone refuses where EXPUNGE would erase letters that others have marked \Deleted. With UIDPLUS it cannot happen.
func (s *session) alone(ctx context.Context, op string, uids []mail.UID) error {
	if s.has("UIDPLUS") {
		return nil
	}
	marked, err := s.search(ctx, op, "DELETED", "")
	if err != nil {
		return err
	}
	for _, u := range marked {
		if !slices.Contains(uids, u) {
			return &mail.Fault{Kind: mail.Refused, Op: op, Detail: "other letters are marked as deleted and would be erased too"}
		}
	}
	return nil
}

// erase marks the letters of b \Deleted and expunges them, by UID where UIDPLUS is offered. alone has been asked
// before; it is asked again because another client may have marked letters meanwhile.
func (s *session) erase(ctx context.Context, op string, b uidSet) error {
	if err := s.one(ctx, op, s.cmd("UID", "STORE", b.text, "+FLAGS.SILENT", `(\Deleted)`)); err != nil {
		return err
	}
	if s.has("UIDPLUS") {
		return s.one(ctx, op, s.cmd("UID", "EXPUNGE", b.text))
	}
	if err := s.alone(ctx, op, b.uids); err != nil {
		return err
	}
	return s.one(ctx, op, s.cmd("EXPUNGE"))
}

// Append implements sync.Remote.
func (m *IMAP) Append(ctx context.Context, folder string, flags []string, date time.Time, size int64, r io.Reader) (mail.UID, error) {
	const op = "file letter"
	s, give, err := m.session(ctx, op)
	if err != nil {
		return 0, err
	}
	defer give()
	for _, f := range flags {
		if !validFlag(f) {
			return 0, &mail.Fault{Kind: mail.Refused, Op: op, Detail: "bad flag name"}
		}
	}
	if limit := s.appendLimit(); limit > 0 && size > limit {
		return 0, &mail.Fault{Kind: mail.TooBig, Op: op}
	}
	br := bufio.NewReaderSize(r, 64<<10)
	head, err := br.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, mail.AsFault(op, err)
	}
	c := s.cmd("APPEND").str(m.wireName(s, folder))
	if len(flags) > 0 {
		c.raw("(" + strings.Join(flags, " ") + ")")
	}
	if !date.IsZero() {
		c.raw(date.Format(`"02-Jan-2006 15:04:05 -0700"`))
	}
	if s.utf8 && !isASCII(string(headerBlockOf(head))) { // RFC 6855 4
		c.stream(" UTF8 (~", br, size)
		c.cur.WriteByte(')')
	} else {
		c.stream(" ", br, size)
	}
	if err := s.run(ctx, op, s.d.limits.Bulk, 1, only(c)); err != nil {
		return 0, err
	}
	if w := strings.Fields(c.done.args); c.done.code == "APPENDUID" && len(w) == 2 {
		return mail.UID(atou([]byte(w[1]), 32)), nil
	}
	return 0, nil
}

// headerBlockOf cuts a letter's beginning behind its header.
func headerBlockOf(b []byte) []byte {
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(b, []byte(end)); i >= 0 {
			return b[:i+len(end)]
		}
	}
	return b
}

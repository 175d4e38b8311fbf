package wire

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/sync"
)

// headerFields is what a list line, threading and duty are made of; never BODYSTRUCTURE or ENVELOPE, in which
// servers err and which lose what does not parse (C7).
var headerFields = strings.ToUpper(strings.Join(letter.HeadFields(), " "))

const (
	headerBlock = 500 // letters in one FETCH
	headerDepth = 4   // FETCHes in flight: on a long way too the server never waits for us
	setBlock    = 100_000
	maxLetters  = 4_000_000 // in one folder, as far as a server is believed
	maxKeyword  = 255       // octets of a flag's name
)

// UIDs implements sync.Remote.
func (m *IMAP) UIDs(ctx context.Context) ([]mail.UID, error) {
	return m.search(ctx, "list letters", "ALL", "")
}

// Newest implements sync.Remote: the newest letters have the highest sequence numbers (RFC 9051 2.3.1.1).
func (m *IMAP) Newest(ctx context.Context, n int, each func(sync.RemoteHeader) error) error {
	const op = "read newest headers"
	s, give, err := m.session(ctx, op)
	if err != nil {
		return err
	}
	defer give()
	if s.exists == 0 || n <= 0 {
		return nil
	}
	first := uint32(1)
	if uint64(s.exists) > uint64(n) {
		first = s.exists - uint32(n) + 1
	}
	seen := map[mail.UID]bool{}
	var failed error
	c := s.cmd("FETCH", strconv.FormatUint(uint64(first), 10)+":*", s.headerItems())
	c.on = func(name string, r *reply, at int) error {
		if name != "FETCH" || failed != nil {
			return nil //nolint:nilerr // it is handed on when the answer is complete
		}
		f, err := s.fetched(r, at)
		if err != nil {
			return err
		}
		if f.UID != 0 && f.whole() && !seen[f.UID] && len(seen) < 2*n { // what is left out comes with the older letters
			seen[f.UID] = true
			failed = each(f.header())
		}
		return nil
	}
	if err := s.run(ctx, op, s.d.limits.Bulk, 1, only(c)); err != nil {
		return err
	}
	return callerFault(op, failed)
}

// FindMessageID implements sync.Remote.
func (m *IMAP) FindMessageID(ctx context.Context, id string) ([]mail.UID, error) {
	if id == "" || len(id) > 1000 || !printable(id) {
		return nil, nil // no letter has such a Message-ID
	}
	return m.search(ctx, "find letter", "HEADER Message-ID", "<"+id+">")
}

func printable(s string) bool {
	for _, r := range s {
		if r < ' ' || r == 0x7f {
			return false
		}
	}
	return true
}

// search runs one UID SEARCH, as ESEARCH where offered (RFC 4731): its answer is short and carries the tag.
func (m *IMAP) search(ctx context.Context, op, key, arg string) ([]mail.UID, error) {
	s, give, err := m.session(ctx, op)
	if err != nil {
		return nil, err
	}
	defer give()
	return s.search(ctx, op, key, arg)
}

func (s *session) search(ctx context.Context, op, key, arg string) ([]mail.UID, error) {
	c := s.cmd("UID", "SEARCH")
	if s.has("ESEARCH") {
		c.raw("RETURN (ALL)")
	}
	if !isASCII(arg) && !s.utf8 {
		c.raw("CHARSET UTF-8")
	}
	c.raw(key)
	if arg != "" {
		c.str(arg)
	}
	var out []mail.UID
	c.on = func(name string, r *reply, at int) error {
		if name != "SEARCH" && name != "ESEARCH" {
			return nil
		}
		limit := int(min(s.exists, maxLetters)) + 100_000 // a server may not make us count to four billion
		t, err := r.tokenize(at)
		if err != nil {
			return err
		}
		for i := range t {
			switch {
			case name == "SEARCH" && t[i].kind == atom:
				n, err := strconv.ParseUint(string(t[i].text), 10, 32)
				if err != nil || n == 0 || len(out) >= limit {
					return broken("bad SEARCH answer")
				}
				out = append(out, mail.UID(n))
			case name == "SEARCH":
				return nil // (MODSEQ n) ends the numbers
			case equalFold(t[i].text, "ALL") && i+1 < len(t):
				out, err = readSet(t[i+1].text, limit)
				return err
			}
		}
		return nil
	}
	if err := s.one(ctx, op, c); err != nil {
		return nil, err
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// Flags implements sync.Remote.
func (m *IMAP) Flags(ctx context.Context, lo, hi mail.UID, since uint64, each func(sync.RemoteFlags) error) error {
	const op = "read flags"
	s, give, err := m.session(ctx, op)
	if err != nil {
		return err
	}
	defer give()
	to := "*"
	if hi != 0 {
		to = strconv.FormatUint(uint64(hi), 10)
	}
	lo = max(lo, 1)
	// A server answers from its view of the folder, which SELECT and NOOP renew. NOOP may not share a breath with the
	// FETCH: Dovecot puts the renewal off until both are answered.
	if since > 0 && !s.fresh {
		if err := s.one(ctx, op, s.cmd("NOOP")); err != nil {
			return err
		}
	}
	c := s.cmd("UID", "FETCH", strconv.FormatUint(uint64(lo), 10)+":"+to, "(UID FLAGS)")
	if since > 0 {
		c.raw("(CHANGEDSINCE " + strconv.FormatUint(since, 10) + ")")
	}
	var failed error
	c.on = func(name string, r *reply, at int) error {
		if name != "FETCH" || failed != nil {
			return nil //nolint:nilerr // it is handed on when the answer is complete
		}
		f, err := s.fetched(r, at)
		// "*" names the last letter even when lo is above it (RFC 9051 9); changes of other letters have no UID.
		if err != nil {
			return err
		}
		if !f.hasFlags || f.UID < lo || (hi != 0 && f.UID > hi) {
			return nil
		}
		failed = each(f.RemoteFlags)
		return nil
	}
	if err := s.run(ctx, op, s.d.limits.Bulk, 1, only(c)); err != nil {
		return err
	}
	return callerFault(op, failed)
}

// only gives c once, for run.
func only(c *command) func() *command { return oneByOne([]*command{c}) }

// oneByOne gives cmds in order, for run.
func oneByOne(cmds []*command) func() *command {
	return func() *command {
		if len(cmds) == 0 {
			return nil
		}
		c := cmds[0]
		cmds = cmds[1:]
		return c
	}
}

// callerFault is for an error that the caller's own function gave back.
func callerFault(op string, err error) error {
	if err == nil {
		return nil
	}
	return mail.AsFault(op, err)
}

// Headers implements sync.Remote. What a server leaves out, or answers with another letter's update in its place
// (C2), is asked for once more; what is missing then has vanished.
func (m *IMAP) Headers(ctx context.Context, next func() []mail.UID, each func(sync.RemoteHeader) error) error {
	const op = "read headers"
	s, give, err := m.session(ctx, op)
	if err != nil {
		return err
	}
	defer give()
	missing, err := s.headers(ctx, op, next, each)
	if err != nil || len(missing) == 0 {
		return err
	}
	_, err = s.headers(ctx, op, sync.These(missing), each)
	return err
}

// headerItems is what is asked of a letter for its line in a list.
func (s *session) headerItems() string {
	modseq := ""
	if s.condStore() {
		modseq = "MODSEQ "
	}
	return "(UID FLAGS " + modseq + "INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (" + headerFields + ")])"
}

// headers fetches what lists names, block by block, and tells what did not come.
func (s *session) headers(ctx context.Context, op string, lists func() []mail.UID, each func(sync.RemoteHeader) error) (missing []mail.UID, err error) {
	items := s.headerItems()
	due := map[mail.UID]bool{}
	var failed error
	on := func(name string, r *reply, at int) error {
		if name != "FETCH" || failed != nil {
			return nil //nolint:nilerr // it is handed on when the answer is complete
		}
		f, err := s.fetched(r, at)
		if err != nil {
			return err
		}
		if !due[f.UID] || !f.whole() {
			return nil
		}
		delete(due, f.UID)
		failed = each(f.header())
		return nil
	}
	var blocks []uidSet
	next := func() *command {
		if len(blocks) == 0 && failed == nil {
			blocks = sets(lists(), headerBlock)
		}
		if len(blocks) == 0 || failed != nil {
			return nil
		}
		b := blocks[0]
		blocks = blocks[1:]
		for _, u := range b.uids {
			due[u] = true
		}
		c := s.cmd("UID", "FETCH", b.text, items)
		c.on = on
		return c
	}
	// The handler looks at every FETCH once, whichever of the commands in flight it belongs to.
	if err := s.run(ctx, op, s.d.limits.Bulk, headerDepth, next); err != nil {
		return nil, err
	}
	if failed != nil {
		return nil, callerFault(op, failed)
	}
	for u := range due {
		missing = append(missing, u)
	}
	return missing, nil
}

// item is what one FETCH response says.
type item struct {
	sync.RemoteFlags
	hasFlags bool
	received time.Time
	size     int64  // -1 when not told
	body     []byte // section text, nil when not told; valid until the next read
}

// whole reports whether all is there that makes a line in a list; an update of flags in its place is not (C2).
func (f *item) whole() bool { return f.hasFlags && f.body != nil && f.size >= 0 }

func (f *item) header() sync.RemoteHeader {
	return sync.RemoteHeader{RemoteFlags: f.RemoteFlags, Received: f.received, Size: f.size, Header: bytes.Clone(f.body)}
}

// fetched reads a FETCH response; items that are not known are passed over (C1).
func (s *session) fetched(r *reply, at int) (item, error) {
	f := item{size: -1}
	t, err := r.tokenize(at)
	if err != nil {
		return f, err
	}
	if len(t) == 0 || t[0].kind != open {
		return f, broken("FETCH without a list")
	}
	end := t[0].next - 1
	for i := 1; i+1 < end+1 && i < end; {
		key := t[i].text
		v := i + 1
		if t[i].kind != atom || v >= end {
			return f, broken("FETCH that cannot be read")
		}
		after := v + 1
		if t[v].kind == open {
			after = t[v].next
		}
		switch {
		case equalFold(key, "UID"):
			f.UID = mail.UID(atou(t[v].text, 32))
		case equalFold(key, "FLAGS") && t[v].kind == open:
			f.hasFlags, f.Flags = true, s.flags(t[v+1:after-1])
		case equalFold(key, "MODSEQ") && after == v+3:
			f.ModSeq = atou(t[v+1].text, 63)
		case equalFold(key, "RFC822.SIZE"):
			if n, err := strconv.ParseInt(string(t[v].text), 10, 64); err == nil && n >= 0 {
				f.size = n
			}
		case equalFold(key, "INTERNALDATE"):
			f.received = internalDate(t[v].text)
		case len(key) > 5 && bytes.EqualFold(key[:5], []byte("BODY[")) && t[v].kind == quoted:
			if f.body = t[v].text; f.body == nil {
				f.body = []byte{}
			}
		}
		i = after
	}
	return f, nil
}

// atou reads a number; 0 if it is none.
func atou(b []byte, bits int) uint64 {
	n, err := strconv.ParseUint(string(b), 10, bits)
	if err != nil {
		return 0
	}
	return n
}

// flags copies flag names; equal names share their bytes, a hundred thousand letters have few different ones.
func (s *session) flags(t []token) []string {
	out := make([]string, 0, len(t))
	for _, f := range t {
		if f.kind == closed || f.kind == open || len(f.text) > maxKeyword {
			continue
		}
		name, ok := s.flagSet[string(f.text)]
		if !ok {
			name = string(f.text)
			if len(s.flagSet) < 1000 {
				s.flagSet[name] = name
			}
		}
		out = append(out, name)
	}
	return out
}

// internalDate reads RFC 9051's date-time; zero if it is none.
func internalDate(b []byte) time.Time {
	t, err := time.Parse("_2-Jan-2006 15:04:05 -0700", string(bytes.TrimSpace(b)))
	if err != nil {
		return time.Time{}
	}
	return t
}

package store

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// The wide part of a head is one blob: a version byte, then varints and length-prefixed texts in a fixed order. It is
// several times quicker to read than JSON, and 60 of them are read for every screen.
// Version 2 has the mark of an official document at its end; it is written only where there is one.
const (
	headVersion     = 1
	headVersionMark = 2
)

// maxZone is more minutes than any zone is away from UTC; what a damaged row says beyond is no zone.
const maxZone = 24 * 60

func encodeHead(h *mail.Head) []byte {
	b := make([]byte, 0, 256)
	version := byte(headVersion)
	if !h.Document.IsZero() {
		version = headVersionMark
	}
	b = append(b, version)
	b = binary.AppendVarint(b, micros(h.Date))
	_, off := h.Date.Zone()
	b = binary.AppendVarint(b, int64(off/60))
	b = appendAddrs(b, h.From)
	b = appendAddr(b, h.Sender)
	b = appendAddrs(b, h.ReplyTo)
	b = appendAddrs(b, h.To)
	b = appendAddrs(b, h.Cc)
	b = appendText(b, h.Subject)
	b = appendText(b, h.MessageID)
	b = appendTexts(b, h.InReplyTo)
	b = appendTexts(b, h.References)
	auto := int64(0)
	if h.Automatic {
		auto = 1
	}
	b = binary.AppendVarint(b, auto)
	b = binary.AppendVarint(b, int64(h.Priority))
	if version == headVersionMark {
		b = appendMark(b, h.Document)
	}
	return b
}

func appendMark(b []byte, m mail.DocumentMark) []byte {
	b = appendText(appendText(b, m.Kind), m.Number)
	b = binary.AppendVarint(b, micros(m.Issued))
	b = binary.AppendVarint(b, int64(m.Urgency))
	paper := int64(0)
	if m.NoPaper {
		paper = 1
	}
	return binary.AppendVarint(b, paper)
}

func (r *headReader) mark() mail.DocumentMark {
	m := mail.DocumentMark{Kind: r.text(), Number: r.text(), Issued: fromMicros(r.int()), Urgency: int(r.int())}
	m.NoPaper = r.int() != 0
	if !m.Issued.IsZero() {
		m.Issued = m.Issued.In(mail.Zone)
	}
	return m
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendTexts(b []byte, list []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, s := range list {
		b = appendText(b, s)
	}
	return b
}

func appendAddr(b []byte, a mail.Address) []byte {
	return appendText(appendText(appendText(b, a.Name), a.Addr), a.Group)
}

func appendAddrs(b []byte, list []mail.Address) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, a := range list {
		b = appendAddr(b, a)
	}
	return b
}

var errHead = errors.New("head is damaged")

// headReader reads what encodeHead wrote; after an error everything reads as empty.
type headReader struct {
	b   []byte
	bad bool
}

func (r *headReader) uint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *headReader) int() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *headReader) text() string {
	n := r.uint()
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return ""
	}
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}

// count bounds a list's length by what is left: each entry takes at least one byte.
func (r *headReader) count() int {
	n := r.uint()
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return 0
	}
	return int(n) //nolint:gosec // bounded above
}

func (r *headReader) texts() []string {
	n := r.count()
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = r.text()
	}
	return list
}

func (r *headReader) addr() mail.Address {
	return mail.Address{Name: r.text(), Addr: r.text(), Group: r.text()}
}

func (r *headReader) addrs() []mail.Address {
	n := r.count()
	if n == 0 {
		return nil
	}
	list := make([]mail.Address, n)
	for i := range list {
		list[i] = r.addr()
	}
	return list
}

func decodeHead(b []byte, h *mail.Head) error {
	if len(b) == 0 || b[0] != headVersion && b[0] != headVersionMark {
		return errHead
	}
	r := headReader{b: b[1:]}
	h.Date = fromMicros(r.int())
	if off := r.int(); !h.Date.IsZero() && off != 0 && off > -maxZone && off < maxZone {
		h.Date = h.Date.In(time.FixedZone("", int(off)*60))
	}
	h.From = r.addrs()
	h.Sender = r.addr()
	h.ReplyTo, h.To, h.Cc = r.addrs(), r.addrs(), r.addrs()
	h.Subject, h.MessageID = r.text(), r.text()
	h.InReplyTo, h.References = r.texts(), r.texts()
	h.Automatic = r.int() != 0
	h.Priority = int(r.int())
	h.Document = mail.DocumentMark{}
	if b[0] == headVersionMark {
		h.Document = r.mark()
	}
	if r.bad {
		return errHead
	}
	return nil
}

const headColumns = `l.id, a.id, coalesce(l.folder,0), l.thread, coalesce(l.uid,0), l.flags, l.received, l.size, l.attach,
	l.duty, l.awaits, l.bodied, EXISTS(SELECT 1 FROM op_letter o WHERE o.letter=l.id), h.preview, h.data,
	` + workState + `, coalesce(w.name,''), coalesce(w.mine,0), coalesce(w.writing,'')
	FROM letter l JOIN head h ON h.id=-l.id JOIN account a ON a.n=l.account` + joinWork

func scanHead(st *sqlite3.Stmt) (h mail.Head, err error) {
	err = decodeHead(st.ColumnRawBlob(14), &h)
	h.ID, h.Account = mail.LetterID(st.ColumnInt64(0)), mail.AccountID(st.ColumnText(1))
	h.Folder, h.Thread = mail.FolderID(st.ColumnInt64(2)), mail.ThreadID(st.ColumnInt64(3))
	h.UID, h.Flags = mail.UID(st.ColumnInt64(4)), mail.Flags(st.ColumnInt64(5)) //nolint:gosec // stored from these types
	h.Received, h.Size, h.Attachments = fromMicros(st.ColumnInt64(6)), st.ColumnInt64(7), st.ColumnInt(8)
	h.Duty, h.Awaits, h.Bodied, h.Pending = st.ColumnBool(9), st.ColumnBool(10), st.ColumnBool(11), st.ColumnBool(12)
	h.Preview = st.ColumnText(13)
	h.State, h.With, h.Mine, h.Writing = mail.WorkState(st.ColumnText(15)), st.ColumnText(16), st.ColumnBool(17), st.ColumnText(18)
	return h, err
}

// midHash names a Message-ID by 63 bits of its SHA-256: short keys, and nobody can make two that collide at will. 0 is
// "none".
func midHash(id string) int64 {
	id = strings.Trim(strings.TrimSpace(id), "<>")
	if id == "" {
		return 0
	}
	sum := sha256.Sum256([]byte(id))
	n := int64(binary.BigEndian.Uint64(sum[:8]) >> 1) //nolint:gosec // shifted into 63 bits
	return max(n, 1)
}

// maxRefs bounds how many of a letter's references are followed: the oldest and the newest ones.
const maxRefs = 100

// parents are the hashes of the letters that h names as its ancestors.
func parents(h *mail.Head) []int64 {
	refs := h.References
	if len(refs) > maxRefs {
		refs = append(append([]string{}, refs[:maxRefs/2]...), refs[len(refs)-maxRefs/2:]...)
	}
	irt := h.InReplyTo
	if len(irt) > maxRefs {
		irt = irt[:maxRefs]
	}
	var out []int64
	seen := map[int64]bool{0: true}
	for _, list := range [][]string{refs, irt} {
		for _, id := range list {
			if n := midHash(id); !seen[n] {
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	return out
}

// headText is what the search index knows of a letter before its body comes.
func headText(h *mail.Head) string {
	var b strings.Builder
	b.WriteString(h.Subject)
	for _, list := range [][]mail.Address{h.From, h.To, h.Cc} {
		for _, a := range list {
			b.WriteByte('\n')
			b.WriteString(a.Name)
			b.WriteByte(' ')
			b.WriteString(a.Addr)
		}
	}
	return b.String()
}

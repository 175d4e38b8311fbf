// Package digest prepares letters for being listed and searched: the fields that clients list a letter by, the text it
// is found by, and a sieve that tells at a glance which letters cannot hold some words. Letters are taken together in
// pages of Size UIDs, because reading one large row costs less than reading many small ones.
//
// Laws: it is pure, without I/O or clock; all it makes can be made again from the letters; what it says of a letter is
// what the letter itself says, or that the letter itself must be asked: a sieve lets too many through, never too few.
package digest

import (
	"encoding/binary"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"

	"hopthu/mail"
)

// Size is how many UIDs make a page.
const Size = 128

// version changes when what is prepared, or how it is written, changes; pages of another version are not read, and
// made again when they are missed.
const version = 2

// Kind is one of the parts of a page, each stored as a row of its own.
type Kind int64

// The parts of a page.
const (
	Brief  Kind = 1 + iota // the fields that letters are listed by, as stored
	Sieve                  // which letters cannot hold a word
	Fields                 // all fields, decoded, for searching
	Text                   // the readable text of the bodies, for searching
)

// Kinds are all of them.
var Kinds = []Kind{Brief, Sieve, Fields, Text}

// PageOf is the page in which a UID stands.
func PageOf(u mail.UID) int64 { return int64(u) / Size }

// Bounds are the first and last UID of a page.
func Bounds(page int64) (first, last mail.UID) {
	return mail.UID(page * Size), mail.UID(page*Size + Size - 1)
}

// Letter is one letter, prepared.
type Letter struct {
	UID    mail.UID
	Short  []byte // header block of the fields that letters are listed by; nil: ask the letter
	Odd    bool   // Fields and Text do not tell all: ask the letter
	Fields string // "name: value\n" of each field, in small letters
	Text   string // in small letters
}

// Read prepares a letter. head is its header block, raw is all of it.
func Read(uid mail.UID, head, raw []byte) Letter {
	l := Letter{UID: uid, Short: short(head)}
	l.Fields, l.Text, l.Odd = searchable(raw)
	return l
}

// Encode makes the rows of a page out of its letters, which ascend. Every letter of the page up to through is among
// them.
func Encode(list []Letter, through mail.UID) (map[Kind][]byte, error) {
	enc, err := encoder()
	if err != nil {
		return nil, err
	}
	pick := func(of func(Letter) (string, bool)) (front, body []byte) {
		front = header(through, len(list))
		for _, l := range list {
			front = append(front, byte(l.UID%Size))
		}
		for _, l := range list {
			s, is := of(l)
			n := uint64(0)
			if is {
				n = uint64(len(s)) + 1
			}
			front = binary.AppendUvarint(front, n)
			body = append(body, s...)
		}
		return front, body
	}
	out := map[Kind][]byte{}
	front, body := pick(func(l Letter) (string, bool) { return string(l.Short), l.Short != nil })
	out[Brief] = append(front, body...)
	for kind, of := range map[Kind]func(Letter) (string, bool){
		Fields: func(l Letter) (string, bool) { return l.Fields, !l.Odd },
		Text:   func(l Letter) (string, bool) { return l.Text, !l.Odd },
	} {
		front, body := pick(of)
		out[kind] = enc.EncodeAll(body, front)
	}
	out[Sieve] = sieve(list, through)
	return out, nil
}

func header(through mail.UID, n int) []byte { return []byte{version, byte(through % Size), byte(n)} }

// Through is up to which UID of its page a row tells of every letter; false when the row is of no use.
func Through(page int64, row []byte) (mail.UID, bool) {
	if len(row) < 3 || row[0] != version || row[1] >= Size || row[2] > Size {
		return 0, false
	}
	return mail.UID(page*Size) + mail.UID(row[1]), true
}

// Entries is a row of Brief, Fields or Text, ready to be read.
type Entries struct {
	place [Size]uint8 // 1 + position of a UID, 0 when it is not there
	ends  []uint32    // of each entry, and before them 0
	is    []bool
	body  []byte
}

// maxBody bounds what a damaged row could claim.
const maxBody = Size * 2 * (maxText + maxFields)

// Open reads a row; false when it is damaged or of another version.
func Open(kind Kind, row []byte) (*Entries, bool) {
	if _, ok := Through(0, row); !ok {
		return nil, false
	}
	n := int(row[2])
	if row = row[3:]; len(row) < n {
		return nil, false
	}
	e := &Entries{ends: make([]uint32, 1, n+1), is: make([]bool, n)}
	for i, at := range row[:n] {
		if at >= Size {
			return nil, false
		}
		e.place[at] = uint8(i) + 1
	}
	row = row[n:]
	total := uint64(0)
	for i := range n {
		size, used := binary.Uvarint(row)
		if used <= 0 {
			return nil, false
		}
		row = row[used:]
		if size > 0 {
			e.is[i] = true
			total += size - 1
		}
		if total > maxBody {
			return nil, false
		}
		e.ends = append(e.ends, uint32(total))
	}
	e.body = row
	if kind != Brief {
		dec, err := decoder()
		if err != nil {
			return nil, false
		}
		if e.body, err = dec.DecodeAll(row, make([]byte, 0, total)); err != nil {
			return nil, false
		}
	}
	return e, uint64(len(e.body)) == total
}

// At gives what is prepared of a letter; false: ask the letter. The bytes must not be changed.
func (e *Entries) At(u mail.UID) ([]byte, bool) {
	i := int(e.place[u%Size]) - 1
	if i < 0 || !e.is[i] {
		return nil, false
	}
	return e.body[e.ends[i]:e.ends[i+1]:e.ends[i+1]], true
}

// UIDs lists the letters of the row that stand in page, ascending.
func (e *Entries) UIDs(page int64) (list []mail.UID) {
	for i, at := range e.place {
		if at > 0 {
			list = append(list, mail.UID(page*Size)+mail.UID(i))
		}
	}
	slices.Sort(list)
	return list
}

var (
	encoder = sync.OnceValues(func() (*zstd.Encoder, error) {
		return zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(1<<20))
	})
	decoder = sync.OnceValues(func() (*zstd.Decoder, error) {
		return zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(maxBody+1))
	})
)

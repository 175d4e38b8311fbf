package imapd

import (
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// trickle gives what was written to it and fails where a connection would wait: nothing may be asked for that has not
// come.
type trickle struct {
	bytes.Buffer
	waits int
}

var errWaits = errors.New("waits for the client")

func (c *trickle) Read(p []byte) (int, error) {
	if c.Len() == 0 {
		c.waits++
		return 0, errWaits
	}
	return c.Buffer.Read(p)
}

// What a sender has flushed is given before anything more is asked for, and is what it sent.
func TestInflateGivesWhatCame(t *testing.T) {
	rnd := rand.New(rand.NewChaCha8([32]byte{7}))
	words := strings.Fields("a1 UID FETCH 1:* (FLAGS BODY.PEEK[]) NOOP IDLE DONE Kính gửi đồng chí SELECT \"Công văn\"\r\n")
	for _, level := range []int{flate.NoCompression, flate.BestSpeed, flate.DefaultCompression, flate.BestCompression, flate.HuffmanOnly} {
		wire := &trickle{}
		w, err := flate.NewWriter(wire, level)
		if err != nil {
			t.Fatal(err)
		}
		f := newInflater(bufio.NewReaderSize(wire, 512))
		for round := range 60 {
			var said strings.Builder
			for range 1 + rnd.IntN(1<<rnd.IntN(14)) {
				said.WriteString(words[rnd.IntN(len(words))] + " ")
			}
			if round%7 == 3 {
				raw := make([]byte, rnd.IntN(70_000))
				for i := range raw {
					raw[i] = byte(rnd.Uint32())
				}
				said.Write(raw)
			}
			if _, err := io.WriteString(w, said.String()); err != nil {
				t.Fatal(err)
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			got := make([]byte, said.Len())
			if _, err := io.ReadFull(f, got); err != nil || string(got) != said.String() {
				t.Fatalf("level %d, round %d: %v after %d", level, round, err, len(got))
			}
		}
		if cap(f.hist) > 80<<10 {
			t.Errorf("holds %d octets", cap(f.hist))
		}
	}
}

// Little that becomes much takes no more memory than the window, though the reader never catches up with what could be
// decoded.
func TestInflateBomb(t *testing.T) {
	wire := &trickle{}
	w, err := flate.NewWriter(wire, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	said := bytes.Repeat([]byte{'a'}, 4<<20)
	if _, err := w.Write(said); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	f := newInflater(bufio.NewReaderSize(wire, lineSize))
	var got []byte
	for p := make([]byte, lineSize); len(got) < len(said); {
		n, err := f.Read(p)
		if err != nil {
			t.Fatalf("%v after %d", err, len(got))
		}
		got = append(got, p[:n]...)
		if cap(f.hist) > 80<<10 {
			t.Fatalf("holds %d octets after %d", cap(f.hist), len(got))
		}
	}
	if !bytes.Equal(got, said) {
		t.Error("is not what was sent")
	}
}

// A sender that stops inside a block is served too: octets of a stored block as they come, and literals of a block in
// the fixed code up to the last whole one.
func TestInflateInsideABlock(t *testing.T) {
	wire := &trickle{}
	f := newInflater(bufio.NewReader(wire))
	want := func(s string) {
		t.Helper()
		got := make([]byte, len(s))
		if n, err := io.ReadFull(f, got); err != nil || string(got) != s {
			t.Fatalf("%q %v", got[:n], err)
		}
	}
	wire.Write([]byte{0, 0xff, 0xff, 0, 0}) // stored, 65535 octets
	for _, s := range []string{"a NOOP\r\n", "b ", "N", "OOP\r\n"} {
		wire.WriteString(s)
		want(s)
	}
	wire.Reset()
	f = newInflater(bufio.NewReader(wire))
	var acc, n uint
	put := func(v, bits uint) { // most significant bit of a code first
		for i := range bits {
			acc |= (v >> (bits - 1 - i) & 1) << n
			if n++; n == 8 {
				wire.WriteByte(byte(acc))
				acc, n = 0, 0
			}
		}
	}
	put(0, 1)    // not the last
	put(0b10, 2) // fixed, as it travels
	for _, c := range []byte("a NOOP\r\n") {
		put(0x30+uint(c), 8)
	}
	want("a NOOP\r") // three bits of the last are not there yet
	put(0x190+0xe1-144, 9)
	want("\n")
}

func TestInflateRefuses(t *testing.T) {
	for _, s := range []string{
		"\x07", "\x06", "\x00\x01\x00\x00\x00", "\x03\x02\x00\x00", "\x05\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\xed\xff\xff\xff\xff\xff\xff\xff\xff",
	} {
		f := newInflater(bufio.NewReader(strings.NewReader(s)))
		for range 2 { // and goes on to
			if _, err := io.ReadAll(f); err == nil {
				t.Errorf("%q was read", s)
			}
		}
	}
}

// A stream that both can read is the same to both; none makes it fail otherwise than by an error.
func FuzzInflate(f *testing.F) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, 9)
	if err != nil {
		f.Fatal(err)
	}
	if _, err := w.Write(bytes.Repeat([]byte("a1 FETCH 1 FLAGS\r\n"), 30)); err != nil {
		f.Fatal(err)
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("\x4b\x4c\x04\x00"))
	f.Add([]byte("\x01\x01\x00\xfe\xffa"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		want, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(raw)), 1<<20))
		got, mine := io.ReadAll(io.LimitReader(newInflater(bufio.NewReaderSize(bytes.NewReader(raw), 16)), 1<<20))
		if err == nil && (mine != nil || !bytes.Equal(got, want)) {
			t.Fatalf("%v: %d octets, expected %d", mine, len(got), len(want))
		}
	})
}

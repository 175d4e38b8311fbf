package box

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"hopthu/mail"
)

func TestBytesComeBack(t *testing.T) {
	h := newHouse(t, Options{})
	in := InboxOf(h.account())
	rnd := rand.New(rand.NewPCG(1, 2))
	big := make([]byte, 5<<20+17) // written ahead of its transaction
	for i := range big {
		big[i] = byte(rnd.UintN(256))
	}
	texts := []string{
		"", "\r\n", "\nbody", "no header end", "A: b\n\nbare line feeds", letter("1@x", "thường"),
		"Subject: x\r\n\r\n", "X: " + strings.Repeat("y", maxHead+1000) + "\r\n\r\nbody",
		"A: b\r\n\r\n" + strings.Repeat("z", ChunkSize), "A: b\r\n\r\n" + strings.Repeat("z", ChunkSize+1),
		"A: b\r\n\r\n" + string(big),
	}
	for i, text := range texts {
		uid := h.append(in, text, 0)
		row := h.rows(in, UIDRange{uid, uid})[0]
		if got := h.read(row); got != text || row.Size != int64(len(text)) {
			t.Errorf("text %d: %d octets came back of %d", i, len(got), len(text))
		}
		r, err := h.Open(t.Context(), row)
		h.must(err)
		if len(text) > 10 {
			p := make([]byte, 7)
			off := int64(len(text) - 9)
			if n, err := r.ReadAt(p, off); err != nil || string(p[:n]) != text[off:off+7] {
				t.Errorf("text %d: ReadAt %d, %v", i, n, err)
			}
			if _, err := r.ReadAt(p, int64(len(text)-3)); !errors.Is(err, io.EOF) {
				t.Errorf("text %d: reading over the end: %v", i, err)
			}
			if n, err := r.Seek(-4, io.SeekEnd); err != nil || n != int64(len(text)-4) {
				t.Error(n, err)
			}
			if rest, err := io.ReadAll(r); err != nil || string(rest) != text[len(text)-4:] {
				t.Error(err)
			}
		}
		h.must(r.Close())
	}
	err := h.Headers(t.Context(), in, h.rows(in, UIDRange{6, 6}), func(r Row, head []byte) error {
		if !bytes.HasSuffix(head, []byte("\r\n\r\n")) || !strings.HasPrefix(texts[5], string(head)) {
			t.Errorf("%q", head)
		}
		return nil
	})
	h.must(err)
	_, err = New(h.d, Options{MaxSize: 10, Now: h.clock.now}).Stage(t.Context(), strings.NewReader("12345678901"))
	h.kind(err, mail.TooBig)
}

func TestCircularIsStoredOnce(t *testing.T) {
	h := newHouse(t, Options{})
	var to []Delivery
	for i := range 500 {
		to = append(to, Delivery{Account: h.account(), Prefix: fmt.Appendf(nil, "Delivered-To: %d@x.vn\r\n", i)})
	}
	text := letter("thong-bao@x", strings.Repeat("thông báo ", 6000))
	got, err := h.Deliver(t.Context(), h.stage(text), to)
	h.must(err)
	for i, d := range got {
		if d.Err != nil || d.UID != 1 {
			t.Fatalf("%d: %+v", i, d)
		}
	}
	page, _, err := h.blobPage(t.Context(), []byte{})
	h.must(err)
	if len(page) != 1 || page[0].Size != int64(len(text)) {
		t.Errorf("%d blobs", len(page))
	}
	row := h.rows(InboxOf(to[499].Account))[0]
	if h.read(row) != "Delivered-To: 499@x.vn\r\n"+text {
		t.Error("the copy's own header lines do not stand first")
	}
}

func TestQuota(t *testing.T) {
	h := newHouse(t, Options{Quota: 1000})
	ctx, a, b := t.Context(), h.account(), h.account()
	h.append(InboxOf(a), strings.Repeat("x", 900), 0)
	got, err := h.Deliver(ctx, h.stage(strings.Repeat("y", 200)), []Delivery{{Account: b}, {Account: a}, {Account: 999}})
	h.must(err)
	if got[0].Err != nil || mail.KindOf(got[1].Err) != mail.OverQuota || mail.KindOf(got[2].Err) != mail.NoFolder {
		t.Errorf("%+v", got)
	}
	_, err = h.Append(ctx, InboxOf(a), Mark{}, h.stage(strings.Repeat("y", 101)))
	h.kind(err, mail.OverQuota)
	_, err = h.Copy(ctx, InboxOf(a), []mail.UID{1}, "Archive")
	h.kind(err, mail.OverQuota)
	h.must(h.SetQuota(ctx, a, 10)) // already over: moving and erasing must still work
	_, err = h.Store(ctx, InboxOf(a), []mail.UID{1}, FlagChange{Mode: Add, Flags: mail.Deleted})
	h.must(err)
	_, err = h.Expunge(ctx, InboxOf(a), nil)
	h.must(err)
	q, err := h.Quota(ctx, a)
	h.must(err)
	if q != (Quota{Limit: 10}) {
		t.Errorf("%+v", q)
	}
	h.kind(h.SetQuota(ctx, 999, 1), mail.NoFolder)
}

func TestMoveInAFullBox(t *testing.T) {
	h := newHouse(t, Options{})
	a := h.account()
	h.append(InboxOf(a), strings.Repeat("x", 900), 0)
	h.must(h.SetQuota(t.Context(), a, 100))
	_, err := h.Move(t.Context(), InboxOf(a), []mail.UID{1}, "Trash")
	h.must(err)
}

func TestConcurrentDeliverers(t *testing.T) {
	h := newHouse(t, Options{})
	a, b := h.account(), h.account()
	const workers, each = 16, 20
	var wg sync.WaitGroup
	for w := range workers {
		wg.Add(1)
		mail.Go("deliverer", func() {
			defer wg.Done()
			for i := range each {
				st, err := h.Stage(t.Context(), strings.NewReader(letter(fmt.Sprintf("%d-%d", w, i), "x")))
				if err != nil {
					t.Error(err)
					return
				}
				if got, err := h.Deliver(t.Context(), st, []Delivery{{Account: b}, {Account: a}}); err != nil || got[0].Err != nil || got[1].Err != nil {
					t.Error(got, err)
				}
			}
		})
	}
	wg.Wait()
	for _, acc := range []AccountID{a, b} {
		rows := h.rows(InboxOf(acc))
		seen := map[Hash]bool{}
		for i, r := range rows {
			seen[r.Blob] = true
			if r.UID != mail.UID(i+1) {
				t.Fatalf("UID %d at place %d", r.UID, i)
			}
		}
		if len(rows) != workers*each || len(seen) != workers*each {
			t.Errorf("%d rows, %d letters", len(rows), len(seen))
		}
	}
}

func TestHeaderFields(t *testing.T) {
	head := []byte("Received: a\r\n\tb\r\nFROM : x@y\nreceived:c\r\n broken\r\nMessage-Id:\r\n <id@x>\r\n\r\nReceived: body\r\n")
	if got := HeaderFields(head, "received"); fmt.Sprintf("%q", got) != `["a\tb" "c broken"]` {
		t.Errorf("%q", got)
	}
	if got, ok := HeaderField(head, "From"); got != "x@y" || !ok {
		t.Error(got)
	}
	if got := MessageID(head); got != "id@x" {
		t.Error(got)
	}
	for head, want := range map[string]string{
		"Message-ID: bare@x\r\n": "bare@x", "X: y\r\n": "", "Message-ID: <a\xff>": "a\uFFFD",
		"Message-ID: <" + strings.Repeat("a", 1000) + ">": "",
	} {
		if got := MessageID([]byte(head)); got != want {
			t.Errorf("%q: %q", head[:20], got)
		}
	}
}

func FuzzHead(f *testing.F) {
	for _, s := range []string{"", "\r\n", "A: b\r\n\r\nc", "A: b\n\nc", "\r\r\n", "A\n \n\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		if head := headOf(p); !bytes.HasPrefix(p, head) {
			t.Errorf("%q is not the beginning of %q", head, p)
		}
		HeaderFields(p, "From")
		MessageID(p)
	})
}

func BenchmarkDeliver(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{2 << 10, 20 << 10} {
		b.Run(fmt.Sprintf("%dKB", size>>10), func(b *testing.B) {
			h := newHouse(b, Options{})
			a := h.account()
			body := make([]byte, size)
			for i := range body {
				body[i] = byte(rnd.UintN(256))
			}
			var n atomicCounter
			b.SetBytes(int64(size))
			b.SetParallelism(16)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					st, err := h.Stage(context.Background(), strings.NewReader(letter(fmt.Sprint(n.next()), string(body))))
					if err != nil {
						b.Error(err)
						return
					}
					if _, err := h.Deliver(context.Background(), st, []Delivery{{Account: a}}); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
		})
	}
}

func BenchmarkCircular500(b *testing.B) {
	h := newHouse(b, Options{})
	var to []Delivery
	for range 500 {
		to = append(to, Delivery{Account: h.account(), Prefix: []byte("Delivered-To: x\r\n")})
	}
	i := 0
	for b.Loop() {
		i++
		st := h.stage(letter(fmt.Sprint(i), strings.Repeat("thông báo ", 5000)))
		if _, err := h.Deliver(context.Background(), st, to); err != nil {
			b.Fatal(err)
		}
	}
}

type atomicCounter struct{ n atomic.Int64 }

func (c *atomicCounter) next() int64 { return c.n.Add(1) }

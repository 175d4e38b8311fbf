package sync

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"hopthu/mail"
)

// piecewise is a fakeRemote that can give pieces; each gives them as it likes.
type piecewise struct {
	*fakeRemote
	give func(raw string, off, n int64) string
}

func (p piecewise) Piece(_ context.Context, uid mail.UID, off, n int64, w io.Writer) (int64, error) {
	done, err := p.call(fmt.Sprintf("piece %d %d", uid, off))
	if err != nil {
		return 0, err
	}
	defer done()
	m, ok := p.boxes[p.open].letters[uid]
	if !ok {
		return 0, &mail.Fault{Kind: mail.Gone, Op: "piece"}
	}
	k, err := io.WriteString(w, p.give(m.raw, off, n))
	return int64(k), err
}

func honest(raw string, off, n int64) string {
	off = min(off, int64(len(raw)))
	return raw[off:min(off+n, int64(len(raw)))]
}

func TestLargeLetterComesInPieces(t *testing.T) {
	for _, c := range []struct {
		name string
		size int
		give func(string, int64, int64) string
		kind mail.FaultKind
	}{
		{"small", 1000, honest, ""},
		{"large", 3*pieceSize + 5, honest, ""},
		{"whole pieces", 2 * pieceSize, honest, ""},
		{"short pieces", 2*pieceSize + 7, func(raw string, off, n int64) string { return honest(raw, off, n-100) }, ""},
		{"without an end", 2*pieceSize + 7, func(_ string, _, n int64) string { return strings.Repeat("x", int(n)) }, mail.BadServer},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, Options{BodyMax: 10})
			raw := "From: a@x.example\r\nTo: <" + me.Address + ">\r\nSubject: x\r\n\r\nTrước ngày 30/12/2023.\r\n"
			raw += strings.Repeat("y", c.size-len(raw))
			r.remote.put("INBOX", strings.ReplaceAll(raw, "\r\n", "\n"))
			r.e.remote = piecewise{r.remote, c.give}
			stop := r.run()
			defer stop()
			r.waitState(mail.Ready)
			h := r.list("INBOX")[0]
			first, err := r.e.Begin(t.Context(), h.ID, 100)
			if want := c.give(raw, 0, 100); err != nil || string(first) != want {
				t.Errorf("begins with %q, want %q: %v", first, want, err)
			}
			err = r.e.Fetch(t.Context(), h.ID)
			if mail.KindOf(err) != c.kind {
				t.Fatal(err)
			}
			got, ok, err := r.store.Raw(t.Context(), h.ID)
			if err != nil || ok != (c.kind == "") || ok && string(got) != raw {
				t.Errorf("%d octets of %d, %v %v", len(got), len(raw), ok, err)
			}
			if c.kind != "" {
				return
			}
			asked := r.remote.count("piece") + r.remote.count("body")
			if err := r.e.Fetch(t.Context(), h.ID); err != nil || r.remote.count("piece")+r.remote.count("body") != asked {
				t.Errorf("a letter that is here was asked for again: %v", err)
			}
			terms, err := r.store.Terms(t.Context(), []mail.LetterID{h.ID})
			if err != nil || terms[h.ID].Phrase != "Trước ngày 30/12/2023" {
				t.Errorf("the deadline of its text: %+v %v", terms, err)
			}
		})
	}
}

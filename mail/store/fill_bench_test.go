package store

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"hopthu/mail"
)

// BenchmarkFill is the first fill of a sealed store: 20,000 older letters in the blocks of the engine, newest first, with the
// index of their heads left for later, as it is in a fill.
func BenchmarkFill(b *testing.B) {
	const letters, block = 20_000, 2000
	ctx := context.Background()
	r := rand.New(rand.NewPCG(1, 2))
	in := make([]Incoming, letters)
	for i := range in {
		in[i] = synthetic(r, i+1)
		in[i].Head.Duty = true
	}
	var took time.Duration
	for b.Loop() {
		b.StopTimer()
		s, err := Open(ctx, filepath.Join(b.TempDir(), "mail.db"), testKey, Options{})
		if err != nil {
			b.Fatal(err)
		}
		f := fillInbox(b, s, 1)
		b.StartTimer()
		start := time.Now()
		for hi := letters; hi > 1; hi -= block {
			if _, err := s.PutLetters(ctx, me, f, in[max(1, hi-block):hi], true); err != nil {
				b.Fatal(err)
			}
		}
		took += time.Since(start)
		b.StopTimer()
		l, err := s.List(ctx, mail.ListQuery{Folder: f})
		if err != nil || len(l.IDs) != letters {
			b.Fatal(len(l.IDs), err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(took.Microseconds())/float64(b.N)/letters, "us/letter")
}

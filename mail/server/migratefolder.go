package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"slices"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
)

// moveFolder is one folder of a Migrate.
type moveFolder struct {
	mv       *mover
	from, to string
	done     *MigratedFolder
	step     MigrationStep

	o     box.Origin
	here  map[int64][]box.Row // what was here when the move began, by size
	chunk int                 // letters asked for at once: fewer after each loss of the connection
	tried map[mail.UID]bool   // letters left by an earlier run that this one has tried
	blame map[mail.UID]int    // losses of the connection at a letter that was fetched alone
}

// pass fetches what the folder there has and was not dealt with yet. An error of the connection ends it; the next pass
// goes on from what is on disk.
func (f *moveFolder) pass(ctx context.Context) error {
	src := f.mv.m.From
	validity, err := src.Open(ctx, f.from)
	if err != nil && ctx.Err() == nil && !cut(err) {
		f.done.Err = err // this folder cannot be had; the others may
		return nil
	}
	if err != nil {
		return err
	}
	uids, err := src.UIDs(ctx)
	if err != nil {
		return err
	}
	if err := f.begin(ctx, validity); err != nil {
		return err
	}
	again, gone := f.again(uids)
	if len(gone) > 0 {
		if err := f.advance(ctx, box.Step{To: f.o.Last, Settled: gone}); err != nil {
			return err
		}
	}
	fresh := after(uids, f.o.Last)
	f.step.Letters = f.step.Letter + len(again) + len(fresh)
	if err := f.fetch(ctx, again, true); err != nil {
		return err
	}
	return f.fetch(ctx, fresh, false)
}

// after gives the part of ascending uids that lies above last.
func after(uids []mail.UID, last mail.UID) []mail.UID {
	i, found := slices.BinarySearch(uids, last)
	if found {
		i++
	}
	return uids[i:]
}

// begin finds how far the folder was fetched. When it is another folder of the same name by now (RFC 9051 2.3.1.1), or the
// mailbox here was deleted, it begins anew.
func (f *moveFolder) begin(ctx context.Context, validity uint32) error {
	b := f.mv.a.s.box
	o, ok, err := b.Origin(ctx, f.mv.account, f.mv.m.Name, f.from)
	if err != nil {
		return err
	}
	m, err := f.mailbox(ctx, o, ok)
	if err != nil {
		return err
	}
	f.done.To, f.step.To = m.Name, m.Name
	if ok && o.UIDValidity == validity && o.Ref == m.Ref {
		f.o = o
		return f.look(ctx)
	}
	f.o, err = b.BeginOrigin(ctx, box.Origin{Ref: m.Ref, Source: f.mv.m.Name, Folder: f.from, UIDValidity: validity})
	if err != nil {
		return err
	}
	return f.look(ctx)
}

// mailbox is where the letters go: where they went before, also when it was renamed here, else the mailbox of the name
// that was chosen.
func (f *moveFolder) mailbox(ctx context.Context, o box.Origin, known bool) (box.Mailbox, error) {
	if known {
		if m, err := f.mv.a.s.box.Status(ctx, o.Ref); mail.KindOf(err) != mail.NoFolder {
			return m, err
		}
	}
	return f.mv.a.mailbox(ctx, f.mv.account, f.to)
}

// look lists what was here before the move began.
func (f *moveFolder) look(ctx context.Context) error {
	f.here = map[int64][]box.Row{}
	if f.o.Base <= 1 {
		return nil
	}
	rows, err := f.mv.a.s.box.Rows(ctx, f.o.Ref, []box.UIDRange{{Lo: 1, Hi: f.o.Base - 1}})
	for _, r := range rows {
		f.here[r.Size] = append(f.here[r.Size], r)
	}
	return err
}

// again gives the letters that an earlier run left: those to be tried once more, and those that are gone by now.
func (f *moveFolder) again(uids []mail.UID) (try, gone []mail.UID) {
	for _, l := range f.o.Left {
		if _, there := slices.BinarySearch(uids, l.UID); !there {
			gone = append(gone, l.UID)
		} else if !f.tried[l.UID] {
			try = append(try, l.UID)
		}
	}
	return try, gone
}

// advance writes one step.
func (f *moveFolder) advance(ctx context.Context, st box.Step) error {
	o, err := f.mv.a.s.box.Advance(ctx, f.o, st)
	if err != nil {
		return err
	}
	f.o = o
	f.mv.progress = true
	return nil
}

// fetch brings uids, ascending, chunk by chunk.
func (f *moveFolder) fetch(ctx context.Context, uids []mail.UID, again bool) error {
	for len(uids) > 0 {
		n := min(f.chunk, len(uids))
		if err := f.fetchChunk(ctx, uids[:n], again); err != nil {
			if ctx.Err() == nil && cut(err) {
				return errors.Join(err, f.blamed(ctx, uids[:n], again, err))
			}
			return err
		}
		f.chunk = min(2*f.chunk, moveChunk)
		uids = uids[n:]
	}
	return nil
}

// blamed asks for fewer letters after the connection was lost at some; one that it is lost at again and again is left.
func (f *moveFolder) blamed(ctx context.Context, uids []mail.UID, again bool, cause error) error {
	if len(uids) > 1 {
		f.chunk = max(1, f.chunk/2)
		return nil
	}
	uid := uids[0]
	if f.blame[uid]++; f.blame[uid] < moveBlame {
		return nil
	}
	st := box.Step{To: max(f.o.Last, uid), Left: []box.Left{left(SourceLetter{UID: uid}, "connection", cause)}}
	f.tried[uid] = true
	if again {
		st.To = f.o.Last
	}
	return f.advance(ctx, st)
}

// batch is letters that are put in together.
type batch struct {
	step  box.Step
	want  []SourceLetter
	bytes int64
}

// fetchChunk brings some letters: what is small in one request, what is large one by one.
func (f *moveFolder) fetchChunk(ctx context.Context, uids []mail.UID, again bool) error {
	told := make(map[mail.UID]SourceLetter, len(uids))
	err := f.mv.m.From.Describe(ctx, uids, func(l SourceLetter) error {
		told[l.UID] = l
		return nil
	})
	if err != nil {
		return err
	}
	b := &batch{}
	for _, uid := range uids {
		l, there := told[uid]
		switch {
		case !there: // it went while we looked
			b.step.Settled = append(b.step.Settled, uid)
		case l.Size > f.mv.a.s.cfg.MaxMessage:
			b.step.Left = append(b.step.Left, left(l, "too-big", nil))
		default:
			b.want = append(b.want, l)
			b.bytes += l.Size
		}
		b.step.To = uid
		if len(b.want) >= carryLetters || b.bytes >= carryBytes {
			if err := f.put(ctx, b, again); err != nil {
				return err
			}
			b = &batch{}
		}
	}
	return f.put(ctx, b, again)
}

// put fetches the letters of a batch and writes it. When the connection is lost in it, what came before is written.
func (f *moveFolder) put(ctx context.Context, b *batch, again bool) (err error) {
	if b.step.To == 0 {
		return nil
	}
	got, err := f.small(ctx, b)
	defer func() {
		for _, st := range got {
			err = errors.Join(err, st.Close())
		}
	}()
	if err != nil && (ctx.Err() != nil || !cut(err)) {
		return err
	}
	came := 0
	for _, l := range b.want {
		st := got[l.UID]
		if st == nil && err == nil {
			if st, err = f.one(ctx, l, b); st != nil {
				got[l.UID] = st
			}
		}
		if err != nil && st == nil {
			if !cut(err) || ctx.Err() != nil {
				return err
			}
			break
		}
		came++
		if st != nil && st.Size > f.mv.a.s.cfg.MaxMessage { // it was said to be smaller
			b.step.Left = append(b.step.Left, left(l, "too-big", nil))
			continue
		}
		if st == nil { // left
			continue
		}
		if err := f.take(ctx, b, l, st); err != nil {
			return err
		}
	}
	return errors.Join(err, f.write(ctx, b, came, again))
}

// small fetches what is small with one request.
func (f *moveFolder) small(ctx context.Context, b *batch) (map[mail.UID]*box.Staged, error) {
	var uids []mail.UID
	for _, l := range b.want {
		if l.Size <= moveLetter {
			uids = append(uids, l.UID)
		}
	}
	got := make(map[mail.UID]*box.Staged, len(uids))
	if len(uids) < 2 {
		return got, nil
	}
	var own error
	err := f.mv.m.From.Bodies(ctx, uids, 2*carryBytes, func(uid mail.UID, raw []byte) error {
		if got[uid] != nil || !slices.Contains(uids, uid) {
			return nil
		}
		st, err := f.mv.a.s.box.Stage(ctx, bytes.NewReader(raw))
		if err != nil {
			own = err
			return err
		}
		got[uid] = st
		return nil
	})
	if own != nil {
		return got, own
	}
	if err != nil && ctx.Err() == nil && !cut(err) {
		err = nil // a refusal: what did not come is asked for one by one
	}
	return got, err
}

var errEnough = errors.New("no more of this letter is wanted")

// one fetches one letter. When it cannot be had, that is noted in b, and there is neither letter nor error.
func (f *moveFolder) one(ctx context.Context, l SourceLetter, b *batch) (*box.Staged, error) {
	r, w := io.Pipe()
	ended := make(chan error, 1)
	mail.Go("fetch letter", func() {
		err := f.mv.m.From.Body(ctx, l.UID, w)
		ended <- errors.Join(err, w.CloseWithError(err))
	})
	st, err := f.mv.a.s.box.Stage(ctx, r)
	closed := r.CloseWithError(errEnough)
	there := <-ended
	switch {
	case err == nil:
		return st, closed
	case ctx.Err() != nil:
		return nil, err
	case mail.KindOf(err) == mail.TooBig: // larger than it was said to be
		b.step.Left = append(b.step.Left, left(l, "too-big", nil))
		return nil, nil
	case there == nil || errors.Is(there, errEnough): // it is ours that failed
		return nil, err
	case cut(there):
		return nil, there
	}
	code := "refused"
	if mail.KindOf(there) == mail.Gone {
		code = "no-body"
	}
	b.step.Left = append(b.step.Left, left(l, code, there))
	return nil, nil
}

// take puts a letter that came into the step, unless it was here when the move began.
func (f *moveFolder) take(ctx context.Context, b *batch, l SourceLetter, st *box.Staged) error {
	b.step.Settled = append(b.step.Settled, l.UID)
	for _, row := range f.here[st.Size] {
		h, err := f.mv.a.hashOf(ctx, row)
		if err != nil {
			return err
		}
		if h == [sha256.Size]byte(st.Hash) {
			f.done.Already++
			return nil
		}
	}
	known, words := mail.ParseFlags(l.Flags)
	fit, dropped := box.FitKeywords(words)
	f.done.Keywords += dropped
	b.step.Items = append(b.step.Items, box.Item{Staged: st, Mark: box.Mark{Flags: known, Keywords: fit, Received: l.Received}})
	return nil
}

// write ends a batch of which the first came letters are dealt with.
func (f *moveFolder) write(ctx context.Context, b *batch, came int, again bool) error {
	st := b.step
	if came < len(b.want) {
		if came == 0 {
			return nil
		}
		st.To = b.want[came-1].UID
		later := func(u mail.UID) bool { return u > st.To }
		st.Settled = slices.DeleteFunc(st.Settled, later)
		st.Left = slices.DeleteFunc(st.Left, func(l box.Left) bool { return later(l.UID) })
	}
	reached := st.To
	if again {
		st.To = f.o.Last
	} else {
		st.Settled = nil
	}
	if err := f.advance(ctx, st); err != nil {
		return err
	}
	if again {
		for _, l := range f.o.Left {
			f.tried[l.UID] = f.tried[l.UID] || l.UID <= reached
		}
	}
	f.step.Letter += came
	f.done.Letters += len(st.Items)
	f.step.Fetched = f.mv.out.Letters()
	for _, it := range st.Items {
		f.mv.out.Bytes += it.Staged.Size
	}
	f.step.Bytes = f.mv.out.Bytes
	f.mv.m.Told(f.step)
	return nil
}

package sync

import (
	"context"
	"fmt"

	"hopthu/mail"
)

// Batched is what a Remote offers that can give several letters in one round trip.
type Batched interface {
	// Bodies gives whole letters of the open folder, in any order, each at most once; vanished ones are left out. It keeps
	// no more than most octets in memory: letters beyond are left out too. raw is the callee's to keep.
	Bodies(ctx context.Context, uids []mail.UID, most int64, each func(uid mail.UID, raw []byte) error) error
}

// Letters whose texts are asked for at once: so many, of so many octets together.
const (
	textsAtOnce = 16
	textsOctets = 1 << 20
)

// texts fetches letters while nobody waits, newest first, so that they can be read offline and searched.
func (e *Engine) texts(ctx context.Context) error {
	heads, err := e.store.Bodyless(ctx, e.account.ID, e.o.Bodies, e.o.BodyMax)
	if err != nil {
		return err
	}
	if len(heads) > 0 {
		e.watching()
	}
	refreshes := e.refreshes
	for done := 0; done < len(heads); {
		batch := e.batch(heads[done:])
		if err := e.several(ctx, batch); err != nil {
			return err
		}
		done += len(batch)
		e.status.Done, e.status.Total = done, len(heads)
		e.report(false)
		if err := e.between(ctx); err != nil {
			return err
		}
		select {
		case <-e.hint: // news goes first; the rest of the texts comes with the next pass
			poke(e.hint)
			return nil
		case <-e.kick:
			poke(e.kick)
			return nil
		default:
		}
	}
	if e.refreshes != refreshes { // what came in between has no text yet, and perhaps nobody hints at it
		poke(e.hint)
	}
	return nil
}

// batch is how many of the first heads are fetched together: neighbours of one folder, small enough.
func (e *Engine) batch(heads []mail.Head) []mail.Head {
	if _, ok := e.remote.(Batched); !ok {
		return heads[:1]
	}
	n, octets := 0, int64(0)
	for _, h := range heads[:min(len(heads), textsAtOnce)] {
		if octets += h.Size; n > 0 && (h.Folder != heads[0].Folder || octets > textsOctets) {
			break
		}
		n++
	}
	return heads[:n]
}

// several brings the texts of a batch. What does not come together is asked for by itself, and who opens a letter that
// does not come at all is told.
func (e *Engine) several(ctx context.Context, batch []mail.Head) error {
	if len(batch) > 1 {
		if err := e.together(ctx, batch); err != nil && !e.forgivable(err) {
			return err
		}
	}
	for _, h := range batch {
		if e.spoiled[h.ID] || e.huge[h.ID] {
			continue
		}
		err := e.body(ctx, h.ID) // nothing to do if it came
		switch {
		case err == nil:
		case mail.KindOf(err) == mail.TooLarge: // the connection was given up for it: not again
			e.huge[h.ID] = true
			return err
		case e.forgivable(err):
			e.spoiled[h.ID] = true
		default:
			return err
		}
	}
	return nil
}

// forgivable reports whether an error concerns one letter or folder alone.
func (e *Engine) forgivable(err error) bool {
	switch mail.KindOf(err) {
	case mail.Gone, mail.TryLater, mail.Refused, mail.NoFolder, mail.TooBig:
		return true
	default:
		return false
	}
}

// together asks for the letters of one folder in one breath.
func (e *Engine) together(ctx context.Context, batch []mail.Head) error {
	remote, ok := e.remote.(Batched)
	if !ok {
		return nil
	}
	ids := map[mail.UID]mail.LetterID{}
	var uids []mail.UID
	for _, h := range batch {
		now, err := e.store.Head(ctx, h.ID)
		if mail.KindOf(err) == mail.Gone {
			continue
		}
		if err != nil {
			return err
		}
		if now.UID != 0 && now.Folder == batch[0].Folder && !now.Bodied && !e.spoiled[h.ID] && !e.huge[h.ID] {
			ids[now.UID] = h.ID
			uids = append(uids, now.UID)
		}
	}
	if len(uids) < 2 {
		return nil
	}
	f, err := e.store.Folder(ctx, batch[0].Folder)
	if err != nil {
		return err
	}
	resets := e.resets
	if err := e.open(ctx, f); err != nil || e.resets != resets {
		return err
	}
	type text struct {
		id  mail.LetterID
		raw []byte
	}
	var came []text
	err = remote.Bodies(ctx, uids, 2*textsOctets, func(uid mail.UID, raw []byte) error {
		if id, ok := ids[uid]; ok {
			came = append(came, text{id, raw})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("fetch letters: %w", err)
	}
	for _, c := range came {
		if err := KeepBody(ctx, e.store, c.id, c.raw, e.o.Calendar); err != nil {
			return err
		}
	}
	return nil
}

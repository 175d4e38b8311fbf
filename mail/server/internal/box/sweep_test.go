package box

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
)

func TestWatch(t *testing.T) {
	h := newHouse(t, Options{Watch: 3})
	ctx, in := t.Context(), InboxOf(h.account())
	w := h.Watch(in)
	other := h.Watch(Ref{in.Account, in.Mailbox + 1})
	defer other.Close()
	h.append(in, letter("1", "x"), 0)
	_, err := h.Store(ctx, in, []mail.UID{1}, FlagChange{Mode: Add, Flags: mail.Deleted})
	h.must(err)
	_, err = h.Expunge(ctx, in, nil)
	h.must(err)
	<-w.Ready()
	list, over := w.Take()
	if over || len(list) != 3 || list[0].Kind != Arrived || list[1].Kind != Reflag || list[2].Kind != Vanished ||
		!slices.IsSortedFunc(list, func(a, b Change) int { return int(int64(a.ModSeq) - int64(b.ModSeq)) }) {
		t.Errorf("%+v %v", list, over)
	}
	for i := range 4 {
		h.append(in, letter(fmt.Sprint("n", i), "x"), 0)
	}
	<-w.Ready()
	if list, over := w.Take(); !over || list != nil {
		t.Errorf("%+v %v: four changes do not fit in three places", list, over)
	}
	h.append(in, letter("after", "x"), 0)
	if list, over := w.Take(); over || len(list) != 1 || list[0].UIDs[0] != 6 {
		t.Errorf("%+v %v", list, over)
	}
	select {
	case <-other.Ready():
		t.Error("another mailbox's change was told")
	default:
	}
	w.Close()
	w.Close()
	h.append(in, letter("closed", "x"), 0)
	if list, _ := w.Take(); list != nil {
		t.Error(list)
	}
	if len(h.room.all) != 1 {
		t.Error("a closed watch is still on the list")
	}
}

func TestSweep(t *testing.T) {
	h := newHouse(t, Options{})
	ctx, a := t.Context(), h.account()
	in := InboxOf(a)
	h.append(in, letter("keep", "x"), 0)
	h.append(in, letter("drop", strings.Repeat("y", ChunkSize*2)), mail.Deleted)
	start := h.status(in).HighestModSeq
	row := h.rows(in, UIDRange{2, 2})[0]
	_, err := h.Expunge(ctx, in, nil)
	h.must(err)
	sweep := func(keep time.Duration) int {
		t.Helper()
		n, err := h.Sweep(ctx, keep)
		h.must(err)
		return n
	}
	if n := sweep(time.Hour); n != 0 {
		t.Error("removed at once", n)
	}
	h.clock.add(23 * time.Hour)
	if n := sweep(48 * time.Hour); n != 0 || len(h.read(row)) != int(row.Size) {
		t.Error("removed before a day was over", n)
	}
	h.append(in, letter("drop", strings.Repeat("y", ChunkSize*2)), mail.Deleted) // comes again: taken back
	h.clock.add(23 * time.Hour)
	if n := sweep(48 * time.Hour); n != 0 {
		t.Error("removed although in use", n)
	}
	_, err = h.Expunge(ctx, in, nil)
	h.must(err)
	sweep(48 * time.Hour)
	h.clock.add(25 * time.Hour)
	if d, err := h.Changes(ctx, in, start); err != nil || d.Reload || len(d.Vanished) != 2 {
		t.Errorf("%+v %v", d, err)
	}
	if n := sweep(time.Hour); n != 1 {
		t.Error("removed", n)
	}
	_, err = h.Open(ctx, row)
	h.kind(err, mail.Gone)
	if d, err := h.Changes(ctx, in, start); err != nil || !d.Reload || uids(d.Rows) != "[1]" || d.Vanished != nil {
		t.Errorf("%+v %v: the log no longer reaches back", d, err)
	}
	if d, err := h.Changes(ctx, in, h.status(in).HighestModSeq); err != nil || d.Reload {
		t.Errorf("%+v %v", d, err)
	}
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	h := newHouse(t, Options{})
	in := InboxOf(h.account())
	h.append(in, letter("1", "x"), 0)
	h.must(h.Check(t.Context()))
	errBack := errors.New("back")
	err := h.d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		h.must(tx.Q.DropBlob(ctx, h.rowsTx(ctx, tx, in)[0].Blob[:]))
		n, err := tx.Q.LettersWithoutBlob(ctx)
		if err != nil || n != 1 {
			t.Error(n, err)
		}
		h.must(addCounts(ctx, tx.Q, in, counts{letters: 1}))
		if err := checkAccount(ctx, tx.Q, int64(in.Account)); err == nil {
			t.Error("a wrong count was not found")
		}
		return errBack
	})
	if !errors.Is(err, errBack) {
		t.Error(err)
	}
}

func (h *house) rowsTx(ctx context.Context, tx *db.Tx, ref Ref) []Row {
	h.t.Helper()
	rows, err := readRows(ctx, tx.Q, ref, UIDRange{Lo: 1})
	h.must(err)
	return rows
}

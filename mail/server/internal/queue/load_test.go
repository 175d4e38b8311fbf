package queue

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/register"
)

// shop is a server as the helper process and its examiner open it.
type shop struct {
	d   *db.DB
	box *box.Service
	reg *register.Register
	q   *Queue
	who register.Box
	to  register.Box
}

func openShop(ctx context.Context, dir, vfs string) (*shop, error) {
	return openShopWith(ctx, dir, db.Options{VFS: vfs})
}

func openShopWith(ctx context.Context, dir string, o db.Options) (s *shop, err error) {
	now := func() time.Time { return time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC) }
	o.Now = now
	d, err := db.Open(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	s = &shop{d: d, box: box.New(d, box.Options{Now: now, Spool: dir})}
	s.reg, err = register.New(ctx, d, s.box, register.Options{
		Domain: "x.vn", Now: now, Rand: rand.Reader,
		Hash: register.HashCost{Memory: 64, Time: 1, Threads: 1},
	})
	if err != nil {
		return nil, err
	}
	s.q, err = New(d, s.box, s.reg, Options{Host: "mail.x.vn", Now: now, Rand: rand.Reader, Relay: &fakeRelay{}})
	if err != nil {
		return nil, err
	}
	for name, b := range map[string]*register.Box{"gui": &s.who, "nhan": &s.to} {
		if *b, err = s.reg.Lookup(ctx, name+"@x.vn"); mail.KindOf(err) == mail.BadAddress {
			_, *b, err = s.reg.AddUnit(ctx, register.Actor{Door: register.Admin}, register.Unit{Name: name, Regulation: name})
		}
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

// body is the letter of an id. Those of ids that begin with big are stored piece by piece before their transaction.
func body(id string) string {
	if strings.HasPrefix(id, "big") {
		return "Message-ID: <" + id + ">\r\n\r\n" + strings.Repeat(id+"\r\n", 5<<20/(len(id)+2))
	}
	return "Message-ID: <" + id + ">\r\nSubject: x\r\n\r\n" + strings.Repeat(id+"\r\n", 200)
}

func (s *shop) act(ctx context.Context, id string, i int, say func(...any)) error {
	e := Envelope{Account: s.who.Account, From: s.who.Wire, To: To(s.to.Wire, fmt.Sprint("dan@", i, ".example"))}
	say("begin", id)
	if _, err := s.q.Accept(ctx, e, strings.NewReader(body(id))); err != nil {
		return err
	}
	say("accepted", id)
	in := box.InboxOf(s.to.Account)
	uids, err := s.box.FindMessageID(ctx, in, id)
	if err != nil || len(uids) != 1 {
		return fmt.Errorf("find %s: %v, %w", id, uids, err)
	}
	switch i % 5 {
	case 0:
		if _, err := s.box.Store(ctx, in, uids, box.FlagChange{Mode: box.Add, Flags: mail.Seen | mail.Answered}); err != nil {
			return err
		}
		say("answered", id)
	case 1:
		say("moving", id)
		if _, err := s.box.Move(ctx, in, uids, "Archive"); err != nil {
			return err
		}
		say("moved", id)
	case 2:
		say("copying", id)
		if _, err := s.box.Copy(ctx, in, uids, "Archive"); err != nil {
			return err
		}
		say("copied", id)
	case 3:
		return s.appendOne(ctx, in, "draft-"+id, say)
	default:
		if _, err := s.box.Store(ctx, in, uids, box.FlagChange{Mode: box.Add, Flags: mail.Deleted}); err != nil {
			return err
		}
		say("erasing", id)
		if _, err := s.box.Expunge(ctx, in, uids); err != nil {
			return err
		}
		say("erased", id)
	}
	return nil
}

func (s *shop) appendOne(ctx context.Context, in box.Ref, id string, say func(...any)) error {
	st, err := s.box.Stage(ctx, strings.NewReader(body(id)))
	if err != nil {
		return err
	}
	say("begin", id)
	if _, err = s.box.Append(ctx, in, box.Mark{Flags: mail.Seen | mail.Answered}, st); err == nil {
		say("accepted", id)
		say("answered", id)
	}
	return errors.Join(err, st.Close())
}

// examine holds what is there against what was acknowledged, and closes the shop.
func examine(t *testing.T, s *shop, said map[string]map[string]bool) {
	t.Helper()
	ctx := t.Context()
	archive, err := s.box.Find(ctx, s.to.Account, "Archive")
	if err != nil {
		t.Fatal(err)
	}
	queued := map[string]int{}
	list, err := s.q.List(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range list {
		queued[item.ID]++
	}
	letters := 0
	for id, acts := range said {
		in, err1 := s.box.FindMessageID(ctx, box.InboxOf(s.to.Account), id)
		moved, err2 := s.box.FindMessageID(ctx, archive.Ref, id)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(id, "draft-") && len(in)+len(moved) > 0 {
			letters++
		}
		checkActs(t, s, id, acts, in, len(moved))
	}
	for id, n := range queued {
		if n != 1 {
			t.Errorf("queue item %s stands %d times", id, n)
		}
	}
	if n := len(queued); n < letters {
		t.Errorf("%d letters on the way outside, but %d delivered here", n, letters)
	}
	if err := errors.Join(s.d.Check(ctx), s.box.Check(ctx), s.reg.Check(ctx), s.q.Check(ctx), s.d.Close()); err != nil {
		t.Error(err)
	}
}

func checkActs(t *testing.T, s *shop, id string, acts map[string]bool, in []mail.UID, moved int) {
	t.Helper()
	n := len(in) + moved
	switch {
	case acts["erased"] && n != 0:
		t.Errorf("%s: erased, and there %d times", id, n)
	case acts["moved"] && (moved != 1 || len(in) != 0):
		t.Errorf("%s: moved, and %d times in the inbox, %d in the archive", id, len(in), moved)
	case acts["copied"] && (moved != 1 || len(in) != 1):
		t.Errorf("%s: copied, and %d times in the inbox, %d in the archive", id, len(in), moved)
	case acts["copying"]:
		if moved > 1 || len(in) != 1 {
			t.Errorf("%s: being copied, and %d times in the inbox, %d in the archive", id, len(in), moved)
		}
	case acts["accepted"] && !acts["erasing"] && n != 1:
		t.Errorf("%s: acknowledged, and there %d times", id, n)
	case n > 1:
		t.Errorf("%s: there %d times", id, n)
	}
	if !acts["answered"] || len(in) != 1 {
		return
	}
	rows, err := s.box.Rows(t.Context(), box.InboxOf(s.to.Account), []box.UIDRange{{Lo: in[0], Hi: in[0]}})
	if err != nil || !rows[0].Flags.Has(mail.Seen|mail.Answered) {
		t.Errorf("%s: its flags were acknowledged and are %v, %v", id, rows[0].Names(), err)
		return
	}
	r, err := s.box.Open(t.Context(), rows[0])
	if err != nil {
		t.Error(err)
		return
	}
	if p, err := io.ReadAll(r); err != nil || !strings.HasSuffix(string(p), body(id)) {
		t.Errorf("%s: its bytes are not its own, %v", id, err)
	}
}

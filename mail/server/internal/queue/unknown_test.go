package queue

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
)

// lostAnswer breaks commits when it is told to.
type lostAnswer struct {
	do     func(commit func() error) error // nil: all is well
	broken int
}

func (l *lostAnswer) commit(commit func() error) error {
	if l.do == nil {
		return commit()
	}
	l.broken++
	return l.do(commit)
}

var errLost = errors.New("the connection broke")

// unknownActs are the acts of the doors; each must be done once whatever becomes of the answer to its commit. id names
// one letter in the inbox.
var unknownActs = map[string]func(ctx context.Context, s *shop, id string) error{
	"accept": func(ctx context.Context, s *shop, id string) error {
		_, err := s.q.Accept(ctx, Envelope{Account: s.who.Account, From: s.who.Wire, To: To(s.to.Wire)}, strings.NewReader(body("new-"+id)))
		return err
	},
	"append": func(ctx context.Context, s *shop, id string) error {
		return s.appendOne(ctx, box.InboxOf(s.to.Account), "new-"+id, func(...any) {})
	},
	"copy": func(ctx context.Context, s *shop, id string) error {
		uids, err := s.box.FindMessageID(ctx, box.InboxOf(s.to.Account), id)
		if err != nil {
			return err
		}
		_, err = s.box.Copy(ctx, box.InboxOf(s.to.Account), uids, "Archive")
		return err
	},
	"move": func(ctx context.Context, s *shop, id string) error {
		uids, err := s.box.FindMessageID(ctx, box.InboxOf(s.to.Account), id)
		if err != nil {
			return err
		}
		_, err = s.box.Move(ctx, box.InboxOf(s.to.Account), uids, "Archive")
		return err
	},
	"expunge": func(ctx context.Context, s *shop, id string) error {
		_, err := s.box.Expunge(ctx, box.InboxOf(s.to.Account), nil)
		return err
	},
	"store": func(ctx context.Context, s *shop, id string) error {
		uids, err := s.box.FindMessageID(ctx, box.InboxOf(s.to.Account), id)
		if err != nil {
			return err
		}
		_, err = s.box.Store(ctx, box.InboxOf(s.to.Account), uids, box.FlagChange{Mode: box.Add, Flags: mail.Answered})
		return err
	},
}

// state says where the letters are and with which flags.
func (s *shop) state(t *testing.T) string {
	t.Helper()
	out := ""
	for _, name := range []string{"INBOX", "Archive"} {
		m, err := s.box.Find(t.Context(), s.to.Account, name)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := s.box.Rows(t.Context(), m.Ref, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = s.box.Headers(t.Context(), m.Ref, rows, func(r box.Row, head []byte) error {
			out += fmt.Sprintf("%s %d %s %v; ", name, r.UID, box.MessageID(head), r.Names())
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// openUnknown opens a shop with one letter in the inbox, marked to be expunged.
func openUnknown(t *testing.T, dir, fs string, lost *lostAnswer) *shop {
	t.Helper()
	s, err := openShopWith(t.Context(), dir, db.Options{VFS: fs, Commit: lost.commit})
	if err == nil {
		err = s.appendOne(t.Context(), box.InboxOf(s.to.Account), "1@x", func(...any) {})
	}
	if err == nil {
		_, err = s.box.Store(t.Context(), box.InboxOf(s.to.Account), []mail.UID{1}, box.FlagChange{Mode: box.Replace, Flags: mail.Deleted})
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The answer to a commit can be lost while the commit is done, or be an error that is true: the act is read back by the
// key that was written with it, and OK means that it is there, once.
func TestAnswerToACommitIsLost(t *testing.T) {
	for name, act := range unknownActs {
		t.Run(name, func(t *testing.T) {
			lost := &lostAnswer{}
			s := openUnknown(t, t.TempDir(), "", lost)
			before := s.state(t)

			lost.do = func(func() error) error { return errLost }
			if err := act(t.Context(), s, "1@x"); err == nil || lost.broken == 0 {
				t.Fatalf("answered OK to a commit that was not made; %d broken", lost.broken)
			}
			if got := s.state(t); got != before {
				t.Errorf("it was refused, and %s became %s", before, got)
			}

			lost.do, lost.broken = func(commit func() error) error { return errors.Join(commit(), errLost) }, 0
			if err := act(t.Context(), s, "1@x"); err != nil || lost.broken != 1 {
				t.Errorf("it is on disk and was refused: %v; %d broken", err, lost.broken)
			}
			once := s.state(t)
			lost.do = nil

			// The same without any fault does the same.
			plain := openUnknown(t, t.TempDir(), "", &lostAnswer{})
			if err := act(t.Context(), plain, "1@x"); err != nil {
				t.Fatal(err)
			}
			if want := plain.state(t); once != want || once == before {
				t.Errorf("it left %s, and without a fault %s", once, want)
			}
			for _, s := range []*shop{s, plain} {
				if err := errors.Join(s.d.Check(t.Context()), s.box.Check(t.Context()), s.q.Check(t.Context()), s.d.Close()); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// The power goes right after a commit, or right before it: OK is answered only when what can still be read says that it
// is on disk, and is true after the restart; who submits a letter again finds it there once.
func TestPowerGoesAtACommit(t *testing.T) {
	for name, act := range unknownActs {
		for _, made := range []bool{true, false} {
			t.Run(fmt.Sprint(name, " ", made), func(t *testing.T) {
				fs := strings.ReplaceAll(t.Name(), "/", "-")
				disk := newLossyDisk(1, nil)
				lost := &lostAnswer{}
				s := openUnknown(t, filepath.Join(t.TempDir(), "d"), disk.register(t, "unknown-"+fs), lost)
				lost.do = func(commit func() error) error {
					var err error
					if made {
						err = commit()
					}
					disk.cut()
					return errors.Join(err, errLost)
				}
				said := act(t.Context(), s, "1@x")
				if kind := mail.KindOf(said); kind != mail.TryLater && (kind != "" || !made) {
					t.Errorf("answered %v", said)
				}
				if err := s.d.Close(); err != nil {
					t.Logf("closing without power: %v", err)
				}
				left := newLossyDisk(1, disk.image())
				again, err := openShop(t.Context(), t.TempDir(), left.register(t, "left-"+fs))
				if err != nil {
					t.Fatal(err)
				}
				if after := again.state(t); (after == "INBOX 1 1@x [\\Deleted]; ") == made {
					t.Errorf("made: %v, answered %v, and there is %s", made, said, after)
				}
				if name == "accept" { // RFC 5321 4.5.4.1: the client sends again
					r, err := again.q.Accept(t.Context(), Envelope{Account: again.who.Account, From: again.who.Wire, To: To(again.to.Wire)}, strings.NewReader(body("new-1@x")))
					if err != nil || r.Duplicate != made {
						t.Errorf("%+v, %v", r, err)
					}
					uids, err := again.box.FindMessageID(t.Context(), box.InboxOf(again.to.Account), "new-1@x")
					if err != nil || len(uids) != 1 {
						t.Errorf("it is there as %v, %v", uids, err)
					}
				}
				if err := errors.Join(again.d.Check(t.Context()), again.box.Check(t.Context()), again.q.Check(t.Context()), again.d.Close()); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

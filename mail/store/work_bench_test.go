package store

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"hopthu/mail"
)

// agency100k is an agency's box of 100,000 letters that oblige to answer, 3,000 of them unanswered; the office has a record of each
// that was answered, and 300 of the others are somebody's.
func agency100k(b *testing.B) (*Store, mail.AccountID) {
	b.Helper()
	ctx := b.Context()
	s, err := Open(ctx, filepath.Join(b.TempDir(), "mail.db"), testKey, Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	fillInbox(b, s, 100_000)
	a := mail.Account{ID: me, Address: "skhdt@ninhbinh.example", As: "skhdt@ninhbinh.example", Official: true, Person: mail.Person{Addr: "ha@ninhbinh.example"}}
	if err := s.PutAccount(ctx, a); err != nil {
		b.Fatal(err)
	}
	answered, err := json.Marshal(mail.Work{State: mail.WorkAnswered, Version: 1})
	if err != nil {
		b.Fatal(err)
	}
	doing, err := json.Marshal(mail.Work{State: mail.WorkDoing, Version: 1, Holder: a.Person})
	if err != nil {
		b.Fatal(err)
	}
	if err := s.write(ctx, "make work", func(t *tx) error {
		return t.db.Exec(fmt.Sprintf(`UPDATE letter SET duty=1, awaits = id %% 33 = 0, flags = flags | CASE WHEN id %% 33 = 0 THEN 0 ELSE 2 END;
			INSERT INTO work SELECT account, wkey, 'answered', '', '', 0, '', 0, 0, '%[1]s', '%[1]s' FROM letter WHERE id %% 33 <> 0 AND wkey IS NOT NULL;
			INSERT INTO work SELECT account, wkey, 'doing', 'ha@ninhbinh.example', 'Hà', 1, '', 0, 0, '%[2]s', '%[2]s' FROM letter WHERE id %% 330 = 0 AND wkey IS NOT NULL;`,
			answered, doing))
	}); err != nil {
		b.Fatal(err)
	}
	return s, me
}

// BenchmarkWork100k is what the agency's page asks for.
func BenchmarkWork100k(b *testing.B) {
	s, account := agency100k(b)
	ctx := context.Background()
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			byState, byHolder, err := s.CountWork(ctx, account)
			if err != nil || byState[mail.WorkDoing] == 0 || byState[mail.WorkOpen]+byState[mail.WorkDoing] < 3000 || byHolder["ha@ninhbinh.example"] == 0 {
				b.Fatal(byState, byHolder, err)
			}
		}
	})
	for _, q := range []struct {
		name, holder string
		state        mail.WorkState
	}{{"waiting", "", ""}, {"mine", "ha@ninhbinh.example", ""}, {"nobody", "-", ""}, {"answered", "", mail.WorkAnswered}} {
		b.Run(q.name, func(b *testing.B) {
			for b.Loop() {
				list, err := s.ListWork(ctx, account, q.holder, q.state)
				if err != nil || len(list) == 0 {
					b.Fatal(len(list), err)
				}
			}
		})
	}
	b.Run("people", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.WorkPeople(ctx, account); err != nil {
				b.Fatal(err)
			}
		}
	})
}

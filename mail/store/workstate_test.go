package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
	"hopthu/mail/api"
)

// asked is what ListWork and CountWork would find if each letter were asked: key is holder and state.
func (b *box) asked() map[[2]string][]mail.LetterID {
	b.t.Helper()
	out := map[[2]string][]mail.LetterID{}
	b.must(b.read(b.ctx(), "ask each letter", func(c *conn) error {
		return c.each("SELECT l.id, coalesce(w.holder,''), "+workState+` FROM letter l JOIN account a ON a.n=l.account JOIN folder f ON f.id=l.folder`+joinWork+`
			WHERE l.wkey IS NOT NULL AND f.role NOT IN ('trash','junk','drafts','sent') AND (l.duty=1 OR w.key IS NOT NULL) ORDER BY l.received DESC, l.id DESC`,
			func(st *sqlite3.Stmt) error {
				k := [2]string{st.ColumnText(1), st.ColumnText(2)}
				out[k] = append(out[k], mail.LetterID(st.ColumnInt64(0)))
				return nil
			})
	}))
	return out
}

// TestWorkStateFollows: whatever happens to letters and their work, lists and counts are those that a look at each letter gives.
func TestWorkStateFollows(t *testing.T) {
	for seed := range uint64(4) {
		rnd := rand.New(rand.NewPCG(seed, 15)) //nolint:gosec // a test's
		b := openBox(t)
		b.agency(seed%2 == 1)
		roles := []mail.Role{mail.RoleInbox, mail.RoleArchive, mail.RoleTrash}
		var ids []mail.LetterID
		n := 0
		for range 120 {
			pick := func() []mail.LetterID {
				if len(ids) == 0 {
					return nil
				}
				return []mail.LetterID{ids[rnd.IntN(len(ids))]}
			}
			who := []mail.Person{ha, hung, {}}[rnd.IntN(3)]
			switch k := rnd.IntN(12); {
			case k < 3 || len(ids) == 0:
				n++
				ids = append(ids, b.put(roles[rnd.IntN(2)], letter(n, "x", func(h *mail.Head) { h.Duty = rnd.IntN(3) > 0 }))...)
			case k < 5:
				_, err := b.Flag(b.ctx(), pick(), []mail.Flags{mail.Answered, mail.NoReply, mail.Seen}[rnd.IntN(3)], 0)
				b.must(err)
			case k < 6:
				_, err := b.Flag(b.ctx(), pick(), 0, mail.Answered|mail.NoReply)
				b.must(err)
			case k < 7:
				_, err := b.Move(b.ctx(), pick(), b.folder(roles[rnd.IntN(len(roles))]).ID)
				b.must(err)
			case k < 9:
				b.act([]string{api.ActTake, api.ActReturn, api.ActReopen, api.ActExcuse, api.ActAnswer, api.ActNote}[rnd.IntN(6)], mail.Person{}, "y", pick()...)
			case k < 10:
				key := b.work(pick()[0]).Key
				b.said(mail.Work{Key: key, State: workStates[rnd.IntN(4)], Holder: who, Version: int64(rnd.IntN(100))})
			case k < 11: // an answer to a letter that is here, or comes later, by another client
				n++
				b.put(mail.RoleSent, letter(n, "y", func(h *mail.Head) {
					h.InReplyTo = []string{fmt.Sprintf("m%d@ninhbinh.example", 1+rnd.IntN(n+3))}
				}))
			default:
				b.must(b.PutWorks(b.ctx(), me, nil, 100, true))
			}
			b.followed()
		}
		b.must(b.Close())
	}
}

// TestWorkStateOfAnOlderStore: a store filled before the state was kept with each letter has it after the upgrade.
func TestWorkStateOfAnOlderStore(t *testing.T) {
	b := openBox(t)
	b.agency(true)
	var ids []mail.LetterID
	for n := range 8 {
		ids = append(ids, b.put([]mail.Role{mail.RoleInbox, mail.RoleTrash}[n/7], letter(n+1, "x", func(h *mail.Head) { h.Duty = n != 3 }))...)
	}
	for flag, id := range map[mail.Flags]mail.LetterID{mail.Answered: ids[0], mail.NoReply: ids[1]} {
		_, err := b.Flag(b.ctx(), []mail.LetterID{id}, flag, 0)
		b.must(err)
	}
	b.act(api.ActTake, mail.Person{}, "", ids[2], ids[3])
	b.act(api.ActAnswer, mail.Person{}, "", ids[4])
	b.said(mail.Work{Key: b.work(ids[5]).Key, State: mail.WorkDoing, Holder: hung, Version: 7})
	before, holders, err := b.CountWork(b.ctx(), me)
	b.must(err)
	b.must(b.write(b.ctx(), "test", func(t *tx) error {
		for _, name := range []string{
			"TRIGGER letter_worked", "TRIGGER work_added", "TRIGGER work_changed", "TRIGGER work_dropped", "TRIGGER folder_worked",
			"INDEX letter_wstate", "INDEX work_holder", "INDEX work_held", "TABLE leave_op",
		} {
			if err := t.db.Exec("DROP " + name); err != nil {
				return err
			}
		}
		return t.db.Exec(fmt.Sprintf("ALTER TABLE letter DROP COLUMN wstate; PRAGMA user_version=%d", slices.Index(migrations, workStateSchema)))
	}))
	b.must(b.Close())
	b.open()
	b.followed()
	if after, held, err := b.CountWork(b.ctx(), me); err != nil || len(after) != 4 || fmt.Sprint(after, held) != fmt.Sprint(before, holders) {
		t.Errorf("counted %v %v before, %v %v after the upgrade: %v", before, holders, after, held, err)
	}
	_, err = b.Flag(b.ctx(), ids[6:7], mail.Answered, 0) // and it follows
	b.must(err)
	b.followed()
}

func (b *box) followed() {
	b.t.Helper()
	want := b.asked()
	byState, byHolder, err := b.CountWork(b.ctx(), me)
	b.must(err)
	states, holders := map[mail.WorkState]int{}, map[string]int{}
	for k, list := range want {
		state := mail.WorkState(k[1])
		if state == "" {
			continue // of nobody's business
		}
		states[state] += len(list)
		if state == mail.WorkOpen || state == mail.WorkDoing {
			holders[k[0]] += len(list)
		}
	}
	if fmt.Sprint(byState) != fmt.Sprint(states) || fmt.Sprint(byHolder) != fmt.Sprint(holders) {
		b.t.Fatalf("counted %v %v, asked %v %v", byState, byHolder, states, holders)
	}
	for _, holder := range []string{"", "-", ha.Addr, hung.Addr} {
		for _, state := range append([]mail.WorkState{""}, workStates...) {
			var all []mail.LetterID
			for k, list := range want {
				open := k[1] == string(mail.WorkOpen) || k[1] == string(mail.WorkDoing)
				if (holder == "" || holder == "-" && k[0] == "" || holder == k[0]) && (k[1] == string(state) || state == "" && open) {
					all = append(all, list...)
				}
			}
			got, err := b.ListWork(b.ctx(), me, holder, state)
			b.must(err)
			sorted := slices.Clone(got)
			slices.Sort(sorted)
			slices.Sort(all)
			if !slices.Equal(sorted, all) {
				b.t.Fatalf("list of %q %q: %v, asked %v", holder, state, got, all)
			}
		}
	}
}

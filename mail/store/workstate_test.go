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

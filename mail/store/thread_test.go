package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"hopthu/mail"
)

// conversation is four letters: a question, an answer, an answer to that, and a second answer to the question.
func conversation(n int) []Incoming {
	mid := func(i int) string { return fmt.Sprintf("c%d.%d@ninhbinh.example", n, i) }
	one := func(i int, up ...int) Incoming {
		return letter(i, "Xin ý kiến", func(h *mail.Head) {
			h.MessageID = mid(i)
			for _, u := range up {
				h.References = append(h.References, mid(u))
				h.InReplyTo = []string{mid(u)}
			}
		})
	}
	return []Incoming{one(1), one(2, 1), one(3, 1, 2), one(4, 1)}
}

// TestThreadsInAnyOrder: whatever the order of arrival, the same conversation comes out.
func TestThreadsInAnyOrder(t *testing.T) {
	perm := []int{0, 1, 2, 3}
	var orders [][]int
	var walk func(int)
	walk = func(k int) {
		if k == len(perm) {
			orders = append(orders, slices.Clone(perm))
			return
		}
		for i := k; i < len(perm); i++ {
			perm[k], perm[i] = perm[i], perm[k]
			walk(k + 1)
			perm[k], perm[i] = perm[i], perm[k]
		}
	}
	walk(0)
	if len(orders) != 24 {
		t.Fatalf("%d orders", len(orders))
	}
	b := openBox(t)
	for n, order := range orders {
		b.must(b.ResetFolder(b.ctx(), b.folder(mail.RoleInbox).ID))
		ids := make([]mail.LetterID, 4)
		for _, i := range order {
			ids[i] = b.put(mail.RoleInbox, conversation(n)[i])[0]
		}
		for _, id := range ids {
			th, err := b.Thread(b.ctx(), id)
			b.must(err)
			if !slices.Equal(th, ids) {
				t.Errorf("order %v: conversation of %d is %v, want %v", order, id, th, ids)
			}
		}
		b.check()
	}
}

func TestThreadOddities(t *testing.T) {
	b := openBox(t)
	same := func(h *mail.Head) { h.MessageID = "same@x" }
	none := func(h *mail.Head) { h.MessageID = "" }
	self := func(h *mail.Head) { h.References = []string{h.MessageID, h.MessageID} }
	many := func(h *mail.Head) {
		for i := range 5000 {
			h.References = append(h.References, fmt.Sprintf("r%d@x", i))
		}
	}
	ids := b.put(mail.RoleInbox, letter(1, "a", same), letter(2, "b", same), letter(3, "Re: a", none), letter(4, "Re: a", none),
		letter(5, "c", self), letter(6, "d", many), letter(7, "e", func(h *mail.Head) { h.References = []string{"r0@x", "r4999@x"} }))
	l := b.list(mail.ListQuery{Folder: b.folder(mail.RoleInbox).ID, View: mail.Conversations})
	// Equal Message-IDs are one conversation of two letters; equal subjects are nothing; no Message-ID stands alone.
	want := []mail.LetterID{ids[6], ids[4], ids[3], ids[2], ids[1]}
	if !slices.Equal(l.IDs, want) || !slices.Equal(l.Sizes, []int32{2, 1, 1, 1, 2}) {
		t.Errorf("conversations %v %v, want %v", l.IDs, l.Sizes, want)
	}
	b.check()
}

func duty(h *mail.Head) { h.Duty = true }

func answers(to int) func(*mail.Head) {
	return func(h *mail.Head) {
		h.MessageID = fmt.Sprintf("answer%d@x", h.UID)
		h.InReplyTo = []string{fmt.Sprintf("m%d@ninhbinh.example", to)}
	}
}

func TestAwaits(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(b *box, put func() mail.LetterID) mail.LetterID
		want bool
	}{
		{"nothing done", func(b *box, put func() mail.LetterID) mail.LetterID { return put() }, true},
		{"answered after", func(b *box, put func() mail.LetterID) mail.LetterID {
			id := put()
			b.put(mail.RoleSent, letter(9, "Re", answers(1)))
			return id
		}, false},
		{"answer arrives first", func(b *box, put func() mail.LetterID) mail.LetterID {
			b.put(mail.RoleSent, letter(9, "Re", answers(1)))
			return put()
		}, false},
		{"answer in References", func(b *box, put func() mail.LetterID) mail.LetterID {
			b.put(mail.RoleSent, letter(9, "Re", func(h *mail.Head) { h.References = []string{"m0@x", "m1@ninhbinh.example"} }))
			return put()
		}, false},
		{"answer erased later", func(b *box, put func() mail.LetterID) mail.LetterID {
			id := put()
			b.put(mail.RoleSent, letter(9, "Re", answers(1)))
			b.must(b.RemoveUIDs(b.ctx(), b.folder(mail.RoleSent).ID, []mail.UID{9}))
			return id
		}, false},
		{"a reply that is not in Sent", func(b *box, put func() mail.LetterID) mail.LetterID {
			id := put()
			b.put(mail.RoleArchive, letter(9, "Re", answers(1)))
			return id
		}, true},
		{"the folder turns out to be Sent", func(b *box, put func() mail.LetterID) mail.LetterID {
			id := put()
			b.put(mail.RoleArchive, letter(9, "Re", answers(1)))
			specs := standardFolders()
			specs[3].Role = mail.RoleSent
			b.must(b.PutFolders(b.ctx(), me, specs))
			return id
		}, false},
		{"server says answered", func(b *box, put func() mail.LetterID) mail.LetterID {
			id := put()
			b.must(b.ApplyFlags(b.ctx(), b.folder(mail.RoleInbox).ID, []FlagChange{{UID: 1, Flags: mail.Answered}}))
			return id
		}, false},
		{"excused here", func(b *box, put func() mail.LetterID) mail.LetterID {
			id := put()
			_, err := b.Excuse(b.ctx(), []mail.LetterID{id}, "chỉ để biết")
			b.must(err)
			return id
		}, false},
		{"excused and taken back", func(b *box, put func() mail.LetterID) mail.LetterID {
			id := put()
			act, err := b.Flag(b.ctx(), []mail.LetterID{id}, mail.NoReply, 0)
			b.must(err)
			_, err = b.UndoAct(b.ctx(), act)
			b.must(err)
			return id
		}, true},
		{"moved to the trash", func(b *box, put func() mail.LetterID) mail.LetterID {
			id := put()
			_, err := b.Move(b.ctx(), []mail.LetterID{id}, b.folder(mail.RoleTrash).ID)
			b.must(err)
			return id
		}, false},
		{"moved to the archive", func(b *box, put func() mail.LetterID) mail.LetterID {
			id := put()
			_, err := b.Move(b.ctx(), []mail.LetterID{id}, b.folder(mail.RoleArchive).ID)
			b.must(err)
			return id
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := openBox(t)
			id := c.do(b, func() mail.LetterID { return b.put(mail.RoleInbox, letter(1, "Xin ý kiến", duty))[0] })
			if got := b.head(id).Awaits; got != c.want {
				t.Errorf("awaits %v, want %v", got, c.want)
			}
			list, err := b.Awaiting(b.ctx())
			b.must(err)
			if got := len(list) == 1; got != c.want {
				t.Errorf("awaiting list has %d", len(list))
			}
			b.check()
		})
	}
}

// TestInvariants stores a large, tangled folder and lets random acts fall on it.
func TestInvariants(t *testing.T) {
	n := 20_000 // 100,000 pass as well, in five times the time
	if testing.Short() {
		n = 3000
	}
	b := openBox(t)
	fillInbox(t, b.Store, n)
	b.check()
	r := rand.New(rand.NewPCG(5, 6))
	inbox := b.folder(mail.RoleInbox).ID
	roles := []mail.Role{mail.RoleInbox, mail.RoleArchive, mail.RoleTrash}
	var acts []int64
	for range 60 {
		l := b.list(mail.ListQuery{Folder: b.folder(roles[r.IntN(3)]).ID})
		if len(l.IDs) == 0 {
			continue
		}
		var ids []mail.LetterID
		for range 1 + r.IntN(20) {
			ids = append(ids, l.IDs[r.IntN(len(l.IDs))])
		}
		var act int64
		var err error
		switch r.IntN(6) {
		case 0:
			act, err = b.Flag(b.ctx(), ids, mail.Flags(1+r.IntN(7)), mail.Flags(r.IntN(512)))
		case 1:
			act, err = b.Move(b.ctx(), ids, b.folder(roles[r.IntN(3)]).ID)
		case 2:
			act, err = b.Erase(b.ctx(), ids)
		case 3:
			if len(acts) > 0 {
				_, err = b.UndoAct(b.ctx(), acts[r.IntN(len(acts))])
			}
		case 4:
			b.server(r.IntN(2) == 0)
		case 5:
			uids, e := b.UIDs(b.ctx(), inbox)
			if err = e; err == nil && len(uids) > 0 {
				err = b.ApplyFlags(b.ctx(), inbox, []FlagChange{{UID: uids[r.IntN(len(uids))], Flags: mail.Flags(r.IntN(4))}})
			}
		}
		b.must(err)
		if act != 0 {
			acts = append(acts, act)
		}
	}
	b.server(true)
	b.check()
}

// server follows all pending operations, as the engine does; tells whether the server tells new UIDs.
func (b *box) server(tells bool) {
	b.t.Helper()
	for _, op := range b.ops() {
		r := OpResult{}
		if op.Kind == OpMove && tells {
			r.UIDs = map[mail.UID]mail.UID{}
			for _, u := range op.UIDs {
				b.nextUID++
				r.UIDs[u] = 1_000_000 + b.nextUID
			}
		}
		b.must(b.OpDone(b.ctx(), op.ID, r))
	}
}

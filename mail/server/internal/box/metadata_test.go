package box

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
)

// What is noted goes with its mailbox, is one person's or everybody's, and has its limits.
func TestNotes(t *testing.T) {
	h := newHouse(t, Options{})
	ctx := context.Background()
	a, hung, lan := h.account(), h.account(), h.account()
	m, err := h.Create(ctx, a, "Kho/2026", mail.RoleNone)
	h.must(err)
	notes := func(ref Ref, who AccountID) string {
		t.Helper()
		list, err := h.Notes(ctx, ref, who)
		h.must(err)
		var out []string
		for _, n := range list {
			out = append(out, fmt.Sprintf("%s=%s %v", n.Entry, n.Value, n.Shared))
		}
		return strings.Join(out, ", ")
	}
	set := func(ref Ref, who AccountID, notes ...Note) error {
		t.Helper()
		return h.SetNotes(ctx, ref, who, notes)
	}
	h.must(set(m.Ref, hung, Note{"/shared/comment", true, []byte("của cả cơ quan")}, Note{"/private/comment", false, []byte("của Hùng")}))
	h.must(set(m.Ref, lan, Note{"/private/comment", false, []byte{}}))
	h.must(set(Ref{Account: a}, hung, Note{"/private/x", false, []byte("hộp")}))
	if got := notes(m.Ref, hung); got != "/private/comment=của Hùng false, /shared/comment=của cả cơ quan true" {
		t.Error(got)
	}
	if got := notes(m.Ref, lan); got != "/private/comment= false, /shared/comment=của cả cơ quan true" {
		t.Error(got)
	}
	h.must(h.Rename(ctx, a, "Kho", "Lưu"))
	h.must(set(m.Ref, lan, Note{"/shared/comment", true, nil}, Note{"/shared/none", true, nil}))
	if got := notes(m.Ref, hung); got != "/private/comment=của Hùng false" {
		t.Error(got)
	}
	// All or none.
	long := Note{"/private/a", false, make([]byte, MaxNote+1)}
	if err := set(m.Ref, hung, Note{"/private/b", false, []byte("b")}, long); mail.AsFault("", err) == nil || mail.AsFault("", err).Detail != NoteTooBig {
		t.Error(err)
	}
	many := make([]Note, MaxNotes+1)
	for i := range many {
		many[i] = Note{fmt.Sprint("/private/", i), false, []byte("x")}
	}
	if err := set(m.Ref, hung, many...); mail.AsFault("", err) == nil || mail.AsFault("", err).Detail != NotesTooMany {
		t.Error(err)
	}
	if got := notes(m.Ref, hung); got != "/private/comment=của Hùng false" {
		t.Error(got)
	}
	h.must(h.Delete(ctx, a, "Lưu/2026"))
	if got := notes(m.Ref, hung); got != "" {
		t.Error(got)
	}
	if err := set(m.Ref, hung, Note{"/private/b", false, []byte("b")}); mail.KindOf(err) != mail.NoFolder {
		t.Error(err)
	}
	if got := notes(Ref{Account: a}, hung); got != "/private/x=hộp false" {
		t.Error(got)
	}
}

// News of an account: every mailbox that met with something is named once, and names in their order, up to a limit.
func TestNews(t *testing.T) {
	h := newHouse(t, Options{})
	ctx := context.Background()
	a, other := h.account(), h.account()
	ready := make(chan struct{}, 1)
	n, gone := h.News(a, ready), h.News(a, make(chan struct{}, 1))
	gone.Close()
	gone.Close()
	defer n.Close()
	take := func() (map[MailboxID]Stir, []string, bool) {
		t.Helper()
		<-ready
		stirred, names, over := n.Take()
		var out []string
		for _, e := range names {
			out = append(out, fmt.Sprintf("%d %s<%s %s %d", e.Kind, e.Name, e.Old, e.Entry, e.Person))
		}
		return stirred, out, over
	}
	inbox := InboxOf(a)
	for _, who := range []AccountID{a, other, a} {
		h.append(InboxOf(who), "Subject: x\r\n\r\nx\r\n", 0)
	}
	_, err := h.Store(ctx, inbox, []mail.UID{1}, FlagChange{Mode: Add, Flags: mail.Deleted})
	h.must(err)
	_, err = h.Expunge(ctx, inbox, nil)
	h.must(err)
	stirred, names, over := take()
	if s := stirred[inbox.Mailbox]; len(stirred) != 1 || !s.Has(Arrived) || !s.Has(Reflag) || !s.Has(Vanished) || s.Has(Removed) || names != nil || over {
		t.Errorf("%v %v %v", stirred, names, over)
	}
	m, err := h.Create(ctx, a, "A/B", mail.RoleNone)
	h.must(err)
	h.must(h.Subscribe(ctx, a, "A/B", true))
	h.must(h.Rename(ctx, a, "A", "C/A"))
	h.must(h.SetNotes(ctx, m.Ref, other, []Note{{"/private/x", false, []byte("x")}, {"/shared/y", true, []byte("y")}}))
	h.must(h.Subscribe(ctx, a, "C/A/B", false))
	h.must(h.Delete(ctx, a, "C/A/B"))
	stirred, names, over = take()
	want := []string{
		"0 A<  0", "0 A/B<  0", "3 A/B<  0", "0 C<  0", "2 C/A<A  0", "2 C/A/B<A/B  0", fmt.Sprintf("5 C/A/B< /private/x %d", other),
		"5 C/A/B< /shared/y 0", "4 C/A/B<  0", "1 C/A/B<  0",
	}
	if !slices.Equal(names, want) || over || !stirred[m.Mailbox].Has(Removed) {
		t.Errorf("%q %v %v", names, stirred, over)
	}
	for range maxNames + 1 {
		h.must(h.Subscribe(ctx, a, "C/A", true))
	}
	if _, names, over := take(); !over || names != nil {
		t.Errorf("%d names, overflow %v", len(names), over)
	}
}

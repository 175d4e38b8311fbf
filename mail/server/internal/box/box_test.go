package box

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// house is a service over a database of its own; its end checks every invariant.
type house struct {
	*Service
	t     testing.TB
	d     *db.DB
	clock *clock

	broken bool // on purpose
}

func newHouse(t testing.TB, o Options) *house {
	t.Helper()
	c := &clock{t: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	o.Now, o.Spool = c.now, t.TempDir()
	d, err := db.Open(context.Background(), t.TempDir(), db.Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Service: New(d, o), t: t, d: d, clock: c}
	t.Cleanup(func() {
		err := d.Check(context.Background())
		if !h.broken {
			err = errors.Join(err, h.Check(context.Background()))
		}
		if err := errors.Join(err, d.Close()); err != nil {
			t.Error(err)
		}
	})
	return h
}

func (h *house) account() AccountID {
	h.t.Helper()
	a, err := h.CreateAccount(context.Background())
	h.must(err)
	return a
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) stage(text string) *Staged {
	h.t.Helper()
	st, err := h.Stage(context.Background(), strings.NewReader(text))
	h.must(err)
	h.t.Cleanup(func() { h.must(st.Close()) })
	return st
}

func (h *house) append(ref Ref, text string, flags mail.Flags, words ...string) mail.UID {
	h.t.Helper()
	got, err := h.Append(context.Background(), ref, Mark{Flags: flags, Keywords: words}, h.stage(text))
	h.must(err)
	return got.UID
}

func (h *house) ref(a AccountID, name string) Ref {
	h.t.Helper()
	m, err := h.Find(context.Background(), a, name)
	h.must(err)
	return m.Ref
}

func (h *house) status(ref Ref) Mailbox {
	h.t.Helper()
	m, err := h.Status(context.Background(), ref)
	h.must(err)
	return m
}

func (h *house) rows(ref Ref, set ...UIDRange) []Row {
	h.t.Helper()
	rows, err := h.Rows(context.Background(), ref, set)
	h.must(err)
	return rows
}

func (h *house) kind(err error, want mail.FaultKind) {
	h.t.Helper()
	if got := mail.KindOf(err); got != want {
		h.t.Fatalf("kind %q (%v), want %q", got, err, want)
	}
}

func (h *house) read(row Row) string {
	h.t.Helper()
	r, err := h.Open(context.Background(), row)
	h.must(err)
	p, err := io.ReadAll(r)
	h.must(errors.Join(err, r.Close()))
	return string(p)
}

func letter(id, body string) string {
	return "From: a@x.vn\r\nMessage-ID: <" + id + ">\r\nSubject: thu\r\n\r\n" + body + "\r\n"
}

func uids(rows []Row) string {
	var list []mail.UID
	for _, r := range rows {
		list = append(list, r.UID)
	}
	return fmt.Sprint(list)
}

func TestNewAccountHasItsFolders(t *testing.T) {
	h := newHouse(t, Options{})
	list, err := h.List(t.Context(), h.account())
	h.must(err)
	var got []string
	for _, m := range list {
		got = append(got, m.Name+":"+string(m.Role))
		if !m.Subscribed || m.UIDNext != 1 || m.UIDValidity == 0 || m.HighestModSeq == 0 {
			t.Errorf("%+v", m)
		}
	}
	if want := "INBOX:inbox Archive:archive Drafts:drafts Junk:junk Sent:sent Trash:trash"; strings.Join(got, " ") != want {
		t.Error(got)
	}
}

func TestNames(t *testing.T) {
	long := strings.Repeat("ă", 128)
	tests := []struct{ in, want string }{
		{"inbox", "INBOX"},
		{"InBox/Thư", "INBOX/Thư"},
		{"kh&đt", "kh&đt"},
		{"Văn bản đến/2026", "Văn bản đến/2026"},
		{"Công văn", "Công văn"}, // decomposed
		{"a/", "a"},
		{"", ""},
		{"/", ""},
		{"a//b", ""},
		{"/a", ""},
		{" /a", ""},
		{"a*", ""},
		{"50%", ""},
		{"a\x00b", ""},
		{"a\r\nb", ""},
		{"a\u2028b", ""},
		{"a\u202eb", ""},
		{"a\xffb", ""},
		{long, ""},
		{strings.Repeat("a/", 16) + "b", ""},
		{strings.Repeat("a/", 15) + "b", strings.Repeat("a/", 15) + "b"},
		{"inboxes", "inboxes"},
	}
	for _, tt := range tests {
		got, err := CleanName(tt.in)
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%q: %q, %v; want %q", tt.in, got, err, tt.want)
		}
		if err != nil && mail.KindOf(err) != mail.Refused {
			t.Errorf("%q: %v", tt.in, err)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	for _, s := range []string{"inbox", "kh&đt", "a/b", "e\u0301", "\u202e", "%", "INBOX/ệ/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := CleanName(s)
		if err != nil {
			return
		}
		if again, err := CleanName(got); err != nil || again != got {
			t.Errorf("%q: %q becomes %q, %v", s, got, again, err)
		}
	})
}

func TestCreateDeleteRename(t *testing.T) {
	h := newHouse(t, Options{})
	ctx, a := t.Context(), h.account()
	m, err := h.Create(ctx, a, "Văn bản/Đến/2026", mail.RoleNone)
	h.must(err)
	if m.Name != "Văn bản/Đến/2026" || !h.status(h.ref(a, "Văn bản")).HasChildren {
		t.Errorf("%+v", m)
	}
	_, err = h.Create(ctx, a, "Văn bản", mail.RoleNone) // decomposed: the same name
	h.kind(err, mail.Conflict)
	_, err = h.Create(ctx, a, "inbox", mail.RoleNone)
	h.kind(err, mail.Conflict)
	_, err = h.Create(ctx, a, "Rác", mail.RoleTrash)
	h.kind(err, mail.Conflict)
	_, err = h.Create(ctx, a, "a*b", mail.RoleNone)
	h.kind(err, mail.Refused)
	h.append(m.Ref, letter("1@x", "nội dung"), 0)
	h.must(h.Subscribe(ctx, a, m.Name, true))

	h.kind(h.Delete(ctx, a, "Văn bản"), mail.Conflict)
	h.kind(h.Delete(ctx, a, "Inbox"), mail.Refused)
	h.kind(h.Delete(ctx, a, "không có"), mail.NoFolder)
	h.kind(h.Rename(ctx, a, "Văn bản", "Sent"), mail.Conflict)
	h.kind(h.Rename(ctx, a, "Văn bản", "Văn bản/x"), mail.Refused)
	h.kind(h.Rename(ctx, a, "không có", "x"), mail.NoFolder)
	h.kind(h.Rename(ctx, a, "Văn bản", strings.Repeat("x", 250)), mail.Refused) // the child would be too long

	h.must(h.Rename(ctx, a, "Văn bản", "Lưu/kh&đt"))
	got := h.status(m.Ref)
	if got.Name != "Lưu/kh&đt/Đến/2026" || got.UIDValidity != m.UIDValidity || got.Total != 1 || !got.Subscribed {
		t.Errorf("%+v", got)
	}
	names, err := h.Subscriptions(ctx, a)
	h.must(err)
	if slices.Contains(names, m.Name) {
		t.Error(names)
	}
	h.must(h.Delete(ctx, a, got.Name))
	names, err = h.Subscriptions(ctx, a)
	h.must(err)
	if !slices.Contains(names, got.Name) {
		t.Error("RFC 9051 6.3.7: deleting must not unsubscribe")
	}
	again, err := h.Create(ctx, a, got.Name, mail.RoleNone)
	h.must(err)
	if again.UIDValidity <= m.UIDValidity || again.Mailbox == m.Mailbox || again.Total != 0 {
		t.Errorf("%+v", again)
	}
	q, err := h.Quota(ctx, a)
	h.must(err)
	if q.Used != 0 || q.Letters != 0 {
		t.Errorf("%+v", q)
	}
	h.kind(h.Subscribe(ctx, a, "không có", true), mail.NoFolder)
	_, err = h.Find(ctx, 999, "INBOX")
	h.kind(err, mail.NoFolder)
	_, err = h.Rows(ctx, Ref{999, 1}, nil)
	h.kind(err, mail.NoFolder)
}

func TestRenameInboxMovesItsLetters(t *testing.T) {
	h := newHouse(t, Options{})
	a := h.account()
	h.append(InboxOf(a), letter("1@x", "một"), mail.Seen)
	h.append(InboxOf(a), letter("2@x", "hai"), 0)
	h.must(h.Rename(t.Context(), a, "inbox", "Cũ/2025"))
	if in, old := h.status(InboxOf(a)), h.status(h.ref(a, "Cũ/2025")); in.Total != 0 || in.UIDNext != 3 || old.Total != 2 || old.Unseen != 1 {
		t.Errorf("%+v %+v", in, old)
	}
}

// Bytes come back as they came in, whatever they are.
func TestFlagsAndUnchangedSince(t *testing.T) {
	h := newHouse(t, Options{})
	ctx, in := t.Context(), InboxOf(h.account())
	for i := range 3 {
		h.append(in, letter(fmt.Sprint(i), "x"), 0, "$Forwarded", "Việc"[:1]+"iec")
	}
	before := h.status(in)
	if before.Unseen != 3 {
		t.Errorf("%+v", before)
	}
	got, err := h.Store(ctx, in, []mail.UID{1, 2, 99}, FlagChange{Mode: Add, Flags: mail.Seen, Keywords: []string{"$hopthunoreply", "VIEC", "new"}})
	h.must(err)
	if len(got.Rows) != 2 || fmt.Sprint(got.Rows[0].Names()) != `[\Seen $Forwarded $HopthuNoReply Viec new]` {
		t.Errorf("%v", got.Rows[0].Names())
	}
	if m := h.status(in); m.Unseen != 1 || m.HighestModSeq != before.HighestModSeq+1 {
		t.Errorf("%+v", m)
	}
	same, err := h.Store(ctx, in, []mail.UID{1}, FlagChange{Mode: Add, Flags: mail.Seen})
	h.must(err)
	if same.Rows[0].ModSeq != got.Rows[0].ModSeq {
		t.Error("nothing changed, yet the modseq did")
	}
	since := before.HighestModSeq
	half, err := h.Store(ctx, in, []mail.UID{1, 3}, FlagChange{Mode: Add, Flags: mail.Flagged, Unchanged: &since})
	h.must(err)
	if uids(half.Rows) != "[3]" || fmt.Sprint(half.Modified) != "[1]" {
		t.Errorf("%+v", half)
	}
	zero := uint64(0)
	none, err := h.Store(ctx, in, []mail.UID{1, 2, 3}, FlagChange{Mode: Remove, Flags: mail.Seen, Unchanged: &zero})
	h.must(err)
	if len(none.Rows) != 0 || len(none.Modified) != 3 {
		t.Errorf("%+v", none)
	}
	rep, err := h.Store(ctx, in, []mail.UID{1}, FlagChange{Mode: Replace, Flags: mail.Answered})
	h.must(err)
	if fmt.Sprint(rep.Rows[0].Names()) != `[\Answered]` || h.status(in).Unseen != 2 {
		t.Errorf("%v", rep.Rows[0].Names())
	}
	for _, bad := range []string{"two words", "(", "ô", `\Odd`, strings.Repeat("k", 101)} {
		_, err := h.Store(ctx, in, []mail.UID{1}, FlagChange{Mode: Add, Keywords: []string{bad}})
		h.kind(err, mail.Refused)
	}
	many := make([]string, MaxKeywords+1)
	for i := range many {
		many[i] = fmt.Sprint("k", i)
	}
	_, err = h.Store(ctx, in, []mail.UID{1}, FlagChange{Mode: Add, Keywords: many})
	h.kind(err, mail.Refused)
}

// The numbers of mail.Flags are on disk here: they may never move.
func TestFlagNumbersAreFixed(t *testing.T) {
	want := map[mail.Flags]uint32{
		mail.Seen: 1, mail.Answered: 2, mail.Flagged: 4, mail.Deleted: 8, mail.Draft: 16,
		mail.Forwarded: 32, mail.Junk: 64, mail.NotJunk: 128, mail.NoReply: 256, mail.MDNSent: 512,
	}
	for f, n := range want {
		if uint32(f) != n {
			t.Errorf("%v is %d, stored as %d", f.Names(), uint32(f), n)
		}
	}
}

func TestCopyMoveExpunge(t *testing.T) {
	h := newHouse(t, Options{})
	ctx, a := t.Context(), h.account()
	in, archive := InboxOf(a), h.ref(a, "Archive")
	for i := range 5 {
		h.append(in, letter(fmt.Sprint(i), "x"), mail.Flags(i%2)) // 1 and 3 (UID 2 and 4) are seen
	}
	start := h.status(in)
	c, err := h.Copy(ctx, in, []mail.UID{5, 1, 42}, "Archive")
	h.must(err)
	if fmt.Sprint(c.Source, c.Dest) != "[1 5] [1 2]" || c.Into.Name != "Archive" {
		t.Errorf("%+v", c)
	}
	_, err = h.Move(ctx, in, []mail.UID{2, 3}, "archive/")
	h.kind(err, mail.NoFolder)
	m, err := h.Move(ctx, in, []mail.UID{2, 3}, "Archive/")
	h.must(err)
	if fmt.Sprint(m.Source, m.Dest) != "[2 3] [3 4]" {
		t.Errorf("%+v", m)
	}
	if x, y := h.status(in), h.status(archive); x.Total != 3 || x.Unseen != 2 || y.Total != 4 || y.Unseen != 3 {
		t.Errorf("%+v %+v", x, y)
	}
	_, err = h.Store(ctx, in, []mail.UID{1, 4}, FlagChange{Mode: Add, Flags: mail.Deleted})
	h.must(err)
	gone, err := h.Expunge(ctx, in, []mail.UID{4, 5})
	h.must(err)
	if fmt.Sprint(gone) != "[4]" {
		t.Error(gone)
	}
	gone, err = h.Expunge(ctx, in, nil)
	h.must(err)
	if fmt.Sprint(gone) != "[1]" || uids(h.rows(in)) != "[5]" {
		t.Error(gone)
	}
	d, err := h.Changes(ctx, in, start.HighestModSeq)
	h.must(err)
	if fmt.Sprint(d.Vanished) != "[1 2 3 4]" || len(d.Rows) != 0 || d.Reload || d.HighestModSeq != h.status(in).HighestModSeq {
		t.Errorf("%+v", d)
	}
	self, err := h.Move(ctx, in, []mail.UID{5}, "INBOX")
	h.must(err)
	if fmt.Sprint(self.Dest) != "[6]" || uids(h.rows(in)) != "[6]" {
		t.Errorf("%+v", self)
	}
	none, err := h.Move(ctx, in, []mail.UID{77}, "Archive")
	h.must(err)
	if len(none.Source) != 0 || none.Into.Name != "Archive" {
		t.Errorf("%+v", none)
	}
	found, err := h.FindMessageID(ctx, archive, "4")
	h.must(err)
	if fmt.Sprint(found) != "[2]" {
		t.Error(found)
	}
}

func TestRanges(t *testing.T) {
	h := newHouse(t, Options{})
	in := InboxOf(h.account())
	if got := h.rows(in, UIDRange{1, 0}); len(got) != 0 {
		t.Error(got)
	}
	for i := range 6 {
		h.append(in, letter(fmt.Sprint(i), "x"), 0)
	}
	tests := []struct {
		set  []UIDRange
		want string
	}{
		{nil, "[1 2 3 4 5 6]"},
		{[]UIDRange{{3, 0}}, "[3 4 5 6]"},
		{[]UIDRange{{50, 0}}, "[6]"},
		{[]UIDRange{{0, 0}}, "[6]"},
		{[]UIDRange{{5, 4}, {1, 2}, {2, 2}}, "[1 2 4 5]"},
		{[]UIDRange{{1, 1<<32 - 1}}, "[1 2 3 4 5 6]"},
		{[]UIDRange{{8, 9}}, "[]"},
		{[]UIDRange{}, "[]"},
	}
	for _, tt := range tests {
		got, err := h.Rows(t.Context(), in, tt.set)
		h.must(err)
		if uids(got) != tt.want {
			t.Errorf("%v: %s, want %s", tt.set, uids(got), tt.want)
		}
	}
}

// Moving inside a box that is over its limit changes nothing in use, so it is allowed.
// Deliverers at the same time: each letter once, UIDs without a gap, and the commits are shared.

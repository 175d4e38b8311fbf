package server_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// oldLetter is one letter of an oldServer.
type oldLetter struct {
	uid   mail.UID
	raw   string
	flags []string
	at    time.Time
	fails error // what asking for its body gives
}

type oldFolder struct {
	name     string
	role     mail.Role
	validity uint32
	letters  []oldLetter
	refused  error
}

// oldServer is a server.Source in memory whose line is cut as often as it is told to be.
type oldServer struct {
	delim   string
	folders []*oldFolder
	open    *oldFolder
	alive   bool
	cut     func() bool // asked before each letter
	poison  mail.UID    // the line is lost at this letter, always
	bodies  int         // letters handed out
	lie     int64       // added to every size that is told
}

var errCut = &mail.Fault{Kind: mail.LostConnection, Op: "test"}

func (o *oldServer) lose() error {
	o.alive = false
	return errCut
}

func (o *oldServer) Connect(context.Context) error {
	o.alive, o.open = true, nil
	return nil
}

func (o *oldServer) Folders(context.Context) (out []server.SourceFolder, err error) {
	for _, f := range o.folders {
		out = append(out, server.SourceFolder{Name: f.name, Delim: o.delim, Role: f.role, NoLetters: f.validity == 0})
	}
	return out, nil
}

func (o *oldServer) Open(_ context.Context, name string) (uint32, error) {
	if !o.alive {
		return 0, errCut
	}
	for _, f := range o.folders {
		if f.name == name {
			o.open = f
			return f.validity, f.refused
		}
	}
	return 0, &mail.Fault{Kind: mail.NoFolder, Op: "test"}
}

func (o *oldServer) UIDs(context.Context) (out []mail.UID, err error) {
	for _, l := range o.open.letters {
		out = append(out, l.uid)
	}
	return out, nil
}

func (o *oldServer) each(uids []mail.UID, do func(oldLetter) error) error {
	if !o.alive {
		return errCut
	}
	for _, l := range o.open.letters {
		if !slices.Contains(uids, l.uid) {
			continue
		}
		if err := do(l); err != nil {
			return err
		}
	}
	return nil
}

func (o *oldServer) Describe(_ context.Context, uids []mail.UID, each func(server.SourceLetter) error) error {
	return o.each(uids, func(l oldLetter) error {
		return each(server.SourceLetter{UID: l.uid, Flags: l.flags, Received: l.at, Size: int64(len(l.raw)) + o.lie})
	})
}

func (o *oldServer) Bodies(_ context.Context, uids []mail.UID, most int64, each func(mail.UID, []byte) error) error {
	return o.each(uids, func(l oldLetter) error {
		if o.cut != nil && o.cut() || l.uid == o.poison {
			return o.lose()
		}
		if most -= int64(len(l.raw)); l.fails == nil && most >= 0 {
			o.bodies++
			return each(l.uid, []byte(l.raw))
		}
		return nil // not handed out in one with others
	})
}

func (o *oldServer) Body(_ context.Context, uid mail.UID, w io.Writer) error {
	there := false
	err := o.each([]mail.UID{uid}, func(l oldLetter) error {
		there = true
		half := len(l.raw) / 2
		if _, err := io.WriteString(w, l.raw[:half]); err != nil {
			return err
		}
		if o.cut != nil && o.cut() || l.uid == o.poison {
			return o.lose()
		}
		if l.fails != nil {
			return l.fails
		}
		o.bodies++
		_, err := io.WriteString(w, l.raw[half:])
		return err
	})
	if err == nil && !there {
		err = &mail.Fault{Kind: mail.Gone, Op: "test"}
	}
	return err
}

// fillOld gives every folder n letters of all sorts; the same bytes stand in a folder twice.
func fillOld(o *oldServer, n int) {
	at := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	for fi, f := range o.folders {
		for i := range n {
			raw := fmt.Sprintf("Subject: %d\r\n\r\nthư %d\r\n", i, fi)
			switch i % 6 {
			case 1:
				raw = "no header at all\n\x00\xff"
			case 2:
				raw = fmt.Sprintf("Subject: big %d\r\n\r\n", i) + strings.Repeat("0123456789abcdef\r\n", 70_000) // above 1 MiB
			case 3:
				raw = ""
			}
			f.letters = append(f.letters, oldLetter{
				uid: mail.UID(3*i + 1), raw: raw, at: at.Add(time.Duration(i) * time.Minute),
				flags: [][]string{nil, {`\Seen`, `\Recent`}, {`\Flagged`, "viec", "$Forwarded"}, {"not[ok]", `\Junk`}}[i%4],
			})
		}
	}
}

func newOld() *oldServer {
	o := &oldServer{delim: ".", folders: []*oldFolder{
		{name: "INBOX", validity: 7},
		{name: "INBOX.Đã gửi", role: mail.RoleSent, validity: 8},
		{name: "INBOX.Đã gửi.2019", validity: 9},
		{name: "INBOX.kh&đt", validity: 10},
		{name: "INBOX.a/b*c", validity: 11},
		{name: "INBOX.none", validity: 0},
	}}
	fillOld(o, 30)
	o.folders[5].letters = nil
	return o
}

var oldPlaces = map[string]string{"INBOX": "INBOX", "INBOX.Đã gửi": "Sent", "INBOX.Đã gửi.2019": "Sent/2019", "INBOX.kh&đt": "kh&đt", "INBOX.a/b*c": "a_b_c"}

// wantMoved compares the folders here with those of the old server: every letter once, with flags and date, in order.
func wantMoved(t *testing.T, s *servertest.Server, who server.Box, o *oldServer) {
	t.Helper()
	k := imapLogin(t, s, who.Wire, who.Password)
	k.ok("ENABLE UTF8=ACCEPT")
	for _, f := range o.folders[:5] {
		k.ok("EXAMINE %q", oldPlaces[f.name])
		got := slices.DeleteFunc(k.ok("UID FETCH 1:* (FLAGS INTERNALDATE BODY.PEEK[])"), func(l string) bool {
			return !strings.Contains(l, " FETCH (") // FLAGS and the like
		})
		if len(got) != len(f.letters) {
			t.Fatalf("%s: %d letters, %d there", f.name, len(got), len(f.letters))
		}
		for i, l := range f.letters {
			want := fmt.Sprintf("{%d}\r\n%s)", len(l.raw), l.raw)
			if len(l.raw) == 0 {
				want = "\"\")"
			}
			if !strings.HasSuffix(got[i], want) && !strings.HasSuffix(got[i], "{0}\r\n)") {
				t.Fatalf("%s, letter %d: %.200q", f.name, l.uid, got[i])
			}
			if !strings.Contains(got[i], l.at.In(mail.Zone).Format(`"_2-Jan-2006 15:04:05 -0700"`)) {
				t.Fatalf("%s, letter %d: date of %.200q", f.name, l.uid, got[i])
			}
			for _, name := range l.flags {
				if kept := strings.Contains(got[i], name); kept != (name != `\Recent` && name != "not[ok]" && name != `\Junk`) {
					t.Fatalf("%s, letter %d: flag %s in %.200q", f.name, l.uid, name, got[i])
				}
			}
		}
	}
}

func migrate(s *servertest.Server, ctx context.Context, who server.Box, o *oldServer) (server.Migrated, error) { //nolint:revive // t's own
	return s.Admin.Migrate(ctx, server.Migration{Box: who.Wire, From: o, Name: "old"})
}

func TestMigrate(t *testing.T) {
	s := servertest.Start(t)
	who := s.Person("Trần Văn Hùng", "kh&đt")
	o := newOld()
	m, err := migrate(s, t.Context(), who, o)
	if err != nil || m.Letters() != 150 || len(m.Left) != 0 {
		t.Fatalf("%+v, %v", m, err)
	}
	if m.Folders[0].Keywords == 0 {
		t.Error("dropped keywords are not told")
	}
	wantMoved(t, s, who, o)

	// A second run asks for what is new, and for nothing else.
	o.bodies = 0
	f := o.folders[3]
	f.letters = append(f.letters, oldLetter{uid: 500, raw: "Subject: new\r\n\r\n", at: f.letters[0].at})
	if m, err = migrate(s, t.Context(), who, o); err != nil || m.Letters() != 1 || o.bodies != 1 {
		t.Fatalf("%+v, %d asked for, %v", m, o.bodies, err)
	}
	wantMoved(t, s, who, o)

	// The folder was made anew there (RFC 9051 2.3.1.1): what is here already is known by its bytes.
	f.validity++
	for i := range f.letters {
		f.letters[i].uid += 1000
	}
	if m, err = migrate(s, t.Context(), who, o); err != nil || m.Letters() != 0 || m.Folders[3].Already != 31 {
		t.Fatalf("%+v, %v", m, err)
	}
	wantMoved(t, s, who, o)

	// A folder that was renamed here is followed; one that was deleted here begins anew.
	k := imapLogin(t, s, who.Wire, who.Password)
	k.ok("RENAME %q %q", "Sent/2019", "Cu")
	k.ok("DELETE %q", "a_b_c")
	o.folders[2].letters = append(o.folders[2].letters, oldLetter{uid: 500, raw: "Subject: new\r\n\r\n"})
	if m, err = migrate(s, t.Context(), who, o); err != nil || m.Letters() != 31 || m.Folders[2].To != "Cu" {
		t.Fatalf("%+v, %v", m, err)
	}
}

// The line is cut at random letters, and the process ends at random moments: each letter is there once.
func TestMigrateSurvivesCuts(t *testing.T) {
	for seed := range uint64(4) {
		s := servertest.Start(t)
		who := s.Person("Trần Văn Hùng", "kh&đt")
		r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // a test's
		o := newOld()
		o.cut = func() bool { return r.IntN(12) == 0 }
		stops := 0
		for run := 0; ; run++ {
			ctx, stop := context.WithCancel(t.Context())
			first := o.bodies + r.IntN(40)
			m := server.Migration{Box: who.Wire, From: o, Name: "old", Told: func(st server.MigrationStep) {
				if o.bodies > first && run < 4 {
					stop()
				}
			}}
			_, err := s.Admin.Migrate(ctx, m)
			ended := ctx.Err() != nil
			stop()
			if err == nil {
				break
			}
			if !ended || run > 10 {
				t.Fatal(err)
			}
			if stops++; stops%2 == 0 {
				s.Restart()
			}
		}
		if stops == 0 {
			t.Errorf("seed %d: it was never stopped", seed)
		}
		wantMoved(t, s, who, o)
		s.Stop()
	}
}

func TestMigrateLeavesWhatCannotBeHad(t *testing.T) {
	s := servertest.Start(t, servertest.WithConfig(func(c *server.Config) { c.MaxMessage = 1 << 20 }))
	who := s.Person("Trần Văn Hùng", "kh&đt")
	o := &oldServer{folders: []*oldFolder{{name: "INBOX", validity: 1}, {name: "x", validity: 1, refused: &mail.Fault{Kind: mail.Refused, Op: "test"}}}}
	big := strings.Repeat("x", 1<<20+1)
	for i := range 40 {
		o.folders[0].letters = append(o.folders[0].letters, oldLetter{uid: mail.UID(i + 1), raw: fmt.Sprintf("Subject: %d\r\n\r\n", i)})
	}
	l := o.folders[0].letters
	l[3].raw = big
	l[7].fails = &mail.Fault{Kind: mail.Gone, Op: "test"}
	l[9].fails = &mail.Fault{Kind: mail.Refused, Op: "test", Detail: "no such part"}
	o.poison = 20
	m, err := migrate(s, t.Context(), who, o)
	if err != nil || m.Letters() != 36 {
		t.Fatalf("%d letters, %v", m.Letters(), err)
	}
	var why []string
	for _, one := range m.Left {
		why = append(why, fmt.Sprint(one.UID, " ", one.Reason))
	}
	if got := strings.Join(why, "; "); got != "4 too-big; 8 no-body; 10 refused: no such part; 20 connection" {
		t.Errorf("left: %s", got)
	}
	if mail.KindOf(m.Folders[1].Err) != mail.Refused {
		t.Errorf("a folder that cannot be opened: %v", m.Folders[1].Err)
	}

	// At the next run what can be had by then comes, once; what is gone is not told any more.
	l[7].fails, o.poison = nil, 0
	o.folders[0].letters = slices.Delete(l, 9, 10)
	if m, err = migrate(s, t.Context(), who, o); err != nil || m.Letters() != 2 || len(m.Left) != 1 || m.Left[0].UID != 4 {
		t.Fatalf("%+v, %v", m, err)
	}
	// A server that tells less than it sends does not get around the limit.
	o.lie, o.folders[0].letters[3].raw = -100, big
	if m, err = migrate(s, t.Context(), who, o); err != nil || m.Letters() != 0 || len(m.Left) != 1 {
		t.Fatalf("%+v, %v", m, err)
	}
}

func TestMigrateStopsWhenThereIsNoRoom(t *testing.T) {
	s := servertest.Start(t, servertest.WithConfig(func(c *server.Config) { c.Quota = 3 << 20 }))
	who := s.Person("Trần Văn Hùng", "kh&đt")
	o := newOld()
	if _, err := migrate(s, t.Context(), who, o); mail.KindOf(err) != mail.OverQuota {
		t.Fatalf("over quota: %v", err)
	}
	if _, err := s.Admin.Migrate(t.Context(), server.Migration{Box: "nobody", From: o, Name: "old"}); mail.KindOf(err) != mail.BadAddress {
		t.Errorf("nobody's box: %v", err)
	}
	bad := &mail.Fault{Kind: mail.BadPassword, Op: "test"}
	if _, err := s.Admin.Migrate(t.Context(), server.Migration{Box: who.Wire, From: refusing{o, bad}, Name: "old"}); !errors.Is(err, bad) {
		t.Errorf("a wrong password: %v", err)
	}
}

// A folder that holds letters already gets what it lacks, and two runs at once do not put a letter in twice.
func TestMigrateIntoWhatIsThere(t *testing.T) {
	s := servertest.Start(t)
	who := s.Person("Trần Văn Hùng", "kh&đt")
	o := &oldServer{folders: []*oldFolder{{name: "INBOX", validity: 1}}}
	fillOld(o, 12)
	for _, i := range []int{2, 4} {
		if err := s.Admin.Deliver(t.Context(), server.Delivery{To: []string{who.Wire}, Raw: []byte(o.folders[0].letters[i].raw)}); err != nil {
			t.Fatal(err)
		}
	}
	if m, err := migrate(s, t.Context(), who, o); err != nil || m.Letters() != 10 || m.Folders[0].Already != 2 {
		t.Fatalf("%+v, %v", m, err)
	}
	other := s.Person("Lê Thị Lan", "kh&đt")
	var inner error
	var twice bool
	_, err := s.Admin.Migrate(t.Context(), server.Migration{Box: other.Wire, From: o, Name: "old", Told: func(server.MigrationStep) {
		if !twice {
			twice = true
			second := &oldServer{folders: o.folders}
			_, inner = migrate(s, t.Context(), other, second)
		}
	}})
	if inner != nil || err != nil && mail.KindOf(err) != mail.Conflict {
		t.Fatalf("%v; inside: %v", err, inner)
	}
	k := imapLogin(t, s, other.Wire, other.Password)
	k.ok("EXAMINE INBOX")
	if n := len(k.ok("FETCH 1:* (UID)")); n != 12 {
		t.Errorf("%d letters", n)
	}
}

type refusing struct {
	*oldServer
	err error
}

func (r refusing) Connect(context.Context) error { return r.err }

// Names here can always be, however they are there.
func TestMigrateNames(t *testing.T) {
	s := servertest.Start(t)
	who := s.Person("Trần Văn Hùng", "kh&đt")
	o := &oldServer{delim: "/"}
	for i, name := range []string{"inbox", strings.Repeat("đ", 300), strings.Repeat("x/", 40) + "y", " / ", "a\x01b", "\u202etxt", "%", "INBOX/sub"} {
		o.folders = append(o.folders, &oldFolder{name: name, validity: uint32(i + 1), letters: []oldLetter{{uid: 1, raw: fmt.Sprintf("Subject: %x\r\n\r\n", sha256.Sum256([]byte(name)))}}})
	}
	for _, folder := range []string{"", "Thư cũ"} {
		m, err := s.Admin.Migrate(t.Context(), server.Migration{Box: who.Wire, From: o, Name: "old" + folder, Folder: folder, Skip: []string{"INBOX"}})
		if err != nil || m.Letters() != 7 {
			t.Fatalf("%+v, %v", m, err)
		}
		for _, f := range m.Folders {
			if folder != "" && f.To != folder && !strings.HasPrefix(f.To, folder+"/") {
				t.Errorf("%q went to %q", f.From, f.To)
			}
		}
	}
}

// A source that sends what nobody asked for, or nothing, leaves no letter half there.
func TestMigrateHostile(t *testing.T) {
	s := servertest.Start(t)
	who := s.Person("Trần Văn Hùng", "kh&đt")
	o := &oldServer{folders: []*oldFolder{{name: "INBOX", validity: 1}}}
	fillOld(o, 6)
	m, err := s.Admin.Migrate(t.Context(), server.Migration{Box: who.Wire, From: stranger{o}, Name: "old"})
	if err != nil || m.Letters()+len(m.Left) != 6 {
		t.Fatalf("%+v, %v", m, err)
	}
}

type stranger struct{ *oldServer }

func (s stranger) Bodies(_ context.Context, uids []mail.UID, _ int64, each func(mail.UID, []byte) error) error {
	for _, u := range append(uids, 1<<31, 0) {
		for range 2 {
			if err := each(u+1, bytes.Repeat([]byte("z"), 10)); err != nil {
				return err
			}
		}
	}
	return nil
}

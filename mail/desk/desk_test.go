package desk_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/desk"
	"hopthu/mail/outbox"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
	"hopthu/mail/store"
	msync "hopthu/mail/sync"
	"hopthu/mail/wire"
)

// person is a whole client of one person, on a real server in the same process.
type person struct {
	*desk.Desk
	t       *testing.T
	store   *store.Store
	account mail.Account
	vault   *vault
	kept    []mail.Account
	events  []mail.Event
}

// vault keeps secrets in memory, as a keyring would.
type vault struct {
	mu sync.Mutex
	m  map[string]string

	sealed string // the password that opens the file, "" for none
	broken error  // what Set says
}

func (v *vault) Get(_ context.Context, n string) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	s, ok := v.m[n]
	if !ok {
		return "", errors.New("no such secret")
	}
	return s, nil
}

func (v *vault) Set(_ context.Context, n, s string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.m[n] = s
	return v.broken
}

func (v *vault) Delete(_ context.Context, n string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.m, n)
	return nil
}

func (v *vault) Persistent() bool { return true }
func (v *vault) Why() error       { return nil }
func (v *vault) Seal(p string) error {
	v.sealed = p
	return nil
}

func (v *vault) Opens(p string) bool { return v.sealed != "" && v.sealed == p }

type network struct{ *wire.Dialer }

func (n network) Remote(a mail.Account, s func(context.Context) (string, error)) msync.Remote {
	return n.Dialer.Remote(a, s)
}

func (n network) Sender(a mail.Account, s func(context.Context) (string, error)) outbox.Sender {
	return n.Dialer.Sender(a, s)
}

func (n network) Office(a mail.Account, s func(context.Context) (string, error)) desk.Office {
	return n.Bureau(a, s)
}

type clock struct{}

func (clock) Now() time.Time                         { return time.Now() }
func (clock) After(d time.Duration) <-chan time.Time { return time.After(d) }

type keeper struct{ p *person }

func (k keeper) Keep(_ mail.Settings, a []mail.Account) error {
	k.p.kept = a
	return nil
}

// newPerson makes a client that runs; it is not signed in.
func newPerson(t *testing.T, srv *servertest.Server, b server.Box) *person {
	t.Helper()
	return newClient(t, srv.Account(b))
}

func newClient(t *testing.T, a mail.Account) *person {
	t.Helper()
	p := &person{t: t, vault: &vault{m: map[string]string{}}, account: a}
	p.account.ID = ""
	c := desk.NewCollector()
	s, err := store.Memory(t.Context(), store.Options{Now: time.Now, Changed: c.Changed})
	if err != nil {
		t.Fatal(err)
	}
	p.store = s
	var d net.Dialer
	p.Desk = desk.New(desk.Options{
		Store: s, Secrets: p.vault, Network: network{wire.New(wire.Options{Now: time.Now, Dial: d.DialContext})}, Keeper: keeper{p}, Clock: clock{}, Rand: rand.Reader,
		Log: slog.New(slog.DiscardHandler), Settings: mail.Settings{Language: "vi", ReplyDays: 5, CheckFiles: true}, Start: func(string) error { return nil }, Private: t.TempDir(),
	}, c)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	mail.Go("desk", func() { done <- p.Run(ctx) })
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-done, s.Close()); err != nil {
			t.Error(err)
		}
	})
	return p
}

func signedIn(t *testing.T, srv *servertest.Server, name, unit string) *person {
	t.Helper()
	b := srv.Person(name, unit)
	p := newPerson(t, srv, b)
	p.signIn(servertest.Password)
	return p
}

func (p *person) signIn(pass string) {
	p.t.Helper()
	// Run has to be under way for the engine to start with the account.
	a, err := p.SignIn(p.t.Context(), p.account, pass)
	if err != nil {
		p.t.Fatal(err)
	}
	p.account = a
}

// until waits for events until ok holds.
func (p *person) until(what string, ok func() bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 8*time.Second)
	defer cancel()
	for !ok() {
		ev, err := p.Next(ctx)
		if err != nil {
			ops, oerr := p.store.PendingOps(p.t.Context(), p.account.ID)
			p.t.Fatalf("%s never came: %v; status %+v; pending %+v %v; inbox %+v archive %+v", what, err, p.Status(), ops, oerr, p.heads(mail.RoleInbox), p.heads(mail.RoleArchive))
		}
		p.events = append(p.events, ev...)
	}
}

func (p *person) folder(role mail.Role) (mail.Folder, bool) {
	fs, err := p.Folders(p.t.Context(), p.account.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, f := range fs {
		if f.Role == role {
			return f, true
		}
	}
	return mail.Folder{}, false
}

func (p *person) heads(role mail.Role) []mail.Head {
	p.t.Helper()
	f, ok := p.folder(role)
	if !ok {
		return nil
	}
	l, err := p.List(p.t.Context(), mail.ListQuery{Account: p.account.ID, Folder: f.ID})
	if err != nil {
		p.t.Fatal(err)
	}
	h, err := p.Heads(p.t.Context(), l.IDs)
	if err != nil {
		p.t.Fatal(err)
	}
	return h
}

// send writes and sends a letter.
func (p *person) send(d mail.DraftLetter) mail.OutboxItem {
	p.t.Helper()
	d.Account = p.account.ID
	it, err := p.Send(p.t.Context(), d, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return it
}

// An account set up by hand learns from its server where directory and password change are, before and after the first
// change of the password.
func TestOfficeIsFound(t *testing.T) {
	srv := servertest.Start(t)
	for _, b := range []server.Box{srv.Newcomer("Nguyễn Thị Thu Hà", "kh&đt"), srv.Person("Trần Văn Hùng", "kh&đt")} {
		p := newPerson(t, srv, b)
		p.account.Office = ""
		a, err := p.SignIn(t.Context(), p.account, b.Password)
		if kind := mail.KindOf(err); a.Office != srv.Office || (kind == mail.MustChange) != b.MustChange {
			t.Errorf("office %q, want %q: %v", a.Office, srv.Office, err)
		}
		if !b.MustChange && p.kept[0].Office != srv.Office {
			t.Errorf("kept %+v", p.kept[0])
		}
	}
}

func TestFirstLoginForcesAChange(t *testing.T) {
	srv := servertest.Start(t)
	b := srv.Newcomer("Nguyễn Thị Thu Hà", "kh&đt")
	p := newPerson(t, srv, b)
	_, err := p.SignIn(t.Context(), p.account, b.Password)
	f := mail.AsFault("", err)
	if err == nil || f.Kind != mail.MustChange || !strings.HasPrefix(f.Detail, "https://") {
		t.Fatalf("first login: %v", err)
	}
	if broken, _ := p.JudgePassword(p.account, b.Password, "ngắn"); len(broken) == 0 {
		t.Error("a short password passed")
	}
	if err := p.ChangePassword(t.Context(), p.account, b.Password, "ngắn"); mail.KindOf(err) != mail.WeakPassword {
		t.Errorf("the server took a weak password: %v", err)
	}
	const fresh = "Tre xanh bên bờ sông Đáy"
	if err := p.ChangePassword(t.Context(), p.account, b.Password, fresh); err != nil {
		t.Fatal(err)
	}
	if _, err := p.SignIn(t.Context(), p.account, b.Password); mail.KindOf(err) != mail.BadPassword {
		t.Errorf("the old password: %v", err)
	}
	p.signIn(fresh)
	p.until("ready", func() bool { return p.Status()[0].State == mail.Ready })
	if len(p.kept) != 1 || len(p.vault.m) != 1 || strings.Contains(p.kept[0].Login, fresh) {
		t.Errorf("kept %+v", p.kept)
	}
}

func TestReadAnswerSendFind(t *testing.T) {
	srv := servertest.Start(t)
	ha := signedIn(t, srv, "Nguyễn Thị Thu Hà", "kh&đt")
	hung := signedIn(t, srv, "Trần Văn Hùng", "kh&đt")
	lan := signedIn(t, srv, "Lê Thị Lan", "kh&đt")
	ctx := t.Context()

	hung.send(mail.DraftLetter{To: "Hà <" + ha.account.Address + ">", Bcc: lan.account.Address, Subject: "Xin số liệu hộp thư điện tử", Body: "Chị gửi giúp em số liệu.\n"})
	ha.until("the letter", func() bool { return len(ha.heads(mail.RoleInbox)) == 1 })
	lan.until("the blind copy", func() bool { return len(lan.heads(mail.RoleInbox)) == 1 })
	h := ha.heads(mail.RoleInbox)[0]
	if h.Flags.Has(mail.Seen) || !h.Awaits || h.From[0].Name != "Trần Văn Hùng" {
		t.Errorf("%+v", h)
	}
	day, err := ha.Today(ctx)
	if err != nil || day.Unread != 1 || len(day.Soon) != 1 {
		t.Errorf("today: %+v %v", day, err)
	}
	raw, err := ha.Raw(ctx, h.ID)
	if err != nil || bytes.Contains(bytes.ToLower(raw), []byte("bcc")) || bytes.Contains(raw, []byte(lan.account.Login)) {
		t.Errorf("the blind copy shows: %v", err)
	}

	l, err := ha.Open(ctx, h.ID)
	if err != nil || len(l.Paras) == 0 || l.Paras[0].Text != "Chị gửi giúp em số liệu." {
		t.Fatalf("%+v %v", l, err)
	}
	if err := ha.Flag(ctx, []mail.LetterID{h.ID}, mail.Seen, 0); err != nil {
		t.Fatal(err)
	}
	d, err := ha.Compose(ctx, ha.account.ID, mail.DraftReplyAll, h.ID)
	if err != nil || d.Subject != "Re: Xin số liệu hộp thư điện tử" || !strings.Contains(d.To, hung.account.Login) || d.Cc != "" || !strings.Contains(d.Body, "> Chị gửi giúp em số liệu.") {
		t.Fatalf("%+v %v", d, err)
	}
	file := filepath.Join(t.TempDir(), "Số liệu.txt")
	if err := os.WriteFile(file, []byte("1;2;3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.Body = "Chị gửi em (có tệp đính kèm).\n" + d.Body
	if found, err := ha.Check(ctx, d); err != nil || !slices.ContainsFunc(found, func(f mail.Finding) bool { return f.Code == "forgotten-file" && f.Verdict == mail.Ask }) {
		t.Errorf("the forgotten file was not asked about: %v %v", found, err)
	}
	if d, err = ha.Attach(ctx, d, file); err != nil {
		t.Fatal(err)
	}
	ha.send(d)
	hung.until("the answer", func() bool { return len(hung.heads(mail.RoleInbox)) == 1 })
	got := hung.heads(mail.RoleInbox)[0]
	if got.InReplyTo[0] != h.MessageID {
		t.Errorf("answers %v", got.InReplyTo)
	}
	letter, err := hung.Open(ctx, got.ID)
	if err != nil || len(letter.Parts) != 1 || letter.Parts[0].Name != "Số liệu.txt" {
		t.Fatalf("%+v %v", letter, err)
	}
	dir := t.TempDir()
	path, err := hung.SavePart(ctx, got.ID, letter.Parts[0].Path, dir)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "1;2;3\n" {
		t.Errorf("saved %q %v", b, err)
	}
	if again, err := hung.SavePart(ctx, got.ID, letter.Parts[0].Path, dir); err != nil || again == path {
		t.Errorf("written over: %s %v", again, err)
	}
	ha.until("filed and answered", func() bool {
		s := ha.heads(mail.RoleSent)
		return len(s) == 1 && s[0].UID != 0 && ha.heads(mail.RoleInbox)[0].Flags.Has(mail.Answered)
	})
	if ha.heads(mail.RoleInbox)[0].Awaits {
		t.Error("answered, still awaiting")
	}

	for _, words := range []string{"hop thu dien tu", "hộp thư điện tử", "so lieu"} {
		res, err := ha.List(ctx, mail.ListQuery{Account: ha.account.ID, Text: words})
		if err != nil || len(res.IDs) == 0 {
			t.Errorf("%q found %v %v", words, res.IDs, err)
		}
	}
}

func TestRecallInTime(t *testing.T) {
	srv := servertest.Start(t)
	ha := signedIn(t, srv, "Nguyễn Thị Thu Hà", "nv")
	s := ha.Settings()
	s.Undo = time.Hour
	ha.UseSettings(s)
	it := ha.send(mail.DraftLetter{To: ha.account.Address, Subject: "Nhầm", Body: "Chưa gửi vội.\n"})
	if list, err := ha.Drafts(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("the draft shows beside the outbox: %v %v", list, err)
	}
	d, err := ha.Recall(t.Context(), it.ID)
	if err != nil || d.Body != "Chưa gửi vội.\n" || d.Subject != "Nhầm" {
		t.Fatalf("%+v %v", d, err)
	}
	if _, err := ha.Recall(t.Context(), it.ID); mail.KindOf(err) != mail.Gone {
		t.Errorf("twice: %v", err)
	}
}

func TestActsAndUndo(t *testing.T) {
	srv := servertest.Start(t)
	ha := signedIn(t, srv, "Nguyễn Thị Thu Hà", "nv")
	for _, s := range []string{"một", "hai"} {
		if err := srv.Admin.Deliver(t.Context(), server.Delivery{To: []string{ha.account.Login}, Raw: []byte("From: Dân <dan@x.example>\r\nTo: <" + ha.account.Login + ">\r\nSubject: " + s + "\r\nMessage-ID: <" + s + "@x>\r\n\r\nHỏi.\r\n")}); err != nil {
			t.Fatal(err)
		}
	}
	ha.until("both", func() bool { return len(ha.heads(mail.RoleInbox)) == 2 })
	ctx := t.Context()
	id := ha.heads(mail.RoleInbox)[0].ID
	if err := ha.Excuse(ctx, []mail.LetterID{id}, "chỉ để biết"); err != nil {
		t.Fatal(err)
	}
	if d, err := ha.Today(ctx); err != nil || len(d.Soon) != 1 {
		t.Errorf("%+v %v", d.Soon, err)
	}
	if err := ha.Delete(ctx, []mail.LetterID{id}); err != nil {
		t.Fatal(err)
	}
	if n := len(ha.heads(mail.RoleInbox)); n != 1 {
		t.Errorf("%d left", n)
	}
	if name, err := ha.Undo(ctx); err != nil || name != "delete" {
		t.Errorf("%q %v", name, err)
	}
	if n := len(ha.heads(mail.RoleInbox)); n != 2 {
		t.Errorf("%d after undo", n)
	}
	if name, err := ha.Undo(ctx); err != nil || name != "excuse" {
		t.Errorf("%q %v", name, err)
	}
	if d, err := ha.Today(ctx); err != nil || len(d.Soon) != 2 {
		t.Errorf("%+v %v", d.Soon, err)
	}
	if name, err := ha.Undo(ctx); err != nil || name != "" {
		t.Errorf("%q %v", name, err)
	}
	if err := ha.Archive(ctx, []mail.LetterID{id}); err != nil {
		t.Fatal(err)
	}
	ha.until("pushed", func() bool {
		a := ha.heads(mail.RoleArchive)
		return len(a) == 1 && !a[0].Pending && a[0].UID != 0
	})
}

func TestMailtoTakesOnlyHarmlessFields(t *testing.T) {
	srv := servertest.Start(t)
	ha := signedIn(t, srv, "Nguyễn Thị Thu Hà", "nv")
	d, err := ha.ComposeTo(t.Context(), ha.account.ID, "mailto:lan@x.example?cc=minh@x.example&subject=G%C3%B3p%20%C3%BD%0D%0ABcc:%20ac@x.example&body=a%0D%0Ab&attach=/etc/passwd&from=ac@x.example")
	if err != nil {
		t.Fatal(err)
	}
	if d.To != "lan@x.example" || d.Cc != "minh@x.example" || d.Bcc != "" || d.Subject != "Góp ý Bcc: ac@x.example" || !strings.HasPrefix(d.Body, "a\nb") || len(d.Attachments) != 0 {
		t.Errorf("%+v", d)
	}
	if _, err := ha.ComposeTo(t.Context(), ha.account.ID, "http://x"); mail.KindOf(err) != mail.BadAddress {
		t.Errorf("%v", err)
	}
}

func TestServerAwayAndBack(t *testing.T) {
	srv := servertest.Start(t)
	ha := signedIn(t, srv, "Nguyễn Thị Thu Hà", "nv")
	ha.until("ready", func() bool { return ha.Status()[0].State == mail.Ready })
	srv.Stop()
	ha.Refresh("")
	ha.until("offline", func() bool { return ha.Status()[0].State == mail.Offline })
	it := ha.send(mail.DraftLetter{To: ha.account.Address, Subject: "Viết khi mất mạng", Body: "Vẫn gửi được.\n"})
	srv.Restart()
	ha.until("sent after the server came back", func() bool {
		ha.Refresh("")
		if err := ha.Resend(t.Context(), it.ID); err != nil && mail.KindOf(err) != mail.Conflict && mail.KindOf(err) != mail.Gone {
			t.Fatal(err)
		}
		return len(ha.heads(mail.RoleInbox)) == 1
	})
}

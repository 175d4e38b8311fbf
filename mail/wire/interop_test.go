package wire

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/sync"
)

// The interoperability tests run against real servers when the environment names them:
//
//	HOPTHU_INTEROP_IMAP=host:port      IMAP over TLS (Dovecot)
//	HOPTHU_INTEROP_SMTP=host:port      submission over TLS (Postfix)
//	HOPTHU_INTEROP_…_STARTTLS          the same by STARTTLS
//	HOPTHU_INTEROP_USER, …_PASSWORD    the account; the user is also the address if it has an @
//	HOPTHU_INTEROP_CA                  PEM file with the servers' authority
//	HOPTHU_INTEROP_DOVECOT             Dovecot's settings, to stop and start it; it must be run as root
//
// .ci/mailhost makes such servers; what some tests count on stands in its first lines.
const interopEnv = "HOPTHU_INTEROP_"

func interopAccount(t *testing.T, door string) mail.Account {
	t.Helper()
	for _, name := range []string{door, "USER", "PASSWORD", "CA"} {
		if os.Getenv(interopEnv+name) == "" {
			t.Skipf("%s%s is not set: no real server to talk to", interopEnv, name)
		}
	}
	user := os.Getenv(interopEnv + "USER")
	a := mail.Account{ID: "i", Login: user, Address: user, CAFile: os.Getenv(interopEnv + "CA")}
	if !strings.Contains(user, "@") {
		a.Address = user + "@localhost"
	}
	a.IMAP, a.SMTP = interopEndpoint(t, "IMAP"), interopEndpoint(t, "SMTP")
	return a
}

func interopEndpoint(t testing.TB, door string) mail.Endpoint {
	t.Helper()
	v := os.Getenv(interopEnv + door)
	if v == "" {
		return mail.Endpoint{}
	}
	host, port, err := net.SplitHostPort(v)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return mail.Endpoint{Host: host, Port: n, Security: mail.TLS}
}

func interopSecret(context.Context) (string, error) { return os.Getenv(interopEnv + "PASSWORD"), nil }

// realDialer has the real clock: a real server's certificate is measured by it.
func realDialer() *Dialer {
	return New(realOptions())
}

func realOptions() Options {
	return Options{Now: time.Now, Dial: (&net.Dialer{}).DialContext}
}

func interop(t *testing.T) (*IMAP, mail.Account) {
	t.Helper()
	a := interopAccount(t, "IMAP")
	leaks(t)
	m := realDialer().Remote(a, interopSecret)
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	caps, err := m.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", caps)
	return m, a
}

// sample is a letter with a Message-ID that no other test run has.
func sample(n int) (id, raw string) {
	id = fmt.Sprintf("%d.%d@interop.hopthu", os.Getpid(), n)
	return id, "From: Lan <lan@localhost>\r\nTo: minh@localhost\r\nSubject: =?utf-8?q?V=C4=83n_b=E1=BA=A3n?= " + strconv.Itoa(n) +
		"\r\nMessage-ID: <" + id + ">\r\nDate: Tue, 24 Nov 2026 15:00:00 +0700\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n" +
		"Content-Transfer-Encoding: 8bit\r\n\r\nKính gửi: dòng đầu\r\n.\r\ndòng cuối\r\n"
}

func appended(t *testing.T, m *IMAP, folder string, n int) (uid mail.UID, id, raw string) {
	t.Helper()
	id, raw = sample(n)
	uid, err := m.Append(t.Context(), folder, []string{`\Seen`}, testNow, int64(len(raw)), strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return uid, id, raw
}

func ensure(t *testing.T, m *IMAP, name string) {
	t.Helper()
	if err := m.Create(t.Context(), name); err != nil && mail.KindOf(err) != mail.Conflict {
		t.Fatal(err)
	}
}

func TestInteropFolders(t *testing.T) {
	m, _ := interop(t)
	for _, name := range []string{"Văn bản đến", "kh&đt"} {
		ensure(t, m, name)
	}
	list, err := m.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"INBOX", "Văn bản đến", "kh&đt"} {
		i := slices.IndexFunc(list, func(f sync.RemoteFolder) bool { return f.Name == want })
		if i < 0 {
			t.Fatalf("%q is not in %+v", want, list)
		}
		if _, err := m.Select(t.Context(), want); err != nil {
			t.Error(err)
		}
	}
	_, err = m.Select(t.Context(), "không có")
	wantKind(t, err, mail.NoFolder)
	wantKind(t, m.Create(t.Context(), "kh&đt"), mail.Conflict)
}

func TestInteropLetters(t *testing.T) {
	m, a := interop(t)
	ctx := t.Context()
	ensure(t, m, "Văn bản đến")
	ensure(t, m, "kh&đt")
	uid, id, raw := appended(t, m, "Văn bản đến", 1)
	before, err := m.Select(ctx, "Văn bản đến")
	if err != nil {
		t.Fatal(err)
	}
	found, err := m.FindMessageID(ctx, id)
	if err != nil || len(found) != 1 || (uid != 0 && found[0] != uid) {
		t.Fatalf("found %v, want %d: %v", found, uid, err)
	}
	uid = found[0]
	if all, err := m.UIDs(ctx); err != nil || !slices.Contains(all, uid) || !slices.IsSorted(all) || len(all) != before.Messages {
		t.Fatalf("%v %v", all, err)
	}
	if last, err := newest(ctx, m, 1); err != nil || len(last) != 1 || last[0] != uid {
		t.Fatalf("%v %v", last, err)
	}
	n := 0
	err = m.Headers(ctx, sync.These([]mail.UID{uid, uid + 1000}), func(h sync.RemoteHeader) error {
		n++
		if h.UID != uid || h.Size != int64(len(raw)) || !h.Received.Equal(testNow) || !slices.Contains(h.Flags, `\Seen`) ||
			!bytes.Contains(h.Header, []byte("<"+id+">")) || !bytes.HasSuffix(h.Header, []byte("\r\n\r\n")) {
			t.Errorf("%+v %q", h, h.Header)
		}
		return nil
	})
	if err != nil || n != 1 {
		t.Fatalf("%d headers, %v", n, err)
	}
	var body bytes.Buffer
	if err := m.Body(ctx, uid, &body); err != nil || body.String() != raw {
		t.Fatalf("%v %q", err, body.String())
	}
	wantKind(t, m.Body(ctx, uid+1000, io.Discard), mail.Gone)

	// Flags both ways: what another client sets comes by CHANGEDSINCE.
	other := realDialer().Remote(a, interopSecret)
	defer func() {
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := other.Connect(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Select(ctx, "Văn bản đến"); err != nil {
		t.Fatal(err)
	}
	if err := other.Store(ctx, []mail.UID{uid}, []string{`\Flagged`, mail.KeywordNoReply}, []string{`\Seen`}); err != nil {
		t.Fatal(err)
	}
	var changed []sync.RemoteFlags
	err = m.Flags(ctx, 1, 0, before.HighestModSeq, func(f sync.RemoteFlags) error { changed = append(changed, f); return nil })
	i := slices.IndexFunc(changed, func(f sync.RemoteFlags) bool { return f.UID == uid })
	if err != nil || i < 0 || !slices.Contains(changed[i].Flags, mail.KeywordNoReply) || slices.Contains(changed[i].Flags, `\Seen`) {
		t.Fatalf("%+v %v", changed, err)
	}
	if before.HighestModSeq > 0 && changed[i].ModSeq <= before.HighestModSeq {
		t.Errorf("MODSEQ %d", changed[i].ModSeq)
	}

	pairs, err := m.Move(ctx, []mail.UID{uid}, "kh&đt")
	if err != nil {
		t.Fatal(err)
	}
	if left, err := m.FindMessageID(ctx, id); err != nil || len(left) != 0 {
		t.Fatalf("still there: %v %v", left, err)
	}
	if _, err := m.Select(ctx, "kh&đt"); err != nil {
		t.Fatal(err)
	}
	moved, err := m.FindMessageID(ctx, id)
	if err != nil || len(moved) != 1 || (pairs != nil && pairs[uid] != moved[0]) {
		t.Fatalf("%v %v %v", moved, pairs, err)
	}
	if err := m.Expunge(ctx, moved); err != nil {
		t.Fatal(err)
	}
	if left, err := m.FindMessageID(ctx, id); err != nil || len(left) != 0 {
		t.Fatalf("not erased: %v %v", left, err)
	}
}

func TestInteropIdle(t *testing.T) {
	m, _ := interop(t)
	ensure(t, m, "kh&đt")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	hints := make(chan struct{}, 100)
	ended := make(chan error, 1)
	mail.Go("idle", func() { ended <- m.Idle(ctx, "kh&đt", func() { hints <- struct{}{} }) })
	<-hints // the watch stands
	_, id, _ := appended(t, m, "kh&đt", 2)
	<-hints // the letter is announced
	cancel()
	wantKind(t, <-ended, mail.LostConnection)
	if _, err := m.Select(t.Context(), "kh&đt"); err != nil {
		t.Fatal(err)
	}
	uids, err := m.FindMessageID(t.Context(), id)
	if err != nil || len(uids) != 1 {
		t.Fatalf("%v %v", uids, err)
	}
	if err := m.Expunge(t.Context(), uids); err != nil {
		t.Fatal(err)
	}
}

func TestInteropReconnect(t *testing.T) {
	m, _ := interop(t)
	if _, err := m.Select(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
	m.s.l.kill(io.ErrUnexpectedEOF)
	_, err := m.List(t.Context())
	wantKind(t, err, mail.LostConnection)
	if _, err := m.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Select(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
}

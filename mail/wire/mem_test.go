package wire

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"hopthu/mail"
	"hopthu/mail/sync"
)

// memServer starts go-imap's own server; caps are what it offers.
func memServer(t *testing.T, caps imap.CapSet) *IMAP {
	t.Helper()
	leaks(t)
	ca := newAuthority(t)
	mem := imapmemserver.New()
	user := imapmemserver.NewUser("lan@example.test", "mật khẩu")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	mem.AddUser(user)
	srv := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Caps: caps, TLSConfig: ca.config(), Logger: log.New(io.Discard, "", 0),
	})
	ln, err := tls.Listen("tcp", "127.0.0.1:0", ca.config())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	mail.Go("imap server", func() { done <- srv.Serve(ln) })
	m := New(Options{Now: func() time.Time { return testNow }, Dial: dialTo(ln.Addr().String())}).Remote(testAccount(ca), password)
	t.Cleanup(func() {
		if err := errors.Join(m.Close(), srv.Close(), ln.Close()); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
		if err := <-done; err != nil && !errors.Is(err, net.ErrClosed) {
			t.Logf("server ended: %v", err)
		}
	})
	if _, err := m.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

// The whole of sync.Remote against go-imap's server, as IMAP4rev1 alone and with all it offers.
func TestAgainstGoIMAP(t *testing.T) {
	for name, caps := range map[string]imap.CapSet{
		"rev1":      {imap.CapIMAP4rev1: {}},
		"rev1+rev2": {imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}, imap.CapUIDPlus: {}, imap.CapESearch: {}, imap.CapMove: {}},
	} {
		t.Run(name, func(t *testing.T) {
			m := memServer(t, caps)
			ctx := t.Context()
			for _, f := range []string{"Văn bản đến", "kh&đt", "Thùng rác"} {
				if err := m.Create(ctx, f); err != nil {
					t.Fatal(err)
				}
			}
			list, err := m.List(ctx)
			var names []string
			for _, f := range list {
				names = append(names, f.Name)
				if f.Name == "Thùng rác" && f.Role != mail.RoleTrash {
					t.Errorf("role %q", f.Role)
				}
			}
			if slices.Sort(names); err != nil || strings.Join(names, "|") != "INBOX|Thùng rác|Văn bản đến|kh&đt" {
				t.Fatalf("%q %v", names, err)
			}
			raws := map[mail.UID]string{}
			for i := range 3 {
				raw := fmt.Sprintf("Message-ID: <%d@x>\r\nSubject: %d\r\n\r\nbody\r\n", i, i)
				uid, err := m.Append(ctx, "kh&đt", []string{`\Seen`}, testNow, int64(len(raw)), strings.NewReader(raw))
				if err != nil {
					t.Fatal(err)
				}
				if uid == 0 {
					uid = mail.UID(i + 1)
				}
				raws[uid] = raw
			}
			st, err := m.Select(ctx, "kh&đt")
			if err != nil || st.Messages != 3 {
				t.Fatalf("%+v %v", st, err)
			}
			checkLetters(t, m, raws)
			checkMove(t, m)
		})
	}
}

func checkLetters(t *testing.T, m *IMAP, raws map[mail.UID]string) {
	t.Helper()
	ctx := t.Context()
	uids, err := m.UIDs(ctx)
	if err != nil || len(uids) != 3 {
		t.Fatalf("%v %v", uids, err)
	}
	if last, err := newest(ctx, m, 2); err != nil || !slices.Equal(last, uids[1:]) {
		t.Fatalf("%v %v", last, err)
	}
	n := 0
	if err := m.Headers(ctx, sync.These(uids), func(h sync.RemoteHeader) error {
		n++
		if h.Size != int64(len(raws[h.UID])) || !bytes.Contains(h.Header, []byte("@x>")) || !h.Received.Equal(testNow) {
			t.Errorf("%+v", h)
		}
		return nil
	}); err != nil || n != 3 {
		t.Fatalf("%d headers, %v", n, err)
	}
	for u, raw := range raws {
		var b bytes.Buffer
		if err := m.Body(ctx, u, &b); err != nil || b.String() != raw {
			t.Errorf("%v %q", err, b.String())
		}
	}
	if err := m.Store(ctx, uids[:1], []string{`\Answered`}, []string{`\Seen`}); err != nil {
		t.Fatal(err)
	}
	if err := m.Flags(ctx, uids[0], uids[0], 0, func(f sync.RemoteFlags) error {
		// The memory server writes flags in lower case; names compare without case (RFC 9051 2.3.2).
		if known, _ := mail.ParseFlags(f.Flags); f.UID != uids[0] || known != mail.Answered {
			t.Errorf("%+v", f)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func checkMove(t *testing.T, m *IMAP) {
	t.Helper()
	ctx := t.Context()
	found, err := m.FindMessageID(ctx, "1@x")
	if err != nil || len(found) != 1 {
		t.Fatalf("%v %v", found, err)
	}
	if _, err := m.Move(ctx, found, "Văn bản đến"); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Move(ctx, []mail.UID{1}, "không có"); err == nil {
		t.Error("moved into a folder that is not there")
	}
	if left, err := m.UIDs(ctx); err != nil || len(left) != 2 || slices.Contains(left, found[0]) {
		t.Fatalf("%v %v", left, err)
	}
	left, err := m.UIDs(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Expunge(ctx, left[:1]); err != nil {
		t.Fatal(err)
	}
	if left, err = m.UIDs(ctx); err != nil || len(left) != 1 {
		t.Fatalf("%v %v", left, err)
	}
}

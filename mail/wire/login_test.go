package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"hopthu/mail"
	"hopthu/mail/sync"
)

// refusedLogin plays a login that is answered with words.
func refusedLogin(words string) func(*script) {
	return func(s *script) {
		s.say("* OK [CAPABILITY " + baseCaps + "] ready")
		tag := s.expect("AUTHENTICATE PLAIN AGxhbkBleGFtcGxlLnRlc3QAbeG6rXQga2jhuql1")
		s.say(tag + " " + words)
		s.gone()
	}
}

func TestLoginRefused(t *testing.T) {
	tests := []struct {
		words  string
		kind   mail.FaultKind
		detail string
	}{
		{"NO [AUTHENTICATIONFAILED] Sai mật khẩu", mail.BadPassword, "Sai mật khẩu"},
		{"NO Login failed", mail.BadPassword, "Login failed"},
		{"NO [EXPIRED] Change it at https://mail.example.test/doi-mat-khau.", mail.MustChange, "https://mail.example.test/doi-mat-khau"},
		{"NO [EXPIRED] Mật khẩu hết hạn", mail.PasswordExpired, "Mật khẩu hết hạn"},
		{"NO [UNAVAILABLE] later", mail.TryLater, "later"},
		{"NO [CONTACTADMIN] locked until 9:00", mail.LockedOut, "locked until 9:00"},
		{"NO [PRIVACYREQUIRED] TLS", mail.NoTLS, "TLS"},
		{"NO [AUTHORIZATIONFAILED] no", mail.Refused, "no"},
		{"BAD \x1b[31mwhat\x9b0m\r", mail.Refused, "[31mwhat0m"},
	}
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			_, err := client(t, refusedLogin(tt.words)).Connect(t.Context())
			if f := faultOf(t, err, tt.kind); f.Detail != tt.detail {
				t.Errorf("detail %q, want %q", f.Detail, tt.detail)
			}
		})
	}
}

func TestLoginWays(t *testing.T) {
	tests := []struct {
		name string
		act  func(*script)
		kind mail.FaultKind
	}{
		{"no SASL-IR", func(s *script) {
			s.say("* OK ready")
			s.ok("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN")
			tag := s.expect("AUTHENTICATE PLAIN")
			s.say("+ ")
			if l := s.line(); l != "AGxhbkBleGFtcGxlLnRlc3QAbeG6rXQga2jhuql1" {
				s.t.Errorf("answer %q", l)
			}
			s.say(tag + " OK in")
			s.ok("CAPABILITY", "* CAPABILITY IMAP4rev1")
		}, ""},
		{"LOGIN with a synchronising literal", func(s *script) {
			s.say("* OK [CAPABILITY IMAP4rev1] ready")
			tag := s.expect(`LOGIN "lan@example.test" {12}`)
			s.say("+ go on")
			if l := s.line(); l != "mật khẩu" {
				s.t.Errorf("password %q", l)
			}
			s.say(tag + " OK [CAPABILITY IMAP4rev1] in")
		}, ""},
		{"literal refused", func(s *script) {
			s.say("* OK [CAPABILITY IMAP4rev1] ready")
			tag := s.expect("LOGIN")
			s.say(tag + " NO [AUTHENTICATIONFAILED] no")
			s.gone()
		}, mail.BadPassword},
		{"LOGINDISABLED", func(s *script) { s.say("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready"); s.gone() }, mail.Refused},
		{"BYE", func(s *script) { s.say("* BYE too many connections") }, mail.TryLater},
		{"PREAUTH", func(s *script) { s.say("* PREAUTH hello"); s.gone() }, mail.BadServer},
		{"not IMAP", func(s *script) { s.say("220 smtp ready"); s.gone() }, mail.BadServer},
		{"gone", func(*script) {}, mail.LostConnection},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := client(t, tt.act).Connect(t.Context())
			if tt.kind == "" && err == nil {
				return
			}
			wantKind(t, err, tt.kind)
		})
	}
}

// over dials act with the given server certificate, by STARTTLS when cfg is nil.
func over(t *testing.T, ca *authority, cfg *tls.Config, act func(*script)) error {
	t.Helper()
	leaks(t)
	g := &stage{t: t, acts: []func(*script){act}, cfg: cfg}
	a := testAccount(ca)
	if cfg == nil {
		a.IMAP.Security = mail.STARTTLS
	}
	m := New(Options{Now: func() time.Time { return testNow }, Dial: g.listen()}).Remote(a, password)
	_, err := m.Connect(t.Context())
	if cerr := m.Close(); cerr != nil {
		t.Error(cerr)
	}
	return err
}

func TestCertificates(t *testing.T) {
	ca := newAuthority(t)
	tests := []struct {
		name   string
		cert   tls.Certificate
		max    uint16
		kind   mail.FaultKind
		detail string
	}{
		{"expired", ca.leaf(testHost, testNow.AddDate(-2, 0, 0)), 0, mail.BadCertificate, "expired: 2025-11-24"},
		{"not yet valid", ca.leaf(testHost, testNow.AddDate(0, 0, 1)), 0, mail.BadCertificate, "not-yet-valid: 2026-11-25"},
		{"wrong name", ca.leaf("other.example.test", testNow.AddDate(0, -1, 0)), 0, mail.BadCertificate, "wrong-name: [other.example.test]"},
		{"unknown authority", newAuthority(t).leaf(testHost, testNow.AddDate(0, -1, 0)), 0, mail.BadCertificate, "unknown-authority: CN=Test CA"},
		{"old TLS", ca.leaf(testHost, testNow.AddDate(0, -1, 0)), tls.VersionTLS11, mail.NoTLS, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := &tls.Config{Certificates: []tls.Certificate{tt.cert}, MinVersion: tls.VersionTLS10, MaxVersion: tt.max}
			err := over(t, ca, cfg, func(s *script) {
				if l, err := s.br.ReadString('\n'); err == nil {
					t.Errorf("the client went on: %q", l)
				}
			})
			if f := faultOf(t, err, tt.kind); tt.detail != "" && f.Detail != tt.detail {
				t.Errorf("detail %q, want %q", f.Detail, tt.detail)
			}
		})
	}
	t.Run("plain server", func(t *testing.T) {
		leaks(t)
		g := &stage{t: t, acts: []func(*script){func(s *script) { s.say("* OK hello"); s.gone() }}}
		m := New(Options{Now: func() time.Time { return testNow }, Dial: g.listen()}).Remote(testAccount(ca), password)
		_, err := m.Connect(t.Context())
		wantKind(t, err, mail.NoTLS)
	})
}

// peers.md §4.3: STARTTLS is never stripped, PREAUTH never accepted, nothing from before it believed.
func TestSTARTTLS(t *testing.T) {
	ca := newAuthority(t)
	t.Run("good", func(t *testing.T) {
		err := over(t, ca, nil, func(s *script) {
			s.say("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready")
			s.ok("STARTTLS")
			s.startTLS(ca.config())
			s.ok("CAPABILITY", "* CAPABILITY "+baseCaps)
			s.ok("AUTHENTICATE")
			s.ok("CAPABILITY", "* CAPABILITY "+baseCaps)
			s.gone()
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	silent := func(s *script) {
		if l, err := s.br.ReadString('\n'); err == nil {
			s.t.Errorf("the client went on in the clear: %q", l)
		}
	}
	tests := []struct {
		name string
		act  func(*script)
		kind mail.FaultKind
	}{
		{"PREAUTH", func(s *script) { s.say("* PREAUTH [CAPABILITY IMAP4rev1] in"); silent(s) }, mail.BadServer},
		{"refused", func(s *script) {
			s.say("* OK ready")
			s.say(s.expect("STARTTLS") + " BAD unknown command")
			silent(s)
		}, mail.NoTLS},
		{"injected", func(s *script) {
			s.say("* OK ready")
			s.say(s.expect("STARTTLS")+" OK go", "* CAPABILITY IMAP4rev1 AUTH=EVIL")
			s.gone()
		}, mail.BadServer},
		{"plain after OK", func(s *script) {
			s.say("* OK ready")
			tag := s.expect("STARTTLS")
			s.say(tag + " OK go")
			if b, err := s.br.ReadByte(); err != nil || b != 22 { // a TLS handshake record
				s.t.Errorf("first octet %d %v", b, err)
			}
			s.say("* OK still plain")
			s.gone()
		}, mail.NoTLS},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { wantKind(t, over(t, ca, nil, tt.act), tt.kind) })
	}
}

func TestDialFaults(t *testing.T) {
	tests := []struct {
		err    error
		kind   mail.FaultKind
		detail string
	}{
		{&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}}, mail.NoServer, notFound},
		{&net.OpError{Op: "dial", Err: &net.DNSError{Err: "timeout", IsTimeout: true}}, mail.NoAnswer, ""},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, mail.NoServer, refused},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ENETUNREACH)}, mail.NoServer, unreachable},
		{context.DeadlineExceeded, mail.NoAnswer, ""},
		{errors.New("socks"), mail.NoServer, ""},
	}
	ca := newAuthority(t)
	for _, tt := range tests {
		d := New(Options{Now: func() time.Time { return testNow }, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, tt.err }})
		_, err := d.Remote(testAccount(ca), password).Connect(t.Context())
		if f := faultOf(t, err, tt.kind); f.Detail != tt.detail {
			t.Errorf("%v: detail %q", tt.err, f.Detail)
		}
	}
	a := testAccount(ca)
	d := New(Options{Now: func() time.Time { return testNow }, Dial: (&stage{t: t, acts: []func(*script){func(s *script) { s.gone() }}}).listen()})
	a.CAFile = filepath.Join(t.TempDir(), "none.pem")
	_, err := d.Remote(a, password).Connect(t.Context())
	wantKind(t, err, mail.NoFile)
	a.CAFile = filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(a.CAFile, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = d.Remote(a, password).Connect(t.Context())
	wantKind(t, err, mail.BadSettings)
	a.IMAP.Port = 0
	_, err = d.Remote(a, password).Connect(t.Context())
	wantKind(t, err, mail.BadSettings)
}

// A keyring that fails is told as what it is, and the server never sees a login.
func TestSecretFails(t *testing.T) {
	ca := newAuthority(t)
	leaks(t)
	g := &stage{t: t, cfg: ca.config(), acts: []func(*script){func(s *script) {
		s.say("* OK [CAPABILITY " + baseCaps + "] ready")
		s.gone()
	}}}
	d := New(Options{Now: func() time.Time { return testNow }, Dial: g.listen()})
	_, err := d.Remote(testAccount(ca), func(context.Context) (string, error) { return "", errors.New("no bus") }).Connect(t.Context())
	wantKind(t, err, mail.NoKeyring)
}

// IDLE is renewed every 9 minutes, and its hints come through.
func TestIdleRenews(t *testing.T) {
	rounds := 0
	bubbled(t, Limits{}, func(s *script) {
		s.login("IDLE")
		s.ok(`EXAMINE "INBOX"`)
		for range 3 {
			tag := s.expect("IDLE")
			s.say("+ idling", "* OK Still here", "* 5 EXISTS")
			start := time.Now()
			if l := s.line(); l != "DONE" {
				s.t.Errorf("IDLE ended by %q", l)
			}
			if d := time.Since(start); d != 9*time.Minute {
				s.t.Errorf("renewed after %v", d)
			}
			rounds++
			s.say("* 1 EXPUNGE", tag+" OK done")
		}
	}, func(m *IMAP) {
		hints := 0
		err := m.Idle(inBG, "INBOX", func() { hints++ })
		wantKind(t, err, mail.LostConnection)
		if hints != 1+3*2 || rounds != 3 {
			t.Errorf("%d hints in %d rounds", hints, rounds)
		}
	})
}

func TestPollWithoutIdle(t *testing.T) {
	bubbled(t, Limits{}, func(s *script) {
		s.login("")
		s.ok("EXAMINE")
		start := time.Now()
		s.ok("NOOP", "* 4 EXISTS")
		s.ok("NOOP")
		if d := time.Since(start); d != 4*time.Minute {
			s.t.Errorf("two polls in %v", d)
		}
		s.gone()
	}, func(m *IMAP) {
		ctx, cancel := context.WithTimeout(inBG, 5*time.Minute)
		defer cancel()
		hints := 0
		err := m.Idle(ctx, "INBOX", func() { hints++ })
		wantKind(t, err, mail.NoAnswer)
		if hints != 2 {
			t.Errorf("%d hints", hints)
		}
	})
}

// Close frees a call that waits, on both connections.
func TestCloseFreesCalls(t *testing.T) {
	ca := newAuthority(t)
	synctest.Test(t, func(t *testing.T) {
		g := &stage{t: t, cfg: ca.config(), acts: []func(*script){func(s *script) {
			s.login("IDLE")
			s.line()
			s.gone()
		}}}
		m := New(Options{Now: func() time.Time { return testNow }, Dial: g.pipes}).Remote(testAccount(ca), password)
		if _, err := m.Connect(inBG); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 2)
		mail.Go("list", func() { _, err := m.List(inBG); ended <- err })
		mail.Go("idle", func() { ended <- m.Idle(inBG, "INBOX", func() {}) })
		synctest.Wait()
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			wantKind(t, <-ended, mail.LostConnection)
		}
		g.wg.Wait()
	})
}

// Close takes leave where nobody is in the middle of a command, and waits for no answer longer than farewellIMAP.
func TestCloseTakesLeave(t *testing.T) {
	ca := newAuthority(t)
	tests := []struct {
		name string
		act  func(*script)
		took time.Duration
	}{
		{"polite", func(s *script) {
			s.login("")
			tag := s.expect("LOGOUT")
			s.say("* BYE bye", tag+" OK done")
			s.gone()
		}, 0},
		{"silent", func(s *script) { s.login(""); s.expect("LOGOUT"); s.gone() }, farewellIMAP},
		{"rude", func(s *script) { s.login(""); s.expect("LOGOUT") }, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := &stage{t: t, cfg: ca.config(), acts: []func(*script){tt.act}}
				m := New(Options{Now: func() time.Time { return testNow }, Dial: g.pipes}).Remote(testAccount(ca), password)
				if _, err := m.Connect(inBG); err != nil {
					t.Fatal(err)
				}
				begin := time.Now()
				if err := m.Close(); err != nil || time.Since(begin) != tt.took { // the bubble's time
					t.Errorf("%v after %v", err, time.Since(begin))
				}
				_, err := m.List(inBG)
				wantKind(t, err, mail.LostConnection)
				if err := m.Close(); err != nil { // twice does no harm
					t.Error(err)
				}
				g.wg.Wait()
			})
		})
	}
}

// A connection that is still being made is cut as well.
func TestCloseWhileConnecting(t *testing.T) {
	ca := newAuthority(t)
	synctest.Test(t, func(t *testing.T) {
		g := &stage{t: t, cfg: ca.config(), acts: []func(*script){func(s *script) { s.gone() }}}
		m := New(Options{Now: func() time.Time { return testNow }, Dial: g.pipes}).Remote(testAccount(ca), password)
		ended := make(chan error, 1)
		mail.Go("connect", func() { _, err := m.Connect(inBG); ended <- err })
		synctest.Wait()
		begin := time.Now()
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		wantKind(t, <-ended, mail.LostConnection)
		if took := time.Since(begin); took != 0 {
			t.Errorf("after %v", took)
		}
		if len(m.live) != 0 {
			t.Error("the dead connection is still kept")
		}
		g.wg.Wait()
	})
}

// Names go out right in every mode that a server may be in; raw bytes are compared (libraries-mail.md §8 test 7).
func TestNames(t *testing.T) {
	enabled := func(s *script) { s.ok("ENABLE UTF8=ACCEPT", "* ENABLED UTF8=ACCEPT") }
	tests := []struct {
		name, caps string
		enable     func(*script)
		listing    string
		want       [2]string
	}{
		{"UTF-7", "", nil, `* LIST () "/" "V&AQM-n b&HqM-n &AREevw-n"`, [2]string{`"V&AQM-n b&HqM-n &AREevw-n"`, `"kh&-&ARE-t"`}},
		{"UTF-8", "ENABLE UTF8=ACCEPT", enabled, `* LIST () "/" "Văn bản đến"`, [2]string{`"Văn bản đến"`, `"kh&đt"`}},
		{"refused", "ENABLE UTF8=ACCEPT", func(s *script) { s.ok("ENABLE UTF8=ACCEPT", "* ENABLED") }, "", [2]string{`"V&AQM-n b&HqM-n &AREevw-n"`, `"kh&-&ARE-t"`}},
		{"go-imap's", "ENABLE UTF8=ACCEPT", enabled, `* LIST () "/" "R&-D"`, [2]string{`"Văn bản đến"`, `"kh&-đt"`}},
		{"modified UTF-7 in UTF-8 mode", "ENABLE UTF8=ACCEPT", enabled, `* LIST () "/" "V&AQM-n b&HqM-n &AREevw-n"`, [2]string{`"V&AQM-n b&HqM-n &AREevw-n"`, `"kh&-&ARE-t"`}},
		{"no quotes", "ENABLE UTF8=ACCEPT", enabled, `* LIST () "/" Văn bản đến`, [2]string{`"Văn bản đến"`, `"kh&đt"`}},
		{"8-bit without asking", "", nil, "* LIST () \"/\" \"Văn bản đến\"\r\n* LIST () \"/\" \"" + strings.Repeat("x", maxName+1) + `"`, [2]string{"{17+}\r\nVăn bản đến", `"kh&-&ARE-t"`}},
		{"NFD on the server", "ENABLE UTF8=ACCEPT", enabled, "* LIST () \"/\" \"Va\u0306n ba\u0309n \u0111e\u0302\u0301n\"", [2]string{"\"Va\u0306n ba\u0309n \u0111e\u0302\u0301n\"", `"kh&đt"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := connected(t, func(s *script) {
				s.login(tt.caps)
				if tt.enable != nil {
					tt.enable(s)
				}
				s.ok("LIST", tt.listing)
				for i, verb := range []string{"SELECT ", "CREATE "} {
					tag, said, _ := strings.Cut(s.line(), " ")
					for range strings.Count(tt.want[i], "\r\n") {
						said += "\r\n" + s.line()
					}
					if said != verb+tt.want[i] {
						t.Errorf("%s, want %s%s", said, verb, tt.want[i])
					}
					s.say(tag + " NO no")
				}
			})
			if _, err := m.List(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, err := m.Select(t.Context(), "Văn bản đến")
			wantKind(t, err, mail.Refused)
			wantKind(t, m.Create(t.Context(), "kh&đt"), mail.Refused)
		})
	}
}

func TestFlagNamesCannotInject(t *testing.T) {
	m := connected(t, func(s *script) {
		s.login("")
		s.expect("LOGOUT")
	})
	for _, f := range []string{"", `\`, "a b", "a)", "x\r\nzz DELETE INBOX", "đ", "a{3}", `a\b`} {
		wantKind(t, m.Store(t.Context(), []mail.UID{1}, []string{f}, nil), mail.Refused)
	}
	if uids, err := m.FindMessageID(t.Context(), "x\r\nzz DELETE INBOX"); err != nil || uids != nil {
		t.Errorf("%v %v", uids, err)
	}
	if err := m.Headers(t.Context(), sync.These(nil), func(sync.RemoteHeader) error { return nil }); err != nil {
		t.Error(err)
	}
}

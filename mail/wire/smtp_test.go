package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	gosync "sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"hopthu/mail"
	"hopthu/mail/outbox"
)

// post is a go-smtp server that keeps what it is given.
type post struct {
	mu   gosync.Mutex
	from string
	as   string // authorization identity of the last login
	mo   smtp.MailOptions
	to   []string
	ro   []smtp.RcptOptions
	data []byte
}

func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) { return &postSession{p: p}, nil }

type postSession struct {
	p  *post
	in bool
}

func (s *postSession) Reset()        {}
func (s *postSession) Logout() error { return nil }
func (s *postSession) AuthMechanisms() []string {
	return []string{sasl.Plain}
}

func (s *postSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(as, user, pass string) error {
		s.p.mu.Lock()
		s.p.as = as
		s.p.mu.Unlock()
		if user != "lan@example.test" || pass != "mật khẩu" {
			return smtp.ErrAuthFailed
		}
		s.in = true
		return nil
	}), nil
}

func (s *postSession) Mail(from string, o *smtp.MailOptions) error {
	if !s.in {
		return smtp.ErrAuthRequired
	}
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.from, s.p.mo, s.p.to, s.p.ro = from, *o, nil, nil
	return nil
}

func (s *postSession) Rcpt(to string, o *smtp.RcptOptions) error {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	switch {
	case strings.HasPrefix(to, "nobody"):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no \x1b[31msuch user"}
	case strings.HasPrefix(to, "busy"):
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "later"}
	}
	s.p.to, s.p.ro = append(s.p.to, to), append(s.p.ro, *o)
	return nil
}

func (s *postSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.data = b
	return &smtp.SMTPError{Code: 250, EnhancedCode: smtp.EnhancedCode{2, 0, 0}, Message: "OK: queued as 7"}
}

// posted starts p behind TLS and gives a sender to it.
func posted(t *testing.T, p *post, set func(*smtp.Server)) *SMTP {
	t.Helper()
	leaks(t)
	ca := newAuthority(t)
	srv := smtp.NewServer(p)
	srv.Domain, srv.EnableSMTPUTF8, srv.EnableDSN, srv.MaxMessageBytes = testHost, true, true, 10_000
	srv.TLSConfig = ca.config()
	if set != nil {
		set(srv)
	}
	ln, err := tls.Listen("tcp", "127.0.0.1:0", ca.config())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	mail.Go("smtp server", func() { done <- srv.Serve(ln) })
	t.Cleanup(func() {
		if err := errors.Join(srv.Close(), ln.Close()); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
		if err := <-done; err != nil && !errors.Is(err, net.ErrClosed) {
			t.Logf("server ended: %v", err)
		}
	})
	d := New(Options{Now: func() time.Time { return testNow }, Dial: dialTo(ln.Addr().String())})
	return d.Sender(testAccount(ca), password)
}

const plainLetter = "From: lan@example.test\r\nSubject: x\r\n\r\nKinh gui\r\n.\r\n..\r\n"

func sendText(t *testing.T, s *SMTP, e outbox.Envelope, raw string) (outbox.Receipt, error) {
	t.Helper()
	return s.Send(t.Context(), e, int64(len(raw)), strings.NewReader(raw))
}

func TestSend(t *testing.T) {
	p := &post{}
	s := posted(t, p, nil)
	e := outbox.Envelope{From: "lan@example.test", To: []string{"minh@example.test", "nobody@example.test"}, DSN: true, ID: "1@x"}
	r, err := sendText(t, s, e, plainLetter)
	if err != nil {
		t.Fatal(err)
	}
	if r.Text != "250 2.0.0 OK: queued as 7" || r.Refused["nobody@example.test"] != "550 5.1.1 no [31msuch user" || len(r.Refused) != 1 {
		t.Errorf("%+v", r)
	}
	if string(p.data) != plainLetter || p.from != "lan@example.test" || !slices.Equal(p.to, []string{"minh@example.test"}) {
		t.Errorf("%q %q %q", p.data, p.from, p.to)
	}
	if p.mo.UTF8 || p.mo.EnvelopeID != "1@x" || p.mo.Size != int64(len(plainLetter)) || len(p.ro[0].Notify) == 0 {
		t.Errorf("%+v %+v", p.mo, p.ro)
	}
}

// libraries-mail.md §8 test 16: SMTPUTF8 is asked for exactly when envelope or header needs it.
func TestSMTPUTF8(t *testing.T) {
	const utf8Header = "From: <kh&đt@example.test>\r\nSubject: x\r\n\r\nbody\r\n"
	tests := []struct {
		name    string
		offered bool
		e       outbox.Envelope
		raw     string
		kind    mail.FaultKind
		utf8    bool
		from    string
		to      string
	}{
		{"plain", true, outbox.Envelope{From: "lan@example.test", To: []string{"a@b.test"}}, plainLetter, "", false, "lan@example.test", "a@b.test"},
		{"address", true, outbox.Envelope{From: "kh&đt@example.test", To: []string{"a@b.test"}}, plainLetter, "", true, "kh&đt@example.test", "a@b.test"},
		{"header", true, outbox.Envelope{From: "lan@example.test", To: []string{"a@b.test"}}, utf8Header, "", true, "lan@example.test", "a@b.test"},
		{"wire spelling", false, outbox.Envelope{From: "kh&đt@example.test", To: []string{"Đào.KH&ĐT@Example.test"}}, plainLetter, mail.BadAddress, false, "", ""},
		{"wire spelling of both", false, outbox.Envelope{From: "kh&đt@example.test", To: []string{"KH&ĐT@Example.test"}}, plainLetter, "", false, "kh&dt@example.test", "kh&dt@Example.test"},
		{"other domain with A-labels", false, outbox.Envelope{From: "lan@example.test", To: []string{"a@hộp-thư.test"}}, plainLetter, "", false, "lan@example.test", "a@xn--hp-th-jrb4633c.test"},
		{"asked for without need", false, outbox.Envelope{From: "lan@example.test", To: []string{"a@b.test"}, UTF8: true}, plainLetter, "", false, "lan@example.test", "a@b.test"},
		{"other domain", false, outbox.Envelope{From: "lan@example.test", To: []string{"kh&đt@b.test"}}, plainLetter, mail.BadAddress, false, "", ""},
		{"header refused", false, outbox.Envelope{From: "lan@example.test", To: []string{"a@b.test"}}, utf8Header, mail.Refused, false, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := &post{}
			s := posted(t, p, func(srv *smtp.Server) { srv.EnableSMTPUTF8 = tt.offered })
			_, err := sendText(t, s, tt.e, tt.raw)
			if tt.kind != "" {
				wantKind(t, err, tt.kind)
				if p.from != "" {
					t.Error("something was sent all the same")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if p.mo.UTF8 != tt.utf8 || p.from != tt.from || p.to[0] != tt.to {
				t.Errorf("UTF8 %v, %q → %q", p.mo.UTF8, p.from, p.to)
			}
		})
	}
}

func TestSendRefused(t *testing.T) {
	ok := outbox.Envelope{From: "lan@example.test", To: []string{"a@b.test"}}
	to := func(list ...string) outbox.Envelope { return outbox.Envelope{From: ok.From, To: list} }
	tests := []struct {
		name string
		e    outbox.Envelope
		raw  string
		kind mail.FaultKind
	}{
		{"all unknown", to("nobody@b.test", "nobody2@b.test"), plainLetter, mail.BadAddress},
		{"one later", to("a@b.test", "busy@b.test"), plainLetter, mail.TryLater},
		{"too big", ok, plainLetter + strings.Repeat("x\r\n", 5000), mail.TooBig},
		{"no recipient", to(), plainLetter, mail.BadAddress},
		{"parameter injected", to("a@x> BODY=7BIT"), plainLetter, mail.BadAddress},
		{"line injected", to("a@x\r\nDATA"), plainLetter, mail.BadAddress},
		{"quoted local part", to(`"a b"@x`), plainLetter, mail.BadAddress},
		{"invalid UTF-8", to("a\xff@x"), plainLetter, mail.BadAddress},
		{"NUL", to("a\x00@x"), plainLetter, mail.BadAddress},
		{"two at", to("a@b@c"), plainLetter, mail.BadAddress},
		{"domain", to("a@b..c"), plainLetter, mail.BadAddress},
		{"empty sender", outbox.Envelope{To: ok.To}, plainLetter, mail.BadAddress},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := &post{}
			_, err := sendText(t, posted(t, p, nil), tt.e, tt.raw)
			wantKind(t, err, tt.kind)
			if p.data != nil {
				t.Error("the letter went out")
			}
		})
	}
}

func TestSendReaderFails(t *testing.T) {
	for name, r := range map[string]io.Reader{
		"error": io.MultiReader(strings.NewReader(plainLetter), failing{}),
		"short": strings.NewReader(plainLetter),
		"long":  strings.NewReader(plainLetter + "0123456789more"),
	} {
		p := &post{}
		s := posted(t, p, nil)
		_, err := s.Send(t.Context(), outbox.Envelope{From: "lan@example.test", To: []string{"a@b.test"}}, int64(len(plainLetter))+10, r)
		// The outbox takes both as "before the final dot": one is tried again, one comes back to the person.
		wantKind(t, err, map[string]mail.FaultKind{"error": mail.TryLater, "short": mail.Refused, "long": mail.Refused}[name])
		if p.data != nil {
			t.Errorf("%s: half a letter was delivered", name)
		}
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("disk") }

// smtpAct plays a server up to the given point.
func smtpAct(until string, answer string) func(*script) {
	return func(s *script) {
		s.say("220 ready")
		for {
			l := s.line()
			verb, _, _ := strings.Cut(l, " ")
			if verb == until {
				if answer == "" {
					s.gone()
					return
				}
				s.say(answer)
			} else {
				switch verb {
				case "EHLO":
					s.say("250-hi", "250-AUTH PLAIN", "250 SIZE 100000")
				case "AUTH":
					s.say("235 in")
				case "DATA":
					s.say("354 go")
				case "MAIL", "RCPT":
					s.say("250 ok")
				case ".":
					s.say("250 ok")
				case "*": // go-smtp aborts a login that has already failed
					s.say("501 aborted")
				case "QUIT":
					s.say("221 bye")
				}
			}
		}
	}
}

// Before the final dot every failure may be tried again; behind it the outcome is unknown.
func TestSendCutOff(t *testing.T) {
	tests := []struct {
		until, answer string
		kind          mail.FaultKind
		detail        string
	}{
		{"EHLO", "", mail.NoAnswer, ""},
		{"AUTH", "", mail.NoAnswer, ""},
		{"MAIL", "", mail.NoAnswer, ""},
		{"DATA", "", mail.NoAnswer, ""},
		{".", "", mail.Unsent, ""},
		{".", "451 4.3.0 disk\x1b[2J", mail.TryLater, "451 4.3.0 disk[2J"},
		{".", "554 5.7.1 no", mail.Refused, "554 5.7.1 no"},
		{".", "452 4.3.1 full", mail.TryLater, "452 4.3.1 full"},
		{".", "552 5.3.4 big", mail.TooBig, "552 5.3.4 big"},
		{".", "552 5.2.2 full", mail.OverQuota, "552 5.2.2 full"},
		{"MAIL", "421 4.3.2 closing", mail.TryLater, "421 4.3.2 closing"},
		{"MAIL", "nonsense", mail.BadServer, ""},
		{"AUTH", "535 5.7.8 no", mail.BadPassword, "535 5.7.8 no"},
		{"AUTH", "535 5.7.13 Đổi mật khẩu: https://mail.example.test/doi-mat-khau", mail.MustChange, "https://mail.example.test/doi-mat-khau"},
		{"AUTH", "454 4.7.0 later", mail.TryLater, "454 4.7.0 later"},
	}
	ca := newAuthority(t)
	for _, tt := range tests {
		t.Run(tt.until+" "+tt.answer, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := &stage{t: t, acts: []func(*script){smtpAct(tt.until, tt.answer)}, cfg: ca.config()}
				d := New(Options{Now: func() time.Time { return testNow }, Dial: g.pipes})
				_, err := d.Sender(testAccount(ca), password).Send(inBG, outbox.Envelope{From: "lan@example.test", To: []string{"a@b.test"}}, int64(len(plainLetter)), strings.NewReader(plainLetter))
				if f := faultOf(t, err, tt.kind); tt.detail != "" && f.Detail != tt.detail {
					t.Errorf("detail %q", f.Detail)
				}
				g.wg.Wait()
			})
		})
	}
}

// go-smtp has no deadline while the body is written; the watchdog has.
func TestBodyStalls(t *testing.T) {
	ca := newAuthority(t)
	synctest.Test(t, func(t *testing.T) {
		stuck := make(chan struct{})
		g := &stage{t: t, cfg: ca.config(), acts: []func(*script){func(s *script) {
			s.say("220 ready")
			for _, a := range []string{"250-hi\r\n250 AUTH PLAIN", "235 in", "250 ok", "250 ok", "354 go"} {
				s.line()
				s.say(a)
			}
			<-stuck
		}}}
		d := New(Options{Now: func() time.Time { return testNow }, Dial: g.pipes})
		raw := plainLetter + strings.Repeat("x\r\n", 100_000)
		_, err := d.Sender(testAccount(ca), password).Send(inBG, outbox.Envelope{From: "lan@example.test", To: []string{"a@b.test"}}, int64(len(raw)), strings.NewReader(raw))
		wantKind(t, err, mail.NoAnswer)
		close(stuck)
		g.wg.Wait()
	})
}

func TestSendOddServers(t *testing.T) {
	ca := newAuthority(t)
	eight := "Subject: x\r\n\r\nKính gửi\r\n"
	tests := []struct {
		name     string
		security mail.Security
		act      func(*script)
		raw      string
		kind     mail.FaultKind
	}{
		{"no 8BITMIME", mail.TLS, smtpAct(".", "250 ok"), eight, mail.Refused},
		{"no login offered", mail.TLS, func(s *script) { s.say("220 hi"); s.line(); s.say("250 hi"); s.gone() }, plainLetter, mail.Refused},
		{"endless answer", mail.TLS, func(s *script) {
			s.say("220 hi")
			s.line()
			for {
				s.say("250-" + strings.Repeat("x", 500))
			}
		}, plainLetter, mail.BadServer},
		{"no STARTTLS", mail.STARTTLS, func(s *script) {
			s.say("220 hi")
			s.line()
			s.say("250-hi", "250 AUTH PLAIN")
			if l, err := s.br.ReadString('\n'); err == nil {
				s.t.Errorf("client went on in the clear: %q", l)
			}
		}, plainLetter, mail.NoTLS},
		{"STARTTLS refused", mail.STARTTLS, func(s *script) {
			s.say("220 hi")
			s.line()
			s.say("250-hi", "250 STARTTLS")
			s.line()
			s.say("502 no")
			if l, err := s.br.ReadString('\n'); err == nil {
				s.t.Errorf("client went on in the clear: %q", l)
			}
		}, plainLetter, mail.NoTLS},
		{"STARTTLS", mail.STARTTLS, func(s *script) {
			s.say("220 hi")
			s.line()
			s.say("250-hi", "250 STARTTLS")
			s.line()
			s.say("220 go")
			s.startTLS(ca.config())
			for _, a := range []string{"250-hi\r\n250 AUTH LOGIN", "334 VXNlciBOYW1lAA==", "334 UGFzc3dvcmQA", "235 in", "250 ok", "250 ok", "354 go"} {
				s.line()
				s.say(a)
			}
			for s.line() != "." {
			}
			s.say("250 ok")
			s.line()
			s.say("221 bye")
		}, plainLetter, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			leaks(t)
			g := &stage{t: t, acts: []func(*script){tt.act}, cfg: ca.config()}
			a := testAccount(ca)
			if a.SMTP.Security = tt.security; tt.security == mail.STARTTLS {
				g.cfg = nil
			}
			d := New(Options{Now: func() time.Time { return testNow }, Dial: g.listen()})
			_, err := sendText(t, d.Sender(a, password), outbox.Envelope{From: "lan@example.test", To: []string{"a@b.test"}}, tt.raw)
			if tt.kind == "" && err == nil {
				return
			}
			wantKind(t, err, tt.kind)
		})
	}
}

// A server that leaves go-smtp's "*" behind a refused login without an answer holds nobody up.
func TestAuthRefusedInSilence(t *testing.T) {
	ca := newAuthority(t)
	for _, offer := range []string{"PLAIN", "LOGIN"} {
		synctest.Test(t, func(t *testing.T) {
			g := &stage{t: t, cfg: ca.config(), acts: []func(*script){func(s *script) {
				s.say("220 ready")
				s.line()
				s.say("250-hi", "250 AUTH "+offer)
				if s.line(); offer == "LOGIN" {
					for _, a := range []string{"334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"} {
						s.say(a)
						s.line()
					}
				}
				<-time.After(20 * time.Second) // a slow refusal is waited for
				s.say("535 5.7.8 no")
				s.gone()
			}}}
			d := New(Options{Now: func() time.Time { return testNow }, Dial: g.pipes})
			begin := time.Now()
			_, err := sendText(t, d.Sender(testAccount(ca), password), outbox.Envelope{From: "lan@example.test", To: []string{"a@b.test"}}, plainLetter)
			wantKind(t, err, mail.BadPassword)
			if took := time.Since(begin); took != 20*time.Second+farewell { // the bubble's time
				t.Errorf("%s: %v", offer, took)
			}
			g.wg.Wait()
		})
	}
}

func TestSendCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	leaks(t)
	ca := newAuthority(t)
	g := &stage{t: t, cfg: ca.config(), acts: []func(*script){func(s *script) {
		s.say("220 hi")
		s.line()
		cancel()
		s.gone()
	}}}
	d := New(Options{Now: func() time.Time { return testNow }, Dial: g.listen()})
	_, err := d.Sender(testAccount(ca), password).Send(ctx, outbox.Envelope{From: "a@b.test", To: []string{"a@b.test"}}, 1, bytes.NewReader([]byte("x")))
	wantKind(t, err, mail.LostConnection)
}

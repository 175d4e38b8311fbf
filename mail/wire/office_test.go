package wire

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
)

// officed starts an office API and gives a dialer to it.
func officed(t *testing.T, h http.HandlerFunc) (*Dialer, mail.Account) {
	t.Helper()
	leaks(t)
	ca := newAuthority(t)
	srv := httptest.NewUnstartedServer(h)
	srv.TLS = ca.config()
	srv.StartTLS()
	t.Cleanup(srv.Close)
	d := New(Options{Now: func() time.Time { return testNow }, Dial: dialTo(srv.Listener.Addr().String())})
	a := testAccount(ca)
	a.Office = "https://" + testHost
	return d, a
}

func answer(t *testing.T, w http.ResponseWriter, code int, v any) {
	t.Helper()
	w.WriteHeader(code)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		t.Error(err)
	}
}

func TestChangePassword(t *testing.T) {
	var got api.PasswordChange
	d, a := officed(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != api.PathPassword || r.URL.RawQuery != "" {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusNoContent)
	})
	if err := d.ChangePassword(t.Context(), a, "old", "ma\u0323\u0302t"); err != nil {
		t.Fatal(err)
	}
	if got.Login != a.Login || got.Old != "old" || got.New != "mật" {
		t.Errorf("%+v", got)
	}
}

func TestOfficeProblems(t *testing.T) {
	tests := []struct {
		name   string
		h      http.HandlerFunc
		kind   mail.FaultKind
		detail string
	}{
		{"weak", func(w http.ResponseWriter, _ *http.Request) {
			answer(t, w, 422, api.Problem{Code: "weak-password", Rule: "too-short", Text: "ngắn"})
		}, mail.WeakPassword, "too-short"},
		{"wrong", func(w http.ResponseWriter, _ *http.Request) {
			answer(t, w, 401, api.Problem{Code: "bad-password", Text: "sai\x1b[2J"})
		}, mail.BadPassword, "sai[2J"},
		{"locked", func(w http.ResponseWriter, _ *http.Request) {
			answer(t, w, 429, api.Problem{Code: "locked-out", Retry: 600})
		}, mail.LockedOut, "2026-11-24T08:10:00Z"},
		{"foreign code", func(w http.ResponseWriter, _ *http.Request) {
			answer(t, w, 400, api.Problem{Code: "store-damaged", Text: "no"})
		}, mail.Refused, "no"},
		{"no JSON", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }, mail.TryLater, "HTTP 502"},
		{"not there", http.NotFound, mail.BadServer, "HTTP 404"},
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://evil.test/", http.StatusTemporaryRedirect)
		}, mail.BadServer, "HTTP 307"},
		{"endless", func(w http.ResponseWriter, _ *http.Request) {
			if _, err := w.Write([]byte(strings.Repeat("x", maxOffice+10))); err != nil {
				t.Log(err)
			}
		}, mail.BadServer, "answer too large"},
		{"cut", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, mail.LostConnection, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, a := officed(t, tt.h)
			if f := faultOf(t, d.ChangePassword(t.Context(), a, "a", "b"), tt.kind); f.Detail != tt.detail {
				t.Errorf("detail %q", f.Detail)
			}
		})
	}
}

func TestOfficeNeedsTLS(t *testing.T) {
	d, a := officed(t, http.NotFound)
	for _, base := range []string{"", "http://" + testHost, "https://u:p@" + testHost, "ftp://x"} {
		a.Office = base
		wantKind(t, d.ChangePassword(t.Context(), a, "a", "b"), mail.BadSettings)
	}
	a.Office, a.CAFile = "https://"+testHost, ""
	_, err := d.Info(t.Context(), a)
	wantKind(t, err, mail.BadCertificate)
}

func TestDirectory(t *testing.T) {
	d, a := officed(t, func(w http.ResponseWriter, r *http.Request) {
		if q := r.URL.Query().Get("q"); q != "sở kế" {
			t.Errorf("q %q", q)
		}
		answer(t, w, 200, api.Directory{Entries: []api.Entry{
			{Name: "Sở Kế hoạch", Unit: "UBND", Address: "kh&đt@x.test", Wire: "kh&dt@x.test"},
			{Name: "Xấu", Address: "a@x> BODY=7BIT"},
			{Name: "Lan", Post: "Chuyên viên", Address: "lan@x.test"},
		}})
	})
	got, err := d.Directory(t.Context(), a, "sở kế")
	if err != nil || len(got) != 2 || got[0].Address.Addr != "kh&dt@x.test" || got[1].Post != "Chuyên viên" || got[1].Source != "directory" {
		t.Fatalf("%+v %v", got, err)
	}
}

func TestDiscover(t *testing.T) {
	off := func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no network") }
	only := func(addr string) func(context.Context, string, string) (net.Conn, error) {
		return func(_ context.Context, _, to string) (net.Conn, error) {
			if to != addr {
				return nil, errors.New("refused")
			}
			c, s := net.Pipe()
			return c, s.Close()
		}
	}
	srv := func(_ context.Context, service, _ string) ([]*net.SRV, error) {
		switch service {
		case "imaps":
			return []*net.SRV{{Target: "imap.evil.test.", Port: 993}, {Target: "in.x.test.", Port: 1993}}, nil
		case "submission":
			return []*net.SRV{{Target: "out.x.test.", Port: 587}}, nil
		}
		return nil, errors.New("none")
	}
	in := func(host string, port int) mail.Endpoint {
		return mail.Endpoint{Host: host, Port: port, Security: mail.TLS}
	}
	tests := []struct {
		name, addr string
		dial       func(context.Context, string, string) (net.Conn, error)
		srv        func(context.Context, string, string) ([]*net.SRV, error)
		imap, smtp mail.Endpoint
		office     string
	}{
		{"preset", "kh&đt@ninhbinh.gov.vn", off, nil, in("mail.ninhbinh.gov.vn", 993), in("mail.ninhbinh.gov.vn", 465), "https://mail.ninhbinh.gov.vn"},
		{"no network", "a@x.test", off, nil, in("mail.x.test", 993), in("mail.x.test", 465), ""},
		{"guess", "a@x.test", only("imap.x.test:993"), nil, in("imap.x.test", 993), in("mail.x.test", 465), ""},
		{"starttls", "a@x.test", only("smtp.x.test:587"), nil, in("mail.x.test", 993), mail.Endpoint{Host: "smtp.x.test", Port: 587, Security: mail.STARTTLS}, ""},
		{"international", "a@hộp-thư.test", only("imap.xn--hp-th-jrb4633c.test:993"), nil, in("imap.hộp-thư.test", 993), in("mail.hộp-thư.test", 465), ""},
		{"international srv", "a@hộp-thư.test", off, func(_ context.Context, service, domain string) ([]*net.SRV, error) {
			if service != "imaps" || domain != "xn--hp-th-jrb4633c.test" {
				return nil, errors.New("none")
			}
			return []*net.SRV{{Target: "in." + domain + ".", Port: 993}}, nil
		}, in("in.xn--hp-th-jrb4633c.test", 993), in("mail.hộp-thư.test", 465), ""},
		{"srv", "a@x.test", off, srv, in("in.x.test", 1993), mail.Endpoint{Host: "out.x.test", Port: 587, Security: mail.STARTTLS}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := New(Options{Now: func() time.Time { return testNow }, Dial: tt.dial, SRV: tt.srv})
			a, err := d.Discover(t.Context(), tt.addr)
			if err != nil || a.IMAP != tt.imap || a.SMTP != tt.smtp || a.Office != tt.office || a.Login != tt.addr {
				t.Errorf("%+v %v", a, err)
			}
			if tt.name == "preset" && (len(a.Aliases) != 1 || a.Aliases[0] != "kh&dt@ninhbinh.gov.vn") {
				t.Errorf("aliases %q", a.Aliases)
			}
		})
	}
	_, err := New(Options{Dial: off}).Discover(t.Context(), "no address")
	wantKind(t, err, mail.BadAddress)
}

// The office is asked under the account's own authority, and what it says of the doors is taken over.
func TestDiscoverOffice(t *testing.T) {
	d, a := officed(t, func(w http.ResponseWriter, _ *http.Request) {
		answer(t, w, http.StatusOK, api.Info{
			Domain: "EXAMPLE.test", IMAP: api.Endpoint{Host: "in.example.test", Port: 1993, Security: "tls"},
			SMTP: api.Endpoint{Host: "out.example.test", Port: 1587, Security: "starttls"},
		})
	})
	got, err := d.DiscoverFor(t.Context(), mail.Account{Address: "Lan@example.test", Name: "Lan", CAFile: a.CAFile})
	if err != nil || got.Office != "https://mail.example.test" || got.IMAP.Port != 1993 || got.SMTP.Security != mail.STARTTLS || got.Name != "Lan" || !got.Official {
		t.Errorf("%+v %v", got, err)
	}
	got, err = d.Discover(t.Context(), "lan@example.test") // the system's authorities do not know it
	if err != nil || got.Office != "" {
		t.Errorf("%+v %v", got, err)
	}
}

// The server's word for its office (RFC 2971) is taken after login, from List in passing and from Check.
func TestOfficeAnnounced(t *testing.T) {
	tests := []struct{ id, want string }{
		{`* ID ("name" "hopthu-server" "support-url" "https://mail.example.test:8443/")`, "https://mail.example.test:8443"},
		{`* ID ("SUPPORT-URL" "https://mail.example.test")`, "https://mail.example.test"},
		{"* ID NIL", ""},
		{`* ID ("support-url" NIL)`, ""},
		{`* ID ("support-url")`, ""},
		{"* ID", ""},
		{`* ID ("support-url" "http://mail.example.test")`, ""},
		{`* ID ("support-url" "https://u:p@mail.example.test")`, ""},
		{`* ID ("support-url" "https://x/?q=")`, ""},
		{`* ID ("support-url" "https:///x")`, ""},
		{"* ID (\"support-url\" {22}\r\nhttps://x/\x1b[2Jabcdefgh)", ""},
		{`* ID ("support-url" "https://x/` + strings.Repeat("x", 300) + `")`, ""},
		{"BAD", ""},
	}
	for _, tt := range tests {
		t.Run(tt.id, func(t *testing.T) {
			m := connected(t, func(s *script) {
				s.login("ID")
				id, list := s.expect("ID ("), s.expect("LIST")
				if tt.id == "BAD" {
					s.say(id+" BAD no", `* LIST () "/" INBOX`, list+" OK done")
				} else {
					s.say(tt.id, `* LIST () "/" INBOX`, id+" OK done", list+" OK done")
				}
				s.ok("LIST", `* LIST () "/" INBOX`) // it is asked once
			})
			for range 2 {
				if got, err := m.List(t.Context()); err != nil || len(got) != 1 {
					t.Fatalf("%+v %v", got, err)
				}
			}
			caps, err := m.Connect(t.Context())
			if err != nil || caps.Office != tt.want {
				t.Errorf("office %q, want %q: %v", caps.Office, tt.want, err)
			}
		})
	}
}

func TestProve(t *testing.T) {
	ca := newAuthority(t)
	named := func(s *script) {
		s.login("ID")
		s.ok("ID", `* ID ("support-url" "https://office.example.test")`)
		s.gone()
	}
	page := "NO [EXPIRED] Change it at https://page.example.test:8443/doi-mat-khau?x=1."
	tests := []struct {
		name, has string
		imap      func(*script)
		kind      mail.FaultKind
		want      string
	}{
		{"named", "", named, "", "https://office.example.test"},
		{"known already", "https://mine.example.test", named, "", "https://mine.example.test"},
		{"no ID", "", func(s *script) { s.login(""); s.gone() }, "", ""},
		{"password must be changed", "", refusedLogin(page), mail.MustChange, "https://page.example.test:8443"},
		{"changed at the office already known", "https://mine.example.test", refusedLogin(page), mail.MustChange, "https://mine.example.test"},
		{"wrong password", "", refusedLogin("NO [AUTHENTICATIONFAILED] see https://page.example.test/"), mail.BadPassword, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			leaks(t)
			g := &stage{t: t, acts: []func(*script){tt.imap, smtpAct("none", "")}, cfg: ca.config()}
			a := testAccount(ca)
			a.Office = tt.has
			got, err := New(Options{Now: func() time.Time { return testNow }, Dial: g.listen()}).Prove(t.Context(), a, "mật khẩu")
			if mail.KindOf(err) != tt.kind || got.Office != tt.want {
				t.Errorf("office %q, want %q: %v", got.Office, tt.want, err)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	ca := newAuthority(t)
	imap := func(s *script) {
		s.login("IDLE MOVE ID")
		s.ok("ID", `* ID ("support-url" "https://mail.example.test")`)
		s.gone()
	}
	tests := []struct {
		name  string
		dial  error
		cfg   func(*authority) string
		acts  []func(*script)
		kind  mail.FaultKind
		steps string // "name" or "name!" for a failed one
	}{
		{
			"all well", nil, nil,
			[]func(*script){imap, smtpAct("none", "")},
			"",
			"imap-name imap-connect imap-tls imap-certificate imap-login imap-capabilities smtp-name smtp-connect smtp-tls smtp-certificate smtp-login smtp-capabilities",
		},
		{
			"wrong password", nil, nil,
			[]func(*script){refusedLogin("NO [AUTHENTICATIONFAILED] no"), smtpAct("AUTH", "535 5.7.8 no")},
			mail.BadPassword,
			"imap-name imap-connect imap-tls imap-certificate imap-login! smtp-name smtp-connect smtp-tls smtp-certificate",
		}, // not tried twice: it would count twice
		{
			"wrong password for SMTP only", nil, nil,
			[]func(*script){imap, smtpAct("AUTH", "535 5.7.8 no")},
			mail.BadPassword,
			"imap-name imap-connect imap-tls imap-certificate imap-login imap-capabilities smtp-name smtp-connect smtp-tls smtp-certificate smtp-login!",
		},
		{
			"no login for now", nil, nil,
			[]func(*script){refusedLogin("NO [UNAVAILABLE] later"), smtpAct("none", "")},
			mail.TryLater,
			"imap-name imap-connect imap-tls imap-certificate imap-login! smtp-name smtp-connect smtp-tls smtp-certificate smtp-login smtp-capabilities",
		},
		{
			"no such file", nil, func(*authority) string { return "/nowhere/ca.pem" },
			[]func(*script){func(s *script) { s.gone() }},
			mail.NoFile,
			"imap-name imap-connect imap-certificate! smtp-name smtp-connect smtp-certificate!",
		},
		{"silent name server", &net.DNSError{IsTimeout: true}, nil, []func(*script){imap}, mail.NoAnswer, "imap-name! smtp-name!"},
		{"no name", &net.DNSError{IsNotFound: true}, nil, []func(*script){imap}, mail.NoServer, "imap-name! smtp-name!"},
		{
			"unknown authority", nil, func(*authority) string { return "" },
			[]func(*script){func(s *script) { s.gone() }},
			mail.BadCertificate,
			"imap-name imap-connect imap-tls imap-certificate! smtp-name smtp-connect smtp-tls smtp-certificate!",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			leaks(t)
			g := &stage{t: t, acts: tt.acts, cfg: ca.config()}
			dial := g.listen()
			if tt.dial != nil {
				dial = func(context.Context, string, string) (net.Conn, error) { return nil, tt.dial }
			}
			a := testAccount(ca)
			if tt.cfg != nil {
				a.CAFile = tt.cfg(ca)
			}
			r, err := New(Options{Now: func() time.Time { return testNow }, Dial: dial}).Check(t.Context(), a, "mật khẩu")
			if tt.kind != "" {
				wantKind(t, err, tt.kind)
			} else if err != nil || !r.OK() || r.Office != "https://mail.example.test" {
				t.Errorf("%+v %v", r, err)
			}
			var steps []string
			for _, s := range r.Steps {
				if !s.OK {
					s.Name += "!"
				}
				steps = append(steps, s.Name)
			}
			if got := strings.Join(steps, " "); got != tt.steps {
				t.Errorf("steps %s\nwant  %s", got, tt.steps)
			}
		})
	}
}

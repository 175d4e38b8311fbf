package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"hopthu/mail/api"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

const fresh = "Cánh buồm trên sông Đáy"

// office is an HTTPS client that trusts the server and follows nothing.
func office(t *testing.T, s *servertest.Server) *http.Client {
	t.Helper()
	tr := &http.Transport{TLSClientConfig: s.TLS()}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func ask(t *testing.T, c *http.Client, method, at, kind, body string) (status int, head http.Header, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, at, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return send(t, c, r)
}

func send(t *testing.T, c *http.Client, r *http.Request) (status int, head http.Header, answer string) {
	t.Helper()
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(b)
}

// change asks the API for a change and gives status and problem code.
func change(t *testing.T, s *servertest.Server, c *http.Client, p api.PasswordChange) (int, api.Problem) {
	t.Helper()
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	status, _, body := ask(t, c, http.MethodPost, s.Office+api.PathPassword, "application/json", string(b))
	var problem api.Problem
	if status != http.StatusNoContent {
		if err := json.NewDecoder(bytes.NewBufferString(body)).Decode(&problem); err != nil {
			t.Fatalf("%d %q: %v", status, body, err)
		}
		if problem.Text == "" || problem.TextEN == "" || strings.Contains(body, p.Old) || strings.Contains(body, p.New) {
			t.Errorf("problem %q", body)
		}
	}
	return status, problem
}

// The whole road of a newcomer (QC 13.1): every door refuses and names the change; after it the old password is dead.
func TestFirstPassword(t *testing.T) {
	s := servertest.Start(t)
	p := s.Newcomer("Trần Văn Hùng", "kh&đt")
	where := s.Office + api.PagePassword

	k := dial(t, s, s.IMAP)
	k.line()
	if a := k.refuse("NO [EXPIRED]", "LOGIN %q %q", p.Wire, p.Password); !strings.Contains(a, where) {
		t.Errorf("no address of the change in %q", a)
	}
	m := dial(t, s, s.SMTP)
	m.want("220", "")
	m.want("250", "EHLO x")
	if a := m.want("535 5.7.", "AUTH PLAIN %s", plain(p.Wire, p.Password)); !strings.Contains(a, where) {
		t.Errorf("no address of the change in %q", a)
	}
	c := office(t, s)
	for rule, word := range map[string]string{"short": "ngắn", "old": p.Password, "name": "hungtv2026hungtv", "common": "123456789012"} {
		if status, problem := change(t, s, c, api.PasswordChange{Login: p.Address, Old: p.Password, New: word}); status != 422 || problem.Code != "weak-password" || problem.Rule == "" {
			t.Errorf("%s: %d %+v", rule, status, problem)
		}
	}
	if status, problem := change(t, s, c, api.PasswordChange{Login: p.Address, Old: "wrong", New: fresh}); status != 403 || problem.Code != "bad-password" {
		t.Errorf("wrong old password: %d %+v", status, problem)
	}
	if status, problem := change(t, s, c, api.PasswordChange{Login: p.Address, Old: p.Password, New: fresh}); status != 204 {
		t.Fatalf("change: %d %+v", status, problem)
	}
	k = dial(t, s, s.IMAP)
	k.line()
	k.refuse("NO [AUTHENTICATIONFAILED]", "LOGIN %q %q", p.Wire, p.Password)
	k.ok("LOGIN {%d+}\r\n%s {%d+}\r\n%s", len(p.Address), p.Address, len(fresh), fresh)
	smtpLogin(t, s, p.Wire, fresh).want("250", "NOOP")
}

func TestFirstPasswordExpires(t *testing.T) {
	s := servertest.Start(t, servertest.WithConfig(func(c *server.Config) { c.FirstPasswordTTL = time.Hour }))
	p := s.Newcomer("Trần Văn Hùng", "kh&đt")
	s.Clock.Advance(2 * time.Hour)
	k := dial(t, s, s.IMAP)
	k.line()
	if a := k.refuse("NO [EXPIRED]", "LOGIN %q %q", p.Wire, p.Password); strings.Contains(a, "https://") {
		t.Errorf("sends the person to a change that is refused: %q", a)
	}
	if status, problem := change(t, s, office(t, s), api.PasswordChange{Login: p.Wire, Old: p.Password, New: fresh}); status != 403 || problem.Code != "password-expired" {
		t.Errorf("%d %+v", status, problem)
	}
}

func TestLockOut(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	c := office(t, s)
	status, problem := 0, api.Problem{}
	for range 6 {
		status, problem = change(t, s, c, api.PasswordChange{Login: p.Wire, Old: "wrong", New: fresh})
	}
	if status != 429 || problem.Code != "locked-out" || problem.Retry < 1 {
		t.Fatalf("%d %+v", status, problem)
	}
	k := dial(t, s, s.IMAP)
	k.line()
	k.refuse("NO [CONTACTADMIN]", "LOGIN %q %q", p.Wire, p.Password)
	m := dial(t, s, s.SMTP)
	m.want("220", "")
	m.want("250", "EHLO x")
	m.want("454 4.7.0", "AUTH PLAIN %s", plain(p.Wire, p.Password))
	s.Clock.Advance(time.Hour)
	k.ok("LOGIN %q %q", p.Wire, p.Password)
	m.want("235", "AUTH PLAIN %s", plain(p.Wire, p.Password))
}

func TestThreeRefusalsEndTheConnection(t *testing.T) {
	s := servertest.Start(t)
	k := dial(t, s, s.IMAP)
	k.line()
	for range 3 {
		k.refuse("NO [AUTHENTICATIONFAILED]", "LOGIN nobody wrong")
	}
	if said := k.gone(); !strings.Contains(said, "* BYE") {
		t.Errorf("%q", said)
	}
	m := dial(t, s, s.SMTP)
	m.want("220", "")
	m.want("250", "EHLO x")
	for range 3 {
		m.want("535 5.7.8", "AUTH PLAIN %s", plain("nobody-else", "wrong"))
	}
	m.gone()
}

func TestOffice(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	c := office(t, s)
	_, head, body := ask(t, c, http.MethodGet, s.Office+api.PathInfo, "", "")
	var info api.Info
	if err := json.Unmarshal([]byte(body), &info); err != nil || info.Product != "hopthu-server" || info.IMAP.Port == 0 || info.SMTP.Security != "tls" {
		t.Errorf("%q: %v", body, err)
	}
	if head.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(head.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("headers %v", head)
	}
	if status, _, body := ask(t, c, http.MethodGet, s.Office+api.PathHealth, "", ""); status != 200 || body != "ok\n" {
		t.Errorf("%d %q", status, body)
	}
	_, _, body = ask(t, c, http.MethodGet, s.Office+api.PathDirectory+"?limit=5&q="+url.QueryEscape("tran van hung"), "", "")
	var dir api.Directory
	if err := json.Unmarshal([]byte(body), &dir); err != nil || len(dir.Entries) != 1 || dir.Entries[0].Address != p.Address || dir.Entries[0].Wire != p.Wire {
		t.Errorf("%q: %v", body, err)
	}
	for name, one := range map[string]struct {
		method, path, kind, body string
		status                   int
	}{
		"not JSON":     {"POST", api.PathPassword, "text/plain", "{}", 400},
		"broken":       {"POST", api.PathPassword, "application/json", "{", 400},
		"too long":     {"POST", api.PathPassword, "application/json", `{"login":"` + strings.Repeat("x", 20000) + `"}`, 413},
		"wrong method": {"GET", api.PathPassword, "", "", 405},
		"nothing here": {"GET", "/etc/passwd", "", "", 404},
		"bad limit":    {"GET", api.PathDirectory + "?limit=x", "", "", 400},
	} {
		if status, _, body := ask(t, c, one.method, s.Office+one.path, one.kind, one.body); status != one.status {
			t.Errorf("%s: %d %q", name, status, body)
		}
	}
}

func TestPasswordPage(t *testing.T) {
	s := servertest.Start(t)
	p := s.Newcomer("Trần Văn Hùng", "kh&đt")
	c := office(t, s)
	at := s.Office + api.PagePassword
	if status, _, body := ask(t, c, http.MethodGet, at, "", ""); status != 200 || !strings.Contains(body, "Mật khẩu mới") || strings.Contains(body, "<script") {
		t.Errorf("%d %q", status, body)
	}
	form := func(login, old, new, again string) (int, string) {
		v := url.Values{"login": {login}, "old": {old}, "new": {new}, "again": {again}}
		status, _, body := ask(t, c, http.MethodPost, at, "application/x-www-form-urlencoded", v.Encode())
		return status, body
	}
	if status, body := form(p.Wire, p.Password, fresh, "khác"); status != 422 || !strings.Contains(body, "không giống nhau") {
		t.Errorf("%d %q", status, body)
	}
	if status, body := form(`"><script>`, "x", fresh, fresh); status != 403 || strings.Contains(body, "<script>") {
		t.Errorf("%d %q", status, body)
	}
	if status, body := form(p.Wire, p.Password, "ngắn", "ngắn"); status != 422 || !strings.Contains(body, "12 ký tự") {
		t.Errorf("%d %q", status, body)
	}
	if status, body := form(p.Wire, p.Password, fresh, fresh); status != 200 || !strings.Contains(body, "Đã đổi mật khẩu") {
		t.Errorf("%d %q", status, body)
	}
	imapLogin(t, s, p.Wire, fresh)
}

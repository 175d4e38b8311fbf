package server_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"hopthu/mail/api"
	"hopthu/mail/server/servertest"
)

// Every answer of the HTTPS door, also an error, forbids scripts, frames and keeping, and repeats nothing of the request.
func TestWebAnswersAreGuarded(t *testing.T) {
	s := servertest.Start(t)
	c := office(t, s)
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	const evil = "<script>alert(1)</script>"
	big := strings.Repeat("x", 1<<20)
	for _, q := range []struct {
		method, path, kind, body string
		status                   int
	}{
		{http.MethodGet, "/" + evil, "", "", 404},
		{http.MethodGet, "/api/v1/" + evil + "?q=" + evil, "", "", 404},
		{http.MethodGet, api.PathDirectory + "?limit=" + evil, "", "", 400},
		{http.MethodGet, api.PathDirectory + "?q=" + evil, "", "", 200},
		{http.MethodGet, api.PathDirectory + "?q=" + strings.Repeat("x", 300), "", "", 413},
		{http.MethodGet, api.PathPassword, "", "", 405},
		{http.MethodDelete, api.PathInfo, "", "", 405},
		{http.MethodPut, api.PathSession, "", "", 405},
		{http.MethodTrace, "/", "", "", 405},
		{http.MethodPost, api.PathSession, "text/plain", `{}`, 400},
		{http.MethodPost, api.PathSession, "application/x-www-form-urlencoded", `{"login":"a"}`, 400},
		{http.MethodPost, api.PathSession, "application/json", evil, 400},
		{http.MethodPost, api.PathSession, "application/json", `{"login":"` + big + `"}`, 413},
		{http.MethodPost, api.PathPassword, "application/json", `{"login":"` + big + `"}`, 413},
		{http.MethodPost, api.PagePassword, "application/x-www-form-urlencoded", "login=" + big, 400},
		{http.MethodPost, api.PagePassword, "application/x-www-form-urlencoded", "login=%3Cscript%3E" + "&new=a&again=b", 422},
		{http.MethodGet, api.PathMe, "", "", 401},
		{http.MethodPost, api.PathWork, "application/json", `{}`, 401},
		{http.MethodGet, "//evil.example/%2e%2e", "", "", 0},
	} {
		r, err := http.NewRequestWithContext(t.Context(), q.method, s.Office, strings.NewReader(q.body))
		if err != nil {
			t.Fatal(err)
		}
		path, query, _ := strings.Cut(q.path, "?")
		r.URL.Path, r.URL.RawQuery = path, strings.NewReplacer("<", "%3C", ">", "%3E").Replace(query)
		if q.kind != "" {
			r.Header.Set("Content-Type", q.kind)
		}
		res, err := c.Do(r)
		if err != nil {
			t.Fatalf("%s %.60s: %v", q.method, q.path, err)
		}
		body, err := io.ReadAll(res.Body)
		if cerr := res.Body.Close(); err != nil || cerr != nil {
			t.Fatal(err, cerr)
		}
		if q.status != 0 && res.StatusCode != q.status {
			t.Errorf("%s %.60s: %d, expected %d", q.method, q.path, res.StatusCode, q.status)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Strict-Transport-Security": "max-age=", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := res.Header.Get(name); !strings.Contains(got, want) {
				t.Errorf("%s %.60s: %s is %q", q.method, q.path, name, got)
			}
		}
		if strings.Contains(string(body), "<script") {
			t.Errorf("%s %.60s says again what it was told: %q", q.method, q.path, body)
		}
		if to := res.Header.Get("Location"); strings.HasPrefix(to, "//") || strings.Contains(to, "://") {
			t.Errorf("%s %.60s leads away to %q", q.method, q.path, to)
		}
		if res.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s %.60s sets a cookie", q.method, q.path)
		}
	}
}

// Nothing is said to who comes without TLS.
func TestWebIsForTLSOnly(t *testing.T) {
	s := servertest.Start(t)
	var d net.Dialer
	c, err := d.DialContext(t.Context(), "tcp", strings.TrimPrefix(s.Office, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := io.WriteString(c, "GET "+api.PathInfo+" HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	said, err := io.ReadAll(bufio.NewReader(c))
	if strings.Contains(string(said), "hopthu") || strings.Contains(string(said), "HTTP") {
		t.Errorf("%q, %v", said, err)
	}
}

// An office session whose token has lapsed is over: it is not listed and keeps no address from being held back.
func TestLapsedTokenIsNoSession(t *testing.T) {
	s := servertest.Start(t)
	p := s.Person("Trần Văn Hùng", "kh&đt")
	first, second := at(t, s, p), at(t, s, p)
	if first.token == second.token {
		t.Error("two logins, one token")
	}
	a := outside(t, s)
	if list, err := a.Sessions(t.Context()); err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if status := first.ask(http.MethodDelete, api.PathSession, nil, nil); status != http.StatusNoContent {
		t.Fatal(status)
	}
	if status, _ := first.raw(http.MethodGet, api.PathMe, nil); status != http.StatusUnauthorized {
		t.Errorf("after its end: %d", status)
	}
	s.Clock.Advance(12*time.Hour + time.Second)
	if list, err := a.Sessions(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	if status, _ := second.raw(http.MethodGet, api.PathMe, nil); status != http.StatusUnauthorized {
		t.Errorf("lapsed: %d", status)
	}
}

package server_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/xdg-go/scram"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// way is one way in: it tries and tells whether it is in, and what was said.
type way func(t *testing.T, s *servertest.Server, who server.Box, password string) (in bool, said string)

func imapWay(do func(t *testing.T, k *talk, who server.Box, password string) string) way {
	return func(t *testing.T, s *servertest.Server, who server.Box, password string) (bool, string) {
		k := dial(t, s, s.IMAP)
		k.line()
		said := do(t, k, who, password)
		_, answer := k.cmd("SELECT INBOX")
		return strings.HasPrefix(answer, "OK"), said
	}
}

func smtpWay(do func(t *testing.T, k *talk, who server.Box, password string) string) way {
	return func(t *testing.T, s *servertest.Server, who server.Box, password string) (bool, string) {
		k := dial(t, s, s.SMTP)
		k.want("220", "")
		k.want("250", "EHLO test.example")
		said := do(t, k, who, password)
		k.send("MAIL FROM:<%s>\r\n", who.Wire)
		return strings.HasPrefix(k.line(), "250"), said
	}
}

func webWay(path string, body func(who server.Box, password string) any) way {
	return func(t *testing.T, s *servertest.Server, who server.Box, password string) (bool, string) {
		b, err := json.Marshal(body(who, password))
		if err != nil {
			t.Fatal(err)
		}
		status, _, said := ask(t, office(t, s), http.MethodPost, s.Office+path, "application/json", string(b))
		return status < 300, fmt.Sprint(status, " ", said)
	}
}

// ways are all that a password is taken at.
var ways = map[string]way{
	"IMAP LOGIN": imapWay(func(_ *testing.T, k *talk, who server.Box, password string) string {
		_, said := k.cmd("LOGIN %q %q", who.Wire, password)
		return said
	}),
	"IMAP PLAIN": imapWay(func(_ *testing.T, k *talk, who server.Box, password string) string {
		_, said := k.cmd("AUTHENTICATE PLAIN %s", plain(who.Wire, password))
		return said
	}),
	"IMAP SCRAM": imapWay(func(t *testing.T, k *talk, who server.Box, password string) string {
		return imapScram(t, k, who, password, "", scram.ChannelBinding{}, true)
	}),
	"SMTP PLAIN": smtpWay(func(_ *testing.T, k *talk, who server.Box, password string) string {
		k.send("AUTH PLAIN %s\r\n", plain(who.Wire, password))
		return k.line()
	}),
	"SMTP LOGIN": smtpWay(func(_ *testing.T, k *talk, who server.Box, password string) string {
		k.want("334", "AUTH LOGIN")
		k.want("334", "%s", base64.StdEncoding.EncodeToString([]byte(who.Wire)))
		k.send("%s\r\n", base64.StdEncoding.EncodeToString([]byte(password)))
		return k.line()
	}),
	"SMTP SCRAM": smtpWay(func(t *testing.T, k *talk, who server.Box, password string) string {
		return smtpScram(t, k, who, password, "", scram.ChannelBinding{})
	}),
	"office": webWay(api.PathSession, func(who server.Box, password string) any {
		return api.Login{Login: who.Wire, Password: password}
	}),
}

// changing is the way to change a password, which those who must are let in to.
var changing = webWay(api.PathPassword, func(who server.Box, password string) any {
	return api.PasswordChange{Login: who.Wire, Old: password, New: "Cầu treo qua suối 5 nhịp"}
})

// Suspended, not yet changed, expired, taken away: through every door the right password does not open, and says why;
// the wrong one says the same as for a name that is nobody's.
func TestEveryDoor(t *testing.T) {
	s := servertest.Start(t, servertest.WithConfig(func(c *server.Config) { c.FirstPasswordTTL = 100 * time.Hour }))
	ctx := t.Context()
	good := s.Person("Nguyễn Văn Tốt", "nv")
	suspended, taken, changed := s.Person("Trần Văn Khóa", "nv"), s.Person("Lê Văn Thu", "nv"), s.Person("Đỗ Văn Đổi", "nv")
	expired := s.Newcomer("Vũ Thị Hết", "nv")
	s.Clock.Advance(101 * time.Hour)
	fresh := s.Newcomer("Phan Thị Mới", "nv")
	if err := s.Admin.Suspend(ctx, suspended.Wire, "QC 5.2"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Admin.ResetPassword(ctx, taken.Wire); err != nil {
		t.Fatal(err)
	}
	if in, said := changing(t, s, changed, changed.Password); !in {
		t.Fatal(said)
	}
	nobody := server.Box{Wire: "khongai.nv@" + servertest.Domain}
	states := map[string]struct {
		who   server.Box
		bears string // part of what is said, at least at every door
	}{
		"suspended": {suspended, "suspended"}, "must change": {fresh, "change"}, "first password expired": {expired, "expired"},
		"taken away": {taken, ""}, "changed": {changed, ""},
	}
	for name, enter := range ways {
		if in, said := enter(t, s, good, good.Password); !in {
			t.Errorf("%s: the right password: %s", name, said)
		}
		_, unknown := enter(t, s, nobody, "sai")
		for what, st := range states {
			in, said := enter(t, s, st.who, st.who.Password)
			if in || !strings.Contains(strings.ToLower(said), st.bears) || st.bears == "" && said != unknown {
				t.Errorf("%s, %s: in %v, %q", name, what, in, said)
			}
			if in, wrong := enter(t, s, st.who, "sai"); in || wrong != unknown {
				t.Errorf("%s, %s, wrong password: in %v, %q; nobody: %q", name, what, in, wrong, unknown)
			}
			s.Clock.Advance(2 * time.Second) // the doors count failures; this is about what they say
		}
		s.Clock.Advance(time.Minute * 61)
	}
	_, unknown := changing(t, s, nobody, "sai")
	for what, st := range states {
		if in, wrong := changing(t, s, st.who, "sai"); in || wrong != unknown {
			t.Errorf("change of password, %s, wrong password: %q; nobody: %q", what, wrong, unknown)
		}
		if in, said := changing(t, s, st.who, st.who.Password); in != (what == "must change") || st.bears == "" && said != unknown {
			t.Errorf("change of password, %s: %s", what, said)
		}
	}
}

// Who has no right in an agency's box learns at no door whether there is one.
func TestNoDoorTellsOfAnAgency(t *testing.T) {
	s := servertest.Start(t)
	agency, _ := s.Agency("kh&đt", "Nguyễn Thị Mai")
	hung := s.Person("Trần Văn Hùng", "nv")
	over := s.Delegate(agency, hung, mail.ScopeManage, nil)
	if _, err := s.Admin.EndDelegation(t.Context(), over.ID, "xong việc"); err != nil {
		t.Fatal(err)
	}
	theirs := s.Delegate(agency, s.Person("Đỗ Thị Đọc", "kh&đt"), mail.ScopeRead, nil)
	suspended, _ := s.Agency("tc", "Lê Thị Tài")
	s.Delegate(suspended, hung, mail.ScopeManage, nil)
	if err := s.Admin.Suspend(t.Context(), suspended.Wire, "giải thể"); err != nil {
		t.Fatal(err)
	}
	clerk := at(t, s, hung)
	get := func(method, path, body string) string {
		var in any
		if body != "" {
			in = json.RawMessage(body)
		}
		status, said := clerk.raw(method, path, in)
		return fmt.Sprint(status, " ", string(said))
	}
	for what, asks := range map[string]func(box string) string{
		"IMAP PLAIN": func(box string) string {
			k := dial(t, s, s.IMAP)
			k.line()
			return k.refuse("NO", "AUTHENTICATE PLAIN %s", plainAs(box, hung.Wire, hung.Password))
		},
		"IMAP SCRAM": func(box string) string {
			k := dial(t, s, s.IMAP)
			k.line()
			return imapScram(t, k, hung, hung.Password, box, scram.ChannelBinding{}, true)
		},
		"SMTP PLAIN": func(box string) string {
			k := dial(t, s, s.SMTP)
			k.want("220", "")
			k.want("250", "EHLO test.example")
			return k.want("535", "AUTH PLAIN %s", plainAs(box, hung.Wire, hung.Password))
		},
		"MAIL FROM": func(box string) string {
			k := smtpLogin(t, s, hung.Wire, hung.Password)
			return k.want("55", "MAIL FROM:<%s>", box)
		},
		"From:": func(box string) string {
			k := smtpLogin(t, s, hung.Wire, hung.Password)
			k.want("250", "MAIL FROM:<%s>", hung.Wire)
			k.want("250", "RCPT TO:<%s>", hung.Wire)
			k.want("354", "DATA")
			return k.want("55", "From: %s\r\nSubject: x\r\n\r\nx\r\n.", box)
		},
		"work": func(box string) string { return get("GET", api.PathWork+"?box="+url.QueryEscape(box), "") },
		"act": func(box string) string {
			return get("POST", api.PathWork, fmt.Sprintf(`{"box":%q,"key":"x@y","act":"claim"}`, box))
		},
		"delegations": func(box string) string { return get("GET", api.PathDelegations+"?box="+url.QueryEscape(box), "") },
		"delegate": func(box string) string {
			return get("POST", api.PathDelegations, fmt.Sprintf(`{"box":%q,"person":{"addr":%q},"document":"03/GUQ","dated":"2026-01-02T00:00:00Z","scope":"doc"}`, box, hung.Wire))
		},
		"colleagues": func(box string) string { return get("GET", api.PathColleagues+"?box="+url.QueryEscape(box), "") },
		"days": func(box string) string {
			return get("GET", api.PathDays+"?from=2026-01-01&until=2026-01-31&box="+url.QueryEscape(box), "")
		},
		"check": func(box string) string { return get("POST", api.PathCheck, fmt.Sprintf(`{"box":%q}`, box)) },
		"staff": func(box string) string {
			return get("GET", api.PathStaff+"?from=2026-01-01&until=2026-01-31&box="+url.QueryEscape(box), "")
		},
		"sends": func(box string) string {
			return get("GET", api.PathSends+"?from=2026-01-01&until=2026-01-31&box="+url.QueryEscape(box), "")
		},
		"end": func(box string) string {
			id := over.ID + 1000 // of nobody
			if box == agency.Wire {
				id = theirs.ID
			}
			return get("POST", api.PathDelegation, fmt.Sprintf(`{"id":%d,"reason":"thử"}`, id))
		},
	} {
		ghost := "khongco@" + servertest.Domain
		want := strings.ReplaceAll(asks(ghost), ghost, "BOX")
		for _, box := range []string{agency.Wire, suspended.Wire} {
			if got := strings.ReplaceAll(asks(box), box, "BOX"); got != want || strings.HasPrefix(got, "2") {
				t.Errorf("%s: of %s %q, of nobody %q", what, box, got, want)
			}
		}
	}
}

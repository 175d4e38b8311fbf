package wire

import (
	"context"
	"net/url"
	"strings"

	"hopthu/mail"
)

// maxOfficeURL is how long an announced base address may be.
const maxOfficeURL = 255

// ident is the command that asks who serves (RFC 2971). A server with an office API names its base as "support-url";
// found is called with it. It is asked only after login: until then nobody has said who is there.
func (s *session) ident(found func(base string)) *command {
	c := s.cmd("ID", `("name" "hopthu")`)
	c.soft = true // what it is for is a convenience
	c.on = func(name string, r *reply, at int) error {
		if name != "ID" {
			return nil
		}
		t, err := r.tokenize(at)
		if err != nil {
			return err
		}
		for i := 1; i+1 < len(t); i += 2 { // a list of pairs; NIL where the server tells nothing
			if equalFold(t[i].text, "support-url") && t[i+1].kind == quoted {
				if base := officeBase(string(t[i+1].text)); base != "" {
					found(base)
				}
			}
		}
		return nil
	}
	return c
}

// askOffice asks a logged-in server for its office; a server that will not tell has none.
func (s *session) askOffice(ctx context.Context) (base string, err error) {
	if !s.has("ID") {
		return "", nil
	}
	err = s.one(ctx, "ask who serves", s.ident(func(b string) { base = b }))
	return base, err
}

// officeBase checks an announced base: https, a host, nothing that a base has not; "" if it is none.
func officeBase(v string) string {
	if len(v) > maxOfficeURL || !isASCII(v) || clean(v) != v {
		return ""
	}
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return ""
	}
	return strings.TrimRight(u.String(), "/")
}

// Prove logs in to IMAP and SMTP as Check does, and gives the account back with the office API that the server named:
// by ID, or with the page where a first password must be changed. An Office that a already has stays.
func (d *Dialer) Prove(ctx context.Context, a mail.Account, password string) (mail.Account, error) {
	r, err := d.Check(ctx, a, password)
	if a.Office != "" {
		return a, err
	}
	if a.Office = r.Office; mail.KindOf(err) == mail.MustChange {
		a.Office = officeOfPage(mail.AsFault("", err).Detail)
	}
	return a, err
}

// officeOfPage is the base of the office API on the host of a page; "" if it is none.
func officeOfPage(page string) string {
	u, err := url.Parse(page)
	if err != nil || u.User != nil {
		return ""
	}
	return officeBase(u.Scheme + "://" + u.Host)
}

// office is the base that the account or its server names.
func (m *IMAP) office() string {
	if m.a.Office != "" {
		return m.a.Office
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.announced
}

func (m *IMAP) announce(base string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.announced = base
}

// wondering puts the question for the office in front of c, once in the life of m, where the account names none; the two
// travel together, so that it costs no round trip of its own.
func (m *IMAP) wondering(s *session, c *command) []*command {
	if m.asked || m.a.Office != "" || !s.has("ID") {
		return []*command{c}
	}
	m.asked = true
	id := s.ident(m.announce)
	answer := id.on
	id.on = func(name string, r *reply, at int) error { // a server may answer both at once
		if name != "ID" {
			return c.on(name, r, at)
		}
		return answer(name, r, at)
	}
	return []*command{id, c}
}

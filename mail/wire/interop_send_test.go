package wire

import (
	"bytes"
	"context"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/outbox"
)

// arrival waits by IDLE until INBOX has a letter that key finds, reads it, erases it.
func arrival(t *testing.T, key, arg string) string {
	t.Helper()
	m, _ := interop(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	hints := make(chan struct{}, 100)
	ended := make(chan error, 1)
	mail.Go("idle", func() { ended <- m.Idle(ctx, "INBOX", func() { hints <- struct{}{} }) })
	for {
		select {
		case <-hints:
		case err := <-ended:
			t.Fatalf("never arrived: %v", err)
		}
		if _, err := m.Select(ctx, "INBOX"); err != nil {
			t.Fatal(err)
		}
		uids, err := m.search(ctx, "find letter", key, arg)
		if err != nil {
			t.Fatal(err)
		}
		if len(uids) == 0 {
			continue
		}
		var body bytes.Buffer
		if err := m.Body(ctx, uids[0], &body); err != nil {
			t.Fatal(err)
		}
		if err := m.Expunge(ctx, uids); err != nil {
			t.Error(err)
		}
		cancel()
		wantKind(t, <-ended, mail.LostConnection)
		return body.String()
	}
}

func bodyOf(raw string) string {
	_, body, _ := strings.Cut(raw, "\r\n\r\n")
	return body
}

// Letters go out by Postfix and arrive, by LMTP or straight into the Maildir, byte for byte behind the servers' fields.
func TestInteropSend(t *testing.T) {
	big := strings.Repeat("Kính gửi các đơn vị: số liệu nằm trong phụ lục.\r\n..\r\n", 190_000)
	tests := []struct {
		name    string
		from    string
		to      []string
		change  func(raw string) string
		refused string
	}{
		{"8-bit text", "", nil, func(raw string) string { return raw }, ""},
		{"10 MB", "", nil, func(raw string) string { return raw + big }, ""},
		{"address with marks", "kh&đt@utf8.test", []string{"kh&đt@utf8.test"}, func(raw string) string {
			return strings.Replace(raw, "From: Lan <lan@localhost>", "From: Sở KH&ĐT <kh&đt@utf8.test>", 1)
		}, ""},
		{"recipient with marks", "", []string{"hòm.thư@utf8.test"}, func(raw string) string { return raw }, ""},
		{"one of two refused", "", []string{"khong-co@example.test", "+"}, func(raw string) string { return raw }, "khong-co@example.test"},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := interopAccount(t, "SMTP")
			id, raw := sample(10 + i)
			raw = tt.change(raw)
			e := outbox.Envelope{From: a.Address, To: []string{a.Address}, ID: id}
			if tt.from != "" {
				e.From = tt.from
			}
			if tt.to != nil {
				e.To = append([]string(nil), tt.to...)
			}
			for i := range e.To {
				if e.To[i] == "+" {
					e.To[i] = a.Address
				}
			}
			got, err := realDialer().Sender(a, interopSecret).Send(t.Context(), e, int64(len(raw)), strings.NewReader(raw))
			if err != nil || !strings.HasPrefix(got.Text, "250 ") {
				t.Fatalf("%+v %v", got, err)
			}
			if _, no := got.Refused[tt.refused]; no != (tt.refused != "") || (no && !strings.HasPrefix(got.Refused[tt.refused], "550 5.1.1 ")) {
				t.Errorf("refused %q", got.Refused)
			}
			back := arrival(t, "HEADER Message-ID", "<"+id+">")
			if bodyOf(back) != bodyOf(raw) {
				t.Errorf("%d octets came of %d", len(bodyOf(back)), len(bodyOf(raw)))
			}
			if tt.from != "" && !strings.Contains(back, "From: Sở KH&ĐT <kh&đt@utf8.test>\r\n") {
				t.Errorf("header %q", back[:len(back)-len(bodyOf(back))])
			}
		})
	}
}

// What Postfix says no to, at each step.
func TestInteropSendRefused(t *testing.T) {
	tests := []struct {
		name, to, subject string
		size              int64
		kind              mail.FaultKind
		detail            string
	}{
		{"recipient", "khong-co@example.test", "x", 0, mail.BadAddress, "550 5.1.1 "},
		{"recipient for now", "ban@example.test", "x", 0, mail.TryLater, "450 4.2.1 "},
		{"letter", "", "tu-choi", 0, mail.Refused, "550 5.7.1 this letter is not taken"},
		{"size", "", "x", 60 << 20, mail.TooBig, ""},
		{"address that is none", "a@x> BODY=7BIT", "x", 0, mail.BadAddress, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := interopAccount(t, "SMTP")
			raw := "Subject: " + tt.subject + "\r\n\r\nx\r\n"
			if tt.to == "" {
				tt.to = a.Address
			}
			if tt.size == 0 {
				tt.size = int64(len(raw))
			}
			e := outbox.Envelope{From: a.Address, To: []string{tt.to}}
			_, err := realDialer().Sender(a, interopSecret).Send(t.Context(), e, tt.size, strings.NewReader(raw))
			if f := faultOf(t, err, tt.kind); !strings.HasPrefix(f.Detail, tt.detail) {
				t.Errorf("detail %q", f.Detail)
			}
		})
	}
}

// A delivery notification that was asked for comes back and names the letter (RFC 3461, RFC 3464).
func TestInteropDSN(t *testing.T) {
	a := interopAccount(t, "SMTP")
	id, raw := sample(30)
	e := outbox.Envelope{From: a.Address, To: []string{"minh@example.test"}, DSN: true, ID: id}
	if _, err := realDialer().Sender(a, interopSecret).Send(t.Context(), e, int64(len(raw)), strings.NewReader(raw)); err != nil {
		t.Fatal(err)
	}
	report := arrival(t, "BODY", id)
	for _, want := range []string{"multipart/report", "Original-Envelope-Id: " + id, "Status: 2.0.0", "minh@example.test"} {
		if !strings.Contains(report, want) {
			t.Errorf("no %q in the report %q", want, report)
		}
	}
}

// Everything that can be wrong with an account, told step by step.
func TestInteropCheck(t *testing.T) {
	const good = "name connect tls certificate login capabilities"
	tests := []struct {
		name     string
		change   func(*mail.Account, *Options)
		password string
		kind     mail.FaultKind
		detail   string
		imap     string
		smtp     string
	}{
		{"well", nil, "", "", "", good, good},
		{"STARTTLS", func(a *mail.Account, _ *Options) { startTLS(t, a) }, "", "", "", good, good},
		{"wrong password", nil, "sai-mat-khau", mail.BadPassword, "Authentication failed.", "name connect tls certificate login!", "name connect tls certificate"},
		{"wrong port", func(a *mail.Account, _ *Options) { a.IMAP.Port, a.SMTP.Port = 1, 1 }, "", mail.NoServer, "connection-refused", "name connect!", "name connect!"},
		{
			"each other's port", func(a *mail.Account, _ *Options) { a.IMAP.Port, a.SMTP.Port = a.SMTP.Port, a.IMAP.Port }, "", mail.BadServer, "greeting is not IMAP",
			"name connect tls certificate login!", "name connect tls certificate login!",
		},
		{"no such name", func(a *mail.Account, _ *Options) { a.IMAP.Host, a.SMTP.Host = "khong-co.invalid", "khong-co.invalid" }, "", mail.NoServer, "name-not-found", "name!", "name!"},
		{"unknown authority", func(a *mail.Account, _ *Options) { a.CAFile = "" }, "", mail.BadCertificate, "unknown-authority", "name connect tls certificate!", "name connect tls certificate!"},
		{"expired", func(_ *mail.Account, o *Options) { o.Now = later(10 * 24 * time.Hour) }, "", mail.BadCertificate, "expired: ", "name connect tls certificate!", "name connect tls certificate!"},
		{"clock put back", func(_ *mail.Account, o *Options) { o.Now = later(-10 * 24 * time.Hour) }, "", mail.BadCertificate, "not-yet-valid: ", "name connect tls certificate!", "name connect tls certificate!"},
		{"wrong name", func(a *mail.Account, o *Options) { elsewhere(a, o) }, "", mail.BadCertificate, "wrong-name: [localhost]", "name connect tls certificate!", "name connect tls certificate!"},
		{"plain-text port", func(a *mail.Account, _ *Options) {
			startTLS(t, a)
			a.IMAP.Security, a.SMTP.Security = mail.TLS, mail.TLS
		}, "", mail.NoTLS, "the server does not speak TLS on this port", "name connect tls!", "name connect tls!"},
		{"no STARTTLS on the port of TLS", func(a *mail.Account, o *Options) {
			a.IMAP.Security, a.SMTP.Security = mail.STARTTLS, mail.STARTTLS
			o.Limits.Stall = 2 * time.Second
		}, "", mail.NoAnswer, "", "name connect tls!", "name connect tls!"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := interopAccount(t, "IMAP")
			if a.SMTP.Port == 0 {
				t.Skip(interopEnv + "SMTP is not set")
			}
			leaks(t)
			o := realOptions()
			if tt.change != nil {
				tt.change(&a, &o)
			}
			if tt.password == "" {
				tt.password = os.Getenv(interopEnv + "PASSWORD")
			}
			r, err := New(o).Check(t.Context(), a, tt.password)
			steps := map[string]string{}
			for _, s := range r.Steps {
				door, step, _ := strings.Cut(s.Name, "-")
				if !s.OK {
					step += "!"
				}
				steps[door] = strings.TrimSpace(steps[door] + " " + step)
				t.Logf("%v %s %s %v", s.OK, s.Name, s.Detail, s.Fault)
			}
			if steps["imap"] != tt.imap || steps["smtp"] != tt.smtp {
				t.Errorf("steps %q", steps)
			}
			if tt.kind == "" {
				if err != nil || !r.OK() {
					t.Error(err)
				}
				return
			}
			if f := faultOf(t, err, tt.kind); !strings.HasPrefix(f.Detail, tt.detail) {
				t.Errorf("detail %q", f.Detail)
			}
		})
	}
}

func startTLS(t *testing.T, a *mail.Account) {
	t.Helper()
	for _, d := range []struct {
		door string
		ep   *mail.Endpoint
	}{{"IMAP_STARTTLS", &a.IMAP}, {"SMTP_STARTTLS", &a.SMTP}} {
		if *d.ep = interopEndpoint(t, d.door); d.ep.Port == 0 {
			t.Skip(interopEnv + d.door + " is not set")
		}
		d.ep.Security = mail.STARTTLS
	}
}

func later(d time.Duration) func() time.Time { return func() time.Time { return time.Now().Add(d) } }

// elsewhere gives the servers a name that their certificate does not have.
func elsewhere(a *mail.Account, o *Options) {
	real, dial := a.IMAP.Host, o.Dial
	a.IMAP.Host, a.SMTP.Host = "mail.other.test", "mail.other.test"
	o.Dial = func(ctx context.Context, network, addr string) (c net.Conn, err error) {
		return dial(ctx, network, strings.Replace(addr, "mail.other.test", real, 1))
	}
}

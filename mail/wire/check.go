package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
)

// Names of the steps of a check, behind "imap-" or "smtp-". Words for them are the screen's and the command's.
const (
	StepConnect     = "connect"     // name found, TCP connected
	StepTLS         = "tls"         // TLS spoken, STARTTLS offered
	StepCertificate = "certificate" // valid, known authority, right name
	StepLogin       = "login"
	StepCaps        = "capabilities"
	StepName        = "name"
)

// CheckReport is what Check found, step by step; a step that was not reached is not in it.
type CheckReport struct {
	Steps  []CheckStep
	Office string // base of the office API as the server announced it, "" if it did not
}

// CheckStep is one step of a check.
type CheckStep struct {
	Name   string // "imap-name", "imap-connect", "imap-tls", "imap-certificate", "imap-login", "imap-capabilities", "smtp-…"
	OK     bool
	Fault  *mail.Fault // why not
	Detail string      // what was found: address, TLS version, issuer, capabilities; cleaned
}

// OK reports whether every step went well.
func (r CheckReport) OK() bool {
	return !slices.ContainsFunc(r.Steps, func(s CheckStep) bool { return !s.OK })
}

// Check tries the account's servers step by step and sends nothing but the login. The error is the first fault, nil
// when all went well; the report is filled in either case.
func (d *Dialer) Check(ctx context.Context, a mail.Account, password string) (CheckReport, error) {
	var r CheckReport
	secret := func(context.Context) (string, error) { return password, nil }
	if d.checkIMAP(ctx, &r, a, secret) {
		d.checkSMTP(ctx, &r, a, secret)
	} else { // the same password refused again would count as a second failure, and lock the box the sooner
		d.checkSMTP(ctx, &r, a, nil)
	}
	for _, s := range r.Steps {
		if !s.OK {
			return r, s.Fault
		}
	}
	return r, nil
}

// pass notes steps that went well.
func (r *CheckReport) pass(door, step, detail string) {
	r.Steps = append(r.Steps, CheckStep{Name: door + "-" + step, OK: true, Detail: clean(detail)})
}

// fall notes the step that failed before the login: by how far it went, and by the fault's kind where steps are one
// act.
func (r *CheckReport) fall(door string, err error) {
	f := mail.AsFault("check account", err)
	step := StepName
	if n := len(r.Steps); n > 0 {
		switch r.Steps[n-1].Name {
		case door + "-" + StepConnect:
			step = StepTLS
		case door + "-" + StepCertificate: // the server says something else than its protocol
			step = StepLogin
		}
	}
	var dns *net.DNSError
	switch {
	case step == StepName && f.Kind != mail.BadSettings && !errors.As(f.Err, &dns): // dialing is look-up and connecting
		r.pass(door, StepName, "")
		step = StepConnect
	case step != StepTLS:
	case f.Kind == mail.BadCertificate:
		r.pass(door, StepTLS, "")
		step = StepCertificate
	case f.Kind == mail.NoFile, f.Kind == mail.NoPermission, f.Kind == mail.BadSettings: // of the CA file
		step = StepCertificate
	}
	r.Steps = append(r.Steps, CheckStep{Name: door + "-" + step, Fault: f, Detail: f.Detail})
}

// watcher notes the steps as they are reached.
func (r *CheckReport) watcher(door string) watcher {
	return watcher{
		dialed: func(l *link) {
			r.pass(door, StepName, "")
			r.pass(door, StepConnect, l.RemoteAddr().String())
		},
		secured: func(st tls.ConnectionState) {
			r.pass(door, StepTLS, tls.VersionName(st.Version))
			c := st.PeerCertificates[0] // verified: there is one
			r.pass(door, StepCertificate, c.Issuer.String()+", "+c.NotAfter.Format(time.DateOnly))
		},
	}
}

// checkIMAP is false when the server refused the password.
func (d *Dialer) checkIMAP(ctx context.Context, r *CheckReport, a mail.Account, secret Secret) bool {
	const door = "imap"
	s, err := d.greet(ctx, a, r.watcher(door))
	if err != nil {
		r.fall(door, err)
		return true
	}
	defer s.close(errClosed)
	if err := s.login(ctx, a, secret, ""); err != nil {
		f := mail.AsFault("check account", err)
		r.Steps = append(r.Steps, CheckStep{Name: door + "-" + StepLogin, Fault: f})
		return !slices.Contains([]mail.FaultKind{mail.BadPassword, mail.MustChange, mail.PasswordExpired, mail.LockedOut}, f.Kind)
	}
	r.pass(door, StepLogin, a.Login)
	if r.Office, err = s.askOffice(ctx); err != nil {
		r.Steps = append(r.Steps, CheckStep{Name: door + "-" + StepCaps, Fault: mail.AsFault("check account", err)})
		return true
	}
	var caps []string
	for _, c := range []string{"CONDSTORE", "IDLE", "MOVE", "UIDPLUS", "ESEARCH", "SPECIAL-USE", "LIST-STATUS", "UTF8=ACCEPT"} {
		if s.has(c) {
			caps = append(caps, c)
		}
	}
	r.pass(door, StepCaps, strings.Join(caps, " "))
	return true
}

// checkSMTP ends before the login when secret is nil.
func (d *Dialer) checkSMTP(ctx context.Context, r *CheckReport, a mail.Account, secret Secret) {
	const door = "smtp"
	c, l, err := d.smtpOpen(ctx, a, r.watcher(door))
	if err != nil {
		r.fall(door, err)
		return
	}
	defer l.kill(errClosed)
	release := l.watch(ctx, d.limits.Stall, d.limits.Command)
	defer release()
	if secret == nil {
		return
	}
	if err := (&SMTP{d: d, a: a, secret: secret}).login(ctx, c, l); err != nil {
		r.Steps = append(r.Steps, CheckStep{Name: door + "-" + StepLogin, Fault: mail.AsFault("check account", err)})
		return
	}
	r.pass(door, StepLogin, a.Login)
	var caps []string
	for _, x := range []string{"SIZE", "8BITMIME", "SMTPUTF8", "DSN"} {
		if ok, v := c.Extension(x); ok {
			caps = append(caps, strings.TrimSpace(x+" "+v))
		}
	}
	r.pass(door, StepCaps, strings.Join(caps, ", "))
}

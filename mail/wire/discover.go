package wire

import (
	"context"
	"net"
	"slices"
	"strings"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/viet"
)

// preset is the province's own domain: nothing is guessed there.
const preset = "ninhbinh.gov.vn"

// Discover guesses an account from its address: the preset, the office API's own word, SRV records (RFC 6186,
// RFC 8314 5.1), then the usual host names, tried by TCP. Without a network it still gives the likeliest names. The
// only error is an address that is none. Nothing is sent but names; the certificate decides later.
func (d *Dialer) Discover(ctx context.Context, address string) (mail.Account, error) {
	return d.DiscoverFor(ctx, mail.Account{Address: address})
}

// DiscoverFor is Discover for an account that is partly known: the office is asked under the roots of its CAFile, and
// name, agency and the like stay.
func (d *Dialer) DiscoverFor(ctx context.Context, a mail.Account) (mail.Account, error) {
	address := strings.TrimSpace(viet.NFC(a.Address))
	if err := letter.ValidAddress(address); err != nil {
		return mail.Account{}, &mail.Fault{Kind: mail.BadAddress, Op: "find servers", Detail: clean(address), Err: err}
	}
	a.Address, a.Login = address, address
	domain := mail.Address{Addr: address}.Domain()
	if w := rule.WireForm(address); !a.Mine(w) { // D1: both spellings are this mailbox
		a.Aliases = append(slices.Clone(a.Aliases), w)
	}
	host := "mail." + domain
	a.IMAP = mail.Endpoint{Host: host, Port: 993, Security: mail.TLS}
	a.SMTP = mail.Endpoint{Host: host, Port: 465, Security: mail.TLS}
	if domain == preset {
		a.Office, a.Official = "https://"+host, true
		return a, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 4*d.limits.Probe) // the person waits
	defer cancel()
	if d.fromOffice(ctx, &a, domain) {
		return a, nil
	}
	imap := d.fromSRV(ctx, domain, "imaps", mail.TLS)
	if imap == nil {
		imap = d.guess(ctx, 993, "imap."+domain, "mail."+domain, domain)
	}
	if imap != nil {
		a.IMAP = *imap
	}
	smtp := d.fromSRV(ctx, domain, "submissions", mail.TLS)
	if smtp == nil {
		smtp = d.fromSRV(ctx, domain, "submission", mail.STARTTLS)
	}
	if smtp == nil {
		smtp = d.guess(ctx, 465, "smtp."+domain, "mail."+domain, domain)
	}
	if smtp == nil {
		if smtp = d.guess(ctx, 587, "smtp."+domain, "mail."+domain, domain); smtp != nil {
			smtp.Security = mail.STARTTLS
		}
	}
	if smtp != nil {
		a.SMTP = *smtp
	}
	return a, nil
}

// fromOffice asks the office API at the usual place and believes it, because its certificate has been verified.
func (d *Dialer) fromOffice(ctx context.Context, a *mail.Account, domain string) bool {
	ctx, cancel := context.WithTimeout(ctx, d.limits.Probe)
	defer cancel()
	base := "https://mail." + domain
	info, err := d.Info(ctx, mail.Account{Office: base, CAFile: a.CAFile})
	if err != nil || !strings.EqualFold(hostName(info.Domain), hostName(domain)) {
		return false
	}
	imap, ok1 := endpoint(info.IMAP)
	smtp, ok2 := endpoint(info.SMTP)
	if !ok1 || !ok2 {
		return false
	}
	a.IMAP, a.SMTP, a.Office, a.Official = imap, smtp, base, true
	return true
}

// endpoint takes over what the office says if it can be used.
func endpoint(e api.Endpoint) (mail.Endpoint, bool) {
	s := mail.Security(strings.ToLower(e.Security))
	ok := e.Host != "" && e.Port > 0 && e.Port < 65536 && (s == mail.TLS || s == mail.STARTTLS)
	return mail.Endpoint{Host: e.Host, Port: e.Port, Security: s}, ok
}

// fromSRV asks for one service. DNS is not authenticated, so only hosts of the address's own domain are believed
// (RFC 6186 6): a forged answer must not send the password to a stranger with a valid certificate.
func (d *Dialer) fromSRV(ctx context.Context, domain, service string, security mail.Security) *mail.Endpoint {
	if d.srv == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, d.limits.Probe)
	defer cancel()
	domain = hostName(domain)
	found, err := d.srv(ctx, service, domain)
	if err != nil {
		return nil
	}
	for _, r := range found { // in order of priority and weight
		host := strings.ToLower(strings.TrimSuffix(r.Target, "."))
		if r.Port != 0 && (host == domain || strings.HasSuffix(host, "."+domain)) {
			return &mail.Endpoint{Host: host, Port: int(r.Port), Security: security}
		}
	}
	return nil
}

// guess gives the first host that accepts a connection.
func (d *Dialer) guess(ctx context.Context, port int, hosts ...string) *mail.Endpoint {
	for _, host := range hosts {
		ep := mail.Endpoint{Host: host, Port: port, Security: mail.TLS}
		if d.reaches(ctx, ep) {
			return &ep
		}
	}
	return nil
}

func (d *Dialer) reaches(ctx context.Context, ep mail.Endpoint) bool {
	ctx, cancel := context.WithTimeout(ctx, d.limits.Probe)
	defer cancel()
	l, err := d.dial(ctx, "find servers", ep)
	if err != nil {
		return false
	}
	l.kill(net.ErrClosed)
	return true
}

package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"hopthu/mail"
)

// Codes that begin the Detail of a BadCertificate, NoServer or NoTLS fault, so that words can be found for them.
const (
	certExpired   = "expired"
	certEarly     = "not-yet-valid"
	certUnknownCA = "unknown-authority"
	certWrongName = "wrong-name"
	certBroken    = "invalid"
	notFound      = "name-not-found"
	refused       = "connection-refused"
	unreachable   = "unreachable"
	noEndpoint    = "server name or port missing"
)

// dial opens the TCP connection to ep within the connect limit.
func (d *Dialer) dial(ctx context.Context, op string, ep mail.Endpoint) (*link, error) {
	if ep.Host == "" || ep.Port <= 0 || ep.Port > 65535 {
		return nil, &mail.Fault{Kind: mail.BadSettings, Op: op, Detail: noEndpoint}
	}
	ctx, cancel := context.WithTimeout(ctx, d.limits.Connect)
	defer cancel()
	c, err := d.dialTo(ctx, "tcp", net.JoinHostPort(hostName(ep.Host), strconv.Itoa(ep.Port)))
	if err != nil {
		return nil, netFault(op, err, nil)
	}
	return &link{Conn: c}, nil
}

// tlsConfig verifies against the system's roots and those of a.CAFile, by SAN, TLS 1.2 or newer (RFC 8314 4.1).
func (d *Dialer) tlsConfig(op, caFile, host string) (*tls.Config, error) {
	cfg := &tls.Config{ServerName: hostName(host), MinVersion: tls.VersionTLS12, Time: d.now}
	if caFile == "" {
		return cfg, nil
	}
	pem, err := os.ReadFile(caFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &mail.Fault{Kind: mail.NoFile, Op: op, Detail: caFile, Err: err}
	case err != nil:
		return nil, &mail.Fault{Kind: mail.NoPermission, Op: op, Detail: caFile, Err: err}
	}
	pool, err := x509.SystemCertPool()
	if err != nil { // no system roots on this machine: the file alone decides
		d.log.Warn("no system roots", "err", err)
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, &mail.Fault{Kind: mail.BadSettings, Op: op, Detail: caFile + ": no certificate in it"}
	}
	cfg.RootCAs = pool
	return cfg, nil
}

// secure runs the TLS handshake on l. On failure the link is closed.
func (d *Dialer) secure(ctx context.Context, op string, l *link, caFile, host string) (*tls.Conn, error) {
	cfg, err := d.tlsConfig(op, caFile, host)
	if err != nil {
		l.kill(err)
		return nil, err
	}
	release := l.watch(ctx, d.limits.Connect, d.limits.Connect)
	defer release()
	c := tls.Client(l, cfg)
	if err := c.HandshakeContext(ctx); err != nil {
		f := netFault(op, err, l)
		if f.Kind == mail.LostConnection && l.why() == nil && isTLSTalk(err) {
			f.Kind, f.Detail = mail.NoTLS, clean(err.Error())
		}
		l.kill(f)
		return nil, f
	}
	return c, nil
}

// isTLSTalk reports whether a handshake failed by what was said, not by the network: crypto/tls has no type for that.
func isTLSTalk(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error") {
		return true
	}
	return strings.HasPrefix(err.Error(), "tls: ")
}

// netFault turns what the network or TLS said into a Fault. l may be nil; if we closed it ourselves, its cause counts.
func netFault(op string, err error, l *link) *mail.Fault {
	var f *mail.Fault
	if errors.As(err, &f) {
		return f
	}
	if l != nil {
		if cause := l.why(); cause != nil {
			err = errors.Join(cause, err)
		}
	}
	if k, detail := certFault(err); k != "" {
		return &mail.Fault{Kind: k, Op: op, Detail: detail, Err: err}
	}
	var (
		dns  *net.DNSError
		rec  tls.RecordHeaderError
		wait net.Error
	)
	kind, detail := mail.LostConnection, ""
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, errStalled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded):
		kind = mail.NoAnswer
	case errors.Is(err, context.Canceled):
	case errors.As(err, &dns):
		if kind, detail = mail.NoServer, notFound; dns.IsTimeout {
			kind, detail = mail.NoAnswer, ""
		}
	case errors.Is(err, syscall.ECONNREFUSED):
		kind, detail = mail.NoServer, refused
	case errors.Is(err, syscall.EHOSTUNREACH) || errors.Is(err, syscall.ENETUNREACH):
		kind, detail = mail.NoServer, unreachable
	case errors.As(err, &rec):
		kind, detail = mail.NoTLS, "the server does not speak TLS on this port"
	case errors.As(err, &wait) && wait.Timeout():
		kind = mail.NoAnswer
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed):
	case l == nil:
		kind = mail.NoServer
	}
	return &mail.Fault{Kind: kind, Op: op, Detail: detail, Err: err}
}

// certFault names what is wrong with a certificate; kind is "" when err is about something else.
func certFault(err error) (kind mail.FaultKind, detail string) {
	var (
		invalid x509.CertificateInvalidError
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		verify  *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil:
		day := invalid.Cert.NotAfter.Format(time.DateOnly)
		// x509 has one reason for both ends of the validity; only its text says which.
		if strings.Contains(invalid.Detail, "is before") {
			return mail.BadCertificate, certEarly + ": " + invalid.Cert.NotBefore.Format(time.DateOnly)
		}
		return mail.BadCertificate, certExpired + ": " + day
	case errors.As(err, &unknown):
		return mail.BadCertificate, certUnknownCA + issuer(unknown.Cert)
	case errors.As(err, &name):
		return mail.BadCertificate, certWrongName + ": " + clean(fmt.Sprint(name.Certificate.DNSNames))
	case errors.As(err, &verify), errors.As(err, &invalid):
		return mail.BadCertificate, certBroken
	}
	return "", ""
}

func issuer(c *x509.Certificate) string {
	if c == nil {
		return ""
	}
	return ": " + clean(c.Issuer.String())
}

package server

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

	"hopthu/mail"
	"hopthu/mail/server/internal/queue"
)

// Relay is the server that letters to the outside go through. Its certificate is verified, and without TLS nothing is
// said.
type Relay struct {
	Addr         string // host:port; "" is none
	StartTLS     bool   // else TLS from the first byte
	User         string // "" is no login
	PasswordFile string // one line, for the server's user only; read again for each letter, so that it can be changed
	CAFile       string // PEM, beside the system's authorities
}

// relay is a Relay as the queue uses it.
type relay struct {
	of   Relay
	host string
	port int
	name string // of this server
	tls  *tls.Config
}

// openRelay gives the relay; nil without one. What is wrong with its settings keeps the server from running, not its
// administrator from working.
func (s *Server) openRelay() queue.Relay {
	if s.cfg.Relay.Addr == "" {
		return nil
	}
	r, err := s.cfg.Relay.open(s.cfg.Host)
	if s.astray = err; r == nil {
		return nil
	}
	return r
}

func (c Relay) open(name string) (*relay, error) {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return nil, relayFault("relay", err)
	}
	r := &relay{of: c, host: host, name: name, tls: &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}}
	if r.port, err = strconv.Atoi(port); err != nil {
		return nil, relayFault("relay", err)
	}
	if c.CAFile != "" {
		if r.tls.RootCAs, err = trusting(c.CAFile); err != nil {
			return nil, err
		}
	}
	_, err = r.password()
	return r, err
}

func relayFault(setting string, err error) error {
	return &mail.Fault{Kind: mail.BadSettings, Op: "open relay", Detail: setting, Err: err}
}

// trusting is the system's authorities and those of a file.
func trusting(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, relayFault("relay_ca_file", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil { // a machine without any: the file alone decides
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, relayFault("relay_ca_file", errors.New("no certificate in it"))
	}
	return pool, nil
}

// password reads the file; one that others may read is refused.
func (r *relay) password() (string, error) {
	if r.of.PasswordFile == "" {
		return "", nil
	}
	info, err := os.Stat(r.of.PasswordFile)
	if err != nil {
		return "", relayFault("relay_password_file", err)
	}
	if loose(info.Mode()) {
		return "", relayFault("relay_password_file", fmt.Errorf("mode %04o: others may read it; chmod 600", info.Mode().Perm()))
	}
	b, err := os.ReadFile(r.of.PasswordFile)
	if err != nil {
		return "", relayFault("relay_password_file", err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	if line = strings.TrimSuffix(line, "\r"); line == "" {
		return "", relayFault("relay_password_file", errors.New("it is empty"))
	}
	return line, nil
}

// loose reports whether others than the owner may read a file or write it.
func loose(m fs.FileMode) bool { return m.Perm()&0o077 != 0 }

// Send implements queue.Relay.
func (r *relay) Send(ctx context.Context, t queue.Transmission, letter io.Reader) (queue.Handover, error) {
	password, err := r.password()
	if err != nil {
		return queue.Handover{Peer: r.host}, err
	}
	h := &queue.Smarthost{
		Host: r.host, Port: r.port, Security: mail.TLS, User: r.of.User, Password: password, Name: r.name, TLS: r.tls, Dial: (&net.Dialer{}).DialContext,
	}
	if r.of.StartTLS {
		h.Security = mail.STARTTLS
	}
	return h.Send(ctx, t, letter)
}

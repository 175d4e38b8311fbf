package config

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Server is the settings file of hopthu-server, hopthu-server.toml in its data folder.
type Server struct {
	Domain           string   `toml:"domain"`             // of every address: "ninhbinh.example"
	Host             string   `toml:"host"`               // name that clients connect to; "" is mail.<domain>
	IMAP             string   `toml:"imap"`               // listen addresses; "" is off
	IMAPStartTLS     string   `toml:"imap_starttls"`      //
	SMTP             string   `toml:"smtp"`               // submission over TLS
	SMTPStartTLS     string   `toml:"smtp_starttls"`      //
	Web              string   `toml:"web"`                // HTTPS: office API and password change
	CertFile         string   `toml:"cert_file"`          // PEM; both "" is our own authority
	KeyFile          string   `toml:"key_file"`           //
	PublicURL        string   `toml:"public_url"`         // base of links in answers; "" is made from host and web
	FirstPasswordTTL Duration `toml:"first_password_ttl"` // "72h"
	MaxMessage       int64    `toml:"max_message"`        // octets
	Quota            int64    `toml:"quota"`              // octets of a new box; 0 is no limit
	Secrecy          string   `toml:"secrecy" comment:"letters with a stamp of secrecy (QC 7.1b): \"block\" refuses them at submission, as our own client does; \"off\" lets other clients send them"`
	LogLevel         string   `toml:"log_level"` // debug, info, warn, error

	Relay             string `toml:"relay" comment:"host:port of the server that letters to the outside go through; empty: there are none"`
	RelaySecurity     string `toml:"relay_security" comment:"\"tls\" from the first byte or \"starttls\"; its certificate is verified either way"`
	RelayUser         string `toml:"relay_user" comment:"empty: no login"`
	RelayPasswordFile string `toml:"relay_password_file" comment:"one line, for the server's user only (0600); read again for each letter"`
	RelayCAFile       string `toml:"relay_ca_file" comment:"PEM file of the authority of its certificate, beside the system's"`
}

// What submission does with a letter that bears a stamp of secrecy (QC 7.1b, 8.2). Block is the default: our own client lets
// nobody send one, a rule that any other client walks around is none, and only what cannot be anything but a stamp is
// refused. Off is for a network that is cleared for such documents. Letters of which a person would be asked always pass, and
// are noted in the audit log.
const (
	SecrecyBlock = "block"
	SecrecyOff   = "off"
)

// How the relay is spoken to.
const (
	RelayTLS      = "tls"
	RelaySTARTTLS = "starttls"
)

// ServerDefaults are the settings of a server that init sets up.
func ServerDefaults() Server {
	return Server{
		IMAP: ":993", IMAPStartTLS: ":143", SMTP: ":465", SMTPStartTLS: ":587", Web: ":443",
		FirstPasswordTTL: Duration(72 * time.Hour), MaxMessage: 50 << 20, Secrecy: SecrecyBlock, LogLevel: "info",
		RelaySecurity: RelayTLS,
	}
}

// ServerFile is where the settings of a data folder stand.
func ServerFile(dir string) string { return filepath.Join(dir, "hopthu-server.toml") }

// LoadServer reads the settings of a data folder. A missing file is fs.ErrNotExist; a wrong one an *Error with file
// and line.
func LoadServer(dir string) (Server, error) {
	path := ServerFile(dir)
	s := ServerDefaults()
	if err := Read(path, &s); err != nil {
		return Server{}, err
	}
	for _, p := range []*string{&s.CertFile, &s.KeyFile, &s.RelayPasswordFile, &s.RelayCAFile} {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(dir, *p)
		}
	}
	if bad := s.check(); bad != nil {
		return Server{}, &Error{File: path, Line: lineOf(path, bad.key), What: bad.Error(), Err: bad}
	}
	return s, nil
}

// Save writes the settings into a data folder.
func (s Server) Save(dir string) error {
	path := ServerFile(dir)
	if bad := s.check(); bad != nil {
		return &Error{File: path, What: bad.Error(), Err: bad}
	}
	return Write(path, s)
}

func (s Server) check() *badValue {
	if !domainName(s.Domain) {
		return &badValue{"domain", fmt.Sprintf("%q is no domain name", s.Domain)}
	}
	if s.Host != "" && !domainName(s.Host) && net.ParseIP(s.Host) == nil {
		return &badValue{"host", fmt.Sprintf("%q is no host name", s.Host)}
	}
	doors := []struct{ key, addr string }{
		{"imap", s.IMAP}, {"imap_starttls", s.IMAPStartTLS}, {"smtp", s.SMTP}, {"smtp_starttls", s.SMTPStartTLS}, {"web", s.Web},
	}
	for _, d := range doors {
		if d.addr == "" {
			continue
		}
		if _, _, err := net.SplitHostPort(d.addr); err != nil {
			return &badValue{d.key, fmt.Sprintf("%q is no listen address; write \":993\" or \"127.0.0.1:993\"", d.addr)}
		}
	}
	if (s.CertFile == "") != (s.KeyFile == "") {
		return &badValue{"cert_file", "cert_file and key_file belong together"}
	}
	if s.PublicURL != "" {
		if u, err := url.Parse(s.PublicURL); err != nil || u.Scheme != "https" || u.Host == "" {
			return &badValue{"public_url", fmt.Sprintf("%q is no https address", s.PublicURL)}
		}
	}
	if s.FirstPasswordTTL <= 0 {
		return &badValue{"first_password_ttl", "must be more than nothing"}
	}
	if s.MaxMessage < 1<<20 || s.MaxMessage > 1<<30 {
		return &badValue{"max_message", "must lie between 1 MiB and 1 GiB"}
	}
	if s.Quota < 0 {
		return &badValue{"quota", "must not be negative"}
	}
	if s.Secrecy != SecrecyBlock && s.Secrecy != SecrecyOff {
		return &badValue{"secrecy", fmt.Sprintf("%q is neither %q nor %q", s.Secrecy, SecrecyBlock, SecrecyOff)}
	}
	if bad := s.checkRelay(); bad != nil {
		return bad
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return &badValue{"log_level", fmt.Sprintf("%q is none of debug, info, warn, error", s.LogLevel)}
	}
	return nil
}

func (s Server) checkRelay() *badValue {
	if s.RelaySecurity != RelayTLS && s.RelaySecurity != RelaySTARTTLS {
		return &badValue{"relay_security", fmt.Sprintf("%q is neither %q nor %q", s.RelaySecurity, RelayTLS, RelaySTARTTLS)}
	}
	if (s.RelayUser == "") != (s.RelayPasswordFile == "") {
		return &badValue{"relay_user", "relay_user and relay_password_file belong together"}
	}
	if s.Relay == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(s.Relay)
	n, perr := strconv.Atoi(port)
	if err != nil || perr != nil || n < 1 || n > 65535 || !domainName(host) && net.ParseIP(host) == nil {
		return &badValue{"relay", fmt.Sprintf("%q is no server; write \"smtp.ninhbinh.example:465\"", s.Relay)}
	}
	return nil
}

// domainName reports whether s is a name of at least two labels of letters, digits and hyphens (RFC 1123 2.1).
func domainName(s string) bool {
	labels := strings.Split(s, ".")
	if len(s) > 253 || len(labels) < 2 && s != "localhost" {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		if strings.Trim(strings.ToLower(l), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return true
}

// NoServerFile reports whether err says that the data folder has no settings yet.
func NoServerFile(err error) bool { return errors.Is(err, fs.ErrNotExist) }

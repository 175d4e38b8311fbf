package server

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
)

// doors knocks at each door as a client would: TLS, the name, the authority.
func (d *doctor) doors(ctx context.Context) {
	if !(&Server{cfg: d.cfg}).answers(filepath.Join(d.cfg.Dir, filepath.FromSlash(controlFile))) {
		d.found(Broken, "door", "máy chủ không chạy / the server does not run", "hopthu-server run")
		return
	}
	roots, err := d.roots()
	if err != nil {
		d.found(Broken, "door", err.Error(), "")
		return
	}
	for _, one := range []struct {
		name, addr string
		starttls   []string // what is said before the handshake, and what its answer begins with
	}{
		{"IMAP", d.cfg.IMAP, nil},
		{"IMAP STARTTLS", d.cfg.IMAPStartTLS, []string{"", "* OK", "a STARTTLS", "a OK"}},
		{"SMTP", d.cfg.SMTP, nil},
		{"SMTP STARTTLS", d.cfg.SMTPStartTLS, []string{"", "220", "STARTTLS", "220"}},
		{"HTTPS", d.cfg.Web, nil},
	} {
		if one.addr == "" {
			continue
		}
		if err := d.knock(ctx, one.addr, one.starttls, roots); err != nil {
			d.found(Broken, "door", one.name+" "+one.addr+": "+err.Error(), "xem nhật ký máy chủ và tường lửa / see the server's log and the firewall")
			continue
		}
		d.found(Fine, "door", one.name+" "+one.addr, "")
	}
}

// roots are who may have signed the certificate: our own authority, or those of the system.
func (d *doctor) roots() (*x509.CertPool, error) {
	if d.cfg.CertFile != "" {
		return x509.SystemCertPool()
	}
	pem, err := os.ReadFile(CAFile(d.cfg.Dir))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("không đọc được / cannot be read: " + CAFile(d.cfg.Dir))
	}
	return pool, nil
}

func (d *doctor) knock(ctx context.Context, addr string, starttls []string, roots *x509.CertPool) (err error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	c, err := (&net.Dialer{Timeout: lookLimit}).DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closed(c)) }()
	if err := c.SetDeadline(deadline(lookLimit)); err != nil {
		return err
	}
	br := bufio.NewReader(c)
	for i := 0; i+1 < len(starttls); i += 2 {
		if err := ask(c, br, starttls[i], starttls[i+1]); err != nil {
			return err
		}
	}
	u := tls.Client(c, &tls.Config{ServerName: d.cfg.Host, RootCAs: roots, MinVersion: tls.VersionTLS12})
	if err := u.HandshakeContext(ctx); err != nil {
		return err
	}
	cert, key := d.certFiles()
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err == nil && !pair.Leaf.Equal(u.ConnectionState().PeerCertificates[0]) {
		err = errors.New("trình chứng thư khác với tệp / shows another certificate than the file")
	}
	return err
}

// ask says a line, if there is one, and wants a line that begins so.
func ask(c net.Conn, br *bufio.Reader, say, want string) error {
	if say != "" {
		if _, err := fmt.Fprintf(c, "%s\r\n", say); err != nil {
			return err
		}
	}
	line, err := br.ReadString('\n')
	if err == nil && !strings.HasPrefix(line, want) {
		err = fmt.Errorf("trả lời lạ / answered %q", line)
	}
	return err
}

// closed closes c; that it is closed already is no error.
func closed(c net.Conn) error {
	if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// names asks the resolver for what clients look for (RFC 6186, RFC 8314 3.4). Inside of one network it may know nothing:
// then the name of the server is told by hand.
func (d *doctor) names(ctx context.Context) {
	var r net.Resolver
	if addrs, err := r.LookupHost(ctx, d.cfg.Host); err != nil {
		d.found(Soon, "dns", "không tìm thấy / not found: "+d.cfg.Host, d.cfg.Host+". IN A <IP>")
	} else {
		d.found(Fine, "dns", d.cfg.Host+" "+strings.Join(addrs, " "), "")
	}
	for _, one := range []struct{ service, addr string }{{"imaps", d.cfg.IMAP}, {"submissions", d.cfg.SMTP}} {
		_, port, err := net.SplitHostPort(one.addr)
		if err != nil { // the door is closed
			continue
		}
		name := "_" + one.service + "._tcp." + d.cfg.Domain
		if _, list, err := r.LookupSRV(ctx, one.service, "tcp", d.cfg.Domain); err != nil || len(list) == 0 {
			d.found(Hint, "dns", "không tìm thấy / not found: "+name, fmt.Sprintf("%s. IN SRV 0 1 %s %s.", name, port, d.cfg.Host))
		} else {
			d.found(Fine, "dns", name, "")
		}
	}
}

package queue

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"hopthu/mail"
)

// peer is the relay's side: it refuses as it is told and keeps what it accepted.
type peer struct {
	mu   sync.Mutex
	mail error
	rcpt map[string]error
	data error
	got  []string
	asks []string // what was asked to be told, by MAIL and RCPT
	text string
}

func (p *peer) NewSession(*smtp.Conn) (smtp.Session, error) { return &peerSession{p: p}, nil }

type peerSession struct {
	p    *peer
	user string
	to   []string
}

func (s *peerSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *peerSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "hopthu" || password != "đúng" {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no"}
		}
		s.user = user
		return nil
	}), nil
}

func (s *peerSession) Reset()        { s.to = nil }
func (s *peerSession) Logout() error { return nil }

func (s *peerSession) Mail(from string, o *smtp.MailOptions) error {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.got = append(s.p.got, fmt.Sprintf("%s as %s utf8=%v", from, s.user, o.UTF8))
	s.p.asks = append(s.p.asks, fmt.Sprintf("RET=%s ENVID=%s", o.Return, o.EnvelopeID))
	return s.p.mail
}

func (s *peerSession) Rcpt(to string, o *smtp.RcptOptions) error {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.asks = append(s.p.asks, fmt.Sprintf("%v %s;%s", o.Notify, o.OriginalRecipientType, o.OriginalRecipient))
	s.to = append(s.to, to)
	return s.p.rcpt[to]
}

func (s *peerSession) Data(r io.Reader) error {
	p, err := io.ReadAll(r)
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.text = string(p)
	if err != nil {
		return err
	}
	return s.p.data
}

func certificate(t *testing.T, name string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotBefore: time.Unix(0, 0),
		NotAfter: time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(c)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// startPeer gives a relay and the smarthost that leads to it.
func startPeer(t *testing.T, s mail.Security, utf8 bool, more ...func(*smtp.Server)) (*peer, *Smarthost) {
	t.Helper()
	cert, pool := certificate(t, "relay.vn")
	p := &peer{rcpt: map[string]error{}}
	srv := smtp.NewServer(p)
	srv.ErrorLog = log.New(io.Discard, "", 0)
	srv.Domain, srv.EnableSMTPUTF8 = "relay.vn", utf8
	for _, f := range more {
		f(srv)
	}
	srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if s == mail.TLS {
		l = tls.NewListener(l, srv.TLSConfig)
	}
	done := make(chan error, 1)
	mail.Go("relay", func() { done <- srv.Serve(l) })
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Error(err)
		}
	})
	return p, &Smarthost{
		Host: "relay.vn", Port: 465, Security: s, Name: "mail.x.vn", User: "hopthu", Password: "đúng",
		TLS: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, addr)
		},
	}
}

func TestSmarthost(t *testing.T) {
	for _, security := range []mail.Security{mail.TLS, mail.STARTTLS} {
		t.Run(string(security), func(t *testing.T) {
			p, h := startPeer(t, security, true)
			p.rcpt["b@y.vn"] = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody"}
			p.rcpt["c@y.vn"] = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"}
			letter := "Subject: x\r\n\r\n.dot\r\n"
			got, err := h.Send(t.Context(), Transmission{From: "a@x.vn", To: To("b@y.vn", "c@y.vn", "d@y.vn"), UTF8: true, Size: int64(len(letter))}, strings.NewReader(letter))
			if err != nil || len(got.Refused) != 2 || mail.KindOf(got.Refused["b@y.vn"]) != mail.BadAddress || mail.KindOf(got.Refused["c@y.vn"]) != mail.TryLater {
				t.Error(got, err)
			}
			if p.text != letter || p.got[0] != "a@x.vn as hopthu utf8=true" {
				t.Errorf("%q %q", p.text, p.got)
			}
			p.text = ""
			got, err = h.Send(t.Context(), Transmission{From: "a@x.vn", To: To("b@y.vn"), Size: 1}, strings.NewReader(letter))
			if err != nil || len(got.Refused) != 1 || p.text != "" {
				t.Error("with nobody left no letter is sent", got, err)
			}
		})
	}
}

func TestSmarthostFails(t *testing.T) {
	send := func(h *Smarthost, utf8 bool) mail.FaultKind {
		_, err := h.Send(t.Context(), Transmission{From: "a@x.vn", To: To("b@y.vn"), UTF8: utf8, Size: 1}, strings.NewReader("x\r\n"))
		return mail.KindOf(err)
	}
	p, h := startPeer(t, mail.TLS, false)
	if got := send(h, true); got != mail.Refused {
		t.Error("without SMTPUTF8:", got)
	}
	p.mail = &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 3, 4}, Message: "big"}
	if got := send(h, false); got != mail.TooBig {
		t.Error(got)
	}
	p.mail, p.data = nil, &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "spam"}
	if got := send(h, false); got != mail.Refused {
		t.Error(got)
	}
	p.data = &smtp.SMTPError{Code: 421, Message: "bye"}
	if got := send(h, false); got != mail.TryLater {
		t.Error(got)
	}
	h.Password = "sai"
	if got := send(h, false); got != mail.TryLater { // the operator's mistake must not return everybody's letters
		t.Error(got)
	}
	h.Host = "other.vn"
	if got := send(h, false); got != mail.BadCertificate {
		t.Error(got)
	}
	h.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("refused") }
	if got := send(h, false); got != mail.NoServer {
		t.Error(got)
	}
	mute, other := net.Pipe()
	defer func() {
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	}()
	ctx, cancel := context.WithCancel(t.Context())
	h.Dial = func(context.Context, string, string) (net.Conn, error) { cancel(); return mute, nil }
	if _, err := h.Send(ctx, Transmission{From: "a@x.vn", To: To("b@y.vn"), Size: 1}, strings.NewReader("")); mail.KindOf(err) != mail.LostConnection {
		t.Error(err)
	}
}

// What the sender asked to be told goes along word by word where the relay takes it, and not at all where it does not
// (RFC 3461 5.2).
func TestSmarthostPassesRequests(t *testing.T) {
	for _, dsn := range []bool{true, false} {
		p, h := startPeer(t, mail.TLS, false, func(s *smtp.Server) { s.EnableDSN = dsn })
		got, err := h.Send(t.Context(), Transmission{
			From: "a@x.vn", EnvID: "1+2=3@x", Return: ReturnFull, Size: 3, To: []Recipient{
				{Address: "b@y.vn", Notify: NotifySuccess | NotifyDelay, Original: "utf-8;kh&đt@y.vn"},
				{Address: "c@y.vn", Notify: NotifyNever, Original: "rfc822;c+d@y.vn"},
				{Address: "d@y.vn"},
			},
		}, strings.NewReader("x\r\n"))
		want := "RET=FULL ENVID=1+2=3@x|[SUCCESS DELAY] UTF-8;kh&đt@y.vn|[NEVER] RFC822;c+d@y.vn|[] ;"
		if !dsn {
			want = "RET= ENVID=|[] ;|[] ;|[] ;"
		}
		if said := strings.Join(p.asks, "|"); err != nil || got.Reports != dsn || got.Peer != "relay.vn" || said != want {
			t.Errorf("dsn %v: %q, want %q; %+v, %v", dsn, said, want, got, err)
		}
	}
}

package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/imapd"
	"hopthu/mail/server/internal/office"
	"hopthu/mail/server/internal/queue"
	"hopthu/mail/server/internal/register"
	"hopthu/mail/server/internal/smtpd"
	"hopthu/mail/server/internal/web"
)

const (
	stopLimit   = 10 * time.Second // from the wish to stop until what is still open is cut
	sweepEvery  = time.Hour
	giveEvery   = 2 * time.Minute // as often as the runtime collects on its own when nothing happens
	keepDeleted = 30 * 24 * time.Hour

	// traceRoom is for the lines that the server itself puts before a submitted letter, which is not to be refused for
	// them; the doors hold what they are given to the limit.
	traceRoom = 64 << 10
)

// Config says what a server is and where it listens. A listen address "" leaves that door closed; ":0" takes any port.
type Config struct {
	Dir, Domain, Host                           string // Host "" is mail.<Domain>
	IMAP, IMAPStartTLS, SMTP, SMTPStartTLS, Web string
	CertFile, KeyFile                           string // both "" is our own authority below Dir
	PublicURL                                   string // base of links in answers; "" is made from Host and Web
	FirstPasswordTTL                            time.Duration
	MaxMessage, Quota                           int64 // octets; 0 is the default
	Relay                                       Relay // where letters to the outside go; zero: they are refused
	Secrecy                                     bool  // submitted letters with a stamp of secrecy are refused (QC 7.1b, 8.2)
	Version                                     string
	Stall                                       time.Duration    // the longest pause inside a submitted message; 0 is a minute
	Log                                         *slog.Logger     // nil is silent
	Now                                         func() time.Time // nil is the real clock
	Faults                                      bool             // recipients named …temperror, …permerror, …timeout, …cutoff fail so: tests and the demo
	CheapPasswords                              bool             // hashes that cost nothing: tests only
	NoDelay                                     bool             // refused logins are answered at once: tests only
}

// Addrs are the addresses the doors listen at, as host:port; "" for a closed door.
type Addrs struct{ IMAP, IMAPStartTLS, SMTP, SMTPStartTLS, Web string }

// Server is an open data folder, and a running server once Run was called.
type Server struct {
	cfg    Config
	db     *db.DB
	box    *box.Service
	reg    *register.Register
	office *office.Office
	queue  *queue.Queue
	cert   *certificate
	own    Authority
	astray error // why the relay cannot be used

	ready chan struct{}
	addrs Addrs
	once  sync.Once
	err   error
	drop  func() error // removes what was unpacked to be looked at; may be nil
}

// SystemClock is the real clock.
func SystemClock() time.Time { return time.Now() }

// deadline is the moment d from now by the real clock, whatever clock the server is given: sockets know no other.
func deadline(d time.Duration) time.Time { return time.Now().Add(d) }

// New opens the data folder and makes what is missing in it: database, authority, certificate. It does not listen.
// Close it, or Run it, which closes it.
func New(ctx context.Context, cfg Config) (*Server, error) {
	s := &Server{cfg: withDefaults(cfg), ready: make(chan struct{})}
	if err := s.openCertificate(); err != nil {
		return nil, err
	}
	var err error
	if s.db, err = db.Open(ctx, filepath.Join(s.cfg.Dir, "data"), db.Options{Now: s.cfg.Now, Log: s.cfg.Log}); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := s.openRooms(ctx); err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	return s, nil
}

func withDefaults(c Config) Config {
	if c.Host == "" {
		c.Host = "mail." + c.Domain
	}
	if c.MaxMessage == 0 {
		c.MaxMessage = box.DefaultMaxSize
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = SystemClock
	}
	return c
}

func (s *Server) openCertificate() error {
	cert, key := s.cfg.CertFile, s.cfg.KeyFile
	var err error
	if cert == "" {
		if s.own, err = s.ensureOwn(); err != nil {
			return err
		}
		cert, key = filepath.Join(s.cfg.Dir, certFile), filepath.Join(s.cfg.Dir, keyFile)
	}
	s.cert, err = newCertificate(cert, key, s.cfg.Log)
	return err
}

func (s *Server) ensureOwn() (Authority, error) {
	hosts := []string{s.cfg.Host, s.cfg.Domain, "imap." + s.cfg.Domain, "smtp." + s.cfg.Domain, "localhost", "127.0.0.1", "::1"}
	// The real clock: certificates are checked by others' clocks.
	return ensureAuthority(s.cfg.Dir, s.cfg.Domain, hosts, SystemClock())
}

// Reload renews the certificate of our own authority if it ends soon, and reads the certificate again. Nobody's
// connection is touched. The doors read a file that changed by themselves; Reload tells what is wrong with it.
func (s *Server) Reload() error {
	if s.cfg.CertFile == "" {
		if _, err := s.ensureOwn(); err != nil {
			return fmt.Errorf("renew certificate: %w", err)
		}
	}
	return s.cert.reload()
}

func (s *Server) openRooms(ctx context.Context) error {
	c := s.cfg
	s.box = box.New(s.db, box.Options{Now: c.Now, Quota: c.Quota, MaxSize: c.MaxMessage + traceRoom, Arrived: s.arrived})
	o := register.Options{Domain: c.Domain, Now: c.Now, Rand: rand.Reader, FirstPasswordTTL: c.FirstPasswordTTL}
	if c.CheapPasswords {
		o.Hash, o.Rounds = register.HashCost{Memory: 64, Time: 1, Threads: 1}, 4096 // RFC 7677 4: no fewer
	}
	var err error
	if s.reg, err = register.New(ctx, s.db, s.box, o); err != nil {
		return fmt.Errorf("open register: %w", err)
	}
	s.office, err = office.New(s.db, s.box, s.reg, office.Options{
		Now: c.Now, Failed: func(err error) { c.Log.Error("office", "err", err) },
	})
	if err != nil {
		return fmt.Errorf("open office: %w", err)
	}
	way := s.openRelay()
	s.queue, err = queue.New(s.db, s.box, s.reg, queue.Options{
		Relay: way,
		Host:  c.Host, Now: c.Now, Rand: rand.Reader, Wait: time.After, Secrecy: c.Secrecy, Sent: s.sent,
		Failed: func(err error) { c.Log.Error("queue", "err", err) },
	})
	if err != nil {
		return fmt.Errorf("open queue: %w", err)
	}
	return nil
}

// arrived tells the office of a letter that came by mail.
func (s *Server) arrived(ctx context.Context, tx *db.Tx, a box.Arrival) error {
	return s.office.Arrived(ctx, tx, a)
}

// sent tells the office of a letter that was submitted.
func (s *Server) sent(ctx context.Context, tx *db.Tx, m queue.Submission) error {
	return s.office.SentTx(ctx, tx, office.Sent{Box: m.Box, Person: m.Person, Fields: m.Fields})
}

// Close closes the data folder of a server that does not run. It may be called more than once.
func (s *Server) Close() error {
	s.once.Do(func() {
		if s.err = s.db.Close(); s.drop != nil {
			s.err = errors.Join(s.err, s.drop())
		}
	})
	return s.err
}

// Ready is closed when every door is open.
func (s *Server) Ready() <-chan struct{} { return s.ready }

// Addrs tells where the doors listen; valid once Ready is closed.
func (s *Server) Addrs() Addrs { return s.addrs }

// Dir is the data folder.
func (s *Server) Dir() string { return s.cfg.Dir }

// Authority tells of our own authority; zero when the certificate comes from files.
func (s *Server) Authority() Authority { return s.own }

// Check verifies every invariant of every room.
func (s *Server) Check(ctx context.Context) error {
	return errors.Join(s.db.Check(ctx), s.box.Check(ctx), s.reg.Check(ctx), s.office.Check(ctx), s.queue.Check(ctx))
}

// Health says whether the database answers.
func (s *Server) Health(ctx context.Context) error {
	_, err := s.reg.Units(ctx)
	return err
}

// delay waits d or until ctx ends.
func (s *Server) delay(ctx context.Context, d time.Duration) {
	if s.cfg.NoDelay && d < time.Minute {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// Run opens the doors and serves until ctx ends or a door fails; then it stops in order and closes the data folder.
func (s *Server) Run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, s.Close()) }()
	if s.astray != nil {
		return s.astray
	}
	d, err := s.openDoors()
	if err != nil {
		return err
	}
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	ctl := s.listenControl()
	failed := make(chan error, len(d.list)+7)
	start := func(name string, f func() error) {
		wg.Add(1)
		mail.Go(name, func() {
			defer wg.Done()
			if err := f(); err != nil {
				failed <- fmt.Errorf("%s: %w", name, err)
			}
		})
	}
	start("queue", func() error { return ignoreCancelled(s.queue.Run(work)) })
	start("office", func() error { return s.office.Run(work) })
	start("sweep", func() error { return s.sweep(work) })
	start("memory", func() error { return giveBack(work) })
	start("digest", func() error {
		s.box.KeepDigests(work, s.delay, func(err error) { s.cfg.Log.Warn("prepare letters", "err", err) })
		return nil
	})
	start("revoke", func() error { return s.revoke(work) })
	start("control", func() error { return s.control(work, ctl) })
	for _, one := range d.list {
		start(one.name, one.serve)
	}
	s.cfg.Log.Info("server is up", "imap", s.addrs.IMAP, "smtp", s.addrs.SMTP, "web", s.addrs.Web)
	close(s.ready)
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	err = errors.Join(err, s.closeDoors(d))
	cancel()
	wg.Wait()
	close(failed)
	for more := range failed {
		err = errors.Join(err, more)
	}
	s.cfg.Log.Info("server is down")
	return err
}

func ignoreCancelled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// giveBack returns memory to the system that thousands of idling connections once needed and do not use.
func giveBack(ctx context.Context) error {
	t := time.NewTicker(giveEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
			debug.FreeOSMemory()
		}
	}
}

func (s *Server) sweep(ctx context.Context) error {
	t := time.NewTicker(sweepEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
			if n, err := s.box.Sweep(ctx, keepDeleted); err != nil {
				s.cfg.Log.Error("sweep", "err", err)
			} else if n > 0 {
				s.cfg.Log.Info("swept", "blobs", n)
			}
			if err := s.Reload(); err != nil { // a server that runs for a year needs a new one
				s.cfg.Log.Error("certificate", "err", err)
			}
		}
	}
}

// doors are the running doors and their listeners.
type doors struct {
	imap      *imapd.Server
	smtp      *smtpd.Server
	web       *http.Server
	listeners []*listener
	list      []struct {
		name  string
		serve func() error
	}
}

func (d *doors) add(name string, serve func(net.Listener) error, l *listener) {
	d.listeners = append(d.listeners, l)
	d.list = append(d.list, struct {
		name  string
		serve func() error
	}{name, func() error { return serve(l) }})
}

// openDoors listens everywhere, or nowhere when one address cannot be had.
func (s *Server) openDoors() (d *doors, err error) {
	count := newCounters()
	d = &doors{}
	open := func(addr string, preface func(net.Conn) error, protos ...string) (*listener, string) {
		if addr == "" || err != nil {
			return nil, ""
		}
		var l *listener
		if l, err = listen(addr, s.cert.config(protos...), count, deadline, preface, s.cfg.Log); err != nil {
			err = fmt.Errorf("listen at %s: %w", addr, err)
			return nil, ""
		}
		return l.start(), l.Addr().String()
	}
	var web0, imap0, imap1, smtp0, smtp1 *listener
	web0, s.addrs.Web = open(s.cfg.Web, nil, "http/1.1")
	imap0, s.addrs.IMAP = open(s.cfg.IMAP, nil)
	imap1, s.addrs.IMAPStartTLS = open(s.cfg.IMAPStartTLS, func(c net.Conn) error { return imapd.Preface(c, deadline) })
	smtp0, s.addrs.SMTP = open(s.cfg.SMTP, nil)
	smtp1, s.addrs.SMTPStartTLS = open(s.cfg.SMTPStartTLS, func(c net.Conn) error { return smtpd.Preface(c, s.cfg.Host, deadline) })
	if err != nil {
		for _, l := range []*listener{web0, imap0, imap1, smtp0, smtp1} {
			if l != nil {
				err = errors.Join(err, l.Close())
			}
		}
		return nil, err
	}
	s.makeDoors(d)
	serveWeb := func(l net.Listener) error {
		if err := d.web.Serve(l); !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	}
	for _, one := range []struct {
		name  string
		l     *listener
		serve func(net.Listener) error
	}{
		{"web", web0, serveWeb},
		{"imap", imap0, d.imap.Serve},
		{"imap starttls", imap1, d.imap.Serve},
		{"smtp", smtp0, d.smtp.Serve},
		{"smtp starttls", smtp1, d.smtp.Serve},
	} {
		if one.l != nil {
			d.add(one.name, one.serve, one.l)
		}
	}
	return d, nil
}

func (s *Server) makeDoors(d *doors) {
	change, office := s.publicURL()+api.PagePassword, ""
	if s.addrs.Web != "" || s.cfg.PublicURL != "" {
		office = s.publicURL()
	}
	d.imap = imapd.New(imapd.Options{
		Box: s.box, Register: s.reg, Deadline: deadline, Delay: s.delay, After: time.After, MaxSize: s.cfg.MaxMessage,
		ChangeURL: change, Office: office, Log: s.cfg.Log, Opened: s.office.Opened, Marked: s.office.Marked,
	})
	o := smtpd.Options{
		Queue: s.queue, Register: s.reg, Host: s.cfg.Host, Deadline: deadline, Delay: s.delay, MaxSize: s.cfg.MaxMessage,
		ChangeURL: change, Stall: s.cfg.Stall, Log: s.cfg.Log,
	}
	if s.cfg.Faults {
		o.Fault = smtpd.ByName
	}
	d.smtp = smtpd.New(o)
	d.web = web.New(web.Options{
		Register: s.reg, Office: s.office, Info: s.info(), Rand: rand.Reader, Health: s.Health, Delay: s.delay, Now: s.cfg.Now, Log: s.cfg.Log,
	})
}

// publicURL is the base of links in answers, without a slash at the end.
func (s *Server) publicURL() string {
	if s.cfg.PublicURL != "" {
		return s.cfg.PublicURL
	}
	host, port, err := net.SplitHostPort(s.addrs.Web)
	if err != nil {
		return "https://" + s.cfg.Host
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() || !ip.IsLoopback() {
		host = s.cfg.Host
	}
	if port == "443" {
		return "https://" + host
	}
	return "https://" + net.JoinHostPort(host, port)
}

func (s *Server) info() api.Info {
	end := func(tls, starttls string) api.Endpoint {
		addr, sec := tls, "tls"
		if addr == "" {
			addr, sec = starttls, "starttls"
		}
		host, port, err := net.SplitHostPort(addr)
		if err != nil {
			return api.Endpoint{}
		}
		n, err := strconv.Atoi(port)
		if err != nil {
			return api.Endpoint{}
		}
		if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
			host = s.cfg.Host
		}
		return api.Endpoint{Host: host, Port: n, Security: sec}
	}
	return api.Info{
		Product: imapd.Product, Version: s.cfg.Version, Domain: s.cfg.Domain,
		IMAP: end(s.addrs.IMAP, s.addrs.IMAPStartTLS), SMTP: end(s.addrs.SMTP, s.addrs.SMTPStartTLS),
	}
}

// closeDoors takes no more connections, lets what is under way end, and cuts the rest after stopLimit.
func (s *Server) closeDoors(d *doors) error {
	var errs []error
	for _, l := range d.listeners {
		errs = append(errs, l.Close())
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	var wg sync.WaitGroup
	var mu sync.Mutex
	for _, stop := range []func(context.Context) error{d.imap.Stop, d.smtp.Stop, func(ctx context.Context) error {
		if err := d.web.Shutdown(ctx); err != nil {
			return errors.Join(d.web.Close())
		}
		return nil
	}} {
		wg.Add(1)
		mail.Go("stop door", func() {
			defer wg.Done()
			if err := stop(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

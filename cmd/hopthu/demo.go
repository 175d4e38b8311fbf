package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hopthu/cmd/hopthu/province"
	"hopthu/config"
	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/server"
	"hopthu/ui/frame"
)

// demoMark is a file that only a demo folder has: --reset deletes nothing else. It stands there from the first moment;
// demoFilling is what it says until the province is complete.
const (
	demoMark    = "hopthu-demo"
	demoFilling = "filling\n"
	demoFilled  = "hopthu demo\n"
)

// demoAccount is the id of a person's own account in the demo.
const demoAccount = "demo"

func (r *root) demoCommand() *cobra.Command {
	var reset bool
	var as string
	cmd := &cobra.Command{Use: "demo", Short: r.c.Short["demo"], Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		dir := r.dir
		if dir == "" {
			dirs, err := config.UserDirs(os.Getenv)
			if err != nil {
				return err
			}
			dir = filepath.Join(filepath.Dir(dirs.Data), "hopthu-demo")
		}
		if as != "" {
			return r.demoSeat(cmd.Context(), dir, as)
		}
		if reset {
			if err := r.resetDemo(dir); err != nil {
				return err
			}
		}
		return r.demo(cmd.Context(), dir)
	}}
	cmd.Flags().BoolVar(&reset, "reset", false, r.c.Flags["reset"])
	cmd.Flags().StringVar(&as, "as", "", r.c.Flags["as"])
	cmd.MarkFlagsMutuallyExclusive("as", "reset")
	return cmd
}

func (r *root) resetDemo(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, demoMark)); err != nil {
		r.say(r.c.NotDemo, printable(dir))
		return exit(exitFailed)
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("delete demo: %w", err)
	}
	r.say(r.c.Reset, printable(dir))
	return nil
}

// claimDemo makes dir a demo folder unless it is one, and reports whether the province must be made. One whose making was
// interrupted is made anew; a folder that holds anything else is refused.
func (r *root) claimDemo(dir string) (fresh bool, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return false, fmt.Errorf("make demo folder: %w", err)
	}
	mark := filepath.Join(dir, demoMark)
	switch said, err := os.ReadFile(mark); { //nolint:gosec // the person's own folder
	case err == nil && string(said) != demoFilling:
		return false, nil
	case err == nil:
		for _, part := range []string{"server", "client", "tài liệu mẫu"} {
			if err := os.RemoveAll(filepath.Join(dir, part)); err != nil {
				return false, fmt.Errorf("delete half a demo: %w", err)
			}
		}
		return true, nil
	case !errors.Is(err, os.ErrNotExist):
		return false, fmt.Errorf("read demo folder: %w", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		r.say(r.c.NotDemo, printable(dir))
		return false, errors.Join(exit(exitFailed), err)
	}
	return true, config.WriteFile(mark, []byte(demoFilling))
}

// demo runs the bundled server in this process and the client beside it; nothing leaves the computer.
type demo struct {
	r     *root
	dir   string
	srv   *server.Server
	admin *server.Admin
	addrs server.Addrs
	book  province.Book
	seats []runningSeat // of Me's colleagues, in this run
}

func (r *root) demo(ctx context.Context, dir string) (err error) {
	fresh, err := r.claimDemo(dir)
	if err != nil {
		return err
	}
	d := &demo{r: r, dir: dir, book: province.Book{}}
	r.say("%s", r.c.DemoStarting)
	d.srv, err = server.New(ctx, server.Config{
		Dir: filepath.Join(dir, "server"), Domain: province.Domain, Host: "localhost", Version: programVersion(), Faults: true, Secrecy: true,
		IMAP: "127.0.0.1:0", SMTP: "127.0.0.1:0", Web: "127.0.0.1:0", NoDelay: true,
	})
	if err != nil {
		return fmt.Errorf("open demo server: %w", err)
	}
	d.admin = d.srv.Admin()
	serving, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	mail.Go("server", func() { done <- d.srv.Run(serving) })
	defer func() {
		stop()
		err = errors.Join(err, <-done)
	}()
	select {
	case <-d.srv.Ready():
	case err := <-done:
		done <- nil
		return fmt.Errorf("start demo server: %w", err)
	}
	d.addrs = d.srv.Addrs()
	once := ""
	if fresh {
		if once, err = d.fill(ctx); err != nil {
			return err // the next start begins anew
		}
		if err := config.WriteFile(filepath.Join(dir, demoMark), []byte(demoFilled)); err != nil {
			return err
		}
	} else if once, err = d.know(ctx); err != nil {
		return err
	}
	if err := errors.Join(d.samples(), d.openSeats(ctx)); err != nil {
		return err
	}
	return errors.Join(d.show(ctx, once), d.closeSeats())
}

// sampleFolder is the folder of sample documents below the demo's, where the file browser begins.
func (d *demo) sampleFolder() string { return filepath.Join(d.dir, "tài liệu mẫu") }

// samples writes the sample documents where the folder is not there; what the person does in it stays.
func (d *demo) samples() error {
	if _, err := os.Stat(d.sampleFolder()); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, doc := range province.Documents(time.Now(), rule.RegulationText()) {
		if err := config.WriteFile(filepath.Join(d.sampleFolder(), doc.Name), doc.Data); err != nil {
			return fmt.Errorf("write sample document: %w", err)
		}
	}
	return nil
}

// fill makes the province and returns Me's one-time password.
func (d *demo) fill(ctx context.Context) (once string, err error) {
	units, people := province.Units(), province.People()
	for _, u := range units {
		made, err := d.admin.AddUnit(ctx, u.Name, u.Box)
		if err != nil {
			return "", fmt.Errorf("make %s: %w", u.Box, err)
		}
		d.book[u.Name] = rule.WireForm(made.Address)
		if len(u.Aliases) > 0 {
			if err := d.admin.AddNames(ctx, made.Address, u.Aliases); err != nil {
				return "", fmt.Errorf("name %s: %w", u.Box, err)
			}
		}
	}
	for _, p := range people {
		b, err := d.admin.AddPerson(ctx, p.Name, p.Unit, p.Post)
		if err != nil {
			return "", fmt.Errorf("make person: %w", err)
		}
		d.book[p.Name] = b.Wire
		if p.Name == province.Me.Name {
			once = b.Password
		}
	}
	if err := d.fillAgency(ctx); err != nil {
		return "", err
	}
	for _, e := range province.Entries() {
		if err := d.admin.AddEntry(ctx, server.Entry(e)); err != nil {
			return "", fmt.Errorf("make directory: %w", err)
		}
	}
	letters, err := province.Letters(time.Now(), d.book)
	if err != nil {
		return "", err
	}
	for _, l := range letters { // one by one: their order in the box is the order of their dates
		err := d.admin.Deliver(ctx, server.Delivery{To: []string{d.book[l.Owner]}, Role: l.Role, Raw: l.Raw, Received: l.Received, Flags: l.Flags})
		if err != nil {
			return "", fmt.Errorf("deliver sample letter: %w", err)
		}
	}
	d.r.say(d.r.c.DemoFilled, len(units), len(people), len(letters))
	return once, nil
}

// know reads the addresses back, and makes a new one-time password if the first login never happened.
func (d *demo) know(ctx context.Context) (once string, err error) {
	list, err := d.admin.List(ctx)
	if err != nil {
		return "", err
	}
	for _, b := range list {
		name := b.Name
		if b.Official {
			name = b.Unit
		}
		d.book[name] = b.Wire
		if b.Name == province.Me.Name && b.MustChange {
			again, err := d.admin.ResetPassword(ctx, b.Address)
			if err != nil {
				return "", err
			}
			once = again.Password
		}
	}
	return once, nil
}

// account is Me's account on the demo server.
func (d *demo) account() mail.Account { return d.accountOf(province.Me.Name, province.Me.Post) }

// accountOf is the account of somebody of Me's agency; the ports are new at each start.
func (d *demo) accountOf(name, post string) mail.Account {
	at := func(addr string) mail.Endpoint {
		_, port, err := net.SplitHostPort(addr)
		n, nerr := strconv.Atoi(port)
		if err != nil || nerr != nil {
			n = 0
		}
		return mail.Endpoint{Host: "localhost", Port: n, Security: mail.TLS}
	}
	wire := d.book[name]
	short := ""
	for _, u := range province.Units() {
		if u.Name == province.Me.Unit {
			short = u.Short
		}
	}
	return mail.Account{
		ID: demoAccount, Address: strings.Replace(wire, ".kh&dt@", ".kh&đt@", 1), Login: wire, Name: name, Agency: short, Aliases: []string{wire},
		IMAP: at(d.addrs.IMAP), SMTP: at(d.addrs.SMTP), Office: "https://localhost:" + strconv.Itoa(at(d.addrs.Web).Port),
		CAFile: filepath.Join(d.dir, "server", "tls", "root.pem"), Signature: name + "\n" + post + ", " + province.Me.Unit,
	}
}

// show opens the client: at the change of the first password, or where it was left.
func (d *demo) show(ctx context.Context, once string) error {
	dirs := config.Under(filepath.Join(d.dir, "client"))
	me := d.account()
	c, err := config.LoadClient(settingsFile(dirs))
	if err != nil {
		return err
	}
	known := len(c.Accounts) > 0
	if known {
		accounts := []mail.Account{me}
		for _, x := range accountsOf(c) { // the agency's box, at the new ports
			if x.As != "" && x.Holder == me.ID {
				x.IMAP, x.SMTP, x.Office, x.CAFile = me.IMAP, me.SMTP, me.Office, me.CAFile
				accounts = append(accounts, x)
			}
		}
		s := configOf(settingsOf(c), accounts)
		s.Days = c.Days
		if err := s.Save(settingsFile(dirs)); err != nil {
			return err
		}
		d.r.say("%s", d.r.c.DemoForgot)
	} else if err := dropStore(dirs); err != nil { // nobody signed in: it is empty, and its key was never kept
		return err
	}
	a, err := d.r.open(ctx, dirs, openMode{service: "hopthu-demo", noRing: true})
	if err != nil {
		return err
	}
	var first frame.Target
	if !known {
		first = frame.OpenPassword{Account: me, Forced: true, Old: once}
		if once == "" { // the password was changed, but this client never signed in
			first = frame.OpenStart{Account: &me}
		}
	}
	a.files = d.sampleFolder()
	living, stop := context.WithCancel(ctx)
	ended, left := make(chan struct{}), make(chan struct{})
	mail.Go("demo life", func() {
		defer close(ended)
		d.live(living, a)
	})
	mail.Go("demo colleagues", func() {
		defer close(left)
		d.colleagues(living, a)
	})
	err = d.r.show(ctx, a, first)
	stop()
	<-ended
	<-left
	return errors.Join(err, a.close())
}

// dropStore deletes the store of a client that has no account.
func dropStore(dirs config.Dirs) error {
	var errs []error
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(storeFile(dirs) + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, fmt.Errorf("delete empty store: %w", err))
		}
	}
	return errors.Join(errs...)
}

const (
	visitFirst = 25 * time.Second // a colleague writes soon after the start, then now and then
	visitEvery = 12 * time.Minute
	replyAfter = 8 * time.Second
	lookEvery  = 2 * time.Second
)

// live lets colleagues write now and then, and answer what Me sends them, until ctx ends.
func (d *demo) live(ctx context.Context, a *app) {
	visit := time.After(visitFirst)
	answered := map[mail.OutboxID]bool{}
	begin := time.Now()
	for n := int(begin.Unix()); ; {
		select {
		case <-ctx.Done():
			return
		case <-visit:
			visit = time.After(visitEvery)
			if len(a.desk.Accounts()) == 0 { // nobody has signed in yet
				continue
			}
			_, raw, err := province.Visit(n, time.Now(), d.book, newID())
			n++
			if err == nil {
				err = d.admin.Deliver(ctx, server.Delivery{To: []string{d.book[province.Me.Name]}, Raw: raw})
			}
			if err != nil && ctx.Err() == nil {
				a.log.Warn("demo letter not delivered", "err", err)
			}
		case <-time.After(lookEvery):
			if err := d.answer(ctx, a, begin, answered); err != nil && ctx.Err() == nil {
				a.log.Warn("demo answer not delivered", "err", err)
			}
		}
	}
}

// answer lets the first colleague among the recipients of a letter that was sent a while ago answer it.
func (d *demo) answer(ctx context.Context, a *app, begin time.Time, answered map[mail.OutboxID]bool) error {
	items, err := a.desk.Evidence(ctx, 20)
	if err != nil {
		return err
	}
	for _, it := range items {
		if it.Account != demoAccount || it.State != mail.OutSent || answered[it.ID] || it.Submitted.Before(begin) || time.Since(it.Submitted) < replyAfter {
			continue
		}
		answered[it.ID] = true
		for name, addr := range d.book {
			if name == province.Me.Name || !contains(it.To, addr) {
				continue
			}
			raw, err := province.Reply(&mail.Letter{Head: mail.Head{MessageID: it.MessageID, Subject: it.Subject}}, name, time.Now(), d.book, newID())
			if err != nil {
				return err
			}
			return d.admin.Deliver(ctx, server.Delivery{To: []string{d.book[province.Me.Name]}, Raw: raw})
		}
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}

func newID() string {
	if id := letter.NewMessageID(province.Domain, rand.Reader); id != "" {
		return id
	}
	return hex.EncodeToString([]byte(time.Now().Format(time.RFC3339Nano))) + "@" + province.Domain
}

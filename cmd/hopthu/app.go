package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
	"unicode"

	"golang.org/x/term"

	"hopthu/config"
	"hopthu/mail"
	"hopthu/mail/desk"
	"hopthu/mail/outbox"
	"hopthu/mail/store"
	msync "hopthu/mail/sync"
	"hopthu/mail/wire"
	"hopthu/ui/frame"
)

func settingsFile(d config.Dirs) string { return filepath.Join(d.Config, "client.toml") }

// clock is the real one.
type clock struct{}

func (clock) Now() time.Time                         { return time.Now() }
func (clock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// app is an opened client: settings, secrets, store, desk.
type app struct {
	dirs  config.Dirs
	cfg   config.Client
	vault *config.Vault
	store *store.Store
	desk  *desk.Desk
	wire  *wire.Dialer
	log   *slog.Logger
	file  io.Closer
	files string // where the file browser begins; "" is the home folder

	shown  chan struct{} // closed when the first frame stands; nil without a screen
	opened string        // folder of attachments that were only opened; "" while another hopthu may show them
	edited string        // folder of texts in an external editor; "" as above
	fresh  bool          // the store was made in this run
	gc     int           // the garbage collector's percentage before the start was hurried; 0 if it was not
}

// openMode says how much of the client a command needs.
type openMode struct {
	readOnly bool // only reads the store; another hopthu may have it open
	screen   bool // the first frames come before the network
	service  string
	noRing   bool
}

// open opens the client's rooms from the ground up. Without a keyring it asks for the mailbox password once.
func (r *root) open(ctx context.Context, dirs config.Dirs, mode openMode) (_ *app, err error) {
	a := &app{dirs: dirs}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	if a.cfg, err = config.LoadClient(settingsFile(dirs)); err != nil {
		return a, err
	}
	r.setLanguage(a.cfg.Language)
	if err = os.MkdirAll(dirs.State, 0o700); err != nil {
		return a, fmt.Errorf("make folder: %w", err)
	}
	logFile, err := openLog(filepath.Join(dirs.State, "hopthu.log"))
	if err != nil {
		return a, fmt.Errorf("open log: %w", err)
	}
	a.file = logFile
	a.log = slog.New(slog.NewTextHandler(logFile, nil))
	var dial net.Dialer
	a.wire = wire.New(wire.Options{Now: time.Now, Dial: dial.DialContext, SRV: lookupSRV, Log: a.log})
	if mode.screen || mode.readOnly {
		a.hurry(ctx, mode.screen)
	}
	service := mode.service
	if service == "" {
		service = "hopthu"
	}
	lock := beginStore(ctx, storeFile(dirs), mode.readOnly) // while the keyring is waited for
	defer func() { err = errors.Join(err, lock.drop()) }()
	a.vault = config.OpenVault(config.VaultOptions{Service: service, File: filepath.Join(dirs.Data, "secrets"), NoRing: mode.noRing, Known: storeKeyName})
	if a.vault.Locked() && a.vault.Why() != nil { // beside a keyring it may never be needed
		if err = r.unlock(a.vault); err != nil {
			return a, err
		}
	}
	key, err := r.storeKey(ctx, a, lock, mode.readOnly)
	if err != nil {
		return a, err
	}
	collector := desk.NewCollector()
	o := store.Options{Now: time.Now, Changed: collector.Changed}
	path := storeFile(dirs)
	_, missing := os.Stat(path)
	a.fresh = !mode.readOnly && errors.Is(missing, os.ErrNotExist)
	switch {
	case mode.readOnly && errors.Is(missing, os.ErrNotExist):
		a.store, err = store.Memory(ctx, o) // nothing was ever fetched
	case mode.readOnly:
		a.store, err = lock.read(ctx, key, o)
	default:
		a.store, err = lock.open(ctx, key, o)
	}
	if err != nil {
		return a, err
	}
	if !mode.readOnly {
		a.opened = filepath.Join(dirs.State, "open")
		if err = os.RemoveAll(a.opened); err != nil { // left by a session that was killed
			return a, fmt.Errorf("delete opened attachments: %w", err)
		}
		a.edited = editFolder(dirs, os.Getenv)
		if err = os.RemoveAll(a.edited); err != nil {
			return a, fmt.Errorf("delete edited texts: %w", err)
		}
	}
	var calm func(context.Context)
	if mode.screen && missing == nil { // in a new store there is nothing to show until the server has been asked
		a.shown = make(chan struct{})
		calm = a.calm
	}
	a.desk = desk.New(desk.Options{
		Store: a.store, Secrets: a.vault, Network: network{a.wire}, Keeper: keeper{a}, Clock: clock{}, Rand: rand.Reader, Log: a.log,
		Settings: settingsOf(a.cfg), Accounts: accountsOf(a.cfg), Calendar: calendarOf(a.cfg), Offline: mode.readOnly, Start: a.startFile, Calm: calm,
		Private: filepath.Join(dirs.State, "open"),
	}, collector)
	return a, nil
}

// startGC is the garbage collector's percentage until the first list can be seen: what a start allocates stays well below
// what it may hold, and collecting it would take a tenth of the time.
const startGC = 300

// startMemory is where the collector begins to work harder all the same, in octets: a command may print a very long list.
const startMemory = 64 << 20

// hurry does what makes a screen, or the one answer of a command, show sooner. Where nothing was ever fetched, a screen has
// nothing to show before the server answers: the connection is begun at once.
func (a *app) hurry(ctx context.Context, screen bool) {
	a.gc = debug.SetGCPercent(startGC)
	if !screen {
		debug.SetMemoryLimit(startMemory)
		return
	}
	if _, err := os.Stat(storeFile(a.dirs)); errors.Is(err, os.ErrNotExist) {
		for _, acct := range accountsOf(a.cfg) {
			a.wire.Warm(ctx, acct)
		}
	}
}

// hurried ends that.
func (a *app) hurried() {
	if a.gc != 0 {
		debug.SetGCPercent(a.gc)
	}
}

// dropStore deletes the files of the store.
func (a *app) dropStore() error {
	var errs []error
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(storeFile(a.dirs) + suffix); !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// editFolder is where texts stand that are in an external editor: beside the runtime files of the person's session, which
// are gone with it, else with the state. Each store has its own, so that its lock guards it.
func editFolder(dirs config.Dirs, env func(string) string) string {
	if session := env("XDG_RUNTIME_DIR"); filepath.IsAbs(session) {
		sum := sha256.Sum256([]byte(dirs.State))
		return filepath.Join(session, "hopthu-edit-"+hex.EncodeToString(sum[:6]))
	}
	return filepath.Join(dirs.State, "edit")
}

// storeLock is the store on its way to be opened, with its lock unless it is only to be read.
type storeLock struct {
	got     chan struct{}
	lock    *store.Lock
	reading *store.Reading
	err     error
}

// beginStore begins to open the store, as far as that needs no key.
func beginStore(ctx context.Context, path string, readOnly bool) *storeLock {
	l := &storeLock{got: make(chan struct{})}
	if readOnly {
		l.reading = store.BeginReading(ctx, path)
		close(l.got)
		return l
	}
	mail.Go("lock store", func() {
		defer close(l.got)
		l.lock, l.err = store.TakeLock(ctx, path)
	})
	return l
}

// open opens the store when the lock is there.
func (l *storeLock) open(ctx context.Context, key [32]byte, o store.Options) (*store.Store, error) {
	<-l.got
	if l.err != nil {
		return nil, l.err
	}
	lock := l.lock
	l.lock = nil
	return lock.Open(ctx, key, o)
}

// read opens the store for reading only.
func (l *storeLock) read(ctx context.Context, key [32]byte, o store.Options) (*store.Store, error) {
	r := l.reading
	l.reading = nil
	return r.Open(ctx, key, o)
}

// moveAway lets go of the store's file, if it is open, because it is going to be renamed.
func (l *storeLock) moveAway() error {
	<-l.got
	if l.lock == nil {
		return nil // open tells why
	}
	return l.lock.MoveAway()
}

// drop gives back what was begun if no store was opened with it.
func (l *storeLock) drop() error {
	<-l.got
	switch {
	case l.lock != nil:
		return l.lock.Drop()
	case l.reading != nil:
		return l.reading.Drop()
	}
	return nil
}

// Between the first frame and the network lies calmFor: time for the list that a quick hand opens. A terminal that never
// takes a frame is not waited for.
const (
	calmFor  = 100 * time.Millisecond
	calmMost = 2 * time.Second
)

// calm waits until the screen stands and has had its first answers from the store.
func (a *app) calm(ctx context.Context) {
	defer a.hurried()
	most := time.After(calmMost)
	select {
	case <-a.shown:
	case <-most:
		return
	case <-ctx.Done():
		return
	}
	select {
	case <-time.After(calmFor):
	case <-ctx.Done():
	}
}

func storeFile(d config.Dirs) string { return filepath.Join(d.Data, "store.db") }

// close closes what open opened, top down.
func (a *app) close() error {
	var errs []error
	for _, dir := range []string{a.opened, a.edited} {
		if dir != "" {
			errs = append(errs, os.RemoveAll(dir))
		}
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	if a.fresh && a.desk != nil && len(a.desk.Accounts()) == 0 && !a.vault.Persistent() {
		errs = append(errs, a.dropStore()) // its key ends with this session, and nothing is in it
	}
	if a.file != nil {
		errs = append(errs, a.file.Close())
	}
	return errors.Join(errs...)
}

// askSecret asks on the terminal without showing what is typed. Where standard input is a file (the text of a letter),
// the terminal behind it is asked.
func (r *root) askSecret(question string) (_ string, err error) {
	in := r.term.in
	if !term.IsTerminal(int(in.Fd())) {
		if in, err = os.OpenFile(controlling(), os.O_RDWR, 0); err != nil {
			return "", r.needTerminal()
		}
		defer in.Close() //nolint:errcheck // only read from
	}
	fmt.Fprint(r.term.err, question) //nolint:errcheck // the answer tells
	b, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(r.term.err) //nolint:errcheck // as above
	if err != nil {
		return "", fmt.Errorf("read password: %w", err)
	}
	return string(b), nil
}

// needTerminal says that there is nobody to ask.
func (r *root) needTerminal() error {
	fmt.Fprintln(r.term.err, r.c.NeedTerminal) //nolint:errcheck // a closed standard error has nobody to tell
	return exit(exitUsage)
}

// controlling names the terminal that the program was started from.
func controlling() string {
	if runtime.GOOS == "windows" {
		return "CONIN$"
	}
	return "/dev/tty"
}

// network gives wire the form that the desk asks for.
type network struct{ *wire.Dialer }

// ChangePassword implements desk.Network.
func (n network) ChangePassword(ctx context.Context, a mail.Account, old, fresh string) error {
	return n.Dialer.ChangePassword(ctx, a, old, fresh)
}

// Remote implements desk.Network.
func (n network) Remote(a mail.Account, secret func(context.Context) (string, error)) msync.Remote {
	return n.Dialer.Remote(a, secret)
}

// Sender implements desk.Network.
func (n network) Sender(a mail.Account, secret func(context.Context) (string, error)) outbox.Sender {
	return n.Dialer.Sender(a, secret)
}

// Office implements desk.Network.
func (n network) Office(own mail.Account, secret func(context.Context) (string, error)) desk.Office {
	return n.Bureau(own, secret)
}

func lookupSRV(ctx context.Context, service, domain string) ([]*net.SRV, error) {
	_, list, err := net.DefaultResolver.LookupSRV(ctx, service, "tcp", domain)
	return list, err
}

// keeper writes settings and accounts into client.toml.
type keeper struct{ a *app }

// Keep implements desk.Keeper.
func (k keeper) Keep(s mail.Settings, accounts []mail.Account) error {
	c := configOf(s, accounts)
	c.Days = k.a.cfg.Days
	if err := c.Save(settingsFile(k.a.dirs)); err != nil {
		return faultOf(err)
	}
	k.a.cfg = c
	return nil
}

// deskOnScreen is the desk with what only the screen needs.
type deskOnScreen struct {
	*desk.Desk
	files  string // where the file browser begins; "" is the home folder
	edited string // where texts stand that are in an external editor
}

// EditFolder says where the page that writes puts a text for an external editor.
func (d deskOnScreen) EditFolder() string { return d.edited }

// ListDir implements frame.Desk.
func (d deskOnScreen) ListDir(ctx context.Context, dir string) (string, []frame.DirEntry, error) {
	if dir == "" {
		dir = d.files
	}
	abs, list, err := desk.ListDirectory(ctx, dir)
	out := make([]frame.DirEntry, len(list))
	for i, e := range list {
		out[i] = frame.DirEntry(e)
	}
	return abs, out, err
}

// The desk says the same in types of its own room for these three.
var (
	_ frame.Sharing     = deskOnScreen{}
	_ frame.HandingOver = deskOnScreen{}
	_ frame.Checking    = deskOnScreen{}
)

// CountWork implements frame.Sharing.
func (d deskOnScreen) CountWork(ctx context.Context, account mail.AccountID) (frame.WorkCounts, error) {
	byState, byHolder, err := d.Desk.CountWork(ctx, account)
	return frame.WorkCounts{ByState: byState, ByHolder: byHolder}, err
}

// Sends implements frame.Sharing.
func (d deskOnScreen) Sends(ctx context.Context, account mail.AccountID, from, until time.Time) ([]frame.SentAs, error) {
	list, err := d.Desk.Sends(ctx, account, from, until)
	out := make([]frame.SentAs, len(list))
	for i, s := range list {
		out[i] = frame.SentAs{At: s.At, By: s.By, To: s.To}
	}
	return out, err
}

// Staff implements frame.Sharing.
func (d deskOnScreen) Staff(ctx context.Context, account mail.AccountID, from, until time.Time) ([]frame.StaffDays, error) {
	list, err := d.Desk.Staff(ctx, account, from, until)
	out := make([]frame.StaffDays, len(list))
	for i, s := range list {
		out[i] = frame.StaffDays(s)
	}
	return out, err
}

// startFile opens a file with the desktop's program for it, without a shell.
func (a *app) startFile(path string) error {
	name, args := "xdg-open", []string{path}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", path}
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", name, err)
	}
	mail.Go("wait for "+name, func() {
		if err := cmd.Wait(); err != nil {
			a.log.Info("program for attachment ended", "name", name, "err", err)
		}
	})
	return nil
}

// faultOf finds or makes the Fault that says what err means to the person.
func faultOf(err error) *mail.Fault {
	var f *mail.Fault
	var bad *config.Error
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &bad):
		return &mail.Fault{Kind: mail.BadSettings, Op: "read settings", Detail: bad.Error(), Err: err}
	case errors.Is(err, config.ErrDamaged):
		return &mail.Fault{Kind: mail.StoreKey, Op: "open damaged secrets", Err: err}
	case errors.Is(err, os.ErrPermission):
		return &mail.Fault{Kind: mail.NoPermission, Op: "open files", Detail: err.Error(), Err: err}
	default:
		return mail.AsFault("run", err)
	}
}

// printable makes a foreign text harmless on a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		if unicode.IsControl(r) || !unicode.IsPrint(r) {
			return '·'
		}
		return r
	}, s)
}

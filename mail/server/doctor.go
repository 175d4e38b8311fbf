package server

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"hopthu/mail"
)

// Grade says how urgent a finding is.
type Grade int

// The grades, the most urgent first.
const (
	Broken Grade = iota // somebody cannot work, or letters are at risk
	Soon                // will be, if nothing is done
	Hint                // could be better
	Fine
)

// MarshalText gives the word for programs.
func (g Grade) MarshalText() ([]byte, error) {
	return []byte([]string{"broken", "soon", "hint", "fine"}[g]), nil
}

// Finding is one thing that was looked at. Found and Next are in Vietnamese and English; Next is what to do, "" where
// nothing is.
type Finding struct {
	Grade Grade  `json:"grade"`
	What  string `json:"what"` // folder, data, people, space, certificate, clock, door, relay, queue, backup, dns
	Found string `json:"found"`
	Next  string `json:"next,omitempty"`
}

// Checkup says what a doctor is to look at beside the data folder.
type Checkup struct {
	Backup string // a backup, or a folder that holds backups; "" is unknown
	DNS    bool   // ask the resolver for the names that clients look for
}

// Limits of what is fine.
const (
	leastSpace  = 256 << 20
	smallSpace  = 2 << 30
	lastDays    = 14 // of a certificate
	backupAge   = 26 * time.Hour
	stuckAfter  = 4 * time.Hour
	clockBehind = 5 * time.Minute
	lookLimit   = 5 * time.Second // for one door
)

// doctor gathers findings.
type doctor struct {
	cfg  Config
	now  time.Time
	list []Finding
}

func (d *doctor) found(g Grade, what, found, next string) {
	d.list = append(d.list, Finding{g, what, found, next})
}

// Doctor looks at a data folder, and at the server that should run on it, from where it is called. It changes nothing.
// The most urgent finding comes first: its Next is the next thing to do.
func Doctor(ctx context.Context, cfg Config, o Checkup) []Finding {
	cfg = withDefaults(cfg)
	d := &doctor{cfg: cfg, now: cfg.Now()}
	d.folder()
	d.space()
	d.certificate()
	d.data(ctx)
	d.doors(ctx)
	d.backup(o.Backup)
	if o.DNS {
		d.names(ctx)
	}
	slices.SortStableFunc(d.list, func(a, b Finding) int { return cmp.Compare(a.Grade, b.Grade) })
	return d.list
}

// folder looks whether anybody else can read what is private.
func (d *doctor) folder() {
	private := []string{dataFile, "hopthu-server.toml"}
	if d.cfg.CertFile == "" {
		private = append(private, rootKeyFile, keyFile)
	}
	good := true
	look := func(path string, forbidden fs.FileMode) {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			good = false
			d.found(Broken, "folder", "không đọc được / cannot be read: "+path, "chạy với người dùng của máy chủ / run as the server's user")
		case info.Mode().Perm()&forbidden != 0:
			good = false
			d.found(Broken, "folder", fmt.Sprintf("người khác mở được / others can open it: %s (%v)", path, info.Mode().Perm()), "chmod go= "+path)
		}
	}
	look(d.cfg.Dir, 0o022) // the root certificate in it may be read
	look(filepath.Join(d.cfg.Dir, "data"), 0o077)
	for _, name := range private {
		look(filepath.Join(d.cfg.Dir, filepath.FromSlash(name)), 0o077)
	}
	if d.cfg.KeyFile != "" {
		look(d.cfg.KeyFile, 0o007) // a group for keys is usual
	}
	if good {
		d.found(Fine, "folder", d.cfg.Dir, "")
	}
}

func (d *doctor) space() {
	free, err := freeSpace(d.cfg.Dir)
	said := fmt.Sprintf("còn / free %d MiB", free>>20)
	const next = "thêm đĩa, hoặc chuyển thư mục dữ liệu / add room, or move the data folder"
	switch {
	case err != nil:
		d.found(Hint, "space", "không đo được / cannot be measured: "+err.Error(), "")
	case free < leastSpace:
		d.found(Broken, "space", said, next)
	case free < smallSpace:
		d.found(Soon, "space", said, next)
	default:
		d.found(Fine, "space", said, "")
	}
}

// certificate looks at the files; what the doors show is another finding.
func (d *doctor) certificate() {
	cert, key := d.certFiles()
	next := "đặt lại cert_file và key_file rồi / mend cert_file and key_file, then: kill -HUP"
	if d.cfg.CertFile == "" {
		next = "hopthu-server run"
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		d.found(Broken, "certificate", err.Error(), next)
		return
	}
	left := pair.Leaf.NotAfter.Sub(d.now)
	until := "đến / until " + pair.Leaf.NotAfter.Format(time.DateOnly)
	switch err := pair.Leaf.VerifyHostname(d.cfg.Host); {
	case err != nil:
		d.found(Broken, "certificate", "không có tên / lacks the name "+d.cfg.Host, next)
	case left <= 0 || d.now.Before(pair.Leaf.NotBefore):
		d.found(Broken, "certificate", "hết hạn hoặc chưa có hiệu lực / not valid now: "+until, next)
	case left < lastDays*24*time.Hour:
		d.found(Soon, "certificate", until, next)
	default:
		d.found(Fine, "certificate", d.cfg.Host+", "+until, "")
	}
}

func (d *doctor) certFiles() (cert, key string) {
	if d.cfg.CertFile != "" {
		return d.cfg.CertFile, d.cfg.KeyFile
	}
	return filepath.Join(d.cfg.Dir, filepath.FromSlash(certFile)), filepath.Join(d.cfg.Dir, filepath.FromSlash(keyFile))
}

// data looks into the database: schema, people, clock, queue, relay.
func (d *doctor) data(ctx context.Context) {
	s, err := Inspect(ctx, d.cfg)
	if err != nil {
		next := "hopthu-server check"
		if f := mail.AsFault("", err); f.Kind == mail.BadSettings {
			next = "chạy đúng phiên bản chương trình / run the program of that version: " + f.Detail
		}
		d.found(Broken, "data", err.Error(), next)
		return
	}
	if err := errors.Join(d.inside(ctx, s), s.Close()); err != nil {
		d.found(Broken, "data", err.Error(), "hopthu-server check")
	}
}

func (d *doctor) inside(ctx context.Context, s *Server) error {
	if s.astray != nil {
		d.found(Broken, "relay", s.astray.Error(), "sửa relay_* / mend relay_* in hopthu-server.toml")
	}
	a := s.Admin()
	boxes, err := a.List(ctx)
	if err != nil {
		return err
	}
	people := 0
	for _, b := range boxes {
		if !b.Official {
			people++
		}
	}
	if people == 0 {
		d.found(Hint, "people", "chưa có ai / nobody yet", "hopthu-server unit add, user add")
	} else {
		d.found(Fine, "people", fmt.Sprintf("%d người / people", people), "")
	}
	last, err := a.LastAudit(ctx)
	if err != nil {
		return err
	}
	rows, err := a.Audit(ctx, max(last-1, 0), 1)
	if err != nil {
		return err
	}
	if len(rows) > 0 && rows[0].At.Sub(d.now) > clockBehind {
		d.found(Broken, "clock", fmt.Sprintf("đồng hồ chậm hơn nhật ký / the clock is behind the audit log, by %v", rows[0].At.Sub(d.now).Round(time.Minute)), "timedatectl set-ntp true")
	} else {
		d.found(Fine, "clock", d.now.UTC().Format(time.RFC3339), "")
	}
	waiting, err := a.Queue(ctx)
	if err != nil {
		return err
	}
	stuck := slices.DeleteFunc(slices.Clone(waiting), func(w Waiting) bool { return d.now.Sub(w.Accepted) < stuckAfter })
	if len(stuck) > 0 {
		d.found(Soon, "queue", fmt.Sprintf("%d nơi chờ lâu / recipients wait long, from %s: %q", len(stuck), stuck[0].Accepted.UTC().Format(time.RFC3339), stuck[0].Reply), "hopthu-server queue list")
	} else {
		d.found(Fine, "queue", fmt.Sprintf("%d chờ / waiting", len(waiting)), "")
	}
	return nil
}

// backup looks how old the newest backup is: one, or the newest of a folder of them.
func (d *doctor) backup(path string) {
	if path == "" {
		d.found(Hint, "backup", "không biết bản sao lưu ở đâu / it is not known where backups are", "hopthu-server doctor --backup PATH")
		return
	}
	const next = "hopthu-server backup"
	made, err := newestBackup(path)
	switch {
	case err != nil:
		d.found(Broken, "backup", err.Error(), next)
	case made.IsZero():
		d.found(Broken, "backup", "chưa có bản nào / none in "+path, next)
	case d.now.Sub(made) > backupAge:
		d.found(Soon, "backup", "bản mới nhất / the newest is of "+made.UTC().Format(time.RFC3339), next)
	default:
		d.found(Fine, "backup", made.UTC().Format(time.RFC3339), "")
	}
}

func newestBackup(path string) (newest time.Time, err error) {
	if t, err := madeAt(path); err != nil || !t.IsZero() {
		return t, err
	}
	list, err := os.ReadDir(path)
	if err != nil {
		return newest, err
	}
	for _, e := range list {
		t, err := madeAt(filepath.Join(path, e.Name()))
		if err != nil {
			return newest, err
		}
		if t.After(newest) {
			newest = t
		}
	}
	return newest, nil
}

// madeAt is when a backup was made: what its manifest says, or the age of a .tar file; zero for what is none.
func madeAt(path string) (time.Time, error) {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}, err
	}
	if !info.IsDir() {
		if filepath.Ext(path) == ".tar" {
			return info.ModTime(), nil
		}
		return time.Time{}, nil
	}
	b, err := os.ReadFile(filepath.Join(path, manifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	var m manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339, m.Made)
}

package server_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// Each thing that can be wrong is found, with what to do, and comes before all that is well.
func TestDoctor(t *testing.T) {
	s := servertest.Start(t, servertest.WithConfig(func(c *server.Config) { c.Relay = server.Relay{Addr: "127.0.0.1:1"} }))
	hung := s.Person("Trần Văn Hùng", "kh&đt")
	day := 24 * time.Hour
	db := filepath.Join(s.Dir, "data", "hopthu.db")
	backups := t.TempDir()
	cfg := server.Config{
		Dir: s.Dir, Domain: servertest.Domain, Host: "127.0.0.1", IMAP: s.IMAP, IMAPStartTLS: s.IMAPStartTLS, SMTP: s.SMTP,
		SMTPStartTLS: s.SMTPStartTLS, Web: strings.TrimPrefix(s.Office, "https://"), CheapPasswords: true, Now: s.Clock.Now,
	}
	ahead := func(d time.Duration) func() time.Time { return func() time.Time { return s.Clock.Now().Add(d) } }
	mode := func(to os.FileMode) func() {
		return func() {
			if err := os.Chmod(db, to); err != nil {
				t.Fatal(err)
			}
		}
	}
	backup := func() {
		if _, err := inspect(t, s.Dir).Backup(t.Context(), filepath.Join(backups, "b")); err != nil {
			t.Fatal(err)
		}
	}
	waits := func() {
		k := smtpLogin(t, s, hung.Wire, hung.Password)
		k.want("250", "MAIL FROM:<%s>", hung.Wire)
		k.want("250", "RCPT TO:<an@ngoai.example>")
		k.want("354", "DATA")
		k.want("250 2.0.0", "%s.", message(hung.Wire, "w1", "x"))
		k.want("221", "QUIT")
	}
	for _, c := range []struct {
		name       string
		before     func()
		change     func(*server.Config)
		look       server.Checkup
		grade      server.Grade
		what, next string
	}{
		{"all is well", nil, nil, server.Checkup{}, server.Hint, "backup", "--backup"},
		{"no backup yet", nil, nil, server.Checkup{Backup: backups}, server.Broken, "backup", "hopthu-server backup"},
		{"a backup", backup, nil, server.Checkup{Backup: backups}, server.Fine, "folder", ""},
		{"one backup", nil, nil, server.Checkup{Backup: filepath.Join(backups, "b")}, server.Fine, "folder", ""},
		{"an old backup", nil, func(c *server.Config) { c.Now = ahead(2 * day) }, server.Checkup{Backup: backups}, server.Soon, "backup", "hopthu-server backup"},
		{"no such place", nil, nil, server.Checkup{Backup: filepath.Join(backups, "none")}, server.Broken, "backup", ""},
		{"others can read", mode(0o644), nil, server.Checkup{}, server.Broken, "folder", "chmod go= " + db},
		{"the name", mode(0o600), func(c *server.Config) { c.Host = "mail.khac.example" }, server.Checkup{}, server.Broken, "certificate", ""},
		{"ends soon", nil, func(c *server.Config) { c.Now = ahead(390 * day) }, server.Checkup{}, server.Soon, "certificate", ""},
		{"has ended", nil, func(c *server.Config) { c.Now = ahead(400 * day) }, server.Checkup{}, server.Broken, "certificate", ""},
		{"a clock that was set back", nil, func(c *server.Config) { c.Now = ahead(-time.Hour) }, server.Checkup{}, server.Broken, "clock", "timedatectl"},
		{"a closed port", nil, func(c *server.Config) { c.Web = "127.0.0.1:1" }, server.Checkup{}, server.Broken, "door", ""},
		{"not the door that it should be", nil, func(c *server.Config) { c.SMTPStartTLS = s.IMAPStartTLS }, server.Checkup{}, server.Broken, "door", ""},
		{"a relay that cannot be", nil, func(c *server.Config) { c.Relay.Addr = "nowhere" }, server.Checkup{}, server.Broken, "relay", "relay_"},
		{"a letter that waits", waits, func(c *server.Config) { c.Now = ahead(5 * time.Hour) }, server.Checkup{Backup: backups}, server.Soon, "queue", "queue list"},
		{"no database", nil, func(c *server.Config) { c.Dir = t.TempDir() }, server.Checkup{}, server.Broken, "certificate", "hopthu-server run"},
		{"does not run", s.Stop, nil, server.Checkup{}, server.Broken, "door", "hopthu-server run"},
	} {
		if c.before != nil {
			c.before()
		}
		one := cfg
		if c.change != nil {
			c.change(&one)
		}
		list := server.Doctor(t.Context(), one, c.look)
		if f := list[0]; f.Grade != c.grade || f.What != c.what || !strings.Contains(f.Next, c.next) {
			t.Errorf("%s: first comes %+v", c.name, f)
		}
		for i, f := range list {
			if i > 0 && f.Grade < list[i-1].Grade || f.Found == "" || (f.Grade == server.Soon) && f.Next == "" {
				t.Errorf("%s: %+v", c.name, f)
			}
		}
	}
}

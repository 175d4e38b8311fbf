package server_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3/driver"
	"github.com/pressly/goose/v3"

	"hopthu/mail"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

const schemas = "internal/db/migrations/sqlite"

// A database of each earlier schema, with letters, people and all that it can hold, opens, is brought up to date, passes
// the whole check and serves.
func TestUpgradeFromEachSchema(t *testing.T) {
	full := servertest.Start(t, servertest.WithConfig(func(c *server.Config) { c.Relay = server.Relay{Addr: "127.0.0.1:1"} }))
	hung := full.Person("Trần Văn Hùng", "kh&đt")
	agency, _ := full.Agency("nv", "Nguyễn Thị Mai")
	full.Delegate(agency, hung, mail.ScopeManage, nil)
	fill(t, full, hung)
	k := imapLogin(t, full, hung.Wire, hung.Password)
	k.ok("SELECT INBOX")
	k.ok("STORE 1 +FLAGS (\\Deleted $Viec)")
	k.ok("EXPUNGE")
	k.ok("SUBSCRIBE INBOX")
	m := smtpLogin(t, full, hung.Wire, hung.Password)
	for i, to := range []string{agency.Wire, "an@ngoai.example"} {
		m.want("250", "MAIL FROM:<%s> RET=HDRS ENVID=e", hung.Wire)
		m.want("250", "RCPT TO:<%s>", to)
		m.want("354", "DATA")
		m.want("250 2.0.0", "%s.", message(hung.Wire, fmt.Sprint("u", i), "x"))
	}
	before := k.ok("STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY)")
	tally, err := inspect(t, full.Dir).Tally(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	full.Stop()
	files, err := filepath.Glob(schemas + "/*.sql")
	if err != nil || len(files) < 9 {
		t.Fatal(files, err)
	}
	for _, file := range files[:len(files)-1] {
		version, err := goose.NumericComponent(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			dir := t.TempDir()
			if err := errors.Join(os.Mkdir(filepath.Join(dir, "data"), 0o700), os.CopyFS(filepath.Join(dir, "tls"), os.DirFS(filepath.Join(full.Dir, "tls")))); err != nil {
				t.Fatal(err)
			}
			if err := older(t.Context(), filepath.Join(dir, "data", "hopthu.db"), filepath.Join(full.Dir, "data", "hopthu.db"), version); err != nil {
				t.Fatal(err)
			}
			if _, err := server.Inspect(t.Context(), server.Config{Dir: dir, Domain: servertest.Domain}); mail.KindOf(err) != mail.BadSettings {
				t.Errorf("not looked at as it is: %v", err)
			}
			s := servertest.Start(t, servertest.WithConfig(func(c *server.Config) { c.Dir = dir }))
			k := imapLogin(t, s, hung.Wire, hung.Password)
			if after := k.ok("STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY)"); strings.Join(after[:1], "") != strings.Join(before[:1], "") {
				t.Errorf("%q, before %q", after, before)
			}
			k.ok("SELECT INBOX")
			k.ok("FETCH 1:* (FLAGS ENVELOPE BODY.PEEK[])")
			now := inspect(t, dir)
			if got, err := now.Tally(t.Context()); err != nil || got != tally {
				t.Errorf("%+v, before %+v, %v", got, tally, err)
			}
			if err := now.Check(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// older makes a database of an earlier schema that holds what source has, as far as that schema has a place for it.
func older(ctx context.Context, path, source string, version int64) (err error) {
	d, err := driver.Open("file:" + path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	d.SetMaxOpenConns(1)
	p, err := goose.NewProvider(goose.DialectSQLite3, d, os.DirFS(schemas))
	if err != nil {
		return err
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return err
	}
	if _, err := d.ExecContext(ctx, "PRAGMA foreign_keys = 0"); err != nil {
		return err
	}
	if _, err := d.ExecContext(ctx, "ATTACH ? AS source", source); err != nil {
		return err
	}
	tables, err := column(ctx, d, "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version'")
	if err != nil {
		return err
	}
	for _, table := range tables {
		now, err := column(ctx, d, "SELECT name FROM pragma_table_info(?, 'source')", table)
		if err != nil {
			return err
		}
		then, err := column(ctx, d, "SELECT name FROM pragma_table_info(?, 'main')", table)
		if err != nil {
			return err
		}
		from := slices.Clone(then)
		for i, name := range then {
			if !slices.Contains(now, name) { // gone since
				from[i] = "0"
			}
		}
		if len(now) == 0 {
			continue
		}
		q := fmt.Sprintf("INSERT OR REPLACE INTO main.%[1]s (%[2]s) SELECT %[3]s FROM source.%[1]s", table, strings.Join(then, ", "), strings.Join(from, ", "))
		if table == "counter" { // a schema makes its own
			q += " WHERE name IN (SELECT name FROM main.counter)"
		}
		if _, err := d.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	return nil
}

func column(ctx context.Context, d *sql.DB, query string, args ...any) (out []string, err error) {
	rows, err := d.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

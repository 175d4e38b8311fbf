package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pressly/goose/v3"
	"go.uber.org/goleak"

	"hopthu/mail"
	"hopthu/mail/server/internal/db/storedb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var day = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

func open(t *testing.T, dir string) *DB {
	t.Helper()
	d, err := Open(t.Context(), dir, Options{Now: func() time.Time { return day }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func addAccount(id int64) Write {
	return func(ctx context.Context, tx *Tx) error {
		return tx.Q.AddAccount(ctx, storedb.AddAccountParams{AccountID: id})
	}
}

func accounts(t *testing.T, d *DB) (ids []int64) {
	t.Helper()
	err := d.Read(t.Context(), func(ctx context.Context, q *storedb.Queries) (err error) {
		ids, err = q.AccountIDs(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestPragmasOnEveryConnection(t *testing.T) {
	d := open(t, t.TempDir())
	for name, pool := range map[string]*sql.DB{"writer": d.writer, "reader": d.readers} {
		for pragma, want := range map[string]string{
			"synchronous": "2", "foreign_keys": "1", "busy_timeout": "20000", "journal_mode": "wal",
		} {
			got, err := pragmaLines(t.Context(), pool, pragma)
			if err != nil || len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s = %v, %v; want %s", name, pragma, got, err, want)
			}
		}
	}
	if _, err := d.readers.ExecContext(t.Context(), "DELETE FROM counter"); err == nil {
		t.Error("a reader may write")
	}
}

func TestFilesArePrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	d := open(t, dir)
	if err := d.Write(t.Context(), addAccount(1)); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range append(names, dir) {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", filepath.Base(name), info.Mode())
		}
	}
}

// Each failing job in a shared transaction takes only itself back.
func TestOneFailingWriteLeavesItsNeighbours(t *testing.T) {
	d := open(t, t.TempDir())
	release := make(chan struct{})
	var wg sync.WaitGroup
	errs := make([]error, 20)
	start := func(i int, fn Write) {
		wg.Add(1)
		mail.Go("writer", func() {
			defer wg.Done()
			errs[i] = d.Write(t.Context(), fn)
		})
	}
	began := make(chan struct{})
	start(0, func(context.Context, *Tx) error { close(began); <-release; return nil })
	<-began // the others now gather behind it
	for i := 1; i < len(errs); i++ {
		fn := addAccount(int64(i))
		if i%3 == 0 {
			fn = func(ctx context.Context, tx *Tx) error {
				return errors.Join(addAccount(int64(i))(ctx, tx), fmt.Errorf("job %d fails", i))
			}
		}
		if i%7 == 0 {
			fn = addAccount(1) // breaks the primary key
		}
		start(i, fn)
	}
	close(release)
	wg.Wait()
	want := map[int64]bool{}
	ones := 0
	for i, err := range errs[1:] {
		n := i + 1
		switch {
		case n%3 == 0 && n%7 != 0:
			if err == nil {
				t.Errorf("job %d must fail", n)
			}
		case n%7 == 0 || n == 1:
			if err == nil {
				ones++
			}
			want[1] = true
		default:
			if err != nil {
				t.Errorf("job %d: %v", n, err)
			}
			want[int64(n)] = true
		}
	}
	if ones != 1 {
		t.Errorf("account 1 was made %d times", ones)
	}
	got := accounts(t, d)
	if len(got) != len(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, id := range got {
		if !want[id] {
			t.Errorf("account %d should not be there", id)
		}
	}
}

func TestAfterRunsOnlyForWhatIsOnDisk(t *testing.T) {
	d := open(t, t.TempDir())
	var ran []string
	add := func(name string, err error) {
		got := d.Write(t.Context(), func(_ context.Context, tx *Tx) error {
			tx.After(func() { ran = append(ran, name) })
			return err
		})
		if !errors.Is(got, err) {
			t.Errorf("%s: %v", name, got)
		}
	}
	add("good", nil)
	add("bad", errors.New("no"))
	add("last", nil)
	if fmt.Sprint(ran) != "[good last]" {
		t.Error(ran)
	}
}

func TestCommitWithUnknownOutcome(t *testing.T) {
	broken := errors.New("connection lost")
	tests := []struct {
		name   string
		commit func(d *DB) func(*sql.Tx) error
		kind   mail.FaultKind // "" is success
		there  bool
	}{
		{"lost after it was done", func(*DB) func(*sql.Tx) error {
			return func(tx *sql.Tx) error { return errors.Join(tx.Commit(), broken) }
		}, "", true},
		{"lost before", func(*DB) func(*sql.Tx) error {
			return func(*sql.Tx) error { return broken }
		}, mail.Unknown, false},
		{"nobody can tell", func(d *DB) func(*sql.Tx) error {
			return func(tx *sql.Tx) error { return errors.Join(tx.Commit(), broken, d.wq.Close(), d.writer.Close()) }
		}, mail.TryLater, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			d := open(t, dir)
			if err := d.Write(t.Context(), addAccount(1)); err != nil {
				t.Fatal(err)
			}
			d.commit = tt.commit(d)
			if got := mail.KindOf(d.Write(t.Context(), addAccount(2))); got != tt.kind {
				t.Errorf("kind %q, want %q", got, tt.kind)
			}
			again := open(t, dir)
			if got := len(accounts(t, again)); got != map[bool]int{true: 2, false: 1}[tt.there] {
				t.Errorf("%d accounts", got)
			}
		})
	}
}

// Group commit: what waits together costs one commit.
func TestWaitingWritesShareACommit(t *testing.T) {
	d := open(t, t.TempDir())
	commits := 0
	d.commit = func(tx *sql.Tx) error { commits++; return tx.Commit() }
	began, release := make(chan struct{}), make(chan struct{})
	hold := func(context.Context, *Tx) error { close(began); <-release; return nil }
	jobs := make([]*job, 33)
	for i := range jobs {
		fn := addAccount(int64(i))
		if i == 0 {
			fn = hold
		}
		jobs[i] = &job{ctx: t.Context(), fn: fn, taken: make(chan struct{}, 1), done: make(chan struct{})}
		jobs[i].taken <- struct{}{}
		if err := d.enqueue(t.Context(), jobs[i]); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			<-began // the others gather behind it
		}
	}
	close(release)
	for i, j := range jobs {
		if <-j.done; j.err != nil {
			t.Errorf("job %d: %v", i, j.err)
		}
	}
	if commits != 2 || len(accounts(t, d)) != 32 {
		t.Errorf("%d commits", commits)
	}
}

// A commit that fails for a whole batch is run again one by one.
func TestBatchIsRunAgainJobByJob(t *testing.T) {
	d := open(t, t.TempDir())
	first := true
	d.commit = func(tx *sql.Tx) error {
		if first {
			first = false
			return errors.New("not now")
		}
		return tx.Commit()
	}
	jobs := make([]*job, 3)
	for i := range jobs {
		jobs[i] = &job{ctx: t.Context(), fn: addAccount(int64(i + 1))}
	}
	d.run(jobs)
	for i, j := range jobs {
		if j.err != nil {
			t.Errorf("job %d: %v", i, j.err)
		}
	}
	if got := accounts(t, d); len(got) != 3 {
		t.Error(got)
	}
}

func TestCallerWhoWentAway(t *testing.T) {
	d := open(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	began, release := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	mail.Go("first", func() {
		first <- d.Write(ctx, func(c context.Context, tx *Tx) error {
			close(began)
			<-release
			return addAccount(1)(c, tx) // its caller is gone by now; it must end well all the same
		})
	})
	<-began
	cancel()
	if got := mail.KindOf(d.Write(ctx, addAccount(2))); got != mail.TryLater {
		t.Errorf("kind %q", got)
	}
	close(release)
	if err := <-first; err != nil {
		t.Error(err)
	}
	if got := accounts(t, d); fmt.Sprint(got) != "[1]" {
		t.Error(got)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	if _, err := d.writer.ExecContext(t.Context(),
		"INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)"); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), dir, Options{Now: func() time.Time { return day }})
	if mail.KindOf(err) != mail.BadSettings {
		t.Error(err)
	}
}

func TestCheckFindsDamage(t *testing.T) {
	d := open(t, t.TempDir())
	if err := d.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := d.writer.ExecContext(t.Context(), `PRAGMA foreign_keys = 0;
		INSERT INTO subscription (account_id, name) VALUES (77, 'x')`)
	if err != nil {
		t.Fatal(err)
	}
	if mail.KindOf(d.Check(t.Context())) != mail.StoreDamaged {
		t.Error("a row without its account was not found")
	}
}

func TestAfterCloseNothingIsWritten(t *testing.T) {
	d := open(t, t.TempDir())
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if got := mail.KindOf(d.Write(t.Context(), addAccount(1))); got != mail.TryLater {
		t.Errorf("kind %q", got)
	}
}

// A letter that waited with "no reports" in an older schema still asks for none after it was brought up to date.
func TestReportsSurviveTheirMigration(t *testing.T) {
	dir := t.TempDir()
	folder, err := fs.Sub(migrations, sqliteDialect.schema)
	if err != nil {
		t.Fatal(err)
	}
	writer, readers, err := openSQLite(filepath.Join(dir, "hopthu.db"), "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(sqliteDialect.goose, writer, folder)
	if err == nil {
		_, err = p.UpTo(t.Context(), 2)
	}
	for _, q := range []string{
		`INSERT INTO outgoing (account_id, queue_id, sender, blob_hash, size, utf8, env_id, no_dsn, accepted_at) VALUES (1, 'a', 's', x'00', 1, 0, '', 1, 1), (1, 'b', 's', x'00', 1, 0, '', 0, 1)`,
		`INSERT INTO target (account_id, queue_id, rcpt, tries, next_at, reply) VALUES (1, 'a', 'x', 0, 1, ''), (1, 'b', 'y', 0, 1, '')`,
	} {
		if err == nil {
			_, err = writer.ExecContext(t.Context(), q)
		}
	}
	if err = errors.Join(err, readers.Close(), writer.Close()); err != nil {
		t.Fatal(err)
	}
	d, err := Open(t.Context(), dir, Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Read(t.Context(), func(ctx context.Context, q *storedb.Queries) error {
		list, err := q.DueTargets(ctx, storedb.DueTargetsParams{Now: 2, Most: 10})
		if err == nil && (len(list) != 2 || list[0].Notify != 1 || list[1].Notify != 0) {
			t.Errorf("%+v", list)
		}
		return err
	})
	if err = errors.Join(err, d.Close()); err != nil {
		t.Error(err)
	}
}

package store

import (
	"errors"
	"fmt"

	"hopthu/mail"
)

// migrations bring the schema from version n to n+1; user_version counts them. One that was shipped never changes.
//
// Narrow rows (letter) are apart from wide ones (head) so that lists, filters and search walk few pages. Counts of a
// folder are kept by triggers and by ingest, never counted. An erased letter stays with folder NULL until the server has done it.
var migrations = []string{
	`
CREATE TABLE account (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, data TEXT NOT NULL);
CREATE TABLE folder (
	id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL REFERENCES account(n),
	name TEXT NOT NULL, delim TEXT NOT NULL, role TEXT NOT NULL, selectable INTEGER NOT NULL,
	total INTEGER NOT NULL DEFAULT 0, unread INTEGER NOT NULL DEFAULT 0, awaiting INTEGER NOT NULL DEFAULT 0,
	remote INTEGER NOT NULL DEFAULT 0, uidvalidity INTEGER NOT NULL DEFAULT 0, uidnext INTEGER NOT NULL DEFAULT 0,
	modseq INTEGER NOT NULL DEFAULT 0, complete INTEGER NOT NULL DEFAULT 0, synced INTEGER NOT NULL DEFAULT 0,
	UNIQUE (account, name));
CREATE TABLE seq (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE letter (
	id INTEGER PRIMARY KEY, account INTEGER NOT NULL, folder INTEGER, uid INTEGER,
	flags INTEGER NOT NULL, sflags INTEGER NOT NULL, received INTEGER NOT NULL, thread INTEGER NOT NULL,
	mhash INTEGER NOT NULL, size INTEGER NOT NULL, attach INTEGER NOT NULL, duty INTEGER NOT NULL,
	awaits INTEGER NOT NULL, bodied INTEGER NOT NULL DEFAULT 0, limbo INTEGER NOT NULL DEFAULT 0,
	modseq INTEGER NOT NULL DEFAULT 0, keywords TEXT);
CREATE INDEX letter_list ON letter(folder, received, id, thread);
CREATE UNIQUE INDEX letter_uid ON letter(folder, uid) WHERE uid IS NOT NULL;
CREATE INDEX letter_thread ON letter(thread);
CREATE INDEX letter_mid ON letter(account, mhash);
CREATE INDEX letter_bodyless ON letter(account, id, size) WHERE bodied = 0;
CREATE INDEX letter_unread ON letter(folder, received, id, thread) WHERE flags & 1 = 0;
CREATE INDEX letter_starred ON letter(folder, received, id, thread) WHERE flags & 4 <> 0;
CREATE INDEX letter_awaits ON letter(folder, received, id, thread) WHERE awaits = 1;
CREATE INDEX letter_attach ON letter(folder, received, id, thread) WHERE attach > 0;
CREATE INDEX letter_limbo ON letter(folder) WHERE limbo > 0;
CREATE TABLE head (id INTEGER PRIMARY KEY, data BLOB NOT NULL, preview TEXT NOT NULL);
CREATE TRIGGER letter_added AFTER INSERT ON letter WHEN new.folder IS NOT NULL BEGIN
	UPDATE folder SET total = total + 1, unread = unread + (new.flags & 1 = 0), awaiting = awaiting + new.awaits
	WHERE id = new.folder;
END;
CREATE TRIGGER letter_dropped AFTER DELETE ON letter WHEN old.folder IS NOT NULL BEGIN
	UPDATE folder SET total = total - 1, unread = unread - (old.flags & 1 = 0), awaiting = awaiting - old.awaits
	WHERE id = old.folder;
END;
CREATE TRIGGER letter_changed AFTER UPDATE OF folder, flags, awaits ON letter
WHEN old.folder IS NOT new.folder OR (old.flags & 1) <> (new.flags & 1) OR old.awaits <> new.awaits BEGIN
	UPDATE folder SET total = total - 1, unread = unread - (old.flags & 1 = 0), awaiting = awaiting - old.awaits
	WHERE id = old.folder;
	UPDATE folder SET total = total + 1, unread = unread + (new.flags & 1 = 0), awaiting = awaiting + new.awaits
	WHERE id = new.folder;
END;
CREATE TABLE ref (account INTEGER, hash INTEGER, thread INTEGER NOT NULL, PRIMARY KEY (account, hash)) WITHOUT ROWID;
CREATE TABLE merged (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);
CREATE TABLE answer (account INTEGER, hash INTEGER, PRIMARY KEY (account, hash)) WITHOUT ROWID;
CREATE TABLE note (letter INTEGER PRIMARY KEY, reason TEXT NOT NULL);
CREATE TABLE chunk (kind INTEGER, owner INTEGER, n INTEGER, data BLOB NOT NULL, UNIQUE (kind, owner, n));
CREATE VIRTUAL TABLE fts USING fts5(t, content='', contentless_delete=1, tokenize='hopthu', prefix='2');
CREATE TABLE addr (addr TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE op (
	id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, kind INTEGER NOT NULL,
	folder INTEGER NOT NULL, dest INTEGER NOT NULL, add_ INTEGER NOT NULL DEFAULT 0, remove INTEGER NOT NULL DEFAULT 0,
	role TEXT NOT NULL DEFAULT '', mid TEXT NOT NULL DEFAULT '', outgoing INTEGER NOT NULL DEFAULT 0, rawkind INTEGER NOT NULL DEFAULT 0,
	rawowner INTEGER NOT NULL DEFAULT 0, handed INTEGER NOT NULL DEFAULT 0,
	tries INTEGER NOT NULL DEFAULT 0, notbefore INTEGER NOT NULL DEFAULT 0);
CREATE INDEX op_account ON op(account, id);
CREATE TABLE op_letter (
	op INTEGER NOT NULL REFERENCES op(id) ON DELETE CASCADE, letter INTEGER NOT NULL, uid INTEGER NOT NULL,
	mhash INTEGER NOT NULL, lost INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (op, letter)) WITHOUT ROWID;
CREATE INDEX op_letter_letter ON op_letter(letter, op);
CREATE INDEX op_letter_lost ON op_letter(mhash) WHERE lost > 0;
CREATE TABLE act (id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL);
CREATE TABLE act_letter (
	act INTEGER NOT NULL REFERENCES act(id) ON DELETE CASCADE, letter INTEGER NOT NULL,
	added INTEGER NOT NULL, removed INTEGER NOT NULL, folder INTEGER NOT NULL, PRIMARY KEY (act, letter)) WITHOUT ROWID;
CREATE TABLE draft (
	id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, data TEXT NOT NULL, saved INTEGER NOT NULL,
	outgoing INTEGER NOT NULL DEFAULT 0);
CREATE TABLE attachment (
	id INTEGER PRIMARY KEY AUTOINCREMENT, draft INTEGER NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
	name TEXT NOT NULL, type TEXT NOT NULL, size INTEGER NOT NULL, risk INTEGER NOT NULL);
CREATE INDEX attachment_draft ON attachment(draft);
CREATE TABLE outgoing (
	id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, state TEXT NOT NULL, mid TEXT NOT NULL,
	subject TEXT NOT NULL, queued INTEGER NOT NULL, next INTEGER NOT NULL, since INTEGER NOT NULL,
	tries INTEGER NOT NULL, reply TEXT NOT NULL, submitted INTEGER NOT NULL, filed INTEGER NOT NULL,
	draft INTEGER NOT NULL, answers INTEGER NOT NULL, forwards INTEGER NOT NULL, data TEXT NOT NULL);
CREATE INDEX outgoing_open ON outgoing(state, next);
CREATE TABLE contact (
	addr TEXT PRIMARY KEY, name TEXT NOT NULL, address TEXT NOT NULL, words TEXT NOT NULL, used INTEGER NOT NULL,
	last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`,
	`
CREATE TABLE due (letter INTEGER PRIMARY KEY, at INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE TRIGGER letter_due AFTER DELETE ON letter BEGIN DELETE FROM due WHERE letter = old.id; END;
`,
	`
DROP TRIGGER letter_due;
ALTER TABLE due RENAME TO due_old;
CREATE TABLE due (
	account INTEGER NOT NULL, mhash INTEGER NOT NULL, letter INTEGER NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL,
	PRIMARY KEY (account, mhash, letter)) WITHOUT ROWID;
INSERT OR IGNORE INTO due SELECT l.account, l.mhash, iif(l.mhash=0, l.id, 0), d.at * 1000000, d.reason
	FROM due_old d JOIN letter l ON l.id=d.letter;
DROP TABLE due_old;
ALTER TABLE note RENAME TO note_old;
CREATE TABLE note (
	account INTEGER NOT NULL, mhash INTEGER NOT NULL, letter INTEGER NOT NULL, reason TEXT NOT NULL,
	PRIMARY KEY (account, mhash, letter)) WITHOUT ROWID;
INSERT OR IGNORE INTO note SELECT l.account, l.mhash, iif(l.mhash=0, l.id, 0), n.reason
	FROM note_old n JOIN letter l ON l.id=n.letter;
DROP TABLE note_old;
CREATE TABLE deadline (letter INTEGER PRIMARY KEY, at INTEGER NOT NULL, phrase TEXT NOT NULL);
CREATE INDEX deadline_at ON deadline(at);
CREATE TABLE act_due (
	act INTEGER NOT NULL REFERENCES act(id) ON DELETE CASCADE, letter INTEGER NOT NULL, at INTEGER NOT NULL,
	reason TEXT NOT NULL, PRIMARY KEY (act, letter)) WITHOUT ROWID;
CREATE TRIGGER letter_due AFTER DELETE ON letter BEGIN
	DELETE FROM due WHERE account = old.account AND mhash = 0 AND letter = old.id;
	DELETE FROM note WHERE account = old.account AND mhash = 0 AND letter = old.id;
	DELETE FROM deadline WHERE letter = old.id;
	DELETE FROM act_due WHERE letter = old.id;
END;
`,
	registerSchema,
	// Ingest counts what it adds once a batch: a trigger on each row costs a savepoint for every letter of a fill. What
	// was stored before is in the search index (see index.go).
	`
DROP TRIGGER letter_added;
INSERT INTO seq SELECT 'indexed', value + 1 FROM seq WHERE name = 'down';
`,
	// What a fill writes for a letter goes to the end of a table, or is sorted first (see mid.go). Ids of older mail fall,
	// so the wide rows are kept under the id's negative.
	`
CREATE TABLE mid (
	account INTEGER NOT NULL, hash INTEGER NOT NULL, letter INTEGER NOT NULL, thread INTEGER NOT NULL,
	PRIMARY KEY (account, hash, letter)) WITHOUT ROWID;
INSERT INTO mid SELECT account, mhash, id, thread FROM letter WHERE mhash <> 0 ORDER BY account, mhash, id;
INSERT INTO mid SELECT account, hash, 0, thread FROM ref r
	WHERE NOT EXISTS (SELECT 1 FROM mid m WHERE m.account = r.account AND m.hash = r.hash);
INSERT INTO seq SELECT 'mids', value + 1 FROM seq WHERE name = 'down';
DROP TABLE ref;
DROP INDEX letter_mid;
DROP INDEX letter_thread;
CREATE INDEX letter_thread ON letter(thread) WHERE thread <> id;
CREATE TRIGGER letter_mid AFTER DELETE ON letter WHEN old.mhash <> 0 BEGIN
	INSERT OR IGNORE INTO mid VALUES(old.account, old.mhash, 0, old.thread);
	DELETE FROM mid WHERE account = old.account AND hash = old.mhash AND letter = old.id;
END;
UPDATE head SET id = -id;
`,
	dutySchema,
	workSchema,
	workStateSchema,
	leaveSchema,
}

// migrate applies what is missing, all or nothing. A file of a newer hopthu is left alone.
func migrate(c *conn) error {
	v, _, err := c.int("PRAGMA user_version")
	if err != nil {
		return err
	}
	if int(v) > len(migrations) {
		return newer(v)
	}
	if int(v) == len(migrations) {
		return nil
	}
	if err := c.db.Exec("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin migration: %w", err)
	}
	for i := int(v); i < len(migrations); i++ {
		if err := c.db.Exec(migrations[i]); err != nil {
			return errors.Join(fmt.Errorf("migration %d: %w", i+1, err), c.db.Exec("ROLLBACK"))
		}
	}
	if err := c.db.Exec(fmt.Sprintf("PRAGMA user_version=%d; COMMIT", len(migrations))); err != nil {
		if c.db.GetAutocommit() {
			return fmt.Errorf("end migration: %w", err)
		}
		return errors.Join(fmt.Errorf("end migration: %w", err), c.db.Exec("ROLLBACK"))
	}
	return nil
}

func checkVersion(c *conn) error {
	v, _, err := c.int("PRAGMA user_version")
	if err != nil {
		return err
	}
	switch {
	case int(v) > len(migrations):
		return newer(v)
	case int(v) < len(migrations):
		return errOlder
	}
	return nil
}

// errOlder says that a store needs to be brought up to date before it can be read.
var errOlder = errors.New("the store has an older schema")

func newer(v int64) error {
	return &mail.Fault{Kind: mail.Conflict, Op: "open store", Detail: fmt.Sprintf("schema %d, this program has %d", v, len(migrations))}
}

package store

// registerSchema is the migration that adds the documents on their way, the sổ văn bản đi and the kept directory.
const registerSchema = `
CREATE TABLE dispatch (
	draft INTEGER PRIMARY KEY REFERENCES draft(id) ON DELETE CASCADE, saved INTEGER NOT NULL, data TEXT NOT NULL);
CREATE TABLE register (
	id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, outgoing INTEGER NOT NULL, mhash INTEGER NOT NULL,
	queued INTEGER NOT NULL, sent INTEGER NOT NULL DEFAULT 0, words TEXT NOT NULL, data TEXT NOT NULL);
CREATE INDEX register_list ON register(account, queued, id);
CREATE INDEX register_mid ON register(mhash);
CREATE INDEX register_outgoing ON register(outgoing);
CREATE TABLE register_to (
	entry INTEGER NOT NULL REFERENCES register(id) ON DELETE CASCADE, n INTEGER NOT NULL, key TEXT NOT NULL, rcpt TEXT NOT NULL,
	state TEXT NOT NULL, at INTEGER NOT NULL, words TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (entry, n)) WITHOUT ROWID;
CREATE TABLE listing (account INTEGER PRIMARY KEY, etag TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE chosen (
	account TEXT NOT NULL, folded TEXT NOT NULL, name TEXT NOT NULL, addr TEXT NOT NULL, at INTEGER NOT NULL,
	PRIMARY KEY (account, folded)) WITHOUT ROWID;
`

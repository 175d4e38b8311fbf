package store

// dutySchema keeps the daily duty (QC 9): what was looked at today, what was put off, what no answer is awaited to, the days
// on which the box was opened and checked, leaves, and what the person was told of today. What the person decided belongs to
// a letter as its due date does (see personal). It also notes when letters were answered or excused, which the year counts.
const dutySchema = `
ALTER TABLE answer ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE letter ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
CREATE INDEX letter_duty ON letter(account, received) WHERE duty = 1;
CREATE TABLE looked (
	account INTEGER NOT NULL, mhash INTEGER NOT NULL, letter INTEGER NOT NULL, day INTEGER NOT NULL,
	PRIMARY KEY (account, mhash, letter)) WITHOUT ROWID;
CREATE TABLE later (
	account INTEGER NOT NULL, mhash INTEGER NOT NULL, letter INTEGER NOT NULL, until INTEGER NOT NULL, reason TEXT NOT NULL,
	PRIMARY KEY (account, mhash, letter)) WITHOUT ROWID;
CREATE TABLE unwait (
	account INTEGER NOT NULL, mhash INTEGER NOT NULL, letter INTEGER NOT NULL,
	PRIMARY KEY (account, mhash, letter)) WITHOUT ROWID;
CREATE TRIGGER letter_looked AFTER DELETE ON letter WHEN old.mhash = 0 BEGIN
	DELETE FROM looked WHERE account = old.account AND mhash = 0 AND letter = old.id;
	DELETE FROM later WHERE account = old.account AND mhash = 0 AND letter = old.id;
	DELETE FROM unwait WHERE account = old.account AND mhash = 0 AND letter = old.id;
END;
CREATE TABLE day (
	account INTEGER NOT NULL, day INTEGER NOT NULL, opened INTEGER NOT NULL, checked INTEGER NOT NULL, posted INTEGER NOT NULL,
	PRIMARY KEY (account, day)) WITHOUT ROWID;
CREATE TABLE leave (
	id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
	kind TEXT NOT NULL, note TEXT NOT NULL);
CREATE TABLE told (key TEXT PRIMARY KEY, day INTEGER NOT NULL) WITHOUT ROWID;
`

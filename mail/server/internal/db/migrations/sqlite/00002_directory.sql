-- +goose Up
-- What the public directory (QC 6) holds besides boxes. An entry's key is "u" and the unit's number, "p" and the
-- person's, or "l" and the number of a row of listed.
CREATE TABLE listed (
  listed_id INTEGER NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (kind, name)
) STRICT;
CREATE TABLE entry_name (
  entry TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (entry, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE member (
  listed_id INTEGER NOT NULL REFERENCES listed (listed_id),
  entry TEXT NOT NULL,
  PRIMARY KEY (listed_id, entry)
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES ('listed', 0), ('directory', 0);

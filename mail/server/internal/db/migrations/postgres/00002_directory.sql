-- +goose Up
-- What the public directory (QC 6) holds besides boxes. An entry's key is "u" and the unit's number, "p" and the
-- person's, or "l" and the number of a row of listed.
CREATE TABLE listed (
  listed_id BIGINT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  UNIQUE (kind, name)
);
CREATE TABLE entry_name (
  entry TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (entry, name)
);
CREATE TABLE member (
  listed_id BIGINT NOT NULL REFERENCES listed (listed_id),
  entry TEXT NOT NULL,
  PRIMARY KEY (listed_id, entry)
);
INSERT INTO counter (name, value) VALUES ('listed', 0), ('directory', 0);

-- +goose Up
-- Times are microseconds since 1970, flags and booleans are INTEGER; account_id leads every key that belongs to an account.
CREATE TABLE writer_mark (
  writer BLOB NOT NULL PRIMARY KEY,
  batch INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) STRICT;
CREATE TABLE counter (
  name TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;
CREATE TABLE account (
  account_id INTEGER NOT NULL PRIMARY KEY,
  quota_bytes INTEGER NOT NULL,
  used_bytes INTEGER NOT NULL,
  letters INTEGER NOT NULL,
  last_mailbox INTEGER NOT NULL,
  last_validity INTEGER NOT NULL
) STRICT;
CREATE TABLE mailbox (
  account_id INTEGER NOT NULL REFERENCES account (account_id),
  mailbox_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  uidvalidity INTEGER NOT NULL,
  uidnext INTEGER NOT NULL,
  modseq INTEGER NOT NULL,
  floor INTEGER NOT NULL,
  total INTEGER NOT NULL,
  unseen INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, mailbox_id),
  UNIQUE (account_id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE subscription (
  account_id INTEGER NOT NULL REFERENCES account (account_id),
  name TEXT NOT NULL,
  PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;
-- No foreign key leads to blob: on a distributed engine it lives in another shard than the letters.
CREATE TABLE blob (
  hash BLOB NOT NULL PRIMARY KEY,
  size INTEGER NOT NULL,
  head_size INTEGER NOT NULL,
  complete INTEGER NOT NULL,
  orphaned_at INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  head BLOB NOT NULL
) STRICT;
CREATE INDEX blob_message_id ON blob (message_id);
CREATE TABLE chunk (
  hash BLOB NOT NULL,
  n INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (hash, n)
) STRICT;
CREATE TABLE message (
  account_id INTEGER NOT NULL,
  mailbox_id INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  modseq INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  size INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  saved_at INTEGER NOT NULL,
  blob_hash BLOB NOT NULL,
  keywords TEXT NOT NULL,
  prefix BLOB NOT NULL,
  PRIMARY KEY (account_id, mailbox_id, uid),
  FOREIGN KEY (account_id, mailbox_id) REFERENCES mailbox (account_id, mailbox_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_modseq ON message (account_id, mailbox_id, modseq);
CREATE INDEX message_blob ON message (blob_hash);
CREATE TABLE expunged (
  account_id INTEGER NOT NULL,
  mailbox_id INTEGER NOT NULL,
  modseq INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  expunged_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, mailbox_id, modseq, uid),
  FOREIGN KEY (account_id, mailbox_id) REFERENCES mailbox (account_id, mailbox_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE unit (
  unit_id INTEGER NOT NULL PRIMARY KEY,
  parent_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  regulation TEXT NOT NULL,
  wire TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE holder (
  account_id INTEGER NOT NULL PRIMARY KEY REFERENCES account (account_id),
  unit_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  name TEXT NOT NULL,
  post TEXT NOT NULL,
  regulation TEXT NOT NULL,
  wire TEXT NOT NULL UNIQUE,
  search TEXT NOT NULL,
  password TEXT NOT NULL,
  must_change INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  first_used_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
-- One row is both spellings; rows stay for ever, so no address and no number is given twice.
CREATE TABLE address (
  wire TEXT NOT NULL PRIMARY KEY,
  regulation TEXT NOT NULL,
  account_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX address_account ON address (account_id);
CREATE TABLE audit (
  seq INTEGER NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  remote TEXT NOT NULL,
  door TEXT NOT NULL,
  what TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE TABLE submitted (
  account_id INTEGER NOT NULL,
  letter_key BLOB NOT NULL,
  rcpt TEXT NOT NULL,
  queue_id TEXT NOT NULL,
  accepted_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, letter_key, rcpt)
) STRICT, WITHOUT ROWID;
CREATE INDEX submitted_age ON submitted (accepted_at);
CREATE TABLE outgoing (
  account_id INTEGER NOT NULL,
  queue_id TEXT NOT NULL,
  sender TEXT NOT NULL,
  blob_hash BLOB NOT NULL,
  size INTEGER NOT NULL,
  utf8 INTEGER NOT NULL,
  env_id TEXT NOT NULL,
  no_dsn INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, queue_id)
) STRICT;
CREATE INDEX outgoing_blob ON outgoing (blob_hash);
CREATE TABLE target (
  account_id INTEGER NOT NULL,
  queue_id TEXT NOT NULL,
  rcpt TEXT NOT NULL,
  tries INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  reply TEXT NOT NULL,
  PRIMARY KEY (account_id, queue_id, rcpt),
  FOREIGN KEY (account_id, queue_id) REFERENCES outgoing (account_id, queue_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX target_next ON target (next_at);
INSERT INTO counter (name, value) VALUES ('account', 0), ('unit', 0), ('person', 0), ('audit', 0);

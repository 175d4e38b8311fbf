-- +goose Up
-- Times are microseconds since 1970, flags and booleans are BIGINT; account_id leads every key that belongs to an account.
CREATE TABLE writer_mark (
  writer BYTEA NOT NULL PRIMARY KEY,
  batch BIGINT NOT NULL,
  used_at BIGINT NOT NULL
);
CREATE TABLE counter (
  name TEXT NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
);
CREATE TABLE account (
  account_id BIGINT NOT NULL PRIMARY KEY,
  quota_bytes BIGINT NOT NULL,
  used_bytes BIGINT NOT NULL,
  letters BIGINT NOT NULL,
  last_mailbox BIGINT NOT NULL,
  last_validity BIGINT NOT NULL
);
CREATE TABLE mailbox (
  account_id BIGINT NOT NULL REFERENCES account (account_id),
  mailbox_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  uidvalidity BIGINT NOT NULL,
  uidnext BIGINT NOT NULL,
  modseq BIGINT NOT NULL,
  floor BIGINT NOT NULL,
  total BIGINT NOT NULL,
  unseen BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, mailbox_id),
  UNIQUE (account_id, name)
);
CREATE TABLE subscription (
  account_id BIGINT NOT NULL REFERENCES account (account_id),
  name TEXT NOT NULL,
  PRIMARY KEY (account_id, name)
);
-- No foreign key leads to blob: on a distributed engine it lives in another shard than the letters.
CREATE TABLE blob (
  hash BYTEA NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL,
  head_size BIGINT NOT NULL,
  complete BIGINT NOT NULL,
  orphaned_at BIGINT NOT NULL,
  message_id TEXT NOT NULL,
  head BYTEA NOT NULL
);
CREATE INDEX blob_message_id ON blob (message_id);
CREATE TABLE chunk (
  hash BYTEA NOT NULL,
  n BIGINT NOT NULL,
  data BYTEA NOT NULL,
  PRIMARY KEY (hash, n)
);
CREATE TABLE message (
  account_id BIGINT NOT NULL,
  mailbox_id BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  modseq BIGINT NOT NULL,
  flags BIGINT NOT NULL,
  size BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  saved_at BIGINT NOT NULL,
  blob_hash BYTEA NOT NULL,
  keywords TEXT NOT NULL,
  prefix BYTEA NOT NULL,
  PRIMARY KEY (account_id, mailbox_id, uid),
  FOREIGN KEY (account_id, mailbox_id) REFERENCES mailbox (account_id, mailbox_id)
);
CREATE INDEX message_modseq ON message (account_id, mailbox_id, modseq);
CREATE INDEX message_blob ON message (blob_hash);
CREATE TABLE expunged (
  account_id BIGINT NOT NULL,
  mailbox_id BIGINT NOT NULL,
  modseq BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  expunged_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, mailbox_id, modseq, uid),
  FOREIGN KEY (account_id, mailbox_id) REFERENCES mailbox (account_id, mailbox_id)
);
CREATE TABLE unit (
  unit_id BIGINT NOT NULL PRIMARY KEY,
  parent_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  regulation TEXT NOT NULL,
  wire TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL
);
CREATE TABLE holder (
  account_id BIGINT NOT NULL PRIMARY KEY REFERENCES account (account_id),
  unit_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  name TEXT NOT NULL,
  post TEXT NOT NULL,
  regulation TEXT NOT NULL,
  wire TEXT NOT NULL UNIQUE,
  search TEXT NOT NULL,
  password TEXT NOT NULL,
  must_change BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  first_used_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
-- One row is both spellings; rows stay for ever, so no address and no number is given twice.
CREATE TABLE address (
  wire TEXT NOT NULL PRIMARY KEY,
  regulation TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX address_account ON address (account_id);
CREATE TABLE audit (
  seq BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  remote TEXT NOT NULL,
  door TEXT NOT NULL,
  what TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash BYTEA NOT NULL
);
CREATE TABLE submitted (
  account_id BIGINT NOT NULL,
  letter_key BYTEA NOT NULL,
  rcpt TEXT NOT NULL,
  queue_id TEXT NOT NULL,
  accepted_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, letter_key, rcpt)
);
CREATE INDEX submitted_age ON submitted (accepted_at);
CREATE TABLE outgoing (
  account_id BIGINT NOT NULL,
  queue_id TEXT NOT NULL,
  sender TEXT NOT NULL,
  blob_hash BYTEA NOT NULL,
  size BIGINT NOT NULL,
  utf8 BIGINT NOT NULL,
  env_id TEXT NOT NULL,
  no_dsn BIGINT NOT NULL,
  accepted_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, queue_id)
);
CREATE INDEX outgoing_blob ON outgoing (blob_hash);
CREATE TABLE target (
  account_id BIGINT NOT NULL,
  queue_id TEXT NOT NULL,
  rcpt TEXT NOT NULL,
  tries BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  reply TEXT NOT NULL,
  PRIMARY KEY (account_id, queue_id, rcpt),
  FOREIGN KEY (account_id, queue_id) REFERENCES outgoing (account_id, queue_id)
);
CREATE INDEX target_next ON target (next_at);
INSERT INTO counter (name, value) VALUES ('account', 0), ('unit', 0), ('person', 0), ('audit', 0);

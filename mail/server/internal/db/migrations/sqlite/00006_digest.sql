-- +goose Up
-- Letters prepared for being listed and searched, in pages of UIDs; all of it can be made again from the letters. stale
-- says that letters were expunged since the page was made.
CREATE TABLE digest_page (
  account_id INTEGER NOT NULL,
  mailbox_id INTEGER NOT NULL,
  page INTEGER NOT NULL,
  through INTEGER NOT NULL,
  stale INTEGER NOT NULL,
  PRIMARY KEY (account_id, mailbox_id, page),
  FOREIGN KEY (account_id, mailbox_id) REFERENCES mailbox (account_id, mailbox_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE digest (
  account_id INTEGER NOT NULL,
  mailbox_id INTEGER NOT NULL,
  page INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (account_id, mailbox_id, page, kind)
) STRICT;
-- How many letters of a mailbox are marked as deleted, and their octets (RFC 9051 6.3.11, RFC 9208).
ALTER TABLE mailbox ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mailbox ADD COLUMN deleted_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE mailbox SET
  deleted = (SELECT COUNT(*) FROM message m
    WHERE m.account_id = mailbox.account_id AND m.mailbox_id = mailbox.mailbox_id AND (m.flags & 8) <> 0),
  deleted_bytes = (SELECT COALESCE(SUM(m.size), 0) FROM message m
    WHERE m.account_id = mailbox.account_id AND m.mailbox_id = mailbox.mailbox_id AND (m.flags & 8) <> 0);

-- +goose Up
-- Where a mailbox's letters were fetched from when a box moved here from another server: all letters of that folder
-- there up to last_uid are dealt with; letters here from base_uid on came after the move began.
CREATE TABLE origin (
  account_id INTEGER NOT NULL REFERENCES account (account_id),
  source TEXT NOT NULL,
  folder TEXT NOT NULL,
  mailbox_id INTEGER NOT NULL,
  uidvalidity INTEGER NOT NULL,
  base_uid INTEGER NOT NULL,
  last_uid INTEGER NOT NULL,
  PRIMARY KEY (account_id, source, folder)
) STRICT, WITHOUT ROWID;
-- What was not taken of it, and why.
CREATE TABLE origin_left (
  account_id INTEGER NOT NULL,
  source TEXT NOT NULL,
  folder TEXT NOT NULL,
  uid INTEGER NOT NULL,
  size INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (account_id, source, folder, uid),
  FOREIGN KEY (account_id, source, folder) REFERENCES origin (account_id, source, folder)
) STRICT, WITHOUT ROWID;
-- The audit log only grows. A database with roles takes the right to UPDATE and DELETE away instead.
-- +goose StatementBegin
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
-- +goose StatementEnd

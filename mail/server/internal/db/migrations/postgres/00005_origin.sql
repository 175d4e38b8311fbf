-- +goose Up
-- Where a mailbox's letters were fetched from when a box moved here from another server: all letters of that folder
-- there up to last_uid are dealt with; letters here from base_uid on came after the move began.
CREATE TABLE origin (
  account_id BIGINT NOT NULL REFERENCES account (account_id),
  source TEXT NOT NULL,
  folder TEXT NOT NULL,
  mailbox_id BIGINT NOT NULL,
  uidvalidity BIGINT NOT NULL,
  base_uid BIGINT NOT NULL,
  last_uid BIGINT NOT NULL,
  PRIMARY KEY (account_id, source, folder)
);
-- What was not taken of it, and why.
CREATE TABLE origin_left (
  account_id BIGINT NOT NULL,
  source TEXT NOT NULL,
  folder TEXT NOT NULL,
  uid BIGINT NOT NULL,
  size BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (account_id, source, folder, uid),
  FOREIGN KEY (account_id, source, folder) REFERENCES origin (account_id, source, folder)
);

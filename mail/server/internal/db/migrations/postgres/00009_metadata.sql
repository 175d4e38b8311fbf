-- +goose Up
-- What clients note on mailboxes, and on the account itself (mailbox_id 0), RFC 5464. person_id is the account of
-- whoever's own note it is, 0 for one that all who work in the box share. A value is never empty of meaning: no row is
-- no value.
CREATE TABLE metadata (
  account_id BIGINT NOT NULL REFERENCES account (account_id),
  mailbox_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  entry TEXT NOT NULL,
  value BYTEA NOT NULL,
  PRIMARY KEY (account_id, mailbox_id, person_id, entry)
);

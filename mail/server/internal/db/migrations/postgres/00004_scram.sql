-- +goose Up
-- What SCRAM-SHA-256 checks a password by (RFC 5802 3), beside its argon2id hash; '' until the password is next set or
-- proved. A secret is made once by the server for itself.
ALTER TABLE holder ADD COLUMN scram TEXT NOT NULL DEFAULT '';
CREATE TABLE secret (
  name TEXT NOT NULL PRIMARY KEY,
  value BYTEA NOT NULL
);

-- +goose Up
-- Written authorizations to work in an agency's box (QC 14.1). Days are midnights in Asia/Ho_Chi_Minh; until_day is the
-- last one, 0 without end. person_id, given_by and ended_by are accounts, 0 for the administrator. The chief of a box is,
-- of the delegations that stand, the one asked for last (chief_at).
CREATE TABLE delegation (
  delegation_id BIGINT NOT NULL PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES account (account_id),
  person_id BIGINT NOT NULL REFERENCES account (account_id),
  document TEXT NOT NULL,
  dated BIGINT NOT NULL,
  from_day BIGINT NOT NULL,
  until_day BIGINT NOT NULL,
  scope TEXT NOT NULL,
  chief_at BIGINT NOT NULL,
  given_by BIGINT NOT NULL,
  given_at BIGINT NOT NULL,
  ended_by BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  end_reason TEXT NOT NULL
);
CREATE INDEX delegation_box ON delegation (account_id);
CREATE INDEX delegation_person ON delegation (person_id);
-- The head of the unit whose box it is, by his own account (QC 12.1).
CREATE TABLE head (
  account_id BIGINT NOT NULL PRIMARY KEY REFERENCES account (account_id),
  person_id BIGINT NOT NULL REFERENCES account (account_id),
  since BIGINT NOT NULL
);
CREATE INDEX head_person ON head (person_id);
-- Boxes that nobody may change while they change hands (QC 14.2).
CREATE TABLE frozen (
  account_id BIGINT NOT NULL PRIMARY KEY REFERENCES account (account_id),
  since BIGINT NOT NULL
);
-- Who sent what in the agency's name (QC 12.1): times and addresses, one recipient a line.
CREATE TABLE sent_as (
  account_id BIGINT NOT NULL REFERENCES account (account_id),
  at BIGINT NOT NULL,
  queue_id TEXT NOT NULL,
  person_id BIGINT NOT NULL,
  recipients TEXT NOT NULL,
  size BIGINT NOT NULL,
  message_id TEXT NOT NULL,
  PRIMARY KEY (account_id, at, queue_id)
);
INSERT INTO counter (name, value) VALUES ('delegation', 0);

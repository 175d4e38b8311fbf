-- +goose Up
-- Written authorizations to work in an agency's box (QC 14.1). Days are midnights in Asia/Ho_Chi_Minh; until_day is the
-- last one, 0 without end. person_id, given_by and ended_by are accounts, 0 for the administrator. The chief of a box is,
-- of the delegations that stand, the one asked for last (chief_at).
CREATE TABLE delegation (
  delegation_id INTEGER NOT NULL PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (account_id),
  person_id INTEGER NOT NULL REFERENCES account (account_id),
  document TEXT NOT NULL,
  dated INTEGER NOT NULL,
  from_day INTEGER NOT NULL,
  until_day INTEGER NOT NULL,
  scope TEXT NOT NULL,
  chief_at INTEGER NOT NULL,
  given_by INTEGER NOT NULL,
  given_at INTEGER NOT NULL,
  ended_by INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  end_reason TEXT NOT NULL
) STRICT;
CREATE INDEX delegation_box ON delegation (account_id);
CREATE INDEX delegation_person ON delegation (person_id);
-- The head of the unit whose box it is, by his own account (QC 12.1).
CREATE TABLE head (
  account_id INTEGER NOT NULL PRIMARY KEY REFERENCES account (account_id),
  person_id INTEGER NOT NULL REFERENCES account (account_id),
  since INTEGER NOT NULL
) STRICT;
CREATE INDEX head_person ON head (person_id);
-- Boxes that nobody may change while they change hands (QC 14.2).
CREATE TABLE frozen (
  account_id INTEGER NOT NULL PRIMARY KEY REFERENCES account (account_id),
  since INTEGER NOT NULL
) STRICT;
-- Who sent what in the agency's name (QC 12.1): times and addresses, one recipient a line.
CREATE TABLE sent_as (
  account_id INTEGER NOT NULL REFERENCES account (account_id),
  at INTEGER NOT NULL,
  queue_id TEXT NOT NULL,
  person_id INTEGER NOT NULL,
  recipients TEXT NOT NULL,
  size INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  PRIMARY KEY (account_id, at, queue_id)
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES ('delegation', 0);

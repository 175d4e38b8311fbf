-- +goose Up
-- What the people of a box agree on (QC 14.3). People are accounts, 0 is nobody; times are microseconds, 0 is none.
-- work_count is the one count of changes of each box; a record's version is what it stood at.
CREATE TABLE work_count (
  account_id INTEGER NOT NULL PRIMARY KEY REFERENCES account (account_id),
  version INTEGER NOT NULL
) STRICT;
CREATE TABLE work (
  account_id INTEGER NOT NULL REFERENCES account (account_id),
  letter_key TEXT NOT NULL,
  version INTEGER NOT NULL,
  turned INTEGER NOT NULL,
  turned_by INTEGER NOT NULL,
  state TEXT NOT NULL,
  holder_id INTEGER NOT NULL,
  assigned_by INTEGER NOT NULL,
  instruction TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  due_reason TEXT NOT NULL,
  claim_id INTEGER NOT NULL,
  claim_since INTEGER NOT NULL,
  claim_until INTEGER NOT NULL,
  answered_by INTEGER NOT NULL,
  answered_at INTEGER NOT NULL,
  excused_at INTEGER NOT NULL,
  reopened_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (account_id, letter_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_version ON work (account_id, version);
CREATE INDEX work_claim ON work (account_id, claim_until);
CREATE TABLE work_note (
  account_id INTEGER NOT NULL,
  letter_key TEXT NOT NULL,
  version INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (account_id, letter_key, version),
  FOREIGN KEY (account_id, letter_key) REFERENCES work (account_id, letter_key)
) STRICT, WITHOUT ROWID;
-- Acts that were done, by the id their client gave them: the same act told again is done once.
CREATE TABLE work_act (
  person_id INTEGER NOT NULL REFERENCES account (account_id),
  act_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  digest BLOB NOT NULL,
  PRIMARY KEY (person_id, act_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_act_age ON work_act (at);
-- Letters that obliged their box to answer when they came (QC 9, D9): the raw rows of the daily record. blob_hash is
-- there until the letter's own words were looked through for a time limit (D8).
CREATE TABLE duty (
  account_id INTEGER NOT NULL REFERENCES account (account_id),
  letter_key TEXT NOT NULL,
  message_id TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  answered_at INTEGER NOT NULL,
  answered_by INTEGER NOT NULL,
  excused_at INTEGER NOT NULL,
  blob_hash BLOB NOT NULL,
  PRIMARY KEY (account_id, letter_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX duty_message ON duty (account_id, message_id);
CREATE INDEX duty_received ON duty (account_id, received_at);
CREATE INDEX duty_answered ON duty (account_id, answered_at);
-- When a box was first opened on a day of Viet Nam (its midnight), and when the day's check was finished.
CREATE TABLE day_mark (
  account_id INTEGER NOT NULL REFERENCES account (account_id),
  day INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  opened_by INTEGER NOT NULL,
  checked_at INTEGER NOT NULL,
  checked_by INTEGER NOT NULL,
  PRIMARY KEY (account_id, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE absence (
  absence_id INTEGER NOT NULL PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES account (account_id),
  from_day INTEGER NOT NULL,
  until_day INTEGER NOT NULL,
  kind TEXT NOT NULL,
  remark TEXT NOT NULL
) STRICT;
CREATE INDEX absence_person ON absence (person_id, until_day);
-- Changes of hands (QC 14.2). inventory is JSON; borders says which letters stand in it; secret is what the receiver's
-- one-time password is checked by from the moment of done on.
CREATE TABLE handover (
  handover_id INTEGER NOT NULL PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (account_id),
  state TEXT NOT NULL,
  giver_id INTEGER NOT NULL,
  receiver_id INTEGER NOT NULL,
  by_office INTEGER NOT NULL,
  reason TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  given_at INTEGER NOT NULL,
  taken_at INTEGER NOT NULL,
  done_at INTEGER NOT NULL,
  refused_by INTEGER NOT NULL,
  hash TEXT NOT NULL,
  inventory TEXT NOT NULL,
  borders TEXT NOT NULL,
  secret TEXT NOT NULL
) STRICT;
CREATE INDEX handover_box ON handover (account_id);
INSERT INTO counter (name, value) VALUES ('absence', 0), ('handover', 0);

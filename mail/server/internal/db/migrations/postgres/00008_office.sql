-- +goose Up
-- What the people of a box agree on (QC 14.3). People are accounts, 0 is nobody; times are microseconds, 0 is none.
-- work_count is the one count of changes of each box; a record's version is what it stood at.
CREATE TABLE work_count (
  account_id BIGINT NOT NULL PRIMARY KEY REFERENCES account (account_id),
  version BIGINT NOT NULL
);
CREATE TABLE work (
  account_id BIGINT NOT NULL REFERENCES account (account_id),
  letter_key TEXT NOT NULL,
  version BIGINT NOT NULL,
  turned BIGINT NOT NULL,
  turned_by BIGINT NOT NULL,
  state TEXT NOT NULL,
  holder_id BIGINT NOT NULL,
  assigned_by BIGINT NOT NULL,
  instruction TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  due_reason TEXT NOT NULL,
  claim_id BIGINT NOT NULL,
  claim_since BIGINT NOT NULL,
  claim_until BIGINT NOT NULL,
  answered_by BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  excused_at BIGINT NOT NULL,
  reopened_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (account_id, letter_key)
);
CREATE INDEX work_version ON work (account_id, version);
CREATE INDEX work_claim ON work (account_id, claim_until);
CREATE TABLE work_note (
  account_id BIGINT NOT NULL,
  letter_key TEXT NOT NULL,
  version BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (account_id, letter_key, version),
  FOREIGN KEY (account_id, letter_key) REFERENCES work (account_id, letter_key)
);
-- Acts that were done, by the id their client gave them: the same act told again is done once.
CREATE TABLE work_act (
  person_id BIGINT NOT NULL REFERENCES account (account_id),
  act_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  digest BYTEA NOT NULL,
  PRIMARY KEY (person_id, act_id)
);
CREATE INDEX work_act_age ON work_act (at);
-- Letters that obliged their box to answer when they came (QC 9, D9): the raw rows of the daily record. blob_hash is
-- there until the letter's own words were looked through for a time limit (D8).
CREATE TABLE duty (
  account_id BIGINT NOT NULL REFERENCES account (account_id),
  letter_key TEXT NOT NULL,
  message_id TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  answered_by BIGINT NOT NULL,
  excused_at BIGINT NOT NULL,
  blob_hash BYTEA NOT NULL,
  PRIMARY KEY (account_id, letter_key)
);
CREATE INDEX duty_message ON duty (account_id, message_id);
CREATE INDEX duty_received ON duty (account_id, received_at);
CREATE INDEX duty_answered ON duty (account_id, answered_at);
-- When a box was first opened on a day of Viet Nam (its midnight), and when the day's check was finished.
CREATE TABLE day_mark (
  account_id BIGINT NOT NULL REFERENCES account (account_id),
  day BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  opened_by BIGINT NOT NULL,
  checked_at BIGINT NOT NULL,
  checked_by BIGINT NOT NULL,
  PRIMARY KEY (account_id, day)
);
CREATE TABLE absence (
  absence_id BIGINT NOT NULL PRIMARY KEY,
  person_id BIGINT NOT NULL REFERENCES account (account_id),
  from_day BIGINT NOT NULL,
  until_day BIGINT NOT NULL,
  kind TEXT NOT NULL,
  remark TEXT NOT NULL
);
CREATE INDEX absence_person ON absence (person_id, until_day);
-- Changes of hands (QC 14.2). inventory is JSON; borders says which letters stand in it; secret is what the receiver's
-- one-time password is checked by from the moment of done on.
CREATE TABLE handover (
  handover_id BIGINT NOT NULL PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES account (account_id),
  state TEXT NOT NULL,
  giver_id BIGINT NOT NULL,
  receiver_id BIGINT NOT NULL,
  by_office BIGINT NOT NULL,
  reason TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  given_at BIGINT NOT NULL,
  taken_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL,
  refused_by BIGINT NOT NULL,
  hash TEXT NOT NULL,
  inventory TEXT NOT NULL,
  borders TEXT NOT NULL,
  secret TEXT NOT NULL
);
CREATE INDEX handover_box ON handover (account_id);
INSERT INTO counter (name, value) VALUES ('absence', 0), ('handover', 0);

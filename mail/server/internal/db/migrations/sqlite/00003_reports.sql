-- +goose Up
-- What the sender asked to be told, per recipient (RFC 3461): notify is queue.Notify, ret is
-- queue.Return, original is ORCPT.
ALTER TABLE outgoing ADD COLUMN ret INTEGER NOT NULL DEFAULT 0;
ALTER TABLE target ADD COLUMN notify INTEGER NOT NULL DEFAULT 0;
ALTER TABLE target ADD COLUMN original TEXT NOT NULL DEFAULT '';
ALTER TABLE target ADD COLUMN delay_told INTEGER NOT NULL DEFAULT 0;
UPDATE target SET notify = 1 WHERE queue_id IN (SELECT queue_id FROM outgoing WHERE no_dsn <> 0);
ALTER TABLE outgoing DROP COLUMN no_dsn;

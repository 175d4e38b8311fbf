-- name: FindSubmitted :one
SELECT queue_id, accepted_at FROM submitted WHERE account_id = @account_id AND letter_key = @letter_key AND rcpt = @rcpt;

-- name: PutSubmitted :execrows
INSERT INTO submitted (account_id, letter_key, rcpt, queue_id, accepted_at)
VALUES (@account_id, @letter_key, @rcpt, @queue_id, @accepted_at)
ON CONFLICT (account_id, letter_key, rcpt) DO UPDATE SET queue_id = excluded.queue_id, accepted_at = excluded.accepted_at
WHERE submitted.accepted_at <= @before;

-- name: DropOldSubmitted :execrows
DELETE FROM submitted WHERE accepted_at < @before;

-- name: AddOutgoing :exec
INSERT INTO outgoing (account_id, queue_id, sender, blob_hash, size, utf8, env_id, ret, accepted_at)
VALUES (@account_id, @queue_id, @sender, @blob_hash, @size, @utf8, @env_id, @ret, @accepted_at);

-- name: AddTarget :exec
INSERT INTO target (account_id, queue_id, rcpt, tries, next_at, reply, notify, original, delay_told)
VALUES (@account_id, @queue_id, @rcpt, 0, @next_at, '', @notify, @original, 0);

-- name: DueTargets :many
SELECT * FROM target WHERE next_at <= @now ORDER BY next_at, account_id, queue_id, rcpt LIMIT @most;

-- name: NextTargets :many
SELECT next_at FROM target ORDER BY next_at LIMIT 1;

-- name: GetOutgoing :one
SELECT * FROM outgoing WHERE account_id = @account_id AND queue_id = @queue_id;

-- name: PutOff :exec
UPDATE target SET tries = @tries, next_at = @next_at, reply = @reply, delay_told = @delay_told
WHERE account_id = @account_id AND queue_id = @queue_id AND rcpt = @rcpt;

-- name: DropTarget :execrows
DELETE FROM target WHERE account_id = @account_id AND queue_id = @queue_id AND rcpt = @rcpt;

-- name: CountTargets :one
SELECT COUNT(*) FROM target WHERE account_id = @account_id AND queue_id = @queue_id;

-- name: DropOutgoing :exec
DELETE FROM outgoing WHERE account_id = @account_id AND queue_id = @queue_id;

-- name: ListTargets :many
SELECT t.queue_id, t.rcpt, t.tries, t.next_at, t.reply, o.sender, o.size, o.accepted_at
FROM target t JOIN outgoing o ON o.account_id = t.account_id AND o.queue_id = t.queue_id
ORDER BY o.accepted_at, t.queue_id, t.rcpt;

-- name: OutgoingWithoutTarget :one
SELECT COUNT(*) FROM outgoing o WHERE NOT EXISTS (SELECT 1 FROM target t WHERE t.account_id = o.account_id AND t.queue_id = o.queue_id);

-- name: OutgoingWithoutBlob :one
SELECT COUNT(*) FROM outgoing o WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.hash = o.blob_hash AND b.complete = 1);

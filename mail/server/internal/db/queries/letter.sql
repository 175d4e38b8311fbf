-- name: AddMessage :exec
INSERT INTO message (account_id, mailbox_id, uid, modseq, flags, size, received_at, saved_at, blob_hash, keywords, prefix)
VALUES (@account_id, @mailbox_id, @uid, @modseq, @flags, @size, @received_at, @saved_at, @blob_hash, @keywords, @prefix);

-- name: GetMessage :one
SELECT * FROM message WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND uid = @uid;

-- name: MessageRange :many
SELECT * FROM message
WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND uid >= @lo AND uid <= @hi ORDER BY uid;

-- name: MessagesSince :many
SELECT * FROM message
WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND modseq > @since ORDER BY modseq, uid;

-- name: MessageUIDs :many
SELECT uid FROM message WHERE account_id = @account_id AND mailbox_id = @mailbox_id ORDER BY uid;

-- name: SetFlags :exec
UPDATE message SET flags = @flags, keywords = @keywords, modseq = @modseq
WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND uid = @uid;

-- name: DropMessage :exec
DELETE FROM message WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND uid = @uid;

-- name: DropMailboxMessages :exec
DELETE FROM message WHERE account_id = @account_id AND mailbox_id = @mailbox_id;

-- name: AddExpunged :exec
INSERT INTO expunged (account_id, mailbox_id, modseq, uid, expunged_at)
VALUES (@account_id, @mailbox_id, @modseq, @uid, @expunged_at);

-- name: ExpungedSince :many
SELECT uid FROM expunged WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND modseq > @since ORDER BY uid;

-- name: OldExpunged :many
SELECT account_id, mailbox_id, modseq, uid FROM expunged WHERE expunged_at < @before ORDER BY account_id, mailbox_id, modseq LIMIT @most;

-- name: DropExpunged :exec
DELETE FROM expunged WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND modseq = @modseq AND uid = @uid;

-- name: DropMailboxExpunged :exec
DELETE FROM expunged WHERE account_id = @account_id AND mailbox_id = @mailbox_id;

-- name: FindByMessageID :many
SELECT m.uid FROM blob b JOIN message m ON m.blob_hash = b.hash
WHERE b.message_id = @message_id AND m.account_id = @account_id AND m.mailbox_id = @mailbox_id ORDER BY m.uid;

-- name: LastUIDs :many
SELECT uid FROM message WHERE account_id = @account_id AND mailbox_id = @mailbox_id ORDER BY uid DESC LIMIT 1;

-- name: MessageHeads :many
SELECT sqlc.embed(m), b.head FROM message m JOIN blob b ON b.hash = m.blob_hash
WHERE m.account_id = @account_id AND m.mailbox_id = @mailbox_id AND m.uid >= @lo AND m.uid <= @hi ORDER BY m.uid;

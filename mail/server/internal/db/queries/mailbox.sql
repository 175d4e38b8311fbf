-- name: AddAccount :exec
INSERT INTO account (account_id, quota_bytes, used_bytes, letters, last_mailbox, last_validity)
VALUES (@account_id, @quota_bytes, 0, 0, 0, 0);

-- name: GetAccount :one
SELECT * FROM account WHERE account_id = @account_id;

-- name: AccountIDs :many
SELECT account_id FROM account ORDER BY account_id;

-- name: SetQuota :execrows
UPDATE account SET quota_bytes = @quota_bytes WHERE account_id = @account_id;

-- name: AddUse :one
UPDATE account SET used_bytes = used_bytes + @bytes, letters = letters + @letters
WHERE account_id = @account_id RETURNING used_bytes, quota_bytes;

-- name: TakeMailboxID :one
UPDATE account SET last_mailbox = last_mailbox + 1,
  last_validity = CASE WHEN last_validity < @seconds THEN CAST(@seconds AS BIGINT) ELSE last_validity + 1 END
WHERE account_id = @account_id RETURNING last_mailbox, last_validity;

-- name: AddMailbox :exec
INSERT INTO mailbox (account_id, mailbox_id, name, role, uidvalidity, uidnext, modseq, floor, total, unseen, bytes, created_at)
VALUES (@account_id, @mailbox_id, @name, @role, @uidvalidity, 1, 1, 0, 0, 0, 0, @created_at);

-- name: ListMailboxes :many
SELECT * FROM mailbox WHERE account_id = @account_id ORDER BY name;

-- name: GetMailbox :one
SELECT * FROM mailbox WHERE account_id = @account_id AND mailbox_id = @mailbox_id;

-- name: CountUnseenSince :one
SELECT count(*) FROM message WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND received_at >= @since AND flags & @seen = 0;

-- name: FirstUnseen :one
SELECT uid FROM message WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND flags & @seen = 0 ORDER BY uid LIMIT 1;

-- name: FindMailbox :one
SELECT * FROM mailbox WHERE account_id = @account_id AND name = @name;

-- name: CountMailboxes :one
SELECT COUNT(*) FROM mailbox WHERE account_id = @account_id;

-- name: RenameMailbox :exec
UPDATE mailbox SET name = @name WHERE account_id = @account_id AND mailbox_id = @mailbox_id;

-- name: DropMailbox :exec
DELETE FROM mailbox WHERE account_id = @account_id AND mailbox_id = @mailbox_id;

-- name: Subscriptions :many
SELECT name FROM subscription WHERE account_id = @account_id ORDER BY name;

-- name: AddSubscription :exec
INSERT INTO subscription (account_id, name) VALUES (@account_id, @name) ON CONFLICT (account_id, name) DO NOTHING;

-- name: DropSubscription :exec
DELETE FROM subscription WHERE account_id = @account_id AND name = @name;

-- name: TakeUIDs :one
UPDATE mailbox SET uidnext = uidnext + @letters, modseq = modseq + 1, total = total + @letters,
  unseen = unseen + @unseen, bytes = bytes + @bytes, deleted = deleted + @deleted, deleted_bytes = deleted_bytes + @deleted_bytes
WHERE account_id = @account_id AND mailbox_id = @mailbox_id RETURNING uidnext, modseq, uidvalidity;

-- name: TakeModSeq :one
UPDATE mailbox SET modseq = modseq + 1 WHERE account_id = @account_id AND mailbox_id = @mailbox_id RETURNING modseq;

-- name: AddCounts :exec
UPDATE mailbox SET total = total + @letters, unseen = unseen + @unseen, bytes = bytes + @bytes,
  deleted = deleted + @deleted, deleted_bytes = deleted_bytes + @deleted_bytes
WHERE account_id = @account_id AND mailbox_id = @mailbox_id;

-- name: SetFloor :exec
UPDATE mailbox SET floor = @floor WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND floor < @floor;

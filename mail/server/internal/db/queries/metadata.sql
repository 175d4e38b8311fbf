-- name: ListMetadata :many
SELECT entry, person_id, value FROM metadata
WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND person_id IN (0, @person_id) ORDER BY entry, person_id;

-- name: PutMetadata :exec
INSERT INTO metadata (account_id, mailbox_id, person_id, entry, value)
VALUES (@account_id, @mailbox_id, @person_id, @entry, @value)
ON CONFLICT (account_id, mailbox_id, person_id, entry) DO UPDATE SET value = excluded.value;

-- name: DropMetadata :exec
DELETE FROM metadata
WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND person_id = @person_id AND entry = @entry;

-- name: DropMailboxMetadata :exec
DELETE FROM metadata WHERE account_id = @account_id AND mailbox_id = @mailbox_id;

-- name: MetadataUse :one
SELECT COUNT(*) AS entries, CAST(COALESCE(SUM(LENGTH(entry) + LENGTH(value)), 0) AS BIGINT) AS octets FROM metadata
WHERE account_id = @account_id;

-- name: MetadataWithoutMailbox :one
SELECT COUNT(*) FROM metadata d WHERE d.mailbox_id <> 0 AND NOT EXISTS
  (SELECT 1 FROM mailbox m WHERE m.account_id = d.account_id AND m.mailbox_id = d.mailbox_id);

-- name: GetOrigin :one
SELECT * FROM origin WHERE account_id = @account_id AND source = @source AND folder = @folder;

-- name: PutOrigin :exec
INSERT INTO origin (account_id, source, folder, mailbox_id, uidvalidity, base_uid, last_uid)
VALUES (@account_id, @source, @folder, @mailbox_id, @uidvalidity, @base_uid, 0)
ON CONFLICT (account_id, source, folder) DO UPDATE SET mailbox_id = excluded.mailbox_id,
  uidvalidity = excluded.uidvalidity, base_uid = excluded.base_uid, last_uid = 0;

-- name: AdvanceOrigin :execrows
UPDATE origin SET last_uid = @to_uid
WHERE account_id = @account_id AND source = @source AND folder = @folder AND uidvalidity = @uidvalidity AND last_uid = @from_uid;

-- name: OriginLeft :many
SELECT * FROM origin_left WHERE account_id = @account_id AND source = @source AND folder = @folder ORDER BY uid;

-- name: AddOriginLeft :exec
INSERT INTO origin_left (account_id, source, folder, uid, size, reason)
VALUES (@account_id, @source, @folder, @uid, @size, @reason)
ON CONFLICT (account_id, source, folder, uid) DO UPDATE SET size = excluded.size, reason = excluded.reason;

-- name: DropOriginLeft :execrows
DELETE FROM origin_left WHERE account_id = @account_id AND source = @source AND folder = @folder AND uid = @uid;

-- name: DropAllOriginLeft :exec
DELETE FROM origin_left WHERE account_id = @account_id AND source = @source AND folder = @folder;

-- name: PutDigestPage :exec
INSERT INTO digest_page (account_id, mailbox_id, page, through, stale) VALUES (@account_id, @mailbox_id, @page, @through, @stale)
ON CONFLICT (account_id, mailbox_id, page) DO UPDATE SET through = excluded.through, stale = excluded.stale;

-- name: PutDigest :exec
INSERT INTO digest (account_id, mailbox_id, page, kind, data) VALUES (@account_id, @mailbox_id, @page, @kind, @data)
ON CONFLICT (account_id, mailbox_id, page, kind) DO UPDATE SET data = excluded.data;

-- name: Digests :many
SELECT page, kind, data FROM digest
WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND page >= @lo AND page <= @hi AND kind = @kind ORDER BY page;

-- name: DigestPages :many
SELECT page, through, stale FROM digest_page WHERE account_id = @account_id AND mailbox_id = @mailbox_id ORDER BY page;

-- name: DigestPage :many
SELECT through, stale FROM digest_page WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND page = @page;

-- name: SpoilDigest :exec
UPDATE digest_page SET stale = 1 WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND page = @page AND stale = 0;

-- name: DropDigestPage :exec
DELETE FROM digest_page WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND page = @page;

-- name: DropDigest :exec
DELETE FROM digest WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND page = @page;

-- name: DropMailboxDigestPages :exec
DELETE FROM digest_page WHERE account_id = @account_id AND mailbox_id = @mailbox_id;

-- name: DropMailboxDigests :exec
DELETE FROM digest WHERE account_id = @account_id AND mailbox_id = @mailbox_id;

-- name: DigestsWithoutPage :one
SELECT COUNT(*) FROM digest d WHERE NOT EXISTS (SELECT 1 FROM digest_page p
WHERE p.account_id = d.account_id AND p.mailbox_id = d.mailbox_id AND p.page = d.page);

-- name: DigestMailboxes :many
SELECT account_id, mailbox_id, uidnext FROM mailbox WHERE uidnext > @uidnext ORDER BY account_id, mailbox_id;

-- name: MessageMarks :many
SELECT uid, modseq, flags, size, received_at, keywords FROM message
WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND uid >= @lo AND uid <= @hi ORDER BY uid;

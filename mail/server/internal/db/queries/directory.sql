-- name: AddListed :execrows
INSERT INTO listed (listed_id, kind, name, account_id, created_at)
VALUES (@listed_id, @kind, @name, @account_id, @created_at) ON CONFLICT (kind, name) DO NOTHING;

-- name: ListListed :many
SELECT * FROM listed ORDER BY kind, name;

-- name: DropListed :execrows
DELETE FROM listed WHERE listed_id = @listed_id;

-- name: AddEntryName :execrows
INSERT INTO entry_name (entry, name) VALUES (@entry, @name) ON CONFLICT (entry, name) DO NOTHING;

-- name: DropEntryName :execrows
DELETE FROM entry_name WHERE entry = @entry AND name = @name;

-- name: DropEntryNames :exec
DELETE FROM entry_name WHERE entry = @entry;

-- name: ListEntryNames :many
SELECT * FROM entry_name ORDER BY entry, name;

-- name: AddMember :execrows
INSERT INTO member (listed_id, entry) VALUES (@listed_id, @entry) ON CONFLICT (listed_id, entry) DO NOTHING;

-- name: DropMember :execrows
DELETE FROM member WHERE listed_id = @listed_id AND entry = @entry;

-- name: DropMembers :exec
DELETE FROM member WHERE listed_id = @listed_id;

-- name: DropMemberships :exec
DELETE FROM member WHERE entry = @entry;

-- name: ListMembers :many
SELECT * FROM member ORDER BY listed_id, entry;

-- name: PageHolders :many
SELECT account_id, unit_id, person_id, state, name, post, regulation, wire FROM holder
WHERE wire > @after ORDER BY wire LIMIT @most;

-- name: HoldersNamed :many
SELECT * FROM holder WHERE name = @name ORDER BY wire LIMIT 2;

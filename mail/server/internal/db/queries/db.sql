-- name: PutMark :exec
INSERT INTO writer_mark (writer, batch, used_at) VALUES (@writer, @batch, @used_at)
ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch, used_at = excluded.used_at;

-- name: GetMark :one
SELECT batch FROM writer_mark WHERE writer = @writer;

-- name: DropOldMarks :exec
DELETE FROM writer_mark WHERE used_at < @before;

-- name: NextNumber :one
UPDATE counter SET value = value + 1 WHERE name = @name RETURNING value;

-- name: GetCounter :one
SELECT value FROM counter WHERE name = @name;

-- name: AddSecret :exec
INSERT INTO secret (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING;

-- name: GetSecret :one
SELECT value FROM secret WHERE name = @name;

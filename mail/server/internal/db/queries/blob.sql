-- name: AddBlob :execrows
INSERT INTO blob (hash, size, head_size, complete, orphaned_at, message_id, head)
VALUES (@hash, @size, @head_size, @complete, 0, @message_id, @head) ON CONFLICT (hash) DO NOTHING;

-- name: FinishBlob :exec
UPDATE blob SET complete = 1, orphaned_at = 0 WHERE hash = @hash AND (complete = 0 OR orphaned_at <> 0);

-- name: BlobState :one
SELECT complete, orphaned_at FROM blob WHERE hash = @hash;

-- name: BlobHead :one
SELECT head, size FROM blob WHERE hash = @hash;

-- name: AddChunk :exec
INSERT INTO chunk (hash, n, data) VALUES (@hash, @n, @data) ON CONFLICT (hash, n) DO NOTHING;

-- name: GetChunk :one
SELECT data FROM chunk WHERE hash = @hash AND n = @n;

-- name: BlobPage :many
SELECT hash, size, head_size, complete, orphaned_at FROM blob WHERE hash > @after ORDER BY hash LIMIT @most;

-- name: ChunkNumbers :many
SELECT n FROM chunk WHERE hash = @hash ORDER BY n;

-- name: BlobUses :one
SELECT CAST((SELECT COUNT(*) FROM message m WHERE m.blob_hash = @hash) + (SELECT COUNT(*) FROM outgoing o WHERE o.blob_hash = @hash) AS BIGINT) AS uses;

-- name: BlobUsed :many
SELECT b.hash FROM blob b
WHERE b.hash > @after AND b.hash <= @last
AND (EXISTS (SELECT 1 FROM message m WHERE m.blob_hash = b.hash) OR EXISTS (SELECT 1 FROM outgoing o WHERE o.blob_hash = b.hash));

-- name: SetOrphaned :exec
UPDATE blob SET orphaned_at = @orphaned_at WHERE hash = @hash;

-- name: DropBlob :exec
DELETE FROM blob WHERE hash = @hash;

-- name: DropChunks :exec
DELETE FROM chunk WHERE hash = @hash;

-- name: LettersWithoutBlob :one
SELECT COUNT(*) FROM message m WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.hash = m.blob_hash AND b.complete = 1);

-- name: ChunksWithoutBlob :one
SELECT COUNT(*) FROM chunk c WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.hash = c.hash);

-- name: WrongSizes :one
SELECT COUNT(*) FROM message m JOIN blob b ON b.hash = m.blob_hash WHERE m.size <> b.size + LENGTH(m.prefix);

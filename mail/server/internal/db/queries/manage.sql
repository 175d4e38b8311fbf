-- name: FindOutgoing :many
SELECT * FROM outgoing WHERE queue_id = @queue_id;

-- name: TargetsOf :many
SELECT * FROM target WHERE account_id = @account_id AND queue_id = @queue_id ORDER BY rcpt;

-- name: RetryTargets :execrows
UPDATE target SET next_at = @now WHERE queue_id = @queue_id;

-- name: RetryAllTargets :execrows
UPDATE target SET next_at = @now;

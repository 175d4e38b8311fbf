-- name: AddDelegation :exec
INSERT INTO delegation (delegation_id, account_id, person_id, document, dated, from_day, until_day, scope, chief_at, given_by, given_at, ended_by, ended_at, end_reason)
VALUES (@delegation_id, @account_id, @person_id, @document, @dated, @from_day, @until_day, @scope, @chief_at, @given_by, @given_at, 0, 0, '');

-- name: GetDelegation :one
SELECT * FROM delegation WHERE delegation_id = @delegation_id;

-- name: BoxDelegations :many
SELECT * FROM delegation WHERE account_id = @account_id ORDER BY delegation_id DESC;

-- name: PersonDelegations :many
SELECT * FROM delegation WHERE person_id = @person_id AND ended_at = 0 ORDER BY delegation_id;

-- name: FindDelegations :many
SELECT * FROM delegation WHERE account_id = @account_id AND person_id = @person_id AND ended_at = 0 ORDER BY delegation_id;

-- name: EndDelegation :execrows
UPDATE delegation SET ended_by = @ended_by, ended_at = @ended_at, end_reason = @end_reason
WHERE delegation_id = @delegation_id AND ended_at = 0;

-- name: GetHead :one
SELECT * FROM head WHERE account_id = @account_id;

-- name: HeadOf :many
SELECT * FROM head WHERE person_id = @person_id ORDER BY account_id;

-- name: SetHead :exec
INSERT INTO head (account_id, person_id, since) VALUES (@account_id, @person_id, @since)
ON CONFLICT (account_id) DO UPDATE SET person_id = excluded.person_id, since = excluded.since;

-- name: DropHead :execrows
DELETE FROM head WHERE account_id = @account_id;

-- name: Freeze :execrows
INSERT INTO frozen (account_id, since) VALUES (@account_id, @since) ON CONFLICT (account_id) DO NOTHING;

-- name: Thaw :execrows
DELETE FROM frozen WHERE account_id = @account_id;

-- name: GetFrozen :many
SELECT since FROM frozen WHERE account_id = @account_id;

-- name: AddSentAs :exec
INSERT INTO sent_as (account_id, at, queue_id, person_id, recipients, size, message_id)
VALUES (@account_id, @at, @queue_id, @person_id, @recipients, @size, @message_id);

-- name: ListSentAs :many
SELECT * FROM sent_as WHERE account_id = @account_id AND at >= @after AND at < @before ORDER BY at, queue_id LIMIT @most;

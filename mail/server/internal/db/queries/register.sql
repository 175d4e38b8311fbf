-- name: AddUnit :exec
INSERT INTO unit (unit_id, parent_id, name, type, regulation, wire, created_at)
VALUES (@unit_id, @parent_id, @name, @type, @regulation, @wire, @created_at);

-- name: GetUnit :one
SELECT * FROM unit WHERE unit_id = @unit_id;

-- name: ListUnits :many
SELECT * FROM unit ORDER BY name, unit_id;

-- name: AddHolder :exec
INSERT INTO holder (account_id, unit_id, person_id, kind, state, name, post, regulation, wire, search, password, scram, must_change, expires_at, changed_at, first_used_at, created_at)
VALUES (@account_id, @unit_id, @person_id, @kind, @state, @name, @post, @regulation, @wire, @search, @password, @scram, @must_change, @expires_at, 0, 0, @created_at);

-- name: GetHolder :one
SELECT * FROM holder WHERE account_id = @account_id;

-- name: HolderState :one
SELECT kind, state FROM holder WHERE account_id = @account_id;

-- name: ListHolders :many
SELECT * FROM holder ORDER BY wire;

-- name: SearchHolders :many
SELECT * FROM holder WHERE search LIKE CAST(@pattern AS TEXT) ESCAPE '\' ORDER BY kind, wire;

-- name: FindHolder :one
SELECT h.* FROM address a JOIN holder h ON h.account_id = a.account_id WHERE a.wire = @wire;

-- name: FindRecipient :one
SELECT h.account_id, h.wire, h.state, c.quota_bytes, c.used_bytes FROM address a
JOIN holder h ON h.account_id = a.account_id JOIN account c ON c.account_id = h.account_id WHERE a.wire = @wire;

-- name: SetPassword :execrows
UPDATE holder SET password = @password, scram = @scram, must_change = @must_change, expires_at = @expires_at, changed_at = @changed_at
WHERE account_id = @account_id AND password = @old;

-- name: SetFirstUse :exec
UPDATE holder SET first_used_at = @first_used_at WHERE account_id = @account_id AND first_used_at = 0;

-- name: SetState :execrows
UPDATE holder SET state = @state WHERE account_id = @account_id;

-- name: AddAddress :execrows
INSERT INTO address (wire, regulation, account_id, created_at)
VALUES (@wire, @regulation, @account_id, @created_at) ON CONFLICT (wire) DO NOTHING;

-- name: FindAddress :one
SELECT * FROM address WHERE wire = @wire;

-- name: AccountAddresses :many
SELECT * FROM address WHERE account_id = @account_id ORDER BY created_at, wire;

-- name: HoldersWithoutAddress :one
SELECT COUNT(*) FROM holder h WHERE NOT EXISTS (SELECT 1 FROM address a WHERE a.wire = h.wire AND a.account_id = h.account_id);

-- name: AddressesWithoutHolder :one
SELECT COUNT(*) FROM address a WHERE NOT EXISTS (SELECT 1 FROM holder h WHERE h.account_id = a.account_id);

-- name: AddAudit :exec
INSERT INTO audit (seq, at, account_id, remote, door, what, subject, detail, hash)
VALUES (@seq, @at, @account_id, @remote, @door, @what, @subject, @detail, @hash);

-- name: GetAudit :one
SELECT * FROM audit WHERE seq = @seq;

-- name: ListAudit :many
SELECT * FROM audit WHERE seq > @after ORDER BY seq LIMIT @most;

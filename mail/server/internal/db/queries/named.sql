-- name: FindNamed :many
SELECT m.mailbox_id, m.uid, b.role, l.head FROM blob l JOIN message m ON m.blob_hash = l.hash
JOIN mailbox b ON b.account_id = m.account_id AND b.mailbox_id = m.mailbox_id
WHERE l.message_id = @message_id AND m.account_id = @account_id ORDER BY m.mailbox_id, m.uid;

-- name: NextWorkVersion :one
INSERT INTO work_count (account_id, version) VALUES (@account_id, 2)
ON CONFLICT (account_id) DO UPDATE SET version = work_count.version + 1 RETURNING version;

-- name: WorkVersion :many
SELECT version FROM work_count WHERE account_id = @account_id;

-- name: GetWork :one
SELECT * FROM work WHERE account_id = @account_id AND letter_key = @letter_key;

-- name: PutWork :exec
INSERT INTO work (account_id, letter_key, version, turned, turned_by, state, holder_id, assigned_by, instruction, due_at, due_reason, claim_id, claim_since, claim_until, answered_by, answered_at, excused_at, reopened_at, reason)
VALUES (@account_id, @letter_key, @version, @turned, @turned_by, @state, @holder_id, @assigned_by, @instruction, @due_at, @due_reason, @claim_id, @claim_since, @claim_until, @answered_by, @answered_at, @excused_at, @reopened_at, @reason)
ON CONFLICT (account_id, letter_key) DO UPDATE SET version = excluded.version, turned = excluded.turned, turned_by = excluded.turned_by,
  state = excluded.state, holder_id = excluded.holder_id, assigned_by = excluded.assigned_by, instruction = excluded.instruction,
  due_at = excluded.due_at, due_reason = excluded.due_reason, claim_id = excluded.claim_id, claim_since = excluded.claim_since,
  claim_until = excluded.claim_until, answered_by = excluded.answered_by, answered_at = excluded.answered_at,
  excused_at = excluded.excused_at, reopened_at = excluded.reopened_at, reason = excluded.reason;

-- name: WorksSince :many
SELECT * FROM work WHERE account_id = @account_id AND version > @since ORDER BY version;

-- name: StaleClaims :many
SELECT * FROM work WHERE account_id = @account_id AND claim_until > 0 AND claim_until <= @now ORDER BY letter_key;

-- name: CountHeld :many
SELECT holder_id, COUNT(*) AS letters FROM work WHERE account_id = @account_id AND state = 'doing' GROUP BY holder_id;

-- name: AddWorkNote :exec
INSERT INTO work_note (account_id, letter_key, version, person_id, at, body)
VALUES (@account_id, @letter_key, @version, @person_id, @at, @body);

-- name: WorkNotes :many
SELECT * FROM work_note WHERE account_id = @account_id AND letter_key = @letter_key ORDER BY version;

-- name: WorkNotesSince :many
SELECT n.* FROM work_note n JOIN work w ON w.account_id = n.account_id AND w.letter_key = n.letter_key
WHERE n.account_id = @account_id AND w.version > @since ORDER BY n.letter_key, n.version;

-- name: CountWorkNotes :one
SELECT COUNT(*) FROM work_note WHERE account_id = @account_id AND letter_key = @letter_key;

-- name: FindAct :many
SELECT * FROM work_act WHERE person_id = @person_id AND act_id = @act_id;

-- name: AddAct :exec
INSERT INTO work_act (person_id, act_id, at, digest) VALUES (@person_id, @act_id, @at, @digest);

-- name: DropOldActs :exec
DELETE FROM work_act WHERE at < @before;

-- name: AddDuty :exec
INSERT INTO duty (account_id, letter_key, message_id, received_at, due_at, answered_at, answered_by, excused_at, blob_hash)
VALUES (@account_id, @letter_key, @message_id, @received_at, @due_at, 0, 0, 0, @blob_hash)
ON CONFLICT (account_id, letter_key) DO NOTHING;

-- name: UnreadDuty :many
SELECT * FROM duty WHERE account_id = @account_id AND LENGTH(blob_hash) > 0 ORDER BY received_at LIMIT @most;

-- name: UnreadDutyAccounts :many
SELECT DISTINCT account_id FROM duty WHERE LENGTH(blob_hash) > 0 ORDER BY account_id;

-- name: SetDutyTerm :exec
UPDATE duty SET due_at = @due_at, blob_hash = @blob_hash WHERE account_id = @account_id AND letter_key = @letter_key;

-- name: FindDuty :many
SELECT * FROM duty WHERE account_id = @account_id AND message_id = @message_id;

-- name: AnswerDuty :exec
UPDATE duty SET answered_at = @answered_at, answered_by = @answered_by WHERE account_id = @account_id AND letter_key = @letter_key AND answered_at = 0;

-- name: SettleDuty :exec
UPDATE duty SET answered_at = @answered_at, answered_by = @answered_by, excused_at = @excused_at WHERE account_id = @account_id AND letter_key = @letter_key;

-- name: DutyOfSpan :many
SELECT d.letter_key, d.received_at, d.due_at, d.answered_at, d.excused_at, CAST(COALESCE(w.due_at, 0) AS BIGINT) AS chosen_at
FROM duty d LEFT JOIN work w ON w.account_id = d.account_id AND w.letter_key = d.letter_key
WHERE d.account_id = @account_id AND d.received_at < @before AND (d.received_at >= @after OR d.answered_at = 0 OR d.answered_at >= @after)
ORDER BY d.received_at, d.letter_key;

-- name: DayMarks :many
SELECT * FROM day_mark WHERE account_id = @account_id AND day >= @from_day AND day <= @until_day ORDER BY day;

-- name: MarkOpened :exec
INSERT INTO day_mark (account_id, day, opened_at, opened_by, checked_at, checked_by) VALUES (@account_id, @day, @at, @person_id, 0, 0)
ON CONFLICT (account_id, day) DO UPDATE SET opened_at = excluded.opened_at, opened_by = excluded.opened_by WHERE day_mark.opened_at = 0;

-- name: MarkChecked :exec
INSERT INTO day_mark (account_id, day, opened_at, opened_by, checked_at, checked_by) VALUES (@account_id, @day, 0, 0, @at, @person_id)
ON CONFLICT (account_id, day) DO UPDATE SET checked_at = excluded.checked_at, checked_by = excluded.checked_by WHERE day_mark.checked_at = 0;

-- name: AddAbsence :exec
INSERT INTO absence (absence_id, person_id, from_day, until_day, kind, remark) VALUES (@absence_id, @person_id, @from_day, @until_day, @kind, @remark);

-- name: Absences :many
SELECT * FROM absence WHERE person_id = @person_id AND until_day >= @from_day AND from_day <= @until_day ORDER BY from_day, absence_id;

-- name: GetAbsence :one
SELECT * FROM absence WHERE absence_id = @absence_id AND person_id = @person_id;

-- name: DropAbsence :execrows
DELETE FROM absence WHERE absence_id = @absence_id AND person_id = @person_id;

-- name: CountAbsences :one
SELECT COUNT(*) FROM absence WHERE person_id = @person_id;

-- name: AddHandover :exec
INSERT INTO handover (handover_id, account_id, state, giver_id, receiver_id, by_office, reason, started_at, given_at, taken_at, done_at, refused_by, hash, inventory, borders, secret)
VALUES (@handover_id, @account_id, @state, @giver_id, @receiver_id, @by_office, @reason, @started_at, @given_at, 0, 0, 0, @hash, @inventory, @borders, '');

-- name: GetHandover :one
SELECT * FROM handover WHERE handover_id = @handover_id;

-- name: SetHandover :exec
UPDATE handover SET state = @state, given_at = @given_at, taken_at = @taken_at, done_at = @done_at, refused_by = @refused_by, reason = @reason, secret = @secret
WHERE handover_id = @handover_id;

-- name: OpenHandovers :many
SELECT * FROM handover WHERE account_id = @account_id AND state IN ('frozen', 'given', 'taken') ORDER BY handover_id;

-- name: PartyHandovers :many
SELECT * FROM handover WHERE giver_id = @person_id OR receiver_id = @person_id ORDER BY handover_id DESC LIMIT @most;

-- name: BoxHandovers :many
SELECT * FROM handover WHERE account_id = @account_id ORDER BY handover_id DESC LIMIT @most;

-- name: AccountLetters :many
SELECT m.*, b.head FROM blob b JOIN message m ON m.blob_hash = b.hash WHERE b.message_id = @message_id AND m.account_id = @account_id ORDER BY m.mailbox_id, m.uid LIMIT @most;

-- name: CountBelow :one
SELECT COUNT(*) FROM message WHERE account_id = @account_id AND mailbox_id = @mailbox_id AND uid < @border;

-- name: CountOutgoing :one
SELECT COUNT(*) FROM outgoing WHERE account_id = @account_id;

-- name: HeldWorks :many
SELECT * FROM work WHERE account_id = @account_id AND (state = 'doing' OR claim_id <> 0) ORDER BY letter_key;

-- name: WorkDues :many
SELECT letter_key, state, holder_id, due_at FROM work WHERE account_id = @account_id ORDER BY letter_key;

-- name: DutyDues :many
SELECT letter_key, due_at FROM duty WHERE account_id = @account_id ORDER BY letter_key;

-- name: FrozenAccounts :many
SELECT account_id FROM frozen ORDER BY account_id;

-- name: HandoverAccounts :many
SELECT account_id FROM handover WHERE state IN ('frozen', 'given', 'taken') ORDER BY account_id;

-- name: CountBrokenWorks :one
SELECT COUNT(*) FROM work w WHERE (w.state = 'doing' AND w.holder_id = 0) OR (w.state = 'open' AND w.holder_id <> 0)
  OR (w.state = 'answered' AND w.answered_at = 0) OR (w.state <> 'answered' AND w.answered_at <> 0)
  OR (w.state = 'excused' AND w.excused_at = 0) OR (w.state <> 'excused' AND w.excused_at <> 0)
  OR w.turned > w.version
  OR NOT EXISTS (SELECT 1 FROM work_count c WHERE c.account_id = w.account_id AND c.version >= w.version);

-- name: DutyMarks :many
SELECT d.letter_key, d.excused_at, m.flags, CAST(COALESCE(w.state, '') AS TEXT) AS state
FROM duty d JOIN blob b ON b.message_id = d.message_id
JOIN message m ON m.blob_hash = b.hash AND m.account_id = d.account_id
LEFT JOIN work w ON w.account_id = d.account_id AND w.letter_key = d.letter_key
WHERE d.account_id = @account_id AND d.answered_at = 0 AND d.message_id <> '' ORDER BY d.letter_key;

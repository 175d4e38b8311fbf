package store

// workStateSchema keeps with each letter of a box that several people work in how far it has come, so that lists and counts of
// 100,000 letters need not ask: workState as a number (see workStates), 0 for a letter of no work or in a folder where none is done.
// Only such letters are in the index, and triggers keep it: an ordinary box pays nothing. What Sent says is kept by tx.answered.
const workStateSchema = `
ALTER TABLE letter ADD COLUMN wstate INTEGER NOT NULL DEFAULT 0;
CREATE INDEX letter_wstate ON letter(account, wstate, received, id, wkey) WHERE wstate > 0;
CREATE INDEX work_holder ON work(account, holder, name) WHERE holder <> '';
CREATE INDEX work_held ON work(account, key, holder) WHERE holder <> '' AND state IN ('open','doing');
UPDATE letter SET wstate=` + letterWork + ` WHERE wkey IS NOT NULL;
CREATE TRIGGER letter_worked AFTER UPDATE OF folder, flags, duty, wkey ON letter WHEN new.wkey IS NOT NULL BEGIN
	UPDATE letter SET wstate=` + letterWork + ` WHERE id=new.id;
END;
CREATE TRIGGER work_added AFTER INSERT ON work BEGIN
	UPDATE letter SET wstate=` + letterWork + ` WHERE account=new.account AND wkey=new.key;
END;
CREATE TRIGGER work_changed AFTER UPDATE OF state, reopened ON work WHEN old.state<>new.state OR old.reopened<>new.reopened BEGIN
	UPDATE letter SET wstate=` + letterWork + ` WHERE account=new.account AND wkey=new.key;
END;
CREATE TRIGGER work_dropped AFTER DELETE ON work BEGIN
	UPDATE letter SET wstate=` + letterWork + ` WHERE account=old.account AND wkey=old.key;
END;
CREATE TRIGGER folder_worked AFTER UPDATE OF role ON folder WHEN old.role<>new.role BEGIN
	UPDATE letter SET wstate=` + letterWork + ` WHERE folder=new.id AND wkey IS NOT NULL;
END;
`

// letterWork is workState of a row of letter as a number.
const letterWork = `CASE WHEN NOT EXISTS(SELECT 1 FROM folder f WHERE f.id=letter.folder AND f.role NOT IN ('trash','junk','drafts','sent')) THEN 0
	ELSE coalesce((SELECT CASE WHEN w.state IN ('answered','excused') OR w.reopened>0 THEN ` + workNumber + `
		WHEN letter.flags & 256 <> 0 THEN 4 WHEN letter.flags & 2 <> 0 OR ` + letterAnswered + ` THEN 3 ELSE ` + workNumber + ` END
		FROM work w WHERE w.account=letter.account AND w.key=letter.wkey),
	CASE WHEN letter.duty=0 THEN 0 WHEN letter.flags & 256 <> 0 THEN 4 WHEN letter.flags & 2 <> 0 OR ` + letterAnswered + ` THEN 3 ELSE 1 END) END`

const (
	workNumber     = `CASE w.state WHEN 'open' THEN 1 WHEN 'doing' THEN 2 WHEN 'answered' THEN 3 WHEN 'excused' THEN 4 ELSE 0 END`
	letterAnswered = `EXISTS(SELECT 1 FROM answer n WHERE n.account=letter.account AND n.hash=letter.mhash AND letter.mhash<>0)`
)

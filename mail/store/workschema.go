package store

// workSchema is what the people of a box agree on about its letters (QC 14). A letter of such a box carries its mail.LetterKey;
// wkey is NULL in every other box. base is what the office said last, NULL if it said nothing yet; view is that with the pending
// acts done on it, and the columns before it are taken from the view.
const workSchema = `
ALTER TABLE letter ADD COLUMN wkey TEXT;
CREATE INDEX letter_work ON letter(account, wkey) WHERE wkey IS NOT NULL;
CREATE TABLE work (
	account INTEGER NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL, holder TEXT NOT NULL, name TEXT NOT NULL, mine INTEGER NOT NULL,
	writing TEXT NOT NULL, claimed INTEGER NOT NULL, reopened INTEGER NOT NULL, base TEXT, view TEXT NOT NULL,
	PRIMARY KEY (account, key)) WITHOUT ROWID;
CREATE INDEX work_claimed ON work(account, claimed) WHERE claimed > 0;
CREATE TABLE work_seen (account INTEGER PRIMARY KEY, version INTEGER NOT NULL);
CREATE TABLE work_act (
	n INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, key TEXT NOT NULL, letter INTEGER NOT NULL, data TEXT NOT NULL,
	toname TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX work_act_key ON work_act(account, key, n);
`

// answeredHere reports whether a letter of Sent names the letter l.
const answeredHere = "EXISTS(SELECT 1 FROM answer n WHERE n.account=l.account AND n.hash=l.mhash AND l.mhash<>0)"

// workState is how far the letter l has come, with w its row of work: the record where it says that the letter is done or was
// reopened, else the marks, which every client sets, else the record. "" in a box of one person, and for a letter that asks for
// nothing and that nobody took.
const workState = `CASE WHEN l.wkey IS NULL THEN '' WHEN w.state IN ('answered','excused') OR w.reopened>0 THEN w.state
	WHEN l.flags & 256 <> 0 THEN 'excused' WHEN l.flags & 2 <> 0 OR ` + answeredHere + ` THEN 'answered'
	WHEN w.state IS NOT NULL THEN w.state WHEN l.duty=1 THEN 'open' ELSE '' END`

const joinWork = " LEFT JOIN work w ON w.account=l.account AND w.key=l.wkey"

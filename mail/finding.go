package mail

// Finding is what a check found: of a draft before it is sent, of a file, of a letter that came.
type Finding struct {
	Verdict Verdict
	Code    string // stable name: "secret-mark", "no-subject", "forgotten-file", "bad-address", "outside"
	Rule    string // which rule found it: of "secret-mark" a letter of the detector ("A", "C3", "F"); "" where Code says it all
	Clause  string // "QC 7.1b"; "" if it is not from the regulation
	Where   string // "subject", "body", "to", "attachment:NAME"
	Line    int    // of the text at Where, from 1; 0 where lines say nothing
	Text    string // the words that matched, or the address; never logged
	Suggest string // what to do about it, by code: "to-docx", "remove", "rename" for a file (rule.FormatReport); "" for nothing
	Fix     string // Text as it should be, where that is known: "not-unicode"
}

// Verdict is what may happen to a letter.
type Verdict uint8

// Verdicts: qua, hỏi, chặn.
const (
	Pass Verdict = iota
	Ask
	Block
)

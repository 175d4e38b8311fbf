package rule

import (
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// FileReading is a file and what a look into it told.
type FileReading struct {
	Name, Type string // Type: media type by content
	Size       int64
	Risk       mail.Risk
	Facts      FileFacts
	Text       string // NFC
	Legacy     string // legacy encoding of its text, "" if none
	Issues     []viet.Issue
}

// InspectInput is a letter, or one document, to be judged by every rule of this room at once. Every text is NFC.
type InspectInput struct {
	Letter                bool // the fields up to Priority count; otherwise Files[0] is the document itself
	To, Cc, Bcc           []mail.Address
	Bad                   []string // what stood in the address fields and is no address
	Subject, Body, Quoted string
	Legacy                string       // legacy encoding of subject or text
	Issues                []viet.Issue // of the letter's text as it was sent
	Priority              int          // as in mail.Head

	Files     []FileReading
	Domain    string    // the system's own
	Outside   bool      // crosses the border of the system, whatever the addresses say; judged strictly
	Received  time.Time // base of deadlines
	Calendar  *Calendar // nil for the country's
	Formats   Formats   // nil for the built-in policy
	ReplyDays int       // working days to answer in (D8); 0 for 5
}

// Inspection is everything that was found.
type Inspection struct {
	Verdict   mail.Verdict   // the worst of Findings
	Findings  []mail.Finding // Block, Ask, Pass
	Formats   []FormatReport // of each file, in order
	Documents []FoundDocument
	Deadlines []FoundDeadline
	Reply     time.Time // end of the working day by which an answer is due
	ReplyWhy  string    // "deadline", "urgent" or "default" (D8)
}

// FoundDocument is an official document that stands in the letter's text or in a file.
type FoundDocument struct {
	Document
	Where string
}

// FoundDeadline is a time limit and where it stands.
type FoundDeadline struct {
	Deadline
	Where    string
	Line     int
	Expected bool // the calendar of its year is computed, not decided: "lịch dự kiến"
}

// Places in Finding.Where when a document is judged on its own.
const (
	PlaceFile = "file" // its format and its name
	PlaceBody = "body" // its text
)

const defaultReplyDays = 5 // D8

// Inspect judges a letter or a document as a whole: secrecy, passwords, character set, formats, recipients, deadlines. It is
// what `hopthu check` prints, and asks the same functions as the screens do.
func Inspect(in InspectInput) Inspection {
	if in.Calendar == nil {
		in.Calendar = VietNam()
	}
	if in.Formats == nil {
		in.Formats = DefaultFormats()
	}
	if in.ReplyDays <= 0 {
		in.ReplyDays = defaultReplyDays
	}
	x := inspector{in: in}
	if in.Letter {
		x.letter()
	} else if len(in.Files) > 0 {
		x.document(in.Files[0])
	}
	for _, f := range in.Files {
		x.out.Formats = append(x.out.Formats, in.Formats.Judge(File{Name: f.Name, Type: f.Type, Risk: f.Risk, Facts: f.Facts, Outside: in.Outside}))
	}
	for _, t := range x.texts() {
		x.read(t)
	}
	x.reply()
	c := draftCheck{in: DraftInput{Outside: in.Outside, StrictOutside: in.Outside}, found: x.found}
	c.outsiders()
	x.out.Findings = c.sorted()
	for _, f := range x.out.Findings {
		x.out.Verdict = max(x.out.Verdict, f.Verdict)
	}
	return x.out
}

type inspector struct {
	in    InspectInput
	found []mail.Finding
	out   Inspection
}

func (x *inspector) add(f mail.Finding) { x.found = append(x.found, f) }

// letter judges as before sending; a letter that names nobody was perhaps received as a blind copy.
func (x *inspector) letter() {
	in := DraftInput{
		Domain: x.in.Domain, To: x.in.To, Cc: x.in.Cc, Bcc: x.in.Bcc, Bad: x.in.Bad, Subject: x.in.Subject, Body: x.in.Body,
		Quoted: x.in.Quoted, Formats: x.in.Formats, Outside: x.in.Outside, Texts: map[string]string{}, Facts: map[string]FileFacts{},
	}
	for _, f := range x.in.Files {
		in.Attachments = append(in.Attachments, mail.Attachment{Name: f.Name, Type: f.Type, Size: f.Size, Risk: f.Risk})
		in.Texts[f.Name] += f.Text + "\n"
		in.Facts[f.Name] = in.Facts[f.Name].Or(f.Facts)
	}
	for _, f := range CheckDraft(in) {
		if f.Code != "no-recipient" {
			x.add(f)
		}
	}
	x.charset(PlaceBody, x.in.Legacy, x.in.Issues)
	for _, f := range x.in.Files {
		x.file("attachment:"+f.Name, "attachment:"+f.Name, f)
	}
}

// document judges a file on its own: its format and name, and its text as the text of a letter would be.
func (x *inspector) document(f FileReading) {
	c := draftCheck{in: DraftInput{
		Formats: x.in.Formats, Outside: x.in.Outside, Facts: map[string]FileFacts{f.Name: f.Facts},
		Attachments: []mail.Attachment{{Name: f.Name, Type: f.Type, Size: f.Size, Risk: f.Risk}},
	}}
	c.files()
	for _, found := range c.found {
		found.Where = PlaceFile
		x.add(found)
	}
	x.found = append(x.found, Secrecy(PlaceBody, f.Text)...)
	if text, ok := passwordIn(f.Text); ok {
		x.add(mail.Finding{Verdict: mail.Ask, Code: "password", Clause: "QC 13.5", Where: PlaceBody, Text: text})
	}
	x.file(PlaceFile, PlaceBody, f)
}

// file adds what only a look into the file tells.
func (x *inspector) file(where, text string, f FileReading) {
	x.charset(text, f.Legacy, f.Issues)
	if f.Facts.Unread && !f.Facts.Locked && !f.Facts.Bomb && !f.Facts.Scanned {
		x.add(mail.Finding{Verdict: mail.Pass, Code: "unread", Clause: clauseSecret, Where: where, Text: f.Name})
	}
	if f.Facts.Cut {
		x.add(mail.Finding{Verdict: mail.Pass, Code: "cut", Clause: clauseSecret, Where: where, Text: f.Name})
	}
}

var issueRules = map[viet.IssueKind]string{viet.NotUTF8: "not-utf8", viet.Decomposed: "decomposed", viet.Legacy: "legacy", viet.Strange: "strange"}

// charset adds what does not conform to TCVN 6909:2001. Decomposed letters are mended on the way out and only told.
func (x *inspector) charset(where, legacy string, issues []viet.Issue) {
	if legacy != "" {
		x.add(mail.Finding{Verdict: mail.Ask, Code: "legacy-charset", Rule: "legacy", Clause: "QC 7.2", Where: where, Text: legacy})
	}
	for _, i := range issues {
		f := mail.Finding{Verdict: mail.Ask, Code: "not-unicode", Rule: issueRules[i.Kind], Clause: "QC 7.2", Where: where, Text: i.Text, Fix: i.Fix}
		if i.Kind == viet.Legacy && legacy != "" {
			continue // told above, by its name
		}
		if i.Kind == viet.Decomposed {
			f.Verdict = mail.Pass
		}
		if !x.told(f) {
			x.add(f)
		}
	}
}

func (x *inspector) told(f mail.Finding) bool {
	for _, o := range x.found {
		if o.Code == f.Code && o.Where == f.Where && o.Text == f.Text {
			return true
		}
	}
	return false
}

type placed struct{ where, text string }

// texts are all texts in which deadlines and documents may stand.
func (x *inspector) texts() []placed {
	var out []placed
	if x.in.Letter {
		out = append(out, placed{"subject", x.in.Subject}, placed{PlaceBody, ownWords(x.in.Body)})
	}
	for _, f := range x.in.Files {
		where := "attachment:" + f.Name
		if !x.in.Letter {
			where = PlaceBody
		}
		out = append(out, placed{where, f.Text})
	}
	return out
}

// read finds the official document and the deadlines of one text.
func (x *inspector) read(t placed) {
	for _, d := range Deadlines(t.text, x.in.Received, x.in.Calendar) {
		x.out.Deadlines = append(x.out.Deadlines, FoundDeadline{
			Deadline: d, Where: t.where, Line: 1 + strings.Count(t.text[:min(d.Start, len(t.text))], "\n"), Expected: x.in.Calendar.Expected(d.Due),
		})
	}
	if t.where == "subject" || strings.TrimSpace(t.text) == "" {
		return
	}
	d := ReadDocument(t.text)
	if d.Number == "" && d.Symbol == "" && d.Kind == "" && !d.Block.Found() && len(d.To) == 0 && d.Urgency == Normal && !d.Draft {
		return
	}
	x.out.Documents = append(x.out.Documents, FoundDocument{Document: d, Where: t.where})
	for _, why := range d.Why {
		x.add(mail.Finding{Verdict: mail.Ask, Code: "draft-document", Rule: why, Clause: "QC 7.1a", Where: t.where})
	}
}

// replyWhy names what Term's answer stands on in the words of Inspection.ReplyWhy.
var replyWhy = map[mail.DueWhy]string{mail.DueBody: "deadline", mail.DueUrgent: "urgent", mail.DueRule: "default"}

// reply says when an answer is due (QC 9, 14.3; D8), as Term does for a letter on the screen.
func (x *inspector) reply() {
	h := mail.Head{Received: x.in.Received, Priority: x.in.Priority}
	for _, d := range x.out.Documents {
		h.Document.Urgency = max(h.Document.Urgency, int(d.Urgency))
	}
	var named []mail.Deadline
	for _, d := range x.out.Deadlines {
		named = append(named, mail.Deadline{Phrase: d.Phrase, Where: d.Where, Due: d.Due})
	}
	first, _ := FirstDeadline(named, x.in.Received)
	due, why, _ := Term(h, first, x.in.Calendar, x.in.ReplyDays)
	x.out.Reply, x.out.ReplyWhy = due, replyWhy[why]
}

// Referred lists whom an entry that points elsewhere means: "Như trên" the addressees, "Như Điều 3" those that the article
// obliges; nil for other entries and where the text says nothing.
func (d Document) Referred(e Entry, dir Directory) []Entry {
	if e.Class != Reference {
		return nil
	}
	switch reference(e.Name) {
	case "to", "guests":
		return d.To
	case "article":
		var out []Entry
		for _, n := range reNumbers().FindAllString(e.Name, 10) {
			out = append(out, d.ArticleRecipients(number(n), dir)...)
		}
		return out
	}
	return nil
}

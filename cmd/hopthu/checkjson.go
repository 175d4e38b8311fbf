package main

import (
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/viet"
)

// What `hopthu check --json` prints. schema/check.schema.json says what each field means; fields are only added, never
// renamed, and every list and object is there even when it is empty.
type (
	checkJSON struct {
		Version int             `json:"version"`
		Verdict string          `json:"verdict"`
		Files   []checkFileJSON `json:"files"`
	}
	checkFileJSON struct {
		File        string              `json:"file"`
		Kind        string              `json:"kind"` // "letter", "document"
		MediaType   string              `json:"media_type"`
		Size        int64               `json:"size"`
		Verdict     string              `json:"verdict"`
		Error       string              `json:"error,omitempty"`
		Letter      *checkLetterJSON    `json:"letter,omitempty"`
		Charset     checkCharsetJSON    `json:"charset"`
		Findings    []checkFindingJSON  `json:"findings"`
		Formats     []checkFormatJSON   `json:"formats"`
		Documents   []checkDocumentJSON `json:"documents"`
		Received    string              `json:"received"`
		Deadlines   []checkDeadlineJSON `json:"deadlines"`
		ReplyDue    string              `json:"reply_due"`
		ReplyReason string              `json:"reply_reason"`
	}
	checkLetterJSON struct {
		From      []string `json:"from"`
		To        []string `json:"to"`
		Cc        []string `json:"cc"`
		Subject   string   `json:"subject"`
		Date      string   `json:"date"`
		MessageID string   `json:"message_id"`
	}
	checkCharsetJSON struct {
		Declared string           `json:"declared"`
		Legacy   string           `json:"legacy"`
		Conforms bool             `json:"conforms"`
		Issues   []checkIssueJSON `json:"issues"`
	}
	checkIssueJSON struct {
		Kind  string `json:"kind"`
		Where string `json:"where"`
		Text  string `json:"text"`
		Fix   string `json:"fix"`
	}
	checkFindingJSON struct {
		Verdict string `json:"verdict"`
		Code    string `json:"code"`
		Rule    string `json:"rule"`
		Clause  string `json:"clause"`
		Where   string `json:"where"`
		Line    int    `json:"line"`
		Text    string `json:"text"`
		Suggest string `json:"suggest"`
		Fix     string `json:"fix"`
	}
	checkSourceJSON struct {
		Document string `json:"document"`
		Checked  bool   `json:"checked"`
	}
	checkFormatJSON struct {
		Name      string            `json:"name"`
		MediaType string            `json:"media_type"`
		Size      int64             `json:"size"`
		Verdict   string            `json:"verdict"`
		Code      string            `json:"code"`
		Suggest   string            `json:"suggest"`
		Ext       string            `json:"ext"`
		Source    string            `json:"source"`
		Sources   []checkSourceJSON `json:"sources"`
		Legacy    string            `json:"legacy"`
		Scanned   bool              `json:"scanned"`
		Locked    bool              `json:"locked"`
		Macros    bool              `json:"macros"`
		Partial   bool              `json:"partial"`
		Readable  bool              `json:"readable"`
		Contains  []string          `json:"contains"`
	}
	checkDocumentJSON struct {
		Where        string           `json:"where"`
		Kind         string           `json:"kind"`
		Abbreviation string           `json:"abbreviation"`
		Number       string           `json:"number"`
		Year         string           `json:"year"`
		Symbol       string           `json:"symbol"`
		Mark         string           `json:"mark"`
		Date         string           `json:"date"`
		Summary      string           `json:"summary"`
		Urgency      string           `json:"urgency"`
		Draft        bool             `json:"draft"`
		DraftReasons []string         `json:"draft_reasons"`
		Addressees   []checkEntryJSON `json:"addressees"`
		Recipients   checkBlockJSON   `json:"recipients"`
	}
	checkBlockJSON struct {
		Found    bool             `json:"found"`
		First    int              `json:"first_line"`
		Last     int              `json:"last_line"`
		Draft    bool             `json:"draft"`
		Warnings []string         `json:"warnings"`
		Entries  []checkEntryJSON `json:"entries"`
	}
	checkEntryJSON struct {
		Class   string           `json:"class"`
		Name    string           `json:"name"`
		Purpose string           `json:"purpose"`
		Copies  int              `json:"copies"`
		Post    string           `json:"post"`
		Line    int              `json:"line"`
		Raw     string           `json:"raw"`
		Parts   []checkEntryJSON `json:"parts"`
		Means   []checkEntryJSON `json:"means"`
	}
	checkDeadlineJSON struct {
		Where    string `json:"where"`
		Line     int    `json:"line"`
		Phrase   string `json:"phrase"`
		Named    string `json:"named"`
		Date     string `json:"date"`
		Due      string `json:"due"`
		Timed    bool   `json:"timed"`
		Expected bool   `json:"expected_calendar"`
	}
)

var verdictNames = map[mail.Verdict]string{mail.Pass: "QUA", mail.Ask: "HỎI", mail.Block: "CHẶN"}

func checkOutput(all []checked, worst mail.Verdict) checkJSON {
	out := checkJSON{Version: 1, Verdict: verdictNames[worst], Files: []checkFileJSON{}}
	for _, c := range all {
		out.Files = append(out.Files, c.json())
	}
	return out
}

// list makes a JSON list of in; it is never null.
func list[A, B any](in []A, f func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, a := range in {
		out = append(out, f(a))
	}
	return out
}

func same(s string) string { return s }

func moment(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.In(rule.Zone).Format(layout)
}

func (c checked) json() checkFileJSON {
	out := checkFileJSON{
		File: c.file, Kind: "document", MediaType: c.media, Size: c.size, Verdict: verdictNames[c.found.Verdict],
		Received: moment(c.received, time.RFC3339), ReplyDue: moment(c.found.Reply, time.RFC3339), ReplyReason: c.found.ReplyWhy,
		Charset:   checkCharsetJSON{Declared: c.declared, Legacy: c.legacy, Conforms: c.legacy == "", Issues: []checkIssueJSON{}},
		Findings:  list(c.found.Findings, findingJSON),
		Formats:   []checkFormatJSON{},
		Documents: list(c.found.Documents, documentJSON),
		Deadlines: list(c.found.Deadlines, deadlineJSON),
	}
	if c.err != nil {
		out.Error, out.Verdict = faultOf(c.err).Error(), ""
	}
	if l := c.letter; l != nil {
		addr := func(a mail.Address) string { return a.Addr }
		out.Kind, out.MediaType = "letter", "message/rfc822"
		out.Letter = &checkLetterJSON{
			From: list(l.From, addr), To: list(l.To, addr), Cc: list(l.Cc, addr), Subject: l.Subject, Date: moment(l.Date, time.RFC3339), MessageID: l.MessageID,
		}
	}
	for _, f := range c.found.Findings {
		if f.Code == "not-unicode" {
			out.Charset.Conforms = false
			out.Charset.Issues = append(out.Charset.Issues, checkIssueJSON{Kind: f.Rule, Where: f.Where, Text: f.Text, Fix: f.Fix})
		}
		if f.Code == "legacy-charset" {
			out.Charset.Conforms = false
		}
	}
	for i, f := range c.reading {
		r := c.found.Formats[i]
		out.Formats = append(out.Formats, checkFormatJSON{
			Name: viet.NFC(f.Name), MediaType: f.Type, Size: f.Size, Verdict: r.Verdict.String(), Code: r.Code, Suggest: r.Suggest, Ext: r.Ext, Source: r.Source,
			Legacy: f.Legacy, Scanned: f.Facts.Scanned, Locked: f.Facts.Locked, Macros: f.Facts.Macros, Partial: f.Facts.Cut, Readable: !f.Facts.Unread,
			Contains: list(f.Facts.Names, same),
			Sources:  list(rule.Provenances(r.Source), func(p rule.Provenance) checkSourceJSON { return checkSourceJSON(p) }),
		})
	}
	return out
}

func findingJSON(f mail.Finding) checkFindingJSON {
	return checkFindingJSON{
		Verdict: verdictNames[f.Verdict], Code: f.Code, Rule: f.Rule, Clause: f.Clause, Where: f.Where, Line: f.Line, Text: f.Text,
		Suggest: f.Suggest, Fix: f.Fix,
	}
}

func deadlineJSON(d rule.FoundDeadline) checkDeadlineJSON {
	return checkDeadlineJSON{
		Where: d.Where, Line: d.Line, Phrase: d.Phrase, Named: moment(d.Named, time.DateOnly), Date: moment(d.Due, time.DateOnly),
		Due: moment(d.Due, time.RFC3339), Timed: d.Timed, Expected: d.Expected,
	}
}

func documentJSON(d rule.FoundDocument) checkDocumentJSON {
	entry := entryJSON(&d.Document)
	return checkDocumentJSON{
		Where: d.Where, Kind: d.Kind, Abbreviation: d.Abbrev, Number: d.Number, Year: d.Year, Symbol: d.Symbol, Mark: d.Mark(),
		Date: moment(d.Date, time.DateOnly), Summary: d.Summary, Urgency: d.Urgency.String(), Draft: d.Draft, DraftReasons: list(d.Why, same),
		Addressees: list(d.To, entry),
		Recipients: checkBlockJSON{
			Found: d.Block.Found(), First: d.Block.First, Last: d.Block.Last, Draft: d.Block.Draft, Warnings: list(d.Block.Warnings, same),
			Entries: list(d.Block.Entries, entry),
		},
	}
}

// entryJSON makes entries of one document; what a reference means is read from the document itself.
func entryJSON(d *rule.Document) func(rule.Entry) checkEntryJSON {
	var make func(rule.Entry) checkEntryJSON
	make = func(e rule.Entry) checkEntryJSON {
		out := checkEntryJSON{
			Class: e.Class.String(), Name: e.Name, Purpose: e.Purpose, Copies: e.Copies, Post: e.Post, Line: e.Line, Raw: e.Raw,
			Parts: list(e.Subs, make), Means: []checkEntryJSON{},
		}
		for _, x := range d.Referred(e, nil) {
			if x.Class != rule.Reference { // a reference in what is referred to leads nowhere
				out.Means = append(out.Means, make(x))
			}
		}
		return out
	}
	return make
}

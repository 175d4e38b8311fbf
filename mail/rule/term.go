package rule

import (
	"strings"
	"time"

	"hopthu/mail"
)

// Term says by when a letter should be answered, what that stands on, and the words that name it (D8). A deadline in the
// subject goes before inText, the usable one of its text (zero if there is none), both before its mark of urgency, and that
// before days working days. It is zero for a letter without any date.
func Term(h mail.Head, inText mail.Deadline, c *Calendar, days int) (due time.Time, why mail.DueWhy, phrase string) {
	from := received(h)
	if from.IsZero() {
		return time.Time{}, "", ""
	}
	if d, ok := FirstDeadline(subjectDeadlines(h.Subject, from, c), from); ok {
		return d.Due, mail.DueSubject, d.Phrase
	}
	if !inText.Due.IsZero() {
		return inText.Due, mail.DueBody, inText.Phrase
	}
	why = mail.DueRule
	if h.Priority > 0 || h.Document.Urgency > 0 {
		h.Priority, why = max(h.Priority, 1), mail.DueUrgent
	}
	return Due(h, c, days), why, ""
}

// EndOfDay gives a day without an hour the end of its work; a time with an hour stays.
func EndOfDay(t time.Time) time.Time {
	t = t.In(Zone)
	if h, m, s := t.Clock(); h == 0 && m == 0 && s == 0 {
		return workEnd(t)
	}
	return t
}

// FirstDeadline is the first of list that was not over when the letter came: a report that names a day of last year obliges
// nobody.
func FirstDeadline(list []mail.Deadline, from time.Time) (mail.Deadline, bool) {
	for _, d := range list {
		if dayNumber(d.Due) >= dayNumber(from) {
			return d, true
		}
	}
	return mail.Deadline{}, false
}

// maxTermText bounds how much of a letter's own words is looked through for deadlines.
const maxTermText = 128 << 10

// LetterDeadlines finds the time limits that a letter names in its subject and in its author's own words, in this order
// (QC 9, 14.3). Quoted words are an earlier letter's: their days were counted from another one. from is when it came.
func LetterDeadlines(l *mail.Letter, from time.Time, c *Calendar) []mail.Deadline {
	return append(subjectDeadlines(l.Subject, from, c), textDeadlines(l.Paras, from, c)...)
}

// TextDeadline is the deadline of a letter's own words that counts.
func TextDeadline(l *mail.Letter, from time.Time, c *Calendar) (mail.Deadline, bool) {
	return FirstDeadline(textDeadlines(l.Paras, from, c), from)
}

func subjectDeadlines(subject string, from time.Time, c *Calendar) []mail.Deadline {
	return marked("subject", Deadlines(subject, from, c))
}

func textDeadlines(paras []mail.Para, from time.Time, c *Calendar) []mail.Deadline {
	var b strings.Builder
	for _, p := range paras {
		text := p.Text
		if p.Quote > 0 || p.Kind == mail.ParaRule {
			text = "." // what is left out parts phrases
		}
		if b.Len()+len(text) > maxTermText {
			break
		}
		b.WriteString(text)
		b.WriteByte('\n')
	}
	return marked("body", Deadlines(b.String(), from, c))
}

func marked(where string, found []Deadline) []mail.Deadline {
	var out []mail.Deadline
	for _, d := range found {
		out = append(out, mail.Deadline{Phrase: d.Phrase, Where: where, Due: d.Due})
	}
	return out
}

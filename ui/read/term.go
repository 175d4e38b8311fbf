package read

import (
	"fmt"
	"strings"

	"hopthu/mail"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

// bold paints a line of the subject; a phrase in it that names a term stands out.
func (h *header) bold(line string) string {
	for _, d := range h.l.Deadlines {
		if from, to := kit.Phrase(line, kit.Clean(d.Phrase)); d.Where == "subject" && to > 0 {
			return h.set.Bold.Paint(line[:from]) + h.set.Match.Paint(line[from:to]) + h.set.Bold.Paint(line[to:])
		}
	}
	return h.set.Bold.Paint(line)
}

// term says how the letter stands with its answer, by when, and what decided that.
func (h *header) term() {
	state, style := h.state()
	if state != "" {
		h.wrapped(style, 2, state)
	}
	if h.l.Awaits && !h.l.DueSet && h.decisive() != nil {
		return
	}
	for _, d := range h.l.Deadlines { // named, but not what counts
		h.wrapped(h.set.Dim, 2, fmt.Sprintf(h.s.Words.Reading.Named, h.s.Words.Day(h.local(d.Due)), kit.Clean(d.Phrase)))
		return
	}
}

// wrapped puts a text below the subject, on as many lines as it needs.
func (h *header) wrapped(style theme.Style, hang int, text string) {
	for _, l := range kit.Wrap(text, max(min(h.w-2*margin, kit.ReadWidth), 8), hang) {
		h.out = append(h.out, style.Paint(kit.Fit(" "+l, h.w)))
	}
}

// decisive is the named term that the due date was taken from; nil if it comes from elsewhere.
func (h *header) decisive() *mail.Deadline {
	for i, d := range h.l.Deadlines {
		if !h.l.Due.IsZero() && sameDay(d.Due, h.local(h.l.Due)) {
			return &h.l.Deadlines[i]
		}
	}
	return nil
}

// state says in words how the letter stands with its answer.
func (h *header) state() (string, theme.Style) {
	w, g := h.s.Words, h.s.Theme.Glyph
	f := h.l.Flags
	switch {
	case h.l.Awaits && h.l.Due.IsZero():
		return g.Due + " " + w.Letter.Awaits, h.set.Warn
	case h.l.Awaits && h.l.Late > 0:
		return g.Over + " " + w.Letter.Awaits + h.due(), h.set.Danger
	case h.l.Awaits:
		return g.Due + " " + w.Letter.Awaits + h.due(), h.set.Warn
	case f.Has(mail.Answered):
		return g.Answered + " " + w.Letter.Answered, h.set.Good
	case f.Has(mail.NoReply) && h.l.Reason != "":
		return w.Letter.Excused + ": " + kit.Clean(h.l.Reason), h.set.Dim
	case f.Has(mail.NoReply):
		return w.Letter.Excused, h.set.Dim
	case f.Has(mail.Forwarded):
		return g.Forwarded + " " + w.Letter.Forwarded, h.set.Dim
	}
	return "", h.set.Base
}

// due is the term and what decided it: "trễ 3 ngày (hạn thứ Tư 18/11, do câu “…”)".
func (h *header) due() string {
	w := h.s.Words
	text := ", " + DueWords(w, h.l.Head, h.s.Now)
	if h.l.Late > 0 {
		text += ", " + fmt.Sprintf(w.Reading.DueOn, w.Day(h.local(h.l.Due)))
	}
	switch d := h.decisive(); {
	case h.l.DueSet && h.l.DueReason != "":
		return text + ", " + fmt.Sprintf(w.Reading.ByPerson, kit.Clean(h.l.DueReason))
	case h.l.DueSet:
		return text + ", " + strings.TrimRight(fmt.Sprintf(w.Reading.ByPerson, ""), ": ")
	case h.l.DuePhrase != "":
		return text + ", " + fmt.Sprintf(w.Reading.ByPhrase, kit.Clean(h.l.DuePhrase))
	case d != nil && h.l.DueWhy != mail.DueRule && h.l.DueWhy != mail.DueUrgent:
		return text + ", " + fmt.Sprintf(w.Reading.ByPhrase, kit.Clean(d.Phrase))
	case h.l.DueWhy == mail.DueUrgent:
		return text + ", " + w.Reading.ByUrgency
	}
	return text + ", " + w.Reading.ByRule
}

// document is the line of the document that the letter carries.
func (h *header) document() {
	w, m := h.s.Words.Reading, h.l.Document
	var parts []string
	name := kit.Clean(m.Kind)
	if m.Number != "" {
		name = strings.TrimSpace(name + " " + fmt.Sprintf(w.Number, kit.Clean(m.Number)))
	}
	if name != "" {
		parts = append(parts, name)
	}
	if !m.Issued.IsZero() {
		parts = append(parts, fmt.Sprintf(w.Issued, h.local(m.Issued).Format("02/01/2006")))
	}
	if m.NoPaper {
		parts = append(parts, w.NoPaper)
	}
	if len(parts) > 0 {
		h.line(w.Document, strings.Join(parts, ", "), h.set.Base)
	}
}

// Changed reports whether what a head says of a letter is other than before: its marks, or its term.
func Changed(a, b mail.Head) bool {
	return a.Flags != b.Flags || a.Awaits != b.Awaits || !a.Due.Equal(b.Due) || a.DueSet != b.DueSet || a.DueReason != b.DueReason || a.Late != b.Late || a.Bodied != b.Bodied ||
		a.State != b.State || a.With != b.With || a.Mine != b.Mine || a.Writing != b.Writing
}

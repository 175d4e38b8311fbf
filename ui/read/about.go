package read

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"hopthu/mail"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
	"hopthu/ui/words"
)

// markRoom is how wide the column of subjects must be before the number of a document stands in it; kindRoom the same
// for its kind.
const (
	markRoom = 30
	kindRoom = 54
)

// about paints the column of subjects: the conversation, the urgency, which document, then the subject.
func (p *Painter) about(b *strings.Builder, r Row, set theme.Set, base theme.Style, room int) {
	b.WriteString(base.Paint("  "))
	put := func(style theme.Style, text string) {
		text = kit.Cut(text, room)
		room -= kit.Width(text)
		b.WriteString(style.Paint(text))
	}
	put(base, p.lead(r))
	urgent := p.Words.Urgent(r.Head)
	if urgent != "" {
		put(UrgentStyle(set, r.Head), urgent)
		put(base, " ")
	}
	if r.Head.Flags.Has(mail.Flagged) {
		put(set.Accent, p.Theme.Glyph.Star+" ")
	}
	if m := p.document(r.Head, room); m != "" {
		put(set.Dim, m)
		put(base, "  ")
	}
	put(base, p.subject(r.Head, urgent))
	b.WriteString(base.Paint(kit.Space(room)))
}

// UrgentStyle is how urgency stands out: hỏa tốc as what is late, the rest as what is due.
func UrgentStyle(set theme.Set, h mail.Head) theme.Style {
	if h.Document.Urgency > 2 || h.Document.Urgency == 0 && h.Priority > 1 {
		return set.Danger
	}
	return set.Warn
}

// document names the document that a letter carries as far as there is room and the subject does not name it itself.
func (p *Painter) document(h mail.Head, room int) string {
	m := h.Document
	kind, number := kit.Clean(m.Kind), kit.Clean(m.Number)
	if number != "" && (room < markRoom || strings.Contains(h.Subject, m.Number)) {
		number = ""
	}
	if kind != "" && (room < kindRoom && !(number == "" && m.Number == "" && room >= markRoom) || strings.HasPrefix(kit.Fold(h.Subject), kit.Fold(m.Kind))) {
		kind = ""
	}
	return kit.Cut(strings.TrimSpace(kind+" "+number), max(room/2, 0))
}

// subject is the subject without the mark of urgency that stands before it already.
func (p *Painter) subject(h mail.Head, urgent string) string {
	s := strings.TrimSpace(kit.Clean(h.Subject))
	if s = Unmarked(s, urgent); s == "" {
		s = p.Words.Box.NoSubject
	}
	return s
}

// Unmarked takes the mark of urgency off the beginning of a cleaned subject, if a sign or capitals set it off: "Khẩn
// trương …" is none.
func Unmarked(s, urgent string) string {
	open := strings.TrimLeft(s, " [(*")
	n := len([]rune(urgent))
	letters := []rune(open)
	if n == 0 || len(letters) <= n || kit.Fold(string(letters[:n])) != kit.Fold(urgent) {
		return s
	}
	rest := string(letters[n:])
	words := strings.TrimLeft(rest, " ])*:-–.!")
	next, _, _ := strings.Cut(words, " ")
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " "))
	signed := strings.ContainsRune("])*:-–.!", first)
	capitals := string(letters[:n]) == urgent && rest[0] == ' ' && next != strings.ToUpper(next)
	if words == "" || !signed && !capitals {
		return s
	}
	return words
}

// term is the right column: how late, by when, or how many letters.
func (p *Painter) term(r Row, set theme.Set) (string, theme.Style) {
	w, h := p.Words, r.Head
	due := h.Due.In(p.Now.Location())
	switch {
	case r.Right != "":
		return r.Right, set.Dim
	case h.Awaits && h.Late > 0:
		return fmt.Sprintf(w.Box.Late, h.Late), set.Danger
	case h.Awaits && !h.Due.IsZero() && sameDay(h.Due, p.Now):
		if endOfWork(due) {
			return w.Reading.DueToday, set.Warn
		}
		return due.Format("15:04"), set.Warn
	case h.Awaits && !h.Due.IsZero() && h.DueSet:
		return fmt.Sprintf(w.Reading.DueChosen, p.day(due)), set.Accent
	case h.Awaits && !h.Due.IsZero():
		return fmt.Sprintf(w.Box.Due, p.day(due)), set.Dim
	case r.Size > 1:
		return words.Say(w.Box.Letters, w.Count(r.Size)), set.Dim
	case h.Pending:
		return p.Theme.Glyph.Pending, set.Dim
	}
	return "", set.Dim
}

// day is a day in five columns.
func (p *Painter) day(t time.Time) string {
	if t.Year() != p.Now.Year() {
		return t.Format("01/06")
	}
	return t.Format("02/01")
}

// endOfWork reports the hour at which a day's terms end when no other was named.
func endOfWork(t time.Time) bool { return t.Hour() == 17 && t.Minute() == 0 }

// DueWords says by when, in words: "trước 17:00", "hạn thứ Tư 25/11", "trễ 3 ngày". "" when no term is known.
func DueWords(w *words.Words, h mail.Head, now time.Time) string {
	due := h.Due.In(now.Location())
	switch {
	case h.Late > 0:
		return words.Say(w.Today.Late, h.Late)
	case h.Due.IsZero():
		return ""
	case sameDay(h.Due, now):
		return TodayWords(w, h.Due, now)
	}
	return fmt.Sprintf(w.Reading.DueOn, w.Day(due))
}

// TodayWords says by which hour of today, or that it is over: "trước 17:00", "đã quá 17:00".
func TodayWords(w *words.Words, due, now time.Time) string {
	hour := due.In(now.Location()).Format("15:04")
	if due.Before(now) {
		return fmt.Sprintf(w.Reading.PastTime, hour)
	}
	return fmt.Sprintf(w.Today.BeforeTime, hour)
}

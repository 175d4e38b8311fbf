package digest

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"hopthu/mail/letter"
	"hopthu/mail/viet"
)

// Term is what is looked for. It is compared without case always (RFC 9051 6.4.4), and without marks only when it has
// none itself: "hop thu" finds "hộp thư", "hộp thư" does not find "hop thu".
type Term struct {
	text   string // as it is compared
	plain  string // folded
	marked bool
}

// NewTerm reads what a person typed.
func NewTerm(s string) Term {
	s = viet.NFC(s)
	t := Term{text: viet.Fold(s), marked: hasMarks(s)}
	if t.plain = t.text; t.marked {
		t.text = strings.ToLower(s)
	}
	return t
}

func hasMarks(s string) bool {
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	return slices.ContainsFunc(words, viet.IsMarked)
}

// Text to look in: each of its two forms is made once, however many terms are looked for.
type searched struct {
	small       []byte // small letters, NFC
	plain       []byte
	plainIsMade bool
}

func (s *searched) has(t Term) bool {
	if t.marked {
		return bytes.Contains(s.small, []byte(t.text))
	}
	if !s.plainIsMade {
		s.plain, s.plainIsMade = viet.FoldBytes(s.plain[:0], s.small), true
	}
	return bytes.Contains(s.plain, []byte(t.text))
}

// Searched is a letter to look in: its fields and its text.
type Searched struct{ fields, text searched }

// Set gives it the prepared forms of a letter, either of which may be nil when nobody will ask for it.
func (s *Searched) Set(fields, text []byte) {
	for _, x := range []struct {
		of *searched
		b  []byte
	}{{&s.fields, fields}, {&s.text, text}} {
		x.of.small, x.of.plainIsMade = x.b, false
	}
}

// Text reports whether the readable text holds the term: subject, people, body, names of files.
func (s *Searched) Text(t Term) bool { return s.text.has(t) }

// Fields reports whether the header holds the term anywhere.
func (s *Searched) Fields(t Term) bool { return s.fields.has(t) }

// Field reports whether a field of that name holds the term; an empty one is held by every field there is.
func (s *Searched) Field(name string, t Term) bool {
	name = strings.ToLower(name) + ": "
	for line := range bytes.Lines(s.fields.small) {
		value, is := bytes.CutPrefix(bytes.TrimSuffix(line, []byte("\n")), []byte(name))
		if is && (t.text == "" || (&searched{small: value}).has(t)) {
			return true
		}
	}
	return false
}

// Fieldable reports whether Field can tell about a field of that name at all.
func Fieldable(name string) bool {
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c >= 0x7f || c == ':' {
			return false
		}
	}
	return name != "" && !strings.Contains(name, "=?")
}

// What is prepared of one letter for searching at most; one that is longer is read again when it is asked.
const (
	maxFields = 64 << 10
	maxText   = 256 << 10
)

// searchable gives fields and text of a letter in the form they are stored in; odd when that form would not answer
// every question as the letter itself does.
func searchable(raw []byte) (fields, text string, odd bool) {
	h := letter.ReadHeader(raw)
	var b strings.Builder
	for _, f := range h.Fields() {
		if f.Name != "" && !Fieldable(f.Name) || strings.ContainsAny(f.Value, "\n") {
			return "", "", true
		}
		b.WriteString(f.Name + ": " + f.Value + "\n")
	}
	fields, ok := small(b.String(), maxFields)
	if !ok {
		return "", "", true
	}
	if text, ok = small(letter.SearchText(letter.Parse(raw)), maxText); !ok {
		return "", "", true
	}
	return fields, text, false
}

// small gives the form without case; false when it is too long or cannot be folded from that form.
func small(s string, limit int) (string, bool) {
	if len(s) > limit {
		return "", false
	}
	low := strings.ToLower(viet.NFC(s))
	return low, len(low) <= 2*limit && viet.Fold(low) == viet.Fold(s)
}

// Whole reads a letter that is not prepared.
func Whole(raw []byte) *Asked { return &Asked{raw: raw} }

// Asked is a letter read as a whole; what is asked first is made first.
type Asked struct {
	raw          []byte
	header       *letter.Header
	fields, text *forms
}

type forms struct {
	raw          string
	small, plain *string
}

func (f *forms) has(t Term) bool {
	form, fold := &f.plain, viet.Fold
	if t.marked {
		form, fold = &f.small, func(s string) string { return strings.ToLower(viet.NFC(s)) }
	}
	if *form == nil {
		text := fold(f.raw)
		*form = &text
	}
	return strings.Contains(**form, t.text)
}

// Text is Searched.Text.
func (a *Asked) Text(t Term) bool {
	if a.text == nil {
		a.text = &forms{raw: letter.SearchText(letter.Parse(a.raw))}
	}
	return a.text.has(t)
}

// Fields is Searched.Fields.
func (a *Asked) Fields(t Term) bool {
	if a.fields == nil {
		var b strings.Builder
		for _, f := range a.Header().Fields() {
			b.WriteString(f.Name + ": " + f.Value + "\n")
		}
		a.fields = &forms{raw: b.String()}
	}
	return a.fields.has(t)
}

// Field is Searched.Field.
func (a *Asked) Field(name string, t Term) bool {
	return slices.ContainsFunc(a.Header().All(name), func(v string) bool { return t.text == "" || (&forms{raw: v}).has(t) })
}

// Header is the header of the letter.
func (a *Asked) Header() *letter.Header {
	if a.header == nil {
		a.header = letter.ReadHeader(a.raw)
	}
	return a.header
}

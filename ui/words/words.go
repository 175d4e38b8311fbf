// Package words holds every word the person sees: one struct, Vietnamese first, English second.
//
// Laws: no word for the screen stands anywhere else; both languages are complete, with the same blanks in the same
// order; a sentence says what happened, what is safe, and what to do now. It imports nothing but the nouns, whose kinds of
// fault it puts into words.
package words

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"hopthu/mail"
)

// Words is one language.
type Words struct {
	Lang     string // "vi", "en"
	App      App
	Act      Acts
	Today    Today
	Box      Box
	Letter   Letter
	Reading  Reading
	Rules    Rules
	Dialog   Dialog
	Help     Help
	Keys     map[string]string // names of keys that are not letters: "enter", "space"
	Arrows   map[string]string // names of the keys that Keys draws as arrows, in letters
	Parts    map[string]string // names of the groups of actions, by keys.Context
	Roles    map[mail.Role]string
	Faults   map[mail.FaultKind]Fault
	FaultsOf map[string]Fault // by Fault.Op, or Kind and Op with a space between, where what is safe and what to do depends on what was done
	Defects  map[string]string
	Date     Date
	Write    Write // the pages where one writes: compose, drafts, outbox, sign-in, settings

	Office   Office   // a box that several people work in
	Duty     Duty     // the daily check, what one waits for, the year
	Dispatch Dispatch // sending out documents, and the sổ văn bản đi
}

// Act is the word of an action: Short for the bottom bar, Long for help and the palette.
type Act struct{ Short, Long string }

// Fault says what happened, what is safe, and what to do now.
type Fault struct{ What, Safe, Next string }

// Date has what is needed to write a moment.
type Date struct {
	Weekdays  [7]string // Sunday first
	Short     [7]string
	Yesterday string
	Before    string // "trước %s"
	Thousand  string
	Ago       string // "%s trước"
	Minutes   string
	Hours     string
	Days      string
	JustNow   string
}

// Of gives the words of a language; an unknown one is Vietnamese.
func Of(lang string) *Words {
	if lang == "en" {
		return english
	}
	return vietnamese
}

// Plain is the same language for fonts without signs: arrow keys are named in letters.
func (w *Words) Plain() *Words {
	out := *w
	out.Keys = maps.Clone(w.Keys)
	maps.Copy(out.Keys, w.Arrows)
	return &out
}

// Languages lists the languages and their own names, in the order in which they are offered.
func Languages() [][2]string { return [][2]string{{"vi", "Tiếng Việt"}, {"en", "English"}} }

// Count writes a number with its thousands parted: 2.314 or 2,314.
func (w *Words) Count(n int) string {
	s := strconv.Itoa(n)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + w.Date.Thousand + s[i:]
	}
	if neg {
		return "-" + s
	}
	return s
}

// Bytes writes a size: 214 KB, 1,2 MB.
func (w *Words) Bytes(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(max(n, 0), 10) + " B"
	case n < 1000*1000:
		return strconv.FormatInt((n+500)/1000, 10) + " KB"
	}
	value, unit := float64(n)/1e6, " MB"
	if n >= 1e9 {
		value, unit = float64(n)/1e9, " GB"
	}
	s := strconv.FormatFloat(value, 'f', 1, 64)
	if w.Lang == "vi" {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s + unit
}

// When writes a moment so that it fits a column of 8: 08:01 for today, "hôm qua", 18/11, 18/11/25 for other years.
func (w *Words) When(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(now.Location())
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	switch days := int(day(now).Sub(day(t)).Hours() / 24); {
	case days == 0:
		return t.Format("15:04")
	case days == 1:
		return w.Date.Yesterday
	case t.Year() == now.Year():
		return t.Format("02/01")
	}
	return t.Format("02/01/06")
}

// Day writes a day: "thứ Tư 25/11".
func (w *Words) Day(t time.Time) string {
	return w.Date.Weekdays[t.Weekday()] + " " + t.Format("02/01")
}

// Full writes a moment in full: "thứ Tư 25/11/2026 08:05 +07:00".
func (w *Words) Full(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return w.Date.Weekdays[t.Weekday()] + " " + t.Format("02/01/2006 15:04")
}

// Since writes how long ago t was: "vừa xong", "5 phút trước".
func (w *Words) Since(t, now time.Time) string {
	d := now.Sub(t)
	var s string
	switch {
	case d < time.Minute:
		return w.Date.JustNow
	case d < time.Hour:
		s = fmt.Sprintf(w.Date.Minutes, int(d.Minutes()))
	case d < 24*time.Hour:
		s = fmt.Sprintf(w.Date.Hours, int(d.Hours()))
	default:
		s = fmt.Sprintf(w.Date.Days, int(d.Hours()/24))
	}
	return fmt.Sprintf(w.Date.Ago, s)
}

// Fault puts a fault into words. What has its Detail, which the caller cleans before it is drawn.
func (w *Words) Fault(f *mail.Fault) Fault {
	said, ok := w.Faults[f.Kind]
	if !ok {
		said = w.Faults[mail.Unknown]
	}
	own, ok := w.FaultsOf[string(f.Kind)+" "+f.Op]
	if !ok {
		own, ok = w.FaultsOf[f.Op]
	}
	if ok {
		said = own
	}
	if f.Detail != "" {
		said.What += " (" + w.Detail(f.Detail) + ")"
	}
	return said
}

// Reply is what is known of how the server took a letter (mail.OutboxItem.Reply): its own words, or the code of what came
// between, in words.
func (w *Words) Reply(s string) string {
	if f, ok := w.Faults[mail.FaultKind(s)]; ok {
		return strings.TrimSuffix(f.What, ".")
	}
	return w.Detail(s)
}

// Detail puts the codes that begin some details ("expired: 2026-11-23", "short, name") into words; the rest stays.
func (w *Words) Detail(s string) string {
	words := detailsVI
	if w.Lang == "en" {
		words = detailsEN
	}
	code, rest, more := strings.Cut(s, ": ")
	parts := strings.Split(code, ", ")
	for i, p := range parts {
		word, ok := words[p]
		if !ok {
			return s
		}
		parts[i] = word
	}
	code = strings.Join(parts, ", ")
	if more {
		code += ": " + rest
	}
	return code
}

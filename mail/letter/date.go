package letter

import (
	"strconv"
	"strings"
	"time"
)

var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// zones are the names of RFC 5322 4.3, in minutes.
var zones = map[string]int{
	"ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360,
	"pst": -480, "pdt": -420, "ict": 420,
}

// strictDate reads what most programs write (RFC 5322 3.3), quickly; false for everything else.
func strictDate(s string) (time.Time, bool) {
	t, err := time.ParseInLocation("Mon, 2 Jan 2006 15:04:05 -0700", s, time.UTC)
	if err != nil || t.Nanosecond() != 0 || t.Year() < 1970 || t.Year() > 2199 {
		return t, false
	}
	if _, offset := t.Zone(); max(offset, -offset) > 12*60*60 {
		return t, false
	}
	return t, true
}

// parseDate reads a date as letters have it: RFC 5322 3.3 and 4.3, ISO 8601, and ctime's form, in any order of the
// parts that is not ambiguous. A date that cannot be, or lies outside 1970 to 2199, is zero.
func parseDate(s string) time.Time {
	if t, ok := strictDate(s); ok {
		return t
	}
	return looseDate(s)
}

func looseDate(s string) time.Time {
	if len(s) > 200 {
		s = s[:200]
	}
	s, _ = cutComments(s)
	d := dateParts{day: -1, month: -1, year: -1, hour: -1}
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' }) {
		d.word(strings.ToLower(w))
	}
	if d.bad || d.day < 1 || d.day > 31 || d.month < 0 || d.year < 1970 || d.year > 2199 {
		return time.Time{}
	}
	if d.hour < 0 {
		d.hour = 0
	}
	loc := time.UTC
	if d.offset != 0 {
		loc = time.FixedZone("", d.offset*60)
	}
	return time.Date(d.year, time.Month(d.month+1), d.day, d.hour, d.minute, d.second, 0, loc)
}

type dateParts struct {
	day, month, year     int
	hour, minute, second int
	offset               int // minutes east
	bad                  bool
}

func (d *dateParts) word(w string) {
	switch {
	case d.iso(w):
	case strings.Contains(w, ":") && w[0] != '+' && w[0] != '-':
		d.clock(w)
	case (w[0] == '+' || w[0] == '-') && d.hour >= 0:
		d.zone(w)
	case strings.Count(w, "-") == 2: // 06-May-2024
		for _, p := range strings.Split(w, "-") {
			if p != "" {
				d.word(p)
			}
		}
	case w[0] >= '0' && w[0] <= '9':
		d.number(w)
	case w == "pm" && d.hour >= 0 && d.hour < 12:
		d.hour += 12
	case w == "am" && d.hour == 12:
		d.hour = 0
	case w[0] >= 'a' && w[0] <= 'z':
		d.name(w)
	}
}

func (d *dateParts) name(w string) {
	if off, ok := zones[w]; ok && d.hour >= 0 {
		d.offset = off
		return
	}
	if len(w) < 3 {
		return
	}
	for i, m := range months {
		if w[:3] == m && d.month < 0 {
			d.month = i
			return
		}
	}
}

func (d *dateParts) number(w string) {
	n, err := strconv.Atoi(w)
	switch {
	case err != nil || len(w) > 6:
		d.bad = true
	case d.day < 0 && len(w) <= 2:
		d.day = n
	case d.year < 0:
		d.year = n
		if len(w) <= 2 && n < 50 { // RFC 5322 4.3
			d.year += 2000
		} else if len(w) <= 3 {
			d.year += 1900
		}
	case len(w) == 4 && d.hour >= 0: // a zone that lost its sign
	default:
		d.bad = true
	}
}

// iso reads 2024-05-06, with or without the time behind a T.
func (d *dateParts) iso(w string) bool {
	date, clock, timed := strings.Cut(w, "t")
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return false
	}
	d.year, d.month, d.day = t.Year(), int(t.Month())-1, t.Day()
	if timed {
		d.clock(clock)
	}
	return true
}

// clock reads 7:08, 07:08:09, 07:08:09.123+07:00, 07:08:09z.
func (d *dateParts) clock(w string) {
	if i := strings.IndexAny(w, "+-z"); i > 0 {
		if w[i] != 'z' {
			d.zone(w[i:])
		}
		w = w[:i]
	}
	w, _, _ = strings.Cut(w, ".")
	part := strings.Split(w, ":")
	if len(part) > 3 {
		d.bad = true
		return
	}
	var v [3]int
	for i, p := range part {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || len(p) > 2 {
			d.bad = true
			return
		}
		v[i] = n
	}
	d.hour, d.minute, d.second = v[0], v[1], v[2]
	if d.hour > 24 || d.minute > 59 || d.second > 60 {
		d.bad = true
	}
}

// zone reads +0700, +07:00, +7; what is no zone counts as UTC.
func (d *dateParts) zone(w string) {
	n, err := strconv.Atoi(strings.ReplaceAll(w[1:], ":", ""))
	if err != nil || n < 0 {
		return
	}
	if len(w) > 3 {
		n = n/100*60 + n%100
	} else {
		n *= 60
	}
	if n >= 24*60 {
		return
	}
	if w[0] == '-' {
		n = -n
	}
	d.offset = n
}

package rule

import (
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"

	"hopthu/mail/viet"
)

// Deadline is a time limit found in a text.
type Deadline struct {
	Phrase string    // as it stands in the text
	Start  int       // byte offset of Phrase in the NFC text
	Due    time.Time // end of the last usable working day, or the hour that was named
}

const (
	reDate = `(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})`
	reHour = `(?:(\d{1,2})\s*(?:h|giờ|:)\s*(\d{2})?\s*(?:phút)?,?\s*)?`
)

var deadlineRules = []struct {
	re  func() *regexp.Regexp
	due func(m []string, base time.Time, c *Calendar) (time.Time, bool)
}{
	{pattern(`(?i)trước\s+` + reHour + `ngày\s+` + reDate), beforeDate},
	{pattern(`(?i)trước\s+` + reHour + `ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})`), beforeDate},
	{pattern(`(?i)trước\s+ngày\s+(\d{1,2})\s+hàng\s+tháng`), monthly},
	{pattern(`(?i)(?:chậm nhất|hạn cuối|đến hết|hạn chót)[^\d\n.]{0,20}` + reHour + `(?:ngày\s+)?` + reDate), onDate},
	{pattern(`(?i)(?:trong\s+(?:vòng|thời\s+hạn)?\s*)?(\d{1,3})\s+ngày\s+làm\s+việc`), workdays},
	{pattern(`(?i)trong\s+tháng\s+(\d{1,2})\s*/\s*(\d{4})`), inMonth},
	{pattern(`(?i)ngay\s+trong\s+ngày`), sameDay},
}

// Deadlines finds the time limits in text, in their order there. base is when the letter came.
func Deadlines(text string, base time.Time, c *Calendar) []Deadline {
	text = viet.NFC(text)
	if !strings.ContainsAny(text, "0123456789") && !strings.Contains(strings.ToLower(text), "ngay") {
		return nil // lists ask this for every subject
	}
	var out []Deadline
	for _, r := range deadlineRules {
		for _, at := range r.re().FindAllStringSubmatchIndex(text, 20) {
			m := make([]string, len(at)/2)
			for i := range m {
				if at[2*i] >= 0 {
					m[i] = text[at[2*i]:at[2*i+1]]
				}
			}
			if due, ok := r.due(m, base, c); ok {
				out = append(out, Deadline{Phrase: m[0], Start: at[0], Due: due})
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Start < out[j].Start })
	return out
}

func number(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return -1 // the patterns admit only short runs of digits, so this is an empty group
	}
	return n
}

func date(d, m, y string) (time.Time, bool) {
	t := time.Date(number(y), time.Month(number(m)), number(d), endOfWork, 0, 0, 0, Zone)
	return t, t.Day() == number(d) && t.Month() == time.Month(number(m))
}

// beforeDate: "trước ngày 25/7" leaves the day before, moved back to a working day; "trước 17h00 ngày 12/8" names its hour.
func beforeDate(m []string, _ time.Time, c *Calendar) (time.Time, bool) {
	t, ok := date(m[3], m[4], m[5])
	if !ok {
		return t, false
	}
	if m[1] != "" {
		return atHour(t, m[1], m[2])
	}
	return c.lastWorkday(t.AddDate(0, 0, -1)), true
}

func onDate(m []string, _ time.Time, c *Calendar) (time.Time, bool) {
	t, ok := date(m[3], m[4], m[5])
	if !ok {
		return t, false
	}
	if m[1] != "" {
		return atHour(t, m[1], m[2])
	}
	return c.lastWorkday(t), true
}

func atHour(t time.Time, hour, minute string) (time.Time, bool) {
	h, mi := number(hour), max(number(minute), 0)
	return time.Date(t.Year(), t.Month(), t.Day(), h, mi, 0, 0, Zone), h < 25 && mi < 60
}

// monthly is the next such day that is not over yet.
func monthly(m []string, base time.Time, c *Calendar) (time.Time, bool) {
	y, mon, _ := base.In(Zone).Date()
	day := number(m[1])
	for i := range 2 {
		t := time.Date(y, mon+time.Month(i), day, endOfWork, 0, 0, 0, Zone)
		if t.Day() != day {
			continue
		}
		if due := c.lastWorkday(t.AddDate(0, 0, -1)); dayNumber(due) >= dayNumber(base) {
			return due, true
		}
	}
	return time.Time{}, false
}

func workdays(m []string, base time.Time, c *Calendar) (time.Time, bool) {
	n := number(m[1])
	return workEnd(c.AddWorkdays(base, n)), n > 0
}

func inMonth(m []string, _ time.Time, c *Calendar) (time.Time, bool) {
	mon := number(m[1])
	return c.lastWorkday(time.Date(number(m[2]), time.Month(mon+1), 0, endOfWork, 0, 0, 0, Zone)), mon >= 1 && mon <= 12
}

func sameDay(_ []string, base time.Time, _ *Calendar) (time.Time, bool) { return workEnd(base), true }

// lastWorkday is t, or the nearest working day before it.
func (c *Calendar) lastWorkday(t time.Time) time.Time {
	if c.IsWorkday(t) {
		return t
	}
	return workEnd(c.AddWorkdays(t, -1))
}

package rule

import (
	"strings"
	"time"
)

// Time limits that name no date: today, tomorrow, a day of the week, the next working day.

const (
	pBy      = `\b(?:truoc|(?:cham|muon)\s+nhat|den\s+het)\s+(?:(?:la|vao|trong|truoc)\s+){0,2}`
	pWeekday = `(?:thu\s+(hai|ba|tu|nam|sau|bay|[2-7])|chu\s+nhat)(?:\s+tuan\s+(nay|sau|toi))?\b` // 2 groups
)

// endOfMorning is the hour at which the first half of a working day ends.
const endOfMorning = 12

func sameDay(_ []string, base time.Time, _ *Calendar) (limit, bool) {
	return limit{due: workEnd(base)}, true
}

// halfDay is the day of receipt, or the next working day where that is none.
func halfDay(_ []string, base time.Time, c *Calendar) (limit, bool) {
	if !c.IsWorkday(base) {
		base = c.AddWorkdays(base, 1)
	}
	return limit{due: workEnd(base)}, true
}

// soonDay: "trước 16 giờ hôm nay", "chậm nhất ngày mai", "trước 9h sáng mai". "Trước nay" is no time limit, and "Mai" a name.
func soonDay(m []string, base time.Time, _ *Calendar) (limit, bool) {
	if m[1] == "" && m[4] == "" || m[4] == "ngay " && m[5] == "nay" {
		return limit{}, false
	}
	t := base.In(Zone)
	if m[5] == "mai" {
		t = t.AddDate(0, 0, 1)
	}
	if m[1] != "" {
		if m[3] == "" && (strings.Contains(m[4], "chieu") || strings.Contains(m[4], "toi")) {
			m[3] = "chieu"
		}
		return atHour(t, m)
	}
	if strings.Contains(m[4], "sang") {
		return noon(t), true
	}
	return limit{due: workEnd(t)}, true
}

// partOfDay: "trong sáng mai", "trong chiều nay".
func partOfDay(m []string, base time.Time, _ *Calendar) (limit, bool) {
	t := base.In(Zone)
	if m[2] == "mai" {
		t = t.AddDate(0, 0, 1)
	}
	if m[1] == "sang" {
		return noon(t), true
	}
	return limit{due: workEnd(t)}, true
}

func noon(t time.Time) limit {
	y, m, d := t.In(Zone).Date()
	return limit{due: time.Date(y, m, d, endOfMorning, 0, 0, 0, Zone), timed: true}
}

var weekdays = map[string]int{
	"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5, "2": 0, "3": 1, "4": 2, "5": 3, "6": 4, "7": 5, "": 6,
}

// weekday: "chậm nhất thứ Sáu tuần này", "trước 15h chiều thứ Năm". Without a week it is the next such day, today included.
func weekday(m []string, base time.Time, c *Calendar) (limit, bool) {
	t := base.In(Zone)
	move := weekdays[m[5]] - (int(t.Weekday())+6)%7
	switch {
	case m[6] == "sau" || m[6] == "toi":
		move += 7
	case move < 0 && m[6] == "":
		move += 7
	case move < 0:
		return limit{}, false
	}
	t = workEnd(t.AddDate(0, 0, move))
	named := midnight(t)
	if m[1] != "" {
		return atHour(t, m)
	}
	if m[4] == "sang" {
		l := noon(t)
		l.named = named
		return l, true
	}
	return limit{due: c.lastWorkday(t.AddDate(0, 0, -before(m[0]))), named: named}, true
}

// nextWorkday: "chậm nhất trong ngày làm việc tiếp theo" (Decree 30/2020, Art. 18 and 23).
func nextWorkday(_ []string, base time.Time, c *Calendar) (limit, bool) {
	return limit{due: workEnd(c.AddWorkdays(base, 1))}, true
}

// oneWeek: "trong tuần này", "trong tuần tới".
func oneWeek(m []string, base time.Time, c *Calendar) (limit, bool) {
	days := (7 - int(base.In(Zone).Weekday())) % 7
	if m[1] != "nay" {
		days += 7
	}
	due := workEnd(c.lastWorkday(base.In(Zone).AddDate(0, 0, days)))
	return limit{due: due}, dayNumber(due) >= dayNumber(base)
}

// beforeBareDate: "trước 17h 27/11", "trước thứ Tư (25/11)", "trước 30/11". A date without year, "ngày" and hour must not be
// a fraction ("trước 2/3 số xã") or a range ("trước 10-12 ngày").
func beforeBareDate(m []string, base time.Time, c *Calendar) (limit, bool) {
	day, month := m[4], m[5]
	bare := m[1] == "" && m[6] == "" && !strings.Contains(m[0], "thu ") && !strings.Contains(m[0], "chu ")
	if bare && (!strings.Contains(m[0], "/") || len(day) < 2 && len(month) < 2) {
		return limit{}, false
	}
	return beforeDate(m, base, c)
}

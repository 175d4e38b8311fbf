package rule

import (
	"embed"
	"fmt"
	"strings"
	"sync"
	"time"
)

//go:embed data/*.psv data/*.txt
var data embed.FS

// Calendar says which days are worked on (QC 9). A year with a data file is as the Government set it; every other
// year is computed from the Labour Code and the lunar table, and is only expected ("lịch dự kiến").
type Calendar struct {
	free    map[int]string // day number → why
	extra   map[int]string // working Saturdays and Sundays
	decided map[int]bool   // years with a data file
	lunar   map[int]lunarYear
}

type lunarYear struct{ tet, ancestors time.Time }

var vietnam = sync.OnceValues(loadCalendar)

// VietNam is the calendar of the Vietnamese administration.
func VietNam() *Calendar {
	c, err := vietnam()
	if err != nil { // the files are part of the program and TestCalendarFiles reads them all
		return &Calendar{free: map[int]string{}, extra: map[int]string{}}
	}
	return c
}

func loadCalendar() (*Calendar, error) {
	c := &Calendar{free: map[int]string{}, extra: map[int]string{}, decided: map[int]bool{}, lunar: map[int]lunarYear{}}
	if err := c.readLunar(); err != nil {
		return nil, err
	}
	names, err := data.ReadDir("data")
	if err != nil {
		return nil, fmt.Errorf("list calendar files: %w", err)
	}
	for _, e := range names {
		var year int
		if n, err := fmt.Sscanf(e.Name(), "days-%4d.psv", &year); n != 1 || err != nil {
			continue
		}
		if err := c.readYear(e.Name(), year); err != nil {
			return nil, err
		}
	}
	for year := range c.lunar {
		if !c.decided[year] {
			c.compute(year)
		}
	}
	return c, nil
}

func psvRows(name string, columns int) ([][]string, error) {
	b, err := data.ReadFile("data/" + name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	var out [][]string
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(line, "|")
		if len(row) != columns {
			return nil, fmt.Errorf("read %s: row %q has %d columns, not %d", name, line, len(row), columns)
		}
		out = append(out, row)
	}
	return out, nil
}

func (c *Calendar) readLunar() error {
	rows, err := psvRows("lunar.psv", 3)
	if err != nil {
		return err
	}
	for _, r := range rows {
		tet, err := time.Parse(time.DateOnly, r[1])
		if err != nil {
			return fmt.Errorf("read lunar.psv: %w", err)
		}
		ancestors, err := time.Parse(time.DateOnly, r[2])
		if err != nil {
			return fmt.Errorf("read lunar.psv: %w", err)
		}
		c.lunar[tet.Year()] = lunarYear{tet, ancestors}
	}
	return nil
}

func (c *Calendar) readYear(name string, year int) error {
	rows, err := psvRows(name, 4)
	if err != nil {
		return err
	}
	for _, r := range rows {
		d, err := time.Parse(time.DateOnly, r[1])
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		if d.Year() != year || r[3] == "" {
			return fmt.Errorf("read %s: %s: wrong year or no source", name, r[1])
		}
		switch r[0] {
		case "nghi", "nghi_bu":
			c.free[dayNumber(d)] = r[2]
		case "lam_bu":
			c.extra[dayNumber(d)] = r[2]
		default:
			return fmt.Errorf("read %s: unknown kind %q", name, r[0])
		}
	}
	c.decided[year] = true
	return nil
}

// compute fills a year that the Government has not set (or that has no file): Labour Code 2019 Art. 112, before 2021
// one day for Quốc khánh, before May 2013 four days for Tết. Where the law leaves a choice, the days that meet a
// weekend are taken, as the Government does.
func (c *Calendar) compute(year int) {
	var days []time.Time
	add := func(what string, list ...time.Time) {
		for _, d := range list {
			c.free[dayNumber(d)] = what
			days = append(days, d)
		}
	}
	on := func(m time.Month, d int) time.Time { return time.Date(year, m, d, 0, 0, 0, 0, time.UTC) }
	add("Tết dương lịch", on(time.January, 1))
	if l, ok := c.lunar[year]; ok {
		add("Tết Nguyên đán", tetDays(l.tet)...)
		add("Giỗ Tổ Hùng Vương", l.ancestors)
	}
	add("Ngày Chiến thắng", on(time.April, 30))
	add("Quốc tế lao động", on(time.May, 1))
	national := on(time.September, 2)
	add("Quốc khánh", national)
	if year >= 2021 {
		switch national.Weekday() {
		case time.Monday, time.Thursday, time.Sunday:
			add("Quốc khánh, ngày liền kề", national.AddDate(0, 0, 1))
		default:
			add("Quốc khánh, ngày liền kề", national.AddDate(0, 0, -1))
		}
	}
	for _, d := range days {
		if !weekend(d) {
			continue
		}
		lieu := d
		for weekend(lieu) || c.free[dayNumber(lieu)] != "" {
			lieu = lieu.AddDate(0, 0, 1)
		}
		c.free[dayNumber(lieu)] = "Nghỉ bù"
	}
}

func tetDays(first time.Time) []time.Time {
	span := func(before, count int) (out []time.Time, lost int) {
		for i := range count {
			d := first.AddDate(0, 0, i-before)
			out = append(out, d)
			if weekend(d) {
				lost++
			}
		}
		return out, lost
	}
	if first.Year() <= 2013 {
		out, _ := span(1, 4)
		return out
	}
	two, lostTwo := span(2, 5)
	if one, lostOne := span(1, 5); lostOne < lostTwo {
		return one
	}
	return two
}

func weekend(t time.Time) bool { return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday }

// Expected reports that the days of t's year are computed, not set by the Government: the screen notes "lịch dự kiến".
func (c *Calendar) Expected(t time.Time) bool { return !c.decided[t.In(Zone).Year()] }

// Holiday is the name of the holiday, day in lieu or swapped day on t, "" if there is none.
func (c *Calendar) Holiday(t time.Time) string { return c.free[dayNumber(t)] }

// IsWorkday reports whether the administration works on the day that t is in (in Zone).
func (c *Calendar) IsWorkday(day time.Time) bool { return c.works(dayNumber(day)) }

func (c *Calendar) works(n int) bool {
	if _, ok := c.free[n]; ok {
		return false
	}
	if _, ok := c.extra[n]; ok {
		return true
	}
	wd := (n + 4) % 7 // day 0 was a Thursday; Sunday is 0
	if wd < 0 {
		wd += 7
	}
	return wd != 0 && wd != 6
}

// maxDays bounds every walk over days: a hundred years.
const maxDays = 36525

// AddWorkdays is the same time of day on the n-th working day after from's day; n < 0 counts backwards. The day of
// from itself does not count, whether worked on or not.
func (c *Calendar) AddWorkdays(from time.Time, n int) time.Time {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	at, moved := dayNumber(from), 0
	for i := 0; n > 0 && i < maxDays; i++ {
		at += step
		moved += step
		if c.works(at) {
			n--
		}
	}
	return from.In(Zone).AddDate(0, 0, moved)
}

// WorkdaysBetween counts the working days after from's day up to and with to's day; negative when to is earlier. So
// WorkdaysBetween(t, AddWorkdays(t, n)) is n.
func (c *Calendar) WorkdaysBetween(from, to time.Time) int {
	a, b := dayNumber(from), dayNumber(to)
	if a > b {
		return -c.count(b, a)
	}
	return c.count(a, b)
}

func (c *Calendar) count(a, b int) int {
	n := 0
	for d := max(a, b-maxDays) + 1; d <= b; d++ {
		if c.works(d) {
			n++
		}
	}
	return n
}

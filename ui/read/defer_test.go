package read

import (
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/frame"
	"hopthu/ui/words"
)

func TestParseDay(t *testing.T) {
	now := time.Date(2026, 11, 24, 18, 0, 0, 0, rule.Zone)
	for s, want := range map[string]string{
		"5/12": "2026-12-05", "05-12-2026": "2026-12-05", "05.12.26": "2026-12-05", "24/11": "2027-11-24", "1/1": "2027-01-01", "25 11": "2026-11-25",
		"29/2/2028": "2028-02-29",
	} {
		at, ok := parseDay(s, now)
		if !ok || at.Format(time.DateOnly) != want || at.Hour() != workEnd {
			t.Errorf("%q: %v %v, want %s", s, at, ok, want)
		}
	}
	for _, s := range []string{"", "5", "30/2", "31/4/2027", "a/b", "1/2/3/4", "12/13", "٥/١٢", "00/00", "99999/1"} {
		if at, ok := parseDay(s, now); ok {
			t.Errorf("%q is read as %v", s, at)
		}
	}
}

// The mark of urgency is shown once, and words that only begin like one stay.
func TestUnmarked(t *testing.T) {
	for s, want := range map[string]string{
		"HỎA TỐC: chống lụt": "chống lụt", "[Hỏa tốc] Chống lụt": "Chống lụt", "HỎA TỐC Công điện": "Công điện", "Hỏa tốc – họp": "họp",
		"HỎA TỐC": "HỎA TỐC", "(hoả tốc) x": "x", "Hỏa tốc chống lụt": "Hỏa tốc chống lụt", "HỎA TỐC CHỐNG LỤT": "HỎA TỐC CHỐNG LỤT", "": "", "Họp": "Họp",
	} {
		if got := Unmarked(s, "HỎA TỐC"); got != want {
			t.Errorf("%q gives %q, want %q", s, got, want)
		}
	}
	if got := Unmarked("Khẩn trương: họp", "KHẨN"); got != "Khẩn trương: họp" {
		t.Errorf("%q", got)
	}
	if got := Unmarked("KHẨN", ""); got != "KHẨN" {
		t.Errorf("%q", got)
	}
}

func TestDueWords(t *testing.T) {
	w := words.Of("vi")
	now := time.Date(2026, 11, 24, 16, 0, 0, 0, rule.Zone)
	day := func(d, h int) time.Time { return time.Date(2026, 11, d, h, 0, 0, 0, rule.Zone) }
	for _, c := range []struct {
		head mail.Head
		want string
	}{
		{mail.Head{}, ""},
		{mail.Head{Due: day(20, 17), Late: 2}, "trễ 2 ngày"},
		{mail.Head{Due: day(24, 17)}, "trước 17:00"},
		{mail.Head{Due: day(24, 15)}, "đã quá 15:00"},
		{mail.Head{Due: day(25, 17)}, "hạn thứ Tư 25/11"},
	} {
		if got := DueWords(w, c.head, now); got != c.want {
			t.Errorf("%v gives %q, want %q", c.head.Due, got, c.want)
		}
	}
}

// An agency's own day off is none to put a letter off to.
func TestDeferCountsOwnDays(t *testing.T) {
	off := time.Date(2026, 11, 25, 0, 0, 0, 0, rule.Zone)
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, rule.Zone)
	env := frame.Env{Shell: &frame.Shell{Desk: counting{cal: rule.VietNam().With([]rule.OwnDay{{Day: off, Name: "Ngày truyền thống"}})}, Words: words.Of("vi"), Now: func() time.Time { return now }}}
	d := newPutOff(env, Selection{IDs: []mail.LetterID{1}, Heads: []mail.Head{{}}})
	if got := d.days[0].Format(time.DateOnly); got != "2026-11-26" {
		t.Errorf("tomorrow is %s", got)
	}
	d.date.SetText("25/11/2026")
	if got := d.dayWords(); !strings.Contains(got, words.Of("vi").Reading.Defer.DayOff) {
		t.Errorf("%q", got)
	}
}

type counting struct {
	frame.Desk
	cal *rule.Calendar
}

func (c counting) Calendar() *rule.Calendar { return c.cal }

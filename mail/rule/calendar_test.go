package rule

import (
	"testing"
	"time"
)

func TestCalendarFiles(t *testing.T) {
	c, err := loadCalendar()
	if err != nil {
		t.Fatal(err)
	}
	if len(c.decided) < 3 || len(c.lunar) < 28 {
		t.Fatalf("%d years, %d lunar years", len(c.decided), len(c.lunar))
	}
	for n := range c.extra {
		if (n+4)%7 != 6 && (n+4)%7 != 0 {
			t.Errorf("working day %v is no weekend", time.Unix(int64(n)*86400, 0).UTC())
		}
		if c.free[n] != "" {
			t.Error("a day is both free and worked")
		}
	}
}

func TestIsWorkday(t *testing.T) {
	c := VietNam()
	for day, want := range map[string]bool{
		"2026-02-13": true, "2026-02-16": false, "2026-02-20": false, "2026-02-23": true,
		"2026-01-02": false, "2026-01-10": true, "2026-01-17": false, "2026-04-26": false, "2026-04-27": false, "2026-04-28": true,
		"2026-08-22": true, "2026-08-31": false, "2026-09-01": false, "2026-09-02": false, "2026-09-03": true,
		"2026-11-24": true, // not known to be law yet
		"2025-05-02": false, "2025-04-26": true, "2024-04-29": false, "2024-02-14": false,
		"2013-09-02": false, "2013-09-03": true, "2013-04-19": false, "2013-02-11": false, // computed
		"2030-02-04": false, "2030-03-04": true, // Vietnamese Tết, 2030-02-02; the Chinese is a day later
		"2037-04-24": false, "2038-04-13": false, // Giỗ Tổ where the Chinese calendar differs
		"2023-01-02": false, "2023-01-25": false, "2023-01-26": false, "2023-01-27": true, "2023-05-03": false, "2023-09-04": false,
		"2021-02-16": false, "2021-02-17": true, "2021-09-03": false, "2022-02-04": false, "2022-02-07": true,
		"1999-01-01": true, "1999-01-02": false, "1960-01-03": false, // outside every table: weekends only
	} {
		if got := c.IsWorkday(at(t, day)); got != want {
			t.Errorf("IsWorkday(%s) = %v", day, got)
		}
	}
	// the day is the one in Zone, not the one of the value's own location
	if c.IsWorkday(time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC)) {
		t.Error("Saturday morning in Hà Nội is a working day")
	}
	if c.Expected(at(t, "2026-05-05")) || !c.Expected(at(t, "2031-05-05")) {
		t.Error("Expected is wrong")
	}
	if c.Holiday(at(t, "2026-02-17")) != "Tết Nguyên đán" || c.Holiday(at(t, "2026-03-17")) != "" {
		t.Error("Holiday is wrong")
	}
}

func TestWorkdays(t *testing.T) {
	c := VietNam()
	from := time.Date(2026, 8, 27, 15, 4, 5, 0, Zone)
	if got := c.AddWorkdays(from, 3); !got.Equal(time.Date(2026, 9, 4, 15, 4, 5, 0, Zone)) {
		t.Errorf("got %v", got)
	}
	for n := -40; n <= 300; n++ {
		to := c.AddWorkdays(from, n)
		if n >= 0 && c.WorkdaysBetween(from, to) != n || n < 0 && c.WorkdaysBetween(from, to) > 0 {
			t.Fatalf("%d working days lead to %v, %d back", n, to, c.WorkdaysBetween(from, to))
		}
		if n != 0 && !c.IsWorkday(to) {
			t.Fatalf("%v is no working day", to)
		}
	}
	if got := c.WorkdaysBetween(time.Time{}, from); got <= 0 {
		t.Errorf("from year 1: %d", got)
	}
	if got := c.AddWorkdays(from, 1<<40); got.Year() > 2150 {
		t.Errorf("endless walk: %v", got)
	}
}

func TestDeadlines(t *testing.T) {
	c := VietNam()
	for _, r := range rows(t, "deadlines.psv") {
		base := at(t, r[1]).Add(9 * time.Hour)
		got := Deadlines("Đề nghị quý cơ quan "+r[0]+" gửi về Sở.", base, c)
		want := at(t, r[2])
		if len(r[2]) <= len("2006-01-02 ") {
			want = workEnd(want)
		}
		if len(got) != 1 || !got[0].Due.Equal(want) {
			t.Errorf("%s from %s: %v, want %v", r[0], r[1], got, want)
		}
	}
	base := at(t, "2013-07-22T10:00")
	for text, want := range map[string]string{
		"gửi về Sở trước ngày 05/8/2013./.":                            "2013-08-02T17:00", // L01
		"trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản": "2013-07-29T17:00", // L05
		"báo cáo ngay trong ngày":                                      "2013-07-22T17:00", // L03
		"chậm nhất là 16 giờ 30 ngày 24/7/2013":                        "2013-07-24T16:30",
		"TRƯỚC NGÀY 26 tháng 7 năm 2013":                               "2013-07-25T17:00",
		"đến hết ngày 27/7/2013":                                       "2013-07-26T17:00",
		"trước ngày 31 hàng tháng":                                     "2013-07-30T17:00",
		"họp ngày 25/7/2013":                                           "",
		"trước ngày 31/02/2013":                                        "",
		"trong tháng 13/2013":                                          "",
		"0 ngày làm việc":                                              "",
		"Quyết định ban hành 02 ngày trước":                            "",
	} {
		got := Deadlines(text, base, c)
		if want == "" {
			if len(got) != 0 {
				t.Errorf("%s: %v", text, got)
			}
			continue
		}
		if len(got) != 1 || !got[0].Due.Equal(at(t, want)) {
			t.Errorf("%s: %v, want %s", text, got, want)
		}
	}
	two := Deadlines("trước ngày 26/7/2013, chậm nhất 30/7/2013", base, c)
	if len(two) != 2 || two[0].Start > two[1].Start {
		t.Errorf("two deadlines: %v", two)
	}
}

func FuzzDeadlines(f *testing.F) {
	f.Add("trước 17h00 ngày 12/8/2013, 03 ngày làm việc, trước ngày 31 hàng tháng, trong tháng 2/2014")
	c := VietNam()
	base := time.Date(2013, 7, 10, 9, 0, 0, 0, Zone)
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range Deadlines(s, base, c) {
			if d.Phrase == "" || d.Due.IsZero() {
				t.Fatalf("%q: %v", s, d)
			}
		}
	})
}

package rule

import "testing"

func TestAgencysOwnDays(t *testing.T) {
	c := VietNam().With([]OwnDay{
		{Day: at(t, "2013-07-12"), Name: "Ngày truyền thống của ngành"}, // a Friday
		{Day: at(t, "2013-07-13T15:00"), Name: "Làm bù", Work: true},    // a Saturday
		{Day: at(t, "2013-09-02"), Name: "Trực lễ", Work: true},
	})
	for _, d := range []struct {
		day       string
		own, all  bool
		whyNot    string
		ofAllName string
	}{
		{"2013-07-12", false, true, "Ngày truyền thống của ngành", ""},
		{"2013-07-13", true, false, "", ""},
		{"2013-09-02", true, false, "", "Quốc khánh"},
		{"2013-07-15", true, true, "", ""},
	} {
		day := at(t, d.day)
		if c.IsWorkday(day) != d.own || VietNam().IsWorkday(day) != d.all || c.Holiday(day) != d.whyNot || VietNam().Holiday(day) != d.ofAllName {
			t.Errorf("%s: %v %v %q %q", d.day, c.IsWorkday(day), VietNam().IsWorkday(day), c.Holiday(day), VietNam().Holiday(day))
		}
	}
	if got := c.AddWorkdays(at(t, "2013-07-11"), 1); !got.Equal(at(t, "2013-07-13")) {
		t.Errorf("the next working day is %v", got)
	}
	if VietNam().With(nil) != VietNam() {
		t.Error("no own days need no calendar of their own")
	}
}

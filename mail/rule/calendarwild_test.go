package rule

import "testing"

// TestWorkdaysOfYears: the days of rest of 2024 to 2028; swaps and days in lieu where they are decided, the Labour Code
// elsewhere.
func TestWorkdaysOfYears(t *testing.T) {
	c := VietNam()
	for day, want := range map[string]bool{
		"2024-01-01": false, "2024-01-02": true, "2024-02-07": true, "2024-02-08": false, "2024-02-12": false, "2024-02-13": false, "2024-02-15": true,
		"2024-04-17": true, "2024-04-18": false, "2024-04-19": true, "2024-04-29": false, "2024-04-30": false, "2024-05-01": false, "2024-05-02": true,
		"2024-05-04": true, "2024-05-05": false, "2024-09-01": false, "2024-09-02": false, "2024-09-03": false, "2024-09-04": true,
		"2025-01-01": false, "2025-01-24": true, "2025-01-27": false, "2025-01-31": false, "2025-02-03": true, "2025-04-07": false, "2025-04-25": true,
		"2025-04-26": true, "2025-04-27": false, "2025-05-01": false, "2025-05-02": false, "2025-05-05": true, "2025-08-29": true, "2025-09-01": false, "2025-09-02": false, "2025-09-03": true,
		"2026-01-01": false, "2026-01-02": false, "2026-01-05": true, "2026-01-10": true, "2026-02-16": false, "2026-02-23": true, "2026-04-27": false,
		"2026-05-04": true, "2026-08-22": true, "2026-08-31": false, "2026-09-03": true, "2026-12-31": true,
		"2027-01-01": false, "2027-02-03": true, "2027-02-05": false, "2027-02-08": false, "2027-02-09": false, "2027-02-11": true, // Tết on Saturday 6/2
		"2027-04-16": false, "2027-04-30": false, "2027-05-03": false, "2027-05-04": true, "2027-09-02": false, "2027-09-03": false, "2027-09-06": true,
		"2028-01-01": false, "2028-01-03": false, "2028-01-04": true, // Saturday: a day in lieu
		"2028-01-25": false, "2028-01-26": false, "2028-01-28": false, "2028-01-31": true, "2028-04-04": false, "2028-04-05": true,
		"2028-05-01": false, "2028-05-02": false, "2028-05-03": true, // 30/4 is a Sunday
		"2028-09-04": false, "2028-09-05": true, // 2/9 is a Saturday
	} {
		if got := c.IsWorkday(at(t, day)); got != want {
			t.Errorf("%s: %v", day, got)
		}
	}
	for _, r := range []struct {
		from string
		n    int
		want string
	}{
		{"2024-12-31", 1, "2025-01-02"},
		{"2025-12-31", 1, "2026-01-05"},
		{"2026-02-13", 1, "2026-02-23"},
		{"2026-01-09", 1, "2026-01-10"},
		{"2026-08-21", 5, "2026-08-27"},
		{"2026-08-28", 1, "2026-09-03"},
		{"2024-05-03", 1, "2024-05-04"},
		{"2025-05-05", -1, "2025-04-29"},
		{"2026-02-23", -1, "2026-02-13"},
		{"2027-01-04", -1, "2026-12-31"},
	} {
		if got := c.AddWorkdays(at(t, r.from), r.n); !got.Equal(at(t, r.want)) {
			t.Errorf("%s %+d: %v, want %s", r.from, r.n, got, r.want)
		}
	}
}

func TestPasswordsWritten(t *testing.T) {
	for _, c := range []struct{ password, broken string }{
		{"matkhau123456", "common"},
		{"Matkhau@2026", "common"},
		{"ninhbinh2026", "common"},
		{"123456789012", "common"},
		{"qwertyuiop12", "common"},
		{"aaaaaaaaaaaa", "common"},
		{"Password1234", "common"},
		{"TranVanHung2026", "name"},
		{"hungtv.kh&dt1", "name"},
		{"HÙNGTV-2026-xyz", "name"},
		{"con mèo ngủ trưa", ""},
		{"con me\u0300o ngu\u0309 trưa", ""},
		{"ngan ngo 7 cay cau", ""},
		{"mèo ngủ", "short"},
		{"e\u0302\u0301e\u0302\u0301e\u0302\u0301e\u0302\u0301", "short"}, // four letters, however they are written
		{"Cau-vong-cu-01", "old"},
		{"cau-vong-cu-999", "old"},
		{"Q7#kd9!mZp2wLx", ""},
	} {
		broken, _ := JudgePassword(PasswordInput{Login: "hungtv.kh&dt@ninhbinh.gov.vn", Name: "Trần Văn Hùng", Old: "Cau-vong-cu-00", New: c.password})
		found := c.broken == "" && len(broken) == 0
		for _, b := range broken {
			found = found || b == c.broken
		}
		if !found {
			t.Errorf("%q breaks %q, want %q", c.password, broken, c.broken)
		}
	}
}

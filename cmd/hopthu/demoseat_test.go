package main

import "testing"

// A seat is named by part of a name, with its marks or without, as long as it is one person's.
func TestPickSeat(t *testing.T) {
	r, out, _ := newRoot(t)
	seats := []runningSeat{{Name: "Phạm Ngọc Ánh"}, {Name: "Trần Văn Hùng"}, {Name: "Trần Văn Hưng"}, {Name: "Đặng Thị Đào"}}
	for as, want := range map[string]string{
		"đào": "Đặng Thị Đào", "dao": "Đặng Thị Đào", "Hùng": "Trần Văn Hùng", "hưng": "Trần Văn Hưng", "anh": "Phạm Ngọc Ánh",
		"Trần Văn Hưng": "Trần Văn Hưng", "hung": "", "xyz": "", "văn": "",
	} {
		got, ok := r.pickSeat(seats, as)
		if got.Name != want || ok != (want != "") {
			t.Errorf("%s: %q %v, want %q", as, got.Name, ok, want)
		}
	}
	if out.Len() == 0 {
		t.Error("nobody was told who can be chosen")
	}
}

// TestNoSeatWithoutDemo: nothing is made where no demo runs.
func TestNoSeatWithoutDemo(t *testing.T) {
	r, out, _ := newRoot(t)
	err := r.demoSeat(t.Context(), t.TempDir(), "đào")
	if code, untold := split(err); code != exitFailed || untold != nil || out.Len() == 0 {
		t.Errorf("exit %d, %v, %q", code, untold, out)
	}
}

package rule

import (
	"testing"
	"time"
	_ "time/tzdata" // the database of zones, so that the test needs none on the machine
)

// Zone is a fixed offset, which needs no database at run time; it is what the database says for every day that the
// calendar knows.
func TestZone(t *testing.T) {
	db, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		t.Fatal(err)
	}
	for d := time.Date(2013, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() <= 2040; d = d.Add(12 * time.Hour) {
		if a, b := d.In(Zone).Format(time.DateTime), d.In(db).Format(time.DateTime); a != b {
			t.Fatalf("%v: %s, the database says %s", d, a, b)
		}
	}
}

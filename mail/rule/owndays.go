package rule

import (
	"maps"
	"time"
)

// OwnDay is a day on which one agency differs from the administration's calendar: it rests on a working day, or works on a
// day of rest.
type OwnDay struct {
	Day  time.Time // any time of the day, in Zone
	Name string
	Work bool
}

// With is the calendar with an agency's own days over it; c itself stays as it is.
func (c *Calendar) With(days []OwnDay) *Calendar {
	if len(days) == 0 {
		return c
	}
	own := *c
	own.free, own.extra = maps.Clone(c.free), maps.Clone(c.extra)
	for _, d := range days {
		n := dayNumber(d.Day)
		if d.Work {
			delete(own.free, n)
			own.extra[n] = d.Name
		} else {
			delete(own.extra, n)
			own.free[n] = d.Name
		}
	}
	return &own
}

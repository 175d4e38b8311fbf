package frame

import "hopthu/mail/rule"

// Counting is a desk that has a calendar of its own: with the agency's own days.
type Counting interface{ Calendar() *rule.Calendar }

// CalendarOf is the calendar in which a desk counts working days.
func CalendarOf(d Desk) *rule.Calendar {
	if c, ok := d.(Counting); ok {
		return c.Calendar()
	}
	return rule.VietNam()
}

// Package rule is the regulation (Decision 10/2013/QĐ-UBND, "QC") as pure functions: working days, the duty to
// answer, secrecy, the checks before sending, kinds of files, addresses, passwords, deadlines, and official documents
// with the recipients of their Nơi nhận block.
//
// Laws: it does no I/O, reads no clock and keeps no state; times are handed in; it never changes what it judges;
// what it found is returned, never logged. Its data files are part of the program.
package rule

import (
	"regexp"
	"sync"
	"time"

	"hopthu/mail"
)

// Zone is mail.Zone, in which every day of the regulation begins and ends.
var Zone = mail.Zone

// endOfWork is when a working day ends.
const endOfWork = 17

// day is a calendar day in Zone as a number that can be compared and counted.
func dayNumber(t time.Time) int {
	y, m, d := t.In(Zone).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// pattern compiles expr when it is first asked for, so that starting the program does not wait for it.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

package rule

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// Duty reports whether a letter obliges the holder of a to answer (QC 9, 14.3; D9): it stands in To (not only Cc), comes
// from a person other than himself, and is neither automatic, nor from a list, nor sent "để biết". Whether it has been
// answered or excused is not asked here.
func Duty(h mail.Head, a mail.Account) bool {
	if h.Automatic || h.Flags&(mail.Draft|mail.Junk) != 0 || len(h.From) == 0 {
		return false
	}
	if mine(a, h.Sender.Addr) {
		return false
	}
	for _, f := range h.From {
		if f.Addr == "" || mine(a, f.Addr) || machine(f.Addr) {
			return false
		}
	}
	if forInformation(h.Subject) {
		return false
	}
	for _, t := range h.To {
		if mine(a, t.Addr) {
			return true
		}
	}
	return false
}

// mine is Account.Mine over both spellings of an address (D1).
func mine(a mail.Account, addr string) bool {
	return addr != "" && (a.Mine(addr) || WireForm(addr) == WireForm(a.Address))
}

// noPunctuation makes "no-reply", "no_reply" and "no.reply" one name.
var noPunctuation = strings.NewReplacer("-", "", "_", "", ".", "")

// machine reports addresses behind which nobody reads an answer.
func machine(addr string) bool {
	local, _, _ := strings.Cut(strings.ToLower(addr), "@")
	local = noPunctuation.Replace(local)
	switch local {
	case "mailerdaemon", "postmaster", "bounce", "bounces", "autoreply", "autoresponder", "notification", "notifications", "newsletter":
		return true
	}
	for _, head := range []string{"noreply", "donotreply", "dontreply", "khongtraloi", "khongphanhoi", "bounce+", "bounces+"} {
		if strings.HasPrefix(local, head) {
			return true
		}
	}
	return false
}

// forInformation finds "để biết" in a subject where it says why the letter is sent; "để biết thêm …", "để biết kết quả" ask,
// and who is to know and to do something may have to answer.
func forInformation(subject string) bool {
	text, phrase := viet.Fold(subject), "de biet"
	if viet.IsMarked(subject) {
		text, phrase = strings.ToLower(viet.NFC(subject)), "để biết"
	}
	_, rest, ok := strings.Cut(text, phrase)
	if !ok {
		return false
	}
	rest = viet.Fold(strings.TrimLeft(rest, " "))
	if rest == "" || !startsWithLetter(rest) {
		return true
	}
	for _, w := range []string{"va luu", "va thuc hien", "va theo doi", "va bao cao", "va chi dao", "chung", "noi bo"} {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return false
}

func startsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// received is when the letter came; the Date header is the sender's claim and only a fallback.
func received(h mail.Head) time.Time {
	if h.Received.IsZero() {
		return h.Date
	}
	return h.Received
}

// Due is the end of the working day by which a letter that names no day should be answered: days working days after it
// came (D8); an urgent one the same working day if it came an hour before its end, else the next. It is zero for a letter
// without any date. Term is what counts for a letter as a whole.
func Due(h mail.Head, c *Calendar, days int) time.Time {
	from := received(h)
	if from.IsZero() {
		return time.Time{}
	}
	if h.Priority > 0 {
		if c.IsWorkday(from) && from.In(Zone).Hour() < endOfWork-1 {
			return workEnd(from)
		}
		return workEnd(c.AddWorkdays(from, 1))
	}
	return workEnd(c.AddWorkdays(from, max(days, 0)))
}

func workEnd(t time.Time) time.Time {
	y, m, d := t.In(Zone).Date()
	return time.Date(y, m, d, endOfWork, 0, 0, 0, Zone)
}

// Age is the number of working days since the letter came, 0 on the day itself.
func Age(h mail.Head, c *Calendar, now time.Time) int {
	from := received(h)
	if from.IsZero() {
		return 0
	}
	return max(c.WorkdaysBetween(from, now), 0)
}

// Late is the number of working days past due: 0 on the day that it is due and before, at least 1 from the next day on.
func Late(due time.Time, c *Calendar, now time.Time) int {
	if due.IsZero() || dayNumber(now) <= dayNumber(due) {
		return 0
	}
	return max(c.WorkdaysBetween(due, now), 1)
}

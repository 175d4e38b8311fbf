package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/store"
)

// How far back an answer is waited for, and how many letters sent are looked through.
const (
	waitDays = 60
	waitMost = 200
)

// waits remembers the letters without an answer as long as nothing has changed in the store.
type waits struct {
	version int64
	day     time.Time
	list    []mail.Head
}

// Waitings implements frame.Checking.
func (d *Desk) Waitings(ctx context.Context) ([]mail.Waiting, error) {
	now := d.o.Clock.Now().In(rule.Zone)
	marks, err := d.store.Marks(ctx, rule.Day(now))
	if err != nil {
		return nil, err
	}
	return d.waitings(ctx, now, marks)
}

// waitings lists a conversation once, by its oldest letter without an answer. A letter of today is not waited for yet.
func (d *Desk) waitings(ctx context.Context, now time.Time, marks *store.Marks) ([]mail.Waiting, error) {
	heads, err := d.unanswered(ctx, now)
	if err != nil {
		return nil, err
	}
	var list []mail.Waiting
	oldest := map[mail.ThreadID]int{}
	for _, h := range heads { // newest first
		w := mail.Waiting{Head: h, Age: max(d.days.WorkdaysBetween(h.Sent(), now), 0)}
		if l, ok := marks.Later(h); ok {
			w.Back = l.Until.In(rule.Zone)
			w.Later = w.Back
		}
		if marks.Unwaited(h) || w.Age < 1 || w.Back.After(now) {
			continue
		}
		if i, ok := oldest[h.Thread]; ok {
			list[i] = w
			continue
		}
		oldest[h.Thread] = len(list)
		list = append(list, w)
	}
	slices.SortStableFunc(list, func(a, b mail.Waiting) int { return cmp.Or(b.Age-a.Age, a.Sent().Compare(b.Sent())) })
	return list, nil
}

func (d *Desk) unanswered(ctx context.Context, now time.Time) ([]mail.Head, error) {
	version, day := d.store.Version(0), rule.Day(now)
	d.mu.Lock()
	have := d.waits
	d.mu.Unlock()
	if have.list != nil && have.version == version && have.day.Equal(day) && !d.o.Offline {
		return have.list, nil
	}
	accounts := map[mail.AccountID]mail.Account{}
	for _, a := range d.Accounts() {
		accounts[a.ID] = a
	}
	list, err := d.store.SentUnanswered(ctx, day.AddDate(0, 0, -waitDays), waitMost, func(h mail.Head) bool {
		a, ok := accounts[h.Account]
		return ok && rule.Asks(h, a)
	})
	if err != nil {
		return nil, err
	}
	if list == nil {
		list = []mail.Head{}
	}
	d.mu.Lock()
	d.waits = waits{version, day, list}
	d.mu.Unlock()
	return list, nil
}

// withAsked adds to letters sent without an answer those of the same conversations: a question and its reminders are one thing.
func (d *Desk) withAsked(ctx context.Context, ids []mail.LetterID) ([]mail.LetterID, error) {
	heads, err := d.unanswered(ctx, d.o.Clock.Now())
	if err != nil {
		return nil, err
	}
	out := slices.Clone(ids)
	asked := map[mail.ThreadID]bool{}
	for _, h := range heads {
		asked[h.Thread] = asked[h.Thread] || slices.Contains(ids, h.ID)
	}
	for _, h := range heads {
		if asked[h.Thread] && !slices.Contains(out, h.ID) {
			out = append(out, h.ID)
		}
	}
	return out, nil
}

// Unwait implements frame.Checking. Undo takes it back.
func (d *Desk) Unwait(ctx context.Context, ids []mail.LetterID) error {
	ids, err := d.withAsked(ctx, ids)
	if err != nil {
		return err
	}
	if err := d.store.Unwait(ctx, ids, true); err != nil {
		return err
	}
	d.remember(act{name: "unwait", back: func(ctx context.Context) error { return d.store.Unwait(ctx, ids, false) }})
	return nil
}

// Remind implements frame.Checking: a draft in the words of an office, saved so that it is not lost, and sent by nobody but the
// person himself.
func (d *Desk) Remind(ctx context.Context, sent mail.LetterID) (mail.DraftLetter, error) {
	dr, err := d.Compose(ctx, "", mail.DraftReply, sent)
	if err != nil {
		return dr, err
	}
	l, err := d.Open(ctx, sent)
	if err != nil {
		return dr, err
	}
	dr.Cc = addressLine(l.Cc)
	_, quoted, _ := strings.Cut(dr.Body, "\n") // of Compose: an empty line for the answer, then signature and quotation
	if l.Sealed() {
		dr.Body = fmt.Sprintf(reminder, greeting(l), l.Sent().In(rule.Zone).Format("02/01/2006"), "") + quoted
		return d.SaveDraft(ctx, dr, false)
	}
	about := " về việc “" + strings.TrimSpace(strings.TrimPrefix(letter.ReplySubject(l.Subject), "Re:")) + "”"
	if strings.TrimSpace(l.Subject) == "" {
		about = ""
	}
	dr.Body = fmt.Sprintf(reminder, greeting(l), l.Sent().In(rule.Zone).Format("02/01/2006"), about) + quoted
	return d.SaveDraft(ctx, dr, false)
}

// reminder is the text of a letter, not of the screen: it is Vietnamese whatever the screen speaks.
const reminder = `Kính gửi: %s

Ngày %s, tôi đã gửi thư%s. Đến nay tôi chưa nhận được phản hồi. Kính mong quý cơ quan, ông/bà xem xét và phản hồi, hoặc cho biết thời gian dự kiến có phản hồi.

Trân trọng cảm ơn.
`

func greeting(l *mail.Letter) string {
	names := make([]string, 0, len(l.To))
	for _, a := range l.To {
		names = append(names, a.Short())
	}
	return strings.Join(names, "; ")
}

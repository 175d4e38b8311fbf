package desk

import (
	"context"

	"hopthu/mail"
	"hopthu/mail/rule"
)

// Pressing implements frame.Checking. What has become due or overdue is told of once a day, also when the program is started
// anew; a term with an hour is over when the hour is.
func (d *Desk) Pressing(ctx context.Context) (mail.Pressing, error) {
	x, err := d.duties(ctx, dutyMost)
	if err != nil {
		return mail.Pressing{}, err
	}
	p := mail.Pressing{Overdue: len(x.overdue), DueToday: len(x.dueToday), Soon: len(x.soon) + len(x.back), All: x.all - len(x.away)}
	if p.Checked, err = d.store.CheckedOn(ctx, rule.Day(x.now)); err != nil || d.o.Offline {
		return p, err
	}
	byKey := map[string]mail.Head{}
	var keys []string
	put := func(what string, h mail.Head) {
		k := what + " " + mail.LetterKey(h)
		byKey[k] = h
		keys = append(keys, k)
	}
	for _, it := range x.overdue {
		put("over", it.Head)
	}
	for _, it := range x.dueToday {
		if it.Due.Before(x.now) {
			put("over", it.Head)
		} else {
			put("due", it.Head)
		}
	}
	news, err := d.store.Told(ctx, rule.Day(x.now), keys)
	for _, k := range news {
		if k[0] == 'o' {
			p.NewOver = append(p.NewOver, byKey[k])
		} else {
			p.NewDue = append(p.NewDue, byKey[k])
		}
	}
	return p, err
}

package desk

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/store"
)

// How far ahead, in days, Today looks for older letters whose term is near, and how many of them it names.
const (
	termsAhead = 14
	termsMost  = 100
)

// terms remembers what heads alone tell of when letters are due: subjects do not change, and lists ask for the same letters
// at every step.
type terms struct {
	mu   sync.Mutex
	days int
	list map[mail.LetterID]term
}

type term struct {
	due    time.Time
	why    mail.DueWhy
	phrase string
}

// maxTerms bounds them; they are cheap to make anew.
const maxTerms = 8192

// ofHead is rule.Term without the letter's text. It works outside the lock.
func (t *terms) ofHead(h mail.Head, c *rule.Calendar, days int) term {
	t.mu.Lock()
	if t.list == nil || t.days != days || len(t.list) >= maxTerms {
		t.days, t.list = days, map[mail.LetterID]term{}
	}
	list := t.list
	x, ok := list[h.ID]
	t.mu.Unlock()
	if ok {
		return x
	}
	x.due, x.why, x.phrase = rule.Term(h, mail.Deadline{}, c, days)
	t.mu.Lock()
	list[h.ID] = x // of an older list nobody asks any more
	t.mu.Unlock()
	return x
}

// fillDue says of the letters that await an answer by when it is due and what that stands on: the person's choice, else a
// deadline in the subject, else one in the text, else the mark of urgency, else the rule's days (D8).
func (d *Desk) fillDue(ctx context.Context, heads []mail.Head, now time.Time) error {
	var ids []mail.LetterID
	for _, h := range heads {
		if h.Awaits {
			ids = append(ids, h.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	known, err := d.store.Terms(ctx, ids)
	if err != nil {
		return err
	}
	days := d.Settings().ReplyDays
	for i := range heads {
		h := &heads[i]
		if !h.Awaits {
			continue
		}
		k := known[h.ID]
		x := d.termOf(*h, k, days)
		h.DueSet, h.DueReason = !k.Chosen.At.IsZero(), k.Chosen.Reason
		h.Due, h.DueWhy, h.DuePhrase = x.due, x.why, strings.Join(strings.Fields(x.phrase), " ")
		h.Late = rule.Late(h.Due, d.days, now)
	}
	return nil
}

// termOf joins what the head tells of a term with what the store knows of it.
func (d *Desk) termOf(h mail.Head, known store.Term, days int) term {
	if !known.Chosen.At.IsZero() {
		return term{due: known.Chosen.At.In(rule.Zone), why: mail.DueChosen}
	}
	x := d.terms.ofHead(h, d.days, days)
	if !known.Deadline.IsZero() && x.why != mail.DueSubject {
		return term{due: known.Deadline.In(rule.Zone), why: mail.DueBody, phrase: known.Phrase}
	}
	return x
}

// join adds those of more that list does not hold.
func join(list, more []mail.Head) []mail.Head {
	if len(more) == 0 {
		return list
	}
	have := make(map[mail.LetterID]bool, len(list))
	for _, h := range list {
		have[h.ID] = true
	}
	return slices.Concat(list, slices.DeleteFunc(more, func(h mail.Head) bool { return have[h.ID] }))
}

// Calendar implements frame.Counting: working days with those of the agency's own.
func (d *Desk) Calendar() *rule.Calendar { return d.days }

package office

import (
	"fmt"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/viet"
)

// Why an act contradicts what stands: the Detail of a Conflict.
const (
	Taken    = "taken"    // somebody else has it
	Answered = "answered" // it was answered
	Excused  = "excused"  // it needs no answer
	Claimed  = "claimed"  // somebody else is writing the answer
	Changed  = "changed"  // somebody changed it since
	Frozen   = "frozen"   // the box is being handed over
	Unread   = "unread"   // letters of the inbox are unread
	Repeated = "repeated" // another act came under this id
)

// Contradiction is inside every Conflict of this room.
type Contradiction struct {
	Why string
	Who mail.Person   // who came first, zero if that is nobody's name
	who box.AccountID // the same, until his name is looked up
}

func (c *Contradiction) Error() string { return c.Why }

func conflict(why string, who box.AccountID) error {
	return &mail.Fault{Kind: mail.Conflict, Op: "act", Detail: why, Err: &Contradiction{Why: why, who: who}}
}

// ClaimLasts is how long a claim stands without being renewed.
const ClaimLasts = 2 * time.Minute

// Limits of what people write.
const (
	maxText  = 2000 // octets of a note, reason or instruction
	maxNotes = 500  // of one letter
	maxActID = 64
)

// hand is who acts and what he may do in the box at this moment.
type hand struct {
	who   box.AccountID
	scope mail.Scope
	chief bool // phụ trách chính
}

// leads reports whether he directs the work of others (QC 14.3).
func (h hand) leads() bool { return h.chief || h.scope >= mail.ScopeManage }

// work is the record of one letter: mail.Work with accounts for people. The versions say when it last changed in which way, in
// the one count of its box.
type work struct {
	key         string
	state       mail.WorkState
	holder      box.AccountID
	assignedBy  box.AccountID
	due         time.Time
	dueReason   string
	instruction string
	claim       box.AccountID
	claimSince  time.Time
	claimUntil  time.Time
	answeredBy  box.AccountID
	answeredAt  time.Time
	excusedAt   time.Time
	reopenedAt  time.Time // zero once it has an answer or needs none again
	reason      string
	version     int64
	turned      int64         // version at which state, holder or due last changed,
	turnedBy    box.AccountID // and who changed it
}

// act is an api.Act whose people have been looked up and whose words are clean.
type act struct {
	do   string
	saw  int64
	to   box.AccountID
	due  time.Time
	text string
}

// needs is the scope that each act needs (QC 14.1).
var needs = map[string]mail.Scope{
	api.ActTake: mail.ScopeAnswer, api.ActAssign: mail.ScopeRead, api.ActReturn: mail.ScopeRead, api.ActClaim: mail.ScopeAnswer,
	api.ActRelease: mail.ScopeRead, api.ActNote: mail.ScopeRead, api.ActExcuse: mail.ScopeAnswer, api.ActReopen: mail.ScopeAnswer,
	api.ActDefer: mail.ScopeAnswer, api.ActAnswer: mail.ScopeAnswer,
}

// needsText: reasons and notes are words; going back to the rule's due date needs none.
func needsText(do string, due time.Time) bool {
	switch do {
	case api.ActNote, api.ActExcuse, api.ActAnswer:
		return true
	case api.ActDefer:
		return !due.IsZero()
	}
	return false
}

// read checks an act by itself.
func read(a api.Act) (act, error) {
	text := strings.TrimSpace(viet.NFC(strings.ToValidUTF8(a.Text, "")))
	out := act{do: a.Do, saw: a.Saw, due: a.Due, text: text}
	_, known := needs[a.Do]
	switch {
	case !known, !validKey(a.Key), a.ID == "", len(a.ID) > maxActID, a.Saw < 0:
		return out, &mail.Fault{Kind: mail.BadSettings, Op: "read act"}
	case len(text) > maxText:
		return out, &mail.Fault{Kind: mail.TooBig, Op: "read act"}
	case text == "" && needsText(a.Do, a.Due):
		return out, &mail.Fault{Kind: mail.Blocked, Op: "read act", Detail: "QC 14.3"}
	}
	return out, nil
}

// validKey: LetterKey is 16 octets in hexadecimal.
func validKey(k string) bool {
	return len(k) == 32 && strings.Trim(k, "0123456789abcdef") == ""
}

// done says how a letter that asks for nothing more came to that, "" for one that still does.
func (w work) done() string {
	switch w.state {
	case mail.WorkAnswered:
		return Answered
	case mail.WorkExcused:
		return Excused
	case mail.WorkOpen, mail.WorkDoing:
	}
	return ""
}

// closer is who brought it to its end.
func (w work) closer() box.AccountID {
	if w.state == mail.WorkAnswered {
		return w.answeredBy
	}
	return w.turnedBy
}

// claimed is who else is writing the answer at this moment, 0 for nobody.
func (w work) claimed(h hand, now time.Time) box.AccountID {
	if w.claim == h.who || !now.Before(w.claimUntil) {
		return 0
	}
	return w.claim
}

// unseen reports a turn that somebody else gave the letter after the person looked.
func (w work) unseen(saw int64, h hand) bool { return w.turned > saw && w.turnedBy != h.who }

// apply is the whole rule of working together: the record after the act, or the Conflict. What the act leaves as it was
// comes back as it was, with its old version. next is the version that a change gets.
func (w work) apply(a act, h hand, now time.Time, next int64) (work, error) {
	if h.scope < needs[a.do] || a.do == api.ActAssign && !h.leads() {
		return w, &mail.Fault{Kind: mail.NoPermission, Op: "act"}
	}
	switch a.do {
	case api.ActNote:
		w.version = next
		return w, nil
	case api.ActClaim, api.ActRelease:
		return w.write(a, h, now, next)
	case api.ActReturn:
		return w.giveBack(a, h, next)
	case api.ActReopen:
		return w.reopen(a, h, now, next)
	case api.ActAnswer:
		if w.state == mail.WorkAnswered && w.answeredBy == h.who {
			return w, nil
		}
		if err := w.free(a, h, now, mail.WorkAnswered); err != nil {
			return w, err
		}
		return w.answered(h.who, now, next), nil
	}
	return w.direct(a, h, now, next)
}

// free says whether the one who acts may bring the letter to an end, or give it a turn: it is not at its end, or he saw that
// it is and goes on from there to another end; nobody else has it unless he leads; nobody else is at its answer.
func (w work) free(a act, h hand, now time.Time, to mail.WorkState) error {
	switch by := w.claimed(h, now); {
	case w.done() != "" && (to == "" || w.unseen(a.saw, h) || w.state == mail.WorkAnswered):
		return conflict(w.done(), w.closer())
	case w.holder != 0 && w.holder != h.who && !h.leads():
		return conflict(Taken, w.holder)
	case w.unseen(a.saw, h) && (to != mail.WorkAnswered || w.holder != h.who): // what he has and has answered is answered
		return conflict(Changed, w.turnedBy)
	case by != 0 && to != "":
		return conflict(Claimed, by)
	}
	return nil
}

// direct is take, assign, excuse and defer.
func (w work) direct(a act, h hand, now time.Time, next int64) (work, error) {
	switch a.do {
	case api.ActTake:
		switch {
		case w.done() != "":
			return w, conflict(w.done(), w.closer())
		case w.holder == h.who:
			return w, nil
		case w.holder != 0:
			return w, conflict(Taken, w.holder)
		}
		w.state, w.holder, w.assignedBy, w.instruction = mail.WorkDoing, h.who, 0, ""
	case api.ActAssign:
		if err := w.free(a, h, now, ""); err != nil {
			return w, err
		}
		w.state, w.holder, w.assignedBy, w.instruction = mail.WorkDoing, a.to, h.who, a.text
		if !a.due.IsZero() {
			w.due, w.dueReason = a.due, ""
		}
	case api.ActExcuse:
		if err := w.free(a, h, now, mail.WorkExcused); err != nil {
			return w, err
		}
		w.state, w.reason, w.excusedAt, w.reopenedAt = mail.WorkExcused, a.text, now, time.Time{}
		w.claim, w.claimSince, w.claimUntil = 0, time.Time{}, time.Time{}
	case api.ActDefer:
		if err := w.free(a, h, now, ""); err != nil {
			return w, err
		}
		w.due, w.dueReason = a.due, a.text
	default:
		return w, &mail.Fault{Kind: mail.Unknown, Op: "act", Err: fmt.Errorf("no act %q", a.do)}
	}
	return w.turn(h.who, next), nil
}

func (w work) turn(by box.AccountID, next int64) work {
	w.version, w.turned, w.turnedBy = next, next, by
	return w
}

// write begins, renews or ends a claim. Of two who begin at the same instant the first in the database's order has it. Who saw
// that the letter was answered may write once more; who did not is told.
func (w work) write(a act, h hand, now time.Time, next int64) (work, error) {
	mine := w.claim == h.who && now.Before(w.claimUntil)
	if a.do == api.ActRelease {
		if w.claim != h.who {
			return w, nil
		}
		w.claim, w.claimSince, w.claimUntil, w.version = 0, time.Time{}, time.Time{}, next
		return w, nil
	}
	if by := w.claimed(h, now); by != 0 {
		return w, conflict(Claimed, by)
	}
	if !mine && w.done() != "" && w.unseen(a.saw, h) {
		return w, conflict(w.done(), w.closer())
	}
	if !mine { // a renewal is nobody's news
		w.claimSince, w.version = now, next
	}
	w.claim, w.claimUntil = h.who, now.Add(ClaimLasts)
	return w, nil
}

// giveBack frees the letter: by the one who has it, or by who leads and has seen who has it.
func (w work) giveBack(a act, h hand, next int64) (work, error) {
	switch {
	case w.done() != "":
		return w, conflict(w.done(), w.closer())
	case w.holder == 0:
		return w, nil
	case w.holder != h.who && !h.leads():
		return w, conflict(Taken, w.holder)
	case w.holder != h.who && w.unseen(a.saw, h):
		return w, conflict(Changed, w.turnedBy)
	}
	w.state, w.holder, w.assignedBy, w.instruction = mail.WorkOpen, 0, 0, ""
	return w.turn(h.who, next), nil
}

// reopen makes a letter at its end ask for an answer again.
func (w work) reopen(a act, h hand, now time.Time, next int64) (work, error) {
	if w.done() == "" {
		return w, nil
	}
	if w.unseen(a.saw, h) {
		return w, conflict(Changed, w.turnedBy)
	}
	w.state, w.holder, w.assignedBy, w.instruction = mail.WorkOpen, 0, 0, ""
	w.answeredBy, w.answeredAt, w.excusedAt, w.reason, w.reopenedAt = 0, time.Time{}, time.Time{}, "", now
	return w.turn(h.who, next), nil
}

// answered is the record after an answer went out: a fact, which contradicts nothing. The first answer stays the answer.
func (w work) answered(by box.AccountID, at time.Time, next int64) work {
	if w.claim == by {
		w.claim, w.claimSince, w.claimUntil = 0, time.Time{}, time.Time{}
		w.version = next
	}
	if w.state == mail.WorkAnswered {
		return w
	}
	w.state, w.answeredBy, w.answeredAt = mail.WorkAnswered, by, at
	w.excusedAt, w.reopenedAt, w.reason = time.Time{}, time.Time{}, ""
	return w.turn(by, next)
}

// expired ends a claim that was not renewed.
func (w work) expired(now time.Time, next int64) (work, bool) {
	if w.claim == 0 || now.Before(w.claimUntil) {
		return w, false
	}
	w.claim, w.claimSince, w.claimUntil, w.version = 0, time.Time{}, time.Time{}, next
	return w, true
}

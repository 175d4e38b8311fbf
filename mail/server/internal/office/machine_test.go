package office

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server/internal/box"
)

const (
	lan  box.AccountID = 1 // the chief
	hung box.AccountID = 2 // answers
	minh box.AccountID = 3 // reads
)

var hands = map[box.AccountID]hand{
	lan:  {who: lan, scope: mail.ScopeIssue, chief: true},
	hung: {who: hung, scope: mail.ScopeAnswer},
	minh: {who: minh, scope: mail.ScopeRead},
}

var morning = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

func whyOf(err error) string {
	if c := (*Contradiction)(nil); errors.As(err, &c) {
		return c.Why
	}
	return string(mail.KindOf(err))
}

// Each line is a story of one letter: who does what, having seen which version ("." is the newest), and what comes of it.
func TestApply(t *testing.T) {
	for _, c := range []struct{ name, story, want string }{
		{"take", "hung take .", "doing hung"},
		{"take twice", "hung take ., hung take 0", "doing hung"},
		{"take what another has", "hung take ., lan take . !taken", "doing hung"},
		{"take unseen but free", "hung take ., hung return ., lan take 0", "doing lan"},
		{"a reader takes nothing", "minh take . !no-permission", "open"},
		{"a reader notes", "minh note .", "open"},
		{"assign", "lan assign:minh .", "doing minh by lan"},
		{"only who leads assigns", "hung assign:minh . !no-permission", "open"},
		{"assign over an unseen take", "hung take ., lan assign:minh 0 !changed", "doing hung"},
		{"assign over a seen take", "hung take ., lan assign:minh .", "doing minh by lan"},
		{"give back", "hung take ., hung return .", "open"},
		{"give back another's", "lan take ., hung return . !taken", "doing lan"},
		{"the chief takes it away", "hung take ., lan return .", "open"},
		{"the chief takes away unseen", "hung take ., lan return 0 !changed", "doing hung"},
		{"a reader gives back what he was given", "lan assign:minh ., minh return .", "open"},
		{"claim", "hung claim ., lan claim . !claimed", "open claim hung"},
		{"claim again renews", "hung claim ., hung claim 0", "open claim hung"},
		{"claim after release", "hung claim ., hung release ., lan claim 0", "open claim lan"},
		{"another's claim is not mine to release", "hung claim ., lan release .", "open claim hung"},
		{"claim ends by itself", "hung claim ., +3m, lan claim .", "open claim lan"},
		{"claim what was answered unseen", "lan answered, hung claim 0 !answered", "answered lan"},
		{"claim what was answered, seen", "lan answered, hung claim .", "answered lan claim hung"},
		{"answering ends one's own claim", "hung claim ., hung answered", "answered hung"},
		{"answering leaves another's claim", "hung claim ., lan answered", "answered lan claim hung"},
		{"the first answer stays", "lan answered, hung answered", "answered lan"},
		{"take what was answered", "lan answered, hung take . !answered", "answered lan"},
		{"excuse", "hung excuse .", "excused"},
		{"excuse unseen excused", "hung excuse ., lan excuse 0 !excused", "excused"},
		{"excuse another reason, seen", "hung excuse ., lan excuse .", "excused"},
		{"excuse what was answered", "lan answered, hung excuse . !answered", "answered lan"},
		{"excuse another's", "lan take ., hung excuse . !taken", "doing lan"},
		{"excuse while another writes", "lan claim ., hung excuse . !claimed", "open claim lan"},
		{"an excused letter is answered all the same", "hung excuse ., lan answered", "answered lan"},
		{"reopen", "hung excuse ., lan reopen .", "open"},
		{"reopen unseen", "hung excuse ., lan reopen 0 !changed", "excused"},
		{"reopen what is open", "lan reopen .", "open"},
		{"defer", "hung defer .", "open due"},
		{"defer unseen", "hung defer ., lan defer 0 !changed", "open due"},
		{"defer another's", "lan take ., hung defer . !taken", "doing lan"},
		{"the chief defers another's", "hung take ., lan defer .", "doing hung due"},
		{"answered outside", "hung answer .", "answered hung"},
		{"answered outside, told twice", "hung answer ., hung answer 0", "answered hung"},
		{"answered outside what another answered", "lan answered, hung answer 0 !answered", "answered lan"},
		{"answered outside what was excused, seen", "lan excuse ., hung answer .", "answered hung"},
		{"answered outside what was excused, unseen", "lan excuse ., hung answer 0 !excused", "excused"},
		{"answered outside what he was given meanwhile", "lan assign:hung ., hung answer 0", "answered hung by lan"},
		{"notes contradict nothing", "minh note ., lan assign:hung 0", "doing hung by lan"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := tell(t, c.story); got != c.want {
				t.Errorf("%s\n got %q\nwant %q", c.story, got, c.want)
			}
		})
	}
}

var byName = map[string]box.AccountID{"lan": lan, "hung": hung, "minh": minh}

func tell(t *testing.T, story string) string {
	t.Helper()
	w, now := work{state: mail.WorkOpen}, morning
	for i, s := range strings.Split(story, ", ") {
		f := strings.Fields(s)
		if d, err := time.ParseDuration(strings.TrimPrefix(f[0], "+")); err == nil {
			now = now.Add(d)
			continue
		}
		who, next := byName[f[0]], int64(i+1)
		if f[1] == "answered" {
			w = w.answered(who, now, next)
			continue
		}
		do, to, _ := strings.Cut(f[1], ":")
		a := act{do: do, to: byName[to], text: "x", saw: 0}
		if f[2] == "." {
			a.saw = w.version
		}
		if do == api.ActDefer {
			a.due = now.AddDate(0, 0, 9)
		}
		want := ""
		if len(f) > 3 {
			want = f[3][1:]
		}
		after, err := w.apply(a, hands[who], now, next)
		if got := whyOf(err); err == nil && want != "" || err != nil && got != want {
			t.Errorf("%s: %v, want %q", s, err, want)
		}
		if err != nil && after != w {
			t.Errorf("%s: refused, but changed", s)
		}
		w = after
	}
	return describe(w, now)
}

func describe(w work, now time.Time) string {
	name := func(a box.AccountID) string {
		for n, id := range byName {
			if id == a {
				return n
			}
		}
		return fmt.Sprint(a)
	}
	s := string(w.state)
	switch w.state {
	case mail.WorkAnswered:
		s += " " + name(w.answeredBy)
	case mail.WorkDoing:
		s += " " + name(w.holder)
	case mail.WorkOpen, mail.WorkExcused:
	}
	if w.assignedBy != 0 && w.state != mail.WorkExcused {
		s += " by " + name(w.assignedBy)
	}
	if !w.due.IsZero() {
		s += " due"
	}
	if w.claim != 0 && now.Before(w.claimUntil) {
		s += " claim " + name(w.claim)
	}
	return s
}

func TestReadAct(t *testing.T) {
	good := api.Act{ID: "1", Key: strings.Repeat("0a", 16), Do: api.ActNote, Text: " xong "}
	if a, err := read(good); err != nil || a.text != "xong" {
		t.Errorf("%+v, %v", a, err)
	}
	for name, c := range map[string]struct {
		change func(*api.Act)
		kind   mail.FaultKind
	}{
		"no id":          {func(a *api.Act) { a.ID = "" }, mail.BadSettings},
		"long id":        {func(a *api.Act) { a.ID = strings.Repeat("x", 65) }, mail.BadSettings},
		"key":            {func(a *api.Act) { a.Key = "../../x" }, mail.BadSettings},
		"upper-case key": {func(a *api.Act) { a.Key = strings.Repeat("0A", 16) }, mail.BadSettings},
		"unknown":        {func(a *api.Act) { a.Do = "erase" }, mail.BadSettings},
		"before 0":       {func(a *api.Act) { a.Saw = -1 }, mail.BadSettings},
		"too long":       {func(a *api.Act) { a.Text = strings.Repeat("x", maxText+1) }, mail.TooBig},
		"empty note":     {func(a *api.Act) { a.Text = " \n" }, mail.Blocked},
		"no reason":      {func(a *api.Act) { a.Do, a.Text = api.ActExcuse, "" }, mail.Blocked},
		"no reason (due)": {func(a *api.Act) {
			a.Do, a.Text, a.Due = api.ActDefer, "", morning
		}, mail.Blocked},
	} {
		a := good
		c.change(&a)
		if _, err := read(a); mail.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	back := good
	back.Do, back.Text = api.ActDefer, ""
	if _, err := read(back); err != nil {
		t.Errorf("back to the rule's due date: %v", err)
	}
}

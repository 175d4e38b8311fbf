package office

import (
	"fmt"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server/internal/box"
)

// world is one letter that two work on: Lan leads, Hùng answers. Each has a seat: what he last saw, and what he did while he
// was cut off and still has to tell. facts is the model: what an onlooker writes down, without versions.
type world struct {
	w     work
	tick  int64
	seats [2]seat
	facts facts
}

type seat struct {
	off   bool
	saw   work
	queue [8]string
	n     int
}

// facts is the small model: who has it, who answered, and what each of the two has not seen of the other's doing.
type facts struct {
	holder, answered box.AccountID
	news             [2]bool // the other gave the letter a turn since this one looked
}

var pair = [2]box.AccountID{lan, hung}

var moves = []string{"take", "assign", "mail", "return", "off", "on"}

// TestEveryInterleaving lets the two do everything in every order, and holds the machine to the model at each step.
func TestEveryInterleaving(t *testing.T) {
	depth := 5
	if testing.Short() {
		depth = 4
	}
	seen := 0
	var walk func(x world, path []string)
	walk = func(x world, path []string) {
		seen++
		if len(path) == depth || t.Failed() {
			return
		}
		for i := range pair {
			for _, m := range moves {
				if y, ok := x.move(t, i, m, path); ok {
					walk(y, append(path[:len(path):len(path)], fmt.Sprint(i, m)))
				}
			}
		}
	}
	walk(world{w: work{state: mail.WorkOpen}}, nil)
	t.Log(seen, "states")
}

// move is one step; false where it is none.
func (x world) move(t *testing.T, i int, m string, path []string) (world, bool) {
	s := &x.seats[i]
	switch m {
	case "off":
		if s.off {
			return x, false
		}
		s.off = true
	case "on":
		if !s.off {
			return x, false
		}
		for _, do := range s.queue[:s.n] {
			x.act(t, i, do, path)
		}
		s.off, s.n = false, 0
		x.look(i)
	default:
		if s.off {
			s.queue[s.n] = m
			s.n++
			return x, true
		}
		x.look(i)
		x.act(t, i, m, path)
		x.look(i)
	}
	return x, true
}

func (x *world) look(i int) {
	x.seats[i].saw = x.w
	x.facts.news[i] = false
}

func (x *world) act(t *testing.T, i int, do string, path []string) {
	x.tick++
	me, other := pair[i], pair[1-i]
	before := x.w
	want := x.facts.judge(i, do)
	var err error
	switch do {
	case "mail":
		x.w = x.w.answered(me, morning, x.tick)
	case "assign":
		x.w, err = x.w.apply(act{do: api.ActAssign, to: other, saw: x.seats[i].saw.version}, hands[me], morning, x.tick)
	default:
		x.w, err = x.w.apply(act{do: do, saw: x.seats[i].saw.version}, hands[me], morning, x.tick)
	}
	at := strings.Join(path, " ") + " | " + fmt.Sprint(i, do)
	if got := whyOf(err); err != nil && got != want || err == nil && want != "" {
		t.Fatalf("%s: %v, want %q", at, err, want)
	}
	if err != nil {
		if x.w != before {
			t.Fatalf("%s: refused, but changed", at)
		}
		return
	}
	f := &x.facts
	if turned := x.w.turned != before.turned; turned {
		f.news[1-i], f.news[i] = true, false
	}
	if x.w.holder != f.holder || x.w.answeredBy != f.answered || (x.w.state == mail.WorkAnswered) != (f.answered != 0) ||
		x.w.state == mail.WorkDoing != (f.holder != 0 && f.answered == 0) {
		t.Fatalf("%s: %+v, model %+v", at, x.w, *f)
	}
}

// judge is what the model says of an act, and what the world is like after it; the answer is the reason of a refusal.
func (f *facts) judge(i int, do string) string {
	me, other := pair[i], pair[1-i]
	leads := hands[me].leads()
	if do == "assign" && !leads {
		return string(mail.NoPermission)
	}
	if do == "mail" {
		if f.answered == 0 {
			f.answered = me
		}
		return ""
	}
	if f.answered != 0 { // whoever did it: it is at its end
		return Answered
	}
	switch do {
	case "take":
		if f.holder == other {
			return Taken
		}
		f.holder = me
	case "return":
		if f.holder == other && !leads {
			return Taken
		}
		if f.holder == other && f.news[i] {
			return Changed
		}
		f.holder = 0
	case "assign":
		if f.news[i] {
			return Changed
		}
		f.holder = other
	}
	return ""
}

package office

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server/internal/register"
)

// Two delegates work on three letters in any order, each at times cut off: what he does then he tells later, in order, with
// what he had seen. Over the real database the records are the ones that the pure rule makes, nothing is lost, and whoever is
// told no is told who came first; one act in five is told twice.
func TestTwoDelegates(t *testing.T) {
	for seed := range 4 {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { twoDelegates(t, rand.New(rand.NewPCG(uint64(seed), 5))) })
	}
}

type delegate struct {
	box   register.Box
	hand  hand
	off   bool
	saw   map[string]int64
	queue []api.Act
}

func twoDelegates(t *testing.T, rnd *rand.Rand) {
	g := newRig(t)
	two := []*delegate{
		{box: g.lan, hand: hand{who: g.lan.Account, scope: mail.ScopeIssue, chief: true}, saw: map[string]int64{}},
		{box: g.hung, hand: hand{who: g.hung.Account, scope: mail.ScopeAnswer}, saw: map[string]int64{}},
	}
	pure := map[string]work{}
	keys := make([]string, 3)
	for i := range keys {
		id := fmt.Sprint(i, "@dan")
		g.deliver(g.agency, letterTo(g.agency, id, "Hỏi"))
		keys[i] = mail.LetterKey(mail.Head{MessageID: id, From: []mail.Address{{Addr: "dan@example.org"}}})
		pure[keys[i]] = work{key: keys[i], state: mail.WorkOpen}
	}
	count := int64(firstVersion)
	tell := func(d, other *delegate, a api.Act) {
		parsed, err := read(a)
		g.must(err)
		if a.Do == api.ActAssign {
			parsed.to = other.box.Account
		}
		want, refusal := pure[a.Key].apply(parsed, d.hand, g.clock.now(), count+1)
		got, err := g.Act(context.Background(), by(d.box), a)
		if whyOf(err) != whyOf(refusal) {
			t.Fatalf("%s %+v: %v, the rule says %v", d.box.Name, a, err, refusal)
		}
		c := (*Contradiction)(nil)
		if errors.As(err, &c) && (c.Who.Addr == "" || c.Who.Addr == d.box.Wire && c.Why != Answered && c.Why != Excused) {
			t.Fatalf("%s is told no by %+v", d.box.Name, c.Who)
		}
		if err != nil {
			return
		}
		pure[a.Key], count = want, max(count, want.version)
		if got.Version != want.version || got.State != want.state {
			t.Fatalf("%+v, the rule says %+v", got, want)
		}
		if rnd.IntN(5) == 0 {
			if again, err := g.Act(context.Background(), by(d.box), a); err != nil || again.Version != got.Version {
				t.Fatalf("told twice: %+v, %v", again, err)
			}
		}
	}
	look := func(d *delegate) { // whoever looks makes claims end that were not renewed
		for _, key := range slices.Sorted(slices.Values(keys)) {
			if w, over := pure[key].expired(g.clock.now(), count+1); over {
				pure[key], count = w, w.version
			}
		}
		for _, w := range g.works(0).Works {
			d.saw[w.Key] = w.Version
		}
	}
	acts := []string{api.ActTake, api.ActAssign, api.ActReturn, api.ActExcuse, api.ActReopen, api.ActNote, api.ActClaim, api.ActRelease, api.ActDefer, "mail", "off", "on"}
	for n := range 150 {
		g.clock.add(time.Duration(1+rnd.IntN(50)) * time.Second)
		i := rnd.IntN(2)
		d, other := two[i], two[1-i]
		key := keys[rnd.IntN(len(keys))]
		switch do := acts[rnd.IntN(len(acts))]; {
		case do == "off":
			d.off = true
		case do == "on" || d.off && len(d.queue) > 8:
			for _, a := range d.queue {
				tell(d, other, a)
			}
			d.off, d.queue = false, nil
			look(d)
		case do == "mail":
			if d.off {
				continue
			}
			for k := range keys {
				if keys[k] == key {
					g.send(g.agency, d.box, fmt.Sprint(k, "@dan"))
				}
			}
			pure[key] = pure[key].answered(d.box.Account, g.clock.now(), count+1)
			count = max(count, pure[key].version)
		default:
			a := api.Act{ID: fmt.Sprint(n), Box: g.agency.Wire, Key: key, Do: do, Saw: d.saw[key], Text: "vì thế"}
			if do == api.ActAssign {
				a.To = other.box.Wire
			}
			if do == api.ActDefer {
				a.Due = g.clock.now().AddDate(0, 0, n).Truncate(time.Second)
			}
			if d.off {
				d.queue = append(d.queue, a)
				continue
			}
			look(d)
			a.Saw = d.saw[key]
			tell(d, other, a)
		}
	}
	look(two[0])
	compare(g, pure)
}

// compare holds the records of the database to those of the rule.
func compare(g *rig, pure map[string]work) {
	g.t.Helper()
	names := g.wires()
	for _, w := range g.works(0).Works {
		p := pure[w.Key]
		if w.State != p.state || w.Holder.Addr != names[p.holder] || w.AnsweredBy.Addr != names[p.answeredBy] || w.Claim.Addr != names[p.claim] || !w.Due.Equal(p.due) {
			g.t.Errorf("stored %+v, the rule says %+v", w, p)
		}
	}
}

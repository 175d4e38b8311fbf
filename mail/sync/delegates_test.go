package sync

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
)

// office0 is the model of an office that two people ask: the first who takes a letter has it, and an act is done once.
type office0 struct {
	version int64
	works   map[string]mail.Work
	done    map[string]error  // by id of the act: what it was answered
	applied map[string]int    // acts that were taken, by address
	letters map[string]string // who has answered a letter in truth, by key: "?" for another client
}

func (o *office0) act(by mail.Person, a api.Act) (mail.Work, error) {
	if err, again := o.done[a.ID]; again {
		return o.works[a.Key], err
	}
	w := o.works[a.Key]
	w.Key = a.Key
	if w.State == "" {
		w.State = mail.WorkOpen
	}
	other := w.Holder.Addr != "" && w.Holder != by || w.State == mail.WorkAnswered
	if other && a.Do != api.ActNote {
		err := &mail.Fault{Kind: mail.Conflict, Op: "work on letter", Detail: w.Holder.Name}
		o.done[a.ID] = err
		return w, err
	}
	switch a.Do {
	case api.ActTake:
		w.State, w.Holder = mail.WorkDoing, by
	case api.ActAssign:
		w.State, w.Holder, w.AssignedBy = mail.WorkDoing, ha, by
		if a.To == hung.Addr {
			w.Holder = hung
		}
	case api.ActReturn:
		w.State, w.Holder = mail.WorkOpen, mail.Person{}
	case api.ActNote:
		w.Notes = append(slices.Clone(w.Notes), mail.WorkNote{By: by, Text: a.Text})
	}
	o.version++
	w.Version = o.version
	o.works[a.Key], o.done[a.ID] = w, nil
	o.applied[by.Addr]++
	return w, nil
}

// answered is what the server does when an answer is submitted.
func (o *office0) answered(by mail.Person, key string) {
	w := o.works[key]
	w.Key = key
	w.State, w.AnsweredBy = mail.WorkAnswered, by
	o.version++
	w.Version = o.version
	o.works[key], o.letters[key] = w, by.Addr
}

// line is the way of one person to the office: it may be down, or lose the answer to the next act.
type line struct {
	office *office0
	by     mail.Person
	down   bool
	deaf   bool
}

func (l *line) Works(_ context.Context, _ string, since int64, _ time.Duration) (api.Works, error) {
	if l.down {
		return api.Works{}, &mail.Fault{Kind: mail.NoServer, Op: "follow work"}
	}
	out := api.Works{Version: l.office.version}
	for _, w := range l.office.works {
		if w.Version > since {
			out.Works = append(out.Works, w)
		}
	}
	return out, nil
}

func (l *line) Act(_ context.Context, a api.Act) (mail.Work, error) {
	if l.down {
		return mail.Work{}, &mail.Fault{Kind: mail.NoServer, Op: "work on letter"}
	}
	w, err := l.office.act(l.by, a)
	if l.deaf {
		l.deaf = false
		return mail.Work{}, &mail.Fault{Kind: mail.LostConnection, Op: "work on letter"}
	}
	return w, err
}

// delegate is one of two people with a client and a line of his own.
type delegate struct {
	*crew
	line   *line
	issued int
	fell   int
	outbox []int // answers that wait for the line
	wrote  int   // answers written, and what became of them
	sent   int
	held   int
}

func newDelegate(t *testing.T, o *office0, who mail.Person) *delegate {
	t.Helper()
	d := &delegate{crew: newCrew(t, false), line: &line{office: o, by: who}}
	a := d.e.account
	a.Person = who
	if err := d.store.PutAccount(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	d.f = NewFollower(a, d.line, d.store, FollowOptions{Clock: d.clock, Fell: func(*mail.Fault) { d.fell++ }})
	return d
}

func (d *delegate) do(what string, i int) {
	d.t.Helper()
	d.issued++
	id := fmt.Sprintf("%s %d", d.line.by.Addr, d.issued)
	act, to := api.Act{Do: what, Text: id}, mail.Person{}
	if what == api.ActAssign {
		if to = ha; d.line.by == ha {
			to = hung
		}
		act.To = to.Addr
	}
	err := d.store.AddWork(d.t.Context(), d.ids[i:i+1], act, to.Name, func() (string, error) { return id, nil })
	if err != nil {
		d.t.Fatal(err)
	}
}

// sync sends what waits and asks what the other did; a line that is down or loses an answer leaves it for later.
func (d *delegate) sync() {
	d.t.Helper()
	if err := d.f.push(d.t.Context()); err != nil && !lost(err) {
		d.t.Fatal(err)
	}
	if err := d.f.Look(d.t.Context()); err != nil && !lost(err) {
		d.t.Fatal(err)
	}
	if d.line.down {
		return
	}
	d.pass()
	for _, i := range d.outbox {
		d.submit(i)
	}
	d.outbox = nil
}

// submit lets an answer go, or holds it back because somebody else has answered: what the client sees then must be the truth.
func (d *delegate) submit(i int) {
	d.t.Helper()
	if err := d.f.Look(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	w, err := d.store.Work(d.t.Context(), d.ids[i])
	if err != nil {
		d.t.Fatal(err)
	}
	// As the desk does before a letter leaves: acts that the office does not know of hide no answer.
	if agreed, err := d.store.AgreedWork(d.t.Context(), d.ids[i]); err != nil {
		d.t.Fatal(err)
	} else if agreed.State == mail.WorkAnswered {
		w.State, w.AnsweredBy = agreed.State, agreed.AnsweredBy
	}
	me, truth := d.line.by.Addr, d.line.office.letters[d.key(i)]
	other := w.State == mail.WorkAnswered && w.AnsweredBy.Addr != me
	if want := truth != "" && truth != me; other != want {
		d.t.Errorf("%s sees that another has answered letter %d: %v, in truth it was %q", d.line.by.Name, i, other, truth)
	}
	if other {
		d.held++
		return
	}
	d.sent++
	d.line.office.answered(d.line.by, d.key(i))
}

// answer writes one: it goes at once, or waits for the line.
func (d *delegate) answer(i int) {
	d.wrote++
	d.outbox = append(d.outbox, i)
	if !d.line.down {
		d.sync()
	}
}

// elsewhere answers a letter from another client: by the mark alone, or by a letter in Sent that names it.
func elsewhere(two []*delegate, i int, mark bool) {
	for _, d := range two {
		if mark {
			d.remote.mark("INBOX", d.heads[i].UID, mail.Answered.Names()[0])
		} else {
			id := d.heads[i].MessageID
			d.remote.put("Sent", letterText("tra-loi-"+id, "In-Reply-To: <"+id+">\nReferences: <"+id+">\n"), mail.Seen.Names()...)
		}
	}
	if o := two[0].line.office; o.letters[two[0].key(i)] == "" {
		o.letters[two[0].key(i)] = "?"
	}
}

// TestTwoDelegatesOfflineAndBack holds two clients of one box to a model over random orders of take, assign, return, note, answer,
// an answer from another client, losing the line, losing an answer, and coming back: at the end both see what the office has, each
// act was done exactly once or told to the one who did it, no note is lost, and no answer went after another one that somebody else
// had sent: it was held back, however long it had waited (QC 14.3).
func TestTwoDelegatesOfflineAndBack(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 14)) //nolint:gosec // a test's
			o := &office0{works: map[string]mail.Work{}, done: map[string]error{}, applied: map[string]int{}, letters: map[string]string{}}
			two := []*delegate{newDelegate(t, o, ha), newDelegate(t, o, hung)}
			for step := range 80 {
				d := two[rnd.IntN(2)]
				switch rnd.IntN(11) {
				case 0, 1:
					d.do(api.ActTake, rnd.IntN(len(d.ids)))
				case 2:
					d.do(api.ActReturn, rnd.IntN(len(d.ids)))
				case 3:
					d.do(api.ActNote, rnd.IntN(len(d.ids)))
				case 4:
					d.line.down = !d.line.down
				case 5:
					d.line.deaf = true
				case 6:
					d.do(api.ActAssign, rnd.IntN(len(d.ids)))
				case 7:
					if step > 30 {
						d.answer(rnd.IntN(len(d.ids)))
					}
				case 8:
					if step > 60 && rnd.IntN(2) == 0 {
						elsewhere(two, rnd.IntN(len(d.ids)), rnd.IntN(2) == 0)
					}
				default:
					d.sync()
				}
			}
			for range 2 { // an answer may still be lost in the first round
				for _, d := range two {
					d.line.down = false
					d.sync()
				}
			}
			for _, d := range two {
				d.sync()
				d.agrees(o)
			}
		})
	}
}

// agrees compares what the person sees, and what became of his acts, with the office.
func (d *delegate) agrees(o *office0) {
	d.t.Helper()
	if got := o.applied[d.line.by.Addr] + d.fell; got != d.issued {
		d.t.Errorf("%s: %d acts, of which %d were done and %d told", d.line.by.Name, d.issued, o.applied[d.line.by.Addr], d.fell)
	}
	if d.sent+d.held != d.wrote || len(d.outbox) != 0 {
		d.t.Errorf("%s: %d answers, of which %d went and %d were held back", d.line.by.Name, d.wrote, d.sent, d.held)
	}
	for i, id := range d.ids {
		got, err := d.store.Work(d.t.Context(), id)
		if err != nil {
			d.t.Fatal(err)
		}
		want := o.works[d.key(i)]
		if o.letters[d.key(i)] != "" {
			want.State = mail.WorkAnswered
		}
		if want.State == "" {
			want.State = mail.WorkOpen
		}
		if got.Pending || got.State != want.State || got.Holder != want.Holder || len(got.Notes) != len(want.Notes) {
			d.t.Errorf("%s sees %+v, the office has %+v", d.line.by.Name, got, want)
			continue
		}
		for n := range want.Notes {
			if got.Notes[n].Text != want.Notes[n].Text {
				d.t.Errorf("%s reads %q for %q", d.line.by.Name, got.Notes[n].Text, want.Notes[n].Text)
			}
		}
	}
}

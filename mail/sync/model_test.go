package sync

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
)

// TestAnyOrderOfActsConverges lets a person act at random while the server lags, cuts the line and is changed by
// others. After a few quiet passes nothing is pending, the store shows what the server has, and no letter is lost.
func TestAnyOrderOfActsConverges(t *testing.T) {
	rounds := 60
	if testing.Short() {
		rounds = 15
	}
	for seed := range rounds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { converge(t, uint64(seed)) })
	}
}

func converge(t *testing.T, seed uint64) {
	r := newRig(t, Options{Page: 2, Block: 3})
	rnd := rand.New(rand.NewPCG(seed, 1))
	r.remote.noPairs = seed%3 == 1
	r.remote.noCond = seed%4 == 2
	r.remote.tells = seed%5 > 1
	const letters = 6
	for i := range letters {
		r.remote.put("INBOX", letterText(fmt.Sprint(i), ""))
	}
	r.pass()
	ctx := t.Context()
	var acts []int64
	var script []string
	cut := 0
	r.remote.fail = func(call string) error {
		if cut > 0 {
			if cut--; cut == 0 {
				return &mail.Fault{Kind: mail.LostConnection, Op: call}
			}
		}
		return nil
	}
	all := func() (ids []mail.LetterID) {
		for _, n := range []string{"INBOX", "Trash", "Sent"} {
			for _, h := range r.list(n) {
				ids = append(ids, h.ID)
			}
		}
		return ids
	}
	folders := []string{"INBOX", "Trash", "Sent"}
	for range 25 {
		ids := all()
		if len(ids) == 0 {
			break
		}
		pick := []mail.LetterID{ids[rnd.IntN(len(ids))]}
		if rnd.IntN(3) == 0 {
			pick = append(pick, ids[rnd.IntN(len(ids))])
			slices.Sort(pick)
			pick = slices.Compact(pick)
		}
		var act int64
		var err error
		step := ""
		switch k := rnd.IntN(10); {
		case k < 2:
			set := []mail.Flags{mail.Seen, mail.Flagged, mail.NoReply}[rnd.IntN(3)]
			step = fmt.Sprintf("set %v %v", pick, set.Names())
			act, err = r.store.Flag(ctx, pick, set, 0)
		case k < 3:
			step = fmt.Sprintf("clear %v", pick)
			act, err = r.store.Flag(ctx, pick, 0, mail.Flagged|mail.NoReply)
		case k < 6:
			to := folders[rnd.IntN(len(folders))]
			step = fmt.Sprintf("move %v %s", pick, to)
			act, err = r.store.Move(ctx, pick, r.folder(to).ID)
		case k < 8 && len(acts) > 0:
			step = "undo"
			_, err = r.store.UndoAct(ctx, acts[len(acts)-1])
			acts = acts[:len(acts)-1]
		case k < 9:
			step = "pass, cut"
			cut = 1 + rnd.IntN(12)
			if perr := r.e.pass(ctx); perr != nil && mail.KindOf(perr) != mail.LostConnection {
				t.Fatalf("%v after %s", perr, strings.Join(script, "; "))
			}
			cut, r.e.selected = 0, ""
		default:
			step = "pass"
			r.pass()
		}
		if err != nil {
			t.Fatalf("%s: %v after %s", step, err, strings.Join(script, "; "))
		}
		if act != 0 {
			acts = append(acts, act)
		}
		script = append(script, step)
	}
	for range 4 {
		r.pass()
	}
	for _, f := range r.fell {
		t.Errorf("turned back: %v", f)
	}
	seen := map[string]bool{}
	n := 0
	for _, name := range folders {
		b := r.remote.boxes[name]
		heads := r.list(name)
		if len(heads) != len(b.letters) {
			t.Errorf("%s: the store has %d, the server %d", name, len(heads), len(b.letters))
		}
		for _, h := range heads {
			n++
			seen[h.MessageID] = true
			m, ok := b.letters[h.UID]
			switch {
			case h.Pending:
				t.Errorf("%s: letter %d is pending for ever", name, h.ID)
			case !ok:
				t.Errorf("%s: letter %d has UID %d that the server does not know", name, h.ID, h.UID)
			case !strings.Contains(m.raw, "<"+h.MessageID+">"):
				t.Errorf("%s: UID %d is another letter at the server", name, h.UID)
			default:
				if known, _ := mail.ParseFlags(m.flags); known != h.Flags {
					t.Errorf("%s: letter %d has %v here and %v there", name, h.ID, h.Flags.Names(), known.Names())
				}
			}
		}
	}
	if n != letters || len(seen) != letters {
		t.Errorf("%d letters, %d different ones, of %d", n, len(seen), letters)
	}
	if t.Failed() {
		t.Logf("seed %d: %s", seed, strings.Join(script, "; "))
	}
}

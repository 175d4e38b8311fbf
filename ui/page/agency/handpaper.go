package agency

import (
	"fmt"
	"strings"

	"hopthu/mail"
	"hopthu/ui/kit"
)

func (v *handover) draw(w, h int) []string {
	env := v.p.env
	o, set := &env.Words.Office, env.Theme.Page
	hand, ok := v.current()
	switch {
	case v.fault != nil:
		return env.Empty(w, v.fault, "", "")
	case v.count.State != "" && v.count.Inventory.Letters > 0:
		n := env.Words.Count
		return env.Empty(w, nil, fmt.Sprintf(o.Hand.CountingOf, n(v.count.Counted), n(v.count.Inventory.Letters)), o.Hand.CountingHint)
	case v.counting || v.count.State != "":
		return env.Empty(w, nil, o.Hand.Counting, o.Hand.CountingHint)
	case !v.loaded:
		return env.Empty(w, nil, o.Loading, "")
	case !ok && v.p.only:
		return env.Empty(w, nil, o.NoAgency, o.NoAgencyHint)
	case !ok:
		hint := o.Hand.EmptyHint
		if v.p.seat.Scope < mail.ScopeHead {
			hint = o.Hand.HeadOnly
		}
		return env.Empty(w, nil, o.Hand.Empty, hint)
	}
	all := v.paper(hand, w)
	v.lines = len(all)
	v.top = max(min(v.top, v.lines-h), 0)
	out := kit.Fill(all[v.top:min(v.top+h, v.lines)], h, set.Base.Paint(kit.Space(w)))
	if v.top+h < v.lines {
		out = kit.MoreBelow(out, w, set, env.Theme.Glyph)
	}
	return out
}

// paper is the handover as it stands: its steps, its parties, what was counted.
func (v *handover) paper(hand mail.Handover, w int) []string {
	env := v.p.env
	o, set, g := &env.Words.Office.Hand, env.Theme.Page, env.Theme.Glyph
	inv := hand.Inventory
	var out []string
	line := func(label, text string) {
		out = append(out, set.Dim.Paint(kit.Fit("  "+label, 18))+set.Base.Paint(kit.Fit(text, max(w-18, 0))))
	}
	gap := func() { out = append(out, set.Base.Paint(kit.Space(w))) }
	out = append(out, v.steps(hand, w))
	if underWay(hand) || hand.State == mail.HandoverDone {
		out = append(out, set.Accent.Paint(kit.Fit("  "+o.States[hand.State], w)))
	}
	gap()
	line(o.Box, kit.Clean(hand.BoxName)+" <"+kit.Clean(hand.Box)+">")
	giver := kit.Clean(hand.Giver.Name)
	if !hand.GivenAt.IsZero() {
		giver += ", " + fmt.Sprintf(o.GivenAt, env.Words.When(hand.GivenAt, env.Now()))
	}
	receiver := kit.Clean(hand.Receiver.Name)
	if !hand.TakenAt.IsZero() {
		receiver += ", " + fmt.Sprintf(o.TakenAt, env.Words.When(hand.TakenAt, env.Now()))
	}
	line(o.Giver, giver)
	line(o.Receiver, receiver)
	line(o.Started, hand.Started.In(env.Now().Location()).Format("02/01/2006 15:04"))
	if hand.ByOffice {
		line(o.ByOffice, kit.Clean(hand.Reason))
	} else if hand.Reason != "" {
		line(o.Reason, kit.Clean(hand.Reason))
	}
	if v.secret != "" {
		gap()
		out = append(out, set.Warn.Paint(kit.Fit("  "+fmt.Sprintf(o.Secret, v.secret), w)))
	}
	gap()
	n := env.Words.Count
	counts := []string{fmt.Sprintf(o.Letters, n(inv.Letters), env.Words.Bytes(inv.Octets)), fmt.Sprintf(o.Unanswered, n(len(inv.Unanswered))), fmt.Sprintf(o.Drafts, n(inv.Drafts)), fmt.Sprintf(o.Outbox, n(inv.Outbox)), fmt.Sprintf(o.Delegations, n(len(inv.Delegations)))}
	out = append(out, set.Bold.Paint(kit.Fit("  "+strings.Join(counts, "  "+g.Dot+"  "), w)))
	for i, part := range kit.Wrap(inv.Hash, max(w-18, 16), 0) {
		label := o.Hash
		if i > 0 {
			label = ""
		}
		line(label, part)
	}
	gap()
	name := max(min(w-46, 34), 10)
	out = append(out, set.Dim.Paint(kit.Fit("  "+kit.Fit(o.Folders, name)+kit.FitLeft("", 8)+kit.FitLeft("", 10)+"  "+kit.Fit(o.Oldest, 12)+o.Newest, w)))
	for _, f := range inv.Folders {
		row := "  " + kit.Fit(kit.Clean(f.Name), name) + kit.FitLeft(n(f.Letters), 8) + kit.FitLeft(env.Words.Bytes(f.Octets), 10)
		if f.Letters > 0 {
			row += "  " + kit.Fit(v.p.day(f.Oldest), 12) + v.p.day(f.Newest)
		}
		out = append(out, set.Base.Paint(kit.Fit(row, w)))
	}
	if len(inv.Unanswered) > 0 {
		gap()
		out = append(out, set.Bold.Paint(kit.Fit("  "+o.Open, w)))
		from := max(w/4, 14)
		for _, d := range inv.Unanswered {
			right := env.Words.When(d.Due, env.Now())
			if d.Holder != "" {
				right = kit.Clean(d.Holder) + "  " + right
			}
			rest := max(w-4-from-kit.Width(right)-3, 0)
			out = append(out, set.Base.Paint("    "+kit.Fit(kit.Clean(d.From), from)+kit.Fit(kit.Clean(d.Subject), rest))+set.Dim.Paint(kit.Fit("  "+right, w-4-from-rest)))
		}
	}
	return out
}

// steps shows how far it is: done steps, the one that is due, those to come.
func (v *handover) steps(hand mail.Handover, w int) string {
	env := v.p.env
	o, set, g := &env.Words.Office.Hand, env.Theme.Page, env.Theme.Glyph
	if hand.State == mail.HandoverRefused || hand.State == mail.HandoverCancelled {
		return set.Warn.Paint(kit.Fit("  "+o.States[hand.State], w))
	}
	done := [4]bool{true, !hand.GivenAt.IsZero(), !hand.TakenAt.IsZero(), hand.State == mail.HandoverDone}
	line, used := "", 0
	put := func(style interface{ Paint(string) string }, text string) {
		text = kit.Cut(text, w-used)
		used += kit.Width(text)
		line += style.Paint(text)
	}
	put(set.Base, "  ")
	for i, word := range o.Steps {
		if i > 0 {
			put(set.Dim, "  "+g.Next+"  ")
		}
		if done[i] {
			put(set.Good, g.Marked+" "+word)
		} else {
			put(set.Dim, g.Empty+" "+word)
		}
	}
	return line + set.Base.Paint(kit.Space(w-used))
}

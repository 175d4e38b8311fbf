package sync

import (
	"context"
	"slices"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/store"
)

// takeReport notes in the register what a delivery report or a receipt tells of a document that was sent (QC 7.1a). It
// comes before the letter is kept, so that a program that is killed takes it again; taking it twice does nothing. The report is
// read with that, once, unless it tells of a failure.
func takeReport(ctx context.Context, s *store.Store, id mail.LetterID, raw []byte) error {
	r, ok := letter.ReadReport(raw)
	if !ok {
		return nil
	}
	h, err := s.Head(ctx, id)
	if err != nil {
		return err
	}
	out := store.Report{Letter: id, MessageIDs: r.MessageIDs}
	var from []string
	for _, a := range r.From {
		from = append(from, rule.WireForm(a.Addr))
	}
	for _, x := range r.Recipients {
		f := store.Fact{State: x.State, At: h.Received, Words: x.Words}
		for _, a := range x.Addresses {
			f.Keys = append(f.Keys, rule.WireForm(a))
		}
		// Only who read it can say so: another recipient, who knows the letter's name as well, cannot.
		if r.Receipt && !slices.ContainsFunc(from, func(a string) bool { return slices.Contains(f.Keys, a) }) {
			continue
		}
		out.Facts = append(out.Facts, f)
	}
	if len(out.Facts) == 0 {
		return nil
	}
	return s.TakeReport(ctx, h.Account, out)
}

package desk

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/store"
	"hopthu/mail/viet"
)

// people are the address lines of a draft, read.
type people struct {
	to, cc, bcc []mail.Address
	bad         []string
}

func readPeople(dr mail.DraftLetter) people {
	var p people
	for _, l := range []struct {
		typed string
		into  *[]mail.Address
	}{{dr.To, &p.to}, {dr.Cc, &p.cc}, {dr.Bcc, &p.bcc}} {
		list, bad := letter.ParseAddressList(viet.NFC(l.typed))
		for _, a := range list {
			if err := letter.ValidAddress(a.Addr); err != nil {
				bad = append(bad, a.Addr)
				continue
			}
			*l.into = append(*l.into, a)
		}
		p.bad = append(p.bad, bad...)
	}
	return p
}

// Check implements frame.Desk.
func (d *Desk) Check(ctx context.Context, dr mail.DraftLetter) ([]mail.Finding, error) {
	a, err := d.account(dr.Account)
	if err != nil {
		return nil, err
	}
	p := readPeople(dr)
	texts, facts, err := d.attachmentTexts(ctx, dr.Attachments)
	if err != nil {
		return nil, err
	}
	own, quoted := splitQuote(dr.Body)
	found := rule.CheckDraft(rule.DraftInput{
		Account: a, Domain: mail.Address{Addr: a.Address}.Domain(),
		To: p.to, Cc: p.cc, Bcc: p.bcc, Bad: p.bad,
		Subject: viet.NFC(dr.Subject), Body: viet.NFC(own), Quoted: viet.NFC(quoted), Attachments: dr.Attachments,
		Texts: texts, Facts: facts, StrictOutside: d.Settings().StrictOutside,
	})
	if !d.Settings().CheckFiles {
		found = slices.DeleteFunc(found, func(f mail.Finding) bool { return f.Code == "forgotten-file" })
	}
	more, err := d.togetherFindings(ctx, a, dr)
	if err != nil {
		return nil, err
	}
	found = append(more, found...)
	slices.SortStableFunc(found, func(p, q mail.Finding) int { return int(q.Verdict) - int(p.Verdict) })
	return found, nil
}

// splitQuote parts the person's own words from quoted lines.
func splitQuote(body string) (own, quoted string) {
	var o, q strings.Builder
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, ">") {
			q.WriteString(strings.TrimLeft(line, "> "))
		} else {
			o.WriteString(line)
		}
	}
	return o.String(), q.String()
}

// wire gives an address the spelling that travels: our own domain's addresses have an ASCII twin (D1), others stay.
func wire(a mail.Account, x mail.Address) mail.Address {
	if own := (mail.Address{Addr: a.Address}).Domain(); own != "" && x.Domain() == own {
		x.Addr = rule.WireForm(x.Addr)
	}
	return x
}

// senderOf is who stands in Sender: beside the agency in From (RFC 5322 3.6.2, QC 14.1); nil in one's own box.
func senderOf(a mail.Account) *mail.Address {
	if a.As == "" || a.Person.Addr == "" {
		return nil
	}
	return &mail.Address{Name: a.Person.Name, Addr: a.Person.Addr}
}

// build writes the letter that will travel and the envelope it travels in.
func (d *Desk) build(ctx context.Context, a mail.Account, dr mail.DraftLetter) ([]byte, []string, error) {
	p := readPeople(dr)
	all := func(list []mail.Address) []mail.Address {
		out := make([]mail.Address, len(list))
		for i, x := range list {
			out[i] = wire(a, x)
		}
		return out
	}
	w := letter.Draft{
		From: wire(a, mail.Address{Name: a.Name, Addr: a.Address}), Sender: senderOf(a), To: all(p.to), Cc: all(p.cc),
		Subject: viet.NFC(dr.Subject), Body: viet.NFC(dr.Body), InReplyTo: dr.InReplyTo, References: dr.References,
		MessageID: dr.MessageID, Date: d.o.Clock.Now(), UTF8: true,
	}
	for _, at := range dr.Attachments {
		w.Attachments = append(w.Attachments, d.file(ctx, at))
	}
	var buf bytes.Buffer
	if err := letter.Write(&buf, w); err != nil {
		return nil, nil, fmt.Errorf("write letter: %w", err)
	}
	var rcpt []string
	for _, x := range slices.Concat(w.To, w.Cc, all(p.bcc)) {
		if !slices.Contains(rcpt, x.Addr) {
			rcpt = append(rcpt, x.Addr)
		}
	}
	return buf.Bytes(), rcpt, nil
}

// Send implements frame.Desk. The letter is in the outbox, whole and durable, when it returns.
func (d *Desk) Send(ctx context.Context, dr mail.DraftLetter, reasons map[string]string) (mail.OutboxItem, error) {
	a, err := d.account(dr.Account)
	if err != nil {
		return mail.OutboxItem{}, err
	}
	if dr.Kind == mail.DraftDispatch { // it leaves by SendDispatch, with its line in the register
		return mail.OutboxItem{}, &mail.Fault{Kind: mail.Conflict, Op: "send letter", Detail: "document"}
	}
	found, err := d.Check(ctx, dr)
	if err != nil {
		return mail.OutboxItem{}, err
	}
	for _, f := range found {
		if f.Verdict == mail.Block {
			return mail.OutboxItem{}, &mail.Fault{Kind: mail.Blocked, Op: "send letter", Detail: f.Code}
		}
		if f.Verdict == mail.Ask && strings.TrimSpace(reasons[f.Code]) == "" {
			return mail.OutboxItem{}, &mail.Fault{Kind: mail.Blocked, Op: "send letter", Detail: f.Code}
		}
	}
	if dr, err = d.SaveDraft(ctx, dr, false); err != nil {
		return mail.OutboxItem{}, err
	}
	raw, rcpt, err := d.build(ctx, a, dr)
	if err != nil {
		return mail.OutboxItem{}, err
	}
	if len(rcpt) == 0 {
		return mail.OutboxItem{}, &mail.Fault{Kind: mail.BadAddress, Op: "send letter"}
	}
	now := d.o.Clock.Now()
	item := mail.OutboxItem{
		Account: a.ID, State: mail.OutQueued, MessageID: dr.MessageID, Subject: viet.NFC(dr.Subject), To: rcpt,
		Queued: now, Next: now.Add(d.Settings().Undo),
	}
	from := wire(a, mail.Address{Addr: a.Address}).Addr
	utf8 := letter.NeedsUTF8(raw) || !ascii(from) || slices.ContainsFunc(rcpt, func(s string) bool { return !ascii(s) })
	id, err := d.store.AddOutgoing(ctx, store.Outgoing{
		Item: item, From: from, To: rcpt, UTF8: utf8, Raw: raw, Draft: dr, Answers: answers(dr), Forwards: dr.Kind == mail.DraftForward,
		Verdict: found, Checked: true, Reasons: reasons,
	})
	if err != nil {
		return mail.OutboxItem{}, err
	}
	item.ID = id
	p := readPeople(dr)
	if err := d.store.Learn(ctx, slices.Concat(p.to, p.cc, p.bcc)); err != nil {
		d.o.Log.Warn("history of addresses not kept", "kind", mail.KindOf(err))
	}
	if err := d.dropUploaded(ctx, dr); err != nil {
		d.o.Log.Warn("uploaded draft stays", "kind", mail.KindOf(err))
	}
	d.out.Kick()
	return item, nil
}

func answers(dr mail.DraftLetter) mail.LetterID {
	if dr.Kind == mail.DraftNew {
		return 0
	}
	return dr.Origin
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Outbox implements frame.Desk.
func (d *Desk) Outbox(ctx context.Context) ([]mail.OutboxItem, error) { return d.store.Outbox(ctx) }

// Recall implements frame.Desk.
func (d *Desk) Recall(ctx context.Context, id mail.OutboxID) (mail.DraftLetter, error) {
	dr, ok, err := d.store.Recall(ctx, id)
	if err == nil && !ok {
		err = &mail.Fault{Kind: mail.Gone, Op: "take letter back"}
	}
	return dr, err
}

// Resend implements frame.Desk.
func (d *Desk) Resend(ctx context.Context, id mail.OutboxID) error {
	ok, err := d.store.SetOutState(ctx, id, []mail.OutboxState{mail.OutWaiting, mail.OutUnknown, mail.OutQueued}, mail.OutQueued,
		store.OutUpdate{Next: d.o.Clock.Now()})
	if err == nil && !ok {
		err = &mail.Fault{Kind: mail.Conflict, Op: "send again"}
	}
	d.out.Kick()
	return err
}

// Settle implements frame.Desk.
func (d *Desk) Settle(ctx context.Context, id mail.OutboxID) error {
	ok, err := d.store.SetOutState(ctx, id, []mail.OutboxState{mail.OutUnknown}, mail.OutSent, store.OutUpdate{Submitted: d.o.Clock.Now()})
	if err == nil && !ok {
		err = &mail.Fault{Kind: mail.Conflict, Op: "settle letter"}
	}
	if err != nil {
		return err
	}
	if err := d.store.FileSent(ctx, id); err != nil {
		return err
	}
	d.follow("")
	return nil
}

// Evidence lists what was sent, newest first, each with the server's words.
func (d *Desk) Evidence(ctx context.Context, limit int) ([]mail.OutboxItem, error) {
	return d.store.Evidence(ctx, limit)
}

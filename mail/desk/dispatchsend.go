package desk

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/store"
	"hopthu/mail/viet"
)

// CheckDispatch implements frame.Dispatching.
func (d *Desk) CheckDispatch(ctx context.Context, x rule.Dispatch) ([]mail.Finding, error) {
	a, err := d.account(x.Account)
	if err != nil {
		return nil, err
	}
	files := dispatchFiles(x)
	texts, facts, err := d.attachmentTexts(ctx, files)
	if err != nil {
		return nil, err
	}
	to, cc := x.Sides()
	in := rule.DraftInput{
		Account: a, Domain: mail.Address{Addr: rule.WireForm(a.Address)}.Domain(), Subject: viet.NFC(x.Subject), Body: viet.NFC(x.Letter()),
		Attachments: files, Texts: texts, Facts: facts, StrictOutside: d.Settings().StrictOutside,
	}
	for _, side := range []struct {
		list []rule.Recipient
		into *[]mail.Address
	}{{to, &in.To}, {cc, &in.Cc}} {
		for _, r := range side.list {
			if letter.ValidAddress(r.Address) != nil {
				in.Bad = append(in.Bad, r.Address)
				continue
			}
			*side.into = append(*side.into, mail.Address{Name: r.Name, Addr: r.Address})
		}
	}
	found := append(scopeFindings(a, false), dispatchFindings(x)...)
	for _, f := range rule.CheckDraft(in) {
		switch {
		case f.Code == "forgotten-file" && (x.Pasted || !d.Settings().CheckFiles):
			// what a pasted document says of its annexes was written for paper
		case f.Code == "no-recipient":
			f.Clause = "QC 7.1a"
			found = append(found, f)
		default:
			found = append(found, f)
		}
	}
	slices.SortStableFunc(found, func(p, q mail.Finding) int { return int(q.Verdict) - int(p.Verdict) })
	return found, nil
}

// dispatchFindings are those of the document itself.
func dispatchFindings(x rule.Dispatch) []mail.Finding {
	var found []mail.Finding
	for _, i := range x.Plan.Open() { // D 2.6 rule 10
		found = append(found, mail.Finding{
			Verdict: mail.Block, Code: "row-open", Clause: "QC 7.1a", Where: "row:" + strconv.Itoa(i), Text: x.Plan.Rows[i].Name,
		})
	}
	for i, r := range x.Plan.Rows {
		if len(r.Missing) == 0 {
			continue
		}
		var names []string
		for _, m := range r.Missing {
			names = append(names, cmp.Or(m.Name, m.Key))
		}
		found = append(found, mail.Finding{
			Verdict: mail.Pass, Code: "members-missing", Clause: "QC 7.1a", Where: "row:" + strconv.Itoa(i), Text: r.Name + ": " + strings.Join(names, "; "),
		})
	}
	if x.Scanned { // what the person typed of a picture is read by nobody else
		found = append(found, rule.Secrecy("document", x.Text)...)
	}
	if x.Document.Draft {
		found = append(found, mail.Finding{
			Verdict: mail.Ask, Code: "document-draft", Clause: "QC 7.1a", Where: "document", Text: strings.Join(x.Document.Why, " "),
		})
	}
	return found
}

func dispatchFiles(x rule.Dispatch) []mail.Attachment {
	if x.Main.ID == 0 {
		return x.Files
	}
	return append([]mail.Attachment{x.Main}, x.Files...)
}

// addressed is a dispatch's letter: who stands in its header and in its envelope.
type addressed struct {
	to, cc []mail.Address
	rows   []mail.RegisterRecipient
	rcpt   []string // envelope, one for each of rows
	keys   []string
}

func (d *Desk) addressed(a mail.Account, x rule.Dispatch) addressed {
	var out addressed
	to, cc := x.Sides()
	add := func(list []rule.Recipient, into *[]mail.Address) {
		for _, r := range list {
			w := wire(a, mail.Address{Name: r.Name, Addr: viet.NFC(r.Address)})
			*into = append(*into, w)
			out.rows = append(out.rows, mail.RegisterRecipient{Address: mail.Address{Name: r.Name, Addr: r.Address}, Purposes: r.Purposes})
			out.rcpt, out.keys = append(out.rcpt, w.Addr), append(out.keys, rule.WireForm(w.Addr))
		}
	}
	add(to, &out.to)
	add(cc, &out.cc)
	return out
}

// SendDispatch implements frame.Dispatching. The letter is in the outbox and its line in the register when it returns; a
// letter taken back (Recall) or refused is a dispatch again, and its line is gone with the next try.
func (d *Desk) SendDispatch(ctx context.Context, x rule.Dispatch, reasons map[string]string) (mail.RegisterEntry, error) {
	const op = "send document"
	x, err := d.PlanDispatch(ctx, x) // what is sent is what the rules say now
	if err != nil {
		return mail.RegisterEntry{}, err
	}
	found, err := d.CheckDispatch(ctx, x)
	if err != nil {
		return mail.RegisterEntry{}, err
	}
	for _, f := range found {
		if f.Verdict == mail.Block || f.Verdict == mail.Ask && strings.TrimSpace(reasons[f.Code]) == "" {
			return mail.RegisterEntry{}, &mail.Fault{Kind: mail.Blocked, Op: op, Detail: f.Code}
		}
	}
	a, err := d.account(x.Account)
	if err != nil {
		return mail.RegisterEntry{}, err
	}
	kept, err := d.store.DispatchByDraft(ctx, x.Draft)
	if err != nil {
		return mail.RegisterEntry{}, err
	}
	var st dispatchState
	if err := json.Unmarshal([]byte(kept.Data), &st); err != nil {
		return mail.RegisterEntry{}, &mail.Fault{Kind: mail.StoreDamaged, Op: op, Err: err}
	}
	people := d.addressed(a, x)
	raw, err := d.writeDispatch(ctx, a, x, kept.Draft.MessageID, people)
	if err != nil {
		return mail.RegisterEntry{}, err
	}
	from := wire(a, mail.Address{Addr: a.Address}).Addr
	utf8 := letter.NeedsUTF8(raw) || !ascii(from) || slices.ContainsFunc(people.rcpt, func(s string) bool { return !ascii(s) })
	now := d.o.Clock.Now()
	dr := kept.Draft
	dr.Subject, dr.Body = viet.NFC(x.Subject), x.Letter()
	e, err := d.store.AddDispatch(ctx, store.Outgoing{
		Item: mail.OutboxItem{
			Account: a.ID, State: mail.OutQueued, MessageID: dr.MessageID, Subject: dr.Subject, To: people.rcpt, Queued: now,
			Next: now.Add(d.Settings().Undo),
		},
		From: from, To: people.rcpt, UTF8: utf8, DSN: true, Raw: raw, Draft: dr, Verdict: found, Checked: true, Reasons: reasons,
	}, store.Registered{Entry: entryOf(x, st.Digest, people, found, reasons), Rcpts: people.rcpt, Keys: people.keys, Chosen: chosenNames(x)})
	if err != nil {
		return mail.RegisterEntry{}, err
	}
	if err := d.store.Learn(ctx, learned(x)); err != nil {
		d.o.Log.Warn("history of addresses not kept", "kind", mail.KindOf(err))
	}
	d.out.Kick()
	return e, nil
}

func entryOf(x rule.Dispatch, digest string, people addressed, found []mail.Finding, reasons map[string]string) mail.RegisterEntry {
	e := mail.RegisterEntry{
		Document: x.Mark(), Summary: x.Document.Summary, File: x.Main.Name, Digest: digest, Recipients: people.rows,
		Kept: x.Plan.Kept(), Reasons: map[string]string{},
	}
	e.Published, e.Skipped = x.Plan.LeftOut()
	for _, f := range found {
		if f.Verdict == mail.Ask {
			e.Reasons[f.Code] = viet.NFC(reasons[f.Code])
		}
	}
	return e
}

// writeDispatch writes the one letter that all recipients get.
func (d *Desk) writeDispatch(ctx context.Context, a mail.Account, x rule.Dispatch, id string, people addressed) ([]byte, error) {
	w := letter.Draft{
		From: wire(a, mail.Address{Name: a.Name, Addr: a.Address}), Sender: senderOf(a), To: people.to, Cc: people.cc, Subject: viet.NFC(x.Subject),
		Body: viet.NFC(x.Letter()), MessageID: id, Date: d.o.Clock.Now(), UTF8: true, Header: letter.DocumentFields(x.Mark()),
	}
	if x.Receipts {
		w.Header = append(w.Header, mail.Field{Name: "Disposition-Notification-To", Value: "<" + w.From.Addr + ">"}) // RFC 8098 2.1
	}
	for _, at := range dispatchFiles(x) {
		w.Attachments = append(w.Attachments, d.file(ctx, at))
	}
	var buf bytes.Buffer
	if err := letter.Write(&buf, w); err != nil {
		return nil, fmt.Errorf("write letter: %w", err)
	}
	return buf.Bytes(), nil
}

// chosenNames are the boxes that the person chose for names which the directory does not know for sure.
func chosenNames(x rule.Dispatch) []store.Chosen {
	var out []store.Chosen
	for i := range x.Picks {
		if i >= len(x.Plan.Rows) {
			continue
		}
		r := x.Plan.Rows[i]
		// A reference, a group or a person is another one in the next document.
		if len(r.Targets) != 1 || r.Class == rule.Reference || r.Class == rule.Group || r.Class == rule.Person || r.Parent >= 0 && r.Name == "" {
			continue
		}
		out = append(out, store.Chosen{Name: r.Name, Addr: r.Targets[0].Address})
	}
	return out
}

// learned are the addresses that are no part of the published directory.
func learned(x rule.Dispatch) []mail.Address {
	out := slices.Clone(x.Extra)
	for _, p := range x.Picks {
		if p.Address != "" {
			out = append(out, mail.Address{Addr: p.Address})
		}
	}
	return out
}

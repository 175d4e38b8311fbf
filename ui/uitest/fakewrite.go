package uitest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
)

// Compose makes a draft.
func (f *Fake) Compose(_ context.Context, account mail.AccountID, kind mail.DraftKind, origin mail.LetterID) (mail.DraftLetter, error) {
	if err := f.Errs["Compose"]; err != nil {
		return mail.DraftLetter{}, err
	}
	d := mail.DraftLetter{Account: account, Kind: kind, Origin: origin}
	l := f.Letters[origin]
	switch {
	case l == nil:
		return d, nil
	case kind == mail.DraftNew: // a letter of the drafts folder is continued
		return mail.DraftLetter{ID: 700, Account: l.Account, Subject: l.Subject, Body: "viết dở"}, nil
	}
	d.Account = l.Account
	d.Subject = "Re: " + l.Subject
	if kind == mail.DraftForward {
		d.Subject = "Fwd: " + l.Subject
	} else if len(l.From) > 0 {
		d.To = l.From[0].Name + " <" + l.From[0].Addr + ">"
	}
	var b strings.Builder
	b.WriteString("\n\n")
	for _, p := range l.Paras {
		b.WriteString("> " + p.Text + "\n")
	}
	d.Body = b.String()
	return d, nil
}

// ComposeTo takes the address only.
func (f *Fake) ComposeTo(_ context.Context, account mail.AccountID, mailto string) (mail.DraftLetter, error) {
	return mail.DraftLetter{Account: account, To: strings.TrimPrefix(mailto, "mailto:")}, f.Errs["ComposeTo"]
}

// Drafts lists them.
func (f *Fake) Drafts(context.Context) ([]mail.DraftLetter, error) {
	return slices.Clone(f.DraftBox), f.Errs["Drafts"]
}

// DraftByID finds one.
func (f *Fake) DraftByID(_ context.Context, id mail.DraftID) (mail.DraftLetter, error) {
	for _, d := range f.DraftBox {
		if d.ID == id {
			return d, nil
		}
	}
	return mail.DraftLetter{}, &mail.Fault{Kind: mail.Gone, Op: "open draft"}
}

// SaveDraft keeps it.
func (f *Fake) SaveDraft(_ context.Context, d mail.DraftLetter, upload bool) (mail.DraftLetter, error) {
	f.log("save draft upload=%v", upload)
	if err := f.Errs["SaveDraft"]; err != nil {
		return d, err
	}
	if d.ID == 0 {
		f.nextID++
		d.ID = mail.DraftID(f.nextID)
		d.MessageID = fmt.Sprintf("d%d@test", d.ID)
	}
	d.Saved = f.At
	f.DraftBox = append(slices.DeleteFunc(f.DraftBox, func(o mail.DraftLetter) bool { return o.ID == d.ID }), d)
	f.Emit(mail.Event{Kind: mail.DraftsChanged})
	return d, nil
}

// DropDraft forgets one.
func (f *Fake) DropDraft(_ context.Context, id mail.DraftID) error {
	f.log("drop draft %d", id)
	f.DraftBox = slices.DeleteFunc(f.DraftBox, func(o mail.DraftLetter) bool { return o.ID == id })
	f.Emit(mail.Event{Kind: mail.DraftsChanged})
	return f.Errs["DropDraft"]
}

// Attach adds a file by its path.
func (f *Fake) Attach(_ context.Context, d mail.DraftLetter, path string) (mail.DraftLetter, error) {
	f.log("attach %s", path)
	if err := f.Errs["Attach"]; err != nil {
		return d, err
	}
	f.nextID++
	name := path[strings.LastIndexByte(path, '/')+1:]
	d.Attachments = append(slices.Clone(d.Attachments), mail.Attachment{ID: f.nextID, Name: name, Type: "application/pdf", Size: 214_000})
	return d, nil
}

// Detach takes one out.
func (f *Fake) Detach(_ context.Context, d mail.DraftLetter, attachment int64) (mail.DraftLetter, error) {
	d.Attachments = slices.DeleteFunc(slices.Clone(d.Attachments), func(a mail.Attachment) bool { return a.ID == attachment })
	return d, f.Errs["Detach"]
}

// Complete searches People.
func (f *Fake) Complete(_ context.Context, _ mail.AccountID, typed string) ([]mail.Contact, error) {
	var out []mail.Contact
	for _, c := range f.People {
		if kit.Match(kit.Fold(typed), kit.Fold(c.Address.Name+" "+c.Address.Addr+" "+c.Unit)) {
			out = append(out, c)
		}
	}
	return out, f.Errs["Complete"]
}

// ListDir answers from Dir.
func (f *Fake) ListDir(_ context.Context, dir string) (string, []frame.DirEntry, error) {
	if dir == "" {
		dir = "/nha"
	}
	list, ok := f.Dir[dir]
	if !ok {
		return dir, nil, &mail.Fault{Kind: mail.NoFile, Op: "list folder", Detail: dir}
	}
	return dir, list, f.Errs["ListDir"]
}

// Check answers Findings.
func (f *Fake) Check(context.Context, mail.DraftLetter) ([]mail.Finding, error) {
	return f.Findings, f.Errs["Check"]
}

// Send puts the letter into the queue.
func (f *Fake) Send(_ context.Context, d mail.DraftLetter, reasons map[string]string) (mail.OutboxItem, error) {
	f.log("send %q reasons=%d", d.Subject, len(reasons))
	f.Reasons = reasons
	if err := f.Errs["Send"]; err != nil {
		return mail.OutboxItem{}, err
	}
	f.nextID++
	item := mail.OutboxItem{
		ID: mail.OutboxID(f.nextID), Account: d.Account, State: mail.OutQueued, Subject: d.Subject, To: strings.Fields(d.To), Queued: f.At,
		Next: f.At.Add(10 * time.Second),
	}
	f.Queue = append(f.Queue, item)
	f.DraftBox = slices.DeleteFunc(f.DraftBox, func(o mail.DraftLetter) bool { return o.ID == d.ID })
	f.Emit(mail.Event{Kind: mail.OutboxChanged}, mail.Event{Kind: mail.DraftsChanged})
	return item, nil
}

// Outbox lists the queue.
func (f *Fake) Outbox(context.Context) ([]mail.OutboxItem, error) {
	return slices.Clone(f.Queue), f.Errs["Outbox"]
}

// Recall gives a letter back.
func (f *Fake) Recall(_ context.Context, id mail.OutboxID) (mail.DraftLetter, error) {
	f.log("recall %d", id)
	if err := f.Errs["Recall"]; err != nil {
		return mail.DraftLetter{}, err
	}
	for i, o := range f.Queue {
		if o.ID == id {
			f.Queue = slices.Delete(f.Queue, i, i+1)
			f.Emit(mail.Event{Kind: mail.OutboxChanged})
			return mail.DraftLetter{ID: 77, Account: o.Account, Subject: o.Subject, To: strings.Join(o.To, ", ")}, nil
		}
	}
	return mail.DraftLetter{}, &mail.Fault{Kind: mail.Gone, Op: "recall"}
}

// Resend is logged.
func (f *Fake) Resend(_ context.Context, id mail.OutboxID) error {
	f.log("resend %d", id)
	return f.Errs["Resend"]
}

// Settle is logged.
func (f *Fake) Settle(_ context.Context, id mail.OutboxID) error {
	f.log("settle %d", id)
	return f.Errs["Settle"]
}

// Today sorts the letters that await an answer.
func (f *Fake) Today(context.Context) (mail.Today, error) {
	if err := f.Errs["Today"]; err != nil {
		return mail.Today{}, err
	}
	if f.Day != nil {
		return *f.Day, nil
	}
	out := mail.Today{At: f.At, Drafts: f.DraftBox, Outbox: f.Queue, Waitings: f.Checks.Asked, Checked: f.Checks.Finished}
	for _, id := range f.Order {
		h := f.Letters[id].Head
		if !h.Flags.Has(mail.Seen) && h.Folder == f.role(h.Account, mail.RoleInbox) {
			out.Unread++
		}
		if f.At.Sub(h.Received) < 16*time.Hour && h.Folder == f.role(h.Account, mail.RoleInbox) {
			out.FreshAll++
			if len(out.Fresh) < 20 {
				out.Fresh = append(out.Fresh, h)
			}
		}
		if !h.Awaits {
			continue
		}
		h = f.term(h)
		h.Later = f.Checks.Off[h.ID]
		if h.Later.After(f.At) {
			continue
		}
		out.DutyAll++
		age := int(f.At.Sub(h.Received).Hours() / 24)
		item := mail.DutyItem{Head: h, Age: age}
		switch {
		case !h.Later.IsZero():
			out.Back = append(out.Back, item)
		case item.Late > 0:
			out.Overdue = append(out.Overdue, item)
		case h.Due.YearDay() == f.At.YearDay():
			out.DueToday = append(out.DueToday, item)
		default:
			out.Soon = append(out.Soon, item)
		}
	}
	slices.SortStableFunc(out.Overdue, func(a, b mail.DutyItem) int { return b.Late - a.Late })
	slices.SortStableFunc(out.Soon, func(a, b mail.DutyItem) int { return a.Due.Compare(b.Due) })
	for _, d := range slices.Concat(out.Overdue, out.DueToday, out.Soon, out.Back) {
		if !f.Checks.Looked[d.ID] {
			out.Left++
		}
	}
	return out, nil
}

var _ frame.Desk = (*Fake)(nil)

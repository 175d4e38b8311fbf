package desk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"strings"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/viet"
)

// maxFile is the largest file that may be attached; servers take less.
const maxFile = 100 << 20

// Compose implements frame.Desk. DraftNew with an origin continues the draft that stands in a drafts folder.
func (d *Desk) Compose(ctx context.Context, account mail.AccountID, kind mail.DraftKind, origin mail.LetterID) (mail.DraftLetter, error) {
	d.freshenDirectory(account, true)
	if kind == mail.DraftNew && origin != 0 {
		return d.resume(ctx, origin)
	}
	dr := mail.DraftLetter{Account: account, Kind: kind, Origin: origin}
	var l *mail.Letter
	if kind != mail.DraftNew {
		var err error
		if l, err = d.origin(ctx, kind, origin); err != nil {
			return dr, err
		}
		dr.Account = l.Account
	}
	a, err := d.account(dr.Account)
	if err != nil {
		return dr, err
	}
	sign := ""
	if a.Signature != "" {
		sign = "\n\n-- \n" + a.Signature + "\n"
	}
	lang := d.Settings().Language
	switch kind {
	case mail.DraftNew:
		dr.Body = sign
		return dr, nil
	case mail.DraftForward:
		dr.Subject = letter.ForwardSubject(l.Subject)
		dr.Body = sign + "\n\n" + letter.QuoteForward(l, lang)
		return d.takeFiles(ctx, dr, l)
	default:
		dr.InReplyTo, dr.References = l.MessageID, threadOf(l)
		dr.Subject = letter.ReplySubject(l.Subject)
		dr.To, dr.Cc = answerTo(a, l, kind == mail.DraftReplyAll)
		dr.Body = "\n" + sign
		if l.Sealed() { // neither its words nor its subject go out (QC 7.1b)
			dr.Subject = letter.ReplySubject("")
			return dr, nil
		}
		dr.Body += "\n" + letter.QuoteReply(l, lang)
		return dr, nil
	}
}

// origin opens the letter that is answered or passed on. A sealed one is not passed on; an answer needs only its text.
func (d *Desk) origin(ctx context.Context, kind mail.DraftKind, id mail.LetterID) (*mail.Letter, error) {
	if kind != mail.DraftForward {
		l, err := d.Open(ctx, id)
		if err == nil && l.Partial {
			if found, ok := d.found.get(id); ok {
				l.Findings = found
			}
		}
		return l, err
	}
	l, err := d.whole(ctx, id)
	if err != nil {
		return nil, err
	}
	return l, closedBy("forward letter", l.Findings)
}

// threadOf is the References of an answer (RFC 5322 3.6.4).
func threadOf(l *mail.Letter) []string {
	refs := l.References
	if len(refs) == 0 && len(l.InReplyTo) == 1 {
		refs = l.InReplyTo
	}
	out := append([]string(nil), refs...)
	if l.MessageID != "" {
		out = append(out, l.MessageID)
	}
	return out
}

// answerTo says whom an answer goes to: Reply-To, else From; to the old recipients when the letter is one's own. All
// others of To and Cc join in Cc, without the person himself and without doubles.
func answerTo(a mail.Account, l *mail.Letter, all bool) (to, cc string) {
	first := l.ReplyTo
	if len(first) == 0 {
		first = l.From
	}
	own := len(l.From) > 0 && a.Mine(l.From[0].Addr)
	if own {
		first = l.To
	}
	seen := map[string]bool{}
	take := func(list []mail.Address, me bool) string {
		var out []string
		for _, x := range list {
			key := rule.WireForm(x.Addr)
			if x.Addr == "" || seen[key] || (!me && a.Mine(x.Addr)) {
				continue
			}
			seen[key] = true
			out = append(out, letter.FormatAddress(x))
		}
		return strings.Join(out, ", ")
	}
	to = take(first, true)
	if !all {
		return to, ""
	}
	others := append(append([]mail.Address(nil), l.To...), l.Cc...)
	return to, take(others, false)
}

// takeFiles copies the attachments of a forwarded letter into the draft.
func (d *Desk) takeFiles(ctx context.Context, dr mail.DraftLetter, l *mail.Letter) (mail.DraftLetter, error) {
	if len(l.Parts) == 0 {
		return dr, nil
	}
	raw, err := d.Raw(ctx, l.ID)
	if err != nil {
		return dr, err
	}
	if dr, err = d.SaveDraft(ctx, dr, false); err != nil {
		return dr, err
	}
	for _, p := range l.Parts {
		r, err := letter.OpenPart(raw, p.Path)
		if err != nil {
			return dr, err
		}
		data, err := io.ReadAll(r)
		if err != nil && len(data) == 0 {
			continue // a part that cannot be read at all stays with the original
		}
		if dr, err = d.attach(ctx, dr, letter.SafeName(p.Name), data); err != nil {
			return dr, err
		}
	}
	return dr, nil
}

// ComposeTo implements frame.Desk. Only the harmless fields of RFC 6068 are taken: an attach= would steal files.
func (d *Desk) ComposeTo(ctx context.Context, account mail.AccountID, mailto string) (mail.DraftLetter, error) {
	dr, err := d.Compose(ctx, account, mail.DraftNew, 0)
	if err != nil {
		return dr, err
	}
	bad := func(err error) (mail.DraftLetter, error) {
		return dr, &mail.Fault{Kind: mail.BadAddress, Op: "read mailto link", Err: err}
	}
	scheme, rest, ok := strings.Cut(mailto, ":")
	if !ok || !strings.EqualFold(scheme, "mailto") {
		return bad(errors.New("not a mailto link"))
	}
	path, query, _ := strings.Cut(rest, "?")
	to, err := url.PathUnescape(path)
	if err != nil {
		return bad(err)
	}
	dr.To = viet.NFC(to)
	add := func(line *string, v string) {
		if *line != "" {
			*line += ", "
		}
		*line += v
	}
	for _, kv := range strings.FieldsFunc(query, func(r rune) bool { return r == '&' }) {
		k, v, _ := strings.Cut(kv, "=")
		val, err := url.PathUnescape(v) // "+" is a plus here, RFC 6068 5
		if err != nil {
			return bad(err)
		}
		val = viet.NFC(strings.ReplaceAll(val, "\r\n", "\n"))
		line := strings.Join(strings.Fields(val), " ")
		switch strings.ToLower(k) {
		case "to":
			add(&dr.To, line)
		case "cc":
			add(&dr.Cc, line)
		case "bcc":
			add(&dr.Bcc, line)
		case "subject":
			dr.Subject = line
		case "body":
			dr.Body = val + dr.Body
		}
	}
	return dr, nil
}

// Drafts implements frame.Desk.
func (d *Desk) Drafts(ctx context.Context) ([]mail.DraftLetter, error) { return d.store.Drafts(ctx) }

// DraftByID implements frame.Desk.
func (d *Desk) DraftByID(ctx context.Context, id mail.DraftID) (mail.DraftLetter, error) {
	return d.store.Draft(ctx, id)
}

// SaveDraft implements frame.Desk.
func (d *Desk) SaveDraft(ctx context.Context, dr mail.DraftLetter, upload bool) (mail.DraftLetter, error) {
	a, err := d.account(dr.Account)
	if err != nil {
		return dr, err
	}
	if dr.MessageID == "" {
		dr.MessageID = letter.NewMessageID(mail.Address{Addr: rule.WireForm(a.Address)}.Domain(), d.o.Rand)
	}
	dr.Saved = d.o.Clock.Now()
	files := dr.Attachments
	if dr, err = d.store.PutDraft(ctx, dr); err != nil {
		return dr, err
	}
	dr.Attachments = files
	if !upload || dr.Empty() || !a.May(mail.ScopeAnswer) {
		return dr, nil
	}
	raw, _, err := d.build(ctx, a, dr)
	if err != nil {
		return dr, err
	}
	put := func() error {
		return d.store.AddAppend(ctx, dr.Account, mail.RoleDrafts, mail.Draft|mail.Seen, dr.MessageID, raw)
	}
	err = put()
	if mail.KindOf(err) == mail.Gone { // Run has not put the account into a new store yet
		if err = d.store.PutAccount(ctx, a); err == nil {
			err = put()
		}
	}
	if err != nil {
		return dr, err
	}
	d.follow(dr.Account)
	return dr, nil
}

// DropDraft implements frame.Desk.
func (d *Desk) DropDraft(ctx context.Context, id mail.DraftID) error {
	dr, err := d.store.Draft(ctx, id)
	if mail.KindOf(err) == mail.Gone {
		return nil
	}
	if err != nil {
		return err
	}
	if err := d.store.DropDraft(ctx, id); err != nil {
		return err
	}
	return d.dropUploaded(ctx, dr)
}

// dropUploaded erases the copy of a draft in the server's drafts folder.
func (d *Desk) dropUploaded(ctx context.Context, dr mail.DraftLetter) error {
	ids, err := d.store.LettersByMessageID(ctx, dr.Account, mail.RoleDrafts, dr.MessageID)
	if err != nil || len(ids) == 0 {
		return err
	}
	if _, err := d.store.Erase(ctx, ids); err != nil {
		return err
	}
	d.follow(dr.Account)
	return nil
}

// Attach implements frame.Desk.
func (d *Desk) Attach(ctx context.Context, dr mail.DraftLetter, path string) (mail.DraftLetter, error) {
	info, err := os.Stat(path)
	if err != nil {
		return dr, fileFault("attach file", path, err)
	}
	if !info.Mode().IsRegular() {
		return dr, &mail.Fault{Kind: mail.NoFile, Op: "attach file", Detail: path}
	}
	if info.Size() > maxFile {
		return dr, &mail.Fault{Kind: mail.TooBig, Op: "attach file", Detail: path}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return dr, fileFault("attach file", path, err)
	}
	if dr.ID == 0 {
		if dr, err = d.SaveDraft(ctx, dr, false); err != nil {
			return dr, err
		}
	}
	return d.attach(ctx, dr, letter.SafeName(viet.NFC(info.Name())), data)
}

func (d *Desk) attach(ctx context.Context, dr mail.DraftLetter, name string, data []byte) (mail.DraftLetter, error) {
	media, risk := letter.TypeOf(name, data)
	at, err := d.store.AddAttachment(ctx, dr.ID, name, media, risk, data)
	if err != nil {
		return dr, err
	}
	dr.Attachments = append(dr.Attachments[:len(dr.Attachments):len(dr.Attachments)], at)
	return dr, nil
}

// Detach implements frame.Desk.
func (d *Desk) Detach(ctx context.Context, dr mail.DraftLetter, attachment int64) (mail.DraftLetter, error) {
	if err := d.store.DropAttachment(ctx, dr.ID, attachment); err != nil {
		return dr, err
	}
	var kept []mail.Attachment
	for _, at := range dr.Attachments {
		if at.ID != attachment {
			kept = append(kept, at)
		}
	}
	dr.Attachments = kept
	return dr, nil
}

// file opens an attachment of a draft for the letter being written.
func (d *Desk) file(ctx context.Context, at mail.Attachment) letter.File {
	return letter.File{Name: at.Name, Type: at.Type, Size: at.Size, Open: func() (io.ReadCloser, error) {
		data, err := d.store.AttachmentData(ctx, at.ID)
		if err != nil {
			return nil, err
		}
		return io.NopCloser(bytes.NewReader(data)), nil
	}}
}

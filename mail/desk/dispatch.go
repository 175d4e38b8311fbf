package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/store"
	"hopthu/mail/viet"
)

// dispatchState is what is kept of a dispatch besides its text and files; the plan is made anew from it.
type dispatchState struct {
	Main             int64 // attachment, 0 if pasted
	Digest           string
	Pasted, Scanned  bool
	Head             documentHead
	Picks            map[int]rule.Pick
	Names            map[int]string // of picked rows: a pick counts only for the entry that it was made for
	Extra            []mail.Address
	Subject, Body    string
	Subject0, Body0  string // as proposed: what the person did not touch follows the document
	NoPaper, Receipt bool
}

// documentHead is what a person may correct of a document.
type documentHead struct {
	Kind, Abbrev, Number, Year, Symbol string
	Date                               time.Time
	Summary                            string
	Urgency                            rule.Urgency
	Quoted, Party                      bool
}

func headOf(x rule.Document) documentHead {
	return documentHead{x.Kind, x.Abbrev, x.Number, x.Year, x.Symbol, x.Date, x.Summary, x.Urgency, x.Quoted, x.Party}
}

func (h documentHead) document() rule.Document {
	date := h.Date
	if !date.IsZero() {
		date = date.In(rule.Zone)
	}
	return rule.Document{
		Kind: h.Kind, Abbrev: h.Abbrev, Number: h.Number, Year: h.Year, Symbol: h.Symbol, Date: date, Summary: h.Summary,
		Urgency: h.Urgency, Quoted: h.Quoted, Party: h.Party,
	}
}

// OpenDispatch implements frame.Dispatching (QC 7.1a).
func (d *Desk) OpenDispatch(ctx context.Context, account mail.AccountID, path, pasted string) (rule.Dispatch, error) {
	a, err := d.account(account)
	if err != nil {
		return rule.Dispatch{}, err
	}
	x := rule.Dispatch{Account: account, NoPaper: true}
	var (
		file *mail.Attachment
		data []byte
	)
	st := dispatchState{NoPaper: true}
	if path == "" {
		x.Text, x.Pasted = pastedText(pasted), true
		if strings.TrimSpace(x.Text) == "" {
			return rule.Dispatch{}, badFile("empty", nil)
		}
		data = []byte(x.Text)
	} else {
		at, bytes, text, err := readDocument(path)
		if err != nil {
			return rule.Dispatch{}, err
		}
		file, data, x.Text, x.Scanned = &at, bytes, viet.NFC(text.Text), text.Scanned
	}
	sum := sha256.Sum256(data)
	st.Digest, st.Pasted, st.Scanned = hex.EncodeToString(sum[:]), x.Pasted, x.Scanned
	if err := d.firstDirectory(ctx, a); err != nil {
		return rule.Dispatch{}, err
	}
	ways, held, err := d.ways(ctx, a)
	if err != nil {
		return rule.Dispatch{}, err
	}
	x.Document = rule.ReadDocumentWith(x.Text, ways)
	x.Plan = rule.Resolve(x.Document, ways, resolveOptions(a, held, nil))
	x.Subject, x.Body = x.ProposeSubject(), x.ProposeBody(a.Signature)
	dr := mail.DraftLetter{
		Account: account, Subject: x.Subject,
		MessageID: letter.NewMessageID(mail.Address{Addr: rule.WireForm(a.Address)}.Domain(), d.o.Rand),
	}
	_, err = d.store.BeginDispatch(ctx, dr, file, data, x.Text, func(kept mail.DraftLetter) (string, error) {
		x.Draft = kept.ID
		if len(kept.Attachments) > 0 {
			x.Main = kept.Attachments[0]
			st.Main = x.Main.ID
		}
		return st.of(x, x.Subject, x.Body)
	})
	return x, err
}

// firstDirectory waits a moment for the directory when there is none yet; with one it is renewed while the person works.
func (d *Desk) firstDirectory(ctx context.Context, a mail.Account) error {
	held, err := d.published(ctx, a.ID)
	if err != nil {
		return err
	}
	if held != nil {
		d.freshenDirectory(a.ID, true)
		return nil
	}
	wait, cancel := context.WithTimeout(ctx, directoryWait)
	defer cancel()
	if err := d.refreshDirectory(wait, a); err != nil { // without it the rows stay open, and the person sees it
		if ctx.Err() != nil {
			return ctx.Err()
		}
		d.o.Log.Info("directory did not answer", "kind", mail.KindOf(err))
	}
	return nil
}

func resolveOptions(a mail.Account, held *directory, picks map[int]rule.Pick) rule.ResolveOptions {
	return rule.ResolveOptions{Domain: mail.Address{Addr: rule.WireForm(a.Address)}.Domain(), Self: held.self(a), Picks: picks}
}

// of is the state as it is kept.
func (st dispatchState) of(x rule.Dispatch, subject, body string) (string, error) {
	st.Head, st.Picks, st.Names, st.Extra = headOf(x.Document), x.Picks, map[int]string{}, x.Extra
	for i := range x.Picks {
		if i >= 0 && i < len(x.Plan.Rows) {
			st.Names[i] = x.Plan.Rows[i].Name
		}
	}
	st.Subject, st.Body, st.Subject0, st.Body0 = x.Subject, x.Body, subject, body
	st.NoPaper, st.Receipt, st.Scanned = x.NoPaper, x.Receipts, x.Scanned
	b, err := json.Marshal(st)
	if err != nil {
		return "", fmt.Errorf("encode dispatch: %w", err)
	}
	return string(b), nil
}

func pastedText(s string) string {
	text, _, _ := viet.Decode([]byte(s), "utf-8") //nolint:errcheck // err only says what was mended
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
}

func badFile(why string, err error) *mail.Fault {
	return &mail.Fault{Kind: mail.BadFile, Op: "read document", Detail: why, Err: err}
}

// readFile reads a file that is to be sent.
func readFile(op, path string) (name string, data []byte, err error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", nil, fileFault(op, path, err)
	case !info.Mode().IsRegular():
		return "", nil, &mail.Fault{Kind: mail.NoFile, Op: op, Detail: path}
	case info.Size() > maxFile:
		return "", nil, &mail.Fault{Kind: mail.TooBig, Op: op, Detail: path}
	}
	if data, err = os.ReadFile(path); err != nil { //nolint:gosec // the person chose it
		return "", nil, fileFault(op, path, err)
	}
	return letter.SafeName(viet.NFC(info.Name())), data, nil
}

// readDocument reads a document's file and its text. Pictures of pages are taken: the person types what they say.
func readDocument(path string) (mail.Attachment, []byte, letter.DocText, error) {
	name, data, err := readFile("read document", path)
	if err != nil {
		return mail.Attachment{}, nil, letter.DocText{}, err
	}
	media, risk := letter.TypeOf(name, data)
	text, err := letter.DocumentText(name, data)
	switch {
	case errors.Is(err, letter.ErrLocked), text.Locked:
		return mail.Attachment{}, nil, text, badFile("locked", err)
	case errors.Is(err, letter.ErrBomb):
		return mail.Attachment{}, nil, text, badFile("bomb", err)
	case text.Scanned || text.Kind == "image":
		text.Scanned = true
	case !slices.Contains([]string{"txt", "rtf", "docx", "odt", "pdf"}, text.Kind):
		return mail.Attachment{}, nil, text, badFile("kind", err)
	case strings.TrimSpace(text.Text) == "" && errors.Is(err, letter.ErrBrokenDoc):
		return mail.Attachment{}, nil, text, badFile("damaged", err)
	case strings.TrimSpace(text.Text) == "":
		return mail.Attachment{}, nil, text, badFile("no-text", err)
	}
	return mail.Attachment{Name: name, Type: media, Risk: risk}, data, text, nil
}

// OpenedDispatches implements frame.Dispatching.
func (d *Desk) OpenedDispatches(ctx context.Context) ([]rule.Dispatch, error) {
	kept, err := d.store.Dispatches(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]rule.Dispatch, 0, len(kept))
	for _, k := range kept {
		x, err := d.restore(ctx, k)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// restore makes a dispatch of what is kept of it.
func (d *Desk) restore(ctx context.Context, k store.Dispatch) (rule.Dispatch, error) {
	var st dispatchState
	if err := json.Unmarshal([]byte(k.Data), &st); err != nil {
		return rule.Dispatch{}, &mail.Fault{Kind: mail.StoreDamaged, Op: "read dispatch", Err: err}
	}
	x := rule.Dispatch{
		Account: k.Draft.Account, Draft: k.Draft.ID, Text: k.Text, Pasted: st.Pasted, Scanned: st.Scanned, Document: st.Head.document(),
		Picks: st.Picks, Extra: st.Extra, Subject: st.Subject, Body: st.Body, NoPaper: st.NoPaper, Receipts: st.Receipt,
		Refusal: k.Draft.Refusal,
	}
	sortFiles(&x, k.Draft.Attachments, st.Main)
	a, err := d.account(x.Account)
	if err != nil {
		return x, err
	}
	return d.plan(ctx, a, x, st.Names)
}

// sortFiles parts the document from the further files of its draft.
func sortFiles(x *rule.Dispatch, list []mail.Attachment, first int64) {
	x.Main, x.Files = mail.Attachment{}, nil
	for _, at := range list {
		if at.ID == first {
			x.Main = at
		} else {
			x.Files = append(x.Files, at)
		}
	}
}

// plan reads and resolves a dispatch anew. names are the entries that its picks were made for: a directory that was renewed
// meanwhile may part a block otherwise, and a pick must never slip to another entry.
func (d *Desk) plan(ctx context.Context, a mail.Account, x rule.Dispatch, names map[int]string) (rule.Dispatch, error) {
	ways, held, err := d.ways(ctx, a)
	if err != nil {
		return x, err
	}
	x.Document = rule.ReadDocumentWith(x.Text, ways).Corrected(x.Document)
	x.Plan = rule.Resolve(x.Document, ways, resolveOptions(a, held, nil))
	if len(x.Picks) == 0 {
		return x, nil
	}
	x.Picks = maps.Clone(x.Picks)
	maps.DeleteFunc(x.Picks, func(i int, p rule.Pick) bool {
		return i < 0 || i >= len(x.Plan.Rows) || names[i] != x.Plan.Rows[i].Name || p.Address != "" && letter.ValidAddress(p.Address) != nil
	})
	x.Plan = rule.Resolve(x.Document, ways, resolveOptions(a, held, x.Picks))
	return x, nil
}

// PlanDispatch implements frame.Dispatching. A changed Text is a new document: its head is read anew and picks are gone.
func (d *Desk) PlanDispatch(ctx context.Context, x rule.Dispatch) (rule.Dispatch, error) {
	k, err := d.store.DispatchByDraft(ctx, x.Draft)
	if err != nil {
		return x, err
	}
	var st dispatchState
	if err := json.Unmarshal([]byte(k.Data), &st); err != nil {
		return x, &mail.Fault{Kind: mail.StoreDamaged, Op: "read dispatch", Err: err}
	}
	x.Account = k.Draft.Account
	a, err := d.account(x.Account)
	if err != nil {
		return x, err
	}
	names := map[int]string{}
	for i := range x.Picks {
		if i >= 0 && i < len(x.Plan.Rows) {
			names[i] = x.Plan.Rows[i].Name
		} else {
			names[i] = st.Names[i]
		}
	}
	var text *string
	if x.Text = viet.NFC(x.Text); x.Text != k.Text {
		text = &x.Text
		ways, _, err := d.ways(ctx, a)
		if err != nil {
			return x, err
		}
		x.Picks, x.Document = nil, rule.ReadDocumentWith(x.Text, ways)
		if x.Pasted {
			sum := sha256.Sum256([]byte(x.Text))
			st.Digest = hex.EncodeToString(sum[:])
		}
	}
	if x, err = d.plan(ctx, a, x, names); err != nil {
		return x, err
	}
	subject, body := x.ProposeSubject(), x.ProposeBody(a.Signature)
	if x.Subject == st.Subject0 || strings.TrimSpace(x.Subject) == "" {
		x.Subject = subject
	}
	if x.Body == st.Body0 {
		x.Body = body
	}
	if err := d.dropFiles(ctx, &x, k.Draft, st.Main); err != nil {
		return x, err
	}
	data, err := st.of(x, subject, body)
	if err != nil {
		return x, err
	}
	return x, d.store.PutDispatch(ctx, x.Draft, text, data)
}

// dropFiles takes out the further files that the person took out.
func (d *Desk) dropFiles(ctx context.Context, x *rule.Dispatch, kept mail.DraftLetter, first int64) error {
	var left []mail.Attachment
	for _, at := range kept.Attachments {
		if at.ID == first || slices.ContainsFunc(x.Files, func(f mail.Attachment) bool { return f.ID == at.ID }) {
			left = append(left, at)
			continue
		}
		if err := d.store.DropAttachment(ctx, x.Draft, at.ID); err != nil {
			return err
		}
	}
	sortFiles(x, left, first)
	return nil
}

// AttachDispatch implements frame.Dispatching.
func (d *Desk) AttachDispatch(ctx context.Context, x rule.Dispatch, path string) (rule.Dispatch, error) {
	name, data, err := readFile("attach file", path)
	if err != nil {
		return x, err
	}
	media, risk := letter.TypeOf(name, data)
	at, err := d.store.AddAttachment(ctx, x.Draft, name, media, risk, data)
	if err != nil {
		return x, err
	}
	x.Files = append(slices.Clone(x.Files), at)
	return x, nil
}

// DropDispatch implements frame.Dispatching.
func (d *Desk) DropDispatch(ctx context.Context, x rule.Dispatch) error {
	return d.DropDraft(ctx, x.Draft)
}

// FindListed implements frame.Dispatching: names that fit as a whole first, then those that begin like what was typed.
func (d *Desk) FindListed(ctx context.Context, account mail.AccountID, typed string) ([]rule.Match, error) {
	a, err := d.account(account)
	if err != nil {
		return nil, err
	}
	typed = viet.NFC(strings.TrimSpace(typed))
	if typed == "" {
		return nil, nil
	}
	ways, _, err := d.ways(ctx, a)
	if err != nil {
		return nil, err
	}
	out := ways.Lookup(typed)
	const most = 50
	for _, w := range ways {
		x, ok := w.(*rule.Index)
		if !ok {
			continue
		}
		for _, e := range x.Search(typed, most) {
			same := func(m rule.Match) bool {
				return m.Key == e.Key || e.Address != "" && rule.WireForm(m.Address) == rule.WireForm(e.Address)
			}
			if !slices.ContainsFunc(out, same) {
				out = append(out, rule.Match{Listed: e, Confidence: 50, How: "similar"})
			}
		}
	}
	for i, m := range out {
		if m.Kind == rule.ListedGroup && m.Address == "" {
			out[i].Boxes, out[i].Missing = rule.Boxes(ways, m.Listed)
		}
	}
	return out, nil
}

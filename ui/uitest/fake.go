package uitest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
)

// Fake is a desk in memory. Fields may be changed before and between calls; Log lists what was asked to change.
type Fake struct {
	mu       sync.Mutex
	At       time.Time
	Accs     []mail.Account
	States   []mail.Status
	Set      mail.Settings
	Reasons  map[string]string // given with the last Send
	Boxes    []mail.Folder
	Letters  map[mail.LetterID]*mail.Letter
	Raws     map[mail.LetterID][]byte
	Order    []mail.LetterID // newest first
	DraftBox []mail.DraftLetter
	Queue    []mail.OutboxItem
	People   []mail.Contact
	Findings []mail.Finding
	Day      *mail.Today // nil: made from the letters
	Dir      map[string][]frame.DirEntry
	Errs     map[string]error // by method name: what the next calls answer
	Log      []string
	Out      Dispatches // documents
	Shared   Sharings   // boxes that several work in
	Checks   Checks     // the daily duty
	events   []mail.Event
	undo     []func()
	undoName []string
	nextID   int64
}

var errNone = errors.New("no such thing")

func (f *Fake) lock() func() { f.mu.Lock(); return f.mu.Unlock }

func (f *Fake) log(format string, args ...any) { f.Log = append(f.Log, fmt.Sprintf(format, args...)) }

// Now is the fake's clock.
func (f *Fake) Now() time.Time { return f.At }

// Emit queues events for the screen.
func (f *Fake) Emit(e ...mail.Event) {
	defer f.lock()()
	f.events = append(f.events, e...)
}

func (f *Fake) eventful() bool { defer f.lock()(); return len(f.events) > 0 }

// Next answers at once.
func (f *Fake) Next(ctx context.Context) ([]mail.Event, error) {
	defer f.lock()()
	out := f.events
	f.events = nil
	return out, ctx.Err()
}

// Accounts answers from Accs.
func (f *Fake) Accounts() []mail.Account { return f.Accs }

// Status answers from States.
func (f *Fake) Status() []mail.Status { return f.States }

// Settings answers from Set.
func (f *Fake) Settings() mail.Settings { return f.Set }

// SaveSettings keeps them.
func (f *Fake) SaveSettings(_ context.Context, s mail.Settings) error {
	f.log("settings %s %s", s.Language, s.Theme)
	if err := f.Errs["SaveSettings"]; err != nil {
		return err
	}
	f.Set = s
	return nil
}

// Discover guesses in one way.
func (f *Fake) Discover(_ context.Context, address string) (mail.Account, error) {
	if err := f.Errs["Discover"]; err != nil {
		return mail.Account{}, err
	}
	_, domain, ok := strings.Cut(address, "@")
	if !ok {
		return mail.Account{}, &mail.Fault{Kind: mail.BadAddress, Op: "discover", Detail: address}
	}
	return mail.Account{
		ID: mail.AccountID(address), Address: address, Login: address, IMAP: mail.Endpoint{Host: "imap." + domain, Port: 993, Security: mail.TLS},
		SMTP: mail.Endpoint{Host: "smtp." + domain, Port: 465, Security: mail.TLS},
	}, nil
}

// SignIn accepts any password unless Errs says otherwise.
func (f *Fake) SignIn(_ context.Context, a mail.Account, password string) (mail.Account, error) {
	f.log("sign in %s", a.Address)
	if err := f.Errs["SignIn"]; err != nil {
		return a, err
	}
	if password == "" {
		return a, &mail.Fault{Kind: mail.BadPassword, Op: "sign in"}
	}
	defer f.lock()()
	f.Accs = append(slices.DeleteFunc(f.Accs, func(b mail.Account) bool { return b.ID == a.ID }), a)
	f.events = append(f.events, mail.Event{Kind: mail.AccountsChanged, Account: a.ID})
	return a, nil
}

// ChangePassword succeeds unless Errs says otherwise.
func (f *Fake) ChangePassword(_ context.Context, a mail.Account, _, _ string) error {
	f.log("change password %s", a.Address)
	return f.Errs["ChangePassword"]
}

// JudgePassword knows the length and the old one.
func (f *Fake) JudgePassword(_ mail.Account, old, fresh string) (broken []string, strength int) {
	if len([]rune(fresh)) < 12 {
		broken = append(broken, "short")
	}
	if fresh != "" && fresh == old {
		broken = append(broken, "old")
	}
	return broken, min(len([]rune(fresh))/5, 4)
}

// Remember says yes unless Errs says otherwise.
func (f *Fake) Remember() (bool, *mail.Fault) {
	if err := f.Errs["Remember"]; err != nil {
		return false, mail.AsFault("keyring", err)
	}
	return true, nil
}

// RemoveAccount forgets it.
func (f *Fake) RemoveAccount(_ context.Context, id mail.AccountID) error {
	f.log("remove %s", id)
	f.Accs = slices.DeleteFunc(f.Accs, func(a mail.Account) bool { return a.ID == id })
	f.Emit(mail.Event{Kind: mail.AccountsChanged})
	return f.Errs["RemoveAccount"]
}

// Folders lists an account's, with fresh counts.
func (f *Fake) Folders(_ context.Context, account mail.AccountID) ([]mail.Folder, error) {
	if err := f.Errs["Folders"]; err != nil {
		return nil, err
	}
	var out []mail.Folder
	for _, b := range f.Boxes {
		if b.Account != account {
			continue
		}
		b.Total, b.Unread, b.Awaiting = 0, 0, 0
		for _, id := range f.Order {
			h := f.Letters[id].Head
			if h.Folder != b.ID {
				continue
			}
			b.Total++
			if !h.Flags.Has(mail.Seen) {
				b.Unread++
			}
			if h.Awaits {
				b.Awaiting++
			}
		}
		out = append(out, b)
	}
	return out, nil
}

// CreateFolder adds one.
func (f *Fake) CreateFolder(_ context.Context, account mail.AccountID, name string) error {
	f.log("create folder %s", name)
	f.nextID++
	f.Boxes = append(f.Boxes, mail.Folder{ID: mail.FolderID(900 + f.nextID), Account: account, Name: name, Delim: "/", Selectable: true})
	return f.Errs["CreateFolder"]
}

// List filters and searches.
func (f *Fake) List(_ context.Context, q mail.ListQuery) (mail.Listing, error) {
	if err := f.Errs["List"]; err != nil {
		return mail.Listing{}, err
	}
	var out mail.Listing
	want := kit.Fold(q.Text)
	newest := map[mail.ThreadID]int{}
	for _, id := range f.Order {
		h := f.Letters[id].Head
		if q.Account != "" && h.Account != q.Account || q.Folder != 0 && h.Folder != q.Folder {
			continue
		}
		out.Total++
		if !f.passes(h, q.Filter) || want != "" && !kit.Match(want, kit.Fold(h.Subject+" "+names(h.From)+" "+h.Preview)) {
			continue
		}
		if q.View == mail.Conversations && h.Thread != 0 {
			if i, seen := newest[h.Thread]; seen {
				out.Sizes[i]++
				continue
			}
			newest[h.Thread] = len(out.IDs)
		}
		out.IDs = append(out.IDs, id)
		if q.View == mail.Conversations {
			out.Sizes = append(out.Sizes, 1)
		}
	}
	out.Remote, out.Exact = out.Total, len(out.IDs)
	return out, nil
}

func names(list []mail.Address) string {
	var b strings.Builder
	for _, a := range list {
		b.WriteString(a.Name + " " + a.Addr + " ")
	}
	return b.String()
}

func (f *Fake) passes(h mail.Head, by mail.Filter) bool {
	switch by {
	case mail.Unread:
		return !h.Flags.Has(mail.Seen)
	case mail.Awaiting:
		return h.Awaits
	case mail.Starred:
		return h.Flags.Has(mail.Flagged)
	case mail.WithAttachment:
		return h.Attachments > 0
	}
	return true
}

// Heads answers in the order asked.
func (f *Fake) Heads(_ context.Context, ids []mail.LetterID) ([]mail.Head, error) {
	if err := f.Errs["Heads"]; err != nil {
		return nil, err
	}
	out := make([]mail.Head, 0, len(ids))
	for _, id := range ids {
		if l := f.Letters[id]; l != nil {
			out = append(out, f.term(l.Head))
		}
	}
	return out, nil
}

// term fills in by when a letter that awaits should be answered: five days, or what was chosen.
func (f *Fake) term(h mail.Head) mail.Head {
	if !h.Awaits {
		return h
	}
	if !h.DueSet {
		y, m, d := h.Received.AddDate(0, 0, 5).Date()
		h.Due = time.Date(y, m, d, 17, 0, 0, 0, Zone)
	}
	day := func(t time.Time) time.Time {
		y, m, d := t.In(Zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, Zone)
	}
	h.Late = max(int(day(f.At).Sub(day(h.Due)).Hours()/24), 0)
	return h
}

// Thread lists a conversation, oldest first.
func (f *Fake) Thread(_ context.Context, id mail.LetterID) ([]mail.LetterID, error) {
	l := f.Letters[id]
	if l == nil {
		return nil, &mail.Fault{Kind: mail.Gone, Op: "thread"}
	}
	var out []mail.LetterID
	for _, o := range slices.Backward(f.Order) {
		if o == id || l.Thread != 0 && f.Letters[o].Thread == l.Thread {
			out = append(out, o)
		}
	}
	return out, nil
}

// Open gives a letter.
func (f *Fake) Open(_ context.Context, id mail.LetterID) (*mail.Letter, error) {
	if err := f.Errs["Open"]; err != nil {
		return nil, err
	}
	l := f.Letters[id]
	if l == nil {
		return nil, &mail.Fault{Kind: mail.Gone, Op: "open letter"}
	}
	c := *l
	c.Head = f.term(c.Head)
	return &c, nil
}

// Reread marks the charset.
func (f *Fake) Reread(ctx context.Context, id mail.LetterID, charset string) (*mail.Letter, error) {
	l, err := f.Open(ctx, id)
	if err != nil {
		return nil, err
	}
	if charset == "" {
		charset = "TCVN3"
	}
	l.Charset = charset
	return l, nil
}

// Raw gives the source.
func (f *Fake) Raw(_ context.Context, id mail.LetterID) ([]byte, error) {
	if b, ok := f.Raws[id]; ok {
		return b, nil
	}
	if f.Letters[id] == nil {
		return nil, &mail.Fault{Kind: mail.Gone, Op: "read source"}
	}
	return []byte("Subject: test\r\n\r\nbody\r\n"), nil
}

// SavePart names the path it would have.
func (f *Fake) SavePart(_ context.Context, id mail.LetterID, part, dir string) (string, error) {
	f.log("save %d %s", id, part)
	if err := f.Errs["SavePart"]; err != nil {
		return "", err
	}
	for _, p := range f.Letters[id].Parts {
		if p.Path == part {
			return dir + "/" + p.Name, nil
		}
	}
	return "", errNone
}

// OpenPart is logged.
func (f *Fake) OpenPart(_ context.Context, id mail.LetterID, part string) error {
	f.log("open %d %s", id, part)
	return f.Errs["OpenPart"]
}

// act changes heads and keeps how to take it back.
func (f *Fake) act(name string, ids []mail.LetterID, change func(h *mail.Head)) error {
	if err := f.Errs[name]; err != nil {
		return err
	}
	defer f.lock()()
	old := map[mail.LetterID]mail.Head{}
	for _, id := range ids {
		if l := f.Letters[id]; l != nil {
			old[id] = l.Head
			change(&l.Head)
			l.Awaits = l.Duty && !l.Flags.Has(mail.Answered) && !l.Flags.Has(mail.NoReply)
		}
	}
	f.undo = append(f.undo, func() {
		for id, h := range old {
			f.Letters[id].Head = h
		}
	})
	f.undoName = append(f.undoName, strings.ReplaceAll(strings.ToLower(name), "setdue", "defer"))
	f.events = append(f.events, mail.Event{Kind: mail.FolderChanged}, mail.Event{Kind: mail.FoldersChanged})
	return nil
}

// Flag changes marks.
func (f *Fake) Flag(_ context.Context, ids []mail.LetterID, set, unset mail.Flags) error {
	f.log("flag %v +%v -%v", ids, set.Names(), unset.Names())
	return f.act("Flag", ids, func(h *mail.Head) { h.Flags = h.Flags&^unset | set })
}

// Excuse marks no reply needed.
func (f *Fake) Excuse(_ context.Context, ids []mail.LetterID, reason string) error {
	f.log("excuse %v %s", ids, reason)
	return f.act("Excuse", ids, func(h *mail.Head) { h.Flags |= mail.NoReply })
}

// SetDue sets another due date.
func (f *Fake) SetDue(_ context.Context, ids []mail.LetterID, due time.Time, reason string) error {
	f.log("due %v %s %s", ids, due.Format(time.DateOnly), reason)
	return f.act("SetDue", ids, func(h *mail.Head) { h.Due, h.DueSet, h.DueReason = due, !due.IsZero(), reason })
}

// Move moves.
func (f *Fake) Move(_ context.Context, ids []mail.LetterID, to mail.FolderID) error {
	f.log("move %v %d", ids, to)
	return f.act("Move", ids, func(h *mail.Head) { h.Folder = to })
}

func (f *Fake) role(account mail.AccountID, role mail.Role) mail.FolderID {
	for _, b := range f.Boxes {
		if b.Account == account && b.Role == role {
			return b.ID
		}
	}
	return 0
}

// Delete moves to the trash.
func (f *Fake) Delete(_ context.Context, ids []mail.LetterID) error {
	f.log("delete %v", ids)
	return f.act("Delete", ids, func(h *mail.Head) { h.Folder = f.role(h.Account, mail.RoleTrash) })
}

// Archive moves to the archive.
func (f *Fake) Archive(_ context.Context, ids []mail.LetterID) error {
	f.log("archive %v", ids)
	return f.act("Archive", ids, func(h *mail.Head) { h.Folder = f.role(h.Account, mail.RoleArchive) })
}

// Undo takes the last act back.
func (f *Fake) Undo(context.Context) (string, error) {
	defer f.lock()()
	n := len(f.undo)
	if n == 0 {
		return "", f.Errs["Undo"]
	}
	f.undo[n-1]()
	name := f.undoName[n-1]
	f.undo, f.undoName = f.undo[:n-1], f.undoName[:n-1]
	f.events = append(f.events, mail.Event{Kind: mail.FolderChanged}, mail.Event{Kind: mail.FoldersChanged})
	return name, nil
}

// Refresh is logged.
func (f *Fake) Refresh(account mail.AccountID) { f.log("refresh %s", account) }

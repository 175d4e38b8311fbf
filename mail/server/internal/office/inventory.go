package office

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/server/internal/register"
)

// border is one folder of an inventory: letters below Next stand in it, later ones do not.
type border struct {
	Mailbox  int64  `json:"mailbox"`
	Name     string `json:"name"`
	Role     string `json:"role"`
	Validity int64  `json:"validity"`
	Next     int64  `json:"next"`
	ModSeq   int64  `json:"modseq"` // as of when the letters were counted
	Total    int64  `json:"total"`
}

// counted is an inventory and what it was counted of.
type counted struct {
	inventory mail.Inventory
	borders   []border
}

const (
	rowsAtOnce  = 1000
	headsAtOnce = 200
	maxLines    = 2000 // of open duties in an inventory
	maxSubject  = 200  // octets
)

// inventory counts what a box holds now, and the borders by which the freezing transaction sees whether
// that still is so.
func (o *Office) inventory(ctx context.Context, b register.Box) (c counted, err error) {
	if err := o.settle(ctx, b.Account); err != nil {
		return c, err
	}
	if c.borders, err = o.folders(ctx, b.Account); err != nil {
		return c, err
	}
	duties, err := o.openDuties(ctx, b)
	if err != nil {
		return c, err
	}
	inv := &c.inventory
	inv.At = o.opt.Now()
	sum := sha256.New()
	total := 0
	for _, f := range c.borders {
		total += int(f.Total)
	}
	for _, f := range c.borders {
		fc := mail.FolderCount{Name: f.Name}
		err := o.eachPart(ctx, b.Account, f, func(rows []box.Row) error {
			for _, r := range rows {
				fc.Letters++
				fc.Octets += r.Size
				if fc.Oldest.IsZero() || r.Received.Before(fc.Oldest) {
					fc.Oldest = r.Received
				}
				if r.Received.After(fc.Newest) {
					fc.Newest = r.Received
				}
				if err := manifestLine(sum, f, r); err != nil {
					return err
				}
			}
			open, err := o.openIn(ctx, duties, b.Account, f, rows)
			fc.Unanswered += open
			o.counts.say(b.Account, inv.Letters+fc.Letters, total)
			return err
		})
		if err != nil {
			return c, err
		}
		if mail.Role(f.Role) == mail.RoleDrafts {
			inv.Drafts += fc.Letters
		}
		inv.Folders = append(inv.Folders, fc)
		inv.Letters += fc.Letters
		inv.Octets += fc.Octets
	}
	inv.Hash = hex.EncodeToString(sum.Sum(nil))
	inv.Unanswered, err = duties.lines(ctx, o.people())
	return c, err
}

// folders are the borders of a box as it is now, by name.
func (o *Office) folders(ctx context.Context, b box.AccountID) (out []border, err error) {
	err = o.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		out, err = bordersOf(ctx, q, b)
		return err
	})
	return out, fault("list folders", err)
}

func bordersOf(ctx context.Context, q *storedb.Queries, b box.AccountID) ([]border, error) {
	list, err := q.ListMailboxes(ctx, int64(b))
	out := make([]border, 0, len(list))
	for _, m := range list {
		out = append(out, border{Mailbox: m.MailboxID, Name: m.Name, Role: m.Role, Validity: m.Uidvalidity, Next: m.Uidnext, ModSeq: m.Modseq, Total: m.Total})
	}
	slices.SortFunc(out, func(a, b border) int { return strings.Compare(a.Name, b.Name) })
	return out, err
}

// eachPart goes through the letters of a folder that stand in the inventory, by UID, some at once. Between two parts nothing is held.
func (o *Office) eachPart(ctx context.Context, b box.AccountID, f border, each func([]box.Row) error) error {
	ref := box.Ref{Account: b, Mailbox: box.MailboxID(f.Mailbox)}
	uids, err := o.box.UIDs(ctx, ref)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(uids, func(u mail.UID) bool { return int64(u) >= f.Next }); i >= 0 {
		uids = uids[:i]
	}
	for part := range slices.Chunk(uids, rowsAtOnce) {
		rows, err := o.box.Rows(ctx, ref, []box.UIDRange{{Lo: part[0], Hi: part[len(part)-1]}})
		if err != nil {
			return err
		}
		if err := each(rows); err != nil {
			return err
		}
	}
	return nil
}

// eachLetter is eachPart letter by letter.
func (o *Office) eachLetter(ctx context.Context, b box.AccountID, f border, each func(box.Row) error) error {
	return o.eachPart(ctx, b, f, func(rows []box.Row) error {
		for _, r := range rows {
			if err := each(r); err != nil {
				return err
			}
		}
		return nil
	})
}

// eachHead goes through letters of one folder with their headers.
func (o *Office) eachHead(ctx context.Context, b box.AccountID, f border, uids []mail.UID, each func(box.Headed)) error {
	ref := box.Ref{Account: b, Mailbox: box.MailboxID(f.Mailbox)}
	for part := range slices.Chunk(uids, headsAtOnce) {
		var set []box.UIDRange
		for _, u := range part {
			if n := len(set); n > 0 && set[n-1].Hi+1 == u {
				set[n-1].Hi = u
			} else {
				set = append(set, box.UIDRange{Lo: u, Hi: u})
			}
		}
		list, err := o.box.Heads(ctx, ref, set)
		if err != nil {
			return err
		}
		for _, l := range list {
			each(l)
		}
	}
	return nil
}

// openIn counts the letters among rows that still oblige to answer. Only headers that may say so are read: in a box of ten years
// nearly every letter is answered, or one's own.
func (o *Office) openIn(ctx context.Context, d *duties, b box.AccountID, f border, rows []box.Row) (open int, err error) {
	switch mail.Role(f.Role) {
	case mail.RoleSent, mail.RoleDrafts, mail.RoleTrash, mail.RoleJunk:
		return 0, nil
	}
	var uids []mail.UID
	for _, r := range rows {
		if r.Flags&(mail.Answered|mail.NoReply|mail.Deleted) == 0 {
			uids = append(uids, r.UID)
		}
	}
	err = o.eachHead(ctx, b, f, uids, func(l box.Headed) {
		if d.look(l) {
			open++
		}
	})
	return open, err
}

// manifestLine writes the line of one letter. The manifest has one line a letter, by folder name (as octets) and UID: SHA-256 of
// its content, SHA-256 of the delivery lines in front of that, how many octets these are, its UID, its folder. The hash of an
// inventory is SHA-256 of the manifest.
func manifestLine(w io.Writer, f border, r box.Row) error {
	_, err := fmt.Fprintf(w, "%x %x %d %d %q\n", r.Blob, sha256.Sum256(r.Prefix), len(r.Prefix), r.UID, f.Name)
	return err
}

// duties collects the letters of a box that still oblige to answer (QC 9, 14.3).
type duties struct {
	acc   mail.Account
	works map[string]storedb.WorkDuesRow
	dues  map[string]int64
	cal   *rule.Calendar
	days  int
	found []duty
	seen  map[string]bool
}

type duty struct {
	line   mail.DutyLine
	holder box.AccountID
}

func (o *Office) openDuties(ctx context.Context, b register.Box) (*duties, error) {
	d := &duties{
		acc: mail.Account{Address: b.Wire}, works: map[string]storedb.WorkDuesRow{}, dues: map[string]int64{}, cal: o.opt.Calendar, days: o.opt.Days,
		seen: map[string]bool{},
	}
	var err error
	if d.acc.Aliases, err = o.reg.Spellings(ctx, b.Account); err != nil {
		return d, err
	}
	err = o.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) error {
		works, err := q.WorkDues(ctx, int64(b.Account))
		if err != nil {
			return err
		}
		for _, w := range works {
			d.works[w.LetterKey] = w
		}
		dues, err := q.DutyDues(ctx, int64(b.Account))
		for _, u := range dues {
			d.dues[u.LetterKey] = u.DueAt
		}
		return err
	})
	return d, fault("read open duties", err)
}

// look says whether a letter that is not marked as done still obliges to answer, and takes it down. The same letter in two folders
// counts once.
func (d *duties) look(l box.Headed) bool {
	h := mail.Head{Flags: l.Flags, Received: l.Received}
	letter.ReadHeader(l.Head).Fill(&h)
	key := mail.LetterKey(h)
	w := d.works[key]
	if s := mail.WorkState(w.State); d.seen[key] || s == mail.WorkAnswered || s == mail.WorkExcused || !rule.Duty(h, d.acc) {
		return false
	}
	d.seen[key] = true
	due := fromMicros(cmp.Or(w.DueAt, d.dues[key]))
	if due.IsZero() {
		due, _, _ = rule.Term(h, mail.Deadline{}, d.cal, d.days)
	}
	subject := h.Subject
	if len(subject) > maxSubject {
		subject = strings.ToValidUTF8(subject[:maxSubject], "") + "…"
	}
	d.found = append(d.found, duty{mail.DutyLine{From: h.From[0].Short(), Subject: subject, Received: l.Received, Due: due}, box.AccountID(w.HolderID)})
	return true
}

// lines are the open duties, the one that is due first first.
func (d *duties) lines(ctx context.Context, names *people) ([]mail.DutyLine, error) {
	slices.SortStableFunc(d.found, func(a, b duty) int { return a.line.Due.Compare(b.line.Due) })
	var out []mail.DutyLine
	for _, one := range d.found[:min(len(d.found), maxLines)] {
		who, err := names.name(ctx, one.holder)
		if err != nil {
			return nil, err
		}
		one.line.Holder = who.Name
		out = append(out, one.line)
	}
	return out, nil
}

// still says whether what was counted is still what the box holds: no letter below the borders came, went or changed, and no
// folder. Letters that arrived since do not matter.
func still(ctx context.Context, tx *db.Tx, b box.AccountID, was []border) (bool, error) {
	now, err := bordersOf(ctx, tx.Q, b)
	if err != nil || len(now) != len(was) {
		return false, err
	}
	for i, f := range was {
		n := now[i]
		if n.Mailbox != f.Mailbox || n.Name != f.Name || n.Role != f.Role || n.Validity != f.Validity {
			return false, nil
		}
		if n.ModSeq == f.ModSeq {
			continue
		}
		if ok, err := onlyNew(ctx, tx, b, f); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func onlyNew(ctx context.Context, tx *db.Tx, b box.AccountID, f border) (bool, error) {
	rows, err := tx.Q.MessagesSince(ctx, storedb.MessagesSinceParams{AccountID: int64(b), MailboxID: f.Mailbox, Since: f.ModSeq})
	if err != nil {
		return false, err
	}
	for _, r := range rows {
		if r.Uid < f.Next {
			return false, nil
		}
	}
	n, err := tx.Q.CountBelow(ctx, storedb.CountBelowParams{AccountID: int64(b), MailboxID: f.Mailbox, Border: f.Next})
	return n == f.Total, err
}

// Manifest writes the manifest of a handover from what the box holds now. Kind Conflict, Detail Changed: that is no longer what
// the inventory was made of.
func (o *Office) Manifest(ctx context.Context, id int64, w io.Writer) error {
	row, borders, err := o.bordersOf(ctx, id)
	if err != nil {
		return err
	}
	sum := sha256.New()
	out := io.MultiWriter(sum, w)
	for _, f := range borders {
		err := o.eachLetter(ctx, box.AccountID(row.AccountID), f, func(r box.Row) error { return manifestLine(out, f, r) })
		if err != nil {
			return err
		}
	}
	return sameHash(sum, row.Hash)
}

func sameHash(sum hash.Hash, want string) error {
	if hex.EncodeToString(sum.Sum(nil)) != want {
		return &mail.Fault{Kind: mail.Conflict, Op: "check inventory", Detail: Changed}
	}
	return nil
}

// Listed is one letter that stands in an inventory.
type Listed struct {
	Folder string
	Row    box.Row
}

// Contents goes through the letters of an inventory, folder by folder; begin is called at the start of each.
func (o *Office) Contents(ctx context.Context, id int64, begin func(folder string) error, each func(Listed) error) error {
	row, borders, err := o.bordersOf(ctx, id)
	if err != nil {
		return err
	}
	for _, f := range borders {
		if err := begin(f.Name); err != nil {
			return err
		}
		err := o.eachLetter(ctx, box.AccountID(row.AccountID), f, func(r box.Row) error { return each(Listed{f.Name, r}) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (o *Office) bordersOf(ctx context.Context, id int64) (row storedb.Handover, out []border, err error) {
	if row, err = o.handover(ctx, id); err != nil {
		return row, nil, err
	}
	if err := json.Unmarshal([]byte(row.Borders), &out); err != nil {
		return row, nil, &mail.Fault{Kind: mail.StoreDamaged, Op: "read inventory", Err: err}
	}
	return row, out, nil
}

// standing are the delegations that stand at a moment.
func standing(list []mail.Delegation, now time.Time) []mail.Delegation {
	return slices.DeleteFunc(list, func(d mail.Delegation) bool {
		return !d.Ended.IsZero() || d.From.After(now) || !d.Until.IsZero() && !now.Before(d.Until.AddDate(0, 0, 1))
	})
}

var errMoving = errors.New("the box changes faster than it can be counted")

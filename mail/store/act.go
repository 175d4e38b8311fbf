package store

import (
	"context"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// keepActs is how many acts can be taken back.
const keepActs = 50

// act is one act of the person at work: the local change, the pending operation, and what takes it back, all in one
// transaction.
type act struct {
	*tx
	id   int64 // 0 while nothing changed
	kind OpKind
	ops  map[opKey]int64 // operations made in this act
	mute bool            // taking back: leaves no record of its own
}

type opKey struct {
	kind         OpKind
	account      int64
	folder, dest mail.FolderID
	add, remove  mail.Flags
}

func (s *Store) act(ctx context.Context, op string, kind OpKind, ids []mail.LetterID, one func(*act, row) error) (int64, error) {
	var id int64
	err := s.write(ctx, op, func(t *tx) error {
		a := &act{tx: t, kind: kind, ops: map[opKey]int64{}}
		for _, l := range ids {
			r, ok, err := t.letter(l)
			if err != nil {
				return err
			}
			if !ok || r.folder == 0 {
				continue // gone in the meantime: nothing to do to it
			}
			if err := one(a, r); err != nil {
				return err
			}
		}
		id = a.id
		if id == 0 {
			return nil
		}
		return t.exec("DELETE FROM act WHERE id<=?", id-keepActs)
	})
	if err != nil {
		return 0, err
	}
	return id, nil
}

// Flag sets and clears marks on letters. The result takes it back by UndoAct; 0 means nothing changed.
func (s *Store) Flag(ctx context.Context, ids []mail.LetterID, set, unset mail.Flags) (int64, error) {
	return s.act(ctx, "mark letters", OpFlags, ids, func(a *act, l row) error {
		return a.flag(l, (l.flags|set)&^unset)
	})
}

// Move puts letters into another folder of the same account.
func (s *Store) Move(ctx context.Context, ids []mail.LetterID, to mail.FolderID) (int64, error) {
	return s.act(ctx, "move letters", OpMove, ids, func(a *act, l row) error { return a.move(l, to) })
}

// Erase deletes letters for good, once the server has followed.
func (s *Store) Erase(ctx context.Context, ids []mail.LetterID) (int64, error) {
	return s.act(ctx, "erase letters", OpErase, ids, func(a *act, l row) error { return a.erase(l) })
}

// UndoAct takes an act back, as far as letters and operations still allow; false if nothing could be.
func (s *Store) UndoAct(ctx context.Context, id int64) (done bool, err error) {
	err = s.write(ctx, "undo", func(t *tx) error {
		kind, ok, err := t.int("SELECT kind FROM act WHERE id=?", id)
		if err != nil || !ok {
			return err
		}
		type past struct {
			letter         mail.LetterID
			added, removed mail.Flags
			folder         mail.FolderID
		}
		var list []past
		err = t.each("SELECT letter, added, removed, folder FROM act_letter WHERE act=? ORDER BY letter", func(st *sqlite3.Stmt) error {
			list = append(list, past{
				mail.LetterID(st.ColumnInt64(0)), mail.Flags(st.ColumnInt64(1)), //nolint:gosec // stored from this type
				mail.Flags(st.ColumnInt64(2)), mail.FolderID(st.ColumnInt64(3)), //nolint:gosec // as above
			})
			return nil
		}, id)
		if err != nil {
			return err
		}
		a := &act{tx: t, kind: OpKind(kind), ops: map[opKey]int64{}, mute: true}
		for _, p := range list {
			l, ok, err := t.letter(p.letter)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			before := a.changed()
			switch a.kind {
			case OpFlags:
				err = a.flag(l, l.flags&^p.added|p.removed)
			case OpMove:
				if l.folder != 0 {
					err = a.move(l, p.folder)
				}
			case OpErase:
				err = a.unerase(l, p.folder)
			case opDue:
				err = a.undoDue(id, l)
			case OpAppend:
			}
			if err != nil {
				return err
			}
			done = done || a.changed() > before
			if err := a.unlook(l); err != nil {
				return err
			}
		}
		return t.exec("DELETE FROM act WHERE id=?", id)
	})
	return done, err
}

// changed counts rows written so far on this connection.
func (a *act) changed() int64 { return a.db.TotalChanges() }

// record notes what takes this letter's part of the act back.
func (a *act) record(l row, added, removed mail.Flags) error {
	a.touch(l.accountID, l.folder)
	if a.mute {
		return nil
	}
	if a.id == 0 {
		if err := a.exec("INSERT INTO act(kind) VALUES(?)", int64(a.kind)); err != nil {
			return err
		}
		a.id = a.db.LastInsertRowID()
	}
	return a.exec("INSERT INTO act_letter VALUES(?,?,?,?,?) ON CONFLICT DO NOTHING", a.id, l.id, added, removed, l.folder)
}

func (a *act) flag(l row, want mail.Flags) error {
	added, removed := want&^l.flags, l.flags&^want
	if added|removed == 0 || l.folder == 0 {
		return nil
	}
	if err := a.record(l, added, removed); err != nil {
		return err
	}
	// What has not been handed out yet is changed instead of added to: set and clear cancel out.
	var op int64
	var oa, or mail.Flags
	err := a.each(`SELECT o.id, o.add_, o.remove FROM op_letter p JOIN op o ON o.id=p.op
		WHERE p.letter=? AND o.kind=1 AND o.handed=0`, func(st *sqlite3.Stmt) error {
		op, oa, or = st.ColumnInt64(0), mail.Flags(st.ColumnInt64(1)), mail.Flags(st.ColumnInt64(2)) //nolint:gosec // stored from this type
		return nil
	}, l.id)
	if err != nil {
		return err
	}
	add, remove := added, removed
	if op != 0 {
		add, remove = oa&^removed|added&^or, or&^added|removed&^oa
		if err := a.exec("DELETE FROM op_letter WHERE op=? AND letter=?", op, l.id); err != nil {
			return err
		}
		if err := a.dropEmptyOps(); err != nil {
			return err
		}
	}
	if add|remove != 0 {
		if err := a.pend(opKey{kind: OpFlags, account: l.account, folder: l.folder, add: add, remove: remove}, l, l.uid); err != nil {
			return err
		}
	}
	return a.setFlags(l, want)
}

// pend adds a letter to an operation of this act.
func (a *act) pend(k opKey, l row, uid mail.UID) error {
	op := a.ops[k]
	if op != 0 {
		if _, ok, err := a.int("SELECT 1 FROM op WHERE id=?", op); err != nil {
			return err
		} else if !ok {
			op = 0
		}
	}
	if op == 0 {
		if err := a.exec("INSERT INTO op(account, kind, folder, dest, add_, remove) VALUES(?,?,?,?,?,?)",
			k.account, int64(k.kind), k.folder, k.dest, k.add, k.remove); err != nil {
			return err
		}
		op = a.db.LastInsertRowID()
		a.ops[k] = op
	}
	return a.exec("INSERT INTO op_letter(op, letter, uid, mhash) VALUES(?,?,?,?)", op, l.id, uid, l.mhash)
}

// takeBackMove takes a letter out of a move that was not handed out yet, and says where it was.
func (a *act) takeBackMove(l row) (from mail.FolderID, uid mail.UID, ok bool, err error) {
	var op int64
	err = a.each(`SELECT o.id, o.folder, p.uid FROM op_letter p JOIN op o ON o.id=p.op
		WHERE p.letter=? AND o.kind=2 AND o.handed=0 AND o.dest=? AND p.lost=0`, func(st *sqlite3.Stmt) error {
		op, from, uid, ok = st.ColumnInt64(0), mail.FolderID(st.ColumnInt64(1)), mail.UID(st.ColumnInt64(2)), true //nolint:gosec // stored from this type
		return nil
	}, l.id, l.folder)
	if err != nil || !ok {
		return 0, 0, false, err
	}
	if err := a.exec("DELETE FROM op_letter WHERE op=? AND letter=?", op, l.id); err != nil {
		return 0, 0, false, err
	}
	if err := a.dropEmptyOps(); err != nil {
		return 0, 0, false, err
	}
	return from, uid, true, a.markThere(l, from, uid)
}

// markThere turns marks that waited for a letter to arrive where it stands now into marks where the server has it:
// with the move taken back it would never arrive.
func (a *act) markThere(l row, from mail.FolderID, uid mail.UID) error {
	var add, remove mail.Flags
	err := a.each(`SELECT o.add_, o.remove FROM op_letter p JOIN op o ON o.id=p.op
		WHERE p.letter=? AND p.uid=0 AND o.kind=1 AND o.folder=? ORDER BY o.id`, func(st *sqlite3.Stmt) error {
		oa, or := mail.Flags(st.ColumnInt64(0)), mail.Flags(st.ColumnInt64(1)) //nolint:gosec // stored from this type
		add, remove = add&^or|oa, remove&^oa|or
		return nil
	}, l.id, l.folder)
	if err != nil || add|remove == 0 {
		return err
	}
	if err := a.exec("DELETE FROM op_letter WHERE letter=? AND uid=0 AND op IN (SELECT id FROM op WHERE kind=1 AND folder=?)",
		l.id, l.folder); err != nil {
		return err
	}
	if err := a.dropEmptyOps(); err != nil {
		return err
	}
	return a.pend(opKey{kind: OpFlags, account: l.account, folder: from, add: add, remove: remove}, l, uid)
}

func (a *act) move(l row, to mail.FolderID) error {
	if l.folder == to {
		return nil
	}
	dest, err := a.folder(to)
	if err != nil {
		return err
	}
	if dest.Account != l.accountID || !dest.Selectable {
		return &mail.Fault{Kind: mail.NoFolder, Op: "move letters"}
	}
	if err := a.record(l, 0, 0); err != nil {
		return err
	}
	from, uid, back, err := a.takeBackMove(l)
	if err != nil {
		return err
	}
	if !back {
		from, uid = l.folder, l.uid
	}
	limbo := int64(limboMoving)
	var local any // the UID in the folder where the letter stands now
	if from == to {
		limbo, local = 0, uid
		if uid == 0 {
			limbo, local = limboMoving, nil
		}
	} else if err := a.pend(opKey{kind: OpMove, account: l.account, folder: from, dest: to}, l, uid); err != nil {
		return err
	}
	if err := a.exec("UPDATE letter SET folder=?, uid=?, limbo=? WHERE id=?", to, local, limbo, l.id); err != nil {
		return err
	}
	a.touch(l.accountID, to)
	return a.settleAwaits(l)
}

func (a *act) erase(l row) error {
	if err := a.record(l, 0, 0); err != nil {
		return err
	}
	from, uid, back, err := a.takeBackMove(l)
	if err != nil {
		return err
	}
	if !back {
		from, uid = l.folder, l.uid
	}
	if err := a.pend(opKey{kind: OpErase, account: l.account, folder: from}, l, uid); err != nil {
		return err
	}
	return a.exec("UPDATE letter SET folder=NULL, uid=NULL, limbo=0, awaits=0 WHERE id=?", l.id)
}

// unerase brings back a letter whose erasure has not been handed out.
func (a *act) unerase(l row, folder mail.FolderID) error {
	var op int64
	var from mail.FolderID
	var uid mail.UID
	err := a.each("SELECT o.id, o.folder, p.uid FROM op_letter p JOIN op o ON o.id=p.op WHERE p.letter=? AND o.kind=3 AND o.handed=0",
		func(st *sqlite3.Stmt) error {
			op, from, uid = st.ColumnInt64(0), mail.FolderID(st.ColumnInt64(1)), mail.UID(st.ColumnInt64(2)) //nolint:gosec // stored from this type
			return nil
		}, l.id)
	if err != nil || op == 0 {
		return err
	}
	if err := a.exec("DELETE FROM op_letter WHERE op=? AND letter=?", op, l.id); err != nil {
		return err
	}
	if err := a.dropEmptyOps(); err != nil {
		return err
	}
	if err := a.restore(l, from, uid); err != nil || from == folder {
		return err
	}
	l.folder, l.uid = from, uid
	return a.move(l, folder)
}

// restore puts a letter back where the server has it.
func (t *tx) restore(l row, folder mail.FolderID, uid mail.UID) error {
	var u any = uid
	limbo := 0
	if uid == 0 {
		u, limbo = nil, limboPasses
	}
	t.touch(l.accountID, l.folder)
	t.touch(l.accountID, folder)
	if err := t.exec("UPDATE letter SET folder=?, uid=?, limbo=? WHERE id=?", folder, u, limbo, l.id); err != nil {
		return err
	}
	return t.settleAwaits(l)
}

// Excuse marks letters "không cần hồi đáp" and keeps why, in one transaction (QC 9, D9).
func (s *Store) Excuse(ctx context.Context, ids []mail.LetterID, reason string) (int64, error) {
	return s.act(ctx, "excuse letters", OpFlags, ids, func(a *act, l row) error {
		if err := a.note(l, reason); err != nil {
			return err
		}
		return a.flag(l, l.flags|mail.NoReply)
	})
}

// note keeps a reason. It belongs to the letter as a chosen due date does.
func (t *tx) note(l row, reason string) error {
	return t.exec("INSERT INTO note VALUES(?,?,?,?) ON CONFLICT DO UPDATE SET reason=excluded.reason",
		l.account, l.mhash, l.personalKey(), reason)
}

// Reason says why a letter needs no answer, "" if nobody said so here.
func (s *Store) Reason(ctx context.Context, letter mail.LetterID) (reason string, err error) {
	err = s.read(ctx, "read reason", func(c *conn) error {
		reason, err = c.text("SELECT d.reason FROM letter l JOIN note d ON "+personal+" WHERE l.id=? AND l.flags & 256 <> 0", letter)
		return err
	})
	return reason, err
}

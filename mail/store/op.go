package store

import (
	"bytes"
	"context"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// OpKind is what a pending operation does on the server.
type OpKind int64

// Kinds of operation; the numbers are stored.
const (
	OpFlags  OpKind = 1
	OpMove   OpKind = 2
	OpErase  OpKind = 3
	OpAppend OpKind = 4
)

// Op is something done here that the server has not followed yet. UIDs and Letters go together; letters whose UID is
// not known yet are left out and come in a later Op of the same ID.
type Op struct {
	ID          int64
	Account     mail.AccountID
	Kind        OpKind
	Folder      mail.FolderID // where the letters stand on the server; for OpAppend where it goes, 0 if there is no such folder yet
	Dest        mail.FolderID // of OpMove
	Role        mail.Role     // of OpAppend
	UIDs        []mail.UID
	Letters     []mail.LetterID
	Add, Remove mail.Flags
	Raw         bool   // OpBytes has the letter
	MessageID   string // of OpAppend: look for it before appending, so that nothing is filed twice
	Tries       int
	NotBefore   time.Time
}

// OpResult is what the server told.
type OpResult struct {
	UIDs map[mail.UID]mail.UID // of OpMove: old to new, nil when it did not tell
}

// PendingOps hands out what must be pushed, in the order in which it must be pushed. What was handed out once is not
// cancelled by a later act any more, so ask only when about to push.
func (s *Store) PendingOps(ctx context.Context, account mail.AccountID) (list []Op, err error) {
	some := false
	err = s.read(ctx, "list operations", func(c *conn) error {
		_, some, err = c.int("SELECT 1 FROM op o JOIN account a ON a.n=o.account WHERE a.id=? LIMIT 1", string(account))
		return err
	})
	if err != nil || !some {
		return nil, err
	}
	err = s.write(ctx, "list operations", func(t *tx) error {
		list, err = t.pending(account)
		return err
	})
	return list, err
}

func (t *tx) pending(account mail.AccountID) ([]Op, error) {
	var all, list []Op
	err := t.each(`SELECT o.id, o.kind, o.folder, o.dest, o.add_, o.remove, o.mid, o.rawowner, o.tries, o.notbefore, o.role
		FROM op o JOIN account a ON a.n=o.account WHERE a.id=? ORDER BY o.id`, func(st *sqlite3.Stmt) error {
		all = append(all, Op{
			ID: st.ColumnInt64(0), Account: account, Kind: OpKind(st.ColumnInt64(1)), Folder: mail.FolderID(st.ColumnInt64(2)),
			Dest: mail.FolderID(st.ColumnInt64(3)), Add: mail.Flags(st.ColumnInt64(4)), Remove: mail.Flags(st.ColumnInt64(5)), //nolint:gosec // stored from this type
			MessageID: st.ColumnText(6), Raw: st.ColumnInt64(7) != 0, Tries: st.ColumnInt(8),
			NotBefore: fromMicros(st.ColumnInt64(9)), Role: mail.Role(st.ColumnText(10)),
		})
		return nil
	}, string(account))
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		if o.Kind == OpAppend {
			id, _, err := t.int("SELECT f.id FROM folder f JOIN account a ON a.n=f.account WHERE a.id=? AND f.role=? ORDER BY f.id LIMIT 1",
				string(account), string(o.Role))
			if err != nil {
				return nil, err
			}
			o.Folder = mail.FolderID(id)
		} else {
			err := t.each("SELECT letter, uid FROM op_letter WHERE op=? AND uid>0 ORDER BY uid", func(st *sqlite3.Stmt) error {
				o.Letters = append(o.Letters, mail.LetterID(st.ColumnInt64(0)))
				o.UIDs = append(o.UIDs, mail.UID(st.ColumnInt64(1))) //nolint:gosec // stored from this type
				return nil
			}, o.ID)
			if err != nil {
				return nil, err
			}
			if len(o.UIDs) == 0 {
				continue
			}
		}
		list = append(list, o)
	}
	for _, o := range list {
		if err := t.exec("UPDATE op SET handed=1 WHERE id=? AND handed=0", o.ID); err != nil {
			return nil, err
		}
		if err := t.exec("UPDATE op_letter SET lost=-1 WHERE op=? AND uid>0 AND lost=0", o.ID); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// OpDone records that the server has followed.
func (s *Store) OpDone(ctx context.Context, id int64, r OpResult) error {
	return s.write(ctx, "finish operation", func(t *tx) error {
		o, err := t.op(id)
		if err != nil || o.ID == 0 {
			return err // done twice is done
		}
		if o.Kind == OpAppend {
			return t.appended(id)
		}
		letters, err := t.handedLetters(id)
		if err != nil {
			return err
		}
		if err := t.exec("DELETE FROM op_letter WHERE op=? AND lost=-1", id); err != nil {
			return err
		}
		for _, p := range letters {
			if err := t.opDone(o, p, r); err != nil {
				return err
			}
		}
		return t.dropEmptyOps()
	})
}

type handed struct {
	letter mail.LetterID
	uid    mail.UID
}

func (c *conn) handedLetters(op int64) (list []handed, err error) {
	err = c.each("SELECT letter, uid FROM op_letter WHERE op=? AND lost=-1", func(st *sqlite3.Stmt) error {
		list = append(list, handed{mail.LetterID(st.ColumnInt64(0)), mail.UID(st.ColumnInt64(1))}) //nolint:gosec // stored from this type
		return nil
	}, op)
	return list, err
}

// op reads the narrow part of an operation; ID 0 if it is not there.
func (c *conn) op(id int64) (o Op, err error) {
	err = c.each(`SELECT o.kind, o.folder, o.dest, o.add_, o.remove, a.id FROM op o JOIN account a ON a.n=o.account WHERE o.id=?`,
		func(st *sqlite3.Stmt) error {
			o = Op{
				ID: id, Kind: OpKind(st.ColumnInt64(0)), Folder: mail.FolderID(st.ColumnInt64(1)), Dest: mail.FolderID(st.ColumnInt64(2)),
				Add: mail.Flags(st.ColumnInt64(3)), Remove: mail.Flags(st.ColumnInt64(4)), Account: mail.AccountID(st.ColumnText(5)), //nolint:gosec // stored from this type
			}
			return nil
		}, id)
	return o, err
}

func (t *tx) opDone(o Op, p handed, r OpResult) error {
	l, ok, err := t.letter(p.letter)
	if err != nil || !ok {
		return err
	}
	switch o.Kind {
	case OpFlags:
		if err := t.exec("UPDATE letter SET sflags=(sflags & ~?)|? WHERE id=?", o.Remove, o.Add, l.id); err != nil {
			return err
		}
		t.touch(l.accountID, l.folder) // the mark "pending" goes
		return t.settleFlags(l.id)
	case OpMove:
		f, err := t.folder(o.Dest)
		if err != nil {
			return err
		}
		if uid := r.UIDs[p.uid]; uid != 0 {
			return t.arrived(l.id, f, uid)
		}
		t.touch(l.accountID, l.folder)
		return t.exec("UPDATE letter SET limbo=? WHERE id=? AND limbo>0", limboPasses+1, l.id)
	case OpErase:
		return t.dropLetter(l.id)
	case OpAppend:
	}
	return nil
}

// arrived gives a letter the UID under which the server has it in a folder. Operations that waited for it can go on.
func (t *tx) arrived(id mail.LetterID, f mail.Folder, uid mail.UID) error {
	other, ok, err := t.int("SELECT id FROM letter WHERE folder=? AND uid=? AND id<>?", f.ID, uid, id)
	if err != nil {
		return err
	}
	if ok { // fetched as new before the server's answer to the move was known
		if err := t.dropLetter(mail.LetterID(other)); err != nil {
			return err
		}
	}
	if err := t.exec("UPDATE op_letter SET uid=?, lost=0 WHERE letter=? AND uid=0 AND op IN (SELECT id FROM op WHERE folder=?)",
		uid, id, f.ID); err != nil {
		return err
	}
	t.touch(f.Account, f.ID)
	return t.exec("UPDATE letter SET uid=?, limbo=0 WHERE id=? AND folder=?", uid, id, f.ID)
}

// rebind finds, by Message-ID, letters whose operations lost their UIDs when the folder was reset. A letter that is
// still here (moved or erased) takes the new UID; marks go to the letter that came back.
func (n *ingest) rebind(own int64, uid mail.UID) (mail.LetterID, bool, error) {
	var found mail.LetterID
	err := n.each(`SELECT p.letter FROM op_letter p JOIN op o ON o.id=p.op JOIN letter l ON l.id=p.letter
		WHERE p.lost>0 AND p.mhash=? AND o.folder=? AND o.kind IN (2,3) LIMIT 1`, func(st *sqlite3.Stmt) error {
		found = mail.LetterID(st.ColumnInt64(0))
		return nil
	}, own, n.folder.ID)
	if err != nil || found == 0 {
		return 0, false, err
	}
	if err := n.arrived(found, n.folder, uid); err != nil {
		return 0, false, err
	}
	return found, true, nil
}

func (n *ingest) rebindFlags(id mail.LetterID, own int64, uid mail.UID) error {
	if err := n.exec(`UPDATE OR IGNORE op_letter SET letter=?, uid=?, lost=0 WHERE lost>0 AND mhash=?
		AND op IN (SELECT id FROM op WHERE folder=? AND kind=1)`, id, uid, own, n.folder.ID); err != nil {
		return err
	}
	return n.settleFlags(id)
}

// OpFailed puts an operation off until next.
func (s *Store) OpFailed(ctx context.Context, id int64, next time.Time) error {
	return s.write(ctx, "put operation off", func(t *tx) error {
		return t.exec("UPDATE op SET tries=tries+1, notbefore=? WHERE id=?", next, id)
	})
}

// OpReverted takes the local change back because the server refused the operation for good.
func (s *Store) OpReverted(ctx context.Context, id int64) error {
	return s.write(ctx, "turn operation back", func(t *tx) error {
		o, err := t.op(id)
		if err != nil || o.ID == 0 {
			return err
		}
		if o.Kind == OpAppend {
			return t.appendRefused(id)
		}
		letters, err := t.handedLetters(id)
		if err != nil {
			return err
		}
		if err := t.exec("DELETE FROM op_letter WHERE op=? AND lost=-1", id); err != nil {
			return err
		}
		for _, p := range letters {
			l, ok, err := t.letter(p.letter)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			if o.Kind == OpFlags {
				t.touch(l.accountID, l.folder)
				err = t.settleFlags(l.id)
			} else {
				// What was done to it after the move that failed cannot be done either.
				if err = t.exec("DELETE FROM op_letter WHERE letter=? AND op>? AND uid=0", l.id, id); err == nil {
					err = t.restore(l, o.Folder, p.uid)
				}
			}
			if err != nil {
				return err
			}
		}
		return t.dropEmptyOps()
	})
}

func (t *tx) dropEmptyOps() error {
	return t.exec("DELETE FROM op WHERE kind IN (1,2,3) AND NOT EXISTS (SELECT 1 FROM op_letter p WHERE p.op=op.id)")
}

// AddAppend makes storing a letter on the server a pending operation: a draft, a copy. It takes the place of an
// earlier state of the same letter that has not gone yet.
func (s *Store) AddAppend(ctx context.Context, account mail.AccountID, role mail.Role, flags mail.Flags, messageID string, raw []byte) error {
	return s.write(ctx, "store on server", func(t *tx) error {
		n, err := t.accountNo(account)
		if err != nil {
			return err
		}
		if err := t.cancelAppends(account, role, messageID); err != nil {
			return err
		}
		if err := t.exec("INSERT INTO op(account, kind, folder, dest, add_, mid, role, rawkind) VALUES(?,4,0,0,?,?,?,4)",
			n, flags, messageID, string(role)); err != nil {
			return err
		}
		id := t.db.LastInsertRowID()
		if err := t.exec("UPDATE op SET rawowner=id WHERE id=?", id); err != nil {
			return err
		}
		return t.putChunks(chunkOp, id, bytes.NewReader(raw))
	})
}

// cancelAppends forgets letters that were to be stored in a folder of this role and have this Message-ID.
func (t *tx) cancelAppends(account mail.AccountID, role mail.Role, messageID string) error {
	if messageID == "" {
		return nil
	}
	const these = `kind=4 AND outgoing=0 AND role=? AND mid=? AND account=(SELECT n FROM account WHERE id=?)`
	if err := t.exec("DELETE FROM chunk WHERE kind=4 AND owner IN (SELECT rawowner FROM op WHERE "+these+")",
		string(role), messageID, string(account)); err != nil {
		return err
	}
	return t.exec("DELETE FROM op WHERE "+these, string(role), messageID, string(account))
}

// OpBytes is the letter of an OpAppend.
func (s *Store) OpBytes(ctx context.Context, id int64) (raw []byte, err error) {
	err = s.read(ctx, "read letter to store", func(c *conn) error {
		var kind, owner int64
		err := c.each("SELECT rawkind, rawowner FROM op WHERE id=?", func(st *sqlite3.Stmt) error {
			kind, owner = st.ColumnInt64(0), st.ColumnInt64(1)
			return nil
		}, id)
		if err != nil {
			return err
		}
		var ok bool
		if raw, ok, err = c.chunks(chunkKind(kind), owner); err == nil && !ok {
			return gone("read letter to store")
		}
		return err
	})
	return raw, err
}

// appended ends an OpAppend; if it filed a sent letter, that is recorded in the outbox.
func (t *tx) appended(id int64) error {
	var kind, owner int64
	var out mail.OutboxID
	err := t.each("SELECT rawkind, rawowner, outgoing FROM op WHERE id=?", func(st *sqlite3.Stmt) error {
		kind, owner, out = st.ColumnInt64(0), st.ColumnInt64(1), mail.OutboxID(st.ColumnInt64(2))
		return nil
	}, id)
	if err != nil {
		return err
	}
	if err := t.exec("DELETE FROM chunk WHERE kind=? AND owner=?", kind, owner); err != nil {
		return err
	}
	if out != 0 {
		if err := t.exec("UPDATE outgoing SET filed=? WHERE id=?", t.s.opts.Now(), out); err != nil {
			return err
		}
		t.tell(mail.Event{Kind: mail.OutboxChanged})
	}
	return t.exec("DELETE FROM op WHERE id=?", id)
}

// appendRefused ends an OpAppend that the server will never take. The bytes of a sent letter stay in the outbox: they
// are the only copy.
func (t *tx) appendRefused(id int64) error {
	if err := t.exec("DELETE FROM chunk WHERE kind=4 AND owner IN (SELECT rawowner FROM op WHERE id=? AND rawkind=4)", id); err != nil {
		return err
	}
	t.tell(mail.Event{Kind: mail.OutboxChanged})
	return t.exec("DELETE FROM op WHERE id=?", id)
}

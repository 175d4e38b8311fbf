package store

import (
	"context"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// FlagChange is what the server says of one letter's marks.
type FlagChange struct {
	UID      mail.UID
	Flags    mail.Flags
	Keywords []string
	ModSeq   uint64
}

// ApplyFlags takes the server's marks. What was changed here and has not reached the server yet stays as it is here.
// UIDs that are not known are passed over.
func (s *Store) ApplyFlags(ctx context.Context, folder mail.FolderID, list []FlagChange) error {
	if len(list) == 0 {
		return nil
	}
	return s.write(ctx, "apply flags", func(t *tx) error {
		f, err := t.folder(folder)
		if err != nil {
			return err
		}
		for _, ch := range list {
			if err := t.serverFlags(f, ch); err != nil {
				return err
			}
		}
		return nil
	})
}

// serverFlags takes one letter's marks from the server; it writes nothing if nothing changed.
func (t *tx) serverFlags(f mail.Folder, ch FlagChange) error {
	var id mail.LetterID
	var same bool
	kw := keywords(ch.Keywords)
	err := t.each("SELECT id, sflags, modseq, keywords IS ? FROM letter WHERE folder=? AND uid=?", func(st *sqlite3.Stmt) error {
		id = mail.LetterID(st.ColumnInt64(0))
		same = mail.Flags(st.ColumnInt64(1)) == ch.Flags && st.ColumnBool(3) && //nolint:gosec // stored from this type
			(ch.ModSeq == 0 || st.ColumnInt64(2) == int64(ch.ModSeq)) //nolint:gosec // 63 bits
		return nil
	}, kw, f.ID, ch.UID)
	if err != nil || id == 0 || same {
		return err
	}
	if err := t.exec("UPDATE letter SET sflags=?, modseq=max(modseq,?), keywords=? WHERE id=?", ch.Flags, ch.ModSeq, kw, id); err != nil {
		return err
	}
	if err := t.agreed(id, ch.Keywords); err != nil {
		return err
	}
	return t.settleFlags(id)
}

// settleFlags makes a letter's marks what the server knows with the pending changes on top.
func (t *tx) settleFlags(id mail.LetterID) error {
	l, ok, err := t.letter(id)
	if err != nil || !ok {
		return err
	}
	want := l.sflags
	err = t.each("SELECT o.add_, o.remove FROM op_letter p JOIN op o ON o.id=p.op WHERE p.letter=? AND o.kind=1 ORDER BY o.id",
		func(st *sqlite3.Stmt) error {
			want = want&^mail.Flags(st.ColumnInt64(1)) | mail.Flags(st.ColumnInt64(0)) //nolint:gosec // stored from this type
			return nil
		}, id)
	if err != nil || want == l.flags {
		return err
	}
	return t.setFlags(l, want)
}

// row is the narrow row of a letter, as acts need it.
type row struct {
	id            mail.LetterID
	account       int64
	accountID     mail.AccountID
	folder        mail.FolderID // 0 while erased
	uid           mail.UID      // 0 while not known
	flags, sflags mail.Flags
	mhash         int64
	duty          bool
	limbo         int64
}

func (c *conn) letter(id mail.LetterID) (l row, ok bool, err error) {
	err = c.each(`SELECT l.account, a.id, coalesce(l.folder,0), coalesce(l.uid,0), l.flags, l.sflags, l.mhash, l.duty, l.limbo
		FROM letter l JOIN account a ON a.n=l.account WHERE l.id=?`, func(st *sqlite3.Stmt) error {
		ok = true
		l = row{
			id: id, account: st.ColumnInt64(0), accountID: mail.AccountID(st.ColumnText(1)),
			folder: mail.FolderID(st.ColumnInt64(2)), uid: mail.UID(st.ColumnInt64(3)), //nolint:gosec // stored from this type
			flags: mail.Flags(st.ColumnInt64(4)), sflags: mail.Flags(st.ColumnInt64(5)), //nolint:gosec // as above
			mhash: st.ColumnInt64(6), duty: st.ColumnBool(7), limbo: st.ColumnInt64(8),
		}
		return nil
	}, id)
	return l, ok, err
}

func (t *tx) setFlags(l row, want mail.Flags) error {
	if err := t.exec("UPDATE letter SET flags=? WHERE id=?", want, l.id); err != nil {
		return err
	}
	if err := t.noteSettled(l, want); err != nil {
		return err
	}
	t.touch(l.accountID, l.folder)
	return t.settleAwaits(l)
}

// settleAwaits decides anew whether a letter awaits an answer.
func (t *tx) settleAwaits(l row) error {
	if !l.duty {
		return nil
	}
	return t.exec("UPDATE letter SET awaits="+awaitsExpr+" WHERE id=?", l.id)
}

// RemoveUIDs forgets letters that the server no longer has in this folder.
func (s *Store) RemoveUIDs(ctx context.Context, folder mail.FolderID, uids []mail.UID) error {
	if len(uids) == 0 {
		return nil
	}
	return s.write(ctx, "remove letters", func(t *tx) error {
		f, err := t.folder(folder)
		if err != nil {
			return err
		}
		away, err := t.awayUIDs(folder)
		if err != nil {
			return err
		}
		for _, uid := range uids {
			if id, ok := away[uid]; ok {
				if err := t.vanishedAway(f, uid, id); err != nil {
					return err
				}
				continue
			}
			id, ok, err := t.int("SELECT id FROM letter WHERE folder=? AND uid=?", folder, uid)
			if err != nil {
				return err
			}
			if ok {
				if err := t.dropLetter(mail.LetterID(id)); err != nil {
					return err
				}
				t.touch(f.Account, folder)
			}
		}
		return nil
	})
}

// vanishedAway ends the pending move or erasure of a letter that left the server's folder by itself: somebody else
// moved or erased it, or our own move was done and its answer lost. A moved one may still show up where it went.
func (t *tx) vanishedAway(f mail.Folder, uid mail.UID, id mail.LetterID) error {
	l, ok, err := t.letter(id)
	if err != nil {
		return err
	}
	if err := t.exec("DELETE FROM op_letter WHERE letter=? AND uid=? AND op IN (SELECT id FROM op WHERE folder=? AND kind IN (2,3))",
		id, uid, f.ID); err != nil {
		return err
	}
	if err := t.dropEmptyOps(); err != nil || !ok {
		return err
	}
	if l.folder == 0 {
		return t.dropLetter(id)
	}
	return t.exec("UPDATE letter SET limbo=? WHERE id=? AND limbo>0", limboPasses, id)
}

// dropLetter forgets one letter wholly.
func (t *tx) dropLetter(id mail.LetterID) error {
	for _, q := range []string{
		"DELETE FROM fts WHERE rowid=?", "DELETE FROM chunk WHERE kind=1 AND owner=?", "DELETE FROM head WHERE id=-?",
		"DELETE FROM act_letter WHERE letter=?", "DELETE FROM op_letter WHERE letter=?",
		"DELETE FROM letter WHERE id=?",
	} {
		if err := t.exec(q, id); err != nil {
			return err
		}
	}
	return t.dropEmptyOps()
}

// ResetFolder forgets the letters of a folder whose UIDVALIDITY changed (RFC 9051 2.3.1.1). Pending operations on
// them wait, by Message-ID, for the letters to come back under new UIDs.
func (s *Store) ResetFolder(ctx context.Context, folder mail.FolderID) error {
	return s.write(ctx, "reset folder", func(t *tx) error {
		f, err := t.folder(folder)
		if err != nil {
			return err
		}
		t.touch(f.Account, folder)
		if err := t.exec(`UPDATE op_letter SET uid=0, lost=1 WHERE uid>0 AND mhash<>0
			AND op IN (SELECT id FROM op WHERE folder=? AND kind IN (1,2,3))`, folder); err != nil {
			return err
		}
		// Letters on their way into this folder are still elsewhere on the server and stay.
		if err := t.forgetLetters("folder=? AND uid IS NOT NULL", folder); err != nil {
			return err
		}
		return t.exec("UPDATE folder SET uidvalidity=0, uidnext=0, modseq=0, complete=0, synced=0 WHERE id=?", folder)
	})
}

// endLimbo counts one complete pass over a folder for everything that waits to be seen again in it.
func (t *tx) endLimbo(f mail.Folder) error {
	if err := t.exec("UPDATE op_letter SET lost=lost+1 WHERE lost>0 AND op IN (SELECT id FROM op WHERE folder=?)", f.ID); err != nil {
		return err
	}
	if err := t.exec("DELETE FROM op_letter WHERE lost>?", limboPasses); err != nil {
		return err
	}
	if err := t.dropEmptyOps(); err != nil {
		return err
	}
	// A moved letter whose operation has just ended above waits no longer than any other.
	if err := t.exec(`UPDATE letter SET limbo=? WHERE limbo>? AND folder=?
		AND NOT EXISTS (SELECT 1 FROM op_letter p JOIN op o ON o.id=p.op WHERE p.letter=letter.id AND o.kind=2)`,
		limboPasses+1, limboPasses, f.ID); err != nil {
		return err
	}
	var gone []mail.LetterID
	err := t.each("SELECT id, limbo FROM letter WHERE folder=? AND limbo BETWEEN 1 AND ?", func(st *sqlite3.Stmt) error {
		if st.ColumnInt(1) == 1 {
			gone = append(gone, mail.LetterID(st.ColumnInt64(0)))
		}
		return nil
	}, f.ID, limboPasses+1)
	if err != nil {
		return err
	}
	for _, id := range gone {
		if err := t.dropLetter(id); err != nil {
			return err
		}
		t.touch(f.Account, f.ID)
	}
	return t.exec("UPDATE letter SET limbo=limbo-1 WHERE folder=? AND limbo BETWEEN 2 AND ?", f.ID, limboPasses+1)
}

package store

import (
	"context"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// FolderSpec is a mailbox as the server lists it.
type FolderSpec struct {
	Name, Delim string
	Role        mail.Role
	Selectable  bool
	Remote      int // letters there, -1 when unknown

	// How the folder stands at the server, 0 if unknown: by these a folder that was renamed elsewhere is recognised.
	UIDValidity uint32
	UIDNext     mail.UID
	ModSeq      uint64
}

// SyncState is how far a folder is in step with its server.
type SyncState struct {
	UIDValidity   uint32
	UIDNext       mail.UID
	HighestModSeq uint64
	Remote        int  // letters the server reported
	Complete      bool // all older letters are here
	Synced        time.Time
}

const folderColumns = `f.id, a.id, f.name, f.delim, f.role, f.selectable, f.total, f.remote, f.unread, f.awaiting, f.synced
	FROM folder f JOIN account a ON a.n=f.account`

func scanFolder(st *sqlite3.Stmt) mail.Folder {
	return mail.Folder{
		ID: mail.FolderID(st.ColumnInt64(0)), Account: mail.AccountID(st.ColumnText(1)), Name: st.ColumnText(2),
		Delim: st.ColumnText(3), Role: mail.Role(st.ColumnText(4)), Selectable: st.ColumnBool(5), Total: st.ColumnInt(6),
		Remote: st.ColumnInt(7), Unread: st.ColumnInt(8), Awaiting: st.ColumnInt(9), Synced: fromMicros(st.ColumnInt64(10)),
	}
}

// PutFolders reconciles the folder list with the server's: new names are added, missing ones dropped with their
// letters, roles follow the server. An empty list is a server's mistake (there is always an INBOX, RFC 9051 5.1) and
// changes nothing.
func (s *Store) PutFolders(ctx context.Context, account mail.AccountID, specs []FolderSpec) error {
	if len(specs) == 0 {
		return nil
	}
	return s.write(ctx, "save folders", func(t *tx) error {
		n, err := t.accountNo(account)
		if err != nil {
			return err
		}
		old := map[string]mail.Folder{}
		err = t.each("SELECT "+folderColumns+" WHERE a.n=?", func(st *sqlite3.Stmt) error {
			f := scanFolder(st)
			old[f.Name] = f
			return nil
		}, n)
		if err != nil {
			return err
		}
		if err := t.renamed(old, specs); err != nil {
			return err
		}
		for _, sp := range specs {
			f, known := old[sp.Name]
			delete(old, sp.Name)
			if err := t.putFolder(n, sp, f, known); err != nil {
				return err
			}
		}
		for _, f := range old {
			if err := t.dropFolder(f); err != nil {
				return err
			}
		}
		t.tell(mail.Event{Kind: mail.FoldersChanged, Account: account})
		return nil
	})
}

func (t *tx) putFolder(n int64, sp FolderSpec, f mail.Folder, known bool) error {
	remote := max(sp.Remote, 0)
	if !known {
		return t.exec("INSERT INTO folder(account, name, delim, role, selectable, remote) VALUES(?,?,?,?,?,?) ON CONFLICT DO NOTHING",
			n, sp.Name, sp.Delim, string(sp.Role), sp.Selectable, remote)
	}
	if sp.Remote < 0 {
		remote = f.Remote
	}
	if err := t.exec("UPDATE folder SET delim=?, role=?, selectable=?, remote=? WHERE id=?",
		sp.Delim, string(sp.Role), sp.Selectable, remote, f.ID); err != nil {
		return err
	}
	if sp.Role == f.Role {
		return nil
	}
	// A folder that becomes Sent answers letters; one that becomes Trash no longer asks for answers.
	t.touch(f.Account, f.ID)
	if sp.Role == mail.RoleSent {
		if err := t.linkAnswersOf(n, f); err != nil {
			return err
		}
	}
	return t.exec("UPDATE letter SET awaits="+awaitsExpr+" WHERE folder=? AND duty=1", f.ID)
}

// dropFolder forgets a folder and its letters. Pending operations on it end with it.
func (t *tx) dropFolder(f mail.Folder) error {
	// Letters erased or moved out of it are only known by their operations.
	if err := t.forgetLetters("folder IS NULL AND id IN (SELECT p.letter FROM op o JOIN op_letter p ON p.op=o.id WHERE o.folder=?)", f.ID); err != nil {
		return err
	}
	if err := t.forgetLetters("folder=?", f.ID); err != nil {
		return err
	}
	if err := t.exec("DELETE FROM op WHERE (folder=? AND kind IN (1,2,3)) OR (dest=? AND kind=2)", f.ID, f.ID); err != nil {
		return err
	}
	if t.db.Changes() > 0 { // what the person did there ends with the folder: that must not happen in silence
		t.tell(mail.Event{Kind: mail.Fell, Account: f.Account, Fault: &mail.Fault{Kind: mail.NoFolder, Op: "change letters", Detail: f.Name}})
	}
	t.touch(f.Account, f.ID)
	return t.exec("DELETE FROM folder WHERE id=?", f.ID)
}

// forgetLetters deletes the rows of a folder's letters that a condition names.
func (t *tx) forgetLetters(cond string, folder mail.FolderID) error {
	these := "(SELECT id FROM letter WHERE " + cond + ")"
	for _, q := range []string{
		"DELETE FROM fts WHERE rowid IN " + these, "DELETE FROM chunk WHERE kind=1 AND owner IN " + these,
		"DELETE FROM head WHERE id IN (SELECT -id FROM letter WHERE " + cond + ")",
		"DELETE FROM act_letter WHERE letter IN " + these, "DELETE FROM letter WHERE " + cond,
	} {
		if err := t.exec(q, folder); err != nil {
			return err
		}
	}
	return nil
}

// Folders lists an account's folders, inbox first, then by name as the server spells it.
func (s *Store) Folders(ctx context.Context, account mail.AccountID) (list []mail.Folder, err error) {
	err = s.read(ctx, "list folders", func(c *conn) error {
		list, err = c.folders("WHERE a.id=? ORDER BY f.role<>'inbox', f.name", string(account))
		return err
	})
	return list, err
}

func (c *conn) folders(where string, args ...any) (list []mail.Folder, err error) {
	err = c.each("SELECT "+folderColumns+" "+where, func(st *sqlite3.Stmt) error {
		list = append(list, scanFolder(st))
		return nil
	}, args...)
	return list, err
}

// Folder gives one folder. Kind NoFolder if it is gone.
func (s *Store) Folder(ctx context.Context, id mail.FolderID) (f mail.Folder, err error) {
	err = s.read(ctx, "find folder", func(c *conn) error {
		f, err = c.folder(id)
		return err
	})
	return f, err
}

func (c *conn) folder(id mail.FolderID) (mail.Folder, error) {
	list, err := c.folders("WHERE f.id=?", id)
	if err != nil {
		return mail.Folder{}, err
	}
	if len(list) == 0 {
		return mail.Folder{}, &mail.Fault{Kind: mail.NoFolder, Op: "find folder"}
	}
	return list[0], nil
}

// FolderByRole finds the account's folder with a special use.
func (s *Store) FolderByRole(ctx context.Context, account mail.AccountID, role mail.Role) (f mail.Folder, ok bool, err error) {
	err = s.read(ctx, "find folder", func(c *conn) error {
		list, err := c.folders("WHERE a.id=? AND f.role=? ORDER BY f.id LIMIT 1", string(account), string(role))
		if err == nil && len(list) > 0 {
			f, ok = list[0], true
		}
		return err
	})
	return f, ok, err
}

// SyncState reads how far a folder is.
func (s *Store) SyncState(ctx context.Context, folder mail.FolderID) (y SyncState, err error) {
	err = s.read(ctx, "read sync state", func(c *conn) error {
		found := false
		err := c.each("SELECT uidvalidity, uidnext, modseq, remote, complete, synced FROM folder WHERE id=?", func(st *sqlite3.Stmt) error {
			found = true
			y = SyncState{
				UIDValidity: uint32(st.ColumnInt64(0)), UIDNext: mail.UID(st.ColumnInt64(1)), //nolint:gosec // stored from these types
				HighestModSeq: uint64(st.ColumnInt64(2)), Remote: st.ColumnInt(3), //nolint:gosec // as above
				Complete: st.ColumnBool(4), Synced: fromMicros(st.ColumnInt64(5)),
			}
			return nil
		}, folder)
		if err == nil && !found {
			return &mail.Fault{Kind: mail.NoFolder, Op: "read sync state"}
		}
		return err
	})
	return y, err
}

// SetSyncState records how far a folder is. A complete pass also ends the waiting for letters that were moved here
// and that the server never showed.
func (s *Store) SetSyncState(ctx context.Context, folder mail.FolderID, y SyncState) error {
	return s.write(ctx, "save sync state", func(t *tx) error {
		f, err := t.folder(folder)
		if err != nil {
			return err
		}
		newPass := y.Complete && !y.Synced.IsZero() && !y.Synced.Equal(f.Synced)
		if f.Remote != y.Remote || !f.Synced.Equal(y.Synced) {
			t.tell(mail.Event{Kind: mail.FoldersChanged, Account: f.Account})
		}
		if err := t.exec("UPDATE folder SET uidvalidity=?, uidnext=?, modseq=?, remote=?, complete=?, synced=? WHERE id=?",
			int64(y.UIDValidity), y.UIDNext, y.HighestModSeq, y.Remote, y.Complete, y.Synced, folder); err != nil {
			return err
		}
		if y.Complete {
			if err := t.catchUp(); err != nil {
				return err
			}
		}
		if !newPass {
			return nil
		}
		return t.endLimbo(f)
	})
}

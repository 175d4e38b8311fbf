package store

import (
	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// timeLike is the least UIDVALIDITY that is taken for a moment of creation (RFC 9051 2.3.1.1 advises so): a server that
// counts its folders from 1 tells nothing by it.
const timeLike = 1_000_000_000

// renamed gives folders that are missing from the server's list their new names, so that letters, texts and what still
// waits to be pushed stay. A folder is the same one if its UIDVALIDITY is, it alone is missing with it, one new name alone
// has it, and none of its numbers has gone back; where in doubt it is another one.
func (t *tx) renamed(old map[string]mail.Folder, specs []FolderSpec) error {
	there := map[string]bool{}
	fresh := map[uint32][]FolderSpec{}
	for _, sp := range specs {
		there[sp.Name] = true
		if _, known := old[sp.Name]; !known && sp.UIDValidity >= timeLike && sp.Selectable {
			fresh[sp.UIDValidity] = append(fresh[sp.UIDValidity], sp)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	type stand struct {
		validity uint32
		next     mail.UID
		modseq   uint64
	}
	stands := map[string]stand{}
	missing := map[uint32]int{}
	for name, f := range old {
		if there[name] {
			continue
		}
		err := t.each("SELECT uidvalidity, uidnext, modseq FROM folder WHERE id=?", func(st *sqlite3.Stmt) error {
			s := stand{uint32(st.ColumnInt64(0)), mail.UID(st.ColumnInt64(1)), uint64(st.ColumnInt64(2))} //nolint:gosec // stored from these types
			stands[name] = s
			missing[s.validity]++
			return nil
		}, f.ID)
		if err != nil {
			return err
		}
	}
	for name, s := range stands {
		list := fresh[s.validity]
		if len(list) != 1 || missing[s.validity] != 1 || list[0].UIDNext < s.next || list[0].ModSeq < s.modseq {
			continue
		}
		f := old[name]
		if err := t.exec("UPDATE folder SET name=? WHERE id=?", list[0].Name, f.ID); err != nil {
			return err
		}
		delete(old, name)
		f.Name = list[0].Name
		old[f.Name] = f
		t.touch(f.Account, f.ID)
	}
	return nil
}

package store

import (
	"testing"

	"hopthu/mail"
)

func TestAFolderRenamedElsewhereKeepsWhatWaits(t *testing.T) {
	const born = 1_700_000_000
	spec := func(name string, validity uint32, next mail.UID, modseq uint64) FolderSpec {
		return FolderSpec{Name: name, Delim: "/", Selectable: true, Remote: 1, UIDValidity: validity, UIDNext: next, ModSeq: modseq}
	}
	for _, tt := range []struct {
		name string
		now  []FolderSpec
		kept string // the name under which folder and mark are, "" if they are gone
	}{
		{"renamed", []FolderSpec{spec("Mới", born, 5, 9)}, "Mới"},
		{"renamed, with news", []FolderSpec{spec("Mới", born, 8, 20)}, "Mới"},
		{"another folder", []FolderSpec{spec("Mới", born+1, 5, 9)}, ""},
		{"numbers that went back", []FolderSpec{spec("Mới", born, 4, 9)}, ""},
		{"changes that went back", []FolderSpec{spec("Mới", born, 5, 8)}, ""},
		{"two that could be it", []FolderSpec{spec("Mới", born, 5, 9), spec("Khác", born, 5, 9)}, ""},
		{"unknown", []FolderSpec{spec("Mới", 0, 0, 0)}, ""},
		{"deleted", nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := openBox(t)
			b.must(b.PutFolders(b.ctx(), me, append(standardFolders(), FolderSpec{Name: "Cũ", Delim: "/", Selectable: true})))
			named := func(name string) (mail.Folder, bool) {
				list, err := b.Folders(b.ctx(), me)
				b.must(err)
				for _, f := range list {
					if f.Name == name {
						return f, true
					}
				}
				return mail.Folder{}, false
			}
			f, _ := named("Cũ")
			b.must(b.SetSyncState(b.ctx(), f.ID, SyncState{UIDValidity: born, UIDNext: 5, HighestModSeq: 9, Remote: 1}))
			ids, err := b.PutLetters(b.ctx(), me, f.ID, []Incoming{letter(4, "chờ")}, true)
			b.must(err)
			_, err = b.Flag(b.ctx(), ids, mail.Flagged, 0)
			b.must(err)
			b.took()
			b.must(b.PutFolders(b.ctx(), me, append(standardFolders(), tt.now...)))
			told := false
			for _, e := range b.took() {
				told = told || e.Kind == mail.Fell && mail.KindOf(e.Fault) == mail.NoFolder
			}
			if _, there := named("Cũ"); there {
				t.Error("the old name is still there")
			}
			now, there := named("Mới")
			if tt.kept == "" {
				if len(b.ops()) != 0 || !told {
					t.Errorf("%d operations left, told %v", len(b.ops()), told)
				}
				if there && now.ID == f.ID {
					t.Error("taken for the same folder")
				}
			} else {
				if !there || now.ID != f.ID || now.Total != 1 {
					t.Errorf("folder %+v", now)
				}
				if ops := b.ops(); len(ops) != 1 || ops[0].Folder != f.ID || ops[0].Add != mail.Flagged || told {
					t.Errorf("operations %+v, told %v", ops, told)
				}
				if h := b.head(ids[0]); !h.Flags.Has(mail.Flagged) || !h.Pending {
					t.Errorf("letter %+v", h)
				}
			}
			b.check()
		})
	}
}

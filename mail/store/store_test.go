package store

import (
	"reflect"
	"testing"

	"hopthu/mail"
)

func TestPutAndList(t *testing.T) {
	b := openBox(t)
	in := letter(2, "Giấy mời họp", func(h *mail.Head) {
		h.To = []mail.Address{{Name: "An", Addr: "an.nguyen@ninhbinh.example"}}
		h.References = []string{"m1@ninhbinh.example"}
		h.Priority = 1
	})
	ids := b.put(mail.RoleInbox, in, letter(1, "Kế hoạch"))
	got := b.head(ids[0])
	want := in.Head
	want.ID, want.Account, want.Folder, want.Thread = ids[0], me, b.folder(mail.RoleInbox).ID, got.Thread
	if !reflect.DeepEqual(got, want) {
		t.Errorf("head came back as\n%+v, want\n%+v", got, want)
	}
	l := b.list(mail.ListQuery{Folder: want.Folder})
	if !reflect.DeepEqual(l.IDs, []mail.LetterID{ids[0], ids[1]}) {
		t.Errorf("list is %v, want newest first %v", l.IDs, ids)
	}
	l = b.list(mail.ListQuery{Folder: want.Folder, View: mail.Conversations})
	if !reflect.DeepEqual(l.IDs, ids[:1]) || !reflect.DeepEqual(l.Sizes, []int32{2}) {
		t.Errorf("conversations %v %v", l.IDs, l.Sizes)
	}
	act, err := b.Flag(b.ctx(), ids, mail.Seen, 0)
	b.must(err)
	if act == 0 || !b.head(ids[1]).Flags.Has(mail.Seen) || !b.head(ids[1]).Pending {
		t.Errorf("flag did not take: act %d, head %+v", act, b.head(ids[1]))
	}
	if ops := b.ops(); len(ops) != 1 || len(ops[0].UIDs) != 2 || ops[0].Add != mail.Seen {
		t.Errorf("ops %+v", ops)
	}
	b.check()
	for _, q := range []string{"giay moi", "giấy m", "hop", "binh.tran@", "tran thi"} {
		if l := b.list(mail.ListQuery{Account: me, Text: q}); len(l.IDs) == 0 {
			t.Errorf("%q finds nothing", q)
		}
	}
}

package drafts_test

import (
	"fmt"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/page/drafts"
	"hopthu/ui/uitest"
)

func desk() *uitest.Fake {
	d := uitest.Sample()
	d.Log = nil
	d.DraftBox = []mail.DraftLetter{
		{ID: 1, Account: uitest.Me, To: "Sở Tài chính <stc@ninhphong.example>", Subject: "Số liệu đầu tư công", Saved: d.At.Add(-15 * time.Hour)},
		{ID: 2, Account: uitest.Me, Saved: d.At.Add(-time.Minute), Attachments: make([]mail.Attachment, 2)},
		{ID: 3, Account: uitest.Office, To: "x@y.vn", Subject: "Bị trả\x1b[31m lại", Refusal: "550 no", Saved: d.At.Add(-time.Hour)},
	}
	return d
}

func open(t *testing.T, d *uitest.Fake, w, h int) *uitest.Screen {
	t.Helper()
	s := uitest.New(t, d, frame.Pages{
		Drafts: drafts.New, Today: uitest.Home,
		Compose: func(_ frame.Env, o frame.OpenCompose) frame.Page {
			return uitest.Blank(fmt.Sprintf("WRITE %d", o.Draft))
		},
	}, nil, w, h)
	s.Send(frame.Open{Target: frame.OpenDrafts{}})
	return s
}

func TestList(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}, {60, 20}} {
		open(t, desk(), size[0], size[1]).GoldenPage("list")
	}
	s := open(t, desk(), 80, 24)
	s.GoldenPageStyled("list")
	s.Want("(chưa có người nhận)", "(chưa có chủ đề)", "2 tệp", "bị từ chối", "hôm qua")
	s.Press("down", "enter")
	s.Want("WRITE 3")
}

func TestDelete(t *testing.T) {
	d := desk()
	s := open(t, d, 80, 24)
	s.Press("end", "d")
	s.Want("Xóa thư nháp này?", "Số liệu đầu tư công")
	s.Press("esc")
	if len(d.DraftBox) != 3 {
		t.Fatal("deleted without a yes")
	}
	s.Press("d", "enter")
	s.Want("Đã xóa thư nháp")
	s.WantNot("Số liệu đầu tư công")
	d.Errs = map[string]error{"DropDraft": &mail.Fault{Kind: mail.StoreDamaged, Op: "drop"}}
	s.Press("d", "enter")
	s.Want("Vẫn an toàn")
}

func TestEmptyAndChanges(t *testing.T) {
	d := desk()
	s := open(t, d, 80, 24)
	s.Happen(func(f *uitest.Fake) {
		f.DraftBox = nil
		f.Emit(mail.Event{Kind: mail.DraftsChanged})
	})
	s.GoldenPage("empty")
	s.Press("d", "enter", "up", "down", "home", "pgdown", "pgup")
	s.Exact()
	for w := 20; w < 100; w += 13 {
		open(t, desk(), w, 9).Exact()
	}
}

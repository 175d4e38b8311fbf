package box_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/page/box"
	"hopthu/ui/page/letter"
	"hopthu/ui/uitest"
)

var pages = frame.Pages{Box: box.New, Letter: letter.New}

func start(t testing.TB, f *uitest.Fake, w, h int) *uitest.Screen {
	return uitest.New(t, f, pages, frame.OpenBox{Account: uitest.Me}, w, h)
}

func TestFrames(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}, {160, 48}} {
		start(t, uitest.Sample(), size[0], size[1]).GoldenPage("box")
	}
	start(t, uitest.Sample(), 80, 24).GoldenPageStyled("box")
	s := start(t, uitest.Sample(), 80, 24)
	s.Press("b")
	s.GoldenPage("tree")
	s.Press("esc", "space", "space", "m")
	s.GoldenPage("move")
}

// Foreign text in the list cannot act on the terminal.
func TestHostileSubject(t *testing.T) {
	f := uitest.Sample()
	for i := range f.Boxes {
		f.Boxes[i].Name += "\x1b[2J\u202e"
	}
	for _, l := range f.Letters {
		l.Subject += "\x1b]52;c;aGk=\x07\r\u202egnp.exe" + strings.Repeat("\u0301", 40)
		l.From[0].Name += "\x1b[31m\b\u2028\u200b"
	}
	s := start(t, f, 120, 36)
	s.Exact()
	s.Press("m")
	s.Exact()
	s.Press("esc", "enter")
	s.Exact()
	s.Press("h")
	s.Exact()
	s.Press("i")
	s.Exact()
}

func TestSearchAsYouType(t *testing.T) {
	s := start(t, uitest.Sample(), 80, 24)
	s.Press("/")
	if !s.Term.Shown || s.Term.Y != 3 {
		t.Errorf("the cursor is at %d,%d, shown %v", s.Term.X, s.Term.Y, s.Term.Shown)
	}
	s.Type("so lieu")
	s.Want("Tìm: so lieu", "Số liệu đầu tư công tháng 10", "tìm thấy 3")
	s.WantNot("Giấy mời họp")
	s.Press("down", "enter", "r") // after Enter letters are commands again
	s.Want("Số liệu đầu tư công")
	s.Press("esc")
	s.Want("Giấy mời họp")
	s.WantNot("tìm thấy")
	s.Press("/")
	s.Type("khong co dau")
	s.Want("Không tìm thấy thư nào khớp.", "Esc để thôi tìm")
}

func TestLettersAreLettersInTheField(t *testing.T) {
	s := start(t, uitest.Sample(), 80, 24)
	s.Press("/")
	s.Type("dearcfmx1?:q")
	s.Want("Tìm: dearcfmx1?:q")
	if len(s.Desk.Log) != 0 {
		t.Errorf("typing did %v", s.Desk.Log)
	}
}

func TestMarksAndActs(t *testing.T) {
	s := start(t, uitest.Sample(), 80, 24)
	s.Press("space", "space")
	s.Want("đã chọn 2")
	s.Press("t")
	s.Want("Đã đánh dấu đã đọc 2 thư")
	s.Press("esc") // takes the marks away
	s.WantNot("đã chọn")
	s.Press("home", "space", "down", "space", "d")
	s.Want("Đã xóa 2 thư", "18 thư")
	s.Press("u")
	s.Want("20 thư")
	s.Press("s")
	s.Want("Đã đánh dấu sao 1 thư")
	s.Press("s")
	s.Want("Đã bỏ sao 1 thư")
	s.Press("*")
	s.Want("đã chọn 20")
}

func TestMoveWithFolderSearch(t *testing.T) {
	s := start(t, uitest.Sample(), 80, 24)
	s.Press("m")
	s.Type("dau tu")
	s.Want("Công việc/Đầu tư công")
	s.WantNot("Công việc/Giao ban")
	s.Press("enter")
	s.Want("Đã chuyển 1 thư vào Công việc/Đầu tư công")
	if !slices.Contains(s.Desk.Log, "move [1] 8") {
		t.Errorf("log %v", s.Desk.Log)
	}
}

func TestExcuseWithReason(t *testing.T) {
	s := start(t, uitest.Sample(), 80, 24)
	s.Press("down", "x")
	s.Want("Vì sao không cần hồi đáp?", "Chỉ để biết")
	s.Press("down", "enter")
	if !slices.Contains(s.Desk.Log, "excuse [13] Đã trả lời bằng văn bản hoặc điện thoại") {
		t.Errorf("log %v", s.Desk.Log)
	}
	s.Want("không cần hồi đáp", "5 chưa hồi đáp")
}

func TestEraseInTrashAsks(t *testing.T) {
	f := uitest.Sample()
	for _, l := range f.Letters {
		if l.Account == uitest.Me {
			l.Folder = 6
		}
	}
	s := uitest.New(t, f, pages, frame.OpenBox{Account: uitest.Me, Folder: 6}, 80, 24)
	s.Want("Thùng rác ·")
	s.Press("d")
	s.Want("Xóa hẳn 1 thư?", "không lấy lại", "Enter xóa hẳn")
	s.Press("esc")
	if slices.ContainsFunc(s.Desk.Log, func(l string) bool { return strings.HasPrefix(l, "delete") }) {
		t.Errorf("log %v", s.Desk.Log)
	}
	s.Press("d", "enter")
	if !slices.Contains(s.Desk.Log, "delete [1]") {
		t.Errorf("log %v", s.Desk.Log)
	}
}

func TestFilters(t *testing.T) {
	s := start(t, uitest.Sample(), 100, 24)
	for _, want := range []string{"lọc: chưa đọc", "lọc: chưa hồi đáp", "lọc: có sao", "lọc: có tệp"} {
		s.Press("l")
		s.Want(want)
	}
	s.Press("esc")
	s.WantNot("lọc:  ")
	f := uitest.Sample()
	for _, l := range f.Letters {
		l.Flags |= mail.Seen
	}
	s = start(t, f, 80, 24)
	s.Press("l")
	s.Want("Không còn thư chưa đọc.", "Bấm l để xem tất cả thư.")
	s.GoldenPage("empty")
}

func TestTreeOpensFolders(t *testing.T) {
	s := start(t, uitest.Sample(), 80, 24)
	s.Press("b", "down", "down", "enter")
	s.Want("Thư đã gửi · 1 thư", "đến Nguyễn Thị Thu…")
	s.WantNot("Thư mục")
	s.Press("b", "home", "enter")
	s.Want("Hộp thư đến · 20 thư")
	s = start(t, uitest.Sample(), 160, 48)
	x, y := s.Find("Lưu trữ")
	s.Click(x, y)
	s.Want("Lưu trữ · 0 thư", "Thư mục này chưa có thư.")
}

func TestConversations(t *testing.T) {
	s := start(t, uitest.Sample(), 80, 24)
	s.Press("v")
	s.Want("2 thư", "hội thoại")
	if n := strings.Count(s.Frame(), "Số liệu đầu tư công"); n != 1 {
		t.Errorf("the conversation stands there %d times", n)
	}
	s.Press("down", "down", "e") // the whole conversation goes, but for the letter in Sent
	if !slices.Contains(s.Desk.Log, "archive [3 4]") {
		t.Errorf("log %v", s.Desk.Log)
	}
}

func TestLetterBesideTheList(t *testing.T) {
	s := start(t, uitest.Sample(), 160, 48)
	s.Want("Kính gửi: Sở Kế hoạch", "Từ         Văn phòng UBND tỉnh")
	s.Press("down")
	s.Want("Từ         Hà Văn Nam <namhv@congdan.example> NGOÀI HỆ THỐNG")
	if len(s.Desk.Log) != 0 {
		t.Errorf("looking at a letter did %v", s.Desk.Log)
	}
	s.Press("p")
	s.WantNot("Kính gửi: Sở Kế hoạch")
}

func TestClickAndWheel(t *testing.T) {
	s := start(t, uitest.Sample(), 80, 24)
	x, y := s.Find("Lê Thị Mai")
	s.Click(x, y)
	if _, at := s.Find("▌"); at != y {
		t.Errorf("the cursor is on line %d, want %d", at, y)
	}
	s.Click(x, y) // again: open
	s.Want("Từ         Lê Thị Mai")
}

func TestListFaultKeepsWhatIsShown(t *testing.T) {
	s := start(t, uitest.Sample(), 80, 24)
	s.Desk.Errs["List"] = &mail.Fault{Kind: mail.StoreDamaged, Op: "list"}
	s.Happen(func(f *uitest.Fake) { f.Emit(mail.Event{Kind: mail.FolderChanged, Folder: 1}) })
	s.Want("Kho thư trong máy bị hỏng.")
	s.Press("esc")
	s.Want("Giấy mời họp")
}

// counter is a desk that counts the heads it is asked for.
type counter struct {
	*uitest.Fake
	heads int
}

func (c *counter) Heads(ctx context.Context, ids []mail.LetterID) ([]mail.Head, error) {
	c.heads += len(ids)
	return c.Fake.Heads(ctx, ids)
}

// However large the folder, only heads near the window are asked for.
func TestOnlyTheWindowIsRead(t *testing.T) {
	f := uitest.Sample()
	f.Many(20_000)
	c := &counter{Fake: f}
	s := uitest.NewWith(t, c, f, pages, frame.OpenBox{Account: uitest.Me}, 80, 24)
	s.Want("20.000 thư", "Thư số 1 ")
	s.Press("end")
	s.Want("Thư số 20000 ")
	s.Press("pgup", "pgup", "home")
	if c.heads > 400 {
		t.Errorf("%d heads were read", c.heads)
	}
	for range 200 {
		s.Press("pgdown")
	}
	s.Exact()
	s.WantNot(" … ")
}

// A row that is not there yet is quiet and as high as the others.
func TestPlaceholders(t *testing.T) {
	f := uitest.Sample()
	s := start(t, f, 80, 24)
	f.Many(1000)
	s.Happen(func(f *uitest.Fake) { f.Emit(mail.Event{Kind: mail.Overflow}) })
	f.Errs["Heads"] = &mail.Fault{Kind: mail.NoAnswer, Op: "heads"}
	s.Press("end")
	s.Press("esc")
	s.Exact()
	s.Want("…")
}

// large is a desk whose inbox has n letters that are made when they are asked for: it keeps the ids only, as the store
// does, so that the bench measures the screen.
type large struct {
	*uitest.Fake
	ids []mail.LetterID
}

func newLarge(n int) *large {
	l := &large{Fake: uitest.Sample(), ids: make([]mail.LetterID, n)}
	for i := range l.ids {
		l.ids[i] = mail.LetterID(i + 1)
	}
	return l
}

func (l *large) List(context.Context, mail.ListQuery) (mail.Listing, error) {
	return mail.Listing{IDs: l.ids, Total: len(l.ids), Remote: len(l.ids)}, nil
}

func (l *large) Heads(_ context.Context, ids []mail.LetterID) ([]mail.Head, error) {
	out := make([]mail.Head, len(ids))
	for i, id := range ids {
		out[i] = mail.Head{
			ID: id, Account: uitest.Me, Folder: 1, Received: l.At.Add(-time.Duration(id) * time.Minute), Flags: mail.Flags(id % 2),
			From: []mail.Address{{Name: "Ủy ban nhân dân huyện Gia Thuận", Addr: "a@b.example"}}, Attachments: int(id % 3), Bodied: true,
			Subject: fmt.Sprintf("Thư số %d về việc góp ý dự thảo Quyết định quản lý đầu tư công", id),
		}
	}
	return out, nil
}

func (l *large) Open(ctx context.Context, _ mail.LetterID) (*mail.Letter, error) {
	return l.Fake.Open(ctx, 1)
}

// One step is a key, its update, the frame, and whatever the key set going (heads, the letter beside) with their frames.
func BenchmarkFrame(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			l := newLarge(n)
			s := uitest.NewWith(b, l, l.Fake, pages, frame.OpenBox{Account: uitest.Me}, 200, 60)
			keys := []string{"down", "down", "pgdown", "up", "down"}
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				s.Press(keys[i%len(keys)])
				if i%50 == 49 {
					s.Press("home")
				}
			}
		})
	}
}

// A key allocates the same in a small folder and in a large one.
func TestKeyCostDoesNotGrow(t *testing.T) {
	cost := func(n int) float64 {
		l := newLarge(n)
		s := uitest.NewWith(t, l, l.Fake, pages, frame.OpenBox{Account: uitest.Me}, 200, 60)
		s.Press("pgdown", "pgdown")
		return testing.AllocsPerRun(50, func() { s.Press("down", "up") })
	}
	small, big := cost(1000), cost(100_000)
	if big > small*1.1+10 {
		t.Errorf("%v allocations at 1 000 letters, %v at 100 000", small, big)
	}
}

// A letter of the drafts folder is written on, not read.
func TestDraftsFolderOpensCompose(t *testing.T) {
	f := uitest.Sample()
	for i := range f.Boxes {
		if f.Boxes[i].ID == f.Letters[f.Order[0]].Folder {
			f.Boxes[i].Role = mail.RoleDrafts
		}
	}
	var got []frame.OpenCompose
	with := frame.Pages{Box: box.New, Compose: func(_ frame.Env, o frame.OpenCompose) frame.Page { got = append(got, o); return nil }}
	s := uitest.New(t, f, with, frame.OpenBox{Account: uitest.Me, Folder: f.Letters[f.Order[0]].Folder}, 80, 24)
	s.Press("enter")
	if len(got) != 1 || got[0].Kind != mail.DraftNew || got[0].Origin != f.Order[0] {
		t.Errorf("opened %+v", got)
	}
}

// slow lets a person type while the answer to a search is on its way.
type slow struct {
	frame.Desk
	meanwhile func()
}

func (d *slow) List(ctx context.Context, q mail.ListQuery) (mail.Listing, error) {
	if f := d.meanwhile; f != nil && q.Text == "so lieu" {
		d.meanwhile = nil
		f()
	}
	return d.Desk.List(ctx, q)
}

// TestKeysTypedAhead shows that a key is for the letters that were asked for, never for those that are still shown.
func TestKeysTypedAhead(t *testing.T) {
	f := uitest.Sample()
	d := &slow{Desk: f}
	s := uitest.NewWith(t, d, f, pages, frame.OpenBox{Account: uitest.Me}, 80, 24)
	d.meanwhile = func() {
		s.Want("đang tìm…")
		s.Press("enter", "e")
	}
	s.Press("/")
	s.Paste("so lieu") // in one go: the question before it was another
	found, err := f.List(t.Context(), mail.ListQuery{Account: uitest.Me, Text: "so lieu"})
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("archive [%d]", found.IDs[0])
	if log := strings.Join(f.Log, "\n"); !strings.Contains(log, want) {
		t.Errorf("no %q: %s", want, log)
	}
}

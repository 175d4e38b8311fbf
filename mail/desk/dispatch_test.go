package desk_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

const decision = "../rule/testdata/qd-10-2013-ubnd.txt"

// office is a server with the agencies, groups and posts that the sample decision names, and the clerk who issues it.
func office(t *testing.T) (*servertest.Server, *person) {
	t.Helper()
	srv := servertest.Start(t)
	ctx := t.Context()
	add := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	agency := func(name, local string) string {
		_, err := srv.Admin.AddUnit(ctx, name, local)
		add(err)
		b, err := srv.Admin.AddAgencyBox(ctx, name)
		add(err)
		add(srv.Admin.SetPassword(ctx, b.Wire, servertest.Password))
		return b.Wire
	}
	agency("Ủy ban nhân dân tỉnh", "ubnd")
	agency("Văn phòng UBND tỉnh", "vpubnd")
	sectors := []string{agency("Sở Kế hoạch và Đầu tư", "kh&đt"), agency("Sở Tài chính", "tc"), agency("Sở Thông tin và Truyền thông", "tt&tt")}
	districts := []string{agency("UBND huyện Nho Quan", "nhoquan"), agency("UBND thành phố Ninh Bình", "tpnb")}
	leaders := agency("Lãnh đạo UBND tỉnh", "lanhdao")
	agency("Đoàn đại biểu Quốc hội tỉnh", "ddbqh")
	agency("Thường trực Tỉnh ủy", "tttu")
	agency("Thường trực HĐND tỉnh", "tthdnd")
	for _, e := range []server.Entry{
		{Kind: "group", Name: "Các Sở, ban, ngành của tỉnh", Aliases: []string{"Sở, ban, ngành"}, Members: sectors},
		{Kind: "group", Name: "UBND các huyện, thành phố, thị xã", Members: districts},
		{Kind: "post", Name: "Chủ tịch, các Phó chủ tịch UBND tỉnh", Box: leaders},
		{Kind: "publish", Name: "Công báo tỉnh", Aliases: []string{"Công báo tỉnh Ninh Bình"}},
	} {
		add(srv.Admin.AddEntry(ctx, e))
	}
	b, err := srv.Admin.Lookup(ctx, "ubnd@"+servertest.Domain)
	add(err)
	p := newPerson(t, srv, b)
	p.signIn(servertest.Password)
	p.until("ready", func() bool { return p.Status()[0].State == mail.Ready })
	return srv, p
}

// settle decides every open row as a clerk would: what is published is left out, whoever is outside gets an address.
func settle(t *testing.T, p *person, x rule.Dispatch) rule.Dispatch {
	t.Helper()
	for n := 0; len(x.Plan.Open()) > 0; n++ {
		if n > 50 {
			t.Fatalf("rows stay open: %s", rows(x))
		}
		x.Picks = mapOf(x.Picks)
		for _, i := range x.Plan.Open() {
			if r := x.Plan.Rows[i]; r.State == rule.RowStranger {
				x.Picks[i] = rule.Pick{Address: fmt.Sprintf("ngoai%d@trung-uong.example", i)}
			} else {
				x.Picks[i] = rule.Pick{Skip: true}
			}
		}
		var err error
		if x, err = p.PlanDispatch(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

func mapOf(m map[int]rule.Pick) map[int]rule.Pick {
	out := map[int]rule.Pick{}
	for k, v := range m {
		out[k] = v
	}
	return out
}

func rows(x rule.Dispatch) string {
	var b strings.Builder
	for i, r := range x.Plan.Rows {
		fmt.Fprintf(&b, "\n%d %s state %d how %s targets %d", i, r.Name, r.State, r.How, len(r.Targets))
	}
	return b.String()
}

func codes(found []mail.Finding, v mail.Verdict) map[string]int {
	out := map[string]int{}
	for _, f := range found {
		if f.Verdict == v {
			out[f.Code]++
		}
	}
	return out
}

func answers(found []mail.Finding) map[string]string {
	out := map[string]string{}
	for c := range codes(found, mail.Ask) {
		out[c] = "đã xem"
	}
	return out
}

// The regulation's own decision goes from its file to its recipients, with every line of its block accounted for.
func TestSampleDecision(t *testing.T) {
	_, p := office(t)
	ctx := t.Context()
	x, err := p.OpenDispatch(ctx, p.account.ID, decision, "")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(decision)
	if err != nil {
		t.Fatal(err)
	}
	if m := x.Mark(); m.Kind != "Quyết định" || m.Number != "10/2013/QĐ-UBND" || m.Issued.IsZero() || x.Document.Summary == "" {
		t.Errorf("mark %+v, %q", m, x.Document.Summary)
	}
	// Every entry that stands in the file's block is a row.
	_, block, ok := strings.Cut(string(raw), "Nơi nhận")
	if !ok {
		t.Fatal("the file has no block")
	}
	for _, name := range []string{
		"Như Điều 3", "Văn phòng Chính phủ", "Website Chính phủ", "Bộ Thông tin và Truyền thông", "Cục kiểm tra VBQPPL Bộ Tư pháp",
		"Đoàn đại biểu Quốc hội tỉnh", "Thường trực Tỉnh ủy", "Thường trực HĐND tỉnh", "Chủ tịch, các Phó chủ tịch UBND tỉnh", "Công báo tỉnh", "Cổng TTĐT tỉnh",
	} {
		if !strings.Contains(block, name) || !slices.ContainsFunc(x.Plan.Rows, func(r rule.Row) bool { return strings.HasPrefix(r.Name, name) }) {
			t.Errorf("%s is not accounted for:%s", name, rows(x))
		}
	}
	if kept := x.Plan.Kept(); !slices.Equal(kept, []string{"VT", "VP6", "VP7", "VP8", "TTTH-CB"}) {
		t.Errorf("kept %q", kept)
	}
	found, err := p.CheckDispatch(ctx, x)
	if open := len(x.Plan.Open()); err != nil || codes(found, mail.Block)["row-open"] != open || open == 0 {
		t.Errorf("%d open rows, findings %+v %v", open, found, err)
	}
	if _, err := p.SendDispatch(ctx, x, answers(found)); mail.KindOf(err) != mail.Blocked {
		t.Errorf("sent while rows are open: %v", err)
	}
	x = settle(t, p, x)
	if found, err = p.CheckDispatch(ctx, x); err != nil || len(codes(found, mail.Block)) > 0 {
		t.Fatalf("still blocked: %+v %v", found, err)
	}
	x.Receipts = true
	e, err := p.SendDispatch(ctx, x, answers(found))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(raw)
	if e.Digest != hex.EncodeToString(sum[:]) || e.Document.Number != "10/2013/QĐ-UBND" || len(e.Recipients) != len(x.Plan.Recipients) ||
		!slices.Equal(e.Kept, x.Plan.Kept()) || len(e.Published) < 2 {
		t.Errorf("entry %+v", e)
	}
	p.until("taken by the server", func() bool {
		e, err = p.RegisterEntry(ctx, e.ID)
		return err == nil && !e.Sent.IsZero() && len(p.heads(mail.RoleSent)) == 1
	})
	if !e.Late {
		t.Error("a decision of 2013 that is sent now is late")
	}
	sent := p.heads(mail.RoleSent)[0]
	if sent.Document.Number != "10/2013/QĐ-UBND" || len(sent.To)+len(sent.Cc) != len(e.Recipients) || len(sent.To) == 0 || len(sent.Cc) == 0 {
		t.Errorf("the letter: %+v, To %d Cc %d", sent.Document, len(sent.To), len(sent.Cc))
	}
	letterRaw, err := p.Raw(ctx, sent.ID)
	if err != nil {
		t.Fatal(err)
	}
	l := letter.Parse(letterRaw)
	r, err := letter.OpenPart(letterRaw, l.Parts[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(r); err != nil || string(data) != string(raw) {
		t.Errorf("the file that travels is another one: %v", err)
	}
	if !strings.Contains(string(letterRaw), "Disposition-Notification-To: <ubnd@") {
		t.Error("nobody is asked to tell when it is read")
	}
	// The server says what became of it: inside it is in the boxes, and this server sends nothing outside.
	p.until("reports", func() bool {
		e, err = p.RegisterEntry(ctx, e.ID)
		return err == nil && !slices.ContainsFunc(e.Recipients, func(r mail.RegisterRecipient) bool {
			return r.State == mail.DeliveryAccepted || r.State == mail.DeliveryQueued
		})
	})
	for _, r := range e.Recipients {
		want := mail.DeliveryDelivered
		if strings.HasSuffix(r.Address.Addr, ".example") && !strings.HasSuffix(r.Address.Addr, servertest.Domain) {
			want = mail.DeliveryRefused
		}
		if r.State != want {
			t.Errorf("%s: %s %q", r.Address.Addr, r.State, r.Words)
		}
	}
	if list, err := p.OpenedDispatches(ctx); err != nil || len(list) != 0 {
		t.Errorf("sent and still open: %v %v", list, err)
	}
	if list, err := p.Register(ctx, p.account.ID, "quy chế"); err != nil || len(list) != 1 {
		t.Errorf("register: %v %v", list, err)
	}
}

// write makes a file with this text.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const official = "ỦY BAN NHÂN DÂN TỈNH\nSố: 512/UBND-VP6\t\tNinh Bình, ngày 10 tháng 7 năm 2013\nKHẨN\nV/v báo cáo số liệu hộp thư\n\n" +
	"Kính gửi: Sở Tài chính\n\nNội dung.\n\nNơi nhận:\n- Như trên;\n- Văn phòng Chính phủ (b/c);\n- Lưu: VT, VP6.\n"

// What was begun is found again by another life of the program, with everything that was decided.
func TestDispatchIsFoundAgain(t *testing.T) {
	_, p := office(t)
	ctx := t.Context()
	x, err := p.OpenDispatch(ctx, p.account.ID, write(t, "cv.txt", official), "")
	if err != nil {
		t.Fatal(err)
	}
	if x.Document.Urgency != rule.Urgent || !strings.HasPrefix(x.Subject, "[KHẨN] Công văn số 512/UBND-VP6") || !strings.Contains(x.Body, "512/UBND-VP6") {
		t.Errorf("%q %q", x.Subject, x.Body)
	}
	if x, err = p.AttachDispatch(ctx, x, write(t, "phụ lục.csv", "1;2\n")); err != nil || len(x.Files) != 1 {
		t.Fatal(err)
	}
	gone := x
	if x, err = p.AttachDispatch(ctx, x, write(t, "nhầm.txt", "x")); err != nil {
		t.Fatal(err)
	}
	x.Files = gone.Files // taken out again
	outside := slices.IndexFunc(x.Plan.Rows, func(r rule.Row) bool { return r.State == rule.RowStranger })
	x.Picks = map[int]rule.Pick{outside: {Address: "vpcp@trung-uong.example"}, 99: {Skip: true}, -1: {Skip: true}}
	x.Document.Number, x.NoPaper, x.Receipts = "513", false, true
	x.Extra = []mail.Address{{Name: "Người thêm", Addr: "them@trung-uong.example"}}
	if x, err = p.PlanDispatch(ctx, x); err != nil {
		t.Fatal(err)
	}
	if len(x.Picks) != 1 || !strings.HasPrefix(x.Subject, "[KHẨN] Công văn số 513/UBND-VP6") {
		t.Errorf("picks %v, subject %q", x.Picks, x.Subject)
	}
	x.Subject = "Tự đặt"
	if x, err = p.PlanDispatch(ctx, x); err != nil {
		t.Fatal(err)
	}
	list, err := p.OpenedDispatches(ctx)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d %v", len(list), err)
	}
	y := list[0]
	if y.Draft != x.Draft || y.Main != x.Main || !slices.Equal(y.Files, x.Files) || y.Text != x.Text || rows(y) != rows(x) || y.Subject != "Tự đặt" || y.Body != x.Body ||
		y.NoPaper || !y.Receipts || !slices.Equal(y.Extra, x.Extra) || y.Mark() != x.Mark() {
		t.Errorf("found\n%+v\nwant\n%+v", y, x)
	}
	if list, err := p.Drafts(ctx); err != nil || len(list) != 0 {
		t.Errorf("a document is no draft: %v %v", list, err)
	}
	dr, err := p.DraftByID(ctx, x.Draft)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Send(ctx, dr, nil); mail.KindOf(err) != mail.Conflict {
		t.Errorf("a document left without its register: %v", err)
	}
	if err := p.DropDispatch(ctx, y); err != nil {
		t.Fatal(err)
	}
	if list, err := p.OpenedDispatches(ctx); err != nil || len(list) != 0 {
		t.Errorf("given up: %v %v", list, err)
	}
	if _, err := p.PlanDispatch(ctx, y); mail.KindOf(err) != mail.Gone {
		t.Errorf("%v", err)
	}
}

// Another text is another document: no pick of the old one may slip onto a new row.
func TestPickNeverSlips(t *testing.T) {
	_, p := office(t)
	ctx := t.Context()
	x, err := p.OpenDispatch(ctx, p.account.ID, "", "Nơi nhận:\n- Hội Không Tên;\n- Lưu: VT.\n")
	if err != nil || !x.Pasted {
		t.Fatal(err)
	}
	x.Picks = map[int]rule.Pick{0: {Address: "hoi@trung-uong.example"}}
	if x, err = p.PlanDispatch(ctx, x); err != nil || len(x.Plan.Recipients) != 1 {
		t.Fatalf("%v%s", err, rows(x))
	}
	x.Text = "Nơi nhận:\n- Hội Khác;\n- Lưu: VT.\n"
	if x, err = p.PlanDispatch(ctx, x); err != nil || len(x.Picks) != 0 || len(x.Plan.Recipients) != 0 || !x.Plan.Rows[0].State.Open() {
		t.Errorf("%v %v%s", err, x.Picks, rows(x))
	}
	y := x
	y.Picks = map[int]rule.Pick{0: {Address: "hoi@trung-uong.example"}}
	y.Plan.Rows = slices.Clone(x.Plan.Rows)
	y.Plan.Rows[0].Name = "Hội Không Tên" // the directory parted the block otherwise meanwhile
	if y, err = p.PlanDispatch(ctx, y); err != nil || len(y.Picks) != 0 {
		t.Errorf("%v %v", err, y.Picks)
	}
}

func TestFilesThatAreNoDocument(t *testing.T) {
	_, p := office(t)
	for _, c := range []struct {
		name, text string
		kind       mail.FaultKind
		why        string
	}{
		{"rỗng.txt", " \n", mail.BadFile, "no-text"},
		{"hỏng.pdf", "%PDF-1.4\nrác", mail.BadFile, "damaged"},
		{"lạ.bin", "\x00\x01\x02\xff", mail.BadFile, "kind"},
	} {
		_, err := p.OpenDispatch(t.Context(), p.account.ID, write(t, c.name, c.text), "")
		if f := mail.AsFault("", err); err == nil || f.Kind != c.kind || f.Detail != c.why {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for path, kind := range map[string]mail.FaultKind{filepath.Join(t.TempDir(), "không có.pdf"): mail.NoFile, t.TempDir(): mail.NoFile, "": mail.BadFile} {
		if _, err := p.OpenDispatch(t.Context(), p.account.ID, path, ""); mail.KindOf(err) != kind {
			t.Errorf("%q: %v", path, err)
		}
	}
	if list, err := p.OpenedDispatches(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("something was kept: %v %v", list, err)
	}
	// A picture of pages is a document whose text the person types.
	x, err := p.OpenDispatch(t.Context(), p.account.ID, write(t, "quét.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "")
	if err != nil || !x.Scanned {
		t.Fatalf("%+v %v", x, err)
	}
	x.Text = official
	if x, err = p.PlanDispatch(t.Context(), x); err != nil || x.Document.Number != "512" || len(x.Plan.Rows) == 0 {
		t.Errorf("%+v %v", x.Document, err)
	}
}

// A draft is asked about, a stamp of secrecy is not: it blocks, whoever is asked.
func TestDraftsAndSecretsOfDocuments(t *testing.T) {
	_, p := office(t)
	ctx := t.Context()
	for _, c := range []struct {
		what, text string
		verdict    mail.Verdict
		code       string
	}{
		{"blank number", strings.Replace(official, "512/", "      /", 1), mail.Ask, "document-draft"},
		{"draft word", "DỰ THẢO\n" + official, mail.Ask, "document-draft"},
		{"secret", "MẬT\n" + official, mail.Block, "secret-mark"},
		{"open row", official, mail.Block, "row-open"},
		{"nobody", strings.NewReplacer("Kính gửi: Sở Tài chính", "", "- Như trên;\n", "", "- Văn phòng Chính phủ (b/c);\n", "").Replace(official), mail.Block, "no-recipient"},
	} {
		x, err := p.OpenDispatch(ctx, p.account.ID, "", c.text)
		if err != nil {
			t.Fatal(err)
		}
		if c.code != "row-open" {
			x = settle(t, p, x)
		}
		found, err := p.CheckDispatch(ctx, x)
		if err != nil || codes(found, c.verdict)[c.code] == 0 {
			t.Errorf("%s: %+v %v", c.what, found, err)
		}
		for _, f := range found {
			if f.Code == c.code && f.Clause == "" {
				t.Errorf("%s names no clause", c.code)
			}
		}
		reasons := answers(found)
		delete(reasons, c.code)
		if _, err := p.SendDispatch(ctx, x, reasons); mail.KindOf(err) != mail.Blocked {
			t.Errorf("%s was sent: %v", c.what, err)
		}
	}
}

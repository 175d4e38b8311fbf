package uitest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
)

// Decision is a sample document: a draft has blanks in the place of its number.
const Decision = `UỶ BAN NHÂN DÂN                    CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH NINH PHONG                    Độc lập - Tự do - Hạnh phúc

Số: 21/2026/QĐ-UBND                Ninh Phong, ngày 20 tháng 11 năm 2026

QUYẾT ĐỊNH
Ban hành Quy chế quản lý hộp thư điện tử của tỉnh

Điều 1. Ban hành kèm theo Quyết định này Quy chế quản lý hộp thư điện tử.
Điều 2. Quyết định này có hiệu lực sau 10 ngày kể từ ngày ký.
Điều 3. Chánh Văn phòng Uỷ ban nhân dân tỉnh; Giám đốc các sở, ban, ngành của tỉnh; Thủ trưởng các cơ quan, đơn vị khác và
cá nhân có liên quan chịu trách nhiệm thi hành Quyết định này./.

Nơi nhận:
- Như Điều 3;
- Văn phòng Chính phủ (BC);
- Website Chính phủ;
- Thường trực Tỉnh uỷ;
- Chủ tịch, các Phó chủ tịch UBND tỉnh;
- Sở Tài chính;
- Phòng Tổng hợp;
- Lưu VT, VP6.
	TM. UỶ BAN NHÂN DÂN
	CHỦ TỊCH
`

// Directory is the sample's directory of boxes.
func Directory() []rule.Listed {
	unit := func(key, name, addr string, aliases ...string) rule.Listed {
		return rule.Listed{Key: key, Name: name, Address: addr + "@ninhphong.example", Aliases: aliases}
	}
	return []rule.Listed{
		unit("vpubnd", "Văn phòng UBND tỉnh", "vpubnd", "Văn phòng Ủy ban nhân dân tỉnh"), unit("stc", "Sở Tài chính", "stc"), unit("stp", "Sở Tư pháp", "stp"),
		unit("snv", "Sở Nội vụ", "snv"), unit("skhdt", "Sở Kế hoạch và Đầu tư", "skhdt"), unit("tu", "Văn phòng Tỉnh ủy", "vptu"),
		unit("pth1", "Phòng Tổng hợp - Sở Tài chính", "pth.stc"), unit("pth2", "Phòng Tổng hợp - Văn phòng UBND tỉnh", "pth.vpubnd"),
		{Key: "g1", Kind: rule.ListedGroup, Name: "Sở, ban, ngành của tỉnh", Aliases: []string{"Các sở, ban, ngành của tỉnh"}, Members: []string{"stc", "stp", "snv", "skhdt"}},
		{Key: "g2", Kind: rule.ListedGroup, Name: "Chủ tịch, các Phó chủ tịch UBND tỉnh", Members: []string{"ct", "pct"}},
		{Key: "g3", Kind: rule.ListedGroup, Name: "Khối đoàn thể", Members: []string{"stp", "mt", "left"}},
		{Key: "mt", Name: "Mặt trận Tổ quốc tỉnh"},
		{Key: "ct", Kind: rule.ListedPost, Name: "Chủ tịch UBND tỉnh", Address: "ct.ubnd@ninhphong.example"},
		{Key: "pct", Kind: rule.ListedPost, Name: "Phó Chủ tịch UBND tỉnh", Address: "pct.ubnd@ninhphong.example"},
		{Key: "p1", Kind: rule.ListedPerson, Name: "Trần Văn Hùng", Unit: "Sở Tài chính", Post: "Chuyên viên", Address: "hungtv.stc@ninhphong.example"},
	}
}

// Dispatches is the part of the fake that sends out documents; it plans as the desk does.
type Dispatches struct {
	Text   string // of any file that is opened; "" is Decision
	Begun  []rule.Dispatch
	Sent   []mail.RegisterEntry // the register, newest first
	Judged []mail.Finding       // answered by CheckDispatch beside what is open
	Scan   bool                 // files are scans
	Last   rule.Dispatch        // the last one sent
}

func (f *Fake) index() *rule.Index { return rule.NewIndex(Directory()) }

func (f *Fake) planned(d rule.Dispatch) rule.Dispatch {
	x := f.index()
	d.Document = rule.ReadDocumentWith(d.Text, x).Corrected(d.Document)
	d.Picks = maps.Clone(d.Picks)
	d.Plan = rule.Resolve(d.Document, x, rule.ResolveOptions{Domain: "ninhphong.example", Picks: d.Picks})
	return d
}

// OpenDispatch reads any file as Out.Text.
func (f *Fake) OpenDispatch(_ context.Context, account mail.AccountID, path, pasted string) (rule.Dispatch, error) {
	f.log("open document %s", path)
	if err := f.Errs["OpenDispatch"]; err != nil {
		return rule.Dispatch{}, err
	}
	f.nextID++
	d := rule.Dispatch{Account: account, Draft: mail.DraftID(f.nextID), Text: pasted, Pasted: path == "", NoPaper: true}
	if path != "" {
		d.Text = f.Out.Text
		if d.Text == "" {
			d.Text = Decision
		}
		d.Main = mail.Attachment{ID: f.nextID, Name: path[strings.LastIndexByte(path, '/')+1:], Type: "application/pdf", Size: 214_000}
		if f.Out.Scan {
			d.Text, d.Scanned = "", true
		}
	}
	d.Document = rule.ReadDocumentWith(d.Text, f.index())
	d = f.planned(d)
	d.Subject, d.Body = d.ProposeSubject(), d.ProposeBody("")
	f.keepDispatch(d)
	return d, nil
}

func (f *Fake) keepDispatch(d rule.Dispatch) {
	f.Out.Begun = append([]rule.Dispatch{d}, slices.DeleteFunc(f.Out.Begun, func(o rule.Dispatch) bool { return o.Draft == d.Draft })...)
}

// OpenedDispatches lists those begun.
func (f *Fake) OpenedDispatches(context.Context) ([]rule.Dispatch, error) {
	return slices.Clone(f.Out.Begun), f.Errs["OpenedDispatches"]
}

// PlanDispatch resolves anew and keeps.
func (f *Fake) PlanDispatch(_ context.Context, d rule.Dispatch) (rule.Dispatch, error) {
	f.log("plan picks=%d extra=%d", len(d.Picks), len(d.Extra))
	if err := f.Errs["PlanDispatch"]; err != nil {
		return d, err
	}
	for _, old := range f.Out.Begun {
		if old.Draft == d.Draft && old.Text != d.Text { // a changed text is a new document
			d.Document, d.Picks = rule.ReadDocumentWith(d.Text, f.index()), nil
		}
	}
	d = f.planned(d)
	f.keepDispatch(d)
	return d, nil
}

// AttachDispatch adds a file by its path.
func (f *Fake) AttachDispatch(_ context.Context, d rule.Dispatch, path string) (rule.Dispatch, error) {
	f.log("attach %s", path)
	f.nextID++
	d.Files = append(slices.Clone(d.Files), mail.Attachment{ID: f.nextID, Name: path[strings.LastIndexByte(path, '/')+1:], Type: "application/pdf", Size: 12_000})
	f.keepDispatch(d)
	return d, f.Errs["AttachDispatch"]
}

// DropDispatch forgets one.
func (f *Fake) DropDispatch(_ context.Context, d rule.Dispatch) error {
	f.log("drop document %d", d.Draft)
	f.Out.Begun = slices.DeleteFunc(f.Out.Begun, func(o rule.Dispatch) bool { return o.Draft == d.Draft })
	return f.Errs["DropDispatch"]
}

// FindListed searches the sample's directory.
func (f *Fake) FindListed(_ context.Context, _ mail.AccountID, typed string) ([]rule.Match, error) {
	var out []rule.Match
	for _, e := range Directory() {
		if kit.Match(kit.Fold(typed), kit.Fold(e.Name+" "+e.Address+" "+e.Unit)) {
			m := rule.Match{Listed: e, Confidence: 50, How: "similar"}
			if e.Kind == rule.ListedGroup {
				m.Boxes, m.Missing = rule.Boxes(f.index(), e)
			}
			out = append(out, m)
		}
	}
	return out, f.Errs["FindListed"]
}

// CheckDispatch answers Out.Judged, and what is open.
func (f *Fake) CheckDispatch(_ context.Context, d rule.Dispatch) ([]mail.Finding, error) {
	out := slices.Clone(f.Out.Judged)
	for _, i := range d.Plan.Open() {
		out = append(out, mail.Finding{Verdict: mail.Block, Code: "row-open", Clause: "QC 7.1a", Where: fmt.Sprintf("row:%d", i), Text: d.Plan.Rows[i].Name})
	}
	if d.Document.Draft {
		out = append(out, mail.Finding{Verdict: mail.Ask, Code: "document-draft", Clause: "QC 7.1a", Where: "document", Text: strings.Join(d.Document.Why, " ")})
	}
	return out, f.Errs["CheckDispatch"]
}

// SendDispatch puts it into the queue and the register.
func (f *Fake) SendDispatch(_ context.Context, d rule.Dispatch, reasons map[string]string) (mail.RegisterEntry, error) {
	f.log("send document %s reasons=%d", d.Document.Mark(), len(reasons))
	f.Reasons, f.Out.Last = reasons, d
	if err := f.Errs["SendDispatch"]; err != nil {
		return mail.RegisterEntry{}, err
	}
	f.nextID++
	e := mail.RegisterEntry{
		ID: mail.RegisterID(f.nextID), Account: d.Account, Document: d.Mark(), Summary: d.Document.Summary, File: d.Main.Name, Outbox: mail.OutboxID(f.nextID),
		MessageID: fmt.Sprintf("doc%d@test", f.nextID), Queued: f.At, Kept: d.Plan.Kept(), Reasons: reasons,
	}
	e.Published, e.Skipped = d.Plan.LeftOut()
	to, cc := d.Sides()
	for _, r := range append(to, cc...) {
		e.Recipients = append(e.Recipients, mail.RegisterRecipient{Address: mail.Address{Name: r.Name, Addr: r.Address}, Purposes: r.Purposes, State: mail.DeliveryQueued})
	}
	f.Out.Sent = append([]mail.RegisterEntry{e}, f.Out.Sent...)
	f.Out.Begun = slices.DeleteFunc(f.Out.Begun, func(o rule.Dispatch) bool { return o.Draft == d.Draft })
	f.Emit(mail.Event{Kind: mail.RegisterChanged}, mail.Event{Kind: mail.OutboxChanged})
	return e, nil
}

// Register searches Out.Sent.
func (f *Fake) Register(_ context.Context, _ mail.AccountID, text string) ([]mail.RegisterEntry, error) {
	var out []mail.RegisterEntry
	for _, e := range f.Out.Sent {
		if kit.Match(kit.Fold(text), kit.Fold(e.Document.Number+" "+e.Summary)) {
			out = append(out, e)
		}
	}
	return out, f.Errs["Register"]
}

// RegisterEntry finds one.
func (f *Fake) RegisterEntry(_ context.Context, id mail.RegisterID) (mail.RegisterEntry, error) {
	for _, e := range f.Out.Sent {
		if e.ID == id {
			return e, nil
		}
	}
	return mail.RegisterEntry{}, &mail.Fault{Kind: mail.Gone, Op: "read register"}
}

// ExportRegister is logged.
func (f *Fake) ExportRegister(_ context.Context, account mail.AccountID, dir string) (string, error) {
	f.log("export %q %s", account, dir)
	return dir + "/so-van-ban-di-2026-11-23.csv", f.Errs["ExportRegister"]
}

// SampleRegister is a register with documents in every state.
func SampleRegister(at time.Time) []mail.RegisterEntry {
	hour := time.Hour
	to := func(name, addr string, s mail.DeliveryState, ago time.Duration, words string, purposes ...string) mail.RegisterRecipient {
		return mail.RegisterRecipient{Address: mail.Address{Name: name, Addr: addr}, State: s, At: at.Add(-ago), Words: words, Purposes: purposes}
	}
	day := func(ago int) time.Time {
		t := at.In(rule.Zone).AddDate(0, 0, -ago)
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, rule.Zone)
	}
	return []mail.RegisterEntry{
		{
			ID: 3, Account: Office, Document: mail.DocumentMark{Kind: "Công văn", Number: "512/SKHĐT-THQH", Issued: day(0), Urgency: 1}, Summary: "V/v điều chỉnh kế hoạch vốn đầu tư công năm 2026",
			File: "cong-van-512.pdf", Digest: strings.Repeat("ab", 32), Outbox: 8, MessageID: "doc3@test", Queued: at.Add(-time.Minute),
			Recipients: []mail.RegisterRecipient{to("Sở Tài chính", "stc@ninhphong.example", mail.DeliveryQueued, 0, "")},
		},
		{
			ID: 2, Account: Office, Document: mail.DocumentMark{Kind: "Quyết định", Number: "21/2026/QĐ-UBND", Issued: day(5)}, Summary: "Ban hành Quy chế quản lý hộp thư điện tử của tỉnh",
			File: "quyet-dinh-21.pdf", Digest: strings.Repeat("0f", 32), Outbox: 7, MessageID: "doc2@test", Queued: at.Add(-50 * hour), Sent: at.Add(-49 * hour), Late: true,
			Recipients: []mail.RegisterRecipient{
				to("Văn phòng UBND tỉnh", "vpubnd@ninhphong.example", mail.DeliveryRead, 20*hour, ""), to("Sở Tài chính", "stc@ninhphong.example", mail.DeliveryDelivered, 49*hour, "250 2.0.0 delivered"),
				to("Sở Tư pháp", "stp@ninhphong.example", mail.DeliveryDelivered, 49*hour, ""), to("Văn phòng Chính phủ", "vpcp@chinhphu.example", mail.DeliveryRelayed, 49*hour, "250 2.0.0 queued", "báo cáo"),
				to("Công ty Hòa Bình", "vanthu@hoabinh.example", mail.DeliveryFailed, 47*hour, "550 5.1.1 no such \x1b[31muser"), to("Thường trực Tỉnh ủy", "vptu@ninhphong.example", mail.DeliveryDelayed, 46*hour, "451 4.4.1 no answer"),
			},
			Kept: []string{"VT", "VP6"}, Published: []string{"Website Chính phủ"}, Skipped: []string{"các cơ quan, đơn vị khác"}, Reasons: map[string]string{"document-draft": "số được cấp sau"},
		},
		{
			ID: 1, Account: Office, Document: mail.DocumentMark{Kind: "Thông báo", Number: "09/TB-SKHĐT", Issued: day(30)}, Summary: "Lịch tiếp công dân quý IV", File: "thong-bao-09.docx", MessageID: "doc1@test",
			Queued: at.Add(-700 * hour), Sent: at.Add(-700 * hour),
			Recipients: []mail.RegisterRecipient{to("Sở Nội vụ", "snv@ninhphong.example", mail.DeliveryDelivered, 700*hour, ""), to("Sở Tư pháp", "stp@ninhphong.example", mail.DeliveryRead, 690*hour, "")},
		},
	}
}

var _ frame.Dispatching = (*Fake)(nil)

package rule

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
)

func names(list []Recipient) string {
	var out []string
	for _, r := range list {
		out = append(out, r.Name)
	}
	return strings.Join(out, "; ")
}

// Who is obliged stands in To, who is told in Cc; nobody is left out and nobody stands twice.
func TestSides(t *testing.T) {
	for _, c := range []struct{ what, block, extra, to, cc string }{
		{
			"a reference obliges", "Kính gửi: Sở Tài chính\nNơi nhận:\n- Như trên;\n- Sở Y tế (để biết);\n- Sở Nội vụ;\n- Lưu: VT.", "",
			"Sở Tài chính", "Sở Y tế; Sở Nội vụ",
		},
		{"a purpose obliges", "Nơi nhận:\n- Sở Tài chính (t/h);\n- Sở Y tế (p/h);\n- Sở Nội vụ;\n- Lưu: VT.", "", "Sở Tài chính; Sở Y tế", "Sở Nội vụ"},
		{"nobody is named", "Nơi nhận:\n- Sở Tài chính;\n- Sở Y tế (b/c);\n- Lưu: VT.", "", "Sở Tài chính", "Sở Y tế"},
		{"all are told", "Nơi nhận:\n- Sở Tài chính (để biết);\n- Sở Y tế (b/c);\n- Lưu: VT.", "", "Sở Tài chính; Sở Y tế", ""},
		{"by hand", "Nơi nhận:\n- Sở Tài chính (t/h);\n- Lưu: VT.", "Sở Tài chính <tc@ninhbinh.gov.vn>,X <x@vi.du>", "Sở Tài chính", "X"},
	} {
		dir := province(t, 0)
		doc := ReadDocumentWith(c.block, dir)
		d := Dispatch{Document: doc, Plan: Resolve(doc, dir, ResolveOptions{Domain: "ninhbinh.gov.vn"})}
		for _, s := range strings.Split(c.extra, ",") {
			if name, addr, ok := strings.Cut(s, " <"); ok {
				d.Extra = append(d.Extra, mail.Address{Name: name, Addr: strings.TrimSuffix(addr, ">")})
			}
		}
		if c.extra != "" { // the box of the first one as the directory has it
			d.Extra[0].Addr = d.Plan.Recipients[0].Address
		}
		to, cc := d.Sides()
		if names(to) != c.to || names(cc) != c.cc {
			t.Errorf("%s: To %s Cc %s", c.what, names(to), names(cc))
		}
	}
}

func TestProposedWords(t *testing.T) {
	doc := ReadDocument("Số: 12/SKHĐT-THQH\t\tNinh Bình, ngày 05 tháng 3 năm 2013\nHỎA TỐC\nV/v báo cáo số liệu hộp thư\n\nKính gửi: Sở Tài chính\n")
	d := Dispatch{Document: doc, Body: "Lời gửi.\n\n-- \nVăn thư\n", NoPaper: true}
	if s := d.ProposeSubject(); !strings.HasPrefix(s, "[HỎA TỐC] Công văn số 12/SKHĐT-THQH ngày 05/03/2013: ") || len([]rune(s)) > maxSubject+1 {
		t.Errorf("subject %q", s)
	}
	want := "Lời gửi.\n\n" + NoPaperClause + "\n\n-- \nVăn thư\n"
	if got := d.Letter(); got != want {
		t.Errorf("letter %q", got)
	}
	d = Dispatch{Document: doc, Pasted: true, Text: "Nội dung\n"}
	if got := d.ProposeBody("Ký") + d.Letter(); got != "Nội dung\n" {
		t.Errorf("pasted %q", got)
	}
	doc.Summary = strings.Repeat("rất dài ", 100)
	d.Document = doc
	if s := d.ProposeSubject(); len([]rune(s)) > maxSubject+1 || !strings.HasSuffix(s, "…") {
		t.Errorf("subject %q", s)
	}
}

// What is typed into a blank takes away the reason to call the document a draft; what the text says of itself stays.
func TestCorrected(t *testing.T) {
	const text = "DỰ THẢO\nSố:      /UBND-VP6\t\tNinh Bình, ngày    tháng   năm 2013\nNơi nhận:\n- Lưu: VT.\n"
	by := ReadDocument(text)
	if !slices.Contains(by.Why, "blank-number") || !slices.Contains(by.Why, "draft-word") {
		t.Fatalf("why %v", by.Why)
	}
	by.Number = "7"
	d := ReadDocument(text).Corrected(by)
	if d.Mark() != "7/UBND-VP6" || slices.Contains(d.Why, "blank-number") || !slices.Contains(d.Why, "draft-word") || !d.Draft {
		t.Errorf("%q %v", d.Mark(), d.Why)
	}
}

// The Party's way of joining number and symbol is kept when the head is corrected.
func TestCorrectedParty(t *testing.T) {
	const text = "Số 15-CV/TU\nKính gửi: Sở Y tế\nNơi nhận:\n- Lưu: VT.\n"
	for _, typed := range []string{"15-CV/TU", "16-CV/TU", "16/SYT-VP"} {
		if d := ReadDocument(text).Corrected(ReadDocument(text).WithMark(typed)); d.Mark() != typed {
			t.Errorf("%q became %q", typed, d.Mark())
		}
	}
}

// Settling a reference as a whole moves no other row, so picks stay where they were made.
func TestSettledReferenceKeepsItsRows(t *testing.T) {
	const text = "Điều 3. Giám đốc Sở Tài chính, Giám đốc Sở Y tế chịu trách nhiệm thi hành.\nNơi nhận:\n- Như Điều 3;\n- Sở Không Có;\n- Lưu: VT.\n"
	dir := province(t, 0)
	d := ReadDocumentWith(text, dir)
	before := Resolve(d, dir, ResolveOptions{})
	if before.Rows[0].State != RowUnfolded || len(before.Rows) != 5 {
		t.Fatalf("rows\n%s", planText(before))
	}
	skipped := Resolve(d, dir, ResolveOptions{Picks: map[int]Pick{0: {Skip: true}, 3: {Address: "a@b.vn"}}})
	if planText(skipped) != "Như Điều 3: skipped\n  "+before.Rows[1].Name+": skipped\n  "+before.Rows[2].Name+": skipped\nSở Không Có: ready 1\nVT: kept" &&
		(len(skipped.Rows) != 5 || skipped.Rows[1].State != RowSkipped || skipped.Rows[3].State != RowReady || len(skipped.Recipients) != 1) {
		t.Errorf("rows\n%s", planText(skipped))
	}
	whole := Resolve(d, dir, ResolveOptions{Picks: map[int]Pick{0: {Keys: []string{"u:Sở Tài chính"}}}})
	if len(whole.Rows) != 5 || whole.Rows[0].State != RowReady || whole.Rows[1].State != RowWithin || len(whole.Recipients) != 1 {
		t.Errorf("rows\n%s", planText(whole))
	}
}

// A name in a letter proves nothing: it is offered, never taken. What the person chose before is.
func TestSources(t *testing.T) {
	own := NewIndex([]Listed{
		EntryOf(mail.Address{Name: "Văn phòng Chính phủ", Addr: "vp@ke-gia-mao.example"}, History),
		EntryOf(mail.Address{Name: "Bộ Tư pháp", Addr: "botp@moj.example"}, Chosen),
		EntryOf(mail.Address{Name: "Sở Tài chính", Addr: "tc@ke-gia-mao.example"}, Chosen),
	})
	dir := Directories{province(t, 0), own}
	d := ReadDocumentWith("Nơi nhận:\n- Văn phòng Chính phủ;\n- Bộ Tư pháp;\n- Sở Tài chính;\n- Lưu: VT.\n", dir)
	p := Resolve(d, dir, ResolveOptions{Domain: "ninhbinh.gov.vn"})
	if r := p.Rows[0]; r.State != RowChoose || len(r.Candidates) != 1 || r.Candidates[0].How != "history" || len(r.Targets) > 0 {
		t.Errorf("from history: %+v", r)
	}
	if r := p.Rows[1]; r.State != RowReady || r.How != "chosen-before" || !r.Outside {
		t.Errorf("chosen before: %+v", r)
	}
	if r := p.Rows[2]; r.State != RowReady || !strings.HasSuffix(r.Targets[0].Address, "@ninhbinh.gov.vn") {
		t.Errorf("what is published goes first: %+v", r)
	}
}

func TestComplete(t *testing.T) {
	dir := province(t, 2000)
	first := func(typed string) string {
		list := dir.Complete(typed, 5)
		if len(list) == 0 {
			return ""
		}
		return list[0].Name
	}
	for typed, want := range map[string]string{
		"so tai": "Sở Tài chính", "Sở KH&": "Sở Kế hoạch và Đầu tư", "kh&đt": "Sở Kế hoạch và Đầu tư", "nho quan": "UBND huyện Nho Quan",
		"hà nguyễn": "Nguyễn Thị Thu Hà", "trưởng phòng hành": "Nguyễn Thị Thu Hà", "hantt": "Nguyễn Thị Thu Hà", "zzz": "", "": "", " , ": "",
	} {
		if got := first(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	// Two Trần Văn Hùng: one place in the list is no reason to show one of them.
	list := dir.Complete("tran van hung", 1)
	n := 0
	for _, e := range list {
		if e.Name == "Trần Văn Hùng" {
			n++
		}
	}
	if n != 2 {
		t.Errorf("namesakes were parted: %+v", list)
	}
	for _, e := range dir.Complete("các sở", 20) {
		if e.Kind == ListedGroup {
			t.Error("a group has no address")
		}
	}
	if list := dir.Search("các sở", 5); len(list) == 0 || list[0].Kind != ListedGroup {
		t.Errorf("groups are found for a row: %+v", list)
	}
}

// One key in a recipient field, among 50 000 entries: the first letter, a word, two words.
func BenchmarkComplete(b *testing.B) {
	dir := province(b, 50000)
	dir.Complete("a", 1)
	for _, typed := range []string{"p", "ph", "so tai", "pham hung", "kh&đt", "pham an binh chi so noi vu", "trần văn hùng"} {
		b.Run(fmt.Sprintf("%q", typed), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				dir.Complete(typed, 20)
			}
		})
	}
}

func BenchmarkNewIndex(b *testing.B) {
	list := province(b, 50000).list
	b.ReportAllocs()
	for b.Loop() {
		NewIndex(list).Complete("a", 1)
	}
}

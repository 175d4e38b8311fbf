package province

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
)

// directory is the province as its server would list it.
func directory() *rule.Index {
	b := book()
	var list []rule.Listed
	for _, u := range Units() {
		list = append(list, rule.Listed{Key: u.Name, Kind: rule.ListedUnit, Name: u.Name, Aliases: u.Aliases, Address: b[u.Name]})
	}
	for _, p := range People() {
		list = append(list, rule.Listed{Key: p.Name, Kind: rule.ListedPerson, Name: p.Name, Unit: p.Unit, Post: p.Post, Address: b[p.Name]})
	}
	kinds := map[string]rule.ListedKind{"group": rule.ListedGroup, "post": rule.ListedPost, "publish": rule.ListedPublish}
	for _, e := range Entries() {
		list = append(list, rule.Listed{Key: e.Name, Kind: kinds[e.Kind], Name: e.Name, Aliases: e.Aliases, Members: e.Members, Address: b[e.Box]})
	}
	return rule.NewIndex(list)
}

// document reads a sample as the client would: the text of the file, then the document in it.
func document(t *testing.T, name string) (rule.Document, rule.Plan, string) {
	t.Helper()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, rule.Zone)
	for _, d := range Documents(now, rule.RegulationText()) {
		if d.Name != name {
			continue
		}
		text, err := letter.DocumentText(d.Name, d.Data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		dir := directory()
		doc := rule.ReadDocumentWith(text.Text, dir)
		return doc, rule.Resolve(doc, dir, rule.ResolveOptions{Domain: Domain, Self: Me.Unit}), text.Text
	}
	t.Fatalf("no sample %q", name)
	return rule.Document{}, rule.Plan{}, ""
}

func table(p rule.Plan) string {
	names := []string{"ready", "group", "kept", "unfolded", "within", "skipped", "publish", "stranger", "choose", "unknown"}
	var b strings.Builder
	for _, r := range p.Rows {
		fmt.Fprintf(&b, "%s: %s %d\n", r.Name, names[r.State], len(r.Targets))
	}
	return b.String()
}

// The regulation's own decision, from file to recipients (domain 6.1): every line of its block is accounted for.
func TestDecision(t *testing.T) {
	const want = `Như Điều 3: unfolded 0
Chánh Văn phòng UBND tỉnh: ready 1
Sở, ban, ngành của tỉnh: group 7
UBND các huyện, thành phố, thị xã: group 2
các cơ quan, đơn vị khác và cá nhân có liên quan: unknown 0
Văn phòng Chính phủ: stranger 0
Website Chính phủ: publish 0
Bộ Thông tin và Truyền thông: stranger 0
Cục kiểm tra VBQPPL Bộ Tư pháp: stranger 0
Đoàn đại biểu Quốc hội tỉnh: unknown 0
Thường trực Tỉnh ủy: unknown 0
Thường trực HĐND tỉnh: unknown 0
Chủ tịch, các Phó chủ tịch UBND tỉnh: group 3
Công báo tỉnh Ninh Bình: publish 0
Cổng TTĐT tỉnh: publish 0
Lưu: kept 0
`
	for _, name := range []string{"Quyết định 10-2013-QĐ-UBND.docx", "Quyết định 10-2013-QĐ-UBND.txt"} {
		d, p, _ := document(t, name)
		if d.Mark() != "10/2013/QĐ-UBND" || d.Kind != "Quyết định" {
			t.Errorf("%s: %q %q", name, d.Kind, d.Mark())
		}
		if got := table(p); got != want {
			t.Errorf("%s: got\n%swant\n%s", name, got, want)
		}
		if len(p.Recipients) != 13 {
			t.Errorf("%d recipients", len(p.Recipients))
		}
	}
}

func TestSamples(t *testing.T) {
	for _, name := range []string{"Công văn 512-SKHĐT-THQH.docx", "Công văn 512-SKHĐT-THQH.odt"} {
		d, p, _ := document(t, name)
		if d.Mark() != "512/SKHĐT-THQH" || d.Draft || len(p.Open()) != 0 || len(p.Recipients) != 7 {
			t.Errorf("%s: %q, draft %v %v, %d recipients\n%s", name, d.Mark(), d.Draft, d.Why, len(p.Recipients), table(p))
		}
	}
	if d, p, _ := document(t, "Giấy mời 79-GM-SKHĐT (khẩn).docx"); d.Urgency != rule.Urgent || len(p.Open()) != 0 || len(p.Recipients) != 5 {
		t.Errorf("invitation: %v, open %v, %d recipients\n%s", d.Urgency, p.Open(), len(p.Recipients), table(p))
	}
	if d, _, _ := document(t, "Dự thảo tờ trình (chưa có số).docx"); !d.Draft || !slices.Contains(d.Why, "blank-number") {
		t.Errorf("draft: %v %v", d.Draft, d.Why)
	}
	_, _, text := document(t, "Kế hoạch diễn tập (có dấu mật).docx")
	if found := rule.Secrecy("attachment", text); !slices.ContainsFunc(found, func(f mail.Finding) bool { return f.Verdict == mail.Block }) {
		t.Errorf("the stamp is not seen: %+v", found)
	}
}

package rule

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// province is a directory as the register of the province would give it.
func province(t testing.TB, more int) *Index {
	t.Helper()
	var list []Listed
	var offices, districts []string
	for _, r := range rows(t, "units.psv") {
		e := Listed{Key: "u:" + r[0], Name: r[0], Address: r[2] + "@ninhbinh.gov.vn"}
		switch {
		case strings.Contains(r[0], "&"), strings.HasPrefix(r[0], "Văn phòng Ủy ban nhân dân"):
			continue // second spellings
		case r[0] == "Thanh tra tỉnh":
			e.Address = "thanhtra@ninhbinh.gov.vn"
		case strings.HasPrefix(r[0], "UBND huyện"), strings.HasPrefix(r[0], "UBND thành"), strings.HasPrefix(r[0], "UBND thị"):
			districts = append(districts, e.Key)
		case strings.HasPrefix(r[0], "Sở"), strings.HasPrefix(r[0], "Ban"):
			offices = append(offices, e.Key)
		}
		list = append(list, e)
	}
	person := func(key, name, post, unit string) Listed {
		return Listed{Key: key, Kind: ListedPerson, Name: name, Post: post, Unit: unit, Address: key + "@ninhbinh.gov.vn"}
	}
	list = append(list,
		Listed{Key: "g:so", Kind: ListedGroup, Name: "Các Sở, ban, ngành của tỉnh", Aliases: []string{"Sở, ban, ngành"}, Members: offices},
		Listed{Key: "g:huyen", Kind: ListedGroup, Name: "UBND các huyện, thành phố, thị xã", Members: districts},
		Listed{Key: "g:ld", Kind: ListedPost, Name: "Chủ tịch, các Phó Chủ tịch UBND tỉnh", Address: "lanhdao@ninhbinh.gov.vn"},
		person("hungtv.kh&dt", "Trần Văn Hùng", "Chuyên viên", "Sở Kế hoạch và Đầu tư"),
		person("hungtv.tc", "Trần Văn Hùng", "Kế toán", "Sở Tài chính"),
		person("hungtv2.tc", "Trần Văn Hưng", "Văn thư", "Sở Tài chính"),
		person("hantt.vp", "Nguyễn Thị Thu Hà", "Trưởng phòng Hành chính", "Văn phòng UBND tỉnh"),
	)
	given := strings.Fields("An Bình Chi Dung Giang Hà Khánh Lan Minh Nga Oanh Phúc Quân Sơn Tâm Uyên Vinh Xuân Yến")
	for i := range more {
		n := fmt.Sprintf("Phạm %s %s %s", given[i%19], given[i/19%19], given[i/361%19])
		list = append(list, person(fmt.Sprintf("p%d.x", i), n, "Chuyên viên", "Sở Nội vụ"))
	}
	return NewIndex(list)
}

func TestLookup(t *testing.T) {
	dir := province(t, 0)
	for _, c := range []struct{ typed, want string }{
		{"Sở Kế hoạch và Đầu tư", "Sở Kế hoạch và Đầu tư 100 name"},
		{"sở kế hoạch & đầu tư", "Sở Kế hoạch và Đầu tư 100 name"},
		{"Sở KH&ĐT", "Sở Kế hoạch và Đầu tư 92 abbreviation"},
		{"Sở KHĐT", "Sở Kế hoạch và Đầu tư 92 abbreviation"},
		{"Sở KH và ĐT", "Sở Kế hoạch và Đầu tư 92 abbreviation"},
		{"kh&đt@ninhbinh.gov.vn", "Sở Kế hoạch và Đầu tư 100 address"},
		{"SO TAI CHINH", "Sở Tài chính 90 no-marks"},
		{"Sở Tài chinh", "Sở Tài chính 65 other-marks"},
		{"VP UBND tỉnh Ninh Bình", "Văn phòng UBND tỉnh 100 name"},
		{"Ủy ban nhân dân huyện Nho Quan", "UBND huyện Nho Quan 100 name"},
		{"UBND TP. Ninh Bình", "UBND thành phố Ninh Bình 100 name"},
		{"Sở Văn hoá, Thể thao và Du lịch", "Sở Văn hóa, Thể thao và Du lịch 100 name"},
		{"Sở Kế hạch và Đầu tư", "Sở Kế hoạch và Đầu tư 65 similar"},
		{"UBND các huyện, thị xã và thành phố", "UBND các huyện, thành phố, thị xã 88 same-words"},
		{"Sở Hàng hải", ""},
		{"", ""},
	} {
		got := ""
		if m := dir.Lookup(c.typed); len(m) > 0 {
			got = fmt.Sprintf("%s %d %s", m[0].Name, m[0].Confidence, m[0].How)
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.typed, got, c.want)
		}
	}
}

func TestCommonAgencies(t *testing.T) {
	for _, r := range dataRows("agencies.psv") {
		if len(r) != 4 || r[2] != "A" && r[2] != "P" || r[3] != "tw" && r[3] != "tinh" {
			t.Errorf("row %q", r)
			continue
		}
		for _, s := range strings.Split(r[0]+";"+r[1], ";") {
			if a, ok := commonAgency(s); s != "" && (!ok || a.name != r[0]) {
				t.Errorf("%q leads to %q", s, a.name)
			}
		}
	}
}

var stateNames = []string{"ready", "group", "kept", "unfolded", "within", "skipped", "publish", "stranger", "choose", "unknown"}

func planText(p Plan) string {
	var b strings.Builder
	for _, r := range p.Rows {
		if r.Parent >= 0 {
			b.WriteString("  ")
		}
		fmt.Fprintf(&b, "%s: %s", r.Name, stateNames[r.State])
		if len(r.Targets) > 0 {
			fmt.Fprintf(&b, " %d", len(r.Targets))
		}
		if r.Same >= 0 {
			fmt.Fprintf(&b, " =%d", r.Same)
		}
		b.WriteByte('\n')
	}
	return strings.TrimSpace(b.String())
}

// The sample decision, every line of its block accounted for.
func TestResolveSample(t *testing.T) {
	raw, err := os.ReadFile("testdata/qd-10-2013-ubnd.txt")
	if err != nil {
		t.Fatal(err)
	}
	dir := province(t, 0)
	d := ReadDocumentWith(string(raw), dir)
	p := Resolve(d, dir, ResolveOptions{Domain: "ninhbinh.gov.vn"})
	want := `Như Điều 3: unfolded
  Chánh Văn phòng UBND tỉnh: ready 1
  Sở, ban, ngành của tỉnh: group 17
  UBND các huyện, thành phố, thị xã: group 8
  các cơ quan, đơn vị khác và cá nhân có liên quan: unknown
Văn phòng Chính phủ: stranger
Website Chính phủ: publish
Bộ Thông tin và Truyền thông: stranger
Cục kiểm tra VBQPPL Bộ Tư pháp: stranger
Đoàn đại biểu Quốc hội tỉnh: unknown
Thường trực Tỉnh ủy: unknown
Thường trực HĐND tỉnh: unknown
Chủ tịch, các Phó chủ tịch UBND tỉnh: ready 1
Công báo tỉnh Ninh Bình: publish
Cổng TTĐT tỉnh: publish
Lưu: kept`
	if got := planText(p); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(p.Recipients) != 27 || len(p.Open()) != 10 {
		t.Errorf("%d recipients, %d open", len(p.Recipients), len(p.Open()))
	}
	picks := map[int]Pick{}
	for _, i := range p.Open() {
		picks[i] = Pick{Skip: true}
	}
	picks[5] = Pick{Address: "vpcp@chinhphu.example"}
	p = Resolve(d, dir, ResolveOptions{Domain: "ninhbinh.gov.vn", Picks: picks})
	if len(p.Open()) != 0 || len(p.Recipients) != 28 || !p.Rows[5].Outside {
		t.Errorf("after the choices: open %v, %d recipients, row %+v", p.Open(), len(p.Recipients), p.Rows[5])
	}
}

func TestResolve(t *testing.T) {
	dir := province(t, 0)
	for _, c := range []struct{ name, text, want string }{
		{
			"one copy", "Kính gửi: Sở Nội vụ.\n\nNơi nhận:\n- Như trên;\n- Sở Tài chính;\n- Các Sở, ban, ngành của tỉnh;\n- Sở Tài chính (để phối hợp);\n- Lưu: VT.",
			"Như trên: unfolded\n  Sở Nội vụ: ready 1\nSở Tài chính: ready 1\nCác Sở, ban, ngành của tỉnh: group 17\nSở Tài chính: ready 1 =2\nLưu: kept",
		},
		{
			"namesakes", "Nơi nhận:\n- Ông Trần Văn Hùng (t/h);\n- Ông Trần Văn Hùng, Kế toán Sở Tài chính;\n- Bà Nguyễn Thị Thu Hà, Trưởng phòng Hành chính;\n- Ông Phạm Ngọc Ánh, thôn Đồng Xuân;\n- Lưu: VT.",
			"Trần Văn Hùng: choose\nTrần Văn Hùng: ready 1\nNguyễn Thị Thu Hà: ready 1\nPhạm Ngọc Ánh: stranger\nLưu: kept",
		},
		{
			"abbreviations", "Nơi nhận:\n- Như trên;\n- Các Sở: KH&ĐT, TC, TN&MT, XD, GTVT, NV;\n- Công an tỉnh;\n- Các Ban QLDA chuyên ngành tỉnh;\n- Giám đốc Sở (để b/c);\n- VP UBND tỉnh: LĐVP, các PCVP, TTTH-CB;\n- Lưu: VT.",
			"Như trên: unknown\nSở KH&ĐT: ready 1\nSở TC: ready 1\nSở TN&MT: ready 1\nSở XD: ready 1\nSở GTVT: ready 1\nSở NV: ready 1\nCông an tỉnh: ready 1\nCác Ban QLDA chuyên ngành tỉnh: unknown\nGiám đốc Sở: ready 1 =1\nVP UBND tỉnh: ready 1\n  LĐVP: within\n  các PCVP: within\n  TTTH-CB: within\nLưu: kept",
		},
		{"a slip", "Nơi nhận:\n- Sở Kế hạch và Đầu tư;\n- Giám đốc Sở Y tế;\n- Lưu: VT.", "Sở Kế hạch và Đầu tư: choose\nGiám đốc Sở Y tế: ready 1\nLưu: kept"},
	} {
		d := ReadDocumentWith(c.text, dir)
		p := Resolve(d, dir, ResolveOptions{Domain: "ninhbinh.gov.vn", Self: "u:Sở Kế hoạch và Đầu tư"})
		if got := planText(p); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
		if len(Resolve(d, nil, ResolveOptions{}).Recipients) != 0 {
			t.Errorf("%s: recipients without a directory", c.name)
		}
	}
	d := ReadDocument("Nơi nhận:\n- Sở Tài chính (t/h);\n- Sở Tài chính (để phối hợp);\n- Lưu: VT.")
	p := Resolve(d, dir, ResolveOptions{Domain: "ninhbinh.gov.vn"})
	if len(p.Recipients) != 1 || strings.Join(p.Recipients[0].Purposes, ",") != "thực hiện,phối hợp" {
		t.Errorf("purposes %+v", p.Recipients)
	}
}

// A member of a group without a box is named, never left out in silence (D 2.6 rule 10).
func TestMembersWithoutBox(t *testing.T) {
	dir := NewIndex([]Listed{
		{Key: "a", Name: "Sở Tài chính", Address: "tc@x.vn"},
		{Key: "b", Name: "Sở Y tế"}, // locked: listed without a box
		{Key: "in", Kind: ListedGroup, Name: "Khối trong", Members: []string{"a", "b", "in", "gone"}},
		{Key: "g", Kind: ListedGroup, Name: "Các cơ quan khối tài chính", Members: []string{"in", "a"}},
		{Key: "none", Kind: ListedGroup, Name: "Các ban khối trong", Members: []string{"b"}},
	})
	const text = "Nơi nhận:\n- Các cơ quan khối tài chính;\n- Các ban khối trong;\n- Lưu: VT.\n"
	d := ReadDocumentWith(text, dir)
	p := Resolve(d, dir, ResolveOptions{})
	missing := func(r Row) string {
		var out []string
		for _, m := range r.Missing {
			out = append(out, m.Name+"/"+m.Key)
		}
		return strings.Join(out, " ")
	}
	if r := p.Rows[0]; r.State != RowGroup || len(r.Targets) != 1 || missing(r) != "Sở Y tế/b /gone" {
		t.Errorf("%v %d targets, missing %q", r.State, len(r.Targets), missing(r))
	}
	if r := p.Rows[1]; !r.State.Open() || missing(r) != "" {
		t.Errorf("a group without any box: %v %q", r.State, missing(r))
	}
	if _, skipped := p.LeftOut(); strings.Join(skipped, "|") != "Sở Y tế (Các cơ quan khối tài chính: không có hộp thư)|gone (Các cơ quan khối tài chính: không có hộp thư)" {
		t.Errorf("the register would say %q", skipped)
	}
	p = Resolve(d, dir, ResolveOptions{Picks: map[int]Pick{0: {Skip: true}, 1: {Keys: []string{"a", "lost"}}}})
	if missing(p.Rows[0]) != "" || missing(p.Rows[1]) != "/lost" || len(p.Recipients) != 1 {
		t.Errorf("picked: %q %q", missing(p.Rows[0]), missing(p.Rows[1]))
	}
}

func BenchmarkResolve(b *testing.B) {
	raw, err := os.ReadFile("testdata/qd-10-2013-ubnd.txt")
	if err != nil {
		b.Fatal(err)
	}
	dir := province(b, 50000)
	b.Run("sample", func(b *testing.B) {
		for b.Loop() {
			d := ReadDocumentWith(string(raw), dir)
			if p := Resolve(d, dir, ResolveOptions{Domain: "ninhbinh.gov.vn"}); len(p.Rows) != 16 {
				b.Fatal(len(p.Rows))
			}
		}
	})
	b.Run("similar", func(b *testing.B) {
		for b.Loop() {
			dir.Lookup("Phạm Bình An Khánk")
		}
	})
}

// TestStranger: what nobody knows is outside the system only where its name says so.
func TestStranger(t *testing.T) {
	for name, want := range map[string]RowState{
		"Bộ Tư pháp": RowStranger, "Bộ Chính trị": RowStranger, "Cục Kiểm tra văn bản - Bộ Tư pháp": RowStranger, "Cục Công tác phía Nam Bộ Tư pháp": RowStranger,
		"Vụ Tổ chức cán bộ - Bộ Nội vụ": RowStranger, "Cuc Cong tac phia Nam - Bo Tu phap": RowStranger, "Tổng cục Thuế": RowStranger,
		"Hội Chữ thập đỏ Việt Nam": RowStranger, "Công ty Cổ phần Bình Minh": RowStranger,
		"Bộ Chỉ huy Quân sự tỉnh": RowUnknown, "Bộ CHQS tỉnh": RowUnknown, "Bộ CH BĐBP tỉnh": RowUnknown, "Trường Đào tạo cán bộ tỉnh": RowUnknown,
		"Bộ phận Một cửa huyện Yên Mô": RowUnknown, "Cục Thuế tỉnh": RowUnknown, "Đảng bộ Sở Y tế": RowUnknown,
	} {
		p := Resolve(ReadDocument("Nơi nhận:\n- "+name+";\n- Lưu: VT.\n"), NewIndex(nil), ResolveOptions{})
		if len(p.Rows) != 2 || p.Rows[0].State != want || p.Rows[0].Outside != (want == RowStranger) {
			t.Errorf("%s: %+v", name, p.Rows)
		}
	}
}

// TestOwnUnit: a post without the name of its unit is the issuing unit's, whatever kind of unit that is, and no other's.
func TestOwnUnit(t *testing.T) {
	for _, c := range []struct {
		self, entry string
		own         bool
	}{
		{"Sở Nội vụ", "Giám đốc Sở", true},
		{"Sở Nội vụ", "Giám đốc, các Phó Giám đốc Sở (để b/c)", true},
		{"Trung tâm Công nghệ thông tin", "Giám đốc Trung tâm", true},
		{"Chi cục Thủy lợi", "Lãnh đạo Chi cục", true},
		{"UBND xã Ninh Hải", "Chủ tịch, các Phó Chủ tịch UBND", true},
		{"Bệnh viện Sản - Nhi", "Giám đốc Bệnh viện", true},
		{"UBND tỉnh", "Giám đốc Sở", false},
		{"Sở Nội vụ", "Lãnh đạo Ban", false},
		{"Sở Nội vụ", "Giám đốc Sở Y tế", false},
	} {
		dir := NewIndex([]Listed{{Key: "self", Name: c.self, Address: "self@ninhbinh.gov.vn"}})
		p := Resolve(ReadDocument("Nơi nhận:\n- "+c.entry+";\n- Lưu: VT.\n"), dir, ResolveOptions{Self: "self"})
		if own := p.Rows[0].How == "own-unit" && p.Rows[0].State == RowReady; own != c.own {
			t.Errorf("%s of %s: %+v", c.entry, c.self, p.Rows[0])
		}
	}
}

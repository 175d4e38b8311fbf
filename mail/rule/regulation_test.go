package rule

import (
	"strings"
	"testing"
)

func TestRegulationWhole(t *testing.T) {
	decision, articles := DecisionArticles(), Articles()
	if len(decision) != 3 || len(articles) != 18 {
		t.Fatalf("%d articles of the Decision, %d of the Regulation", len(decision), len(articles))
	}
	chapters := map[int]string{}
	for i, a := range articles {
		if a.Number != i+1 || a.Act != ActRegulation || a.Title == "" || a.Chapter == 0 {
			t.Errorf("article %d: %+v", i+1, a)
		}
		chapters[a.Chapter] = a.ChapterTitle
		if got := RegulationText()[a.Start:a.End]; !strings.HasPrefix(got, "Điều ") || !strings.HasSuffix(got, a.Passages[len(a.Passages)-1].Text) {
			t.Errorf("%s covers %q", a.Ref(), got)
		}
		for _, p := range a.Passages {
			if RegulationText()[p.Start:p.End] != p.Text || p.Text == "" {
				t.Errorf("%s: %q is not at %d", p.Ref, p.Text, p.Start)
			}
			if lines := strings.Split(RegulationText(), "\n"); !strings.Contains(lines[p.Line-1], p.Text) {
				t.Errorf("%s: not in line %d", p.Ref, p.Line)
			}
		}
	}
	if len(chapters) != 5 || chapters[1] != "QUY ĐỊNH CHUNG" || chapters[5] != "TỔ CHỨC THỰC HIỆN" {
		t.Errorf("chapters: %v", chapters)
	}
	// Nothing of the Regulation's body is lost: every line behind its first chapter stands in an article or is a heading.
	_, body, _ := strings.Cut(RegulationText(), "Chương 1.")
	for _, line := range strings.Split(body, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "Chương ") || strings.ToUpper(line) == line {
			continue
		}
		if hits := SearchRegulation(firstWords(line, 6)); len(hits) == 0 {
			t.Errorf("line not found: %q", line)
		}
	}
	if a := decision[2]; strings.Contains(RegulationText()[a.Start:a.End], "Nơi nhận") || !strings.HasPrefix(a.Passages[0].Text, "Chánh Văn phòng") {
		t.Errorf("QĐ 3: %+v", a)
	}
}

func firstWords(s string, n int) string {
	w := strings.Fields(s)
	return strings.Join(w[:min(n, len(w))], " ")
}

func TestClause(t *testing.T) {
	for _, row := range []struct{ ref, canonical, begins, ends string }{
		{"7.1b", "QC 7.1b", "b) Văn bản gửi nhận", "văn bản giấy;"},
		{"QC 7.1b", "QC 7.1b", "b) Văn bản gửi nhận", "văn bản giấy;"},
		{"Đ7.1b", "QC 7.1b", "b) Văn bản gửi nhận", "văn bản giấy;"},
		{"điểm b khoản 1 Điều 7", "QC 7.1b", "b) Văn bản gửi nhận", "văn bản giấy;"},
		{"QC 7.1", "QC 7.1", "1. Thông tin trao đổi", "dịch vụ công;"},
		{"7", "QC 7", "Điều 7. Thông tin", "Bộ Thông tin và Truyền thông công bố Danh mục tiêu chuẩn kỹ thuật về ứng dụng công nghệ thông tin trong cơ quan nhà nước."},
		{"QC 4.2", "QC 4.2", "2. Hộp thư cá nhân", "liền sau tenhodem."},
		{"4.2 ¶2", "QC 4.2", "2. Hộp thư cá nhân", "liền sau tenhodem."},
		{"5.2a", "QC 5.2a", "a) Không đưa vào sử dụng", "được cấp;"},
		{"8.2", "QC 8.2", "2. Thông tin tiết lộ", "quy định."},
		{"QC 13.7", "QC 13.7", "7. Khi phát hiện", "xử lý."},
		{"QC 9", "QC 9", "Điều 9. Kiểm tra thư", "gửi đến."},
		{"QĐ 3", "QĐ 3", "Điều 3. Chánh Văn phòng", "Quyết định này./."},
		{"Điều 3 Quyết định", "QĐ 3", "Điều 3. Chánh Văn phòng", "Quyết định này./."},
		{"Điều 3", "QC 3", "Điều 3. Quản lý Nhà nước", "đúng mục đích."},
		{"QĐ Đ2", "QĐ 2", "Điều 2. Quyết định này có hiệu lực", "ngày ký."},
		{"QC 18", "QC 18", "Điều 18. Sửa đổi", "phù hợp./."},
	} {
		p, ok := Clause(row.ref)
		if !ok || p.Ref != row.canonical || !strings.HasPrefix(p.Text, row.begins) || !strings.HasSuffix(p.Text, row.ends) {
			t.Errorf("Clause(%q) = %q %v %.60q … %q", row.ref, p.Ref, ok, p.Text, p.Text[max(0, len(p.Text)-40):])
		}
		if ok && RegulationText()[p.Start:p.End] != p.Text {
			t.Errorf("%q: wrong position", row.ref)
		}
	}
	for _, ref := range []string{"", "19", "7.9", "7.1x", "QĐ 4", "QĐ 3.1", "x", "7.1b.2", strings.Repeat("7", 200), "0"} {
		if p, ok := Clause(ref); ok {
			t.Errorf("Clause(%q) = %+v", ref, p)
		}
	}
}

func TestSearchRegulation(t *testing.T) {
	for _, row := range []struct {
		query string
		first string
		count int // at least; 0 for none
	}{
		{"bi mat", "QC 8.2", 3},
		{"bí mật nhà nước", "QC 8.2", 2},
		{"BÍ MẬT", "QC 8.2", 3},
		{"mat khau", "QC 13.1", 3},
		{"quy định", "QC 1.1", 5}, // the text writes qui and quy
		{"qui định", "QC 1.1", 5},
		{"TCVN 6909:2001", "QC 7.2", 1},
		{"nơi nhận", "QC 7.1a", 1},
		{"Uỷ ban", "QĐ 1", 0}, // QC 3.1, and nothing in the Decision's articles
		{"không có chữ này", "", 0},
		{"  ", "", 0},
		{"mật kh", "QC 8.2", 3}, // "bí mật khác",
	} {
		hits := SearchRegulation(row.query)
		if len(hits) < row.count || row.count > 0 && hits[0].Ref != row.first {
			t.Errorf("SearchRegulation(%q) = %d hits, %+v", row.query, len(hits), hits)
		}
		for _, h := range hits {
			if h.Start >= h.End || h.Line == 0 {
				t.Errorf("%q: %+v", row.query, h)
			}
		}
	}
	if hits := SearchRegulation("không có chữ này"); hits != nil {
		t.Errorf("found %+v", hits)
	}
	if a, b := SearchRegulation("Uỷ ban nhân dân"), SearchRegulation("Ủy ban nhân dân"); len(a) == 0 || len(a) != len(b) {
		t.Errorf("tone style: %d and %d hits", len(a), len(b))
	}
}

func FuzzRegulation(f *testing.F) {
	for _, s := range []string{"7.1b", "QĐ 3", "điểm b khoản 1 Điều 7", "bí mật nhà nước", "qui", "Đ7.1b ¶2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if p, ok := Clause(s); ok && (p.Text == "" || RegulationText()[p.Start:p.End] != p.Text) {
			t.Fatalf("%q: %+v", s, p)
		}
		for _, h := range SearchRegulation(s) {
			if h.Start >= h.End || h.End > len(RegulationText()) {
				t.Fatalf("%q: %+v", s, h)
			}
		}
	})
}

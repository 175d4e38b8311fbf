package viet

import (
	"testing"
	"unicode/utf8"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		in   string
		kind []IssueKind
		text string
		fix  string
	}{
		{"", nil, "", ""},
		{"Plain text, 100%.\r\n\tYes", nil, "", ""},
		{"Kính gửi: Ủy ban nhân dân tỉnh “Ninh Bình” – 5 ₫", nil, "", ""},
		{"会議 Москва café 😀", nil, "", ""},
		{"Kính gu\u031b\u0309i anh", []IssueKind{Decomposed}, "gu\u031b\u0309i", "gửi"},
		{"trường Ðại học", []IssueKind{Strange}, "Ðại", "Đại"},
		{"người dÂn ð\u01b0ợc", []IssueKind{Strange}, "ðược", "được"},
		{"KÝnh göi: V¨n phßng", []IssueKind{Legacy}, "KÝnh", "Kính"},
		{"mã \ue001 riêng", []IssueKind{Strange}, "\ue001", ""},
		{"a\x07b", []IssueKind{Strange}, "a\x07b", ""},
		{"x\u0301 lẻ", []IssueKind{Strange}, "x\u0301", ""},
		{"а\u0301 Кирилл", nil, "", ""},
		{"a\xff", []IssueKind{NotUTF8}, "", ""},
		{"báo\u00ad cáo", []IssueKind{Strange}, "báo\u00ad", "báo"},
		{"Ninh\u200bBình", []IssueKind{Strange}, "Ninh\u200bBình", "NinhBình"},
		{"h\u043eàn thành", []IssueKind{Strange}, "h\u043eàn", "hoàn"},
		{"👩\u200d💻 làm việc", nil, "", ""},
		{"Москва и Сочи, α và β", nil, "", ""},
		{"e\u0302 và Ðộ", []IssueKind{Decomposed, Strange}, "e\u0302", "ê"},
	} {
		got := Check(c.in)
		if len(got) != len(c.kind) {
			t.Errorf("Check(%+q) = %+v", c.in, got)
			continue
		}
		for i := range got {
			if got[i].Kind != c.kind[i] || i == 0 && (got[i].Text != c.text || got[i].Fix != c.fix) {
				t.Errorf("Check(%+q)[%d] = %+q", c.in, i, got[i])
			}
		}
	}
}

func TestMend(t *testing.T) {
	for in, want := range map[string]string{
		"":                   "",
		"Đúng  rồi\n\n ạ.\t": "Đúng  rồi\n\n ạ.\t",
		"trường Ðại học ð\u01b0ợc\u00ad": "trường Đại học được",
		"gu\u031b\u0309i h\u043eàn":      "gửi hoàn",
		"KÝnh göi: V¨n phßng":            "Kính gửi: Văn phòng",
		"Москва":                         "Москва",
		"a\xffb":                         "a\ufffdb",
	} {
		if got := Mend(in); got != want {
			t.Errorf("Mend(%+q) = %+q, want %+q", in, got, want)
		}
	}
}

// What is mended stays mended, and no word that conforms is touched.
func FuzzMend(f *testing.F) {
	f.Add("trường Ðại học h\u043eàn KÝnh göi \u00ad \xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := Mend(s)
		if !utf8.ValidString(got) || NFC(got) != got {
			t.Fatalf("%+q → %+q", s, got)
		}
		if len(Check(s)) == 0 && got != s {
			t.Fatalf("%+q conforms and became %+q", s, got)
		}
	})
}

func FuzzCheck(f *testing.F) {
	f.Add("Kính gu\u031b\u0309i \xff Ðại KÝnh göi")
	f.Fuzz(func(t *testing.T, s string) {
		for _, i := range Check(s) {
			if i.Kind == 0 || !utf8.ValidString(i.Text) || !utf8.ValidString(i.Fix) {
				t.Fatalf("%+q: %+v", s, i)
			}
		}
	})
}

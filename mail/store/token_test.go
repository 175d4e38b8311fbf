package store

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3/ext/fts5"
	"golang.org/x/text/unicode/norm"

	"hopthu/mail"
)

func TestTokenize(t *testing.T) {
	for _, c := range []struct {
		text  string
		flags fts5.TokenizeFlag
		want  string // tokens; "=" stands before one at the same place
	}{
		{"Hộp thư điện tử", fts5.TOKENIZE_DOCUMENT, "hop =hộp thu =thư dien =điện tu =tử"},
		{norm.NFD.String("Hộp thư"), fts5.TOKENIZE_DOCUMENT, "hop =hộp thu =thư"},
		{"Hộp thu", fts5.TOKENIZE_QUERY, "hộp thu"},
		{"Hòa quy ký", fts5.TOKENIZE_QUERY, "hòa =hoà quy =qui ký =kí"},
		{"ky ky", fts5.TOKENIZE_QUERY, "ky =ki ky"},
		{"KH–UBND số 12/KH-UBND", fts5.TOKENIZE_DOCUMENT, "kh ubnd so =số 12 kh ubnd"},
		{"đ/c KH&ĐT 1.284 05/8/2013", fts5.TOKENIZE_DOCUMENT, "d =đ c kh dt =đt 1 284 05 8 2013"},
		{"Nguyễn\u00a0Văn\u200bAn", fts5.TOKENIZE_DOCUMENT, "nguyen =nguyễn vanan =vănan"},
		{"đi\u00adện t\u200bử\ufeff", fts5.TOKENIZE_DOCUMENT, "dien =điện tu =tử"},
		{"Số 12/QĐ-UBND", fts5.TOKENIZE_DOCUMENT, "so =số 12 qd =qđ ubnd"},
		{"an.nguyen@ninhbinh.gov.vn", fts5.TOKENIZE_DOCUMENT, "an nguyen ninhbinh gov vn"},
		{"Café naïve", fts5.TOKENIZE_DOCUMENT, "cafe =café naive"},
		{"日本 ё", fts5.TOKENIZE_DOCUMENT, "日本 е"},
		{" \x00 -- \xff ", fts5.TOKENIZE_DOCUMENT, ""},
		{strings.Repeat("x", 100), fts5.TOKENIZE_DOCUMENT, strings.Repeat("x", maxToken)},
		{"", fts5.TOKENIZE_DOCUMENT, ""},
	} {
		var got []string
		err := tokenizer{}.Tokenize(c.flags, c.text, "", func(f fts5.TokenFlag, token string, start, end int) error {
			if start < 0 || end > len(c.text) || start >= end {
				t.Errorf("%q: token %q at %d:%d", c.text, token, start, end)
			}
			if f&fts5.TOKEN_COLOCATED != 0 {
				token = "=" + token
			}
			got = append(got, token)
			return nil
		})
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%q: %q (%v), want %q", c.text, got, err, c.want)
		}
	}
}

func FuzzTokenize(f *testing.F) {
	for _, s := range []string{"Hộp thư", "a\u0301\u0323", "\xff\xfeđ", strings.Repeat("ộ", 50)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		err := tokenizer{}.Tokenize(fts5.TOKENIZE_DOCUMENT, s, "", func(_ fts5.TokenFlag, token string, start, end int) error {
			if start < last || end > len(s) || token == "" {
				return fmt.Errorf("token %q at %d:%d after %d", token, start, end, last)
			}
			last = start
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if len(parseQuery(s)) > len(s) {
			t.Error("more words than bytes")
		}
	})
}

// The documents and queries that chose the tokenizer: which letters each query finds, exact ones first.
func TestSearchWithAndWithoutMarks(t *testing.T) {
	b := openBox(t)
	docs := []string{
		"Hộp thư điện tử của Đặng Văn Đức", norm.NFD.String("Hộp thư điện tử của Đặng Văn Đức"),
		"Hop thu dien tu cua Dang Van Duc", "họp thủ đô diễn từ",
	}
	var list []Incoming
	for i, d := range docs {
		list = append(list, letter(i+1, d))
	}
	ids := b.put(mail.RoleInbox, list...)
	for _, c := range []struct {
		query string
		exact []int
		loose []int
	}{
		{"hop thu dien tu", []int{3, 2, 1}, []int{4}}, // 4 has the words, but not side by side
		{"hộp thư điện tử", []int{2, 1}, []int{3, 4}},
		{norm.NFD.String("hộp thư điện tử"), []int{2, 1}, []int{3, 4}},
		{"HỘP THƯ", []int{2, 1}, []int{4, 3}},
		{"dang van duc", []int{3, 2, 1}, nil},
		{"dien", []int{4, 3, 2, 1}, nil},
		{"diễn", []int{4}, []int{3, 2, 1}},
		{"hop thu d", []int{4, 3, 2, 1}, nil}, // a lone letter at the end is not sought yet
		{"thư điệ", []int{2, 1}, []int{3, 4}},
		{"thư điê", nil, []int{3, 2, 1, 4}}, // unfinished word: the mark is not right yet
		{"duc dang", nil, []int{3, 2, 1}},   // words anywhere come last
		{"hop xyz", nil, nil},               // nothing
		{`"hop" OR* (thu) -`, nil, nil},     // operators are not operators
	} {
		l := b.list(mail.ListQuery{Account: me, Text: c.query})
		want := make([]mail.LetterID, 0)
		for _, n := range append(append([]int{}, c.exact...), c.loose...) {
			want = append(want, ids[n-1])
		}
		got := append(make([]mail.LetterID, 0), l.IDs...)
		if !reflect.DeepEqual(got, want) || l.Exact != len(c.exact) {
			t.Errorf("%q finds %v, exact %d; want %v, exact %d", c.query, got, l.Exact, want, len(c.exact))
		}
	}
}

// TestSearchTakesAnything: whatever is typed or pasted gives an answer, not an error.
func TestSearchTakesAnything(t *testing.T) {
	b := openBox(t)
	b.put(mail.RoleInbox, letter(1, "NEAR AND OR NOT báo-cáo.pdf"))
	for _, q := range []string{
		"\x00@a.b", `a"@b.c`, "%@_._", "*", "NEAR(a b)", "-ab", "^ab", "ab:cd", "{ab cd}:ef", "ab AND", "OR", `"`, `""`, "ab*", "\xff\xfe ab", "...", "a@", "@.@",
		strings.Repeat("kế hoạch ", 5000), strings.Repeat("x", 100_000), strings.Repeat("a.b@", 3000),
	} {
		if _, err := b.List(b.ctx(), mail.ListQuery{Account: me, Text: q}); err != nil {
			t.Errorf("%.40q gives %v", q, err)
		}
	}
	for _, q := range []string{"near", "NOT", "bao-cao.pdf", "cao.p", "binh.tran@ninh", "TRAN@ninhbinh.example", "n@n", "near tran@"} {
		if l := b.list(mail.ListQuery{Account: me, Text: q}); len(l.IDs) != 1 {
			t.Errorf("%q finds %d letters", q, len(l.IDs))
		}
	}
}

// TestSearchSpellings: one word written in the ways that offices write it (G26), and what stands in numbers and signs.
func TestSearchSpellings(t *testing.T) {
	b := openBox(t)
	docs := []string{
		"Hoà giải ở cơ sở theo qui định", "Hòa giải ở cơ sở theo quy định", "Uỷ ban nhân dân, kĩ thuật viên", "Ủy ban nhân dân, kỹ thuật viên",
		"Kế hoạch số 12/KH–UBND của UBND tỉnh", "Công văn 112/KH-UBND", "Sở KH&ĐT báo cáo tuần 30", "SỞ NỘI VỤ MỜI HỌP", "Mỹ thuật, lý do, tỉ lệ",
		norm.NFD.String("Thuỷ lợi Nho Quan"), "Đăng ký tham gia 1.284 hộ", "hoa quả theo qui cách",
	}
	var list []Incoming
	for i, d := range docs {
		list = append(list, letter(i+1, d))
	}
	ids := b.put(mail.RoleInbox, list...)
	for _, c := range []struct {
		query string
		exact []int
		all   int
	}{
		{"hoà giải", []int{2, 1}, 2},
		{"hòa giải", []int{2, 1}, 2},
		{"hoa giai", []int{2, 1}, 2},
		{"hòa", []int{2, 1}, 4}, // the word may not be finished: "hoạch"
		{"quy định", []int{2, 1}, 2},
		{"qui dinh", []int{2, 1}, 2},
		{"theo quy", []int{12, 2, 1}, 3},
		{"ỦY BAN", []int{4, 3}, 2},
		{"uỷ ban", []int{4, 3}, 2},
		{"kĩ thuật", []int{4, 3}, 2},
		{"ky thuat", []int{4, 3}, 2},
		{"12/KH-UBND", []int{5}, 1},
		{"12 kh ubnd", []int{5}, 1},
		{"kh&đt", []int{7}, 1},
		{"KH&DT", []int{7}, 1},
		{"sở nội vụ", []int{8}, 1},
		{"mĩ thuật", []int{9}, 1},
		{"lí do", []int{9}, 1},
		{"tỷ lệ", []int{9}, 1},
		{"thủy lợi", []int{10}, 1},
		{"thuy loi", []int{10}, 1},
		{"đăng kí", []int{11}, 1},
		{"1.284 hộ", []int{11}, 1},
		{"1284", nil, 0},
	} {
		l := b.list(mail.ListQuery{Account: me, Text: c.query})
		var got []int
		for _, id := range l.IDs[:l.Exact] {
			for i, x := range ids {
				if x == id {
					got = append(got, i+1)
				}
			}
		}
		if !reflect.DeepEqual(got, c.exact) || len(l.IDs) != c.all {
			t.Errorf("%q finds %v exactly, %d in all; want %v, %d", c.query, got, len(l.IDs), c.exact, c.all)
		}
	}
}

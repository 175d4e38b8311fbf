package words

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
)

var blank = regexp.MustCompile(`%[+\-# 0]*[0-9]*[a-zA-Z%]`)

// Both languages are complete, and their blanks are the same in the same order.
func TestComplete(t *testing.T) {
	compare(t, "Words", reflect.ValueOf(*vietnamese), reflect.ValueOf(*english))
}

func compare(t *testing.T, path string, vi, en reflect.Value) {
	t.Helper()
	switch vi.Kind() {
	case reflect.String:
		if vi.String() == "" || en.String() == "" {
			t.Errorf("%s: empty in a language: vi %q, en %q", path, vi, en)
		}
		if a, b := blank.FindAllString(vi.String(), -1), blank.FindAllString(en.String(), -1); !reflect.DeepEqual(a, b) {
			t.Errorf("%s: blanks differ: vi %q, en %q", path, vi, en)
		}
	case reflect.Struct:
		for i := range vi.NumField() {
			compare(t, path+"."+vi.Type().Field(i).Name, vi.Field(i), en.Field(i))
		}
	case reflect.Array:
		for i := range vi.Len() {
			compare(t, fmt.Sprintf("%s[%d]", path, i), vi.Index(i), en.Index(i))
		}
	case reflect.Slice:
		if vi.Len() != en.Len() {
			t.Errorf("%s: %d in Vietnamese, %d in English", path, vi.Len(), en.Len())
			return
		}
		for i := range vi.Len() {
			compare(t, fmt.Sprintf("%s[%d]", path, i), vi.Index(i), en.Index(i))
		}
	case reflect.Map:
		for _, k := range vi.MapKeys() {
			if !en.MapIndex(k).IsValid() {
				t.Errorf("%s[%v]: not in English", path, k)
				continue
			}
			compare(t, fmt.Sprintf("%s[%v]", path, k), vi.MapIndex(k), en.MapIndex(k))
		}
		for _, k := range en.MapKeys() {
			if !vi.MapIndex(k).IsValid() {
				t.Errorf("%s[%v]: not in Vietnamese", path, k)
			}
		}
	default:
		t.Errorf("%s: a %s does not belong among words", path, vi.Kind())
	}
}

// Every kind of fault that mail/fault.go declares has its three sentences.
func TestEveryFaultHasWords(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../mail/fault.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); !ok || id.Name != "FaultKind" {
			return true
		}
		kind, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		n++
		for _, w := range []*Words{vietnamese, english} {
			if f := w.Faults[mail.FaultKind(kind)]; f.What == "" || f.Safe == "" || f.Next == "" {
				t.Errorf("%s: fault %s has no words", w.Lang, kind)
			}
		}
		return true
	})
	if n < 25 {
		t.Errorf("found only %d kinds of fault", n)
	}
}

func TestWhen(t *testing.T) {
	zone := time.FixedZone("", 7*3600)
	now := time.Date(2026, 11, 23, 8, 5, 0, 0, zone)
	for _, c := range []struct {
		t    time.Time
		want string
	}{
		{time.Time{}, ""},
		{now.Add(-4 * time.Minute), "08:01"},
		{time.Date(2026, 11, 22, 23, 59, 0, 0, zone), "hôm qua"},
		{time.Date(2026, 11, 22, 17, 30, 0, 0, time.UTC), "00:30"}, // already the 23rd in Viet Nam
		{time.Date(2026, 11, 18, 9, 0, 0, 0, zone), "18/11"},
		{time.Date(2025, 11, 23, 9, 0, 0, 0, zone), "23/11/25"},
		{now.Add(48 * time.Hour), "25/11"},
	} {
		if got := vietnamese.When(c.t, now); got != c.want {
			t.Errorf("When(%v) = %q, want %q", c.t, got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 2314: "2.314", 1234567: "1.234.567", -2314: "-2.314"} {
		if got := vietnamese.Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
	if got := english.Count(2314); got != "2,314" {
		t.Errorf("english Count = %q", got)
	}
	for n, want := range map[int64]string{-1: "0 B", 12: "12 B", 214000: "214 KB", 1234567: "1,2 MB", 2500000000: "2,5 GB"} {
		if got := vietnamese.Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestSince(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 5, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{
		time.Second: "vừa xong", 5 * time.Minute: "5 phút trước", 3 * time.Hour: "3 giờ trước", 50 * time.Hour: "2 ngày trước",
	} {
		if got := vietnamese.Since(now.Add(-d), now); got != want {
			t.Errorf("Since(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestFaultDetail(t *testing.T) {
	got := vietnamese.Fault(&mail.Fault{Kind: mail.NoFile, Detail: "/tmp/a"})
	if got.What != "Không tìm thấy tệp. (/tmp/a)" {
		t.Errorf("What = %q", got.What)
	}
	for in, want := range map[string]string{
		"connection-refused": "máy chủ không nhận kết nối", "lost-connection": "Mất kết nối với máy chủ", "550 5.1.1 no": "550 5.1.1 no", "": "",
	} {
		if got := vietnamese.Reply(in); got != want {
			t.Errorf("the reply %q is told as %q", in, got)
		}
	}
	for _, w := range []*Words{vietnamese, english} {
		for op, said := range w.FaultsOf {
			if said.Safe == "" || said.Next == "" || len(vietnamese.FaultsOf) != len(english.FaultsOf) {
				t.Errorf("%s: the fault of %q lacks words: %+v", w.Lang, op, said)
			}
		}
		f := &mail.Fault{Kind: mail.Refused, Op: "send to some recipients", Detail: "a@b.example: 550 no"}
		if got := w.Fault(f); got.Safe == w.Faults[mail.Refused].Safe || !strings.HasSuffix(got.What, "(a@b.example: 550 no)") {
			t.Errorf("%s: a letter that went to some is told as %+v", w.Lang, got)
		}
	}
	if odd := vietnamese.Fault(&mail.Fault{Kind: "never-heard"}); odd != vietnamese.Faults[mail.Unknown] {
		t.Errorf("an unknown kind says %+v", odd)
	}
}

func TestDetailCodes(t *testing.T) {
	for in, want := range map[string]string{
		"expired: 2026-11-23": "chứng thư hết hạn: 2026-11-23",
		"short, name":         "ít hơn 12 ký tự, chứa tên người hoặc tên đăng nhập",
		"550 no such box":     "550 no such box",
		"short, other":        "short, other",
	} {
		if got := vietnamese.Detail(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for code := range detailsVI {
		if detailsEN[code] == "" {
			t.Errorf("%s has no words in English", code)
		}
	}
}

// Every code of a defect that mail/letter declares has its word.
func TestEveryDefectHasWords(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../mail/letter/doc.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Defect") {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		n++
		if vietnamese.Defects[code] == "" || english.Defects[code] == "" {
			t.Errorf("the defect %s has no words", code)
		}
		return true
	})
	if n < 20 {
		t.Errorf("found only %d codes", n)
	}
}

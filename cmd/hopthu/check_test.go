package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
)

// schemaNode validates the part of JSON Schema 2020-12 that check.schema.json uses; an unknown keyword fails the test.
type schemaNode = map[string]any

func validate(root, s schemaNode, v any, path string) []string {
	var bad []string
	fail := func(format string, a ...any) { bad = append(bad, path+": "+fmt.Sprintf(format, a...)) }
	for k, want := range s {
		switch k {
		case "$schema", "$id", "title", "description", "$defs", "properties", "additionalProperties":
		case "$ref":
			def := root["$defs"].(schemaNode)[strings.TrimPrefix(want.(string), "#/$defs/")].(schemaNode)
			bad = append(bad, validate(root, def, v, path)...)
		case "const":
			if v != want {
				fail("%v is not %v", v, want)
			}
		case "enum":
			if !slices.Contains(want.([]any), v) {
				fail("%v is none of %v", v, want)
			}
		case "pattern":
			if text, ok := v.(string); !ok || !regexp.MustCompile(want.(string)).MatchString(text) {
				fail("%v does not match %v", v, want)
			}
		case "minimum":
			if n, ok := v.(float64); !ok || n < want.(float64) {
				fail("%v is below %v", v, want)
			}
		case "type":
			if !ofType(v, want.(string)) {
				fail("%T is no %v", v, want)
			}
		case "items":
			for i, x := range asList(v) {
				bad = append(bad, validate(root, want.(schemaNode), x, fmt.Sprintf("%s[%d]", path, i))...)
			}
		case "required":
			o, _ := v.(schemaNode)
			for _, name := range want.([]any) {
				if _, ok := o[name.(string)]; !ok {
					fail("%v is missing", name)
				}
			}
		default:
			fail("the schema uses %q, which this test does not know", k)
		}
	}
	if props, ok := s["properties"].(schemaNode); ok {
		o, _ := v.(schemaNode)
		for name, x := range o {
			if p, known := props[name].(schemaNode); known {
				bad = append(bad, validate(root, p, x, path+"."+name)...)
			} else {
				fail("%s is not in the schema", name)
			}
		}
	}
	return bad
}

func asList(v any) []any {
	l, _ := v.([]any)
	return l
}

func ofType(v any, want string) bool {
	switch x := v.(type) {
	case string:
		return want == "string"
	case bool:
		return want == "boolean"
	case float64:
		return want == "number" || want == "integer" && x == math.Trunc(x)
	case []any:
		return want == "array"
	case schemaNode:
		return want == "object"
	}
	return false
}

// runCheck runs the command on a file of that name and content.
func runCheck(t *testing.T, name string, content []byte, flags ...string) (code int, out checkJSON, raw string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	var b, complaints strings.Builder
	code = run(t.Context(), append([]string{"check", "--json", "--dir", t.TempDir()}, append(flags, file)...), terminal{os.Stdin, &b, &complaints})
	if err := json.Unmarshal([]byte(b.String()), &out); err != nil {
		t.Fatalf("%s: %v: %s %s", name, err, b.String(), complaints.String())
	}
	return code, out, b.String()
}

const checkLetter = "From: a@ninhbinh.gov.vn\r\nTo: b@ninhbinh.gov.vn, c@vidu.example\r\nSubject: V/v góp ý\r\nDate: Mon, 22 Jul 2013 08:00:00 +0700\r\n" +
	"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" +
	"Góp ý trong thời hạn 05 ngày làm việc.\r\n--x\r\nContent-Type: application/octet-stream; name=\"a.exe\"\r\nContent-Disposition: attachment; filename=\"a.exe\"\r\n\r\nMZ\x90\r\n--x--\r\n"

const checkDocument = "UBND TỈNH NINH BÌNH\nSỞ KẾ HOẠCH VÀ ĐẦU TƯ\nSố: 512/SKHĐT-THQH                 Ninh Bình, ngày 22 tháng 7 năm 2013\nV/v báo cáo tình hình\n\nHỎA TỐC\n\nKính gửi: UBND các huyện, thành phố, thị xã.\n\nGửi về Sở trước ngày 05/8/2013./.\n\nNơi nhận:\n- Như trên;\n- Văn phòng Chính phủ (BC);\n- Lưu: VT, THQH (3).\n"

func TestCheckJSONKeepsItsSchema(t *testing.T) {
	var schema schemaNode
	if err := json.Unmarshal([]byte(checkSchema), &schema); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, content string
		flags         []string
		code          int
	}{
		{"cong-van.txt", checkDocument, nil, exitOK},
		{"thu.eml", checkLetter, nil, exitBlock},
		{"mat.txt", "TUYỆT MẬT\n", nil, exitBlock},
		{"hoi.txt", "TUYET MAT\n", nil, exitAsk},
		{"hoi.txt", "TUYET MAT\n", []string{"--outside"}, exitBlock},
		{"du-thao.txt", "DỰ THẢO\nSố:     /UBND-VP6\nNơi nhận:\n- ………;\n- Lưu: VT, ….\n", nil, exitAsk},
		{"cu.txt", "K\xddnh g\xf6i: V\xa8n ph\xdfng \xf1y ban nh\xa9n d\xa9n t\xd8nh\n", nil, exitAsk},
		{"nfd.txt", "Ti\u00ea\u0301ng Vie\u0323\u0302t\n", nil, exitOK},
		{"anh.png", "\x89PNG\r\n\x1a\n", nil, exitOK},
		{"cu.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), nil, exitOK},
		{"a.rar", "Rar!\x1a\x07\x00", nil, exitAsk},
		{"hong.pdf", "%PDF-1.4\nx", nil, exitOK},
		{"trong.txt", "", nil, exitOK},
	} {
		code, out, raw := runCheck(t, c.name, []byte(c.content), c.flags...)
		if code != c.code || out.Files[0].Verdict != out.Verdict {
			t.Errorf("%s: exit %d, want %d\n%s", c.name, code, c.code, raw)
		}
		var v any
		if err := json.Unmarshal([]byte(raw), &v); err != nil {
			t.Fatal(err)
		}
		for _, bad := range validate(schema, schema, v, "$") {
			t.Errorf("%s: %s", c.name, bad)
		}
	}
}

func TestCheckTellsEverything(t *testing.T) {
	_, out, raw := runCheck(t, "cong-van.txt", []byte(checkDocument), "--received", "2013-07-23")
	d := out.Files[0].Documents[0]
	if d.Kind != "Công văn" || d.Mark != "512/SKHĐT-THQH" || d.Date != "2013-07-22" || d.Urgency != "Hỏa tốc" || d.Summary != "báo cáo tình hình" || d.Draft {
		t.Errorf("document: %+v", d)
	}
	var classes []string
	for _, e := range d.Recipients.Entries {
		classes = append(classes, e.Class+"/"+e.Name+"/"+e.Purpose)
	}
	if got := strings.Join(classes, " "); got != "TỰ-CHIẾU/Như trên/ CƠ-QUAN/Văn phòng Chính phủ/báo cáo LƯU/Lưu/" {
		t.Errorf("recipients: %s\n%s", got, raw)
	}
	if m := d.Recipients.Entries[0].Means; len(m) != 1 || m[0].Class != "NHÓM" {
		t.Errorf("Như trên means %+v", m)
	}
	if dl := out.Files[0].Deadlines; len(dl) != 1 || dl[0].Date != "2013-08-02" || dl[0].Named != "2013-08-05" || dl[0].Line != 10 {
		t.Errorf("deadlines: %+v", dl)
	}
	if f := out.Files[0]; f.Received != "2013-07-23T08:00:00+07:00" || f.ReplyDue != "2013-08-02T17:00:00+07:00" || f.ReplyReason != "deadline" {
		t.Errorf("received %s, reply %s %s", f.Received, f.ReplyDue, f.ReplyReason)
	}

	_, out, raw = runCheck(t, "thu.eml", []byte(checkLetter))
	f := out.Files[0]
	if f.Kind != "letter" || len(f.Deadlines) != 1 || f.Deadlines[0].Date != "2013-07-29" || f.Letter.Subject != "V/v góp ý" || f.Formats[0].Verdict != "chặn" {
		t.Errorf("letter: %s", raw)
	}
	if f.Findings[0].Code != "file-blocked" && f.Findings[0].Code != "file-disguised" {
		t.Errorf("the worst finding does not stand first: %+v", f.Findings)
	}
	if last := f.Findings[len(f.Findings)-1]; last.Code != "outside" || last.Text != "c@vidu.example" || last.Verdict != "QUA" {
		t.Errorf("the recipient outside: %+v", last)
	}
}

func TestCheckDecomposed(t *testing.T) {
	for name, body := range map[string]string{"one.eml": "Ti\u00ea\u0301ng Vie\u0323\u0302t\r\n", "none.eml": "Tiếng Việt\r\n"} {
		_, out, raw := runCheck(t, name, []byte("From: a@ninhbinh.gov.vn\r\nTo: b@ninhbinh.gov.vn\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"+body))
		c := out.Files[0].Charset
		if want := name == "one.eml"; c.Conforms == want || want && (c.Issues[0].Kind != "decomposed" || c.Issues[0].Fix != "Tiếng") {
			t.Errorf("%s: %s", name, raw)
		}
	}
}

func TestCheckUsage(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.txt")
	if err := os.WriteFile(file, []byte("MẬT\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		out  string
	}{
		{[]string{"--schema"}, exitOK, "urn:hopthu:check:1"},
		{nil, exitUsage, ""},
		{[]string{"--nonsense", file}, exitUsage, ""},
		{[]string{"--received", "mai", file}, exitUsage, ""},
		{[]string{filepath.Join(dir, "none.txt")}, exitFailed, ""},
		{[]string{file, filepath.Join(dir, "none.txt")}, exitFailed, "CHẶN"},
		{[]string{dir}, exitFailed, ""},
		{[]string{file}, exitBlock, "secret-mark A, QC 7.1b"},
		{[]string{"--help"}, exitOK, "--received"},
	} {
		var out, complaints strings.Builder
		code := run(t.Context(), append([]string{"check", "--dir", dir}, c.args...), terminal{os.Stdin, &out, &complaints})
		if code != c.code || !strings.Contains(out.String(), c.out) || code != exitOK && code != exitBlock && complaints.Len() == 0 {
			t.Errorf("check %v: exit %d, want %d\n%s\n%s", c.args, code, c.code, out.String(), complaints.String())
		}
	}
}

func TestParseReceived(t *testing.T) {
	for in, want := range map[string]string{"2013-07-10": "2013-07-10T08:00:00+07:00", "2013-07-10T03:00:00Z": "2013-07-10T10:00:00+07:00", "10/7/2013": "", "2013-02-30": ""} {
		got, err := parseReceived(in)
		if (err == nil) != (want != "") || err == nil && got.Format(time.RFC3339) != want {
			t.Errorf("%q: %v %v", in, got, err)
		}
	}
	if verdictNames[mail.Ask] != "HỎI" {
		t.Error("verdicts are named otherwise")
	}
}

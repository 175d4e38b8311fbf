package digest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/viet"
)

// letters are of every kind that an office sees.
var letters = []string{
	"From: =?utf-8?q?Tr=E1=BA=A7n_V=C4=83n_H=C3=B9ng?= <hung@x.example>\r\nTo: lan@x.example\r\nSubject: =?utf-8?b?QsOhbyBjw6FvIHF1w70gSUlJ?=\r\n" +
		"Date: Tue, 24 Nov 2026 09:00:00 +0700\r\nMessage-ID: <1@x.example>\r\nX-Strange: một điều lạ\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nKính gửi Sở Tài chính, hộp thư điện tử.\r\n",
	"From: a@b\r\nSubject: VNI\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hop thu <b>dien tu</b></p><script>khong</script>\r\n",
	"Subject: no end",
	"a line that is no field\r\nSubject: x\r\n\r\nbody\r\n",
	"Subject: two\r\nSubject: lines =?utf-8?b?YQpi?=\r\n\r\nbody\r\n",
	"\r\nno header at all\r\n",
	"Subject: \x8a\x9f\xff raw\r\nFrom: \xe9\xe8@x\r\n\r\n\xff\xfe\r\n",
	"Subject: " + strings.Repeat("long ", 2000) + "\r\n\r\nx\r\n",
	"Subject: much\r\n\r\n" + strings.Repeat("văn bản dài ", 40000) + "kim\r\n",
	"From: a@b\r\nTo: c@d\r\nSubject: đính kèm\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThân thư\r\n" +
		"--b\r\nContent-Type: application/pdf; name=\"Quyết định.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--b--\r\n",
	"=?utf-8?q?Name?=: encoded\r\nSubject: I\u0307stanbul \u212b ﬁ\r\n\r\n\u1e9e \u0345\r\n",
}

func TestPagesSayWhatTheLettersSay(t *testing.T) {
	var list []Letter
	for i, raw := range letters {
		list = append(list, Read(mail.UID(256+3*i), []byte(raw), []byte(raw)))
	}
	through := mail.UID(300)
	parts, err := Encode(list, through)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range Kinds {
		if got, ok := Through(2, parts[kind]); !ok || got != through {
			t.Errorf("part %d: through %d, %v", kind, got, ok)
		}
	}
	brief, fields, text := open(t, Brief, parts), open(t, Fields, parts), open(t, Text, parts)
	for i, raw := range letters {
		uid := list[i].UID
		if short, ok := brief.At(uid); ok {
			checkShort(t, []byte(raw), short)
		}
		if !Passes(parts[Sieve], list[i]) {
			t.Errorf("letter %d does not pass", i)
		}
		f, ok := fields.At(uid)
		if !ok {
			continue
		}
		b, _ := text.At(uid)
		var s Searched
		s.Set(f, b)
		for _, word := range []string{
			"hop thu", "hộp thư", "HỘP", "đ", "d", "bao cao quy iii", "Báo cáo", "quyet dinh.pdf", "Quyết định", "khong", "subject: ", "", "một điều", "lạ\n",
			"Istanbul", "İ", "å", "fi", "ß", "\u0301", "x",
		} {
			compare(t, parts[Sieve], uid, &s, Whole([]byte(raw)), word)
		}
	}
	if got := brief.UIDs(2); !slices.EqualFunc(got, list, func(u mail.UID, l Letter) bool { return u == l.UID }) {
		t.Errorf("UIDs %v", got)
	}
	if _, ok := brief.At(257); ok {
		t.Error("a letter that is not there")
	}
	if list[0].Odd || list[0].Short == nil || list[7].Short != nil || !list[4].Odd || !list[8].Odd {
		t.Error("the wrong letters are odd")
	}
}

func open(tb testing.TB, kind Kind, parts map[Kind][]byte) *Entries {
	tb.Helper()
	e, ok := Open(kind, parts[kind])
	if !ok {
		tb.Fatalf("part %d cannot be read", kind)
	}
	return e
}

func checkShort(t *testing.T, raw, short []byte) {
	t.Helper()
	whole, part := letter.ReadHeader(raw), letter.ReadHeader(short)
	for _, names := range [][]string{{"Subject"}, {"FROM", "to", "Date"}, listed} {
		if !bytes.Equal(whole.Select(names, false), part.Select(names, false)) {
			t.Errorf("%q: %q", names, part.Select(names, false))
		}
	}
}

func compare(t *testing.T, sieve []byte, uid mail.UID, s *Searched, whole *Asked, word string) {
	t.Helper()
	term := NewTerm(word)
	if got, want := s.Text(term), whole.Text(term); got != want {
		t.Errorf("UID %d text %q: %v", uid, word, got)
	}
	if got, want := s.Fields(term), whole.Fields(term); got != want {
		t.Errorf("UID %d fields %q: %v", uid, word, got)
	}
	for _, name := range []string{"Subject", "from", "X-STRANGE", "none"} {
		if got, want := s.Field(name, term), whole.Field(name, term); got != want {
			t.Errorf("UID %d %s %q: %v", uid, name, word, got)
		}
	}
	if m, ok := Sift(sieve, term); whole.Text(term) || whole.Fields(term) {
		if !ok || !m.Has(uid) {
			t.Errorf("UID %d is kept back for %q", uid, word)
		}
	}
}

func TestMarks(t *testing.T) {
	raw := []byte("Subject: Hộp thư\r\n\r\nHop thu\r\n")
	for word, want := range map[string][2]bool{"hop thu": {true, true}, "hộp thư": {true, true}, "Hộp": {true, true}, "hốp": {false, false}} {
		w := Whole(raw)
		if got := [2]bool{w.Fields(NewTerm(word)), w.Text(NewTerm(word))}; got != want {
			t.Errorf("%q: %v", word, got)
		}
	}
	if Whole([]byte("Subject: x\r\n\r\nHop thu\r\n")).Text(NewTerm("hộp")) {
		t.Error("typed marks must be there")
	}
}

func TestDamagedRowsAreRefused(t *testing.T) {
	parts, err := Encode([]Letter{Read(1, []byte(letters[0]), []byte(letters[0]))}, 5)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []Kind{Brief, Fields, Text} {
		row := parts[kind]
		for n := range row {
			if _, ok := Open(kind, row[:n]); ok {
				t.Fatalf("part %d of %d octets", kind, n)
			}
		}
		other := bytes.Clone(row)
		other[0]++
		if _, ok := Open(kind, other); ok {
			t.Error("another version was read")
		}
	}
	if m, ok := Sift(parts[Sieve][:100], NewTerm("bao cao")); ok || m != All() {
		t.Error("a short sieve was used")
	}
	if m, ok := Sift(parts[Sieve], NewTerm("không có ở đây")); !ok || !m.Empty() {
		t.Error("the sieve keeps nothing back")
	}
}

// FuzzSieve: a letter that holds a word is never kept back, and what is prepared answers as the letter does.
func FuzzSieve(f *testing.F) {
	for _, l := range letters {
		f.Add([]byte(l), "hộp thư")
	}
	f.Add([]byte("Subject: a\r\n\r\nb"), "\u0300")
	f.Fuzz(func(t *testing.T, raw []byte, word string) {
		l := Read(130, raw, raw)
		parts, err := Encode([]Letter{l}, 131)
		if err != nil {
			t.Fatal(err)
		}
		if l.Short != nil {
			checkShort(t, raw, l.Short)
		}
		e, is := open(t, Fields, parts).At(130)
		if !is {
			return
		}
		b, _ := open(t, Text, parts).At(130)
		var s Searched
		s.Set(e, b)
		compare(t, parts[Sieve], 130, &s, Whole(raw), word)
		if n := len(l.Text); n > 3 { // a piece of the letter itself
			compare(t, parts[Sieve], 130, &s, Whole(raw), strings.ToValidUTF8(l.Text[n/3:n/2], ""))
		}
	})
}

// office is a letter as an agency sends it, about 2 KB of text.
func office(i int) []byte {
	words := strings.Fields("báo cáo kết quả thực hiện nhiệm vụ công tác quý ba năm hai nghìn không trăm hai mươi sáu của ủy ban nhân dân tỉnh " +
		"kính gửi sở tài chính sở nội vụ văn phòng đăng ký đất đai về việc triển khai nghị quyết số quyết định phê duyệt dự toán kinh phí hỗ trợ " +
		"người dân doanh nghiệp phòng chống thiên tai dịch bệnh giáo dục y tế giao thông nông nghiệp môi trường xây dựng")
	var b bytes.Buffer
	fmt.Fprintf(&b, "Return-Path: <van.thu%d@ninhbinh.example>\r\nDelivered-To: lan@ninhbinh.example\r\nReceived: from mail.x.example by mail.ninhbinh.example with ESMTPS id %08x; Tue, 24 Nov 2026 09:00:00 +0700\r\n"+
		"From: Văn thư %d <van.thu%d@ninhbinh.example>\r\nTo: lan@ninhbinh.example\r\nSubject: Công văn số %d/UBND-VX\r\nDate: Tue, 24 Nov 2026 09:00:00 +0700\r\n"+
		"Message-ID: <%d@ninhbinh.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n", i%50, i, i%50, i%50, i, i)
	for n, x := 0, uint32(i)*2654435761+1; n < 300; n++ {
		x = x*1664525 + 1013904223
		b.WriteString(words[x>>16%uint32(len(words))%uint32(len(words))])
		b.WriteByte(" \n"[n%17/16])
	}
	return b.Bytes()
}

func BenchmarkRead(b *testing.B) {
	raw := office(7)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		Read(7, raw[:bytes.Index(raw, []byte("\r\n\r\n"))+4], raw)
	}
}

func BenchmarkSearchPage(b *testing.B) {
	var list []Letter
	for i := range Size {
		raw := office(i)
		list = append(list, Read(mail.UID(i), raw[:bytes.Index(raw, []byte("\r\n\r\n"))+4], raw))
	}
	parts, err := Encode(list, Size-1)
	if err != nil {
		b.Fatal(err)
	}
	for k, p := range parts {
		b.Logf("part %d: %d octets a letter", k, len(p)/Size)
	}
	for _, word := range []string{"phong chong thien tai", "phòng chống", "quý bốn năm"} {
		term := NewTerm(word)
		b.Run(viet.Fold(word), func(b *testing.B) {
			passed, hits := 0, 0
			for b.Loop() {
				passed, hits = 0, 0
				m, _ := Sift(parts[Sieve], term)
				if m.Empty() {
					continue
				}
				text, _ := Open(Text, parts[Text])
				var s Searched
				for u := range mail.UID(Size) {
					if m.Has(u) {
						passed++
						t, _ := text.At(u)
						s.Set(nil, t)
						if s.Text(term) {
							hits++
						}
					}
				}
			}
			b.ReportMetric(float64(passed), "passed")
			b.ReportMetric(float64(hits), "hits")
		})
	}
}

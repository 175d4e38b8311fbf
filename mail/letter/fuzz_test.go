package letter

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hopthu/mail"
)

// seed adds the small letters of the corpus.
func seed(f *testing.F, add func(raw []byte)) {
	files, err := filepath.Glob(filepath.Join("testdata", "corpus", "*.eml"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no corpus: %v", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if len(raw) < 4000 {
			add(raw)
		}
	}
}

func FuzzParse(f *testing.F) {
	seed(f, func(raw []byte) { f.Add(raw) })
	f.Fuzz(func(t *testing.T, raw []byte) {
		l := Parse(raw)
		checkLetter(t, raw, l)
		checkReach(t, raw)
		ParseCharset(raw, "TCVN3")
		if back := QuoteReply(l, "vi"); !utf8.ValidString(back) {
			t.Errorf("answer %q", back)
		}
	})
}

func FuzzHeader(f *testing.F) {
	seed(f, func(raw []byte) { f.Add(raw) })
	f.Fuzz(func(t *testing.T, raw []byte) {
		h := ReadHeader(raw)
		var head mail.Head
		h.Fill(&head)
		pos := 0
		for _, x := range h.fields {
			if x.start < pos || x.end <= x.start || x.end > len(raw) {
				t.Fatalf("field %+v after %d", x, pos)
			}
			pos = x.end
		}
		if h.end < pos || h.end > len(raw) {
			t.Fatalf("end %d of %d", h.end, len(raw))
		}
		for _, field := range h.Fields() {
			if !utf8.ValidString(field.Value) || !norm.NFC.IsNormalString(field.Value) {
				t.Errorf("value %q", field.Value)
			}
		}
		if all := h.Select(nil, true); len(all) < pos-len(raw) || !bytes.HasSuffix(all, []byte("\r\n")) {
			t.Error("selected fields do not end")
		}
	})
}

func FuzzAddressList(f *testing.F) {
	for _, s := range []string{"A <a@b>, c@d", `"x\"y" <a@b>`, "G: a@b, c@d;", "<@r:a@b>", "a(b)@c", "=?utf-8?q?a?= <a@b>", `"a b"@c`, "<<>>,@,;:", "Ộ <ộ@ộ.vn>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, bad := ParseAddressList(s)
		for _, a := range list {
			if a.Addr == "" || !utf8.ValidString(a.Name+a.Addr) || strings.ContainsAny(a.Addr, "\r\n\x00") {
				t.Fatalf("%q gives %+v", s, a)
			}
			if ValidAddress(a.Addr) != nil || strings.ContainsFunc(a.Name, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x85 || r >= 0x80 && r < 0xa0 }) {
				continue
			}
			back, rest := ParseAddressList(FormatAddress(a))
			if len(back) != 1 || back[0].Addr != a.Addr || len(rest) > 0 {
				t.Errorf("%+v is written %q and read %+v %q", a, FormatAddress(a), back, rest)
			}
		}
		for _, b := range bad {
			if !utf8.ValidString(b) {
				t.Errorf("bad entry %q", b)
			}
		}
	})
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{
		"<p>a<b>b</b></p>", "<table><tr><td>a<td>b</table>", "<a href=https://x>y</a>", "<ul><li>a<ol><li>b</ul>",
		"<pre>a\nb</pre>", "<div style='display:none'>x", "&#27;&shy;<img alt=x>", "<blockquote><hr><br><script>x</script>",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		paras, links, _ := renderHTML(s, 0)
		for _, p := range paras {
			if p.Kind != mail.ParaPre && strings.ContainsAny(p.Text, "\n\r") || p.Quote < 0 || p.Quote > maxQuote {
				t.Errorf("%q gives %+v", s, p)
			}
		}
		for _, u := range links {
			if low := strings.ToLower(u); !strings.HasPrefix(low, "http://") && !strings.HasPrefix(low, "https://") && !strings.HasPrefix(low, "mailto:") {
				t.Errorf("link %q", u)
			}
		}
	})
}

func FuzzSection(f *testing.F) {
	seed(f, func(raw []byte) { f.Add(raw, "1.2", "HEADER.FIELDS (Subject)") })
	f.Fuzz(func(t *testing.T, raw []byte, path, spec string) {
		data, ok := Section(raw, path, spec)
		if !ok && data != nil && spec != "MIME" {
			t.Errorf("no section, but %q", data)
		}
		if r, err := OpenPart(raw, path); err == nil {
			if _, err := io.Copy(io.Discard, r); err != nil {
				t.Error(err)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	raw := crlf(mixed)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(raw)
	}
}

func BenchmarkParseBig(b *testing.B) {
	raw := []byte(attached("application/pdf", "filename=a.pdf", strings.Repeat(strings.Repeat("JVBE", 19)+"\r\n", 130000)))
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(raw)
	}
}

func BenchmarkHeader(b *testing.B) {
	raw := []byte(stdHead + "Subject: =?utf-8?B?" + b64of("Báo cáo kết quả thực hiện nhiệm vụ") + "?=\r\nReferences: <a@b> <c@d>\r\nIn-Reply-To: <c@d>\r\nX-Priority: 3\r\n\r\n")
	var head mail.Head
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		ReadHeader(raw).Fill(&head)
	}
}

func BenchmarkHTML(b *testing.B) {
	text := strings.Repeat(`<table><tr><td><p>Kính gửi <b>anh</b></p></td><td><a href="https://x.example/a?b=1">xem</a></td></tr></table><div style="color:red">Nội dung</div>`, 200)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		renderHTML(text, 0)
	}
}

package letter

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hopthu/mail"
)

var update = flag.Bool("update", false, "write testdata/corpus anew")

// TestCorpus opens every letter of testdata/corpus, those listed here and any other file: nothing crashes, everything
// can be read, reached and answered.
func TestCorpus(t *testing.T) {
	dir := filepath.Join("testdata", "corpus")
	listed := map[string]sample{}
	for _, s := range samples() {
		file := s.name + ".eml"
		if _, twice := listed[file]; twice {
			t.Fatalf("%s is listed twice", file)
		}
		listed[file] = s
		if *update {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(s.raw), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 65 {
		t.Errorf("only %d letters", len(files))
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(f.Name(), ".eml"), func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(dir, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			s, ok := listed[f.Name()]
			if ok && s.raw != string(raw) {
				t.Error("the file is not what is listed: run go test -run TestCorpus -update")
			}
			delete(listed, f.Name())
			l := Parse(raw)
			checkWishes(t, s, l)
			checkLetter(t, raw, l)
			checkReach(t, raw)
			checkAnswer(t, raw, l)
		})
	}
	for file := range listed {
		t.Errorf("%s is missing: run go test -run TestCorpus -update", file)
	}
}

func checkWishes(t *testing.T, s sample, l *mail.Letter) {
	if s.subject != "" && l.Subject != s.subject {
		t.Errorf("subject %q, want %q", l.Subject, s.subject)
	}
	if text := show(l.Paras); !strings.Contains(text, s.text) {
		t.Errorf("text %.300q lacks %q", text, s.text)
	}
	if l.Legacy != s.legacy && s.legacy != "" {
		t.Errorf("legacy %q, want %q", l.Legacy, s.legacy)
	}
	if s.defect != "" && !strings.Contains(strings.Join(l.Defects, " "), s.defect) {
		t.Errorf("defects %v lack %s", l.Defects, s.defect)
	}
	var names []string
	for _, p := range l.Parts {
		names = append(names, p.Name)
	}
	if got := strings.Join(names, "|"); s.parts != "" && got != s.parts {
		t.Errorf("parts %.200q, want %.200q", got, s.parts)
	}
}

// checkLetter holds for every letter there is.
func checkLetter(t *testing.T, raw []byte, l *mail.Letter) {
	texts := []string{l.Subject, l.Preview, l.MessageID, SearchText(l)}
	for _, list := range [][]mail.Address{l.From, l.To, l.Cc, l.ReplyTo, {l.Sender}} {
		for _, a := range list {
			texts = append(texts, a.Name, a.Addr)
		}
	}
	for _, p := range l.Paras {
		texts = append(texts, p.Text)
		if p.Kind != mail.ParaPre && strings.ContainsAny(p.Text, "\r\n\u2028\u2029") {
			t.Errorf("line end in paragraph %.100q", p.Text)
		}
	}
	for _, p := range l.Parts {
		texts = append(texts, p.Name)
		r, err := OpenPart(raw, p.Path)
		if err != nil {
			t.Fatalf("part %s: %v", p.Path, err)
		}
		if n, err := io.Copy(io.Discard, r); err != nil || n != p.Size {
			t.Errorf("part %s: %d octets, told %d, %v", p.Path, n, p.Size, err)
		}
		if safe := SafeName(p.Name); safe == "" || len(safe) > 220 || strings.ContainsAny(safe, "/\\\r\n\x00\x1b") || safe[0] == '.' || safe[0] == '-' {
			t.Errorf("unsafe name %q", safe)
		}
	}
	for _, s := range texts {
		if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) {
			t.Errorf("not NFC UTF-8: %.100q", s)
		}
	}
	if utf8.RuneCountInString(l.Preview) > 120 || l.Size != int64(len(raw)) {
		t.Errorf("preview %q, size %d", l.Preview, l.Size)
	}
}

// checkReach: every octet can be had.
func checkReach(t *testing.T, raw []byte) {
	all, ok := Section(raw, "", "")
	head, okHead := Section(raw, "", "HEADER")
	text, okText := Section(raw, "", "TEXT")
	if !ok || !okHead || !okText || !bytes.Equal(all, raw) || !bytes.Equal(slices.Concat(head, text), raw) {
		t.Error("sections do not add up to the letter")
	}
	var visit func(s *Structure, path string, letter bool)
	visited := 0
	visit = func(s *Structure, path string, letter bool) {
		if visited++; visited > 200 {
			return
		}
		for i, p := range s.Parts {
			visit(p, join(path, i+1), false)
		}
		if len(s.Parts) > 0 {
			return
		}
		if letter {
			path = join(path, 1)
		}
		data, ok := Section(raw, path, "")
		if !ok || int64(len(data)) != s.Size {
			t.Errorf("part %s: %d octets, told %d", path, len(data), s.Size)
		}
		if s.Message != nil {
			visit(s.Message, path, true)
		}
	}
	visit(ReadStructure(raw), "", true)
}

// checkAnswer answers and forwards the letter; what was written must read back.
func checkAnswer(t *testing.T, raw []byte, l *mail.Letter) {
	d := Draft{
		From: mail.Address{Name: "Nguyễn Văn Hùng", Addr: "hungnv@ninhbinh.example"}, Subject: ReplySubject(l.Subject),
		Body: QuoteReply(l, "vi"), InReplyTo: l.MessageID, References: slices.Concat(l.References, []string{l.MessageID}),
		MessageID: "answer@ninhbinh.example", Date: time.Date(2024, 5, 7, 8, 0, 0, 0, mail.Zone), UTF8: true,
	}
	for _, a := range slices.Concat(l.ReplyTo, l.From, l.To) {
		if ValidAddress(a.Addr) == nil {
			d.To = append(d.To, a)
		}
	}
	parts := l.Parts[:min(len(l.Parts), 50)]
	for _, p := range parts {
		d.Attachments = append(d.Attachments, File{Name: p.Name, Type: p.Declared, Size: p.Size, Open: func() (io.ReadCloser, error) {
			r, err := OpenPart(raw, p.Path)
			return io.NopCloser(r), err
		}})
	}
	var b bytes.Buffer
	if err := Write(&b, d); err != nil {
		t.Fatal(err)
	}
	back := Parse(b.Bytes())
	if want := strings.Join(strings.Fields(oneLine(d.Subject)), " "); strings.Join(strings.Fields(back.Subject), " ") != want {
		t.Errorf("subject came back as %q, want %q", back.Subject, want)
	}
	if len(back.To) != len(d.To) || back.MessageID != d.MessageID || len(back.Bcc) > 0 {
		t.Errorf("to %v, want %v", back.To, d.To)
	}
	got := 0
	for _, p := range back.Parts {
		if strings.Contains(p.Path, ".") {
			continue // inside a forwarded letter
		}
		if got < len(parts) && (p.Name != SafeName(parts[got].Name) || p.Broken) {
			t.Errorf("attachment %q came back as %+v", parts[got].Name, p)
		}
		got++
	}
	if got != len(parts) {
		t.Errorf("%d attachments came back of %d", got, len(parts))
	}
}

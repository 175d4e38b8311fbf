package record

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
)

var update = flag.Bool("update", false, "write the golden record anew")

func sample() mail.Handover {
	at := time.Date(2026, 11, 24, 11, 30, 0, 0, rule.Zone)
	return mail.Handover{
		ID: 1, Box: "kh&dt@ninhphong.example", BoxName: "Sở Kế hoạch và Đầu tư", State: mail.HandoverDone,
		Giver: mail.Person{Name: "Phạm Quốc Toàn", Addr: "toanpq.kh&dt@ninhphong.example", Post: "Giám đốc"}, Receiver: mail.Person{Name: "Nguyễn Thị Thu Hà", Addr: "hantt.kh&dt@ninhphong.example"},
		Reason: "nghỉ hưu từ 01/12/2026", Started: at, GivenAt: at.Add(10 * time.Minute), TakenAt: at.Add(20 * time.Minute), DoneAt: at.Add(20 * time.Minute),
		Inventory: mail.Inventory{
			At: at, Letters: 1284, Octets: 214_731_008, Drafts: 3, Hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
			Folders: []mail.FolderCount{
				{Name: "INBOX", Letters: 902, Octets: 150_000_000, Oldest: at.AddDate(-2, 0, 0), Newest: at, Unanswered: 2},
				{Name: "Công việc/Đầu tư công, \"mật\" & <khác>", Letters: 382, Octets: 64_731_008, Oldest: at.AddDate(-1, 0, 0), Newest: at},
				{Name: "Thùng rác"},
			},
			Unanswered: []mail.DutyLine{
				{From: "UBND tỉnh", Subject: "Công văn 512/UBND-VP5 về điều chỉnh kế hoạch vốn đầu tư công trung hạn giai đoạn 2026–2030", Received: at.AddDate(0, 0, -3), Due: at.AddDate(0, 0, 2), Holder: "Trần Văn Hùng"},
				{From: "Doanh nghiệp Hòa Bình", Subject: "Đề nghị cấp giấy chứng nhận đăng ký đầu tư", Received: at.AddDate(0, 0, -1), Due: at.AddDate(0, 0, 6)},
			},
			Delegations: []mail.Delegation{{Person: mail.Person{Name: "Trần Văn Hùng"}, Document: "05/GUQ-SKHĐT", From: at.AddDate(0, -3, 0), Scope: mail.ScopeAnswer}},
		},
	}
}

func written(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestText(t *testing.T) {
	got := written(t, Handover(sample()).WriteText)
	const file = "testdata/record.txt"
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("differs from %s; run with -update and look at it:\n%s", file, got)
	}
	for _, l := range strings.Split(string(got), "\n") {
		if n := len([]rune(l)); n > textWidth {
			t.Errorf("%d columns: %s", n, l)
		}
	}
}

// letters are what of a text counts when two forms of it are compared: line breaks are each form's own.
func letters(s string) string { return strings.Join(strings.Fields(s), "") }

// TestAllFormsSayTheSame reads PDF and ODT back as hopthu reads such files that come in, and looks for each block in both.
func TestAllFormsSayTheSame(t *testing.T) {
	d := Handover(sample())
	for name, write := range map[string]func(io.Writer) error{"ban.pdf": d.WritePDF, "ban.odt": d.WriteODT} {
		raw := written(t, write)
		read, err := letter.DocumentText(name, raw)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text := letters(read.Text)
		for _, b := range d.blocks {
			for _, s := range append([]string{b.text}, flat(b.rows)...) {
				if !strings.Contains(text, letters(s)) && b.kind != table {
					t.Errorf("%s lacks %q", name, s)
				}
				if b.kind == table { // cells are broken into lines beside each other
					for _, word := range strings.Fields(s) {
						if !strings.Contains(text, word) {
							t.Errorf("%s lacks %q of %q", name, word, s)
						}
					}
				}
			}
		}
	}
}

func flat(rows [][]string) []string {
	var out []string
	for _, r := range rows {
		out = append(out, r...)
	}
	return out
}

func TestSameBytesEachTime(t *testing.T) {
	for name, write := range map[string]func(Document, io.Writer) error{"pdf": Document.WritePDF, "odt": Document.WriteODT, "txt": Document.WriteText} {
		a := written(t, func(w io.Writer) error { return write(Handover(sample()), w) })
		b := written(t, func(w io.Writer) error { return write(Handover(sample()), w) })
		if !bytes.Equal(a, b) {
			t.Errorf("%s: two records of one handover differ", name)
		}
	}
}

// TestODTIsWellFormed checks what a word processor insists on: the media type first and stored, and XML that can be read.
func TestODTIsWellFormed(t *testing.T) {
	raw := written(t, Handover(sample()).WriteODT)
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if f := z.File[0]; f.Name != "mimetype" || f.Method != zip.Store {
		t.Errorf("first entry is %s, method %d", f.Name, f.Method)
	}
	for _, f := range z.File[1:] {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		dec := xml.NewDecoder(r)
		for {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestStates(t *testing.T) {
	for _, c := range []struct {
		change func(*mail.Handover)
		want   string
	}{
		{func(h *mail.Handover) { h.State, h.TakenAt, h.DoneAt = mail.HandoverGiven, time.Time{}, time.Time{} }, "Bàn giao CHƯA hoàn tất"},
		{func(h *mail.Handover) { h.State = mail.HandoverRefused }, "trở lại như trước"},
		{func(h *mail.Handover) { h.ByOffice = true }, "Văn phòng Ủy ban nhân dân tỉnh bàn giao thay"},
		{func(h *mail.Handover) { h.Inventory.Unanswered, h.Inventory.Delegations = nil, nil }, "Không có."},
		{func(h *mail.Handover) { h.Giver = mail.Person{} }, "……………………"},
	} {
		h := sample()
		c.change(&h)
		if got := string(written(t, Handover(h).WriteText)); !strings.Contains(letters(got), letters(c.want)) {
			t.Errorf("lacks %q", c.want)
		}
	}
}

// TestLongTables shows that a table goes on over pages.
func TestLongTables(t *testing.T) {
	h := sample()
	for range 300 {
		h.Inventory.Unanswered = append(h.Inventory.Unanswered, h.Inventory.Unanswered[0])
	}
	raw := written(t, Handover(h).WritePDF)
	if n := bytes.Count(raw, []byte("/Type /Page\n")); n < 8 {
		t.Errorf("%d pages", n)
	}
}

func TestFileName(t *testing.T) {
	if got := FileName(sample(), "pdf"); got != "bien-ban-ban-giao-khdt-20261124.pdf" {
		t.Error(got)
	}
	if got := FileName(mail.Handover{Box: "../../etc/pass wd@x", Started: sample().Started}, "odt"); got != "bien-ban-ban-giao--etcpasswd-20261124.odt" && strings.ContainsAny(got, "/ ") {
		t.Error(got)
	}
}

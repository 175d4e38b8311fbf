package kit

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

var fuzzText = []string{
	"a", " ", "ế", "e", "\u0302", "\u0301", "\u0323", "đ", "\n", "> ", ">", "\t", "文", "🇻🇳", "🇻", "👩‍👧", "\u200b", "\x1b[2J", "nghiêng ",
	"https://mail.ninhbinh.gov.vn/van-ban/2026/11/cong-van-rat-dai.pdf ", "một hai ba bốn năm sáu bảy tám chín mười ", "\r\n", "\u0600", "1\ufe0f\u20e3",
	"\u1160", "က္", "\u202e", "\xff",
}

// press does what byte k says; every method of the editor can be reached.
func press(e *Editor, k byte) {
	if int(k) < len(fuzzText) {
		e.Insert(fuzzText[k])
		return
	}
	x := Extend(k%2 == 0)
	ops := []func(){
		func() { e.Left(x) }, func() { e.Right(x) }, func() { e.WordLeft(x) }, func() { e.WordRight(x) },
		func() { e.Home(x) }, func() { e.End(x) }, func() { e.Top(x) }, func() { e.Bottom(x) },
		func() { e.Up(1, x) }, func() { e.Down(1, x) }, func() { e.PageUp(x) }, func() { e.PageDown(x) },
		e.Backspace, e.Delete, e.DeleteWordLeft, e.DeleteWordRight, func() { e.DeleteLine() }, e.DeleteToEnd,
		func() { e.Undo() }, func() { e.Redo() }, e.SelectAll, e.Mark, func() { e.Unselect() }, func() { e.Cut() },
		func() { e.Click(int(k%40), int(k%7), x) }, func() { e.Scroll(int(k%9) - 4) },
		func() { e.Paste(strings.Join(fuzzText[int(k)%len(fuzzText):], "")) }, func() { e.Replace(strings.Repeat("thay ", int(k%30))) },
	}
	ops[(int(k)-len(fuzzText))/2%len(ops)]()
}

// FuzzEditor presses random keys and checks after each what must always hold.
func FuzzEditor(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x03\x04\x05"), uint8(10), uint8(3))
	f.Add([]byte{20, 20, 19, 40, 41, 52, 53, 60, 70, 80, 90, 3, 4, 5, 100, 110}, uint8(20), uint8(5))
	f.Add([]byte{13, 14, 13, 76, 76, 15, 200, 201, 80, 72, 74, 11, 11, 99}, uint8(1), uint8(1))
	f.Add([]byte{9, 20, 20, 9, 20, 54, 54, 56, 22, 23, 64, 64, 68, 68}, uint8(13), uint8(4))
	f.Fuzz(func(t *testing.T, keys []byte, w, h uint8) {
		e := new(Editor)
		width, height := int(w%60)+1, int(h%12)+1
		for i, k := range keys {
			if i > 300 {
				break
			}
			press(e, k)
			checkEditor(t, e, width, height)
		}
		want := e.Text()
		steps := 0
		for ; e.Undo(); steps++ {
			checkEditor(t, e, width, height)
		}
		if e.Text() != "" {
			t.Fatalf("undo of everything left %q", e.Text())
		}
		for range steps {
			e.Redo()
		}
		if e.Text() != want {
			t.Fatalf("redo of everything gave %q, want %q", e.Text(), want)
		}
	})
}

func checkEditor(t *testing.T, e *Editor, w, h int) {
	t.Helper()
	lines, x, y := e.View(w, h, Look{})
	if len(lines) != h || x < 0 || x >= w || y < 0 || y >= h {
		t.Fatalf("%d lines, cursor %d,%d in %d×%d", len(lines), x, y, w, h)
	}
	for _, l := range lines {
		if Width(l) != w {
			t.Fatalf("%q is %d columns wide, want %d", l, Width(l), w)
		}
	}
	s := e.Text()
	if len(s) != e.Size() || !utf8.ValidString(s) {
		t.Fatalf("size %d, text %q", e.Size(), s)
	}
	for i, p := range e.paras {
		if !norm.NFC.IsNormalString(p.s) {
			t.Fatalf("paragraph %q is not NFC", p.s)
		}
		p.lastLine(e.width)
		fresh := &para{s: p.s}
		fresh.lastLine(e.width)
		if !slices.Equal(fresh.starts, p.starts) {
			t.Fatalf("paragraph %d %q wraps at %v after edits, at %v afresh", i, p.s, p.starts, fresh.starts)
		}
	}
}

// FuzzField does the same with a line of input.
func FuzzField(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x03\x04\x05\x40\x41"), uint8(10))
	f.Add([]byte{20, 60, 61, 62, 20, 40, 41, 52}, uint8(1))
	f.Fuzz(func(t *testing.T, keys []byte, w uint8) {
		fl := new(Field)
		width := int(w%50) + 1
		for i, k := range keys {
			if i > 300 {
				break
			}
			switch {
			case int(k) < len(fuzzText):
				fl.Insert(fuzzText[k])
			case k > 250:
				fl.Secret = !fl.Secret
			case k > 245:
				from, to, _ := fl.Segment(";, ")
				fl.ReplaceRange(from, to, "Hà <ha@x.vn>; ")
			case k > 240:
				fl.Paste("dán\nnhiều\tdòng")
			default:
				ops := []func(){
					func() { fl.Left(Select) }, func() { fl.Left(Move) }, func() { fl.Right(Move) }, func() { fl.Home(Move) },
					func() { fl.End(Move) }, fl.Backspace, fl.Delete, fl.DeleteWordLeft, func() { fl.Undo() }, func() { fl.Redo() },
				}
				ops[int(k)%len(ops)]()
			}
			line, x := fl.View(width, "gợi ý", Look{})
			if Width(line) != width || x < 0 || x >= width {
				t.Fatalf("%q is %d wide, want %d; cursor %d", line, Width(line), width, x)
			}
			if strings.ContainsAny(fl.Text(), "\n\t\r") {
				t.Fatalf("more than a line: %q", fl.Text())
			}
		}
	})
}

func benchmarkText(b *testing.B, para int) *Editor {
	b.Helper()
	sentence := "Căn cứ Quyết định số 10/2013/QĐ-UBND ngày 12 tháng 8 năm 2013 của Ủy ban nhân dân tỉnh về việc sử dụng hộp thư. "
	var s strings.Builder
	for s.Len() < 1<<20 {
		p := s.Len()
		for s.Len()-p < para && s.Len() < 1<<20 {
			s.WriteString(sentence)
		}
		s.WriteByte('\n')
	}
	e := new(Editor)
	e.SetText(s.String())
	e.View(100, 40, Look{})
	e.Bottom(Move)
	e.Up(2000, Move)
	e.View(100, 40, Look{})
	return e
}

// A key and its frame in 1 MB of text, in short paragraphs and in a single one.
func BenchmarkEditorKey(b *testing.B) {
	for name, para := range map[string]int{"paragraphs": 500, "one-paragraph": 1 << 20} {
		b.Run(name, func(b *testing.B) {
			e := benchmarkText(b, para)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if i%2 == 0 {
					e.Insert("ế")
				} else {
					e.Backspace()
				}
				e.View(100, 40, Look{})
			}
		})
	}
}

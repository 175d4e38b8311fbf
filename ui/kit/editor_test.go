package kit

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// draw shows the editor with "|" at the cursor and without trailing blanks.
func draw(t *testing.T, e *Editor, w, h int) string {
	t.Helper()
	lines, x, y := e.View(w, h, Look{})
	if len(lines) != h {
		t.Fatalf("%d lines, want %d", len(lines), h)
	}
	if y < 0 || y >= h || x < 0 || x >= w {
		t.Fatalf("cursor %d,%d is outside %d×%d", x, y, w, h)
	}
	for i, s := range lines {
		if got := Width(s); got != w {
			t.Fatalf("line %d %q is %d columns wide, want %d", i, s, got, w)
		}
	}
	cut := atColumn(lines[y], 0, len(lines[y]), x)
	lines[y] = lines[y][:cut] + "|" + lines[y][cut:]
	for i, s := range lines {
		lines[i] = strings.TrimRight(s, " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

func typed(s string) *Editor {
	e := new(Editor)
	for _, r := range s {
		e.Insert(string(r))
	}
	return e
}

func TestEditorComposesTypedMarks(t *testing.T) {
	for _, want := range []string{"Tiếng Việt", "được hưởng", "Nguyễn Thị Thuý", "ƠỜỞỠỚỢ", "đường Phố ưỡn ẹo"} {
		e := typed(norm.NFD.String(want)) // one key per rune
		if e.Text() != want {
			t.Errorf("typed decomposed: %q, want %q", e.Text(), want)
		}
		e = new(Editor)
		e.Insert(norm.NFD.String(want)) // one key with many runes
		if e.Text() != want {
			t.Errorf("typed at once: %q, want %q", e.Text(), want)
		}
		for range []rune(want) {
			e.Backspace()
		}
		if e.Text() != "" {
			t.Errorf("one backspace a letter left %q of %q", e.Text(), want)
		}
	}
}

func TestEditorBackspaceTakesWholeLetter(t *testing.T) {
	for _, letter := range []string{"ệ", "ữ", "đ", "q\u0301", "🇻🇳", "👩‍👧", "e\u0301\u0302\u0323"} {
		e := typed("a")
		e.Insert(letter)
		e.Backspace()
		if e.Text() != "a" {
			t.Errorf("backspace on %q left %q", letter, e.Text())
		}
	}
}

// An input method writes "ế" as e, ê, BS, BS …; what counts is that the order is kept and undo sees one word.
func TestEditorInputMethodBurst(t *testing.T) {
	e := typed("ti ")
	for _, k := range []string{"v", "i", "e", "BS", "ê", "t", "BS", "BS", "ệ", "t"} {
		if k == "BS" {
			e.Backspace()
		} else {
			e.Insert(k)
		}
	}
	if e.Text() != "ti việt" {
		t.Fatalf("burst wrote %q", e.Text())
	}
	e.Undo()
	if e.Text() != "ti " {
		t.Errorf("undo left %q: the burst is not one step", e.Text())
	}
	e.Redo()
	if e.Text() != "ti việt" {
		t.Errorf("redo gave %q", e.Text())
	}
}

func TestEditorWrap(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"at words", "Căn cứ Quyết định số 10", "Căn cứ\nQuyết định\nsố 10|"},
		{"full line", "một hai ba bốn", "một hai ba\nbốn|"},
		{"long word between letters", "nguyễnthịngọctuyết", "nguyễnthịng\nọctuyết|"},
		{"space hangs", "nghiêngngả ok", "nghiêngngả\nok|"},
		{"paragraphs", "a\n\nb", "a\n\nb|"},
		{"ideographs", "文字文字文字文字", "文字文字文\n字文字|"},
		{"tab", "a\tb", "a       b|"},
		{"quote repeats its mark", "> một hai ba bốn", "> một hai\n> ba bốn|"},
	} {
		e := new(Editor)
		e.SetText(c.text)
		e.Bottom(Move)
		if got := draw(t, e, 12, 6); got != c.want {
			t.Errorf("%s:\n%s\nwant:\n%s", c.name, got, c.want)
		}
	}
}

func TestEditorMoves(t *testing.T) {
	const text = "Kính gửi: Sở Tư pháp\nTrân trọng."
	for _, c := range []struct {
		name string
		do   func(e *Editor)
		want string
	}{
		{"right by letter", func(e *Editor) { e.Right(Move); e.Right(Move) }, "Kí|nh gửi:\nSở Tư pháp\nTrân trọng."},
		{"down keeps column", func(e *Editor) {
			for range 7 {
				e.Right(Move)
			}
			e.Down(1, Move)
			e.Down(1, Move)
		}, "Kính gửi:\nSở Tư pháp\nTrân tr|ọng."},
		{"down through short line", func(e *Editor) {
			e.Bottom(Move)
			e.Newline()
			e.Newline()
			e.Insert("abcdefgh")
			e.Up(1, Move)
			e.Up(1, Move)
		}, "Kính gửi:\nSở Tư pháp\nTrân tro|ng.\n\nabcdefgh"},
		{"word right", func(e *Editor) { e.WordRight(Move); e.WordRight(Move) }, "Kính gửi|:\nSở Tư pháp\nTrân trọng."},
		{"word left over line end", func(e *Editor) { e.Bottom(Move); e.Home(Move); e.WordLeft(Move); e.WordLeft(Move) }, "Kính gửi:\nSở Tư |pháp\nTrân trọng."},
		{"end of soft line", func(e *Editor) { e.End(Move) }, "Kính gửi:|\nSở Tư pháp\nTrân trọng."},
		{"end twice", func(e *Editor) { e.End(Move); e.End(Move) }, "Kính gửi:\nSở Tư pháp|\nTrân trọng."},
		{"home of soft line", func(e *Editor) { e.Down(1, Move); e.End(Move); e.Home(Move) }, "Kính gửi:\n|Sở Tư pháp\nTrân trọng."},
		{"home twice", func(e *Editor) { e.Down(1, Move); e.End(Move); e.Home(Move); e.Home(Move) }, "|Kính gửi:\nSở Tư pháp\nTrân trọng."},
		{"left over line end", func(e *Editor) { e.Bottom(Move); e.Home(Move); e.Left(Move) }, "Kính gửi:\nSở Tư pháp|\nTrân trọng."},
		{"click", func(e *Editor) { draw(t, e, 12, 6); e.Click(3, 1, Move) }, "Kính gửi:\nSở |Tư pháp\nTrân trọng."},
		{"click below", func(e *Editor) { draw(t, e, 12, 6); e.Click(30, 5, Move) }, "Kính gửi:\nSở Tư pháp\nTrân trọng.|"},
	} {
		e := new(Editor)
		e.SetText(text)
		draw(t, e, 12, 6)
		c.do(e)
		if got, want := draw(t, e, 12, 6), strings.Replace(c.want, "tro|ng", "trọ|ng", 1); got != want {
			t.Errorf("%s:\n%s\nwant:\n%s", c.name, got, want)
		}
	}
}

func TestEditorSelection(t *testing.T) {
	e := new(Editor)
	e.SetText("Kính gửi: Sở\nTư pháp")
	e.WordRight(Select)
	if e.Selection() != "Kính" {
		t.Fatalf("selected %q", e.Selection())
	}
	e.Insert("Thân")
	if e.Text() != "Thân gửi: Sở\nTư pháp" || e.Selection() != "" {
		t.Errorf("typing over: %q, still selected %q", e.Text(), e.Selection())
	}
	e.Undo()
	if e.Text() != "Kính gửi: Sở\nTư pháp" {
		t.Errorf("undo gave %q", e.Text())
	}
	e.Top(Move)
	e.Mark() // for terminals without shift+arrow
	e.Down(1, Move)
	if e.Selection() != "Kính gửi: Sở\n" {
		t.Errorf("marked %q", e.Selection())
	}
	if cut := e.Cut(); cut != "Kính gửi: Sở\n" || e.Text() != "Tư pháp" || e.Marking() {
		t.Errorf("cut %q, left %q, marking %v", cut, e.Text(), e.Marking())
	}
	e.SelectAll()
	e.Right(Move)
	if _, of := e.Position(); of != 1 || e.Unselect() {
		t.Error("a move without Select keeps the selection")
	}
	e.SelectAll()
	e.Backspace()
	if e.Text() != "" {
		t.Errorf("left %q", e.Text())
	}
}

func TestEditorUndoGroups(t *testing.T) {
	e := typed("một hai  ba")
	var got []string
	for e.Undo() {
		got = append(got, e.Text())
	}
	if want := "một hai  |một |"; strings.Join(got, "|") != want {
		t.Errorf("undo by word went through %q, want %q", strings.Join(got, "|"), want)
	}
	for e.Redo() {
		continue
	}
	if e.Text() != "một hai  ba" {
		t.Errorf("redo gave %q", e.Text())
	}
	for range 8 {
		e.Backspace()
	}
	if e.Text() != "một" {
		t.Fatalf("backspace gave %q", e.Text())
	}
	e.Undo()
	if e.Text() != "một hai  ba" {
		t.Errorf("a run of backspaces is one step; undo gave %q", e.Text())
	}
	e.Undo()
	e.Insert("X")
	if e.Redo() {
		t.Error("redo after a new edit")
	}
	e.Paste("dán vào")
	e.Insert("!")
	e.Undo()
	e.Undo()
	if strings.Contains(e.Text(), "dán") {
		t.Errorf("a paste is one step; left %q", e.Text())
	}
}

func TestEditorPaste(t *testing.T) {
	e := new(Editor)
	e.Paste("một\r\nhai\rba\tbốn\x1b[31m\u202e\x00năm\u2028sáu")
	if want := "một\nhai\nba\tbốn[31mnăm\nsáu"; e.Text() != want {
		t.Errorf("pasted %q, want %q", e.Text(), want)
	}
	was := e.Text()
	if e.Paste(strings.Repeat("x", MaxText)) || e.Text() != was {
		t.Error("a paste beyond the limit must change nothing and say so")
	}
	if !e.Paste("\xff\xfe") || !utf8.ValidString(e.Text()) {
		t.Error("bytes that are no text must become U+FFFD")
	}
	e.Paste("e" + strings.Repeat("\u0301", 5000))
	if n := strings.Count(e.Text(), "\u0301"); n > marksLimit {
		t.Errorf("%d marks on one letter", n)
	}
}

func TestEditorDeletes(t *testing.T) {
	e := new(Editor)
	e.SetText("một hai\nba bốn\nnăm")
	e.DeleteWordRight()
	if e.Text() != " hai\nba bốn\nnăm" {
		t.Errorf("word right: %q", e.Text())
	}
	e.Down(1, Move)
	if cut := e.DeleteLine(); cut != "ba bốn\n" || e.Text() != " hai\nnăm" {
		t.Errorf("line: cut %q, left %q", cut, e.Text())
	}
	e.DeleteToEnd()
	e.DeleteWordLeft() // joins with the line before
	if e.Text() != " hai" {
		t.Errorf("left %q", e.Text())
	}
	e.DeleteWordLeft()
	if e.Text() != " " {
		t.Errorf("word left: %q", e.Text())
	}
	e.Replace("mới")
	e.Undo()
	if e.Text() != " " {
		t.Errorf("undo of a replacement gave %q", e.Text())
	}
}

func TestEditorScrolls(t *testing.T) {
	e := new(Editor)
	e.SetText("1\n2\n3\n4\n5\n6\n7\n8")
	draw(t, e, 10, 3)
	e.Bottom(Move)
	if got := draw(t, e, 10, 3); got != "6\n7\n8|" {
		t.Errorf("bottom:\n%s", got)
	}
	e.PageUp(Move)
	if got := draw(t, e, 10, 3); got != "6\n7|\n8" {
		t.Errorf("page up stays in sight:\n%s", got)
	}
	e.Up(3, Move)
	if got := draw(t, e, 10, 3); got != "4|\n5\n6" {
		t.Errorf("up:\n%s", got)
	}
	e.Scroll(-2)
	if got := draw(t, e, 10, 3); got != "2\n3\n4|" {
		t.Errorf("wheel:\n%s", got)
	}
	e.Scroll(3)
	if got := draw(t, e, 10, 3); got != "5|\n6\n7" {
		t.Errorf("wheel takes the cursor along:\n%s", got)
	}
}

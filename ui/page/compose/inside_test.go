package compose

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/theme"
	"hopthu/ui/uitest"
	"hopthu/ui/words"
)

// bench is a page without a root: its timers and commands are run by hand.
type bench struct {
	t      *testing.T
	page   *Page
	desk   *uitest.Fake
	timers []tea.Msg
	after  []time.Duration
	sent   []tea.Msg
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, desk: uitest.Sample()}
	b.desk.Log = nil
	owner := frame.OwnerID(0)
	shell := &frame.Shell{
		Desk: b.desk, Words: words.Of("vi"), Theme: theme.New(theme.Dark, theme.NoColor, false, false), Keys: keys.New(), Settings: b.desk.Set, Now: b.desk.Now,
		Timer: func(d time.Duration, msg tea.Msg) tea.Cmd {
			b.timers, b.after = append(b.timers, msg), append(b.after, d)
			return nil
		},
		NewOwner: func() frame.OwnerID { owner++; return owner },
	}
	b.page = New(frame.Env{Shell: shell, Owner: 99, Ctx: context.Background()}, frame.OpenCompose{}).(*Page)
	b.page.Update(frame.Size{W: 80, H: 19})
	b.run(b.page.Init())
	return b
}

// run runs commands to their end; what is meant for the root is kept.
func (b *bench) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	msg := cmd()
	if msg == nil {
		return
	}
	if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
		for i := range v.Len() {
			b.run(v.Index(i).Interface().(tea.Cmd))
		}
		return
	}
	if r, ok := msg.(frame.Result); ok {
		b.run(b.page.Update(r))
		return
	}
	b.sent = append(b.sent, msg)
}

func (b *bench) typed(s string) {
	for _, r := range s {
		b.run(b.page.Update(keys.Press{Key: string(r), Text: string(r)}))
	}
}

func (b *bench) fire() {
	timers := b.timers
	b.timers = nil
	for _, m := range timers {
		b.run(b.page.Update(m))
	}
}

// A change is kept three seconds later, once, and again after the next change only.
func TestAutosave(t *testing.T) {
	b := newBench(t)
	b.fire()
	if len(b.desk.Log) != 0 || len(b.after) != 0 {
		t.Fatalf("nothing was written, yet %q", b.desk.Log)
	}
	b.typed("abc")
	if len(b.timers) != 1 || b.after[0] != saveAfter {
		t.Fatalf("three letters set %d timers, after %v", len(b.timers), b.after)
	}
	b.fire()
	if !slices.Equal(b.desk.Log, []string{"save draft upload=false"}) || b.page.draft.ID == 0 {
		t.Fatalf("kept: %q", b.desk.Log)
	}
	b.fire()
	if len(b.desk.Log) != 1 {
		t.Errorf("kept without a change: %q", b.desk.Log)
	}
	b.typed("d")
	b.fire()
	if len(b.desk.Log) != 2 || b.desk.DraftBox[len(b.desk.DraftBox)-1].To != "abcd" {
		t.Errorf("kept %+v", b.desk.DraftBox)
	}
}

// A failure is shown, tried again, and loses nothing.
func TestAutosaveFails(t *testing.T) {
	b := newBench(t)
	b.desk.Errs = map[string]error{"SaveDraft": &mail.Fault{Kind: mail.DiskFull, Op: "save"}}
	b.typed("abc")
	b.fire()
	if !strings.Contains(strings.Join(b.page.View(80, 19), "\n"), "CHƯA LƯU ĐƯỢC") {
		t.Error("a failure is not shown")
	}
	if len(b.timers) != 1 || b.after[len(b.after)-1] != retryAfter {
		t.Fatalf("it is not tried again: %v", b.after)
	}
	b.desk.Errs = nil
	b.fire()
	if n := len(b.desk.DraftBox); b.desk.DraftBox[n-1].To != "abc" {
		t.Errorf("kept %+v", b.desk.DraftBox)
	}
	if strings.Contains(strings.Join(b.page.View(80, 19), "\n"), "CHƯA LƯU ĐƯỢC") {
		t.Error("the failure stays")
	}
}

// What is typed while a save runs is neither overwritten by its answer nor forgotten.
func TestTypingDuringSave(t *testing.T) {
	b := newBench(t)
	b.typed("abc")
	timers := b.timers
	b.timers = nil
	save := b.page.Update(timers[0])
	b.typed("d")
	if leave := b.page.Leave(); leave != nil {
		t.Fatal("a second request ran beside the first")
	}
	b.run(save)
	if got := b.page.lines[toRow].Text(); got != "abcd" {
		t.Errorf("the line holds %q", got)
	}
	if !slices.Equal(b.desk.Log, []string{"save draft upload=false", "save draft upload=true"}) {
		t.Errorf("the desk was asked %q", b.desk.Log)
	}
	if back, ok := b.sent[len(b.sent)-1].(frame.Back); !ok || !back.Force {
		t.Errorf("the page does not close after the last save: %+v", b.sent)
	}
}

// A late completion does not open under another field or over newer typing.
func TestLateCompletion(t *testing.T) {
	b := newBench(t)
	b.typed("h")
	late := b.page.Update(keys.Press{Key: "u", Text: "u"})
	b.typed("x")
	b.run(late)
	if b.page.suggest.open() {
		t.Error("an old answer opened the list")
	}
	b.run(b.page.Update(keys.Press{Action: keys.TextErase, Key: "backspace"}))
	if !b.page.suggest.open() {
		t.Fatal("nobody fits \"hu\"")
	}
	// While one question is on its way the next ones wait; the last of them is asked.
	slow := b.page.Update(keys.Press{Key: "n", Text: "n"})
	if cmd := b.page.Update(keys.Press{Key: "g", Text: "g"}); cmd != nil {
		t.Error("two questions at once")
	}
	b.run(slow)
	if !b.page.suggest.open() || b.page.suggest.typed != "hung" {
		t.Errorf("the last question was %q, open %v", b.page.suggest.typed, b.page.suggest.open())
	}
}

func TestSplitEditor(t *testing.T) {
	for line, want := range map[string][]string{
		"": nil, "nano": {"nano"}, "  emacs   -nw ": {"emacs", "-nw"}, `"/opt/my editor/e" -w`: {"/opt/my editor/e", "-w"},
		`vim -c 'set tw=0' ''`: {"vim", "-c", "set tw=0", ""}, "vi; rm -rf $HOME": {"vi;", "rm", "-rf", "$HOME"},
	} {
		if got := split(line); !slices.Equal(got, want) {
			t.Errorf("split(%q) = %q, want %q", line, got, want)
		}
	}
	env := map[string]string{"VISUAL": "code -w", "EDITOR": "ed"}
	none := func(string) (string, error) { return "", exec.ErrNotFound }
	if got := editorArgs("", func(k string) string { return env[k] }, none); !slices.Equal(got, []string{"code", "-w"}) {
		t.Errorf("$VISUAL comes first: %q", got)
	}
	if got := editorArgs("micro", func(k string) string { return env[k] }, none); !slices.Equal(got, []string{"micro"}) {
		t.Errorf("the setting comes before: %q", got)
	}
	if got := editorArgs("", func(string) string { return "" }, none); got != nil {
		t.Errorf("nothing is set: %q", got)
	}
}

// folderDesk is a desk with a folder for texts that are being edited.
type folderDesk struct {
	frame.Desk
	dir string
}

func (d folderDesk) EditFolder() string { return d.dir }

// The file is private, is read back, and is gone after, also when the program fails.
func TestExternalEditor(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "edit") // not made yet
	b := newBench(t)
	b.page.env.Desk = folderDesk{b.page.env.Desk, dir}
	b.page.env.Settings.Editor = "my-editor -x"
	b.page.body.SetText("Kính gửi: Sở Tư pháp")
	for _, c := range []struct {
		name   string
		write  string
		failed error
		want   string
	}{
		{"changes", "Ti\u1ebfng Vie\u0323\u0302t\r\nhai\n", nil, "Tiếng Việt\nhai"},
		{"program fails", "bị bỏ", errors.New("exit status 1"), "Tiếng Việt\nhai"},
		{"no text", "\xff\xfe\x00", nil, "Tiếng Việt\nhai"},
		{"unchanged", "Tiếng Việt\nhai\n", nil, "Tiếng Việt\nhai"},
	} {
		b.sent = nil
		b.run(b.page.Update(keys.Press{Action: keys.External}))
		run, ok := b.sent[0].(frame.Execute)
		if !ok || len(run.Cmd.Args) != 3 || run.Cmd.Args[0] != "my-editor" || run.Cmd.Args[1] != "-x" {
			t.Fatalf("%s: asked for %+v", c.name, b.sent)
		}
		path := run.Cmd.Args[2]
		file, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		folder, err := os.Stat(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		if file.Mode().Perm() != 0o600 || folder.Mode().Perm() != 0o700 {
			t.Errorf("%s: file %v, folder %v", c.name, file.Mode(), folder.Mode())
		}
		if err := os.WriteFile(path, []byte(c.write), 0o600); err != nil {
			t.Fatal(err)
		}
		b.run(b.page.Update(frame.Result{Owner: 99, Msg: run.Done(c.failed)}))
		if got := b.page.body.Text(); got != c.want {
			t.Errorf("%s: the text is %q, want %q", c.name, got, c.want)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("%s: %v left behind, %v", c.name, left, err)
		}
	}
	b.page.body.Undo()
	if got := b.page.body.Text(); got != "Kính gửi: Sở Tư pháp" {
		t.Errorf("undo gave %q", got)
	}
}

// What was typed is in the store before the editor takes the terminal: nothing is kept while it has it.
func TestKeptBeforeTheEditor(t *testing.T) {
	b := newBench(t)
	b.page.env.Desk = folderDesk{b.page.env.Desk, t.TempDir()}
	b.page.env.Settings.Editor = "my-editor"
	b.page.at = bodyRow
	b.run(b.page.Update(keys.Press{Text: "x"}))
	b.run(b.page.Update(keys.Press{Action: keys.External}))
	if b.page.keep.local != b.page.keep.edits || len(b.desk.Log) == 0 || !strings.HasPrefix(b.desk.Log[0], "save") {
		t.Errorf("kept %d of %d changes: %q", b.page.keep.local, b.page.keep.edits, b.desk.Log)
	}
}

func TestPeople(t *testing.T) {
	for line, want := range map[string][]person{
		"": nil, " ; , ": nil, "a@b.vn": {{"", "a@b.vn"}},
		`"Sở KH; ĐT" <s@x.vn>, Đoàn <d@y.vn>; z`: {{"Sở KH; ĐT", "s@x.vn"}, {"Đoàn", "d@y.vn"}, {"", "z"}},
		`"a\"b" <c@d.vn>`: {{`a"b`, "c@d.vn"}}, "Đoàn <dở": {{"Đoàn", "dở"}},
	} {
		if got := people(line); !slices.Equal(got, want) {
			t.Errorf("people(%q) = %+v, want %+v", line, got, want)
		}
	}
	for name, want := range map[string]string{"": "a@b.vn", "Đoàn": "Đoàn <a@b.vn>", "Sở KH, ĐT": `"Sở KH, ĐT" <a@b.vn>`, `a"b`: `"a\"b" <a@b.vn>`} {
		got := write(mail.Address{Name: name, Addr: "a@b.vn"})
		if got != want {
			t.Errorf("write(%q) = %q, want %q", name, got, want)
		}
		if p := people(got); len(p) != 1 || p[0].addr != "a@b.vn" || p[0].name != name {
			t.Errorf("%q is read back as %+v", got, p)
		}
	}
}

// A key in a letter of 1 MB to its frame.
func BenchmarkComposeKey(b *testing.B) {
	bb := newBench(&testing.T{})
	bb.page.at = bodyRow
	bb.page.body.SetText(strings.Repeat("Căn cứ Quyết định số 10/2013/QĐ-UBND ngày 12 tháng 8 năm 2013.\n", 14000))
	b.ReportAllocs()
	for b.Loop() {
		bb.page.Update(keys.Press{Key: "ế", Text: "ế"})
		bb.page.View(200, 55)
	}
}

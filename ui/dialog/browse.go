package dialog

import (
	"context"
	"path/filepath"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// browser is the dialog that finds a file. Typing filters the folder without diacritics; a path goes there.
type browser struct {
	page    frame.Env // whose question it is
	env     frame.Env // its own
	pageGen int       // of the page
	title   string
	answer  func(File) tea.Msg
	field   kit.Field
	dir     string
	entries []frame.DirEntry
	shown   []int // entries that fit, -1 for the parent folder
	list    kit.Choices
	gen     int
	loading bool
	fault   *mail.Fault
	x       int
	top     int
}

// File is what the person chose: Path is "" when nothing was. Dir is where the browser stood, for the next time.
type File struct{ Path, Name, Dir string }

// Browse looks for a file, beginning in dir. The command opens the dialog and reads the folder; answer makes the page's
// message, which comes with gen.
func Browse(env frame.Env, gen int, title, dir string, answer func(File) tea.Msg) tea.Cmd {
	b := &browser{page: env, env: env.Fresh(), pageGen: gen, title: title, dir: dir, answer: answer}
	// In this order: an answer finds its dialog only once that is open.
	return tea.Sequence(frame.Send(frame.Ask{Dialog: b}), b.load(dir))
}

// Owner implements frame.Answered.
func (b *browser) Owner() frame.OwnerID { return b.env.Owner }

func (b *browser) Title() string { return b.title }

func (b *browser) Contexts() []keys.Context {
	if b.field.Plain {
		return []keys.Context{keys.Files, keys.Choose, keys.Field}
	}
	return []keys.Context{keys.Files, keys.Choose, keys.Field, keys.Viet}
}

func (b *browser) Actions() []keys.ID { return []keys.ID{keys.Pick, keys.FileParent, keys.Close} }

// Cursor is where the field's cursor stands.
func (b *browser) Cursor() (x, y int, ok bool) { return b.x, 0, true }

type lister struct {
	desk frame.Desk
	dir  string
}

type listing struct {
	dir     string
	entries []frame.DirEntry
	err     error
}

func (l lister) run(ctx context.Context) tea.Msg {
	dir, entries, err := l.desk.ListDir(ctx, l.dir)
	return listing{dir, entries, err}
}

func (b *browser) load(dir string) tea.Cmd {
	b.gen++
	b.loading, b.fault = true, nil
	return b.env.Do(b.gen, lister{b.env.Desk, dir}.run)
}

func (b *browser) onListing(m listing) {
	b.loading = false
	if m.err != nil {
		b.fault = mail.AsFault("list folder", m.err)
		return
	}
	b.dir, b.entries = m.dir, m.entries
	b.field.SetText("")
	b.field.Plain = false
	b.filter()
}

// isPath reports what is gone to instead of being looked for; keys are taken as they are in it.
func isPath(typed string) bool { return strings.HasPrefix(typed, "/") || strings.HasPrefix(typed, "~") }

// filter keeps the names that fit the keys of a word that is not finished yet, or else the text.
func (b *browser) filter() {
	b.keep(b.env.Typist.Keys(&b.field))
	if len(b.shown) == 0 {
		b.keep(b.field.Text())
	}
}

func (b *browser) keep(typed string) {
	want := kit.Fold(typed)
	b.shown = nil
	var rows []kit.Choice
	w := b.env.Words
	if want == "" && parent(b.dir) != b.dir {
		b.shown = append(b.shown, -1)
		rows = append(rows, kit.Choice{Main: "..", Detail: w.Write.Files.Up})
	}
	for i, e := range b.entries {
		if !kit.Match(want, kit.Fold(e.Name)) {
			continue
		}
		b.shown = append(b.shown, i)
		row := kit.Choice{Main: kit.Clean(e.Name), Note: w.Bytes(e.Size)}
		if e.Dir {
			row.Main, row.Note = row.Main+"/", w.Write.Files.Folder
		}
		rows = append(rows, row)
	}
	b.list.Set(rows)
	if want == "" && len(b.shown) > 1 && b.shown[0] == -1 {
		b.list.MoveTo(1)
	}
}

// parent is the folder above; a browser of paths need not touch the disk for it.
func parent(dir string) string { return filepath.Dir(dir) }

func (b *browser) Update(msg tea.Msg) (bool, tea.Cmd) {
	switch m := msg.(type) {
	case frame.Result:
		if l, ok := m.Msg.(listing); ok && m.Gen == b.gen {
			b.onListing(l)
		}
	case keys.Mouse:
		if frame.Point(&b.list, m, b.top) {
			return b.enter()
		}
	case keys.Press:
		return b.press(m)
	}
	return false, nil
}

func (b *browser) press(m keys.Press) (bool, tea.Cmd) {
	switch m.Action {
	case keys.Close:
		return true, b.page.Reply(b.pageGen, b.answer(File{Dir: b.dir}))
	case keys.Pick, keys.NextField:
		return b.enter()
	case keys.FileParent, keys.PrevField:
		return false, b.load(parent(b.dir))
	case keys.Erase:
		if b.field.Text() == "" {
			return false, b.load(parent(b.dir))
		}
		fallthrough
	default:
		if frame.Walk(&b.list, m.Action) {
			return false, nil
		}
		if b.field.Text() == "" && isPath(m.Text) {
			b.field.Plain = true // before its letters are taken: a fast hand or a terminal's paste brings them in one piece
		}
		if b.env.Edit(&b.field, m) {
			b.fault = nil
			b.field.Plain = isPath(b.field.Text())
			b.filter()
		}
	}
	return false, nil
}

// enter opens the folder or takes the file under the cursor; a path that was typed is gone to.
func (b *browser) enter() (bool, tea.Cmd) {
	typed := strings.TrimSpace(b.field.Text())
	if isPath(typed) {
		return false, b.load(typed)
	}
	i := b.list.Index()
	if i < 0 || b.loading {
		return false, nil
	}
	at := b.shown[i]
	if at < 0 {
		return false, b.load(parent(b.dir))
	}
	e := b.entries[at]
	if e.Dir {
		return false, b.load(e.Path)
	}
	return true, b.page.Reply(b.pageGen, b.answer(File{Path: e.Path, Name: kit.Clean(e.Name), Dir: b.dir}))
}

func (b *browser) View(w, h int) []string {
	th := b.env.Theme
	box := th.Box
	words := &b.env.Words.Write.Files
	w = min(w, 70)
	look := kit.Look{Text: box.Base.Paint, Selected: th.Sel.Base.Paint, Hint: box.Dim.Paint}
	line, x := b.field.View(max(w-2, 1), words.Hint, look)
	b.x = x + 2
	out := []string{box.AccentBold.Paint("/ ") + line}
	out = append(out, box.Dim.Paint(kit.Fit(tail(kit.Clean(b.dir), w), w)), kit.Rule(w, box, th.Glyph))
	b.top = len(out)
	n := max(1, min(h-len(out), 14))
	note := ""
	switch {
	case b.fault != nil:
		said := b.env.Words.Fault(b.fault)
		for _, l := range kit.Wrap(kit.Clean(said.What+" "+said.Next), w, 0) {
			out = append(out, box.Warn.Paint(kit.Fit(l, w)))
		}
		return kit.Fill(out, b.top+n, box.Base.Paint(kit.Space(w)))
	case b.loading && len(b.entries) == 0:
		note = words.Loading
	case len(b.shown) == 0 && b.field.Text() != "":
		note = words.NoneFits
	case len(b.entries) == 0 && len(b.shown) < 1:
		note = words.Empty
	}
	if note != "" {
		out = append(out, box.Dim.Paint(kit.Fit(" "+note, w)))
		return kit.Fill(out, b.top+n, box.Base.Paint(kit.Space(w)))
	}
	return append(out, b.list.View(w, n, th.Glyph.Cursor, look)...)
}

// tail is the end of a path that is too long: its end says more than its beginning.
func tail(s string, w int) string {
	if kit.Width(s) <= w || w < 2 {
		return s
	}
	r := []rune(s)
	for len(r) > 0 && kit.Width(string(r)) > w-1 {
		r = r[1:]
	}
	return "…" + string(r)
}

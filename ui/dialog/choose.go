package dialog

import (
	tea "github.com/charmbracelet/bubbletea"

	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// listMost is how many items are shown at once; the rest scrolls.
const listMost = 14

// Item is one line to choose from. Also is searched beside Main and Detail, but not shown.
type Item struct {
	Main, Detail, Note, Also string
	Off                      string // why it cannot be chosen now; "" if it can
}

// chooser is a list with a field that filters it, without diacritics.
type chooser struct {
	env    frame.Env
	gen    int
	title  string
	hint   string
	items  []Item
	folded []string
	field  kit.Field
	rows   kit.Rows[int]
	answer func(i int) tea.Msg
	x      int
}

// Choose offers items; typing narrows them. answer makes the message for the chosen one's index, or for -1 when the
// person chose none; nil sends nothing.
func Choose(env frame.Env, gen int, title, hint string, items []Item, answer func(i int) tea.Msg) frame.Dialog {
	return newChooser(env, gen, title, hint, items, answer)
}

// Commands is Choose for names of commands: keys are taken as they are. The words are found without diacritics, and the
// names of actions are English.
func Commands(env frame.Env, gen int, title, hint string, items []Item, answer func(i int) tea.Msg) frame.Dialog {
	c := newChooser(env, gen, title, hint, items, answer)
	c.field.Plain = true
	return c
}

func newChooser(env frame.Env, gen int, title, hint string, items []Item, answer func(i int) tea.Msg) *chooser {
	c := &chooser{env: env, gen: gen, title: title, hint: hint, answer: answer}
	for _, it := range items {
		it.Main, it.Detail, it.Note = kit.Clean(it.Main), kit.Clean(it.Detail), kit.Clean(it.Note)
		c.items = append(c.items, it)
		c.folded = append(c.folded, kit.Fold(it.Main+" "+it.Detail+" "+it.Also))
	}
	c.filter()
	return c
}

// filter keeps what fits the keys of a word that is not finished yet ("exe" on its way through "ễ"), or else the text.
func (c *chooser) filter() {
	ids := c.fitting(c.env.Typist.Keys(&c.field))
	if len(ids) == 0 {
		ids = c.fitting(c.field.Text())
	}
	c.rows = kit.Rows[int]{}
	c.rows.SetIDs(ids)
}

func (c *chooser) fitting(typed string) []int {
	want := kit.Fold(typed)
	ids := make([]int, 0, len(c.items))
	for i, s := range c.folded {
		if kit.Match(want, s) {
			ids = append(ids, i)
		}
	}
	return ids
}

func (c *chooser) Title() string { return c.title }

func (c *chooser) Contexts() []keys.Context {
	if c.field.Plain {
		return []keys.Context{keys.Choose, keys.Field}
	}
	return []keys.Context{keys.Choose, keys.Field, keys.Viet}
}

func (c *chooser) Actions() []keys.ID { return []keys.ID{keys.Pick, keys.Close} }

// Cursor is where the field's cursor stands.
func (c *chooser) Cursor() (x, y int, ok bool) { return c.x, 0, true }

func (c *chooser) Update(msg tea.Msg) (bool, tea.Cmd) {
	switch m := msg.(type) {
	case keys.Mouse:
		if frame.Point(&c.rows, m, 2) {
			return c.pick()
		}
	case keys.Press:
		switch m.Action {
		case keys.Close:
			return true, c.reply(-1)
		case keys.Pick:
			return c.pick()
		default:
			if !frame.Walk(&c.rows, m.Action) && c.env.Edit(&c.field, m) {
				c.filter()
			}
		}
	}
	return false, nil
}

func (c *chooser) pick() (bool, tea.Cmd) {
	i, ok := c.rows.Current()
	if !ok || c.items[i].Off != "" {
		return false, nil
	}
	return true, c.reply(i)
}

func (c *chooser) reply(i int) tea.Cmd {
	if msg := c.answer(i); msg != nil {
		return c.env.Reply(c.gen, msg)
	}
	return nil
}

func (c *chooser) View(w, h int) []string {
	th := c.env.Theme
	box := th.Box
	w = c.width(w)
	look := kit.Look{Text: box.Base.Paint, Selected: th.Sel.Base.Paint, Hint: box.Dim.Paint}
	line, x := c.field.View(max(w-2, 1), c.hint, look)
	c.x = x + 2
	out := []string{box.AccentBold.Paint("/ ") + line, kit.Rule(w, box, th.Glyph)}
	n := min(len(c.items), max(h-2, 1), listMost)
	c.rows.SetHeight(n)
	for at, i := range c.rows.Visible() {
		out = append(out, c.line(c.items[i], w, c.rows.Top()+at == c.rows.Index()))
	}
	if c.rows.Len() == 0 {
		out = append(out, box.Dim.Paint(kit.Fit(" "+c.env.Words.Dialog.NothingFits, w)))
	}
	return kit.Fill(out, n+2, box.Base.Paint(kit.Space(w)))
}

// width is wide enough for the longest item, so that the dialog does not change while one types.
func (c *chooser) width(limit int) int {
	w := 40
	for _, it := range c.items {
		w = max(w, kit.Width(it.Main)+kit.Width(it.Detail)+kit.Width(it.Note)+6)
	}
	return min(w, limit)
}

func (c *chooser) line(it Item, w int, on bool) string {
	th := c.env.Theme
	set, mark := th.Box, " "
	if on {
		set, mark = th.Sel, th.Glyph.Cursor
	}
	note := it.Note
	if it.Off != "" {
		note = it.Off
	}
	if note != "" {
		note = " " + kit.Cut(note, w/2) + " "
	}
	room := w - 2 - kit.Width(note)
	main := kit.Cut(it.Main, room)
	room -= kit.Width(main)
	detail := ""
	if it.Detail != "" && room > 6 {
		detail = kit.Cut("  "+it.Detail, room)
		room -= kit.Width(detail)
	}
	st := set.Base
	if it.Off != "" {
		st = set.Dim
	}
	return set.Accent.Paint(mark+" ") + st.Paint(main) + set.Dim.Paint(detail+kit.Space(room)+note)
}

// Package settings is the page where the person changes the program and his mailboxes.
//
// Laws: what is changed is saved at once and shown only after it was saved; each line says what it is for.
package settings

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/form"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
	"hopthu/ui/words"
)

// Rows of the form.
const (
	language  = "language"
	themeRow  = "theme"
	ascii     = "ascii"
	mouse     = "mouse"
	notify    = "notify"
	undo      = "undo"
	editor    = "editor"
	files     = "files"
	outside   = "outside"
	reply     = "reply"
	downloads = "downloads"
	view      = "view"
	typing    = "typing"
	tones     = "tones"
	add       = "add"
	account   = "account:" // and the id
)

// What the choices stand for.
var (
	notifies = []string{"off", "bell", "osc9", "osc777"}
	undos    = []int{0, 5, 10, 15, 20, 30, 60}
	days     = []int{1, 2, 3, 5, 7, 10, 15, 20, 30}
	methods  = []string{"off", "telex", "telex-w", "vni", "viqr"}
	styles   = []string{"old", "new"}
)

// with is list with n in its place, so that what is set is always among the choices.
func with(list []int, n int) []int {
	i, ok := slices.BinarySearch(list, n)
	if ok || n < 0 {
		return list
	}
	return slices.Insert(slices.Clone(list), i, n)
}

// Page is the settings page.
type Page struct {
	env      frame.Env
	form     form.Form
	clip     form.Clip
	set      mail.Settings // as saved
	undos    []int         // seconds offered
	days     []int         // working days offered
	accounts []mail.Account
	saving   bool
	again    bool // something changed while a save ran
	leaving  bool
	say      string
	w, h     int
	x, y     int
	inField  bool
	formY    int
}

// New makes the page.
func New(env frame.Env, _ frame.OpenSettings) frame.Page {
	p := &Page{env: env, set: env.Desk.Settings(), accounts: env.Desk.Accounts()}
	p.form.Typist = env.Typist
	p.rows()
	return p
}

// Init implements frame.Page.
func (p *Page) Init() tea.Cmd { return nil }

// Title implements frame.Page.
func (p *Page) Title() string { return p.env.Words.Write.Settings.Title }

// Contexts implements frame.Page.
func (p *Page) Contexts() []keys.Context { return p.form.Contexts() }

// Actions implements frame.Page.
func (p *Page) Actions() []keys.ID {
	if p.form.Current().Kind == form.Choice {
		return []keys.ID{keys.SettingChange, keys.RowDown, keys.Back}
	}
	return []keys.ID{keys.RowDo, keys.RowDown, keys.Back}
}

// Cursor implements frame.Cursored.
func (p *Page) Cursor() (x, y int, ok bool) { return p.x, p.y, p.inField }

// rows makes the form in the words of the language, with what is set.
func (p *Page) rows() {
	w := &p.env.Words.Write.Settings
	focus := ""
	if len(p.form.Rows) > 0 {
		focus = p.form.Current().Key
	}
	choice := func(key, label string, at int, options ...string) *form.Row {
		return &form.Row{Key: key, Kind: form.Choice, Label: label, Options: options, At: max(0, at)}
	}
	flag := func(key, label string, on bool) *form.Row {
		at := 0
		if on {
			at = 1
		}
		return choice(key, label, at, w.No, w.Yes)
	}
	input := func(key, label, hint, text string) *form.Row {
		r := &form.Row{Key: key, Kind: form.Input, Label: label, Hint: hint}
		r.Field.SetText(text)
		return r
	}
	var langs, langNames, themes, themeNames, notifyNames, undoNames, dayNames, methodNames []string
	for _, l := range words.Languages() {
		langs, langNames = append(langs, l[0]), append(langNames, l[1])
	}
	for _, n := range theme.Names() {
		themes, themeNames = append(themes, string(n)), append(themeNames, w.Themes[string(n)])
	}
	for _, n := range methods {
		methodNames = append(methodNames, w.Methods[n])
	}
	for _, n := range notifies {
		notifyNames = append(notifyNames, w.Notifies[n])
	}
	p.undos, p.days = with(undos, int(p.set.Undo/time.Second)), with(days, p.set.ReplyDays)
	for _, n := range p.undos {
		if n == 0 {
			undoNames = append(undoNames, w.UndoOff)
			continue
		}
		undoNames = append(undoNames, words.Say(w.Seconds, n))
	}
	for _, n := range p.days {
		dayNames = append(dayNames, words.Say(w.Days, n))
	}
	s := p.set
	p.form.Rows = []*form.Row{
		{Kind: form.Heading, Label: w.Look},
		choice(language, w.Language, slices.Index(langs, s.Language), langNames...),
		choice(themeRow, w.Theme, slices.Index(themes, s.Theme), themeNames...),
		flag(ascii, w.ASCII, s.ASCII), flag(mouse, w.Mouse, s.Mouse),
		choice(notify, w.Notify, slices.Index(notifies, s.Notify), notifyNames...),
		{Kind: form.Heading, Label: w.Sending},
		choice(typing, w.Typing, slices.Index(methods, s.Typing), methodNames...),
		choice(tones, w.Tones, slices.Index(styles, s.Tones), w.TonesOld, w.TonesNew),
		choice(undo, w.Undo, max(0, slices.Index(p.undos, int(s.Undo/time.Second))), undoNames...),
		input(editor, w.Editor, w.EditorHint, s.Editor), flag(files, w.CheckFiles, s.CheckFiles),
		choice(outside, w.Outside, index(s.StrictOutside), w.OutsideAsk, w.OutsideBlock),
		{Kind: form.Heading, Label: w.Reading},
		choice(reply, w.ReplyDays, max(0, slices.Index(p.days, s.ReplyDays)), dayNames...),
		input(downloads, w.Downloads, "~/Downloads", s.Downloads),
		choice(view, w.View, int(s.View), w.ViewFlat, w.ViewConv),
		{Kind: form.Heading, Label: w.Accounts},
	}
	for _, a := range p.accounts {
		kind := w.Personal
		if a.Official {
			kind = w.Official
		}
		p.form.Rows = append(p.form.Rows, &form.Row{
			Key: account + string(a.ID), Kind: form.Button, Label: kit.Clean(a.Address), Aside: kit.Clean(a.Name) + ", " + kind,
		})
	}
	p.form.Row(editor).Field.Plain = true
	p.form.Row(downloads).Field.Plain = true
	p.form.Rows = append(p.form.Rows, &form.Row{Key: add, Kind: form.Button, Label: w.Add})
	p.form.Focus(focus)
}

// index is where a yes stands among the choices.
func index(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// asked is the settings that the form describes. What is not touched keeps its exact value.
func (p *Page) asked() mail.Settings {
	s := p.set
	at := func(key string) int { return p.form.Row(key).At }
	s.Language = words.Languages()[at(language)][0]
	s.Theme = string(theme.Names()[at(themeRow)])
	s.ASCII, s.Mouse, s.CheckFiles = at(ascii) == 1, at(mouse) == 1, at(files) == 1
	s.StrictOutside = at(outside) == 1
	s.Notify = notifies[at(notify)]
	if n := p.undos[at(undo)]; n != int(s.Undo/time.Second) {
		s.Undo = time.Duration(n) * time.Second
	}
	s.ReplyDays = p.days[at(reply)]
	s.Editor = strings.TrimSpace(p.form.Text(editor))
	s.Downloads = strings.TrimSpace(p.form.Text(downloads))
	s.View = mail.View(at(view))
	s.Typing, s.Tones = methods[at(typing)], styles[at(tones)]
	return s
}

// Answers.
type (
	saved struct {
		settings mail.Settings
		err      error
	}
	picked struct {
		id   mail.AccountID
		what int
	}
	confirm struct {
		id  mail.AccountID
		yes bool
	}
	removed struct {
		address string
		err     error
	}
)

// Update implements frame.Page.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		p.w, p.h = m.W, m.H
	case frame.Restyled:
		p.rows()
	case frame.Events:
		for _, e := range m {
			if e.Kind == mail.AccountsChanged {
				p.accounts = p.env.Desk.Accounts()
				p.rows()
			}
		}
	case keys.Press:
		was := p.form.Current().Key
		cmd := p.did(p.form.Press(m, &p.clip))
		if now := p.form.Current().Key; now != was && (was == editor || was == downloads) {
			return tea.Batch(cmd, p.save())
		}
		return cmd
	case keys.Mouse:
		if m.Kind == keys.Click {
			return p.did(p.form.Click(m.Y - p.formY))
		}
	case frame.Result:
		return p.answer(m.Msg)
	}
	return nil
}

func (p *Page) answer(msg tea.Msg) tea.Cmd {
	w := &p.env.Words.Write.Settings
	switch m := msg.(type) {
	case saved:
		return p.onSaved(m)
	case picked:
		return p.onPicked(m)
	case confirm:
		if !m.yes {
			return nil
		}
		return p.env.Do(0, remover{p.env.Desk, m.id, p.find(m.id).Address}.run)
	case removed:
		if m.err != nil {
			return frame.Failed("remove mailbox", m.err)
		}
		p.accounts = p.env.Desk.Accounts()
		p.rows()
		return frame.Tell(frame.Good, fmt.Sprintf(w.Removed, kit.Clean(m.address)))
	}
	return nil
}

// did acts on what a press did to the form.
func (p *Page) did(ev form.Event) tea.Cmd {
	r := p.form.Row(ev.Key)
	if r == nil {
		return nil
	}
	switch ev.Did {
	case form.Copied:
		return frame.Send(frame.Copy{Text: p.clip.Text})
	case form.NoMarked: // Ctrl+C with nothing to copy means what it means elsewhere
		return frame.Send(frame.Perform{ID: keys.Quit})
	}
	if ev.Did == form.Changed {
		p.say = ""
		if r.Kind == form.Choice {
			return p.save()
		}
	}
	if !ev.Do {
		return nil
	}
	if ev.Key == add {
		return frame.Go(frame.OpenStart{})
	}
	if id, ok := strings.CutPrefix(ev.Key, account); ok {
		return p.offer(mail.AccountID(id))
	}
	return nil
}

// save keeps what the form says, one save at a time.
func (p *Page) save() tea.Cmd {
	s := p.asked()
	if s == p.set {
		return nil
	}
	if s.Downloads != "" && !strings.HasPrefix(s.Downloads, "/") && !strings.HasPrefix(s.Downloads, "~") {
		p.say = p.env.Words.Write.Settings.BadDownloads
		p.form.Focus(downloads)
		return nil
	}
	if p.saving {
		p.again = true
		return nil
	}
	p.saving = true
	return p.env.Do(0, saver{p.env.Desk, s}.run)
}

type saver struct {
	desk     frame.Desk
	settings mail.Settings
}

func (s saver) run(ctx context.Context) tea.Msg {
	return saved{s.settings, s.desk.SaveSettings(ctx, s.settings)}
}

func (p *Page) onSaved(m saved) tea.Cmd {
	p.saving = false
	if m.err != nil {
		p.leaving, p.again = false, false
		p.rows() // what is shown is what is set
		return frame.Failed("save settings", m.err)
	}
	p.set = m.settings
	cmds := []tea.Cmd{frame.Send(frame.Apply{Settings: m.settings}), frame.Tell(frame.Good, words.Of(m.settings.Language).Write.Settings.Saved)}
	var more tea.Cmd
	if p.again {
		p.again = false
		more = p.save()
		cmds = append(cmds, more)
	}
	if more == nil && p.leaving {
		cmds = append(cmds, frame.Send(frame.Back{Force: true}))
	}
	return tea.Sequence(cmds...)
}

// Leave implements frame.Leaving: a field that was typed in is saved first.
func (p *Page) Leave() tea.Cmd {
	cmd := p.save()
	if cmd == nil && !p.saving {
		if p.say != "" {
			return frame.Tell(frame.Warn, p.say)
		}
		return nil
	}
	p.leaving = true
	return tea.Batch(cmd, frame.Tell(frame.Note, p.env.Words.Write.Settings.Working))
}

func (p *Page) find(id mail.AccountID) mail.Account {
	for _, a := range p.accounts {
		if a.ID == id {
			return a
		}
	}
	return mail.Account{}
}

// offer asks what to do with a mailbox.
func (p *Page) offer(id mail.AccountID) tea.Cmd {
	w := &p.env.Words.Write.Settings
	a := p.find(id)
	address := kit.Clean(a.Address)
	items := []dialog.Item{{Main: w.Password}, {Main: w.SignInAgain}, {Main: w.Remove}}
	return frame.Send(frame.Ask{Dialog: dialog.Choose(p.env, 0, address, p.env.Words.Dialog.FilterHint, items, func(i int) tea.Msg {
		return picked{id, i}
	})})
}

func (p *Page) onPicked(m picked) tea.Cmd {
	w := &p.env.Words.Write.Settings
	a := p.find(m.id)
	switch m.what {
	case 0:
		return frame.Go(frame.OpenPassword{Account: a})
	case 1:
		return frame.Go(frame.OpenStart{Account: &a})
	case 2:
		return frame.Send(frame.Ask{Dialog: dialog.Confirm(p.env, 0, fmt.Sprintf(w.RemoveTitle, kit.Clean(a.Address)), w.RemoveText,
			func(yes bool) tea.Msg { return confirm{a.ID, yes} })})
	}
	return nil
}

type remover struct {
	desk    frame.Desk
	id      mail.AccountID
	address string
}

func (r remover) run(ctx context.Context) tea.Msg {
	return removed{r.address, r.desk.RemoveAccount(ctx, r.id)}
}

// View implements frame.Page.
func (p *Page) View(w, h int) []string {
	th := p.env.Theme
	set := th.Page
	help := p.help(w)
	room := max(1, h-len(help))
	p.formY = 0
	inner := max(1, min(w-2, 84))
	lines, x, y, ok := p.form.View(inner, room, set, th.Soft, th.Sel, th.Glyph)
	left := min(1, max(0, w-inner))
	p.x, p.y, p.inField = left+x, y, ok
	out := make([]string, 0, h)
	for _, l := range lines {
		out = append(out, set.Base.Paint(kit.Space(left))+l+set.Base.Paint(kit.Space(w-left-inner)))
	}
	return append(out, help...)[:h]
}

// help says what the line in focus is for, in two lines at the bottom.
func (p *Page) help(w int) []string {
	set := p.env.Theme.Page
	key := p.form.Current().Key
	if strings.HasPrefix(key, account) || key == add {
		key = "account"
	}
	text, st := p.env.Words.Write.Settings.Help[key], set.Dim
	if p.say != "" {
		text, st = "! "+p.say, set.Warn
	}
	out := []string{kit.Rule(w, set, p.env.Theme.Glyph)}
	for _, l := range kit.Wrap(text, max(1, w-2), 0) {
		out = append(out, st.Paint(kit.Fit(" "+l, w)))
	}
	return kit.Fill(out, 3, set.Base.Paint(kit.Space(w)))
}

// Package ui is the screen: the one model that Bubble Tea runs. It owns sizes, the stack of pages, the stack of
// dialogs, the lines around a page, and it routes.
//
// Laws: nothing else implements tea.Model; Update only routes and never waits; View only joins lines; exactly one call of
// Desk.Next is waiting; answers go to the page that asked, wherever it stands.
package ui

import (
	"context"
	"log/slog"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

// Terminal is what the screen asks of the terminal beside drawing: ui/term implements it.
type Terminal interface {
	Cursor(x, y int, show bool) error
	Copy(text string) (whole bool, err error)
	Notify(how, title, body string) error
	Paste(ticket string) string
}

// Options are what a screen is made of.
type Options struct {
	Desk     frame.Desk
	Pages    frame.Pages
	Terminal Terminal
	Now      func() time.Time
	Timer    func(d time.Duration, msg tea.Msg) tea.Cmd // nil: the real one
	Depth    theme.Depth
	First    frame.Target // nil: the day's desk, or signing in when there is no account
	Stays    bool         // no shell would wake the program: it must not be suspended
	Shown    func()       // called once, when the first frame is on the terminal; may be nil
	Log      *slog.Logger // takes faults of Kind Unknown in full; may be nil
}

// App is the screen.
type App struct {
	ctx    context.Context
	cancel context.CancelFunc
	opt    Options
	shell  *frame.Shell
	owners frame.OwnerID

	w, h    int
	stack   []*shown             // the pages open, the one seen last
	roots   map[frame.Tab]*shown // the pages of the tabs, kept with their place
	dialogs dialog.Stack
	pending tea.Msg // what to do once a page has agreed to close

	accounts []mail.Account
	status   []mail.Status
	account  mail.AccountID // whose box is shown
	counts   counts
	pressing pressing
	said     said
	fault    *mail.Fault // the last one that was only mentioned
	alerts   map[mail.AccountID]string
	title    string
	spans    [][2]int // of the tabs, for the mouse
}

// shown is a page with what belongs to it.
type shown struct {
	page   frame.Page
	env    frame.Env
	cancel context.CancelFunc
}

// New makes a screen. ctx ends everything that it waits for.
func New(ctx context.Context, o Options) *App {
	if o.Timer == nil {
		o.Timer = func(d time.Duration, msg tea.Msg) tea.Cmd { return tea.Tick(d, func(time.Time) tea.Msg { return msg }) }
	}
	a := &App{opt: o, roots: map[frame.Tab]*shown{}, alerts: map[mail.AccountID]string{}}
	a.ctx, a.cancel = context.WithCancel(ctx)
	s := o.Desk.Settings()
	a.shell = &frame.Shell{
		Desk: o.Desk, Words: wordsFor(s), Keys: keys.New(), Settings: s, Now: o.Now, Timer: o.Timer, NewOwner: a.newOwner,
		Typist: new(kit.Typist),
	}
	a.shell.Typist.Use(s.Typing, s.Tones)
	a.accounts, a.status = o.Desk.Accounts(), o.Desk.Status()
	if len(a.accounts) > 0 {
		a.account = a.accounts[0].ID
	}
	a.restyle()
	return a
}

func (a *App) newOwner() frame.OwnerID {
	a.owners++
	return a.owners
}

// Shell is what all pages share, for drivers.
func (a *App) Shell() *frame.Shell { return a.shell }

// env is the root's own: answers to owner 0 come back to the root.
func (a *App) env() frame.Env { return frame.Env{Shell: a.shell, Ctx: a.ctx} }

// Init opens the first page once the size is known, and begins to wait for events.
func (a *App) Init() tea.Cmd {
	return tea.Batch(a.Waiting, a.loadCounts(), a.everyMinute(), a.applyMouse(), a.opt.Timer(pressFirst, repress{}))
}

type minute struct{}

func (a *App) everyMinute() tea.Cmd {
	now := a.shell.Now()
	return a.opt.Timer(now.Truncate(time.Minute).Add(time.Minute).Sub(now), minute{})
}

// Update routes: size, terminal, answers by owner, messages of pages, events.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := a.route(msg)
	if t := a.windowTitle(); t != a.title {
		a.title = t
		cmd = tea.Batch(cmd, tea.SetWindowTitle(t))
	}
	return a, cmd
}

func (a *App) route(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case tea.WindowSizeMsg:
		return a.resize(m.Width, m.Height)
	case tea.KeyMsg:
		return a.key(m)
	case tea.MouseMsg:
		return a.mouse(m)
	case frame.Result:
		return a.result(m)
	case events:
		return a.handleEvents(m)
	case counts:
		return a.takeCounts(m)
	case recount:
		return a.loadCounts()
	case arrived:
		return a.announce(m)
	case minute:
		return tea.Batch(a.everyMinute(), a.loadPressing())
	case repress:
		a.pressing.soon = false
		return a.loadPressing()
	case pressed:
		return a.takePressing(m)
	case unsay:
		if m.n == a.said.n {
			a.said.text = ""
		}
		return nil
	}
	return a.ask(msg)
}

// ask handles what pages ask of the root.
func (a *App) ask(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Open:
		return a.open(m)
	case frame.Back:
		return a.back(m)
	case frame.Ask:
		a.dialogs.Push(m.Dialog, m.ByItself, a.shell.Now())
	case frame.Turned:
		return a.settle()
	case frame.Say:
		return a.say(m)
	case frame.Fail:
		a.note(m.Fault)
		a.dialogs.Push(dialog.Fault(a.env(), cleanFault(m.Fault)), false, a.shell.Now())
	case frame.OnPage:
		a.note(m.Fault)
	case frame.Copy:
		return a.copyText(m.Text)
	case frame.Execute:
		return a.execute(m)
	case frame.Perform:
		return a.perform(m.ID)
	case frame.Apply:
		return a.apply(m.Settings)
	}
	return nil
}

// result gives an answer to the page or dialog that asked; whoever is gone gets nothing.
func (a *App) result(r frame.Result) tea.Cmd {
	if r.Owner == 0 {
		return a.own(r.Msg)
	}
	for _, s := range a.everyPage() {
		if s.env.Owner == r.Owner {
			return s.page.Update(r)
		}
	}
	return a.dialogs.Answer(r)
}

// everyPage lists the pages on the stack and those kept behind tabs, each once.
func (a *App) everyPage() []*shown {
	out := append([]*shown(nil), a.stack...)
next:
	for _, s := range a.roots {
		for _, have := range out {
			if have == s {
				continue next
			}
		}
		out = append(out, s)
	}
	return out
}

func (a *App) broadcast(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	for _, s := range a.everyPage() {
		cmds = append(cmds, s.page.Update(msg))
	}
	return tea.Batch(append(cmds, a.dialogs.Broadcast(msg))...)
}

func (a *App) resize(w, h int) tea.Cmd {
	first := a.w == 0
	a.w, a.h = w, h
	var cmds []tea.Cmd
	for _, s := range a.everyPage() {
		cmds = append(cmds, s.page.Update(a.size()))
	}
	if first {
		cmds = append(cmds, a.open(frame.Open{Target: a.first()}))
		a.opt.First = nil // from now on the first page is the usual one
	}
	return tea.Batch(cmds...)
}

func (a *App) first() frame.Target {
	switch {
	case a.opt.First != nil:
		return a.opt.First
	case len(a.accounts) == 0:
		return frame.OpenStart{}
	}
	return frame.OpenToday{}
}

// key turns what was typed into presses, one for each letter where letters are commands.
func (a *App) key(m tea.KeyMsg) tea.Cmd {
	key, text, paste := keys.ReadKey(m)
	if paste {
		text = kit.NFC(kit.PasteLines(a.opt.Terminal.Paste(text)))
		return a.press(keys.Press{Text: text, Paste: true})
	}
	letters := []rune(text)
	if len(letters) < 2 || a.shell.Keys.Typing(a.contexts()) {
		return a.press(keys.Press{Key: key, Text: kit.NFC(text)})
	}
	var cmds []tea.Cmd
	for _, r := range letters {
		cmds = append(cmds, a.press(keys.Press{Key: string(r), Text: string(r)}))
	}
	return tea.Sequence(cmds...)
}

// contexts are those of the dialog on top, else of the page.
func (a *App) contexts() []keys.Context {
	if d, ok := a.dialogs.Top(); ok {
		return d.Contexts()
	}
	if s := a.top(); s != nil {
		return s.page.Contexts()
	}
	return nil
}

func (a *App) press(p keys.Press) tea.Cmd {
	in := a.contexts()
	if !p.Paste {
		p.Action = a.shell.Keys.Find(in, p.Key)
	}
	if a.endsWord(p) {
		cmd := a.wordEnd(in)
		return tea.Batch(cmd, a.press(p))
	}
	return a.give(p, in)
}

// give hands a press to the dialog on top, else to the page or the root.
func (a *App) give(p keys.Press, in []keys.Context) tea.Cmd {
	if p.Action == keys.TypeToggle {
		return a.toggleTyping()
	}
	if _, ok := a.dialogs.Top(); ok {
		return a.dialogs.Update(p, a.shell.Now())
	}
	a.pending = nil
	return a.dispatch(p, in)
}

// dispatch gives a press to the root if it is global, else to the page, unless the page says why not.
func (a *App) dispatch(p keys.Press, in []keys.Context) tea.Cmd {
	s := a.top()
	switch {
	case p.Action == keys.TypeToggle:
		return a.toggleTyping()
	case s == nil:
		return a.perform(p.Action)
	}
	if e, ok := s.page.(frame.Excusing); ok && p.Action != "" {
		if why := e.WhyNot(p.Action); why != "" {
			return a.say(frame.Say{Text: why, Tone: frame.Warn})
		}
	}
	if p.Action == keys.Tab {
		return a.tabKey(p.Key)
	}
	if a.global(p.Action, in) {
		return a.perform(p.Action)
	}
	return s.page.Update(p)
}

// global reports actions of the root; a page that lists the action in a context of its own has it.
func (a *App) global(id keys.ID, in []keys.Context) bool {
	act, ok := a.shell.Keys.Action(id)
	if !ok {
		return false
	}
	for _, c := range act.In {
		for _, have := range in {
			if c == have {
				return false
			}
		}
	}
	return true
}

func (a *App) mouse(m tea.MouseMsg) tea.Cmd {
	e, ok := keys.ReadMouse(m)
	if !ok {
		return nil
	}
	if e.Kind == keys.Click && a.shell.Typist.Busy() {
		cmd := a.wordEnd(a.contexts())
		return tea.Batch(cmd, a.point(e))
	}
	return a.point(e)
}

// point gives a move of the mouse to what lies there.
func (a *App) point(e keys.Mouse) tea.Cmd {
	if _, open := a.dialogs.Top(); open {
		return a.dialogs.Update(e, a.shell.Now())
	}
	if e.Y == 1 && e.Kind == keys.Click {
		for i, span := range a.spans {
			if e.X >= span[0] && e.X < span[1] {
				return a.toTab(i)
			}
		}
		return nil
	}
	s := a.top()
	size := a.size()
	e.Y -= headLines
	if s == nil || e.Y < 0 || e.Y >= size.H {
		return nil
	}
	return s.page.Update(e)
}

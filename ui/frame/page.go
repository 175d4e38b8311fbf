package frame

import (
	"context"
	"os/exec"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
	"hopthu/ui/words"
)

// Page is one whole screen. Only the root calls it, from one goroutine. It gets keys.Press, keys.Mouse, Size, Result,
// Events and Restyled; it speaks to the root through the commands below.
type Page interface {
	// Init is called once, after the first Size.
	Init() tea.Cmd
	Update(msg tea.Msg) tea.Cmd
	// View is exactly h lines of exactly w columns, made of finished styles. It does no work that grows with the data.
	View(w, h int) []string
	// Contexts says what keys mean now, innermost first.
	Contexts() []keys.Context
	// Actions lists what the bottom bar shows, most important first.
	Actions() []keys.ID
	// Title names the page, for the window title and the way back.
	Title() string
}

// Cursored pages say where the person types, so that input methods draw there.
type Cursored interface{ Cursor() (x, y int, ok bool) }

// Owned pages say whose box they show; other pages belong to the account that was shown last.
type Owned interface{ Account() mail.AccountID }

// Opening pages are about an account that is not one of the desk's yet: its box is being opened.
type Opening interface{ Opens() mail.Account }

// Tabbed pages light a tab of the second line.
type Tabbed interface{ Tab() Tab }

// Excusing pages say why an action that is valid here cannot be done now; "" if it can.
type Excusing interface{ WhyNot(id keys.ID) string }

// Leaving pages are asked before they are closed. nil lets them go; a command keeps the page, and the page goes on from
// there (a question, a last save) and ends with Back{Force: true}.
type Leaving interface{ Leave() tea.Cmd }

// Retreating pages take a step back inside themselves first (close a search, drop marks); false when there is none.
type Retreating interface{ Retreat() (tea.Cmd, bool) }

// Answered dialogs do slow work of their own: they are made with an Env of their own (Env.Fresh) and get its Results.
type Answered interface{ Owner() OwnerID }

// Naming dialogs have words of their own for their keys: "erase" instead of "OK". "" leaves the usual word.
type Naming interface{ Name(id keys.ID) string }

// Tab names a page that stands in the tabs line.
type Tab struct {
	Kind    string // "today", "box", "drafts", "outbox", "settings"
	Account mail.AccountID
}

// Dialog is one question. It gets keys.Press, keys.Mouse, Result and Restyled.
type Dialog interface {
	// Update says when the dialog is done; the root takes it away then and runs cmd.
	Update(msg tea.Msg) (done bool, cmd tea.Cmd)
	Title() string
	// View draws the inside: at most h lines, at most w columns; the root draws the frame around what it gets.
	View(w, h int) []string
	Contexts() []keys.Context
	Actions() []keys.ID
}

// OwnerID names a page for the answers of its commands. It is never used twice.
type OwnerID uint64

// Shell is what all pages share. The root changes it when settings change, and then sends Restyled.
type Shell struct {
	Desk     Desk
	Words    *words.Words
	Theme    *theme.Theme
	Keys     *keys.Table
	Settings mail.Settings
	Typist   *kit.Typist      // types Vietnamese into the field in focus
	Now      func() time.Time // cheap; the root's clock
	// Timer makes a command that answers after d; tests hand in one that does not wait.
	Timer func(d time.Duration, msg tea.Msg) tea.Cmd
	// NewOwner gives an id that was never used.
	NewOwner func() OwnerID
}

// Env is what a page is made with.
type Env struct {
	*Shell
	Owner OwnerID
	Ctx   context.Context // ends when the page is closed
}

// Fresh is the same Env with an owner of its own, for a dialog that does slow work.
func (e Env) Fresh() Env {
	e.Owner = e.NewOwner()
	return e
}

// Do runs slow work outside the loop; its answer comes back to this page as a Result with gen. f is a method with a
// name, so that it shows in a stack trace.
func (e Env) Do(gen int, f func(context.Context) tea.Msg) tea.Cmd {
	return func() tea.Msg { return Result{Owner: e.Owner, Gen: gen, Msg: f(e.Ctx)} }
}

// After sends msg to this page after d, as a Result with gen.
func (e Env) After(d time.Duration, gen int, msg tea.Msg) tea.Cmd {
	return e.Timer(d, Result{Owner: e.Owner, Gen: gen, Msg: msg})
}

// Reply sends msg to this page as a Result with gen: dialogs answer with it.
func (e Env) Reply(gen int, msg tea.Msg) tea.Cmd {
	return func() tea.Msg { return Result{Owner: e.Owner, Gen: gen, Msg: msg} }
}

// Result is an answer on its way to the page that asked. A page drops results older than its own generation; the
// root drops those whose page is closed.
type Result struct {
	Owner OwnerID
	Gen   int
	Msg   tea.Msg
}

// Size says how much room a page has; it comes before Init and at each change.
type Size struct{ W, H int }

// Events are changes in the store; every open page gets them.
type Events []mail.Event

// Restyled says that words, theme or settings changed: forget what was drawn.
type Restyled struct{}

// Messages of pages to the root.
type (
	// Open shows a page. Replace puts it in the place of the page shown.
	Open struct {
		Target  Target
		Replace bool
	}
	// Back closes the page shown; Force does not ask Leaving pages; Say is told after.
	Back struct {
		Force bool
		Say   *Say
	}
	// Ask shows a dialog. ByItself marks one that no key asked for: it ignores keys for a moment.
	Ask struct {
		Dialog   Dialog
		ByItself bool
	}
	// Turned says that the page shows something of another account now.
	Turned struct{}
	// Say tells one line. Undo offers to take the act back; with Recall it takes that letter out of the outbox.
	Say struct {
		Text   string
		Tone   Tone
		Undo   bool
		Recall mail.OutboxID
	}
	// Copy puts text on the clipboard of the terminal.
	Copy struct{ Text string }
	// Fail shows what went wrong: what happened, what is safe, what to do.
	Fail struct{ Fault *mail.Fault }
	// OnPage keeps for the log, and for who asks why, what went wrong where the page itself shows it.
	OnPage struct{ Fault *mail.Fault }
	// Execute gives the terminal to another program until it ends. Done's answer goes to Owner.
	Execute struct {
		Owner OwnerID
		Gen   int
		Cmd   *exec.Cmd
		Done  func(error) tea.Msg
	}
	// Perform does a global action, as if its key had been pressed.
	Perform struct{ ID keys.ID }
	// Apply takes new settings over: language, theme, mouse. They are saved already.
	Apply struct{ Settings mail.Settings }
)

// Tone is how a line is meant.
type Tone uint8

// Tones.
const (
	Note Tone = iota
	Good
	Warn
	Bad
)

// Send makes a command of a message to the root.
func Send(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }

// Go opens a page.
func Go(t Target) tea.Cmd { return Send(Open{Target: t}) }

// Instead opens a page in the place of the one shown.
func Instead(t Target) tea.Cmd { return Send(Open{Target: t, Replace: true}) }

// Tell says one line.
func Tell(tone Tone, text string) tea.Cmd { return Send(Say{Text: text, Tone: tone}) }

// Noted hands on a fault that the page shows in place of what could not be read.
func Noted(f *mail.Fault) tea.Cmd { return Send(OnPage{Fault: f}) }

// Failed shows an error; nil shows nothing.
func Failed(op string, err error) tea.Cmd {
	if err == nil {
		return nil
	}
	return Send(Fail{Fault: mail.AsFault(op, err)})
}

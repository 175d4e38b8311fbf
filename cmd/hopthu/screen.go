package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/term"

	"hopthu/mail"
	"hopthu/ui"
	"hopthu/ui/frame"
	"hopthu/ui/page/agency"
	"hopthu/ui/page/box"
	"hopthu/ui/page/compose"
	"hopthu/ui/page/dispatch"
	"hopthu/ui/page/drafts"
	"hopthu/ui/page/help"
	"hopthu/ui/page/letter"
	"hopthu/ui/page/outbox"
	"hopthu/ui/page/password"
	"hopthu/ui/page/register"
	"hopthu/ui/page/regulation"
	"hopthu/ui/page/round"
	"hopthu/ui/page/settings"
	"hopthu/ui/page/start"
	"hopthu/ui/page/today"
	"hopthu/ui/page/year"
	"hopthu/ui/theme"
)

// pages are the makers of all screens.
func pages() frame.Pages {
	return frame.Pages{
		Today: today.New, Box: box.New, Letter: letter.New, Compose: compose.New, Drafts: drafts.New, Outbox: outbox.New,
		Settings: settings.New, Start: start.New, Password: password.New, Help: help.New,
		Dispatch: dispatch.New, Register: register.New, Regulation: regulation.New, Round: round.New, Year: year.New, Agency: agency.New,
	}
}

// screen opens the client and shows it.
func (r *root) screen(ctx context.Context, mailto string) error {
	return r.with(ctx, openMode{screen: true}, func(a *app) error {
		return r.show(ctx, a, firstPage(mailto, len(a.desk.Accounts()) > 0))
	})
}

// firstPage is where the screen begins; nil lets it choose. The letter of a link waits until there is a mailbox.
func firstPage(mailto string, known bool) frame.Target {
	switch {
	case mailto == "":
		return nil
	case known:
		return frame.OpenCompose{Mailto: mailto}
	}
	return frame.OpenStart{Then: frame.OpenCompose{Mailto: mailto}}
}

// show runs desk and screen until the person quits. Closing order: screen, desk with its engines and outbox, store.
func (r *root) show(ctx context.Context, a *app, first frame.Target) error {
	out, ok := r.term.out.(*os.File)
	if !ok || !term.IsTerminal(int(out.Fd())) || !term.IsTerminal(int(r.term.in.Fd())) {
		return r.needTerminal()
	}
	state, err := term.GetState(int(r.term.in.Fd()))
	if err != nil {
		return fmt.Errorf("read terminal state: %w", err)
	}
	mail.OnPanic(a.crash(func() {
		// Leave the alternate screen, show the cursor, stop mouse and paste reports, then the line discipline.
		fmt.Fprint(out, "\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1006l\x1b[?2004l") //nolint:errcheck // nothing is left to tell
		if err := term.Restore(int(r.term.in.Fd()), state); err != nil {
			fmt.Fprintln(os.Stderr, err) //nolint:errcheck // nothing is left to tell
		}
	}))
	running, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	mail.Go("desk", func() { done <- a.desk.Run(running) })
	err = ui.Run(ctx, ui.Options{Desk: deskOnScreen{a.desk, a.files, a.edited}, Pages: pages(), Now: time.Now, Depth: theme.DepthOf(os.Getenv), First: first, Stays: !canSuspend(), Shown: a.begun, Log: a.log}, r.term.in, out)
	stop()
	select {
	case ended := <-done:
		return errors.Join(err, ended)
	case <-time.After(2 * time.Second): // a wedged server does not keep the person waiting
		a.log.Warn("desk did not end in time")
		return err
	}
}

// begun is called when the first frame is on the terminal.
func (a *app) begun() {
	if a.shown != nil {
		close(a.shown) // see calm
		return
	}
	a.hurried()
}

// crash is what happens when a goroutine panics: the terminal is given back, the stack goes into a file that names no
// letter, and the program ends. Everything acknowledged is in the store already.
func (a *app) crash(restore func()) func(string, any, []byte) {
	var once sync.Once
	return func(name string, value any, stack []byte) {
		once.Do(func() {
			restore()
			path := filepath.Join(a.dirs.State, "crash-"+time.Now().Format("20060102-150405")+".txt")
			text := fmt.Sprintf("%s: %T\n%s", name, value, stack) // the value may quote a letter: only its type
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				path = err.Error()
			}
			fmt.Fprintf(os.Stderr, "hopthu: %s\n", path) //nolint:errcheck // nothing is left to tell
			os.Exit(exitFailed)
		})
	}
}

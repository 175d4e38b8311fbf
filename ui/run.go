package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/ui/term"
)

// terminal joins the two seams.
type terminal struct {
	*term.Stdout
	in *term.Stdin
}

func (t terminal) Paste(ticket string) string { return t.in.Paste(ticket) }

// Run shows the screen on the terminal until the person quits or ctx ends. o.Terminal is filled here.
func Run(ctx context.Context, o Options, in, out *os.File) error {
	stdin, stdout := term.NewStdin(in), term.NewStdout(out)
	o.Terminal = terminal{stdout, stdin}
	if o.Shown != nil {
		stdout.OnFirst(o.Shown)
	}
	app := New(ctx, o)
	defer app.cancel()
	// Signals end ctx. Bubble Tea's own handler would hand a message to a loop that ctx has ended already, and wait for ever.
	p := tea.NewProgram(app, tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithInput(stdin), tea.WithOutput(stdout), tea.WithAltScreen(),
		tea.WithFPS(frames), tea.WithFilter(calm(o.Now)))
	_, err := p.Run()
	if hide := stdout.Cursor(0, 0, false); hide != nil {
		err = errors.Join(err, hide)
	}
	if err == nil || ctx.Err() != nil && errors.Is(err, tea.ErrProgramKilled) {
		return nil
	}
	return fmt.Errorf("run screen: %w", err)
}

// frames is how many frames a second may be drawn: what a key changes waits for the next one, 4 ms on average. A frame
// that would be like the last one is not written.
const frames = 120

// wheelPause is the least time between two turns of the wheel: 60 a second are as many as one can see.
const wheelPause = 16 * time.Millisecond

// calm drops wheel and motion messages that come faster than they can be seen, before they reach the loop.
func calm(now func() time.Time) func(tea.Model, tea.Msg) tea.Msg {
	var last time.Time
	return func(_ tea.Model, msg tea.Msg) tea.Msg {
		m, ok := msg.(tea.MouseMsg)
		if !ok {
			return msg
		}
		e := tea.MouseEvent(m)
		if !e.IsWheel() && e.Action != tea.MouseActionMotion {
			return msg
		}
		t := now()
		if t.Sub(last) < wheelPause && !t.Before(last) {
			return nil
		}
		last = t
		return msg
	}
}

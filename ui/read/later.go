package read

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
)

// putLater is the answer to until when letters are put off.
type putLater struct {
	day    time.Time
	reason string
}

const opLater = "put letters off"

// newLater asks until when letters are put off: the days of newPutOff, and a note that may stay empty.
func newLater(env frame.Env, s Selection) *putOff {
	s.Heads = nil // terms are another matter
	d := newPutOff(env, s)
	d.later = true
	return d
}

type puttingOff struct{ p putLater }

func (p puttingOff) do(ctx context.Context, desk frame.Desk, ids []mail.LetterID) error {
	return desk.Later(ctx, ids, p.p.day, p.p.reason)
}

// Deed is an act on letters that was done.
type Deed uint8

// Deeds that settle a letter for the day's check. Other acts do not.
const (
	NoDeed Deed = iota
	Excused
	PutOff
	Termed
	Filed
	Assigned
)

// Done says which deed a message tells the end of: NoDeed for anything else, and for what failed.
func Done(msg tea.Msg) Deed {
	d, ok := msg.(done)
	if !ok || d.err != nil {
		return NoDeed
	}
	switch d.op {
	case "excuse":
		return Excused
	case opLater:
		return PutOff
	case "set due":
		return Termed
	case "archive", "delete", "move":
		return Filed
	case "assign letter":
		return Assigned
	}
	return NoDeed
}

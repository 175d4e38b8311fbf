package today

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
)

// waiting is something done about a letter that is waited for.
type waiting struct {
	desk frame.Desk
	id   mail.LetterID
}

type (
	remindedMsg struct {
		draft mail.DraftLetter
		err   error
	}
	unwaitedMsg struct{ err error }
)

func (w waiting) remind(ctx context.Context) tea.Msg {
	d, err := w.desk.Remind(ctx, w.id)
	return remindedMsg{d, err}
}

func (w waiting) unwait(ctx context.Context) tea.Msg {
	return unwaitedMsg{w.desk.Unwait(ctx, []mail.LetterID{w.id})}
}

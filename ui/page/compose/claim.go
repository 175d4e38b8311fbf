package compose

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
	"hopthu/ui/read"
)

// renewEvery is how often the others are told that the answer is still being written; the office forgets it after two minutes.
const renewEvery = time.Minute

// releaseTime is how long the office is waited for when the page closes; what it does not hear ends by itself.
const releaseTime = 5 * time.Second

// claim says to the other people of an agency's box that the answer is being written here (QC 14.3).
type claim struct {
	letter  mail.LetterID // 0: nothing to claim
	held    bool
	ticking bool
	offline bool // it was said that nobody can know
	told    bool // it was said that somebody else has answered
}

type (
	claimed struct{ err error }
	renew   struct{}
	yield   struct{ anyway bool }
	worked  struct{ work *mail.Work }

	released struct{ err error } // to a page that is gone
)

// claimer is a command's copy of what it needs.
type claimer struct {
	desk   frame.Sharing
	all    frame.Desk
	letter mail.LetterID
}

func (c claimer) claim(ctx context.Context) tea.Msg { return claimed{c.desk.Claim(ctx, c.letter)} }

// release outlives the page. What is not heard ends by itself, so its error says nothing to the person.
func (c claimer) release(ctx context.Context) tea.Msg {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
	defer cancel()
	return released{c.desk.Release(ctx, c.letter)}
}

func (c claimer) look(ctx context.Context) tea.Msg {
	heads, err := c.all.Heads(ctx, []mail.LetterID{c.letter})
	if err != nil || len(heads) == 0 {
		return nil // the answer can be written all the same; sending looks again
	}
	return worked{read.WorkOf(ctx, c.all, heads[0])}
}

func (p *Page) claimer() (claimer, bool) {
	desk, ok := frame.SharingOf(p.env.Desk)
	return claimer{desk, p.env.Desk, p.claim.letter}, ok && p.claim.letter != 0
}

// begin claims the letter that is answered, if others could answer it too.
func (p *Page) begin() tea.Cmd {
	p.claim = claim{}
	if (p.draft.Kind != mail.DraftReply && p.draft.Kind != mail.DraftReplyAll) || !frame.SeatOf(p.env.Desk, p.account.ID).Agency {
		return nil
	}
	p.claim.letter = p.draft.Origin
	c, ok := p.claimer()
	if !ok {
		return nil
	}
	return p.env.Do(0, c.claim)
}

func (p *Page) onClaimed(m claimed) tea.Cmd {
	o := &p.env.Words.Office
	var cmds []tea.Cmd
	if !p.claim.ticking {
		p.claim.ticking = true
		cmds = append(cmds, p.env.After(renewEvery, 0, renew{}))
	}
	switch f := mail.AsFault("claim letter", m.err); {
	case m.err == nil:
		p.claim.held, p.claim.offline = true, false
	case f.Kind == mail.Conflict && !p.claim.told:
		p.claim.told, p.claim.held = true, false
		text := fmt.Sprintf(o.ClaimText, kit.Clean(f.Detail))
		cmds = append(cmds, frame.Send(frame.Ask{ByItself: true, Dialog: dialog.Do(p.env, 0, o.ClaimTitle, text, o.ClaimYes, func(yes bool) tea.Msg { return yield{yes} })}))
	case f.Kind != mail.Conflict && !p.claim.offline:
		p.claim.offline = true
		cmds = append(cmds, frame.Tell(frame.Warn, o.ClaimOffline))
	}
	return tea.Batch(cmds...)
}

// onRenew tells the others again.
func (p *Page) onRenew() tea.Cmd {
	p.claim.ticking = false
	c, ok := p.claimer()
	if !ok {
		return nil
	}
	return p.env.Do(0, c.claim)
}

// onYield leaves the answer to the other, or goes on.
func (p *Page) onYield(m yield) tea.Cmd {
	if m.anyway {
		return nil
	}
	return frame.Send(frame.Back{})
}

// letGo tells the others that nothing is being written here any more.
func (p *Page) letGo() tea.Cmd {
	c, ok := p.claimer()
	if !ok || !p.claim.held {
		return nil
	}
	p.claim = claim{}
	return p.env.Do(0, c.release)
}

// close closes the page for good.
func (p *Page) close(say *frame.Say) tea.Cmd {
	return tea.Batch(p.letGo(), frame.Send(frame.Back{Force: true, Say: say}))
}

// look sees whether somebody else has answered meanwhile.
func (p *Page) look() tea.Cmd {
	c, ok := p.claimer()
	if !ok {
		return nil
	}
	return p.env.Do(0, c.look)
}

func (p *Page) onWorked(m worked) tea.Cmd {
	me := frame.SeatOf(p.env.Desk, p.account.ID).Me.Addr
	if m.work == nil || m.work.State != mail.WorkAnswered || strings.EqualFold(m.work.AnsweredBy.Addr, me) || p.claim.told {
		return nil
	}
	p.claim.told = true
	o := &p.env.Words.Office
	return frame.Tell(frame.Warn, fmt.Sprintf(o.Answered, kit.Clean(m.work.AnsweredBy.Name), p.env.Words.When(m.work.AnsweredAt, p.env.Now())))
}

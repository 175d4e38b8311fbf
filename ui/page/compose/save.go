package compose

import (
	"context"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
)

// saveAfter is how long after a change the draft is kept, retryAfter how long after a failure.
const (
	saveAfter  = 3 * time.Second
	retryAfter = 10 * time.Second
)

// keep is what is known of how far the draft is kept.
type keep struct {
	edits    int // changes made
	local    int // changes in the store
	uploaded int // changes at the server
	ticking  bool
	saving   bool
	err      error
}

type saveTick struct{}

// changed notes a change and sees to it that it is kept soon.
func (p *Page) changed() tea.Cmd {
	p.keep.edits++
	return p.tick(saveAfter)
}

func (p *Page) tick(d time.Duration) tea.Cmd {
	if p.keep.ticking {
		return nil
	}
	p.keep.ticking = true
	return p.env.After(d, 0, saveTick{})
}

func (p *Page) onTick() tea.Cmd {
	p.keep.ticking = false
	if p.keep.edits == p.keep.local || !p.loaded {
		return nil
	}
	return p.do(p.saveJob(false))
}

// jobs are requests to the desk that change the draft: one at a time, in order, each with the draft as it stands when its
// turn comes.
type jobs struct {
	running bool
	wait    []job
}

// job makes a command from the draft as it stands then.
type job func() tea.Cmd

// done is the answer of a job.
type done struct {
	kind  jobKind
	draft mail.DraftLetter
	edits int
	name  string
	found []mail.Finding
	item  mail.OutboxItem
	err   error
}

type jobKind uint8

const (
	saved jobKind = iota
	savedAndLeft
	dropped
	attached
	detached
	checked
	sent
)

func (p *Page) do(j job) tea.Cmd {
	p.jobs.wait = append(p.jobs.wait, j)
	return p.next()
}

func (p *Page) next() tea.Cmd {
	if p.jobs.running || len(p.jobs.wait) == 0 {
		return nil
	}
	j := p.jobs.wait[0]
	p.jobs.wait = p.jobs.wait[1:]
	p.jobs.running = true
	return j()
}

// request is one request to the desk.
type request struct {
	kind       jobKind
	desk       frame.Desk
	draft      mail.DraftLetter
	edits      int
	path       string
	attachment int64
	name       string
	reasons    map[string]string
}

func (p *Page) request(kind jobKind) request {
	return request{kind: kind, desk: p.env.Desk, draft: p.snapshot(), edits: p.keep.edits}
}

func (r request) run(ctx context.Context) tea.Msg {
	out := done{kind: r.kind, draft: r.draft, edits: r.edits, name: r.name}
	switch r.kind {
	case saved:
		out.draft, out.err = r.desk.SaveDraft(ctx, r.draft, false)
	case savedAndLeft:
		out.draft, out.err = r.desk.SaveDraft(ctx, r.draft, true)
	case dropped:
		out.err = r.desk.DropDraft(ctx, r.draft.ID)
	case attached:
		out.draft, out.err = r.desk.Attach(ctx, r.draft, r.path)
	case detached:
		out.draft, out.err = r.desk.Detach(ctx, r.draft, r.attachment)
	case checked:
		out.found, out.err = r.desk.Check(ctx, r.draft)
	case sent:
		out.item, out.err = r.desk.Send(ctx, r.draft, r.reasons)
	}
	return out
}

func (p *Page) saveJob(leave bool) job {
	return func() tea.Cmd {
		kind := saved
		if leave {
			kind = savedAndLeft
		}
		p.keep.saving = true
		return p.env.Do(0, p.request(kind).run)
	}
}

// onDone takes a job's answer and starts the next one.
func (p *Page) onDone(m done) tea.Cmd {
	p.jobs.running = false
	cmd := p.settle(m)
	return tea.Batch(cmd, p.next())
}

func (p *Page) settle(m done) tea.Cmd {
	w := &p.env.Words.Write.Compose
	switch m.kind {
	case saved, savedAndLeft:
		return p.onSaved(m)
	case dropped:
		if m.err != nil {
			return frame.Failed("discard draft", m.err)
		}
		return p.close(&frame.Say{Text: w.Discarded})
	case attached, detached:
		if m.err != nil {
			return frame.Failed("attach file", m.err)
		}
		p.known(m.draft)
		p.file = max(0, min(p.file, len(p.draft.Attachments)-1))
		if p.at == fileRow && len(p.draft.Attachments) == 0 {
			p.at = bodyRow
		}
		text := w.Attached
		if m.kind == detached {
			text = w.Detached
		}
		return tea.Batch(p.changed(), p.judge(), frame.Tell(frame.Good, fmt.Sprintf(text, m.name)))
	case checked:
		return p.onChecked(m)
	case sent:
		return p.onSent(m)
	}
	return nil
}

// known takes over what the desk added to the draft; what is being typed stays.
func (p *Page) known(d mail.DraftLetter) {
	p.draft.ID, p.draft.MessageID, p.draft.Saved, p.draft.Attachments = d.ID, d.MessageID, d.Saved, d.Attachments
}

func (p *Page) onSaved(m done) tea.Cmd {
	w := &p.env.Words.Write.Compose
	p.keep.saving = false
	p.keep.err = m.err
	if m.err != nil {
		if m.kind == savedAndLeft {
			return tea.Batch(p.tick(retryAfter), p.askLose(m.err))
		}
		return p.tick(retryAfter) // the line above the text says so until it works
	}
	p.known(m.draft)
	p.keep.local = m.edits
	if m.kind == savedAndLeft {
		p.keep.uploaded = m.edits
		if p.keep.edits == m.edits {
			return p.close(&frame.Say{Text: w.Kept, Tone: frame.Good})
		}
	}
	if p.keep.edits != p.keep.local {
		return p.tick(saveAfter)
	}
	return nil
}

// Leave implements frame.Leaving: what was written is kept here and in the server's drafts first.
func (p *Page) Leave() tea.Cmd {
	unwritten := p.fresh && p.keep.edits == 0 || p.keep.edits > 0 && p.snapshot().Empty()
	switch {
	case !p.loaded:
		return nil
	case unwritten && !p.jobs.running:
		if p.draft.ID == 0 {
			return p.leave()
		}
		return p.do(p.dropJob) // a forwarded letter's files are in the store already
	case p.keep.edits == p.keep.uploaded && !p.jobs.running:
		return p.leave()
	}
	return p.do(p.saveJob(true))
}

// leave closes a page that holds a claim by itself; nil lets the root close it.
func (p *Page) leave() tea.Cmd {
	if !p.claim.held {
		return nil
	}
	return p.close(nil)
}

func (p *Page) dropJob() tea.Cmd { return p.env.Do(0, p.request(dropped).run) }

type lose struct{ yes bool }

// askLose offers the only way out when the draft cannot be kept; Esc stays with what was written.
func (p *Page) askLose(err error) tea.Cmd {
	w := &p.env.Words.Write.Compose
	f := *mail.AsFault("keep draft", err)
	f.Detail = kit.Clean(f.Detail)
	said := p.env.Words.Fault(&f)
	text := said.What + "\n" + said.Next + "\n\n" + w.LoseText
	return frame.Send(frame.Ask{Dialog: dialog.Do(p.env, 0, w.LoseTitle, text, w.LoseYes, func(yes bool) tea.Msg { return lose{yes} })})
}

func (p *Page) onLose(m lose) tea.Cmd {
	if !m.yes {
		return nil
	}
	w := &p.env.Words.Write.Compose
	return p.close(&frame.Say{Text: w.Lost, Tone: frame.Warn})
}

type discard struct{ yes bool }

func (p *Page) askDiscard() tea.Cmd {
	w := &p.env.Words.Write.Compose
	return frame.Send(frame.Ask{Dialog: dialog.Confirm(p.env, 0, w.DiscardTitle, w.DiscardText, func(yes bool) tea.Msg { return discard{yes} })})
}

func (p *Page) onDiscard(m discard) tea.Cmd {
	if !m.yes {
		return nil
	}
	p.jobs.wait = nil
	return p.do(func() tea.Cmd {
		if p.draft.ID == 0 {
			p.jobs.running = false
			return p.close(&frame.Say{Text: p.env.Words.Write.Compose.Discarded})
		}
		return p.dropJob()
	})
}

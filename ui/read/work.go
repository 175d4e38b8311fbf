package read

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/words"
)

// Answers of the acts in a box that several people work in (QC 14.3).
type (
	colleagues struct {
		list []mail.Colleague
		err  error
	}
	assigned struct {
		to   mail.Person
		due  time.Time
		text string
	}
	noted struct{ text string }
)

// work does an act on the work of an agency's letters; false when id is none of these.
func (a *Acts) work(id keys.ID, s Selection) (tea.Cmd, bool) {
	w := &a.env.Words.Office
	need := mail.ScopeAnswer
	switch id {
	case keys.Take, keys.GiveBack, keys.Reopen:
	case keys.NoteWork:
		need = mail.ScopeRead
	case keys.Assign:
		need = mail.ScopeManage
	default:
		return nil, false
	}
	if len(s.IDs) == 0 {
		return nil, true
	}
	seat := frame.SeatOf(a.env.Desk, s.Account)
	desk, ok := frame.SharingOf(a.env.Desk)
	if !seat.Agency || !ok {
		return frame.Tell(frame.Note, w.NotAgency), true
	}
	if seat.Scope < need && !(id == keys.Assign && seat.Chief) {
		return frame.Tell(frame.Warn, fmt.Sprintf(w.NeedScope, w.Scopes[seat.Scope])), true
	}
	switch id {
	case keys.Take:
		return a.agree(s, said(w.Took), "take letter", func(ctx context.Context, _ frame.Desk, ids []mail.LetterID) error { return desk.Take(ctx, ids) }), true
	case keys.GiveBack:
		return a.agree(s, said(w.Gave), "give letter back", func(ctx context.Context, _ frame.Desk, ids []mail.LetterID) error { return desk.GiveBack(ctx, ids) }), true
	case keys.Reopen:
		return a.agree(s, said(w.Reopened), "reopen letter", func(ctx context.Context, _ frame.Desk, ids []mail.LetterID) error { return desk.Reopen(ctx, ids) }), true
	}
	a.sel = s
	if id == keys.NoteWork {
		return frame.Send(frame.Ask{Dialog: dialog.Prompt(a.env, 0, w.NoteTitle, w.NoteLabel, "", func(text string, ok bool) tea.Msg {
			if text = strings.TrimSpace(text); !ok || text == "" {
				return nil
			}
			return noted{text}
		})}), true
	}
	return a.env.Do(0, func(ctx context.Context) tea.Msg {
		list, err := desk.Colleagues(ctx, s.Account)
		return colleagues{list, err}
	}), true
}

// takeWork handles the answers of work.
func (a *Acts) takeWork(msg tea.Msg) (tea.Cmd, bool) {
	w := &a.env.Words.Office
	switch m := msg.(type) {
	case colleagues:
		switch {
		case m.err != nil:
			return frame.Failed("list colleagues", m.err), true
		case len(m.list) == 0:
			return frame.Tell(frame.Warn, w.NoPeople), true
		}
		return frame.Send(frame.Ask{Dialog: newAssign(a.env, a.sel, m.list)}), true
	case assigned:
		name := kit.Clean(m.to.Name)
		return a.agree(a.sel, func(n string) string { return words.Say(w.Assigned, n, name) }, "assign letter",
			func(ctx context.Context, d frame.Desk, ids []mail.LetterID) error {
				desk, ok := frame.SharingOf(d)
				if !ok {
					return &mail.Fault{Kind: mail.Refused, Op: "assign letter"}
				}
				return desk.Assign(ctx, ids, m.to, m.due, m.text)
			}), true
	case noted:
		return a.agree(a.sel, func(string) string { return w.Noted }, "note",
			func(ctx context.Context, d frame.Desk, ids []mail.LetterID) error {
				desk, ok := frame.SharingOf(d)
				if !ok {
					return &mail.Fault{Kind: mail.Refused, Op: "note"}
				}
				return desk.Note(ctx, ids[0], kit.NFC(m.text))
			}), true
	}
	return nil, false
}

// Given is the last word of a Vietnamese name: what colleagues call each other by.
func Given(name string) string {
	if i := strings.LastIndexByte(strings.TrimSpace(name), ' '); i >= 0 {
		return strings.TrimSpace(name)[i+1:]
	}
	return name
}

// withWidth is the column that says who has a letter of an agency's box.
const withWidth = 11

// with says who has the letter, or who is writing the answer at this moment.
func (p *Painter) with(h mail.Head) (string, bool) { return With(h, p.Words) }

// With says who has a letter of an agency's box; writing: who is at its answer at this moment.
func With(h mail.Head, all *words.Words) (who string, writing bool) {
	w := &all.Office
	switch {
	case h.Writing != "":
		return fmt.Sprintf(w.WritingShort, kit.Clean(Given(h.Writing))), true
	case h.Mine:
		return w.Me, false
	case h.With != "":
		return kit.Clean(Given(h.With)), false
	}
	return "", false
}

// WorkLines are the lines above an agency's letter: how far it is, who has it, what was said of it inside (QC 14.3).
func WorkLines(wk mail.Work, me string, w *words.Words, now time.Time) []WorkLine {
	o := &w.Office
	name := func(p mail.Person) string {
		if p.Addr != "" && strings.EqualFold(p.Addr, me) {
			return o.Me
		}
		return kit.Clean(p.Name)
	}
	var out []WorkLine
	state := o.States[wk.State]
	switch {
	case wk.State == mail.WorkAnswered && wk.AnsweredBy.Addr != "":
		state = fmt.Sprintf(o.Answered, name(wk.AnsweredBy), w.When(wk.AnsweredAt, now))
		if strings.EqualFold(wk.AnsweredBy.Addr, me) {
			state = fmt.Sprintf(o.AnsweredMe, w.When(wk.AnsweredAt, now))
		}
	case wk.State == mail.WorkExcused && wk.Reason != "":
		state = fmt.Sprintf(o.Excused, kit.Clean(wk.Reason))
	case wk.Holder.Addr != "":
		state += ": " + name(wk.Holder)
	case wk.State == mail.WorkOpen:
		state += ": " + o.Nobody
	}
	if wk.AssignedBy.Addr != "" && wk.Holder.Addr != "" {
		state += ", " + fmt.Sprintf(o.AssignedBy, name(wk.AssignedBy))
		if !wk.Due.IsZero() {
			state += ", " + fmt.Sprintf(o.DueBy, wk.Due.In(now.Location()).Format("02/01"))
		}
	}
	out = append(out, WorkLine{Text: state})
	if wk.Claim.Addr != "" && !strings.EqualFold(wk.Claim.Addr, me) {
		out = append(out, WorkLine{Text: fmt.Sprintf(o.Writing, kit.Clean(wk.Claim.Name)), Warn: true})
	}
	if wk.Instruction != "" {
		out = append(out, WorkLine{Label: o.Instruction, Text: kit.Clean(wk.Instruction)})
	}
	for _, n := range wk.Notes {
		out = append(out, WorkLine{Label: fmt.Sprintf(o.NoteBy, name(n.By), w.When(n.At, now)), Text: kit.Clean(n.Text)})
	}
	return out
}

// WorkLine is one line about the work on a letter.
type WorkLine struct {
	Label, Text string
	Warn        bool
}

// AddWork brings along what the people of its box agreed on about an opened letter. Without it the letter is still there to read.
func AddWork(ctx context.Context, d frame.Desk, l *mail.Letter) {
	if wk := WorkOf(ctx, d, l.Head); wk != nil {
		l.Work = wk
	}
}

// WorkOf reads the work on a letter of an agency's box; nil elsewhere, or when it cannot be had.
func WorkOf(ctx context.Context, d frame.Desk, h mail.Head) *mail.Work {
	desk, ok := frame.SharingOf(d)
	if !ok || !desk.Seat(h.Account).Agency {
		return nil
	}
	wk, err := desk.Work(ctx, h.ID)
	if err != nil {
		return nil
	}
	return &wk
}

// work tells above the text how far an agency's letter is.
func (h *header) work() {
	if h.l.Work == nil {
		return
	}
	label := h.s.Words.Office.Tab
	for _, l := range WorkLines(*h.l.Work, h.s.Me, h.s.Words, h.s.Now) {
		style := h.set.Base
		if l.Warn {
			style = h.set.Warn
		}
		if l.Label != "" {
			l.Text = l.Label + ": " + l.Text
		}
		for _, part := range kit.Wrap(l.Text, min(h.w-2-labelWidth, kit.ReadWidth), 0) {
			h.line(label, part, style)
			label = ""
		}
	}
}

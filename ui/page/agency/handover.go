package agency

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
)

// handover is the view of the box changing hands: count, two confirmations, done (QC 14.2).
type handover struct {
	p        *Page
	desk     frame.HandingOver
	list     []mail.Handover
	loaded   bool
	busy     bool
	counting bool          // begun from here, and not answered yet
	count    mail.Handover // how far that is, as the office says
	receiver string
	secret   string // one-time password, shown until the page closes
	ticking  bool
	top      int
	lines    int
	fault    *mail.Fault
	w, h     int
}

func newHandover(p *Page) *handover {
	v := &handover{p: p}
	v.desk, _ = frame.HandingOf(p.env.Desk)
	return v
}

func (v *handover) contexts() []keys.Context {
	return []keys.Context{keys.HandingOver, keys.Moving}
}

// current is the handover that is under way, else the last one.
func (v *handover) current() (mail.Handover, bool) {
	for _, h := range v.list {
		if underWay(h) {
			return h, true
		}
	}
	if len(v.list) > 0 {
		return v.list[0], true
	}
	return mail.Handover{}, false
}

func underWay(h mail.Handover) bool {
	return h.State == mail.HandoverFrozen || h.State == mail.HandoverGiven || h.State == mail.HandoverTaken
}

// turn is what the person is in a handover, and whether it is his turn to confirm.
func (v *handover) turn(h mail.Handover) (party, mine bool) {
	me := v.p.seat.Me.Addr
	giver, receiver := strings.EqualFold(h.Giver.Addr, me), strings.EqualFold(h.Receiver.Addr, me)
	mine = giver && (h.State == mail.HandoverFrozen || h.State == mail.HandoverTaken) ||
		receiver && (h.State == mail.HandoverFrozen || h.State == mail.HandoverGiven)
	return giver || receiver, mine
}

func (v *handover) actions() []keys.ID {
	h, ok := v.current()
	if !ok || !underWay(h) {
		var out []keys.ID
		if v.p.seat.Scope >= mail.ScopeHead && !v.p.only {
			out = append(out, keys.HandBegin)
		}
		if ok {
			out = append(out, keys.HandWrite)
		}
		return out
	}
	party, mine := v.turn(h)
	var out []keys.ID
	if mine {
		out = append(out, keys.HandYes)
	}
	if party {
		out = append(out, keys.HandNo)
	}
	return append(out, keys.HandWrite)
}

func (v *handover) whyNot(id keys.ID) string {
	w := &v.p.env.Words.Office.Hand
	h, ok := v.current()
	switch {
	case id == keys.HandBegin && (v.p.only || v.p.seat.Scope < mail.ScopeHead):
		return w.HeadOnly
	case id == keys.HandBegin && ok && underWay(h):
		return w.States[h.State]
	case id != keys.HandYes && id != keys.HandNo || !ok || !underWay(h):
		return ""
	}
	party, mine := v.turn(h)
	switch {
	case !party:
		return w.NotYours
	case id == keys.HandYes && !mine && h.State == mail.HandoverGiven:
		return w.WaitReceiver
	case id == keys.HandYes && !mine:
		return w.WaitGiver
	}
	return ""
}

func (v *handover) resize(w, h int) { v.w, v.h = w, h }

type (
	handsMsg struct {
		list []mail.Handover
		err  error
	}
	choosePeople struct {
		list []mail.Contact
		err  error
	}
	receiverMsg struct{ addr string }
	otherMsg    struct{}
	lookAgain   struct{}
	beginMsg    struct{}
	confirmMsg  struct{}
	refuseMsg   struct{ reason string }
	formatMsg   struct{ format string }
	handMsg     struct {
		h   mail.Handover
		say string
		op  string
		err error
	}
	wroteMsg struct {
		path string
		err  error
	}
)

// hander is a command's copy of what it needs.
type hander struct {
	desk    frame.HandingOver
	account mail.AccountID
	h       mail.Handover
	text    string
	say     string
	dir     string
}

func (x hander) load(ctx context.Context) tea.Msg {
	list, err := x.desk.Handovers(ctx, x.account)
	return handsMsg{list, err}
}

func (x hander) begin(ctx context.Context) tea.Msg {
	h, err := x.desk.BeginHandover(ctx, x.account, x.text, "")
	return handMsg{h, x.say, "begin handover", err}
}

func (x hander) confirm(ctx context.Context) tea.Msg {
	h, err := x.desk.ConfirmHandover(ctx, x.account, x.h)
	return handMsg{h, x.say, "confirm handover", err}
}

// refuse stops it: who began it cancels, the other refuses.
func (x hander) refuse(ctx context.Context) tea.Msg {
	h, err := x.desk.RefuseHandover(ctx, x.account, x.h, x.text)
	return handMsg{h, x.say, "refuse handover", err}
}

func (x hander) cancel(ctx context.Context) tea.Msg {
	h, err := x.desk.CancelHandover(ctx, x.account, x.h)
	return handMsg{h, x.say, "cancel handover", err}
}

func (x hander) write(ctx context.Context) tea.Msg {
	path, err := x.desk.WriteRecord(ctx, x.h, x.text, x.dir)
	return wroteMsg{path, err}
}

func (v *handover) hander() hander {
	h, _ := v.current()
	return hander{desk: v.desk, account: v.p.account, h: h, dir: v.p.env.Settings.Downloads}
}

func (v *handover) do(f func(context.Context) tea.Msg) tea.Cmd {
	return v.p.do(frame.AgencyHandover, f)
}

func (v *handover) load() tea.Cmd {
	if v.desk == nil {
		v.loaded = true
		return nil
	}
	return v.do(v.hander().load)
}

// lookAgainAfter is how soon the word of the other party is seen; the office has no event for it.
const lookAgainAfter = 4 * time.Second

// countAgainAfter is how soon the number of letters counted is asked for again.
const countAgainAfter = time.Second

// watch looks again while a handover is under way, or its letters are counted.
func (v *handover) watch() tea.Cmd {
	h, ok := v.current()
	after := lookAgainAfter
	if v.counting || v.count.State != "" {
		after = countAgainAfter
	} else if !ok || !underWay(h) {
		return nil
	}
	if v.ticking {
		return nil
	}
	v.ticking = true
	return v.p.env.After(after, int(frame.AgencyHandover), lookAgain{})
}

// put takes the list that the office gave: what is being counted stands by itself.
func (v *handover) put(list []mail.Handover) {
	v.count, v.list = mail.Handover{}, nil
	for _, h := range list {
		if h.State == mail.HandoverCounting {
			v.count = h
		} else {
			v.list = append(v.list, h)
		}
	}
}

func (v *handover) take(msg tea.Msg) tea.Cmd {
	w := &v.p.env.Words.Office.Hand
	switch m := msg.(type) {
	case handsMsg:
		v.loaded, v.fault = true, nil
		if m.err != nil {
			v.fault = mail.AsFault("read handovers", m.err)
			return frame.Noted(v.fault)
		}
		v.put(m.list)
		return v.watch()
	case lookAgain:
		v.ticking = false
		if v.p.at == frame.AgencyHandover {
			return v.load()
		}
	case handMsg:
		v.busy, v.counting = false, false
		if m.err != nil {
			return tea.Batch(v.load(), frame.Failed(m.op, m.err))
		}
		if m.h.FirstSecret != "" {
			v.secret = m.h.FirstSecret
		}
		return tea.Batch(v.load(), frame.Tell(frame.Good, m.say))
	case wroteMsg:
		v.busy = false
		if m.err != nil {
			return frame.Failed("write record", m.err)
		}
		return frame.Tell(frame.Good, fmt.Sprintf(w.Written, kit.Clean(m.path)))
	}
	return v.answer(msg)
}

// answer takes what a dialog said.
func (v *handover) answer(msg tea.Msg) tea.Cmd {
	w := &v.p.env.Words.Office.Hand
	x := v.hander()
	switch m := msg.(type) {
	case choosePeople:
		if m.err != nil {
			return frame.Failed("list people", m.err)
		}
		return v.choose(m.list)
	case otherMsg:
		return frame.Send(frame.Ask{Dialog: dialog.Prompt(v.p.env, int(frame.AgencyHandover), fmt.Sprintf(w.BeginTitle, kit.Clean(v.p.seat.Name)), w.OtherLabel, "", func(s string, ok bool) tea.Msg {
			if s = strings.TrimSpace(s); !ok || s == "" {
				return nil
			}
			return receiverMsg{kit.NFC(s)}
		})})
	case receiverMsg:
		v.receiver = m.addr
		return frame.Send(frame.Ask{Dialog: dialog.Do(v.p.env, int(frame.AgencyHandover), w.BeginSure, w.BeginText, w.BeginYes, sure(beginMsg{}))})
	case beginMsg:
		x.text, x.say = v.receiver, w.Begun
		v.busy, v.counting = true, true
		return tea.Batch(v.do(x.begin), v.watch())
	case confirmMsg:
		x.say = w.Confirmed
		v.busy = true
		return v.do(x.confirm)
	case refuseMsg:
		x.text, x.say = m.reason, w.Refused
		v.busy = true
		if strings.EqualFold(x.h.Giver.Addr, v.p.seat.Me.Addr) {
			return v.do(x.cancel)
		}
		return v.do(x.refuse)
	case formatMsg:
		x.text = m.format
		v.busy = true
		return v.do(x.write)
	}
	return nil
}

func sure(yes tea.Msg) func(bool) tea.Msg {
	return func(ok bool) tea.Msg {
		if ok {
			return yes
		}
		return nil
	}
}

type finder struct {
	desk    frame.Sharing
	account mail.AccountID
}

// people are those who know the box already; anybody else is named by address.
func (f finder) people(ctx context.Context) tea.Msg {
	list, err := f.desk.Colleagues(ctx, f.account)
	if err != nil {
		return choosePeople{err: err}
	}
	me := f.desk.Seat(f.account).Me.Addr
	var out []mail.Contact
	for _, c := range list {
		if strings.EqualFold(c.Addr, me) {
			continue
		}
		out = append(out, mail.Contact{Address: mail.Address{Name: c.Name, Addr: c.Addr}, Post: c.Post})
	}
	return choosePeople{list: out}
}

func (v *handover) choose(list []mail.Contact) tea.Cmd {
	w := &v.p.env.Words.Office.Hand
	items := make([]dialog.Item, len(list), len(list)+1)
	for i, c := range list {
		items[i] = dialog.Item{Main: c.Address.Name, Detail: c.Post, Note: c.Address.Addr}
	}
	items = append(items, dialog.Item{Main: w.Other})
	return frame.Send(frame.Ask{Dialog: dialog.Choose(v.p.env, int(frame.AgencyHandover), fmt.Sprintf(w.BeginTitle, kit.Clean(v.p.seat.Name)), w.BeginHint, items, func(i int) tea.Msg {
		switch {
		case i < 0:
			return nil
		case i == len(list):
			return otherMsg{}
		}
		return receiverMsg{list[i].Address.Addr}
	})})
}

func (v *handover) press(k keys.Press) tea.Cmd {
	w := &v.p.env.Words.Office.Hand
	if v.busy || v.desk == nil {
		return nil
	}
	_, ok := v.current()
	switch k.Action {
	case keys.HandBegin:
		return v.do(finder{v.p.desk, v.p.account}.people)
	case keys.HandYes:
		return frame.Send(frame.Ask{Dialog: dialog.Do(v.p.env, int(frame.AgencyHandover), w.ConfirmTitle, w.ConfirmText, w.ConfirmYes, sure(confirmMsg{}))})
	case keys.HandNo:
		return frame.Send(frame.Ask{Dialog: dialog.Prompt(v.p.env, int(frame.AgencyHandover), w.RefuseTitle, w.RefuseLabel, "", func(s string, ok bool) tea.Msg {
			if s = strings.TrimSpace(s); !ok || s == "" {
				return nil
			}
			return refuseMsg{kit.NFC(s)}
		})})
	case keys.HandWrite:
		if !ok {
			return nil
		}
		formats := []string{"pdf", "odt", "txt"}
		items := []dialog.Item{{Main: w.Formats0, Note: ".pdf"}, {Main: w.Formats1, Note: ".odt"}, {Main: w.Formats2, Note: ".txt"}}
		return frame.Send(frame.Ask{Dialog: dialog.Choose(v.p.env, int(frame.AgencyHandover), w.WriteTitle, v.p.env.Words.Dialog.FilterHint, items, func(i int) tea.Msg {
			if i < 0 {
				return nil
			}
			return formatMsg{formats[i]}
		})})
	case keys.Down, keys.PageDown:
		v.top = min(v.top+max(1, v.h/2), max(v.lines-v.h, 0))
	case keys.Up, keys.PageUp:
		v.top = max(v.top-max(1, v.h/2), 0)
	}
	return nil
}

func (v *handover) mouse(m keys.Mouse) tea.Cmd {
	switch m.Kind {
	case keys.WheelDown:
		v.top = min(v.top+3, max(v.lines-v.h, 0))
	case keys.WheelUp:
		v.top = max(v.top-3, 0)
	}
	return nil
}

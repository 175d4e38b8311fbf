package today

import (
	"fmt"
	"slices"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
	"hopthu/ui/read"
	"hopthu/ui/words"
)

// line is one line of the page.
type line struct {
	title  string // a heading
	check  string // in the first heading: how the day's check stands
	count  string
	note   string
	item   *mail.DutyItem
	head   *mail.Head
	right  string
	soon   bool // due today
	draft  *mail.DraftLetter
	out    *mail.OutboxItem
	wait   *mail.Waiting // a letter sent that is not answered; head is its
	unfold bool          // shows the rest of these
	more   string        // "and 7 more"
	target frame.Target  // what a line without a letter opens
}

func (l line) chosen() bool { return l.head != nil || l.target != nil || l.unfold }

// freshShown is how many of the new letters are listed here; the rest is a number.
const freshShown = 6

// lay makes the lines and keeps the cursor on its letter.
func (p *Page) lay() {
	old, row := slices.Clone(p.lines), p.cur-p.top
	w := p.env.Words
	p.lines = p.lines[:0]
	zone := p.env.Now().Location()
	section := func(title string, items []mail.DutyItem, right func(mail.DutyItem) string) {
		older := 0 // the oldest are late, and too many to be listed one by one
		if title == w.Today.Overdue {
			older = max(0, p.today.DutyAll-len(p.dutyIDs()))
		}
		if len(items)+older == 0 {
			return
		}
		p.heading(title, len(items)+older, "")
		for i := range items {
			p.lines = append(p.lines, line{item: &items[i], head: &items[i].Head, right: right(items[i]), soon: title == w.Today.DueToday})
		}
		if older > 0 {
			p.lines = append(p.lines, line{more: fmt.Sprintf(w.Today.More, w.Count(older)), target: frame.OpenBox{Filter: mail.Awaiting}})
		}
	}
	section(w.Today.Overdue, p.today.Overdue, func(d mail.DutyItem) string { return words.Say(w.Today.Late, d.Late) })
	section(w.Today.DueToday, p.today.DueToday, func(d mail.DutyItem) string {
		return read.TodayWords(w, d.Due, p.env.Now())
	})
	section(w.Duty.Back, p.today.Back, func(d mail.DutyItem) string {
		if d.Due.IsZero() {
			return w.Duty.BackNote
		}
		return read.DueWords(w, d.Head, p.env.Now())
	})
	section(w.Today.Soon, p.today.Soon, func(d mail.DutyItem) string {
		if d.DueSet {
			return fmt.Sprintf(w.Reading.DueChosen, w.Day(d.Due.In(zone)))
		}
		return w.Day(d.Due.In(zone))
	})
	p.fresh()
	p.waitings()
	p.unfinished()
	p.check()
	p.right = 6
	for _, l := range p.lines {
		if l.head != nil {
			p.right = max(p.right, min(kit.Width(l.right), rightWidth))
		}
	}
	p.stay(old, row)
}

// stay keeps the cursor on its line, and the line in its place on the screen unless the page stands at its top. When the
// line is gone, as after an answer, the cursor is on the next that is left. Before the first key nobody has chosen anything:
// then the most urgent is looked at, however the day fills.
func (p *Page) stay(old []line, row int) {
	at := -1
	if p.touched {
		at = p.kept(old)
	}
	switch {
	case at < 0:
		p.cur = p.first()
	case p.top > 0:
		p.cur, p.top = at, at-row
	default:
		p.cur = at
	}
	p.show()
}

// kept is where the line under the cursor is now, or the first after it, or else the last before it, that is still here.
func (p *Page) kept(old []line) int {
	for step, i := 1, p.cur; i >= 0; i += step {
		if i >= len(old) {
			step, i = -1, min(p.cur, len(old))-1
			if i < 0 {
				break
			}
		}
		if !old[i].chosen() {
			continue
		}
		if at := slices.IndexFunc(p.lines, old[i].same); at >= 0 {
			return at
		}
	}
	return -1
}

func (l line) same(o line) bool {
	switch {
	case l.head != nil && o.head != nil:
		return l.head.ID == o.head.ID && (l.item != nil) == (o.item != nil) && (l.wait != nil) == (o.wait != nil)
	case l.draft != nil && o.draft != nil:
		return l.draft.ID == o.draft.ID
	case l.out != nil && o.out != nil:
		return l.out.ID == o.out.ID
	}
	return l.more != "" && l.more == o.more
}

// waitsShown is how many of the letters waited for are listed before one asks for all.
const waitsShown = 3

// waitings lists the letters sent that nobody has answered, the oldest first.
func (p *Page) waitings() {
	w, list := p.env.Words, p.today.Waitings
	if len(list) == 0 {
		return
	}
	p.heading(w.Duty.Waitings, len(list), words.Say(w.Duty.WaitingNote, to(list[0].Head), list[0].Age))
	n := len(list)
	if !p.waits && n > waitsShown+1 {
		n = waitsShown
	}
	for i := range list[:n] {
		p.lines = append(p.lines, line{wait: &list[i], head: &list[i].Head, right: words.Say(w.Duty.WaitingAge, list[i].Age)})
	}
	if n < len(list) {
		p.lines = append(p.lines, line{more: fmt.Sprintf(w.Duty.WaitingMore, w.Count(len(list)-n)), unfold: true})
	}
}

// to names whom a letter was sent to.
func to(h mail.Head) string {
	if len(h.To) == 0 {
		return ""
	}
	return kit.Clean(h.To[0].Short())
}

// check tells in the first line how the day's check stands.
func (p *Page) check() {
	if len(p.lines) > 0 {
		p.lines[0].check = p.checkWords()
	}
}

func (p *Page) checkWords() string {
	w, t := p.env.Words, p.today
	switch at := t.Checked.In(p.env.Now().Location()).Format("15:04"); {
	case t.Checked.IsZero() && t.Left == 0:
		return ""
	case t.Checked.IsZero():
		return fmt.Sprintf(w.Duty.Unchecked, w.Count(t.Left))
	case t.Left > 0:
		return fmt.Sprintf(w.Duty.CheckedMore, at, w.Count(t.Left))
	default:
		return fmt.Sprintf(w.Duty.Checked, at)
	}
}

func (p *Page) heading(title string, n int, note string) {
	if len(p.lines) > 0 {
		p.lines = append(p.lines, line{})
	}
	p.lines = append(p.lines, line{title: title, count: p.env.Words.Count(n), note: note})
}

// fresh lists what came in since the last working day ended, without what stands above already.
func (p *Page) fresh() {
	w := p.env.Words
	if p.today.FreshAll == 0 {
		return
	}
	unread := 0
	above := map[mail.LetterID]bool{}
	for _, list := range [][]mail.DutyItem{p.today.Overdue, p.today.DueToday, p.today.Back, p.today.Soon} {
		for _, d := range list {
			above[d.ID] = true
		}
	}
	var rest []*mail.Head
	for i := range p.today.Fresh {
		h := &p.today.Fresh[i]
		if !h.Flags.Has(mail.Seen) {
			unread++
		}
		if !above[h.ID] {
			rest = append(rest, h)
		}
	}
	note := ""
	if unread > 0 {
		note = p.env.Theme.Glyph.Unread + " " + fmt.Sprintf(w.Today.FreshUnread, w.Count(unread))
	}
	p.heading(w.Today.Fresh, p.today.FreshAll, note)
	for _, h := range rest[:min(len(rest), freshShown)] {
		p.lines = append(p.lines, line{head: h, right: w.When(h.Received, p.env.Now())})
	}
	if left := p.today.FreshAll - min(len(rest), freshShown) - (len(p.today.Fresh) - len(rest)); left > 0 {
		p.lines = append(p.lines, line{more: fmt.Sprintf(w.Today.More, w.Count(left)), target: frame.OpenBox{}})
	}
}

// unfinished lists drafts and letters that have not gone.
func (p *Page) unfinished() {
	w := p.env.Words
	if n := len(p.today.Drafts); n > 0 {
		p.heading(w.Today.Drafts, n, "")
		for i := range p.today.Drafts[:min(n, 3)] {
			d := &p.today.Drafts[i]
			right := w.When(d.Saved, p.env.Now())
			if d.Refusal != "" {
				right = w.Today.Refused
			}
			p.lines = append(p.lines, line{draft: d, right: right, target: frame.OpenCompose{Account: d.Account, Draft: d.ID}})
		}
		if n > 3 {
			p.lines = append(p.lines, line{more: fmt.Sprintf(w.Today.More, w.Count(n-3)), target: frame.OpenDrafts{}})
		}
	}
	var waiting []*mail.OutboxItem
	for i := range p.today.Outbox {
		if o := &p.today.Outbox[i]; o.State != mail.OutSent {
			waiting = append(waiting, o)
		}
	}
	if len(waiting) == 0 {
		return
	}
	p.heading(w.Today.Outbox, len(waiting), "")
	for _, o := range waiting {
		p.lines = append(p.lines, line{out: o, right: p.outWords(o), target: frame.OpenOutbox{}})
	}
}

func (p *Page) outWords(o *mail.OutboxItem) string {
	w := p.env.Words.Today
	switch o.State {
	case mail.OutRefused:
		return w.Refused
	case mail.OutUnknown:
		return w.Unknown
	case mail.OutWaiting:
		return fmt.Sprintf(w.Waiting, o.Next.In(p.env.Now().Location()).Format("15:04"))
	}
	return w.Queued
}

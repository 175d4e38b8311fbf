package register

import (
	"slices"
	"sort"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
	"hopthu/ui/words"
)

type wordsOf = *words.Register

// say fills a sentence whose numbers decide on its words.
func say(format string, args ...any) string { return words.Say(format, args...) }

// View implements frame.Page: the list and what the document under the cursor is, or one document with its recipients.
func (p *Page) View(w, h int) []string {
	var out []string
	if e, ok := p.current(); ok && p.opened {
		out = p.entryView(e, w, h)
	} else {
		out = p.listView(w, h)
	}
	set := p.env.Theme.Page
	for i, l := range out {
		out[i] = fit(l, w, set)
	}
	return kit.Fill(out, h, set.Base.Paint(kit.Space(w)))
}

func (p *Page) listView(w, h int) []string {
	set := p.env.Theme.Page
	blank := set.Base.Paint(kit.Space(w))
	out := []string{p.titleLine(w), p.headLine(w)}
	if p.rows.Len() == 0 {
		return append(out[:1], append([]string{kit.Rule(w, set, p.env.Theme.Glyph)}, p.empty(w)...)...)
	}
	below := p.about(w)
	if len(out)+len(below)+2 > h {
		below = nil
	}
	p.rows.SetHeight(max(1, h-len(out)-len(below)))
	p.listY = len(out)
	for i, id := range p.rows.Visible() {
		out = append(out, p.row(p.list[id], p.rows.Top()+i == p.rows.Index(), w))
	}
	out = kit.Fill(out, max(0, h-len(below)), blank)
	return append(out, below...)
}

// titleLine names the page with the number of documents, and holds the search field.
func (p *Page) titleLine(w int) string {
	th := p.env.Theme
	set := th.Page
	words := &p.env.Words.Dispatch.Register
	title := " " + words.Title + " " + th.Glyph.Dot + " " + say(words.Count, p.env.Words.Count(p.rows.Len()))
	if p.doing != "" {
		title += "  " + p.doing
	}
	if !p.find && p.field.Text() == "" {
		return set.Bold.Paint(kit.Fit(title, w))
	}
	lead := " / "
	if !p.find {
		return set.Bold.Paint(kit.Cut(title, w*2/3)) + set.Accent.Paint(kit.Cut("  /"+p.field.Text(), max(0, w-kit.Width(kit.Cut(title, w*2/3)))))
	}
	look := kit.Look{Text: th.Soft.Base.Paint, Selected: th.Sel.Base.Paint, Hint: th.Soft.Dim.Paint}
	line, x := p.field.View(max(1, w-kit.Width(lead)-1), words.FindHint, look)
	p.x, p.y = kit.Width(lead)+x, 0
	return set.AccentBold.Paint(lead) + line
}

// columns of the list.
type columns struct{ number, issued, sent, about, outcome int }

func listColumns(w int) columns {
	c := columns{number: min(20, max(8, w/5)), outcome: min(30, max(10, w/4))}
	if w >= 70 {
		c.sent = 11
	}
	if w >= 90 {
		c.issued, c.sent = 11, 16
	}
	c.about = max(1, w-3-c.number-c.issued-c.sent-c.outcome-2)
	return c
}

func (p *Page) headLine(w int) string {
	set := p.env.Theme.Page
	words := &p.env.Words.Dispatch.Register
	c := listColumns(w)
	line := "   " + kit.Fit(words.Number, c.number)
	if c.issued > 0 {
		line += kit.Fit(" "+words.Issued, c.issued)
	}
	if c.sent > 0 {
		line += kit.Fit(" "+words.SentOn, c.sent)
	}
	return set.Dim.Paint(kit.Fit(line+" "+kit.Fit(words.Summary, c.about)+" "+kit.FitLeft(words.Outcome, c.outcome), w))
}

func (p *Page) row(e mail.RegisterEntry, on bool, w int) string {
	th := p.env.Theme
	set, cursor := th.Page, " "
	if on {
		set, cursor = th.Sel, th.Glyph.Cursor
	}
	words := &p.env.Words.Dispatch.Register
	c := listColumns(w)
	mark, st := th.Glyph.Marked, set.Good
	switch {
	case len(failed(e)) > 0:
		mark, st = th.Glyph.Over, set.Danger
	case states(e, mail.DeliveryQueued, mail.DeliveryDelayed) > 0:
		mark, st = th.Glyph.Pending, set.Warn
	}
	var b strings.Builder
	b.WriteString(set.Accent.Paint(cursor) + st.Paint(mark+" "))
	b.WriteString(set.Base.Paint(kit.Fit(p.number(e), c.number)))
	if c.issued > 0 {
		b.WriteString(set.Dim.Paint(kit.Fit(" "+day(e.Document.Issued), c.issued)))
	}
	if c.sent > 0 {
		text, look := day(e.Sent), set.Dim
		switch {
		case e.Sent.IsZero():
			text = words.NotSent
		case e.Late && c.sent >= 16:
			text, look = shortDay(e.Sent)+" "+words.Late, set.Warn
		case e.Late:
			text, look = words.Late, set.Warn
		}
		b.WriteString(look.Paint(kit.Fit(" "+text, c.sent)))
	}
	b.WriteString(set.Base.Paint(" " + kit.Fit(kit.Clean(e.Summary), c.about)))
	b.WriteString(st.Paint(" " + kit.FitLeft(p.outcome(e), c.outcome)))
	return fit(b.String(), w, set)
}

func (p *Page) number(e mail.RegisterEntry) string {
	if n := strings.TrimSpace(kit.Clean(e.Document.Number)); n != "" {
		return n
	}
	if e.Document.Kind != "" {
		return kit.Clean(e.Document.Kind)
	}
	return p.env.Words.Dispatch.Register.NoNumber
}

// document names it whole: kind and number.
func (p *Page) document(e mail.RegisterEntry) string {
	if kind := strings.TrimSpace(kit.Clean(e.Document.Kind)); kind != "" && e.Document.Number != "" {
		return kind + " " + p.number(e)
	}
	return p.number(e)
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(rule.Zone).Format("02/01/2006")
}

func shortDay(t time.Time) string { return t.In(rule.Zone).Format("02/01") }

// outcome counts what became of a document at its recipients.
func (p *Page) outcome(e mail.RegisterEntry) string {
	words := &p.env.Words.Dispatch.Register
	n := len(e.Recipients)
	var parts []string
	if f := len(failed(e)); f > 0 { // what needs the person comes first
		parts = append(parts, say(words.Failed, f))
	}
	if d := states(e, mail.DeliveryDelivered, mail.DeliveryRead); d > 0 {
		parts = append(parts, say(words.Reached, d, n))
	} else if a := states(e, mail.DeliveryAccepted, mail.DeliveryRelayed, mail.DeliveryDelayed); a > 0 {
		parts = append(parts, say(words.Accepted, a, n))
	}
	if r := states(e, mail.DeliveryRead); r > 0 {
		parts = append(parts, say(words.ReadBy, r))
	}
	if q := states(e, mail.DeliveryQueued); q > 0 {
		parts = append(parts, say(words.Waiting, q))
	}
	return strings.Join(parts, ", ")
}

// about says of the document under the cursor what the columns have no room for.
func (p *Page) about(w int) []string {
	e, ok := p.current()
	if !ok {
		return nil
	}
	set := p.env.Theme.Page
	out := []string{kit.Rule(w, set, p.env.Theme.Glyph)}
	width := max(1, min(w-2, kit.ReadWidth))
	text := p.document(e)
	if e.Summary != "" {
		text += ": " + kit.Clean(e.Summary)
	}
	lines := kit.Wrap(text, width, 0)
	for _, l := range lines[:min(2, len(lines))] {
		out = append(out, set.Base.Paint(kit.Fit(" "+l, w)))
	}
	st, when := p.when(e, set)
	return append(out, st.Paint(kit.Fit(" "+when, w)), set.Dim.Paint(kit.Fit(" "+p.outcome(e), w)))
}

// when says when a document was issued and sent, and whether that was late.
func (p *Page) when(e mail.RegisterEntry, set theme.Set) (theme.Style, string) {
	words := &p.env.Words.Dispatch.Register
	var parts []string
	if t := day(e.Document.Issued); t != "" {
		parts = append(parts, say(words.IssuedOn, t))
	}
	st := set.Dim
	if e.Sent.IsZero() {
		parts = append(parts, words.NotSent)
	} else {
		parts = append(parts, say(words.SentAt, e.Sent.In(p.env.Now().Location()).Format("15:04 02/01/2006")))
	}
	if e.Late {
		st = set.Warn
		parts = append(parts, words.LateLong)
	}
	return st, strings.Join(parts, ", ")
}

func (p *Page) empty(w int) []string {
	words := &p.env.Words.Dispatch.Register
	text, hint := words.Empty, words.EmptyHint
	switch {
	case !p.loaded:
		text, hint = words.Loading, ""
	case p.field.Text() != "":
		text, hint = words.EmptyFind, ""
	}
	return p.env.Empty(w, p.fault, text, hint)
}

// fact is one line above the recipients.
type fact struct {
	label, text string
	warn        bool
}

// facts is where one reads in the lines above the recipients, when there is no room for all of them.
type facts struct{ top, step, all int }

// on goes on by what was shown, and from the end to the beginning.
func (f *facts) on() {
	if f.top += f.step; f.top >= f.all {
		f.top = 0
	}
}

// window is the part of the lines that has room; its last line says how many are left.
func (f *facts) window(lines []string, most int, more func(int) string) []string {
	f.step, f.all = 0, len(lines)
	if len(lines) <= most || most <= 0 {
		f.top = 0
		return lines[:min(len(lines), max(most, 0))]
	}
	f.step = max(1, most-1)
	f.top = min(f.top, (len(lines)-1)/f.step*f.step)
	out := slices.Clone(lines[f.top:min(len(lines), f.top+f.step)])
	if left := len(lines) - f.top - len(out); left > 0 {
		out = append(out, more(left))
	}
	return out
}

func (p *Page) factsOf(e mail.RegisterEntry) []fact {
	words := &p.env.Words.Dispatch.Register
	_, when := p.when(e, p.env.Theme.Page)
	file := kit.Clean(e.File)
	if file == "" {
		file = words.NoFile
	}
	out := []fact{{words.Summary, kit.Clean(e.Summary), false}, {words.SentOn, when, e.Late}}
	if u := e.Document.Urgency; u > 0 && u < len(p.env.Words.Dispatch.Urgencies) {
		out = append(out, fact{p.env.Words.Dispatch.Urgency, strings.ToUpper(p.env.Words.Dispatch.Urgencies[u]), true})
	}
	for _, l := range []struct {
		label string
		list  []string
	}{{words.Skipped, e.Skipped}, {words.Published, e.Published}, {words.Kept, e.Kept}} {
		if len(l.list) > 0 {
			out = append(out, fact{l.label, kit.Clean(strings.Join(l.list, "; ")), false})
		}
	}
	var codes []string
	for code := range e.Reasons {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	for _, code := range codes {
		out = append(out, fact{words.Reasons, kit.Clean(e.Reasons[code]), false})
	}
	out = append(out, fact{words.File, file, false})
	for _, a := range p.env.Desk.Accounts() {
		if a.ID == e.Account {
			out = append(out, fact{words.From, kit.Clean(p.env.Words.FromBox(a, "")), false})
		}
	}
	return append(out, fact{words.Digest, kit.Clean(e.Digest), false})
}

func (p *Page) entryView(e mail.RegisterEntry, w, h int) []string {
	th := p.env.Theme
	set := th.Page
	words := &p.env.Words.Dispatch.Register
	title := " " + words.Title + " " + th.Glyph.Dot + " " + p.document(e)
	if p.doing != "" {
		title += "  " + p.doing
	}
	out := []string{set.Bold.Paint(kit.Fit(title, w)), kit.Rule(w, set, th.Glyph)}
	below := p.detail(e, w)
	room := max(0, h-len(out)-len(below)-1) // the facts give way to the recipients, down to a half
	most := max(room/2, room-len(e.Recipients))
	var lines []string
	label := min(14, w/3)
	for _, f := range p.factsOf(e) {
		st := set.Base
		if f.warn {
			st = set.Warn
		}
		name := f.label
		for _, l := range kit.Wrap(f.text, max(1, min(w-label-2, kit.ReadWidth)), 0) {
			lines = append(lines, set.Dim.Paint(" "+kit.Fit(name, label))+st.Paint(kit.Cut(l, max(0, w-label-1))))
			name = ""
		}
	}
	out = append(out, p.facts.window(lines, most, func(left int) string { return set.Dim.Paint(kit.Fit(" "+say(words.More, left), w)) })...)
	counts := " " + words.Recipients + ": " + p.env.Words.Count(len(e.Recipients)) + ", " + p.outcome(e) + " "
	counts = kit.Cut(counts, max(0, w-4))
	out = append(out, set.Rule.Paint(strings.Repeat(th.Glyph.Rule, min(2, w)))+set.Bold.Paint(counts)+set.Rule.Paint(strings.Repeat(th.Glyph.Rule, max(0, w-2-kit.Width(counts)))))
	if len(out)+len(below)+1 > h {
		below = nil
	}
	p.to.SetHeight(max(1, h-len(out)-len(below)))
	p.listY = len(out)
	for i, k := range p.to.Visible() {
		if k < len(e.Recipients) {
			out = append(out, p.recipient(e.Recipients[k], p.to.Top()+i == p.to.Index(), w))
		}
	}
	out = kit.Fill(out, max(0, h-len(below)), set.Base.Paint(kit.Space(w)))
	return append(out, below...)
}

func (p *Page) recipient(r mail.RegisterRecipient, on bool, w int) string {
	th := p.env.Theme
	set, cursor := th.Page, " "
	if on {
		set, cursor = th.Sel, th.Glyph.Cursor
	}
	words := &p.env.Words.Dispatch.Register
	mark, st := th.Glyph.Pending, set.Dim
	switch r.State {
	case mail.DeliveryFailed, mail.DeliveryRefused:
		mark, st = th.Glyph.Over, set.Danger
	case mail.DeliveryDelayed:
		mark, st = th.Glyph.Due, set.Warn
	case mail.DeliveryDelivered, mail.DeliveryRead:
		mark, st = th.Glyph.Marked, set.Good
	case mail.DeliveryRelayed:
		mark = th.Glyph.Forwarded
	}
	state := min(24, max(8, w/4))
	at := 0
	if w >= 60 {
		at = 13
	}
	addr := 0
	if w >= 110 {
		addr = min(40, w/4)
	}
	name := max(1, w-3-state-at-addr-2)
	who := kit.Clean(r.Address.Short())
	if len(r.Purposes) > 0 {
		who += " (" + kit.Clean(strings.Join(r.Purposes, ", ")) + ")"
	}
	word, ok := words.States[r.State]
	if !ok {
		word = kit.Clean(string(r.State))
	}
	line := set.Accent.Paint(cursor) + st.Paint(mark+" ") + set.Base.Paint(kit.Fit(who, name))
	if addr > 0 {
		line += set.Dim.Paint(" " + kit.Fit(kit.Clean(r.Address.Addr), addr-1))
	}
	line += st.Paint(" " + kit.Fit(word, state))
	if at > 0 {
		when := ""
		if !r.At.IsZero() {
			when = p.env.Words.When(r.At.In(p.env.Now().Location()), p.env.Now())
		}
		line += set.Dim.Paint(" " + kit.FitLeft(when, at-1))
	}
	return fit(line, w, set)
}

// detail says of the recipient under the cursor what its state means, when it was reached, and what the server said.
func (p *Page) detail(e mail.RegisterEntry, w int) []string {
	set := p.env.Theme.Page
	out := []string{kit.Rule(w, set, p.env.Theme.Glyph)}
	k, ok := p.to.Current()
	if !ok || k >= len(e.Recipients) {
		return nil
	}
	r := e.Recipients[k]
	words := &p.env.Words.Dispatch.Register
	text := words.Explain[r.State]
	if !r.At.IsZero() {
		text += " " + p.env.Words.Full(r.At.In(p.env.Now().Location())) + "."
	}
	out = append(out, set.Base.Paint(kit.Fit(" "+text, w)), set.Dim.Paint(kit.Fit(" "+kit.Clean(r.Address.Addr), w)))
	said := ""
	if r.Words != "" {
		said = words.ServerSays + ": " + kit.Clean(r.Words)
	}
	return append(out, set.Dim.Paint(kit.Fit(" "+said, w)))
}

// fit brings a finished line of about w columns to exactly w.
func fit(line string, w int, set theme.Set) string {
	switch n := kit.Width(line); {
	case n > w:
		return kit.Cut(line, w)
	case n < w:
		return line + set.Base.Paint(kit.Space(w-n))
	}
	return line
}

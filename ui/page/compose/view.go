package compose

import (
	"fmt"
	"strings"

	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

// View implements frame.Page: the head, a rule that says how far the letter is kept, the text.
func (p *Page) View(w, h int) []string {
	set := p.env.Theme.Page
	out := make([]string, 0, h)
	out = append(out, p.titleLine(w))
	if !p.loaded {
		out = append(out, set.Dim.Paint(kit.Fit("  "+p.env.Words.Write.Compose.Loading, w)))
		return kit.Fill(out, h, set.Base.Paint(kit.Space(w)))
	}
	head, popup := p.head(w, h)
	out = append(out, head...)
	out = append(out, p.refusal(w, h)...)
	out = append(out, p.ruleLine(w))
	if len(out) > h-1 {
		out = out[:max(0, h-1)]
	}
	room := h - len(out)
	left := min(1, max(0, w-2))
	tw := max(1, min(w-left, kit.ReadWidth+1))
	lines, x, y := p.body.View(tw, room, kit.Look{Text: set.Base.Paint, Quote: set.Quote.Paint, Selected: p.env.Theme.Sel.Base.Paint})
	p.bodyAt = kit.Rect{X: left, Y: len(out), W: tw, H: room}
	if p.at == bodyRow {
		p.x, p.y = left+x, len(out)+y
	}
	hint := p.body.Size() == 0 && p.at != bodyRow
	for i, l := range lines {
		if i == 0 && hint {
			l = set.Dim.Paint(kit.Fit(p.env.Words.Write.Compose.BodyHint, tw))
		}
		out = append(out, set.Base.Paint(kit.Space(left))+l+set.Base.Paint(kit.Space(w-left-tw)))
	}
	p.popup = kit.Rect{}
	if popup >= 0 {
		p.drawPopup(out, popup, w)
	}
	return out
}

// head draws the lines between title and rule. In a low window they are those around the focus, so that what is typed
// in is always in sight. popup is the line of the page below the address that is typed, -1 when nobody is offered.
func (p *Page) head(w, h int) (out []string, popup int) {
	p.rows, popup = p.rows[:0], -1
	focus := 0
	for _, row := range p.headRows() {
		if row == fileRow {
			out = p.fileLines(out, w, h)
			continue
		}
		p.rows = append(p.rows, stop{at: row})
		out = append(out, p.rowLine(row, w, len(out)+1))
	}
	for i, r := range p.rows {
		if r.at == p.at && (r.at != fileRow || r.file == p.file) {
			focus = i
		}
	}
	room := max(1, h-3) // the title, the rule, and a line of the text
	first := max(0, min(focus-room/2, len(out)-room))
	if p.at == bodyRow {
		first = 0
	}
	last := min(len(out), first+room)
	p.rows, out = p.rows[first:last], out[first:last]
	if p.at != bodyRow {
		p.y -= first
	}
	if p.suggest.open() {
		popup = focus - first + 2
	}
	return out, popup
}

// refusal says why the server sent the letter back.
func (p *Page) refusal(w, h int) []string {
	if p.draft.Refusal == "" {
		return nil
	}
	set := p.env.Theme.Page
	text := fmt.Sprintf(p.env.Words.Write.Compose.Refusal, kit.Clean(p.env.Words.Reply(p.draft.Refusal)))
	var out []string
	for i, l := range kit.Wrap(text, max(1, w-4), 0) {
		lead := "   "
		if i == 0 {
			lead = " ! "
		}
		if out = append(out, set.Warn.Paint(kit.Fit(lead+l, w))); len(out) >= max(1, h/5) {
			break
		}
	}
	return out
}

// headRows are the lines of the head that are shown.
func (p *Page) headRows() []place {
	var out []place
	for _, s := range p.stops() {
		if s != bodyRow {
			out = append(out, s)
		}
	}
	return out
}

// titleLine names the page, and says in words who the letter comes from.
func (p *Page) titleLine(w int) string {
	set := p.env.Theme.Page
	title := " " + p.Title()
	who := kit.Cut(kit.Clean(fromWords(p.env, p.account, p.sender())), max(0, w-kit.Width(title)-3))
	gap := w - kit.Width(title) - kit.Width(who) - 1
	if gap < 0 {
		return set.Bold.Paint(kit.Fit(title, w))
	}
	return set.Bold.Paint(title) + set.Base.Paint(kit.Space(gap)) + set.AccentBold.Paint(who) + set.Base.Paint(" ")
}

func (p *Page) label(row place) string {
	w := &p.env.Words.Write.Compose
	switch row {
	case fromRow:
		return w.From
	case toRow:
		return w.To
	case ccRow:
		return w.Cc
	case bccRow:
		return w.Bcc
	case fileRow:
		return w.Files
	}
	if p.account.Official {
		return w.SubjectOfficial
	}
	return w.Subject
}

// labelWidth is the room for labels.
const labelWidth = 10

// rowLine is one line of the head. y is where it will stand.
func (p *Page) rowLine(row place, w, y int) string {
	th := p.env.Theme
	set := th.Page
	words := &p.env.Words.Write.Compose
	on := row == p.at
	mark, label := set.Base.Paint(" "), set.Dim
	if on {
		mark, label = set.AccentBold.Paint(th.Glyph.Cursor), set.Bold
	}
	head := mark + label.Paint(kit.Fit(p.label(row), labelWidth))
	room := max(1, w-labelWidth-2)
	if row == fromRow {
		return kitLine(head+p.fromPiece(on, room), w, set)
	}
	f := p.lines[row]
	if !on && row != subjectRow {
		return kitLine(head+p.peoplePiece(f.Text(), room), w, set)
	}
	hint := ""
	switch row {
	case toRow:
		hint = words.ToHint
	case subjectRow:
		hint = words.SubjectHint
	}
	if !on {
		return kitLine(head+f.Rest(room, hint, kit.Look{Text: set.Base.Paint, Selected: th.Sel.Base.Paint, Hint: set.Dim.Paint}), w, set)
	}
	line, x := f.View(room, hint, kit.Look{Text: th.Soft.Base.Paint, Selected: th.Sel.Base.Paint, Hint: th.Soft.Dim.Paint})
	p.x, p.y = labelWidth+1+x, y
	return kitLine(head+line, w, set)
}

// kitLine fills a finished line up to w columns.
func kitLine(s string, w int, set theme.Set) string {
	return s + set.Base.Paint(kit.Space(w-kit.Width(s)))
}

func (p *Page) fromPiece(on bool, room int) string {
	th := p.env.Theme
	text := kit.Clean(p.account.Name + " <" + p.account.Address + ">")
	if p.account.Together() {
		text = kit.Clean(fromWords(p.env, p.account, p.sender()) + "  <" + p.account.Address + ">")
	}
	if on {
		return th.Sel.Base.Paint(kit.Cut("< "+text+" >", room))
	}
	return th.Page.Base.Paint(kit.Cut(text, room))
}

// peoplePiece shows the people of a line by name, and who of them is outside the system; how many do not fit is said.
func (p *Page) peoplePiece(line string, room int) string {
	set := p.env.Theme.Page
	words := &p.env.Words.Write.Compose
	list := people(line)
	var b strings.Builder
	for i, who := range list {
		name, badge, end := kit.Clean(who.short()), "", ""
		if who.outside(p.account) {
			badge = " " + words.Outside
		}
		if i < len(list)-1 {
			end = "; "
		}
		rest := ""
		if left := len(list) - i; left > 1 {
			rest = fmt.Sprintf(words.AndMore, left-1)
		}
		need := kit.Width(name + badge + end)
		if need+kit.Width(rest) > room && i > 0 {
			b.WriteString(set.Dim.Paint(kit.Cut(fmt.Sprintf(words.AndMore, len(list)-i), room)))
			return b.String()
		}
		for _, part := range []struct {
			text  string
			style theme.Style
		}{{name, set.Base}, {badge, set.Warn}, {end, set.Base}} {
			text := kit.Cut(part.text, room)
			b.WriteString(part.style.Paint(text))
			room -= kit.Width(text)
		}
	}
	return b.String()
}

// ruleLine parts head and text; it says how far the letter is kept and where the cursor is.
func (p *Page) ruleLine(w int) string {
	th := p.env.Theme
	set := th.Page
	words := &p.env.Words.Write.Compose
	state, st := "", set.Dim
	switch {
	case p.checking:
		state, st = words.Checking, set.Accent
	case p.keep.err != nil:
		state, st = "! "+words.NotSaved, set.Danger
	case p.keep.saving:
		state = words.Saving
	case !p.draft.Saved.IsZero():
		state = fmt.Sprintf(words.Saved, p.draft.Saved.In(p.env.Now().Location()).Format("15:04"))
	}
	where := ""
	if p.at == bodyRow {
		line, of := p.body.Position()
		where = fmt.Sprintf(words.Position, line, of)
		if p.body.Selecting() {
			where = words.Marked + "  " + where
		}
	}
	var b strings.Builder
	rule := func(n int) { b.WriteString(set.Rule.Paint(strings.Repeat(th.Glyph.Rule, max(n, 0)))) }
	used := 2
	rule(min(2, w))
	if state != "" && used+kit.Width(state)+2 <= w {
		b.WriteString(st.Paint(" " + state + " "))
		used += kit.Width(state) + 2
	}
	if where != "" && used+kit.Width(where)+4 <= w {
		rule(w - used - kit.Width(where) - 4)
		b.WriteString(set.Dim.Paint(" " + where + " "))
		rule(2)
		return b.String()
	}
	rule(w - max(used, min(2, w)))
	return b.String()
}

// drawPopup lays the suggestions over the lines below their field.
func (p *Page) drawPopup(out []string, y, w int) {
	th := p.env.Theme
	n := min(shownSuggestions, p.suggest.list.Len(), len(out)-y)
	pw := max(1, w-labelWidth-2)
	p.popup = kit.Rect{X: min(w, labelWidth+1), Y: y, W: pw, H: max(0, n)}
	look := kit.Look{Text: th.Box.Base.Paint, Selected: th.Sel.Base.Paint}
	for i, l := range p.suggest.list.View(pw, max(0, n), th.Glyph.Cursor, look) {
		out[y+i] = kitLine(th.Page.Base.Paint(kit.Space(min(w, labelWidth+1)))+l, w, th.Page)
	}
}

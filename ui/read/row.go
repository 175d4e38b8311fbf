package read

import (
	"strconv"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
	"hopthu/ui/words"
)

// Conversation says how a row stands in the conversations of a list.
type Conversation uint8

// A letter alone, a conversation that can be unfolded, one that is, and an older letter of it.
const (
	Alone Conversation = iota
	Folded
	Unfolded
	Inside
)

// Row is what a line of a list is drawn from.
type Row struct {
	Head mail.Head
	Size int // letters of the conversation, 0 or 1 for one letter

	Conversation Conversation

	On     bool // under the cursor
	Soft   bool // its pane has not the focus
	Marked bool
	To     bool // show the recipient: the folder holds own letters
	Right  string
}

// Painter draws rows to a width. It is made anew when width, theme, words or day change.
type Painter struct {
	Words  *words.Words
	Theme  *theme.Theme
	Now    time.Time
	Width  int
	person int
	time   int
	due    int
	file   int
	held   int // column of who has it, in an agency's box
}

// NewPainter lays the columns out: marks, time, person, subject, files, term. They hold still at any content.
func NewPainter(w *words.Words, th *theme.Theme, now time.Time, width int) *Painter {
	p := &Painter{Words: w, Theme: th, Now: now, Width: width, time: timeWidth, due: 9, file: 3}
	p.person = min(max(width*26/100, 12), 28)
	if width < 72 {
		p.file, p.time = 0, 5
		p.person = max(width*22/100, 10)
	}
	if width < 48 {
		p.person = max(width/4, 6)
	}
	if width < 36 {
		p.due = 0
	}
	return p
}

// Shared gives the rows the column of who has a letter, as in an agency's box.
func (p *Painter) Shared(on bool) *Painter {
	p.held = 0
	if on {
		p.held = withWidth
	}
	return p
}

// timeWidth is the column of times: "hôm qua", "18/11/25".
const timeWidth = 8

// Line draws one row, exactly Width columns.
func (p *Painter) Line(r Row) string {
	th, g := p.Theme, p.Theme.Glyph
	set := th.Page
	if p.Width < 26 {
		return p.short(r)
	}
	cursor := " "
	if r.On {
		set, cursor = th.Sel, g.Cursor
		if r.Soft {
			set = th.Soft
		}
	}
	h := r.Head
	base := set.Base
	if !h.Flags.Has(mail.Seen) {
		base = set.Bold
	}
	var b strings.Builder
	b.Grow(p.Width*2 + 120)
	b.WriteString(set.Accent.Paint(cursor))
	p.marks(&b, r, set)
	b.WriteString(set.Dim.Paint(" " + kit.Fit(p.when(h.Received), p.time) + " "))
	b.WriteString(base.Paint(kit.Fit(p.who(r), p.person)))
	held := p.held
	if p.Width < 60 {
		held = 0
	}
	rest := p.Width - 4 - p.time - 1 - p.person - 2 - p.file - 1 - held - p.due - 1
	p.about(&b, r, set, base, max(rest, 0))
	if p.file > 0 {
		files := ""
		if h.Attachments > 0 {
			files = g.File + few(h.Attachments)
		}
		b.WriteString(set.Dim.Paint(" " + kit.Pad(files, p.file)))
	} else {
		b.WriteString(set.Dim.Paint(" "))
	}
	if held > 0 {
		text, writing := p.with(h)
		style := set.Dim
		if writing {
			style = set.Warn
		} else if h.Mine {
			style = set.Accent
		}
		b.WriteString(style.Paint(kit.Fit(text, held)))
	}
	text, style := p.term(r, set)
	b.WriteString(style.Paint(kit.FitLeft(text, p.due) + " "))
	return b.String()
}

// few is a number in one column, so that it stands off from what follows.
func few(n int) string {
	if n > 9 {
		return "+"
	}
	return strconv.Itoa(n)
}

// short is a row for a pane that has room for one thing only.
func (p *Painter) short(r Row) string {
	set := p.Theme.Page
	if r.On {
		set = p.Theme.Sel
	}
	return set.Base.Paint(kit.Fit(" "+p.subject(r.Head, ""), p.Width))
}

// when writes a time into its column; a narrow one has room for 08:01, 18/11 and 11/25 only.
func (p *Painter) when(t time.Time) string {
	if p.time >= timeWidth || t.IsZero() {
		return p.Words.When(t, p.Now)
	}
	t = t.In(p.Now.Location())
	switch {
	case sameDay(t, p.Now):
		return t.Format("15:04")
	case t.Year() == p.Now.Year():
		return t.Format("02/01")
	}
	return t.Format("01/06")
}

// marks are two columns: chosen or unread, then how it stands with its answer.
func (p *Painter) marks(b *strings.Builder, r Row, set theme.Set) {
	g, f := p.Theme.Glyph, r.Head.Flags
	switch {
	case r.Marked:
		b.WriteString(set.AccentBold.Paint(g.Marked))
	case !f.Has(mail.Seen):
		b.WriteString(set.Accent.Paint(g.Unread))
	default:
		b.WriteString(set.Base.Paint(" "))
	}
	switch {
	case r.Head.Awaits && r.Head.Late > 0:
		b.WriteString(set.Danger.Paint(g.Over))
	case r.Head.Awaits:
		b.WriteString(set.Warn.Paint(g.Due))
	case f.Has(mail.Answered):
		b.WriteString(set.Good.Paint(g.Answered))
	case f.Has(mail.Forwarded):
		b.WriteString(set.Dim.Paint(g.Forwarded))
	default:
		b.WriteString(set.Base.Paint(" "))
	}
}

func (p *Painter) who(r Row) string {
	list, lead := r.Head.From, ""
	if r.To {
		list, lead = r.Head.To, p.Words.Box.To
	}
	if len(list) == 0 || list[0].Short() == "" {
		return p.Words.Box.NoSender
	}
	return kit.Clean(lead + list[0].Short())
}

// lead stands before the subject: whether the conversation is folded and how many letters it has, or the indent of one
// of its letters.
func (p *Painter) lead(r Row) string {
	g := p.Theme.Glyph
	switch r.Conversation {
	case Folded:
		return g.Folded + strconv.Itoa(r.Size) + " "
	case Unfolded:
		return g.Open + strconv.Itoa(r.Size) + " "
	case Inside:
		return "  " + g.BottomLeft + " "
	}
	return ""
}

func sameDay(a, b time.Time) bool {
	a = a.In(b.Location())
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// Blank is a row that is not there yet: quiet, of the same height.
func (p *Painter) Blank(on bool) string {
	set, cursor := p.Theme.Page, " "
	if on {
		set, cursor = p.Theme.Sel, p.Theme.Glyph.Cursor
	}
	return set.Dim.Paint(kit.Fit(cursor+kit.Space(4+p.time)+"…", p.Width))
}

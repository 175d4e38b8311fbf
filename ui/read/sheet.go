package read

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
	"hopthu/ui/words"
)

// Sheet is an opened letter, set to a width: its head, then its text. Making it takes time that grows with the letter,
// so pages make it in a command; drawing does not.
type Sheet struct {
	Letter *mail.Letter
	head   []string // finished lines of the width
	prose  *kit.Prose
	w      int
	shut   bool // behind its warning
	folded func(int) string
	theme  *theme.Theme
}

// Setting is what a sheet is made from; it is copied out of the Shell inside Update, so that a command can use it.
type Setting struct {
	Words   *words.Words
	Theme   *theme.Theme
	Account mail.Account
	Me      string // wire address of the person in an agency's box
	Place   string // "3/24", or ""
	Thread  string // "2/3" within its conversation, or ""
	Width   int
	Open    bool      // quotes are unfolded
	Reveal  bool      // a sealed letter was opened in spite of its stamp
	Hint    string    // what can be done with one that was not
	Charset string    // the person chose to read it in this encoding; "" as recognised
	Now     time.Time // in the zone of the person
}

// margin stands left of everything that is read.
const margin = 1

// Set sets a letter.
func Set(l *mail.Letter, s Setting) *Sheet {
	sh := &Sheet{Letter: l, w: s.Width, theme: s.Theme}
	sh.folded = func(n int) string { return fmt.Sprintf(s.Words.Letter.QuoteFolded, n) }
	h := header{s: s, l: l, set: s.Theme.Page, w: s.Width}
	if l.Sealed() && !s.Reveal {
		sh.shut = true
		sh.head, sh.prose = h.warning(), kit.SetProse(nil, s.Width-2*margin, false)
		return sh
	}
	sh.prose = kit.SetProse(paras(l, s.Words), s.Width-2*margin, s.Open)
	sh.head = h.lines()
	return sh
}

// briefText is how much text a first screen is set from: 200 lines of the widest page.
const briefText = 200 * kit.ReadWidth

// Brief sets the beginning of a long letter, so that its first screen need not wait for the rest; nil when the letter
// is not long.
func Brief(l *mail.Letter, s Setting) *Sheet {
	if l.Sealed() && !s.Reveal {
		return nil
	}
	n := 0
	for i, p := range l.Paras {
		if n += len(p.Text) + 1; n <= briefText {
			continue
		}
		short := *l
		short.Paras = slices.Clone(l.Paras[:i+1])
		last := &short.Paras[i]
		end := min(len(last.Text), briefText)
		for end > 0 && end < len(last.Text) && !utf8.RuneStart(last.Text[end]) {
			end--
		}
		last.Text = last.Text[:end]
		return Set(&short, s)
	}
	return nil
}

func paras(l *mail.Letter, w *words.Words) []kit.Para {
	out := make([]kit.Para, 0, len(l.Paras)+1)
	text := false
	var phrases []string
	for _, d := range l.Deadlines {
		if d.Where != "subject" {
			phrases = append(phrases, d.Phrase)
		}
	}
	for _, p := range l.Paras {
		text = text || strings.TrimSpace(p.Text) != ""
		para := kit.Para{Kind: kit.ParaKind(p.Kind), Quote: p.Quote, Text: p.Text}
		if p.Quote == 0 {
			para.Match = phrases
		}
		out = append(out, para)
	}
	if !text {
		out = append(out, kit.Para{Text: w.Letter.NoText})
	}
	return out
}

// Lines is how many lines there are.
func (s *Sheet) Lines() int { return len(s.head) + s.prose.Lines() + 1 }

// Shut reports whether the warning of a sealed letter is shown in its place.
func (s *Sheet) Shut() bool { return s.shut }

// Width is what it was set to.
func (s *Sheet) Width() int { return s.w }

// Draw draws h lines from line top.
func (s *Sheet) Draw(top, h int) []string {
	base := s.theme.Page.Base
	out := make([]string, 0, h)
	for i := top; i < len(s.head) && len(out) < h; i++ {
		out = append(out, s.head[i])
	}
	if len(out) < h {
		pad := base.Paint(kit.Space(margin))
		for _, l := range s.prose.Draw(max(top-len(s.head), 0), s.w-margin, h-len(out), s.theme, s.folded) {
			out = append(out, pad+l)
		}
	}
	return out
}

// Fold opens folded quotes, or folds them again; false when there are none.
func (s *Sheet) Fold() bool {
	some, shut := s.prose.Folds()
	if some {
		s.prose.Fold(!shut)
	}
	return some
}

// Folded reports whether quotes are folded now.
func (s *Sheet) Folded() bool { _, shut := s.prose.Folds(); return shut }

// Text is the letter as it reads, for copying.
func (s *Sheet) Text() string { return s.prose.Plain() }

// header makes the lines above the text.
type header struct {
	s   Setting
	l   *mail.Letter
	set theme.Set
	w   int
	out []string
}

func (h *header) lines() []string {
	w := h.s.Words.Letter
	h.sealed()
	h.subject()
	h.document()
	h.people(w.From, h.l.From)
	h.behalf()
	h.people(w.To, h.l.To)
	h.people(w.Cc, h.l.Cc)
	h.people(w.Bcc, h.l.Bcc)
	if different(h.l.ReplyTo, h.l.From) {
		h.people(w.ReplyTo, h.l.ReplyTo)
	}
	h.date()
	h.work()
	h.files()
	h.mentions()
	h.notes()
	h.rule()
	return h.out
}

// behalf says who really sent a letter that leaves in another's name, as from an agency's box (RFC 5322 3.6.2, QC 14.1).
func (h *header) behalf() {
	if h.l.Sender.Addr == "" {
		return
	}
	if len(h.l.From) != 1 {
		h.people(h.s.Words.Letter.Sender, []mail.Address{h.l.Sender})
		return
	}
	text := fmt.Sprintf(h.s.Words.Office.Behalf, kit.Clean(h.l.Sender.Short()), kit.Clean(h.l.From[0].Short()))
	if h.l.Sender.Name != "" {
		text += "  <" + kit.Clean(h.l.Sender.Addr) + ">"
	}
	h.line(h.s.Words.Letter.Sender, text, h.set.Base)
}

// different reports whether answers go elsewhere than to the senders: worth a line.
func different(a, b []mail.Address) bool {
	if len(a) == 0 {
		return false
	}
	for _, x := range a {
		same := false
		for _, y := range b {
			same = same || strings.EqualFold(x.Addr, y.Addr)
		}
		if !same {
			return true
		}
	}
	return false
}

// subjectMost is how many lines a subject gets: it is no letter.
const subjectMost = 3

func (h *header) subject() {
	urgent := h.s.Words.Urgent(h.l.Head)
	text := Unmarked(strings.TrimSpace(kit.Clean(h.l.Subject)), urgent)
	if text == "" {
		text = h.s.Words.Letter.NoSubject
	}
	lead := ""
	if urgent != "" {
		lead = urgent + "  "
	}
	place := h.s.Place
	for i, l := range kit.Wrap(lead+text, min(h.w-2*margin-kit.Width(place)-2, kit.ReadWidth), 0) {
		if i == subjectMost {
			break
		}
		right := ""
		if i == 0 {
			right = place + " "
		}
		l = kit.Fit(" "+l, h.w-kit.Width(right))
		mark := ""
		if rest, ok := strings.CutPrefix(l, " "+urgent); i == 0 && urgent != "" && ok {
			mark, l = UrgentStyle(h.set, h.l.Head).Paint(" "+urgent), rest
		}
		h.out = append(h.out, mark+h.bold(l)+h.set.Dim.Paint(right))
	}
	h.term()
	h.blank()
}

const labelWidth = 11

// peopleShown is how many addresses a line names; the rest is a number, and h shows all.
const peopleShown = 6

func (h *header) people(label string, list []mail.Address) {
	if len(list) == 0 {
		return
	}
	set := h.set
	room := h.w - labelWidth - 2*margin
	line, n := "", 0
	lead := label
	flush := func() {
		h.out = append(h.out, set.Dim.Paint(" "+kit.Fit(lead, labelWidth))+line+set.Base.Paint(kit.Space(h.w-1-labelWidth-n)))
		line, n, lead = "", 0, ""
	}
	for i, a := range list {
		if i == peopleShown {
			more := fmt.Sprintf(h.s.Words.Letter.Recipients, len(list)-i)
			if n+kit.Width(more)+2 > room {
				flush()
			}
			line += set.Dim.Paint(more)
			n += kit.Width(more)
			break
		}
		text, width := h.person(a, room)
		if n > 0 && n+width+3 > room {
			flush()
		}
		if n > 0 {
			line += set.Dim.Paint(";  ")
			n += 3
		}
		line += text
		n += width
	}
	flush()
}

// person draws one address: the name, the address behind it, and a word when it is outside the system.
func (h *header) person(a mail.Address, room int) (string, int) {
	set := h.set
	name, addr := kit.Clean(a.Name), kit.Clean(a.Addr)
	tag := ""
	if h.outside(a) {
		tag = " " + h.s.Words.Letter.Outside
	}
	room -= kit.Width(tag)
	if name == "" {
		addr = kit.Cut(addr, room)
		return set.Base.Paint(addr) + set.Warn.Paint(tag), kit.Width(addr) + kit.Width(tag)
	}
	name = kit.Cut(name, room)
	rest := kit.Cut(" <"+addr+">", room-kit.Width(name))
	return set.Base.Paint(name) + set.Dim.Paint(rest) + set.Warn.Paint(tag), kit.Width(name) + kit.Width(rest) + kit.Width(tag)
}

// outside reports an address that is not in the domain of the box.
func (h *header) outside(a mail.Address) bool {
	own := mail.Address{Addr: h.s.Account.Address}.Domain()
	d := a.Domain()
	return own != "" && d != "" && d != own && !strings.HasSuffix(d, "."+own)
}

func (h *header) line(label, text string, style theme.Style) {
	h.out = append(h.out, h.set.Dim.Paint(" "+kit.Fit(label, labelWidth))+style.Paint(kit.Fit(text, h.w-1-labelWidth)))
}

// local is a moment in the time of the person.
func (h *header) local(t time.Time) time.Time {
	if h.s.Now.IsZero() {
		return t
	}
	return t.In(h.s.Now.Location())
}

func (h *header) date() {
	w := h.s.Words
	t := h.l.Sent()
	if t.IsZero() {
		return
	}
	text := w.Full(h.local(t))
	if h.s.Thread != "" {
		text += "   " + w.Letter.ConvTitle + " " + h.s.Thread
	}
	h.line(w.Letter.Date, text, h.set.Base)
}

// files lists attachments with their true type, size and risk.
func (h *header) files() {
	w, set := h.s.Words, h.set
	label := w.Letter.Files
	name := 12
	for _, p := range h.l.Parts {
		name = max(name, kit.Width(PartName(w, p)))
	}
	name = min(name, max((h.w-labelWidth)/2, 12))
	for i, p := range h.l.Parts {
		left := set.Dim.Paint(" "+kit.Fit(label, labelWidth)) + set.Accent.Paint(fmt.Sprintf("%-3d", i+1)) + set.Base.Paint(kit.Fit(PartName(w, p), name)+"  ")
		room := h.w - 1 - labelWidth - 3 - name - 2
		kind := fmt.Sprintf(w.Letter.FileType, w.MediaType(trueType(p)), w.Bytes(p.Size))
		note, style := partNote(w, p, set)
		if note != "" {
			kind += "   "
		}
		kind = kit.Cut(kit.Clean(kind), room)
		room -= kit.Width(kind)
		h.out = append(h.out, left+set.Dim.Paint(kind)+style.Paint(kit.Fit(note, room)))
		label = ""
	}
}

// PartName is what an attachment is called on the screen.
func PartName(w *words.Words, p mail.Part) string {
	if s := strings.TrimSpace(kit.Clean(p.Name)); s != "" {
		return s
	}
	return w.Letter.Unnamed
}

func trueType(p mail.Part) string {
	if p.True != "" {
		return p.True
	}
	return p.Declared
}

func partNote(w *words.Words, p mail.Part, set theme.Set) (string, theme.Style) {
	switch {
	case p.Risk == mail.RiskBlocked:
		return w.Letter.FileBlocked, set.Danger
	case p.Risk == mail.RiskOdd:
		return w.Letter.FileOdd, set.Warn
	case p.Broken:
		return w.Letter.FileBroken, set.Warn
	case p.Inline:
		return w.Letter.FileInline, set.Dim
	}
	return "", set.Base
}

// notes tell what was done to make the letter readable.
func (h *header) notes() {
	w := h.s.Words
	var list []string
	switch {
	case h.s.Charset != "":
		list = append(list, fmt.Sprintf(w.Letter.CharsetSet, h.s.Charset))
	case h.l.Legacy != "":
		list = append(list, fmt.Sprintf(w.Letter.Legacy, kit.Clean(h.l.Legacy)))
	}
	if h.l.Partial {
		list = append(list, h.s.Words.Reading.Rest)
	}
	if h.l.HTML {
		list = append(list, w.Letter.HTML)
	}
	if len(h.l.Defects) > 0 {
		said := make([]string, len(h.l.Defects))
		for i, code := range h.l.Defects {
			if said[i] = w.Defects[code]; said[i] == "" {
				said[i] = kit.Clean(code)
			}
		}
		list = append(list, fmt.Sprintf(w.Letter.Defects, strings.Join(said, ", ")))
	}
	style := h.set.Dim
	if slices.ContainsFunc(h.l.Defects, func(code string) bool { return code == "link-text" || code == "many-from" }) {
		style = h.set.Warn // somebody may be deceiving
	}
	for _, s := range list {
		for _, l := range kit.Wrap(s, max(h.w-2*margin, 8), 0) {
			h.out = append(h.out, style.Paint(kit.Fit(" "+l, h.w)))
		}
	}
}

func (h *header) blank() { h.out = append(h.out, h.set.Base.Paint(kit.Space(h.w))) }

func (h *header) rule() {
	n := max(min(h.w-2*margin, kit.ReadWidth), 0)
	h.out = append(h.out, h.set.Rule.Paint(" "+strings.Repeat(h.s.Theme.Glyph.Rule, n)+kit.Space(h.w-n-1)))
	h.blank()
}

// Env makes a setting for an account from what pages share.
func Env(e frame.Env, account mail.AccountID, width int) Setting {
	s := Setting{Words: e.Words, Theme: e.Theme, Width: width, Now: e.Now()}
	for _, a := range e.Desk.Accounts() {
		if a.ID == account {
			s.Account = a
		}
	}
	if seat := frame.SeatOf(e.Desk, account); seat.Agency {
		s.Me = seat.Me.Addr
	}
	return s
}

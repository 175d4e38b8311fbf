package compose

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

// review is the question before a letter goes: from whom, to how many inside and outside, what files, what the rules
// found, and when.
type review struct {
	env     frame.Env
	account mail.Account
	sender  string
	draft   mail.DraftLetter
	found   []mail.Finding
	asks    []string // codes that want a reason, in order
	reasons []*kit.Field
	at      int
	blocked bool
	missing bool
	top     int
	height  int
	total   int
	x, y    int
	typing  bool
}

func newReview(env frame.Env, a mail.Account, sender string, d mail.DraftLetter, found []mail.Finding) *review {
	r := &review{env: env, account: a, sender: sender, draft: d}
	for _, f := range found {
		if f.Code != "outside" || f.Verdict != mail.Pass { // the line of recipients says that already
			r.found = append(r.found, f)
		}
	}
	slices.SortStableFunc(r.found, func(a, b mail.Finding) int { return int(b.Verdict) - int(a.Verdict) })
	for _, f := range r.found {
		switch f.Verdict {
		case mail.Block:
			r.blocked = true
		case mail.Ask:
			if !slices.Contains(r.asks, f.Code) {
				r.asks = append(r.asks, f.Code)
				r.reasons = append(r.reasons, &kit.Field{})
			}
		}
	}
	return r
}

func (r *review) Title() string { return r.env.Words.Write.Compose.Review }

// asking reports whether reasons are typed.
func (r *review) asking() bool { return !r.blocked && len(r.reasons) > 0 }

func (r *review) Contexts() []keys.Context {
	if r.asking() {
		return []keys.Context{keys.Review, keys.Dialog, keys.Field, keys.Viet}
	}
	return []keys.Context{keys.Review, keys.Dialog}
}

func (r *review) Actions() []keys.ID {
	switch {
	case r.blocked:
		return []keys.ID{keys.Close}
	case len(r.reasons) > 1:
		return []keys.ID{keys.ReviewSend, keys.NextField, keys.Close}
	}
	return []keys.ID{keys.ReviewSend, keys.Close}
}

// Cursor is where the reason is typed.
func (r *review) Cursor() (x, y int, ok bool) { return r.x, r.y - r.top, r.typing }

func (r *review) Update(msg tea.Msg) (bool, tea.Cmd) {
	m, ok := msg.(keys.Press)
	if !ok {
		return false, nil
	}
	switch m.Action {
	case keys.Close:
		return true, r.env.Reply(0, approved{})
	case keys.Yes, keys.ReviewSend:
		return r.approve()
	case keys.NextField:
		r.move(1)
	case keys.PrevField:
		r.move(-1)
	case keys.Down:
		r.top++
	case keys.Up:
		r.top--
	case keys.PageDown:
		r.top += r.height
	case keys.PageUp:
		r.top -= r.height
	default:
		if r.asking() && r.env.Edit(r.reasons[r.at], m) {
			r.missing = false
		}
	}
	r.top = max(0, min(r.top, r.total-r.height))
	return false, nil
}

func (r *review) move(dir int) {
	if n := len(r.reasons); n > 0 {
		r.at = (r.at + dir + n) % n
	}
}

// approve lets the letter go when nothing forbids it and each question has its reason.
func (r *review) approve() (bool, tea.Cmd) {
	if r.blocked {
		return false, nil
	}
	given := map[string]string{}
	for i, code := range r.asks {
		text := strings.TrimSpace(r.reasons[i].Text())
		if text == "" {
			r.at, r.missing = i, true
			return false, nil
		}
		given[code] = text
	}
	return true, r.env.Reply(0, approved{yes: true, reasons: given})
}

// sheet collects the lines of the dialog.
type sheet struct {
	set   theme.Set
	w     int
	label int
	lines []string
}

// put adds text behind a label, wrapped.
func (s *sheet) put(label string, st theme.Style, text string) {
	for i, l := range kit.Wrap(kit.Clean(text), max(8, s.w-s.label), 0) {
		if i > 0 {
			label = ""
		}
		s.lines = append(s.lines, s.set.Dim.Paint(kit.Fit(label, s.label))+st.Paint(kit.Cut(l, max(1, s.w-s.label))))
	}
}

func (r *review) View(w, h int) []string {
	box := r.env.Theme.Box
	words := &r.env.Words.Write.Compose
	w = min(w, 72)
	s := &sheet{set: box, w: w, label: 10}
	s.put(words.ReviewFrom, box.Bold, fromWords(r.env, r.account, r.sender))
	r.drawPeople(s)
	r.drawFiles(s)
	r.typing = false
	if len(r.found) == 0 {
		s.put(words.ReviewRules, box.Good, words.PassMark+": "+words.ReviewPass)
	}
	first := words.ReviewRules
	asked := map[string]bool{}
	for _, f := range r.found {
		r.drawFinding(s, first, f, asked)
		first = ""
	}
	when := words.ReviewAtOnce
	if sec := int(r.env.Settings.Undo.Seconds()); sec > 0 {
		when = fmt.Sprintf(words.ReviewUndo, sec)
	}
	switch {
	case r.blocked:
		s.put("", box.Danger, words.ReviewBlocked)
	case r.missing:
		s.put("", box.Warn, words.NeedReason)
	default:
		s.put(words.ReviewWhen, box.Base, when)
	}
	r.total, r.height = len(s.lines), min(h, len(s.lines))
	if r.typing && r.y < r.top {
		r.top = r.y
	}
	if r.typing && r.y >= r.top+r.height {
		r.top = r.y - r.height + 1
	}
	r.top = max(0, min(r.top, r.total-r.height))
	return s.lines[r.top : r.top+r.height]
}

func (r *review) drawPeople(s *sheet) {
	words := &r.env.Words.Write.Compose
	box := s.set
	var in, out []string
	for _, line := range []string{r.draft.To, r.draft.Cc, r.draft.Bcc} {
		for _, p := range people(line) {
			if p.outside(r.account) {
				out = append(out, p.short())
			} else {
				in = append(in, p.short())
			}
		}
	}
	label := words.ReviewTo
	for _, g := range []struct {
		names []string
		text  string
		style theme.Style
	}{{in, words.ReviewInside, box.Base}, {out, words.ReviewOutside, box.Warn}} {
		if len(g.names) == 0 {
			continue
		}
		s.put(label, g.style, fmt.Sprintf(g.text, len(g.names))+": "+some(g.names, words.AndMore))
		label = ""
	}
	if len(in)+len(out) == 0 {
		s.put(label, box.Warn, words.ReviewNone)
	}
}

// some names the first few.
func some(names []string, more string) string {
	const most = 4
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + " " + fmt.Sprintf(more, len(names)-most)
}

func (r *review) drawFiles(s *sheet) {
	words := &r.env.Words.Write.Compose
	if len(r.draft.Attachments) == 0 {
		s.put(words.ReviewFiles, s.set.Dim, words.ReviewNoFiles)
		return
	}
	var names []string
	var size int64
	for _, a := range r.draft.Attachments {
		names = append(names, a.Name)
		size += a.Size
	}
	s.put(words.ReviewFiles, s.set.Base, fmt.Sprintf(words.FilesTotal, len(names), r.env.Words.Bytes(size))+": "+some(names, words.AndMore))
}

// where says where the words stand that a finding is about.
func (r *review) where(place string) string {
	words := &r.env.Words.Write.Compose
	if name, ok := strings.CutPrefix(place, "attachment:"); ok {
		return fmt.Sprintf(words.InFile, kit.Cut(kit.Clean(name), 40))
	}
	return words.Where[place]
}

// drawFinding says one finding with its clause, and asks for a reason once for each code.
func (r *review) drawFinding(s *sheet, label string, f mail.Finding, asked map[string]bool) {
	words := &r.env.Words.Write.Compose
	box := s.set
	mark, st := words.PassMark, box.Good
	switch f.Verdict {
	case mail.Ask:
		mark, st = words.AskMark, box.Warn
	case mail.Block:
		mark, st = words.BlockMark, box.Danger
	}
	text := words.Finding(f.Code)
	if strings.Contains(text, "%s") {
		text = fmt.Sprintf(text, kit.Cut(kit.Clean(f.Text), 60))
	}
	if where := r.where(f.Where); where != "" && slices.Contains([]string{"secret-mark", "password", "not-unicode"}, f.Code) {
		text = strings.TrimSuffix(text, ".") + " " + where + "."
	}
	if f.Clause != "" {
		text += " (" + f.Clause + ")"
	}
	s.put(label, st, mark+": "+text)
	i := slices.Index(r.asks, f.Code)
	if f.Verdict != mail.Ask || r.blocked || i < 0 || asked[f.Code] {
		return
	}
	asked[f.Code] = true
	th := r.env.Theme
	look := kit.Look{Text: th.Soft.Base.Paint, Selected: th.Sel.Base.Paint, Hint: th.Soft.Dim.Paint}
	lead := kit.Fit("  "+words.Reason, s.label-1) + " "
	room := max(4, s.w-kit.Width(lead))
	line, x := r.reasons[i].View(room, words.ReasonHint, look)
	head := box.Dim
	if i == r.at {
		r.x, r.y, r.typing = kit.Width(lead)+x, len(s.lines), true
		head = box.AccentBold
		lead = th.Glyph.Cursor + lead[1:]
	}
	s.lines = append(s.lines, head.Paint(lead)+line)
}

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
	"hopthu/ui/words"
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

// newReview makes the question; reasons are those typed before, when the letter was reviewed and not sent.
func newReview(env frame.Env, a mail.Account, sender string, d mail.DraftLetter, found []mail.Finding, reasons map[string]string) *review {
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
				field := &kit.Field{}
				field.SetText(reasons[f.Code])
				r.reasons = append(r.reasons, field)
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
	var out []keys.ID
	if !r.blocked {
		out = append(out, keys.ReviewSend)
		if len(r.reasons) > 1 {
			out = append(out, keys.NextField)
		}
	}
	if r.mendable() {
		out = append(out, keys.ReviewMend)
	}
	if r.clause().Clause != "" {
		out = append(out, keys.ReviewClause)
	}
	return append(out, keys.Close)
}

// mendable reports whether letters can be set right without the person.
func (r *review) mendable() bool {
	return slices.ContainsFunc(r.found, func(f mail.Finding) bool { return f.Fix != "" })
}

// clause is the finding whose clause may be read: the one that is being answered, or else the first that names one.
func (r *review) clause() mail.Finding {
	var first mail.Finding
	for _, f := range r.found {
		switch {
		case f.Clause == "":
		case r.asking() && f.Code == r.asks[r.at]:
			return f
		case first.Clause == "":
			first = f
		}
	}
	return first
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
		return true, r.env.Reply(0, approved{reasons: r.given()})
	case keys.ReviewMend:
		if r.mendable() {
			return true, tea.Sequence(r.env.Reply(0, approved{reasons: r.given()}), r.env.Reply(0, mended{}))
		}
	case keys.ReviewClause:
		if f := r.clause(); f.Clause != "" {
			return true, tea.Sequence(r.env.Reply(0, approved{reasons: r.given()}), frame.ShowClause(f))
		}
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
	given := r.given()
	for i, code := range r.asks {
		if given[code] == "" {
			r.at, r.missing = i, true
			return false, nil
		}
	}
	return true, r.env.Reply(0, approved{yes: true, reasons: given})
}

// given are the reasons typed so far.
func (r *review) given() map[string]string {
	out := map[string]string{}
	for i, code := range r.asks {
		out[code] = strings.TrimSpace(r.reasons[i].Text())
	}
	return out
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
	say := &r.env.Words.Write.Compose
	w = min(w, 72)
	s := &sheet{set: box, w: w, label: 10}
	s.put(say.ReviewFrom, box.Bold, fromWords(r.env, r.account, r.sender))
	r.drawPeople(s)
	r.drawFiles(s)
	r.typing = false
	if len(r.found) == 0 {
		s.put(say.ReviewRules, box.Good, say.PassMark+": "+say.ReviewPass)
	}
	first := say.ReviewRules
	asked := map[string]bool{}
	for _, f := range r.found {
		r.drawFinding(s, first, f, asked)
		first = ""
	}
	when := say.ReviewAtOnce
	if sec := int(r.env.Settings.Undo.Seconds()); sec > 0 {
		when = words.Say(say.ReviewUndo, sec)
	}
	switch {
	case r.blocked:
		s.put("", box.Danger, say.ReviewBlocked)
	case r.missing:
		s.put("", box.Warn, say.NeedReason)
	default:
		s.put(say.ReviewWhen, box.Base, when)
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
	say := &r.env.Words.Write.Compose
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
	label := say.ReviewTo
	for _, g := range []struct {
		names []string
		text  string
		style theme.Style
	}{{in, say.ReviewInside, box.Base}, {out, say.ReviewOutside, box.Warn}} {
		if len(g.names) == 0 {
			continue
		}
		s.put(label, g.style, fmt.Sprintf(g.text, len(g.names))+": "+some(g.names, say.AndMore))
		label = ""
	}
	if len(in)+len(out) == 0 {
		s.put(label, box.Warn, say.ReviewNone)
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
	say := &r.env.Words.Write.Compose
	if len(r.draft.Attachments) == 0 {
		s.put(say.ReviewFiles, s.set.Dim, say.ReviewNoFiles)
		return
	}
	var names []string
	var size int64
	for _, a := range r.draft.Attachments {
		names = append(names, a.Name)
		size += a.Size
	}
	s.put(say.ReviewFiles, s.set.Base, words.Say(say.FilesTotal, len(names), r.env.Words.Bytes(size))+": "+some(names, say.AndMore))
}

// where says where the words stand that a finding is about.
func (r *review) where(place string) string {
	say := &r.env.Words.Write.Compose
	if name, ok := strings.CutPrefix(place, "attachment:"); ok {
		return fmt.Sprintf(say.InFile, kit.Cut(kit.Clean(name), 40))
	}
	return say.Where[place]
}

// drawFinding says one finding with its clause, and asks for a reason once for each code.
func (r *review) drawFinding(s *sheet, label string, f mail.Finding, asked map[string]bool) {
	say := &r.env.Words.Write.Compose
	box := s.set
	mark, st := say.NoteMark, box.Accent
	switch f.Verdict {
	case mail.Ask:
		mark, st = say.AskMark, box.Warn
	case mail.Block:
		mark, st = say.BlockMark, box.Danger
	}
	text := say.Finding(f.Code)
	if strings.Contains(text, "%s") {
		text = fmt.Sprintf(text, kit.Cut(kit.Clean(f.Text), 60))
	}
	if where := r.where(f.Where); where != "" && slices.Contains([]string{"secret-mark", "password", "not-unicode"}, f.Code) {
		text = strings.TrimSuffix(text, ".") + " " + where + "."
	}
	if f.Fix != "" {
		text = fmt.Sprintf(say.FixTo, kit.Clean(f.Text), kit.Clean(f.Fix))
	}
	if do := say.Suggest[f.Suggest]; do != "" {
		text = strings.TrimSuffix(text, ".") + "; " + do
	}
	if f.Clause != "" {
		text = strings.TrimSuffix(text, ".") + " (" + f.Clause + ")"
	}
	s.put(label, st, mark+": "+text)
	i := slices.Index(r.asks, f.Code)
	if f.Verdict != mail.Ask || r.blocked || i < 0 || asked[f.Code] {
		return
	}
	asked[f.Code] = true
	th := r.env.Theme
	look := kit.Look{Text: th.Soft.Base.Paint, Selected: th.Sel.Base.Paint, Hint: th.Soft.Dim.Paint}
	lead := kit.Fit("  "+say.Reason, s.label-1) + " "
	room := max(4, s.w-kit.Width(lead))
	line, x := r.reasons[i].View(room, say.ReasonHint, look)
	head := box.Dim
	if i == r.at {
		r.x, r.y, r.typing = kit.Width(lead)+x, len(s.lines), true
		head = box.AccentBold
		lead = th.Glyph.Cursor + lead[1:]
	}
	s.lines = append(s.lines, head.Paint(lead)+line)
}

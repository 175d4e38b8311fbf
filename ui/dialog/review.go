package dialog

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

// Fact is one line of what is said before something goes.
type Fact struct {
	Label, Text string
	Tone        frame.Tone // Good and Note are plain, Bold is for names
	Bold        bool
}

// Approval is the answer of a Review: Reasons by code, as far as they were typed. Mend asks for letters set right by
// TCVN 6909 (QC 7.2) instead.
type Approval struct {
	Yes     bool
	Mend    bool
	Reasons map[string]string
}

// review is the question before something goes: what goes to whom, what the rules found, and when.
type review struct {
	env     frame.Env
	gen     int
	title   string
	facts   []Fact
	last    Fact // when it goes
	blocked string
	found   []mail.Finding
	words   func(code string) string
	mends   bool
	answer  func(Approval) tea.Msg
	asks    []string // codes that want a reason, in order
	reasons []*kit.Field
	at      int
	stopped bool
	missing bool
	top     int
	height  int
	total   int
	x, y    int
	typing  bool
}

// Reviewed is what a Review shows.
type Reviewed struct {
	Title   string
	Facts   []Fact
	Last    Fact   // stands below the findings: when it goes
	Blocked string // said in its place while a finding forbids it
	Found   []mail.Finding
	Words   func(code string) string // the sentence for a finding; %s is what matched
	Reasons map[string]string        // typed before, when it was reviewed and not sent
	Mends   bool                     // the page can set letters right (Approval.Mend)
}

// Review asks before something goes: a Block cannot be overridden, each Ask wants a reason, Enter lets it go.
func Review(env frame.Env, gen int, v Reviewed, answer func(Approval) tea.Msg) frame.Dialog {
	r := &review{env: env, gen: gen, title: v.Title, facts: v.Facts, last: v.Last, blocked: v.Blocked, words: v.Words, mends: v.Mends, answer: answer}
	r.found = slices.Clone(v.Found)
	slices.SortStableFunc(r.found, func(a, b mail.Finding) int { return int(b.Verdict) - int(a.Verdict) })
	for _, f := range r.found {
		switch f.Verdict {
		case mail.Block:
			r.stopped = true
		case mail.Ask:
			if !slices.Contains(r.asks, f.Code) {
				r.asks = append(r.asks, f.Code)
				field := &kit.Field{}
				field.SetText(v.Reasons[f.Code])
				r.reasons = append(r.reasons, field)
			}
		}
	}
	return r
}

func (r *review) Title() string { return r.title }

// asking reports whether reasons are typed.
func (r *review) asking() bool { return !r.stopped && len(r.reasons) > 0 }

func (r *review) Contexts() []keys.Context {
	if r.asking() {
		return []keys.Context{keys.Review, keys.Dialog, keys.Field, keys.Viet}
	}
	return []keys.Context{keys.Review, keys.Dialog}
}

func (r *review) Actions() []keys.ID {
	var out []keys.ID
	if !r.stopped {
		out = append(out, keys.Yes)
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

// Name implements frame.Naming: the verb of what Enter does.
func (r *review) Name(id keys.ID) string {
	if id == keys.Yes {
		return r.env.Words.Write.Act.ReviewSend.Short
	}
	return ""
}

// mendable reports whether letters can be set right without the person.
func (r *review) mendable() bool {
	return r.mends && slices.ContainsFunc(r.found, func(f mail.Finding) bool { return f.Fix != "" })
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
		return true, r.env.Reply(r.gen, r.answer(Approval{Reasons: r.given()}))
	case keys.ReviewMend:
		if r.mendable() {
			return true, r.env.Reply(r.gen, r.answer(Approval{Mend: true, Reasons: r.given()}))
		}
	case keys.ReviewClause:
		if d := Clause(r.env, r.clause()); d != nil { // it lies over this question, which stays as it is
			return false, frame.Send(frame.Ask{Dialog: d})
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
	if r.stopped {
		return false, nil
	}
	given := r.given()
	for i, code := range r.asks {
		if given[code] == "" {
			r.at, r.missing = i, true
			return false, nil
		}
	}
	return true, r.env.Reply(r.gen, r.answer(Approval{Yes: true, Reasons: given}))
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
	words := &r.env.Words.Write.Compose
	w = min(w, 72)
	s := &sheet{set: box, w: w, label: 10}
	for _, f := range r.facts {
		s.put(f.Label, f.style(box), f.Text)
	}
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
	switch {
	case r.stopped:
		s.put("", box.Danger, r.blocked)
	case r.missing:
		s.put("", box.Warn, words.NeedReason)
	default:
		s.put(r.last.Label, r.last.style(box), r.last.Text)
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

func (f Fact) style(set theme.Set) theme.Style {
	switch {
	case f.Tone == frame.Warn:
		return set.Warn
	case f.Tone == frame.Bad:
		return set.Danger
	case f.Bold:
		return set.Bold
	}
	return set.Base
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
	mark, st := words.NoteMark, box.Accent
	switch f.Verdict {
	case mail.Ask:
		mark, st = words.AskMark, box.Warn
	case mail.Block:
		mark, st = words.BlockMark, box.Danger
	}
	text := r.words(f.Code)
	if strings.Contains(text, "%s") {
		what := kit.Cut(kit.Clean(f.Text), 100)
		if what == "?" { // somebody whom only a mark tells of
			what = words.Somebody
		}
		text = fmt.Sprintf(text, what)
	}
	if where := r.where(f.Where); where != "" && slices.Contains([]string{"secret-mark", "password", "not-unicode"}, f.Code) {
		text = strings.TrimSuffix(text, ".") + " " + where + "."
	}
	if f.Fix != "" {
		text = fmt.Sprintf(words.FixTo, kit.Clean(f.Text), kit.Clean(f.Fix))
	}
	if do := words.Suggest[f.Suggest]; do != "" {
		text = strings.TrimSuffix(text, ".") + "; " + do
	}
	if f.Clause != "" {
		text = strings.TrimSuffix(text, ".") + " (" + f.Clause + ")"
	}
	s.put(label, st, mark+": "+text)
	i := slices.Index(r.asks, f.Code)
	if f.Verdict != mail.Ask || r.stopped || i < 0 || asked[f.Code] {
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

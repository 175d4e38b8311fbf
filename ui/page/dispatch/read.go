package dispatch

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail/rule"
	"hopthu/ui/form"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

// Rows of the form of what was read.
const (
	kindKey    = "kind"
	markKey    = "mark"
	dateKey    = "date"
	summaryKey = "summary"
	urgencyKey = "urgency"
	nextKey    = "next"
)

// toReading shows what was read; the cursor stands on the button, or where something is missing that must be typed.
func (p *Page) toReading() {
	w := &p.env.Words.Dispatch
	d := p.d.Document
	p.step = reading
	p.form = &form.Form{Typist: p.env.Typist, Rows: []*form.Row{
		{Key: kindKey, Label: w.Kind, Hint: w.KindHint},
		{Key: markKey, Label: w.Mark, Hint: w.MarkHint, Field: kit.Field{Plain: true}},
		{Key: dateKey, Label: w.Issued, Hint: w.DateHint, Field: kit.Field{Plain: true}},
		{Key: summaryKey, Label: w.Summary, Hint: w.SummaryHint},
		{Key: urgencyKey, Kind: form.Choice, Label: w.Urgency, Options: w.Urgencies[:], At: min(int(d.Urgency), len(w.Urgencies)-1)},
		{Key: nextKey, Kind: form.Button, Label: w.NextRecipients},
	}}
	for key, text := range map[string]string{kindKey: d.Kind, markKey: d.Mark(), dateKey: day(d.Date), summaryKey: d.Summary} {
		p.form.Row(key).Field.SetText(oneLine(text))
		p.form.Row(key).Field.Home(kit.Move) // its beginning says most
	}
	if d.Number == "" && d.Symbol != "" {
		p.form.Row(markKey).Hint = "…/" + oneLine(d.Symbol)
	}
	p.form.Focus(nextKey)
	if p.d.Scanned {
		for _, key := range []string{kindKey, markKey, dateKey, summaryKey} {
			if p.form.Text(key) == "" {
				p.form.Focus(key)
				break
			}
		}
	}
	p.judgeFields()
	p.text.set(p.d.Text)
}

// day is a date as people write it: 22/07/2013.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(rule.Zone).Format("02/01/2006")
}

// readDay takes a date as people write it, or nothing at all.
func readDay(s string) (t time.Time, ok bool) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' || r == ' ' })
	if len(parts) == 0 {
		return time.Time{}, strings.TrimSpace(s) == ""
	}
	if len(parts) != 3 {
		return time.Time{}, false
	}
	var n [3]int
	for i, part := range parts {
		v, err := strconv.Atoi(part)
		if err != nil {
			return time.Time{}, false
		}
		n[i] = v
	}
	if n[2] < 1945 || n[2] > 9999 {
		return time.Time{}, false
	}
	t = time.Date(n[2], time.Month(n[1]), n[0], 0, 0, 0, 0, rule.Zone)
	return t, t.Day() == n[0] && int(t.Month()) == n[1]
}

// judgeFields says behind each field what is amiss with it.
func (p *Page) judgeFields() {
	w := &p.env.Words.Dispatch
	th := p.env.Theme.Page
	for _, r := range p.form.Rows {
		r.Aside = ""
		if r.Kind == form.Input && strings.TrimSpace(r.Field.Text()) == "" {
			r.Aside, r.Tone = w.NotRead, th.Warn
		}
	}
	if r := p.form.Row(dateKey); r.Aside == "" {
		t, ok := readDay(r.Field.Text())
		switch now := p.env.Now().In(rule.Zone); {
		case !ok:
			r.Aside, r.Tone = w.BadDate, th.Warn
		case t.After(now):
			r.Aside, r.Tone = w.FutureDate, th.Warn
		case t.Format("20060102") != now.Format("20060102"):
			r.Aside, r.Tone = w.LateDate, th.Dim
		}
	}
	if p.d.Document.Quoted && p.form.Row(markKey).Aside == "" {
		p.form.Row(markKey).Aside, p.form.Row(markKey).Tone = w.Quoted, th.Warn
	}
}

// takeReading puts what stands in the form into the document.
func (p *Page) takeReading() tea.Cmd {
	d := p.d.Document
	d.Kind = strings.TrimSpace(p.form.Text(kindKey))
	if mark := strings.TrimSpace(p.form.Text(markKey)); mark != oneLine(d.Mark()) {
		d = d.WithMark(mark)
	}
	if t, ok := readDay(p.form.Text(dateKey)); ok {
		d.Date = t
	}
	d.Summary = strings.TrimSpace(p.form.Text(summaryKey))
	d.Urgency = rule.Urgency(p.form.Row(urgencyKey).At) //nolint:gosec // one of five
	old := p.d.Document
	if d.Kind == oneLine(old.Kind) && d.Mark() == old.Mark() && d.Date.Equal(old.Date) && d.Summary == oneLine(old.Summary) && d.Urgency == old.Urgency {
		return nil
	}
	p.d.Document = d
	return p.changed()
}

func (p *Page) readKey(m keys.Press) tea.Cmd {
	switch m.Action {
	case keys.DispatchNext:
		return p.fromReading()
	case keys.DispatchDrop:
		return p.forget(p.d)
	case keys.DispatchDown:
		p.text.page(1)
		return nil
	case keys.DispatchUp:
		p.text.page(-1)
		return nil
	}
	return p.readDo(p.form.Press(m, &p.clip))
}

// readDo is what follows from what happened in the form.
func (p *Page) readDo(ev form.Event) tea.Cmd {
	if ev.Do {
		return p.fromReading()
	}
	return p.formEvent(ev)
}

// formEvent is what is the same for both forms.
func (p *Page) formEvent(ev form.Event) tea.Cmd {
	switch ev.Did {
	case form.Changed:
		if p.step == reading {
			p.judgeFields()
		}
		return p.soon()
	case form.Copied:
		return frame.Send(frame.Copy{Text: p.clip.Text})
	case form.Full:
		return frame.Tell(frame.Warn, p.env.Words.Write.Compose.TooLong)
	}
	return nil
}

// fromReading goes on to the recipients; a date that is none keeps the person here.
func (p *Page) fromReading() tea.Cmd {
	if _, ok := readDay(p.form.Text(dateKey)); !ok {
		p.form.Focus(dateKey)
		return frame.Tell(frame.Warn, p.env.Words.Dispatch.BadDate)
	}
	cmd := p.takeReading()
	p.toTable()
	return cmd
}

// warnings are what the person should know of the document, in words.
func (p *Page) warnings() []string {
	w := &p.env.Words.Dispatch
	var out []string
	if p.d.Refusal != "" {
		out = append(out, say(p.env.Words.Write.Compose.Refusal, oneLine(p.env.Words.Reply(p.d.Refusal))))
	}
	if p.d.Document.Draft {
		out = append(out, strings.TrimSuffix(w.Draft+p.whyDraft(p.d.Document.Why), ": ")+".")
	}
	if p.d.Scanned {
		out = append(out, w.Scanned)
	}
	if !p.d.Document.Block.Found() && !p.d.Scanned && len(p.d.Plan.Rows) == 0 {
		out = append(out, w.NoBlock)
	}
	for _, code := range p.d.Document.Block.Warnings {
		if s := w.Block[code]; s != "" {
			out = append(out, s)
		}
	}
	return out
}

// whyDraft says by what a document is taken for a draft.
func (p *Page) whyDraft(codes []string) string {
	var why []string
	for _, code := range codes {
		if s := p.env.Words.Dispatch.Why[code]; s != "" {
			why = append(why, s)
		}
	}
	return strings.Join(why, ", ")
}

// fileWords names the file that goes out.
func (p *Page) fileWords() string {
	w := &p.env.Words.Dispatch
	if p.d.Main.Name == "" {
		return w.PastedFile
	}
	return fmt.Sprintf("%s, %s, %s", oneLine(p.d.Main.Name), p.env.Words.MediaType(p.d.Main.Type), p.env.Words.Bytes(p.d.Main.Size))
}

func (p *Page) readView(w, h int) []string {
	th := p.env.Theme
	set := th.Page
	words := &p.env.Words.Dispatch
	blank := func(n int) string { return set.Base.Paint(kit.Space(n)) }
	left, right := w, 0
	if w >= 110 { // the document stands beside what was read of it
		left = w / 2
		right = w - left - 1
	}
	out := []string{set.Dim.Paint(kit.Fit("  "+words.File+"  ", 9)) + set.Base.Paint(kit.Fit(p.fileWords(), max(0, left-9)))}
	if left < 9 {
		out = []string{set.Base.Paint(kit.Fit(p.fileWords(), left))}
	}
	n := min(p.form.Height(), max(1, h-len(out)))
	p.listY = headLines + len(out)
	lines, x, y, ok := p.form.View(max(1, left-min(right, 1)), n, th.Page, th.Soft, th.Sel, th.Glyph)
	p.x, p.y, p.types = x, y+p.listY, ok
	for _, l := range lines {
		out = append(out, fit(l, left, set))
	}
	out = append(out, blank(left))
	for _, s := range p.warnings() {
		for i, l := range kit.Wrap(s, max(1, min(left-4, kit.ReadWidth)), 0) {
			mark := "  "
			if i == 0 {
				mark = th.Glyph.Over + " "
			}
			out = append(out, fit(set.Warn.Paint(" "+mark+l), left, set))
		}
	}
	if right == 0 {
		if room := h - len(out) - 1; room > 2 {
			out = append(out, p.textRule(w))
			out = append(out, p.text.view(w, room, set)...)
		}
		return kit.Fill(out, h, blank(left))
	}
	beside := append([]string{p.textRule(right)}, p.text.view(right, h-1, set)...)
	bar := make([]string, h)
	for i := range bar {
		bar[i] = set.Rule.Paint(th.Glyph.Bar)
	}
	return kit.Beside(h, blank, []int{left, 1, right}, kit.Fill(out, h, blank(left)), bar, beside)
}

// textRule parts the text of the document from what was read of it.
func (p *Page) textRule(w int) string {
	th := p.env.Theme
	set := th.Page
	title := kit.Cut(" "+p.env.Words.Dispatch.TextTitle+" ", max(0, w-4))
	lead := min(2, w)
	return set.Rule.Paint(strings.Repeat(th.Glyph.Rule, lead)) + set.Dim.Paint(title) + set.Rule.Paint(strings.Repeat(th.Glyph.Rule, max(0, w-lead-kit.Width(title))))
}

// previewLines is how much of a text is shown beside what was read of it.
const previewLines = 600

// preview is the beginning of a text, wrapped once for a width.
type preview struct {
	source []string
	lines  []string
	width  int
	top    int
	height int
}

func (v *preview) set(text string) {
	*v = preview{}
	for l := range strings.SplitSeq(text, "\n") {
		if len(v.source) == previewLines {
			break
		}
		if len(l) > 4000 {
			l = kit.Cut(kit.Clean(l[:4000]), 2000)
		}
		v.source = append(v.source, strings.TrimRight(kit.Clean(l), " "))
	}
}

func (v *preview) move(n int) { v.top = max(0, min(v.top+n, len(v.lines)-v.height)) }

func (v *preview) page(n int) { v.move(n * max(1, v.height-1)) }

func (v *preview) view(w, h int, set theme.Set) []string {
	if v.width != w {
		v.width, v.lines = w, nil
		for _, l := range v.source {
			v.lines = append(v.lines, kit.Wrap(l, max(1, min(w-2, kit.ReadWidth)), 0)...)
		}
	}
	v.height = max(0, h)
	v.move(0)
	out := make([]string, 0, v.height)
	for i := v.top; i < len(v.lines) && len(out) < v.height; i++ {
		out = append(out, set.Dim.Paint(kit.Fit(" "+v.lines[i], w)))
	}
	return kit.Fill(out, v.height, set.Base.Paint(kit.Space(w)))
}

// readBlock takes a pasted Nơi nhận block for a document that has none that could be read: it joins the text, which is read
// anew. What the person typed of the head stands.
func (p *Page) readBlock(text string) tea.Cmd {
	text = strings.TrimSpace(kit.NFC(text))
	if b := rule.ParseRecipients(text, rule.RecipientOptions{}); !b.Found() {
		text = "Nơi nhận:\n" + text
	}
	p.d.Text = strings.TrimRight(p.d.Text, "\n") + "\n\n" + text + "\n"
	p.d.Picks = nil
	p.table.first = true
	form := p.form
	return tea.Batch(p.changed(), p.afterPlan(func() tea.Cmd {
		if p.form != form {
			return nil
		}
		if len(p.d.Plan.Rows) == 0 {
			return frame.Tell(frame.Warn, p.env.Words.Dispatch.NoBlock)
		}
		return p.takeReading()
	}))
}

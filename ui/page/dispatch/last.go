package dispatch

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/dialog"
	"hopthu/ui/form"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// Rows of the last form.
const (
	subjectKey = "subject"
	bodyKey    = "body"
	fileKey    = "files"
	paperKey   = "paper"
	receiptKey = "receipts"
	sendKey    = "send"
)

// toLast shows what goes; the cursor stands on the button.
func (p *Page) toLast() {
	w := &p.env.Words.Dispatch
	p.step = sending
	yesNo := func(on bool) int {
		if on {
			return 1
		}
		return 0
	}
	options := []string{w.No, w.Yes}
	p.last = &form.Form{Typist: p.env.Typist, Rows: []*form.Row{
		{Key: subjectKey, Label: w.Subject, Hint: p.env.Words.Write.Compose.SubjectHint},
		{Key: bodyKey, Kind: form.Button, Label: w.Body, Aside: w.BodyMore},
		{Key: fileKey, Kind: form.Choice, Label: p.env.Words.Write.Compose.Files},
		{Key: paperKey, Kind: form.Choice, Label: w.NoPaper, Options: options, At: yesNo(p.d.NoPaper)},
		{Key: receiptKey, Kind: form.Choice, Label: w.Receipts, Options: options, At: yesNo(p.d.Receipts)},
		{Key: sendKey, Kind: form.Button, Label: w.SendButton},
	}}
	p.last.Row(subjectKey).Field.SetText(oneLine(p.d.Subject))
	p.last.Row(subjectKey).Field.Home(kit.Move) // its beginning says most
	p.last.Focus(sendKey)
	p.fillLast()
}

// fillLast shows what the desk knows now: files and covering words. The subject stays as the person sees it, unless it
// was never touched.
func (p *Page) fillLast() {
	w := &p.env.Words.Dispatch
	files := p.last.Row(fileKey)
	files.Options = nil
	if p.d.Main.Name != "" {
		files.Options = append(files.Options, oneLine(p.d.Main.Name)+"  "+p.env.Words.Bytes(p.d.Main.Size))
	} else {
		files.Options = append(files.Options, w.PastedFile)
	}
	for _, f := range p.d.Files {
		files.Options = append(files.Options, oneLine(f.Name)+"  "+p.env.Words.Bytes(f.Size))
	}
	files.At = min(files.At, len(files.Options)-1)
	files.Aside = say(w.FileCount, files.At+1, len(files.Options))
	p.text.set(p.d.Letter())
}

// takeLast puts what stands in the form into the document.
func (p *Page) takeLast() tea.Cmd {
	subject := strings.TrimSpace(p.last.Text(subjectKey))
	paper, receipts := p.last.Row(paperKey).At == 1, p.last.Row(receiptKey).At == 1
	if subject == oneLine(p.d.Subject) && paper == p.d.NoPaper && receipts == p.d.Receipts {
		return nil
	}
	p.d.Subject, p.d.NoPaper, p.d.Receipts = subject, paper, receipts
	return p.changed()
}

func (p *Page) lastKey(m keys.Press) tea.Cmd {
	switch m.Action {
	case keys.DispatchNext:
		return p.check()
	case keys.DispatchDrop:
		return p.forget(p.d)
	case keys.DispatchAttach:
		return tea.Batch(p.takeLast(), p.browse(p.env.Words.Write.Files.Title, true))
	case keys.DispatchDown:
		p.text.page(1)
		return nil
	case keys.DispatchUp:
		p.text.page(-1)
		return nil
	case keys.Detach:
		return p.detach()
	}
	ev := p.last.Press(m, &p.clip)
	return p.lastDo(ev)
}

// lastDo is what follows from what happened in the form.
func (p *Page) lastDo(ev form.Event) tea.Cmd {
	switch {
	case ev.Do && ev.Key == sendKey:
		return p.check()
	case ev.Do && ev.Key == bodyKey:
		cmd := p.takeLast()
		p.writing = newWriting(covering, p.d.Body)
		return cmd
	case ev.Did == form.Changed && ev.Key == fileKey:
		p.fillLast()
		return nil
	case ev.Did == form.Changed && (ev.Key == paperKey || ev.Key == receiptKey):
		return p.takeLast()
	}
	return p.formEvent(ev)
}

// detach takes a further file out; the document itself stays.
func (p *Page) detach() tea.Cmd {
	i := p.last.Row(fileKey).At - 1
	if i < 0 || i >= len(p.d.Files) {
		return frame.Tell(frame.Warn, p.env.Words.Dispatch.MainStays)
	}
	name := oneLine(p.d.Files[i].Name)
	p.d.Files = slices.Delete(slices.Clone(p.d.Files), i, i+1)
	return tea.Batch(p.changed(), frame.Tell(frame.Good, say(p.env.Words.Write.Compose.Detached, name)))
}

// check has all of it judged; what is found is asked before it goes.
func (p *Page) check() tea.Cmd {
	cmd := p.takeLast()
	return tea.Batch(cmd, p.afterPlan(func() tea.Cmd {
		if p.step != sending {
			return nil
		}
		p.jobs.final, p.jobs.doing = true, p.env.Words.Write.Compose.Checking
		return p.env.Do(p.jobs.gen, p.request().check)
	}))
}

// approved is the answer of the question before it goes.
type approved struct{ dialog.Approval }

func (p *Page) onChecked(m checked) tea.Cmd {
	p.jobs.final, p.jobs.doing = false, ""
	if m.err != nil {
		return p.fails("check document", m.err)
	}
	w, words := &p.env.Words.Dispatch, &p.env.Words.Write.Compose
	var found []mail.Finding
	for _, f := range m.found {
		switch {
		case f.Code == "outside" && f.Verdict == mail.Pass:
			continue // the line of recipients says that already
		case f.Code == "document-draft":
			f.Text = p.whyDraft(strings.Fields(f.Text))
		}
		found = append(found, f)
	}
	when := dialog.Fact{Label: words.ReviewWhen, Text: words.ReviewAtOnce}
	if s := int(p.env.Settings.Undo.Seconds()); s > 0 {
		when.Text = say(words.ReviewUndo, s)
	}
	return frame.Send(frame.Ask{Dialog: dialog.Review(p.env, p.jobs.gen, dialog.Reviewed{
		Title: w.ReviewTitle, Facts: p.facts(), Last: when, Blocked: words.ReviewBlocked, Found: found, Words: p.env.Words.Finding,
	}, func(a dialog.Approval) tea.Msg { return approved{a} })})
}

func (p *Page) onApproved(m approved) tea.Cmd {
	if !m.Yes {
		return nil
	}
	return p.afterPlan(func() tea.Cmd {
		p.jobs.final, p.jobs.doing = true, p.env.Words.Dispatch.Sending
		r := p.request()
		r.reasons = m.Reasons
		return p.env.Do(p.jobs.gen, r.send)
	})
}

func (p *Page) onSent(m sent) tea.Cmd {
	p.jobs.final, p.jobs.doing = false, ""
	if m.err != nil {
		return p.fails("send document", m.err)
	}
	w := &p.env.Words.Dispatch
	say := frame.Say{Text: say(w.Sent, oneLine(p.nameOf(p.d)), len(m.entry.Recipients)), Tone: frame.Good}
	if p.env.Settings.Undo > 0 && m.entry.Outbox != 0 {
		say.Undo, say.Recall = true, m.entry.Outbox
	}
	p.leave()
	return tea.Sequence(p.loadBegun(), frame.Go(frame.OpenRegister{Entry: m.entry.ID}), frame.Send(say))
}

// outgoing names who gets it, inside and outside the system, each once.
func (p *Page) outgoing() (in, out []string) {
	seen := map[string]bool{}
	add := func(name, addr string, outside bool) {
		wire := rule.WireForm(addr)
		if seen[wire] {
			return
		}
		seen[wire] = true
		if name == "" {
			name = addr
		}
		if outside {
			out = append(out, oneLine(name))
		} else {
			in = append(in, oneLine(name))
		}
	}
	for _, r := range p.d.Plan.Recipients {
		add(r.Name, r.Address, r.Outside)
	}
	for _, a := range p.d.Extra {
		add(a.Name, a.Addr, isOutside(a.Addr, p.account))
	}
	return in, out
}

// rowsIn names the entries in a state.
func (p *Page) rowsIn(state rule.RowState) []string {
	var out []string
	for _, r := range p.d.Plan.Rows {
		if r.State == state {
			out = append(out, entryName(r.Entry))
		}
	}
	return out
}

// facts say what goes, from whom, to whom, and to whom not.
func (p *Page) facts() []dialog.Fact {
	w, words := &p.env.Words.Dispatch, &p.env.Words.Write.Compose
	d := p.d.Document
	about := strings.TrimSpace(oneLine(d.Kind) + " " + oneLine(d.Mark()))
	if t := day(d.Date); t != "" {
		about += ", " + t
	}
	if u := int(d.Urgency); u > 0 && u < len(w.Urgencies) {
		about += ", " + strings.ToUpper(w.Urgencies[u])
	}
	if about == "" {
		about = oneLine(p.nameOf(p.d))
	}
	out := []dialog.Fact{
		{Label: words.ReviewFrom, Text: p.from(), Bold: true},
		{Label: w.Document, Text: about},
	}
	label := words.ReviewTo
	in, outside := p.outgoing()
	for _, g := range []struct {
		names []string
		text  string
		tone  frame.Tone
	}{{in, w.Inside, frame.Note}, {outside, w.Outside, frame.Warn}} {
		if len(g.names) > 0 {
			out = append(out, dialog.Fact{Label: label, Text: say(g.text, len(g.names)) + ": " + some(g.names, 4, words.AndMore), Tone: g.tone})
			label = ""
		}
	}
	if len(in)+len(outside) == 0 {
		out = append(out, dialog.Fact{Label: label, Text: words.ReviewNone, Tone: frame.Warn})
	}
	for _, g := range []struct {
		label string
		names []string
		most  int
	}{{w.KeptLabel, p.d.Plan.Kept(), 8}, {w.SkippedLabel, p.rowsIn(rule.RowSkipped), 3}} {
		if len(g.names) > 0 {
			out = append(out, dialog.Fact{Label: g.label, Text: some(g.names, g.most, words.AndMore)})
		}
	}
	names := []string{oneLine(p.d.Main.Name)}
	size := p.d.Main.Size
	if p.d.Main.Name == "" {
		names = []string{w.PastedFile}
	}
	for _, f := range p.d.Files {
		names = append(names, oneLine(f.Name))
		size += f.Size
	}
	return append(out, dialog.Fact{Label: words.ReviewFiles, Text: say(words.FilesTotal, len(names), p.env.Words.Bytes(size)) + ": " + some(names, 4, words.AndMore)})
}

func (p *Page) lastView(w, h int) []string {
	th := p.env.Theme
	set := th.Page
	words := &p.env.Words.Dispatch
	n := min(p.last.Height(), max(1, h))
	p.listY = headLines
	lines, x, y, ok := p.last.View(w, n, th.Page, th.Soft, th.Sel, th.Glyph)
	p.x, p.y, p.types = x, y+p.listY, ok
	var out []string
	for _, l := range lines {
		out = append(out, fit(l, w, set))
	}
	out = append(out, set.Base.Paint(kit.Space(w)))
	for _, f := range p.facts() {
		if f.Label == p.env.Words.Write.Compose.ReviewFiles {
			continue // the form shows them
		}
		st := set.Base
		if f.Tone == frame.Warn {
			st = set.Warn
		}
		label := f.Label
		for _, l := range kit.Wrap(f.Text, max(1, min(w-12, kit.ReadWidth)), 0) {
			out = append(out, fit(set.Dim.Paint(kit.Fit("  "+label, min(11, w)))+st.Paint(kit.Cut(l, max(0, w-11))), w, set))
			label = ""
		}
	}
	if room := h - len(out) - 1; room > 1 {
		title := kit.Cut(" "+words.BodyTitle+" ", max(0, w-4))
		lead := min(2, w)
		out = append(out, set.Rule.Paint(strings.Repeat(th.Glyph.Rule, lead))+set.Dim.Paint(title)+set.Rule.Paint(strings.Repeat(th.Glyph.Rule, max(0, w-lead-kit.Width(title)))))
		out = append(out, p.text.view(w, room, set)...)
	}
	return kit.Fill(out, h, set.Base.Paint(kit.Space(w)))
}

package compose

import (
	"context"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

// judged is what the rules say of the files (QC 7.1b, 7.3, 13.6), shown beside each before anything is sent.
type judged struct {
	asked int // number of the last question; older answers are dropped
	known bool
	found map[string]mail.Finding // the worst, by name of the file
}

type judge struct {
	desk  frame.Desk
	draft mail.DraftLetter
	asked int
}

type judgement struct {
	found []mail.Finding
	asked int
	err   error
}

func (j judge) run(ctx context.Context) tea.Msg {
	found, err := j.desk.Check(ctx, j.draft)
	return judgement{found, j.asked, err}
}

// judge asks what the rules say of the files.
func (p *Page) judge() tea.Cmd {
	p.judged = judged{asked: p.judged.asked + 1}
	if len(p.draft.Attachments) == 0 {
		return nil
	}
	return p.env.Do(0, judge{p.env.Desk, p.snapshot(), p.judged.asked}.run)
}

func (p *Page) onJudged(m judgement) {
	if m.asked != p.judged.asked || m.err != nil {
		return // an error is told when the letter is sent: that check must succeed
	}
	p.judged.known, p.judged.found = true, map[string]mail.Finding{}
	for _, f := range m.found {
		name, ok := strings.CutPrefix(f.Where, "attachment:")
		if !ok {
			continue
		}
		if before, have := p.judged.found[name]; !have || f.Verdict > before.Verdict {
			p.judged.found[name] = f
		}
	}
}

// verdict says in words and colour what the rules say of a file.
func (p *Page) verdict(a mail.Attachment) (string, theme.Style) {
	set := p.env.Theme.Page
	w := &p.env.Words.Write.Compose
	f, found := p.judged.found[a.Name]
	switch {
	case !p.judged.known:
		return w.FileLooking, set.Dim
	case !found:
		return w.FilePass, set.Good
	}
	st := set.Warn
	if f.Verdict == mail.Block {
		st = set.Danger
	}
	text := w.File[f.Code]
	if text == "" {
		text = w.File[""]
	}
	if do := w.Suggest[f.Suggest]; do != "" {
		text += ": " + do
	}
	if f.Clause != "" {
		text += " (" + f.Clause + ")"
	}
	return text, st
}

// shownFiles is how many files have a line of their own in a page of h lines.
func shownFiles(h, n int) int { return min(n, max(1, min(5, (h-10)/3))) }

// fileLines draws one line a file; when there are more, those around the one in focus.
func (p *Page) fileLines(out []string, w, h int) []string {
	files := p.draft.Attachments
	n := shownFiles(h, len(files))
	first := 0
	if p.at == fileRow {
		first = max(0, min(p.file-n/2, len(files)-n))
	}
	// The names get what numbers, sizes and verdicts leave, and at least a third.
	left := max(1, w-labelWidth-2) - fileLead - fileSize - 2
	names, verdicts := 0, 0
	for i := first; i < first+n; i++ {
		text, _ := p.verdict(files[i])
		names, verdicts = max(names, kit.Width(kit.Clean(files[i].Name))), max(verdicts, kit.Width(text))
	}
	names = max(1, min(names, max(left-verdicts, left/3)))
	for i := first; i < first+n; i++ {
		label := ""
		switch {
		case i == first:
			label = p.env.Words.Write.Compose.Files
		case i == first+n-1 && len(files) > n:
			label = fmt.Sprintf(p.env.Words.Write.Compose.AndMore, len(files)-n)
		}
		p.rows = append(p.rows, stop{at: fileRow, file: i})
		out = append(out, p.fileLine(i, label, names, max(0, left-names), w))
	}
	return out
}

// Columns of a file's line before its name and for its size.
const (
	fileLead = 4
	fileSize = 8
)

func (p *Page) fileLine(i int, label string, names, room, w int) string {
	th := p.env.Theme
	set := th.Page
	mark, name, head := set.Base.Paint(" "), set.Base, set.Dim
	if p.at == fileRow && i == p.file {
		mark, name, head = set.AccentBold.Paint(th.Glyph.Cursor), th.Sel.Base, set.Bold
	}
	a := p.draft.Attachments[i]
	verdict, st := p.verdict(a)
	line := mark + head.Paint(kit.Fit(label, labelWidth)) + set.Dim.Paint(kit.Fit(fmt.Sprintf("%2d", i+1), fileLead)) +
		name.Paint(kit.Fit(kit.Clean(a.Name), names)) + set.Dim.Paint(kit.FitLeft(p.env.Words.Bytes(a.Size), fileSize)) +
		set.Base.Paint("  ") + st.Paint(kit.Cut(verdict, room))
	return kitLine(kit.Cut(line, w), w, set)
}

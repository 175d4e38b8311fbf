package main

import (
	"fmt"
	"strings"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/words"
)

// checkPrinter prints what was found for a person to read.
type checkPrinter struct {
	r *root
	w *words.Check
}

func (p checkPrinter) row(label, text string) {
	if text != "" {
		p.r.say("  %-16s %s", label+":", printable(text))
	}
}

func (p checkPrinter) file(c checked) {
	if c.err != nil {
		return // told on standard error
	}
	name := c.file
	if name == "-" {
		name = p.w.Unnamed
	}
	p.r.say("%s: %s", printable(name), verdictNames[c.found.Verdict])
	p.row(p.w.Legacy, c.legacy)
	for _, f := range c.found.Findings {
		p.finding(f)
	}
	if len(c.found.Findings) == 0 {
		p.r.say("  %s", p.w.Nothing)
	}
	for i, f := range c.reading {
		r := c.found.Formats[i]
		text := r.Verdict.String()
		if f.Type != "" {
			text += " (" + f.Type + ")"
		}
		if c.letter != nil {
			text = f.Name + " — " + text
		}
		if from := p.sources(r.Source); from != "" {
			text += ", " + fmt.Sprintf(p.w.By, from)
		}
		p.row(p.w.File, text)
	}
	for _, d := range c.found.Documents {
		p.document(d)
	}
	for _, d := range c.found.Deadlines {
		p.deadline(d)
	}
	if !c.found.Reply.IsZero() {
		p.r.say("  "+p.w.Reply, c.found.Reply.Format("02/01/2006 15:04"), p.w.ReplyWhy[c.found.ReplyWhy])
	}
}

// sources says by which list a file was judged, and what was not compared with its text.
func (p checkPrinter) sources(row string) string {
	var out []string
	for _, s := range rule.Provenances(row) {
		if !s.Checked {
			s.Document += " (" + p.w.Unchecked + ")"
		}
		out = append(out, s.Document)
	}
	return strings.Join(out, "; ")
}

func (p checkPrinter) finding(f mail.Finding) {
	text := p.w.Finding(p.r.w, f.Code)
	if strings.Contains(text, "%s") {
		what := f.Text
		if f.Code == "draft-document" {
			what = p.w.Rules[f.Rule]
		}
		text = fmt.Sprintf(text, what)
	}
	place := f.Where
	if f.Line > 0 {
		place += ", " + fmt.Sprintf(p.w.Line, f.Line)
	}
	tags := f.Code
	if f.Rule != "" {
		tags += " " + f.Rule
	}
	if f.Clause != "" {
		tags += ", " + f.Clause
	}
	if f.Suggest != "" {
		text += " " + fmt.Sprintf(p.w.Suggest, f.Suggest)
	}
	p.r.say("  %s [%s] %s: %s", verdictNames[f.Verdict], tags, printable(place), printable(text))
}

func (p checkPrinter) document(d rule.FoundDocument) {
	kind := d.Kind
	if d.Abbrev != "" {
		kind += " (" + d.Abbrev + ")"
	}
	p.row(p.w.Kind, kind)
	mark := d.Mark()
	if mark == "" && d.Symbol != "" {
		mark = "…/" + d.Symbol
	}
	p.row(p.w.Number, mark)
	if !d.Date.IsZero() {
		p.row(p.w.Date, d.Date.Format("02/01/2006"))
	}
	p.row(p.w.Summary, d.Summary)
	p.row(p.w.Urgency, d.Urgency.String())
	if len(d.To) > 0 {
		p.r.say("  %s:", p.w.Addressees)
		p.entries(d.Document, d.To, 4)
	}
	if d.Block.Found() {
		p.r.say("  %s:", p.w.Recipients)
		p.entries(d.Document, d.Block.Entries, 4)
		for _, w := range d.Block.Warnings {
			p.r.say("    ! %s", p.w.Warnings[w])
		}
	}
}

func (p checkPrinter) entries(d rule.Document, list []rule.Entry, indent int) {
	for _, e := range list {
		text := e.Name
		if e.Post != "" {
			text += " — " + e.Post
		}
		if e.Purpose != "" {
			text += " (" + e.Purpose + ")"
		}
		if e.Copies > 0 {
			text += fmt.Sprintf(" ×%d", e.Copies)
		}
		p.r.say("%s%-10s %s", strings.Repeat(" ", indent), e.Class, printable(text))
		p.entries(d, e.Subs, indent+2)
		if indent < 8 {
			p.entries(d, d.Referred(e, nil), indent+4)
		}
	}
}

func (p checkPrinter) deadline(d rule.FoundDeadline) {
	where := d.Where
	if d.Expected {
		where += ", " + p.w.Expected
	}
	p.r.say("  %s: "+p.w.Due, p.w.Deadlines, d.Due.In(rule.Zone).Format("02/01/2006 15:04"), printable(d.Phrase), printable(where))
}

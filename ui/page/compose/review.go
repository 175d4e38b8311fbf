package compose

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/words"
)

// review is the question before a letter goes: from whom, to how many inside and outside, what files, what the rules
// found, and when.
func (p *Page) review(d mail.DraftLetter, found []mail.Finding) frame.Dialog {
	say := &p.env.Words.Write.Compose
	// The line of recipients says already who is outside.
	found = slices.DeleteFunc(slices.Clone(found), func(f mail.Finding) bool { return f.Code == "outside" && f.Verdict == mail.Pass })
	facts := []dialog.Fact{{Label: say.ReviewFrom, Text: fromWords(p.env, p.account, p.sender()), Bold: true}}
	facts = append(facts, p.peopleFacts(d)...)
	when := say.ReviewAtOnce
	if sec := int(p.env.Settings.Undo.Seconds()); sec > 0 {
		when = words.Say(say.ReviewUndo, sec)
	}
	return dialog.Review(p.env, 0, dialog.Reviewed{
		Title: say.Review, Facts: append(facts, p.fileFact(d)), Last: dialog.Fact{Label: say.ReviewWhen, Text: when},
		Blocked: say.ReviewBlocked, Found: found, Words: say.Finding, Reasons: p.reasons, Mends: true,
	}, func(a dialog.Approval) tea.Msg { return a })
}

// peopleFacts say how many are inside and outside, and who.
func (p *Page) peopleFacts(d mail.DraftLetter) []dialog.Fact {
	say := &p.env.Words.Write.Compose
	var in, out []string
	for _, line := range []string{d.To, d.Cc, d.Bcc} {
		for _, x := range people(line) {
			if x.outside(p.account) {
				out = append(out, x.short())
			} else {
				in = append(in, x.short())
			}
		}
	}
	var facts []dialog.Fact
	if len(in) > 0 {
		facts = append(facts, dialog.Fact{Text: words.Say(say.ReviewInside, len(in)) + ": " + some(in, say.AndMore)})
	}
	if len(out) > 0 {
		facts = append(facts, dialog.Fact{Text: words.Say(say.ReviewOutside, len(out)) + ": " + some(out, say.AndMore), Tone: frame.Warn})
	}
	if len(facts) == 0 {
		facts = append(facts, dialog.Fact{Text: say.ReviewNone, Tone: frame.Warn})
	}
	facts[0].Label = say.ReviewTo
	return facts
}

func (p *Page) fileFact(d mail.DraftLetter) dialog.Fact {
	say := &p.env.Words.Write.Compose
	if len(d.Attachments) == 0 {
		return dialog.Fact{Label: say.ReviewFiles, Text: say.ReviewNoFiles}
	}
	var names []string
	var size int64
	for _, a := range d.Attachments {
		names = append(names, a.Name)
		size += a.Size
	}
	return dialog.Fact{
		Label: say.ReviewFiles,
		Text:  words.Say(say.FilesTotal, len(names), p.env.Words.Bytes(size)) + ": " + some(names, say.AndMore),
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

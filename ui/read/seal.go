package read

import (
	"fmt"
	"strings"

	"hopthu/mail"
	"hopthu/ui/kit"
	"hopthu/ui/words"
)

// warning stands in the place of a letter that bears a stamp of secrecy: what was found and where, the clauses, and what
// to do now (QC 7.1b, 8.2, 13.7). Neither its text nor its subject is shown.
func (h *header) warning() []string {
	w, set := h.s.Words.Reading.Seal, h.set
	h.blank()
	h.out = append(h.out, set.Danger.Paint(kit.Fit(" "+h.s.Theme.Glyph.Over+" "+w.Title, h.w)))
	h.blank()
	for _, f := range h.l.Findings {
		if f.Verdict == mail.Block {
			h.wrapped(set.Bold, 0, fmt.Sprintf(w.Found, kit.Cut(kit.Clean(f.Text), 60), SealPlace(h.s.Words, f.Where)))
			break
		}
	}
	h.wrapped(set.Base, 0, w.Why)
	h.blank()
	h.people(h.s.Words.Letter.From, h.l.From)
	h.date()
	h.blank()
	h.out = append(h.out, set.Bold.Paint(kit.Fit(" "+w.Steps, h.w)))
	for i, step := range w.Step {
		for j, l := range kit.Wrap(step, max(min(h.w-2*margin, kit.ReadWidth)-3, 8), 0) {
			lead := "   "
			if j == 0 {
				lead = fmt.Sprintf("%d. ", i+1)
			}
			h.out = append(h.out, set.Base.Paint(kit.Fit(" "+lead+l, h.w)))
		}
	}
	h.blank()
	h.wrapped(set.AccentBold, 0, h.s.Hint)
	return h.out
}

// sealed stands above a letter that was opened in spite of its stamp.
func (h *header) sealed() {
	if !h.l.Sealed() {
		return
	}
	for _, l := range kit.Wrap(h.s.Theme.Glyph.Over+" "+h.s.Words.Reading.Seal.Opened, max(h.w-2*margin, 8), 2) {
		h.out = append(h.out, h.set.Danger.Paint(kit.Fit(" "+l, h.w)))
	}
	h.blank()
}

// mentions is the quiet line of what the rule only asks about.
func (h *header) mentions() {
	w := h.s.Words
	for _, f := range h.l.Findings {
		if f.Verdict == mail.Ask {
			text := fmt.Sprintf(w.Reading.Seal.Mention, SealPlace(w, f.Where), kit.Cut(kit.Clean(f.Text), 60), f.Clause)
			for _, l := range kit.Wrap(text, max(h.w-2*margin, 8), 0) {
				h.out = append(h.out, h.set.Warn.Paint(kit.Fit(" "+l, h.w)))
			}
			return
		}
	}
}

// SealPlace says where words of secrecy stand.
func SealPlace(w *words.Words, where string) string {
	if name, ok := strings.CutPrefix(where, "attachment:"); ok {
		return fmt.Sprintf(w.Reading.Seal.InFile, kit.Cut(kit.Clean(name), 40))
	}
	if s, ok := w.Reading.Seal.Where[where]; ok {
		return s
	}
	return w.Reading.Seal.Where["body"]
}

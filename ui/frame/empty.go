package frame

import (
	"hopthu/mail"
	"hopthu/ui/kit"
)

// Empty are the lines, each w columns wide, that stand for a list without rows: what is so and what can be done, or the
// fault by which the list could not be read.
func (e Env) Empty(w int, fault *mail.Fault, text, hint string) []string {
	if fault != nil {
		said := e.Words.Fault(fault)
		text, hint = "! "+said.What, said.Safe+" "+said.Next
	}
	set := e.Theme.Page
	out := []string{set.Base.Paint(kit.Space(w)), set.Base.Paint(kit.Fit("  "+kit.Clean(text), w))}
	for _, l := range kit.Wrap(kit.Clean(hint), max(1, min(w-3, kit.ReadWidth)), 0) {
		out = append(out, set.Dim.Paint(kit.Fit("  "+l, w)))
	}
	return out
}

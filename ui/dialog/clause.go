package dialog

import (
	"strconv"
	"strings"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/frame"
)

// Clause shows the text of the clauses that findings name (QC), so that a block or a question can be understood where it
// stands; nil when they name none that the regulation has. It may lie over another dialog, which stays as it is.
func Clause(env frame.Env, found ...mail.Finding) frame.Dialog {
	var refs, paras []string
	for _, ref := range frame.Clauses(found) {
		p, ok := rule.Clause(ref)
		if !ok {
			continue
		}
		refs = append(refs, p.Ref)
		if len(paras) > 0 {
			paras = append(paras, "")
		}
		if title := articleTitle(p); title != "" {
			paras = append(paras, title, "")
		}
		for l := range strings.Lines(p.Text) {
			if l = strings.TrimSpace(l); l != "" {
				paras = append(paras, l)
			}
		}
	}
	if len(refs) == 0 {
		return nil
	}
	return Message(env, strings.Join(refs, ", "), paras...)
}

// articleTitle is the heading of the article that a clause stands in; "" when the clause is the article itself.
func articleTitle(p rule.Passage) string {
	if p.Clause == 0 {
		return ""
	}
	whole, ok := rule.Clause(p.Act + " " + strconv.Itoa(p.Article))
	if !ok {
		return ""
	}
	title, _, _ := strings.Cut(whole.Text, "\n")
	return strings.TrimSpace(title)
}

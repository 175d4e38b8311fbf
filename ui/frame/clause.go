package frame

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
)

// Clauses lists the clauses of the regulation that findings name, each once, in their order: what a person may want to
// read (QC). Findings that do not come from the regulation name none.
func Clauses(found []mail.Finding) []string {
	var out []string
	seen := map[string]bool{}
	for _, f := range found {
		for _, c := range strings.FieldsFunc(f.Clause, func(r rune) bool { return r == ',' || r == ';' }) {
			c = strings.TrimSpace(c)
			if c != "" && !seen[c] {
				seen[c] = true
				out = append(out, c)
			}
		}
	}
	return out
}

// ShowClause opens the regulation at the first clause that these findings name; nil when they name none. A dialog that
// returns it must be done with it: the page opens beneath.
func ShowClause(found ...mail.Finding) tea.Cmd {
	list := Clauses(found)
	if len(list) == 0 {
		return nil
	}
	return Go(OpenRegulation{Clause: list[0]})
}

package keys

import (
	"slices"
	"strings"

	"hopthu/ui/words"
)

// Part is one group of the help page.
type Part struct {
	Name  string
	Lines []Line
}

// Line is one action of it.
type Line struct {
	ID   ID
	Keys string // all keys, parted by spaces
	Word string
}

// Parts lists the actions of these contexts and Global, one part each, in the order given.
func (t *Table) Parts(w *words.Words, in []Context) []Part {
	var out []Part
	for _, c := range append(slices.Clone(in), Global) {
		p := Part{Name: w.Parts[string(c)]}
		for _, a := range t.all {
			if !slices.Contains(a.In, c) || len(a.Keys) == 0 {
				continue
			}
			p.Lines = append(p.Lines, Line{ID: a.ID, Keys: t.keysOf(w, a), Word: a.Word(w).Long})
		}
		if len(p.Lines) > 0 {
			out = append(out, p)
		}
	}
	return out
}

func (t *Table) keysOf(w *words.Words, a Action) string {
	if len(a.Keys) == 9 && a.Keys[0] == "1" {
		return "1…9"
	}
	names := make([]string, len(a.Keys))
	for i, k := range a.Keys {
		names[i] = Name(w, k)
	}
	return strings.Join(names, "  ")
}

// Contexts lists every context of the table in the order of first use.
func (t *Table) Contexts() []Context {
	var out []Context
	for _, a := range t.all {
		for _, c := range a.In {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// Sheet is the cheat sheet of the README, in Markdown: one table per context.
func (t *Table) Sheet(w *words.Words) string {
	var b strings.Builder
	for _, c := range t.Contexts() {
		b.WriteString("**" + w.Parts[string(c)] + "**\n\n| | |\n|---|---|\n")
		for _, a := range t.all {
			if slices.Contains(a.In, c) && len(a.Keys) > 0 {
				names := strings.ReplaceAll(t.keysOf(w, a), "|", `\|`)
				b.WriteString("| `" + strings.Join(strings.Fields(names), "` `") + "` | " + a.Word(w).Long + " |\n")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// Package keys is the one table of what a person can do: each action with its keys, its words and the places where it
// works. Help, the bottom bar, the command palette and the README's cheat sheet come from it.
//
// Laws: pages compare action ids, never key names; the types of the terminal library's keys and mouse stay in here and in
// the root; within one place no key means two things; where one types, letters are letters.
package keys

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"hopthu/ui/words"
)

// ID names an action for good.
type ID string

// Context is a place where actions are valid: a page, a pane, a field.
type Context string

// Action is one line of the table. Keys are as Bubble Tea names them ("enter", "ctrl+s", " ", "f1", "x"); the first one is
// shown. Hidden actions work but are not offered in the palette or in help.
type Action struct {
	ID     ID
	In     []Context
	Keys   []string
	Word   func(*words.Words) words.Act
	Hidden bool
}

// Table finds actions. It is made once.
type Table struct {
	all    []Action
	byID   map[ID]int
	byKey  map[Context]map[string]ID
	typing map[Context]bool
}

// New builds the table of the whole program.
func New() *Table {
	t := &Table{all: slices.Concat(reading(), writing(), dispatching(), office(), dutiful()), byID: map[ID]int{}, byKey: map[Context]map[string]ID{}, typing: map[Context]bool{}}
	for i, a := range t.all {
		t.byID[a.ID] = i
		for _, c := range a.In {
			if t.byKey[c] == nil {
				t.byKey[c] = map[string]ID{}
			}
			for _, k := range a.Keys {
				t.byKey[c][k] = a.ID
			}
		}
	}
	for _, c := range typing {
		t.typing[c] = true
	}
	return t
}

// All lists the table in order.
func (t *Table) All() []Action { return t.all }

// Action finds one by id.
func (t *Table) Action(id ID) (Action, bool) {
	i, ok := t.byID[id]
	if !ok {
		return Action{}, false
	}
	return t.all[i], true
}

// Typing reports whether letters are letters in one of these contexts.
func (t *Table) Typing(in []Context) bool {
	return slices.ContainsFunc(in, func(c Context) bool { return t.typing[c] })
}

// Find says what key does: the contexts are asked in order, the first that knows it wins, Global comes last, and not at
// all in a question. Where one types, a printable key does nothing but type.
func (t *Table) Find(in []Context, key string) ID {
	if Printable(key) && t.Typing(in) {
		return ""
	}
	for _, c := range in {
		if id, ok := t.byKey[c][key]; ok {
			return id
		}
	}
	if modal(in) {
		return ""
	}
	return t.byKey[Global][key]
}

// modal reports whether Global does not reach into these contexts.
func modal(in []Context) bool { return slices.Contains(in, Dialog) || slices.Contains(in, Choose) }

// Valid reports whether the action works in one of these contexts or everywhere.
func (t *Table) Valid(id ID, in []Context) bool {
	a, ok := t.Action(id)
	return ok && slices.ContainsFunc(a.In, func(c Context) bool { return c == Global && !modal(in) || slices.Contains(in, c) })
}

// Label is how the keyboard names the first key that does the action here: "Ctrl+S", "Enter", "r". Keys that type, or
// mean something else in these contexts, are skipped. "" if it has none.
func (t *Table) Label(w *words.Words, id ID, in []Context) string {
	a, ok := t.Action(id)
	if !ok {
		return ""
	}
	for _, k := range a.Keys {
		if t.Find(in, k) == id {
			return Name(w, k)
		}
	}
	return ""
}

// Word is the action's words in a language.
func (t *Table) Word(w *words.Words, id ID) words.Act {
	a, ok := t.Action(id)
	if !ok {
		return words.Act{}
	}
	return a.Word(w)
}

// Printable reports whether a key would type something.
func Printable(key string) bool { return utf8.RuneCountInString(key) == 1 }

// Name writes a key as the keyboard does: "ctrl+s" → "Ctrl+S", " " → "Space".
func Name(w *words.Words, key string) string {
	if s, ok := w.Keys[key]; ok {
		return s
	}
	mods := ""
	for {
		mod, rest, ok := strings.Cut(key, "+")
		if !ok || rest == "" {
			break
		}
		mods += strings.ToUpper(mod[:1]) + mod[1:] + "+"
		key = rest
	}
	if s, ok := w.Keys[key]; ok {
		return mods + s
	}
	if mods != "" || len(key) > 1 {
		key = strings.ToUpper(key[:1]) + key[1:]
	}
	return mods + key
}

// Clashes lists what is wrong with the table: one key with two meanings in a place or in places that are open together,
// a bare letter where one types, an id twice, an action without words or without a place. Empty is right.
func (t *Table) Clashes(langs ...*words.Words) []string {
	var out []string
	seen := map[ID]bool{}
	for _, a := range t.all {
		if seen[a.ID] {
			out = append(out, fmt.Sprintf("%s stands in the table twice", a.ID))
		}
		seen[a.ID] = true
		if len(a.In) == 0 {
			out = append(out, fmt.Sprintf("%s is valid nowhere", a.ID))
		}
		for _, w := range langs {
			if word := a.Word(w); word.Short == "" || word.Long == "" {
				out = append(out, fmt.Sprintf("%s has no words in %s", a.ID, w.Lang))
			}
			for _, c := range a.In {
				if w.Parts[string(c)] == "" {
					out = append(out, fmt.Sprintf("context %s has no name in %s", c, w.Lang))
				}
			}
		}
	}
	for _, stack := range append(slices.Clone(stacks), single(t)...) {
		out = append(out, t.clash(stack)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func single(t *Table) [][]Context {
	var out [][]Context
	for c := range t.byKey {
		if c != Global {
			out = append(out, []Context{c})
		}
	}
	return out
}

func (t *Table) clash(stack []Context) []string {
	var out []string
	typing := t.Typing(stack)
	in := append(slices.Clone(stack), Global)
	if modal(stack) || slices.Contains(closing, stack[0]) {
		in = stack
	}
	for i, a := range t.all {
		for _, b := range t.all[i:] {
			both := slices.ContainsFunc(in, func(c Context) bool { return slices.Contains(a.In, c) }) &&
				slices.ContainsFunc(in, func(c Context) bool { return slices.Contains(b.In, c) })
			if !both || a.ID == b.ID {
				continue
			}
			for _, k := range a.Keys {
				if slices.Contains(b.Keys, k) && !(typing && Printable(k)) {
					out = append(out, fmt.Sprintf("%v: %q is both %s and %s", stack, k, a.ID, b.ID))
				}
			}
		}
	}
	for _, c := range stack {
		for _, a := range t.all {
			if t.typing[c] && slices.Contains(a.In, c) && !slices.ContainsFunc(a.Keys, func(k string) bool { return !Printable(k) }) {
				out = append(out, fmt.Sprintf("%s: every key of %s would be typed", c, a.ID))
			}
		}
	}
	return out
}

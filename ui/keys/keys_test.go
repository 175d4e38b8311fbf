package keys

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/ui/words"
)

func TestNoClash(t *testing.T) {
	for _, s := range New().Clashes(words.Of("vi"), words.Of("en")) {
		t.Error(s)
	}
}

// The check itself must find what it is for.
func TestClashIsFound(t *testing.T) {
	for name, extra := range map[string]Action{
		"same place":     {ID: "x1", In: []Context{Box}, Keys: []string{"l"}, Word: New().all[0].Word},
		"places at once": {ID: "x2", In: []Context{Letters}, Keys: []string{"l"}, Word: New().all[0].Word},
		"against global": {ID: "x3", In: []Context{Plain}, Keys: []string{"?"}, Word: New().all[0].Word},
		"letter typed":   {ID: "x4", In: []Context{Field}, Keys: []string{"b"}, Word: New().all[0].Word},
		"nowhere":        {ID: "x5", Word: New().all[0].Word},
		"twice":          {ID: Help, In: []Context{Plain}, Word: New().all[0].Word},
		"no words":       {ID: "x6", In: []Context{Plain}, Word: func(*words.Words) words.Act { return words.Act{} }},
	} {
		tab := New()
		tab.all = append(tab.all, extra)
		for _, c := range extra.In {
			for _, k := range extra.Keys {
				tab.byKey[c][k] = extra.ID
			}
		}
		if len(tab.Clashes(words.Of("vi"))) == 0 {
			t.Errorf("%s: not found", name)
		}
	}
}

func TestFind(t *testing.T) {
	tab := New()
	for _, c := range []struct {
		in   []Context
		key  string
		want ID
	}{
		{[]Context{Box, Letters, Moving}, "r", Reply},
		{[]Context{Box, Letters, Moving}, "?", Help},
		{[]Context{Box, Letters, Moving}, "enter", Open},
		{[]Context{Find, Field}, "r", ""},
		{[]Context{Find, Field}, "?", ""},
		{[]Context{Find, Field}, "ế", ""},
		{[]Context{Find, Field}, "f1", Help},
		{[]Context{Find, Field}, "esc", Close},
		{[]Context{Plain, Moving}, "r", ""},
		{[]Context{Plain, Moving}, "esc", Back},
	} {
		if got := tab.Find(c.in, c.key); got != c.want {
			t.Errorf("Find(%v, %q) = %q, want %q", c.in, c.key, got, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	w := words.Of("vi")
	for key, want := range map[string]string{
		"ctrl+s": "Ctrl+S", " ": "Space", "f1": "F1", "r": "r", "shift+tab": "Shift+Tab", "alt+backspace": "Alt+Backspace",
		"+": "+", "pgup": "PgUp",
	} {
		if got := Name(w, key); got != want {
			t.Errorf("Name(%q) = %q, want %q", key, got, want)
		}
	}
	for key, want := range map[string]string{"up": "Lên", "ctrl+right": "Ctrl+Phải", "enter": "Enter"} {
		if got := Name(w.Plain(), key); got != want {
			t.Errorf("without signs Name(%q) = %q, want %q", key, got, want)
		}
	}
	if got := Name(w, "up"); got != "↑" {
		t.Errorf("after Plain the words themselves say %q", got)
	}
	if got := New().Label(w, Help, []Context{Field}); got != "F1" {
		t.Errorf("where one types, help is %q", got)
	}
}

func TestReadKey(t *testing.T) {
	for _, c := range []struct {
		m         tea.KeyMsg
		key, text string
		paste     bool
	}{
		{tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("ế")}, "ế", "ế", false},
		{tea.KeyMsg{Type: tea.KeySpace, Runes: []rune(" ")}, " ", " ", false},
		{tea.KeyMsg{Type: tea.KeyEnter}, "enter", "", false},
		{tea.KeyMsg{Type: tea.KeyCtrlS}, "ctrl+s", "", false},
		{tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("x"), Alt: true}, "alt+x", "", false},
		{tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("a\nb"), Paste: true}, "", "a\nb", true},
	} {
		if k, s, p := ReadKey(c.m); k != c.key || s != c.text || p != c.paste {
			t.Errorf("ReadKey(%v) = %q, %q, %v", c.m, k, s, p)
		}
	}
}

func TestSheet(t *testing.T) {
	s := New().Sheet(words.Of("vi"))
	for _, want := range []string{"| `r` | Trả lời người gửi |", "**Ở mọi nơi**", "`Ctrl+P`"} {
		if !strings.Contains(s, want) {
			t.Errorf("the sheet lacks %q", want)
		}
	}
}

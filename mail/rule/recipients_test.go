package rule

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// compact is the notation of testdata/blocks.txt.
func compact(e Entry) string {
	s := e.Class.String() + " " + e.Name
	if e.Purpose != "" {
		s += " (" + e.Purpose + ")"
	}
	if e.Post != "" {
		s += " <" + e.Post + ">"
	}
	if e.Copies > 0 {
		s += fmt.Sprintf(" x%d", e.Copies)
	}
	if len(e.Subs) > 0 {
		var subs []string
		for _, x := range e.Subs {
			_, t, _ := strings.Cut(compact(x), " ")
			subs = append(subs, t)
		}
		s += " [" + strings.Join(subs, "; ") + "]"
	}
	return s
}

func compactBlock(b Block) string {
	var out []string
	for _, e := range b.Entries {
		out = append(out, compact(e))
	}
	if b.Draft {
		out = append(out, "! draft")
	}
	for _, w := range b.Warnings {
		out = append(out, "! "+w)
	}
	return strings.Join(out, "\n")
}

type blockCase struct {
	name, text, want string
	noHeading        bool
}

func blockCases(t testing.TB) []blockCase {
	t.Helper()
	raw, err := os.ReadFile("testdata/blocks.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []blockCase
	for _, part := range strings.Split("\n"+string(raw), "\n== ")[1:] {
		name, rest, _ := strings.Cut(part, "\n")
		text, want, ok := strings.Cut(rest, "=>")
		if !ok {
			t.Fatalf("case %q has no reading", name)
		}
		name, no := strings.CutSuffix(name, " noheading")
		out = append(out, blockCase{name, text, strings.TrimSpace(want), no})
	}
	return out
}

func TestRecipients(t *testing.T) {
	for _, c := range blockCases(t) {
		t.Run(c.name, func(t *testing.T) {
			b := ParseRecipients(c.text, RecipientOptions{NoHeading: c.noHeading})
			if got := compactBlock(b); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			for _, e := range b.Entries {
				if e.Raw == "" || e.Line < b.First || e.Line > b.Last {
					t.Errorf("no trace of %+v in lines %d to %d", e, b.First, b.Last)
				}
			}
		})
	}
}

// Every block reads the same decomposed, with strange spaces and wide colons, and with Windows line ends.
func TestRecipientsSpellings(t *testing.T) {
	for _, c := range blockCases(t) {
		if c.name == "14" {
			continue
		}
		nfd := norm.NFD.String(c.text)
		nfd = strings.ReplaceAll(strings.ReplaceAll(nfd, "\n- ", "\n-\u00a0"), ":", "：")
		for _, text := range []string{nfd, strings.ReplaceAll(c.text, "\n", "\r\n"), "Kính gửi: ai đó\n\n" + c.text} {
			if c.noHeading && strings.HasPrefix(text, "Kính") {
				continue
			}
			if got := compactBlock(ParseRecipients(text, RecipientOptions{NoHeading: c.noHeading})); got != c.want {
				t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
			}
		}
	}
}

func FuzzRecipients(f *testing.F) {
	for _, c := range blockCases(f) {
		f.Add(c.text, c.noHeading)
	}
	f.Fuzz(func(t *testing.T, text string, no bool) {
		b := ParseRecipients(text, RecipientOptions{NoHeading: no})
		for _, e := range b.Entries {
			if e.Raw == "" || e.Name == "" || e.Line < 1 {
				t.Fatalf("%q: %+v", text, e)
			}
		}
	})
}

func BenchmarkRecipients(b *testing.B) {
	text := blockCases(b)[0].text
	for b.Loop() {
		if len(ParseRecipients(text, RecipientOptions{}).Entries) != 12 {
			b.Fatal("wrong reading")
		}
	}
}

package cmd_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hopthu/ui/keys"
	"hopthu/ui/words"
)

var update = flag.Bool("update", false, "write what is generated into README.md")

const readme = "../README.md"

// between gives the text between two marks of the README, without the marks.
func between(t *testing.T, text, name string) (before, inside, after string) {
	t.Helper()
	begin := strings.Index(text, "<!-- "+name)
	end := strings.Index(text, "<!-- /"+name+" -->")
	if begin < 0 || end < begin {
		t.Fatalf("README.md has no part %q", name)
	}
	begin += strings.Index(text[begin:], "-->\n") + len("-->\n")
	return text[:begin], text[begin:end], text[end:]
}

func readReadme(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func settle(t *testing.T, before, want, after, got string) {
	t.Helper()
	if got == want {
		return
	}
	if !*update {
		t.Fatalf("README.md is stale; write it anew with: go test ./cmd -run README -update\nwant:\n%s", want)
	}
	if err := os.WriteFile(readme, []byte(before+want+after), 0o644); err != nil { //nolint:gosec // the README is public
		t.Fatal(err)
	}
}

// The cheat sheet is made from the table of keys.
func TestREADMEKeys(t *testing.T) {
	text := readReadme(t)
	before, got, after := between(t, text, "keys")
	settle(t, before, "\n"+strings.TrimSpace(keys.New().Sheet(words.Of("en")))+"\n", after, got)
}

// A clause is cited as `QC 7.1b`, further ones after a comma: `QC 9, 14.3`.
var (
	citation = regexp.MustCompile(`\bQC (\d+(?:\.\d+)?[a-z]?(?:, \d+\.\d+[a-z]?)*)`)
	clause   = regexp.MustCompile(`^(\d+)(?:\.(\d+))?([a-z])?$`)
)

// clauses lists every clause that the code names, by article, in order.
func clauses(t *testing.T) map[int][]string {
	t.Helper()
	out := map[int][]string{}
	add := func(path, text string) {
		for _, m := range citation.FindAllStringSubmatch(text, -1) {
			for c := range strings.SplitSeq(m[1], ", ") {
				parts := clause.FindStringSubmatch(c)
				article, err := strconv.Atoi(parts[1])
				if err != nil || article < 1 || article > 18 {
					t.Errorf("%s names QC %s; the regulation has 18 articles", path, c)
					continue
				}
				if !slices.Contains(out[article], c) {
					out[article] = append(out[article], c)
				}
			}
		}
	}
	goFiles(t, func(path string, f *ast.File, _ *token.FileSet) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		for _, group := range f.Comments {
			add(path, group.Text())
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				add(path, lit.Value)
			}
			return true
		})
	})
	for _, list := range out {
		slices.SortFunc(list, func(a, b string) int {
			x, y := clause.FindStringSubmatch(a), clause.FindStringSubmatch(b)
			m, _ := strconv.Atoi(x[2]) //nolint:errcheck // "" is 0: the whole article comes first
			n, _ := strconv.Atoi(y[2]) //nolint:errcheck // as above
			return 10*(m-n) + strings.Compare(x[3], y[3])
		})
	}
	return out
}

// The coverage table has one row for each of the 18 articles, names the clauses that the code names, and claims
// nothing where the code names none, except for Article 2, which the whole program answers.
func TestREADMERegulation(t *testing.T) {
	text := readReadme(t)
	cited := clauses(t)
	if len(cited) < 5 {
		t.Fatalf("only %d articles are named in the code", len(cited))
	}
	before, got, after := between(t, text, "regulation")
	var want bytes.Buffer
	article := 0
	for i, line := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
		cells := strings.Split(line, "|")
		if i < 2 || len(cells) != 6 {
			fmt.Fprintln(&want, line)
			continue
		}
		article++
		name, state := strings.TrimSpace(cells[1]), strings.TrimSpace(cells[3])
		if !strings.HasPrefix(name, strconv.Itoa(article)+" ") {
			t.Errorf("row %d is %q", article, name)
		}
		switch none := len(cited[article]) == 0; {
		case !strings.HasPrefix(state, "done") && !strings.HasPrefix(state, "partly") && !strings.HasPrefix(state, "not yet"):
			t.Errorf("article %d: the state must begin with done, partly or not yet", article)
		case none && article != 2 && !strings.HasPrefix(state, "not yet"):
			t.Errorf("article %d is %q, but the code names no clause of it", article, state)
		case !none && strings.HasPrefix(state, "not yet"):
			t.Errorf("article %d is %q, but the code names %v", article, state, cited[article])
		}
		cells[4] = " "
		if list := cited[article]; len(list) > 0 {
			cells[4] = " " + strings.Join(list, ", ") + " "
		}
		fmt.Fprintln(&want, strings.Join(cells, "|"))
	}
	if article != 18 {
		t.Errorf("the table has %d articles, the regulation 18", article)
	}
	settle(t, before, want.String(), after, got)
}

// The gate runs the test command that the README gives, and a newcomer the first one.
func TestREADMECommands(t *testing.T) {
	text := readReadme(t)
	for _, line := range []string{"$ go run ./cmd/hopthu demo", "$ go test ./..."} {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("README.md does not give %q on a line of its own", line)
		}
	}
	for _, m := range regexp.MustCompile(`\]\((\.?[A-Za-z][^):]*)\)`).FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat("../" + m[1]); err != nil {
			t.Errorf("README.md links to %s: %v", m[1], err)
		}
	}
}

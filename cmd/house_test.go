// Package cmd_test holds the floor plan of the house as tests, and the stories told with both real programs.
package cmd_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// room is one line of the plan: which of our rooms it may enter, and which libraries and doors of the standard
// library that others may not. A pattern ending in /... means the room and all below it.
type room struct {
	path string
	ours []string
	libs []string
}

// Doors are packages that only the rooms that name them may import.
var doors = []string{
	"net", "net/http", "net/http/...", "crypto/tls", "database/sql", "os/exec",
	"github.com/...", "golang.org/x/...", "go.uber.org/...", "lukechampine.com/...",
}

var serverGround = []string{"mail", "mail/api", "mail/letter", "mail/rule", "mail/utf7", "mail/viet"}

func server(more ...string) []string {
	out := slices.Clone(serverGround)
	for _, m := range more {
		out = append(out, "mail/server/internal/"+m)
	}
	return out
}

const charm = "github.com/charmbracelet/..."

var plan = []room{
	// net splits listen addresses; it opens nothing.
	{"config", nil, []string{"net", "github.com/pelletier/go-toml/v2", "github.com/zalando/go-keyring", "golang.org/x/crypto/..."}},

	{"mail", nil, nil},
	{"mail/viet", nil, []string{"golang.org/x/text/...", "github.com/BambooEngine/bamboo-core"}},
	{"mail/api", []string{"mail"}, nil},
	{"mail/utf7", nil, nil},
	{"mail/letter", []string{"mail", "mail/viet"}, []string{"github.com/emersion/go-message/...", "golang.org/x/net/html/...", "golang.org/x/net/idna", "golang.org/x/text/...", "github.com/gabriel-vasile/mimetype"}},
	{"mail/rule", []string{"mail", "mail/viet"}, []string{"golang.org/x/text/..."}},
	// store keeps acts for the office in the shape in which they travel (types of api).
	{"mail/store", []string{"mail", "mail/api", "mail/viet"}, []string{"database/sql", "github.com/ncruces/...", "github.com/klauspost/compress/...", "golang.org/x/sys/..."}},
	// sync follows the office's record of work in a box (types of api).
	{"mail/sync", []string{"mail", "mail/api", "mail/letter", "mail/rule", "mail/store"}, nil},
	{"mail/outbox", []string{"mail", "mail/rule", "mail/store"}, nil},
	// wire implements the interfaces of sync and outbox, whose signatures name types of those rooms. It also spells an
	// address the way its server can take it (D1), which is a rule.
	{
		"mail/wire",
		[]string{"mail", "mail/api", "mail/letter", "mail/rule", "mail/utf7", "mail/viet", "mail/sync", "mail/outbox"},
		[]string{"net", "net/http", "crypto/tls", "github.com/emersion/...", "golang.org/x/net/idna", "golang.org/x/text/..."},
	},
	{"mail/desk", []string{"mail", "mail/api", "mail/letter", "mail/record", "mail/rule", "mail/viet", "mail/store", "mail/sync", "mail/outbox"}, nil},

	{"mail/server/internal/db/storedb", nil, []string{"database/sql"}},
	{"mail/server/internal/db", server("db/storedb"), []string{"database/sql", "github.com/ncruces/...", "github.com/pressly/goose/..."}},
	// Letters prepared for being listed and searched: pure, so that the box that keeps it and the door that asks agree.
	{"mail/server/internal/digest", server(), []string{"github.com/klauspost/compress/..."}},
	{"mail/server/internal/box", server("db", "db/storedb", "digest"), []string{"database/sql", "github.com/klauspost/compress/..."}},
	{"mail/server/internal/register", server("db", "db/storedb", "box"), []string{"database/sql", "golang.org/x/crypto/...", "golang.org/x/sync/...", "github.com/xdg-go/scram"}},
	{"mail/server/internal/office", server("db", "db/storedb", "box", "register"), []string{"database/sql"}},
	{"mail/server/internal/queue", server("db", "db/storedb", "box", "register"), []string{"database/sql", "net", "crypto/tls", "github.com/emersion/go-smtp", "github.com/emersion/go-sasl"}},
	// The record of a handover as text, PDF and ODT; its test reads them back as letters' files are read.
	{"mail/record", []string{"mail", "mail/rule", "mail/letter"}, []string{"codeberg.org/go-pdf/fpdf", "github.com/go-fonts/liberation/..."}},
	// Letters as files of other programs: export, import.
	{"mail/server/internal/archive", server(), nil},
	// What every door shares: listeners, TLS, limits, the registry of connections.
	{"mail/server/internal/door", server(), []string{"net", "crypto/tls"}},
	{"mail/server/internal/imapd", server("box", "digest", "register", "office", "door"), []string{"net", "crypto/tls", "github.com/emersion/go-imap/v2", "github.com/klauspost/compress/flate"}},
	{"mail/server/internal/smtpd", server("box", "register", "office", "queue", "door"), []string{"net", "crypto/tls", "github.com/emersion/go-smtp", "github.com/emersion/go-sasl"}},
	{"mail/server/internal/web", server("box", "register", "office", "queue", "door"), []string{"net", "net/http", "crypto/tls"}},
	{"mail/server", append(server("db", "archive", "box", "register", "office", "queue", "door", "imapd", "smtpd", "web"), "config"), []string{"net", "net/http", "crypto/tls"}},
	{"mail/server/servertest", []string{"mail", "mail/api", "mail/letter", "mail/rule", "mail/viet", "mail/server"}, []string{"net", "crypto/tls", "go.uber.org/goleak"}},

	{"ui/theme", nil, []string{charm, "github.com/muesli/termenv"}},
	{"ui/words", []string{"mail"}, nil}, // fault kinds have words
	{"ui/keys", []string{"ui/words"}, []string{charm}},
	{"ui/term", nil, []string{charm, "github.com/aymanbagabas/go-osc52/v2", "golang.org/x/..."}},
	{"ui/kit", []string{"ui/theme", "mail", "mail/viet"}, []string{charm, "github.com/rivo/uniseg", "golang.org/x/text/..."}},
	// os/exec names the external editor that a page hands to the root; nothing is started here.
	{"ui/frame", []string{"mail", "mail/api", "mail/rule", "ui/keys", "ui/kit", "ui/theme", "ui/words"}, []string{charm, "os/exec"}},
	// What pages that write share: fields and forms that take keys. What pages that read share: letters as lines.
	{"ui/form", []string{"ui/keys", "ui/kit", "ui/theme"}, []string{charm}},
	// read reckons the working days that one can put a term off by.
	{"ui/read", []string{"mail", "mail/rule", "ui/dialog", "ui/frame", "ui/keys", "ui/kit", "ui/theme", "ui/words"}, []string{charm}},
	{"ui/dialog", []string{"mail", "mail/api", "mail/rule", "ui/frame", "ui/keys", "ui/kit", "ui/theme", "ui/words"}, []string{charm}},
	// What the pages where one types share, since pages never import each other and kit may not know keys.
	{"ui/form", []string{"ui/keys", "ui/kit", "ui/theme"}, []string{charm}},
	// Pages: the same as dialogs, and dialogs; never another page. os/exec only describes the external editor.
	{"ui/page/*", []string{"mail", "mail/api", "mail/rule", "mail/viet", "ui/frame", "ui/dialog", "ui/form", "ui/read", "ui/keys", "ui/kit", "ui/theme", "ui/words", "ui/term"}, []string{charm, "os/exec"}},
	{"ui/uitest", []string{"mail", "mail/rule", "ui", "ui/frame", "ui/keys", "ui/kit", "ui/theme", "ui/words", "ui/dialog"}, []string{charm, "github.com/muesli/termenv"}},
	{"ui", []string{"mail", "config", "ui/..."}, []string{charm, "github.com/muesli/termenv"}},

	// Measures the program from outside, for .ci/speed.
	{"cmd/hopthu/speed", []string{"mail", "mail/...", "config"}, []string{"net", "os/exec", "crypto/tls", "golang.org/x/..."}},
	// Measures the server beside Dovecot and Postfix, for .ci/serverspeed: it starts the program that is shipped, and makes
	// the boxes it needs.
	{"cmd/hopthu-server/speed", []string{"mail", "mail/server"}, []string{"net", "os/exec", "crypto/tls"}},
	// The demo's letters.
	{"cmd/hopthu/province", []string{"mail", "mail/letter", "mail/viet"}, []string{"golang.org/x/text/..."}},
	{"cmd/hopthu", []string{"config", "mail", "mail/...", "ui", "ui/...", "cmd/hopthu/province"}, []string{"net", "os/exec", charm, "github.com/spf13/cobra", "golang.org/x/term", "golang.org/x/sys/unix"}},
	// Letters of another server are fetched by the client that the person has too, hardened against what servers do; it
	// is joined here, so that mail/server stays behind its wall.
	{"cmd/hopthu-server", []string{"mail", "mail/record", "mail/server", "config", "mail/sync", "mail/wire"}, []string{"github.com/spf13/cobra", "golang.org/x/term", "net"}},
	{"cmd", nil, nil},
}

// listed is what go list says of a package.
type listed struct {
	ImportPath string
	Name       string
	Doc        string
	Imports    []string
	GoFiles    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Name,Doc,Imports,GoFiles", "hopthu/...")
	cmd.Dir = ".."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var all []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 10 {
		t.Fatalf("go list found %d packages only", len(all))
	}
	return all
}

func matches(pattern, path string) bool {
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == base || strings.HasPrefix(path, base+"/")
	}
	if base, ok := strings.CutSuffix(pattern, "/*"); ok {
		rest, ok := strings.CutPrefix(path, base+"/")
		return ok && !strings.Contains(rest, "/")
	}
	return pattern == path
}

func anyMatches(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, path) })
}

func TestFloorPlan(t *testing.T) {
	for _, p := range packages(t) {
		path := strings.TrimPrefix(p.ImportPath, "hopthu/")
		i := slices.IndexFunc(plan, func(r room) bool { return matches(r.path, path) })
		if i < 0 {
			t.Errorf("%s is not on the plan: add a line with the reason, or move it", path)
			continue
		}
		r := plan[i]
		if len(p.GoFiles) > 0 && strings.TrimSpace(p.Doc) == "" {
			t.Errorf("%s has no package comment", path)
		}
		for _, imp := range p.Imports {
			if ours, ok := strings.CutPrefix(imp, "hopthu/"); ok {
				if !anyMatches(r.ours, ours) {
					t.Errorf("%s must not enter %s", path, ours)
				}
				continue
			}
			if anyMatches(doors, imp) && !anyMatches(r.libs, imp) {
				t.Errorf("%s must not open the door %s", path, imp)
			}
		}
	}
}

// goFiles walks every Go file of the repository that is written by hand.
func goFiles(t *testing.T, each func(path string, f *ast.File, fset *token.FileSet)) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "storedb" || path != ".." && strings.HasPrefix(d.Name(), ".")) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		each(filepath.ToSlash(strings.TrimPrefix(path, ".."+string(filepath.Separator))), f, fset)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Goroutines start in mail.Go, whose guard restores the terminal after a panic. config stands below mail: its one
// goroutine bounds a keyring call that has no time-out of its own.
func TestGoroutinesStartInOnePlace(t *testing.T) {
	allowed := map[string]int{"mail/guard.go": 1, "config/secret.go": 1}
	goFiles(t, func(path string, f *ast.File, fset *token.FileSet) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if g, ok := n.(*ast.GoStmt); ok {
				if allowed[path]--; allowed[path] < 0 {
					t.Errorf("%s:%d starts a goroutine without mail.Go", path, fset.Position(g.Pos()).Line)
				}
			}
			return true
		})
	})
}

// The clock is handed in everywhere; only the programs and the server's front look at the real one.
func TestClockIsHandedIn(t *testing.T) {
	goFiles(t, func(path string, f *ast.File, fset *token.FileSet) {
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "cmd/") || path == "mail/server/server.go" ||
			strings.HasPrefix(path, "mail/server/servertest/") || strings.HasPrefix(path, "ui/uitest/") {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "Now" && sel.Sel.Name != "Sleep" {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" {
				t.Errorf("%s:%d uses time.%s", path, fset.Position(sel.Pos()).Line, sel.Sel.Name)
			}
			return true
		})
	})
}

// The top level holds four folders, four files, and hidden ones.
func TestTopLevel(t *testing.T) {
	allowed := []string{"cmd", "ui", "mail", "config", "go.mod", "go.sum", "README.md", "LICENSE"}
	allowed = append(allowed, "hopthu", "hopthu-server", "hopthu.exe", "hopthu-server.exe") // go build puts them here; git ignores them
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) && !strings.HasPrefix(e.Name(), ".") {
			t.Errorf("%s does not belong on the top level", e.Name())
		}
	}
}

package compose

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/kit"
)

// The external editor is a second door to the text. Its file is 0600 in a private folder of its own and is removed when
// the program has ended, however it ended; what a killed hopthu left there goes at the next start. The program is started
// without a shell.

// editing is a desk that has a private folder for files that are being edited, which it clears when it opens and closes.
type editing interface{ EditFolder() string }

type (
	// editorReady is a file that waits for its program.
	editorReady struct {
		dir, path string
		argv      []string
		err       error
	}
	// editorDone says how the program ended.
	editorDone struct {
		dir, path string
		name      string // of the program
		err       error
	}
	// editorText is what it left.
	editorText struct {
		text   string
		name   string
		failed error // the program's
		err    error // ours
	}
)

// errNoEditor says that no program is set.
var errNoEditor = errors.New("no editor set")

func (p *Page) external() tea.Cmd {
	p.suggest.close()
	p.at = bodyRow
	f := editorFile{editor: p.env.Settings.Editor, text: p.body.Text()}
	if d, ok := p.env.Desk.(editing); ok {
		f.folder = d.EditFolder()
	}
	var save tea.Cmd
	if p.keep.edits != p.keep.local { // nothing is kept while the editor has the terminal
		save = p.do(p.saveJob(false))
	}
	return tea.Batch(save, p.env.Do(0, f.write))
}

// editorFile is a text on its way to an editor; folder "" is the system's for files that do not last.
type editorFile struct{ editor, text, folder string }

// write makes the file and finds the program.
func (f editorFile) write(context.Context) tea.Msg {
	argv := editorArgs(f.editor, os.Getenv, exec.LookPath)
	if len(argv) == 0 {
		return editorReady{err: errNoEditor}
	}
	if f.folder != "" {
		if err := os.MkdirAll(f.folder, 0o700); err != nil {
			return editorReady{err: fileFault("write editor file", f.folder, err)}
		}
	}
	dir, err := os.MkdirTemp(f.folder, "hopthu-") // 0700
	if err != nil {
		return editorReady{err: fileFault("write editor file", cmp.Or(f.folder, os.TempDir()), err)}
	}
	path := filepath.Join(dir, "thu.txt")
	text := f.text
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return editorReady{err: errors.Join(fileFault("write editor file", path, err), os.RemoveAll(dir))}
	}
	return editorReady{dir: dir, path: path, argv: append(argv, path)}
}

func fileFault(op, path string, err error) error {
	return &mail.Fault{Kind: mail.NoPermission, Op: op, Detail: path, Err: err}
}

// editorArgs is the program and its arguments, split by words: the setting, $VISUAL, $EDITOR, or one that most machines
// have.
func editorArgs(setting string, env func(string) string, look func(string) (string, error)) []string {
	for _, s := range []string{setting, env("VISUAL"), env("EDITOR")} {
		if argv := split(s); len(argv) > 0 {
			return argv
		}
	}
	for _, name := range []string{"nano", "vim", "vi"} {
		if path, err := look(name); err == nil {
			return []string{path}
		}
	}
	return nil
}

// split parts a command line at spaces; single and double quotes keep words together. There is no shell.
func split(s string) []string {
	var out []string
	var b strings.Builder
	var quote rune
	word := false
	for _, r := range s {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, word = r, true
		case quote == 0 && (r == ' ' || r == '\t'):
			if word {
				out = append(out, b.String())
				b.Reset()
				word = false
			}
		default:
			b.WriteRune(r)
			word = true
		}
	}
	if word {
		out = append(out, b.String())
	}
	return out
}

func (p *Page) onEditorReady(m editorReady) tea.Cmd {
	if errors.Is(m.err, errNoEditor) {
		return frame.Tell(frame.Warn, p.env.Words.Write.Compose.EditorNone)
	}
	if m.err != nil {
		return frame.Failed("open editor", m.err)
	}
	cmd := exec.CommandContext(p.env.Ctx, m.argv[0], m.argv[1:]...) // #nosec G204: the person's own program, no shell
	return frame.Send(frame.Execute{
		Owner: p.env.Owner, Cmd: cmd,
		Done: func(err error) tea.Msg { return editorDone{m.dir, m.path, m.argv[0], err} },
	})
}

func (p *Page) onEditorDone(m editorDone) tea.Cmd { return p.env.Do(0, m.read) }

// read takes the text back and removes the folder in any case.
func (m editorDone) read(context.Context) tea.Msg {
	text, err := readText(m.path)
	return editorText{text: text, name: m.name, failed: m.err, err: errors.Join(err, os.RemoveAll(m.dir))}
}

func readText(path string) (text string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read editor file: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	b, err := io.ReadAll(io.LimitReader(f, kit.MaxText+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("read editor file: %w", err)
	case len(b) > kit.MaxText:
		return "", &mail.Fault{Kind: mail.TooBig, Op: "read editor file"}
	case !utf8.Valid(b):
		return "", errors.New("read editor file: not UTF-8")
	}
	return strings.TrimSuffix(string(b), "\n"), nil
}

func (p *Page) onEditorText(m editorText) tea.Cmd {
	w := &p.env.Words.Write.Compose
	switch {
	case errors.Is(m.failed, exec.ErrNotFound), errors.Is(m.failed, fs.ErrNotExist):
		return frame.Tell(frame.Warn, fmt.Sprintf(w.EditorMissing, kit.Clean(m.name)))
	case m.failed != nil:
		return frame.Tell(frame.Warn, w.EditorFailed)
	case m.err != nil:
		return tea.Sequence(frame.Tell(frame.Bad, w.EditorKept), frame.Failed("read editor file", m.err))
	case m.text == strings.TrimSuffix(p.body.Text(), "\n"):
		return frame.Tell(frame.Note, w.EditorSame)
	}
	p.body.Replace(m.text)
	return tea.Batch(p.changed(), frame.Tell(frame.Good, w.EditorBack))
}

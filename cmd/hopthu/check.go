package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/viet"
)

// checkSchema describes what `hopthu check --json` prints (JSON Schema 2020-12).
//
//go:embed schema/check.schema.json
var checkSchema string

const (
	maxCheckFile   = 128 << 20 // octets of one file
	checkDomain    = "ninhbinh.gov.vn"
	checkDateOnly  = 8 // hour at which a letter of which only the day is known came
	maxCheckUnpack = 256 << 20
)

type checkFlags struct {
	json, outside, schema bool
	received, domain      string
}

func (r *root) checkCommand() *cobra.Command {
	var f checkFlags
	w := r.w.Check()
	cmd := &cobra.Command{Use: "check [--json] [--outside] [--received 2013-07-10] FILE…", Short: r.c.Short["check"], Long: w.Long}
	usage := func(text string) error {
		fmt.Fprintln(r.term.err, text) //nolint:errcheck // a closed standard error has nobody to tell
		return exit(exitUsage)
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err.Error()) })
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		if f.schema {
			_, err := io.WriteString(r.term.out, checkSchema)
			return err
		}
		if len(args) == 0 {
			return usage(w.NoFile)
		}
		received, err := parseReceived(f.received)
		if err != nil {
			return usage(w.BadDate)
		}
		return r.judgeFiles(args, f, received)
	}
	cmd.Flags().BoolVar(&f.json, "json", false, r.c.Flags["json"])
	cmd.Flags().BoolVar(&f.outside, "outside", false, r.c.Flags["outside"])
	cmd.Flags().BoolVar(&f.schema, "schema", false, r.c.Flags["schema"])
	cmd.Flags().StringVar(&f.received, "received", "", r.c.Flags["received"])
	cmd.Flags().StringVar(&f.domain, "domain", checkDomain, r.c.Flags["domain"])
	return cmd
}

// parseReceived reads a day or a moment; "" is the zero time.
func parseReceived(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, rule.Zone); err == nil {
		return t.Add(checkDateOnly * time.Hour), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("read day of receipt: %w", err)
	}
	return t.In(rule.Zone), nil
}

// checked is one file and what was found in it.
type checked struct {
	file     string
	format   string
	media    string
	size     int64
	letter   *mail.Letter // nil for a document
	declared string
	legacy   string
	reading  []rule.FileReading // the attachments, or the document itself
	received time.Time
	found    rule.Inspection
	err      error
}

func (r *root) judgeFiles(args []string, f checkFlags, received time.Time) error {
	var all []checked
	worst, failed := mail.Pass, false
	for _, name := range args {
		c := checkFile(r.term.in, name, f, received)
		worst, failed = max(worst, c.found.Verdict), failed || c.err != nil
		all = append(all, c)
		if c.err != nil && !f.json {
			r.complain(c.err)
		}
	}
	if f.json {
		enc := json.NewEncoder(r.term.out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(checkOutput(all, worst)); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	} else {
		p := checkPrinter{r: r, w: r.w.Check()}
		for _, c := range all {
			p.file(c)
		}
	}
	switch {
	case failed:
		return exit(exitFailed)
	case worst == mail.Block:
		return exit(exitBlock)
	case worst == mail.Ask:
		return exit(exitAsk)
	}
	return nil
}

func readCheck(stdin io.Reader, name string) (data []byte, err error) {
	in := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("open file: %w", err)
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		in = file
	}
	data, err = io.ReadAll(io.LimitReader(in, maxCheckFile+1))
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	if len(data) > maxCheckFile {
		return nil, &mail.Fault{Kind: mail.TooBig, Op: "read file", Detail: filepath.Base(name)}
	}
	return data, nil
}

// checkFile reads one file and has it judged.
func checkFile(stdin io.Reader, name string, f checkFlags, received time.Time) checked {
	c := checked{file: name}
	data, err := readCheck(stdin, name)
	if err != nil {
		c.err = err
		return c
	}
	base := filepath.Base(name)
	if name == "-" {
		base = ""
	}
	c.size = int64(len(data))
	c.media, _ = letter.TypeOf(base, data[:min(len(data), 4096)])
	in := rule.InspectInput{Domain: f.domain, Outside: f.outside, Received: received}
	if letter.IsLetter(base, data) {
		c.readLetter(data, &in)
	} else {
		c.readDocument(base, data, &in)
	}
	c.received = in.Received
	c.found = rule.Inspect(in)
	return c
}

func (c *checked) readLetter(data []byte, in *rule.InspectInput) {
	l := letter.Parse(data)
	c.letter, c.format, c.declared, c.legacy = l, "eml", l.Charset, l.Legacy
	var own, quoted strings.Builder
	for _, p := range l.Paras {
		b := &own
		if p.Quote > 0 {
			b = &quoted
		}
		b.WriteString(p.Text + "\n")
	}
	in.Letter, in.To, in.Cc, in.Bcc, in.Subject, in.Body, in.Quoted = true, l.To, l.Cc, l.Bcc, l.Subject, own.String(), quoted.String()
	in.Legacy, in.Priority, in.Issues = l.Legacy, l.Priority, decomposed(data)
	left := maxCheckUnpack
	for _, p := range l.Parts {
		reading := rule.FileReading{Name: p.Name, Type: p.True, Size: p.Size, Risk: p.Risk, Facts: rule.FileFacts{Unread: true}}
		if content, err := readPart(data, p.Path, left); err == nil {
			left -= len(content)
			reading = readFile(p.Name, content)
			reading.Risk = max(reading.Risk, p.Risk)
		}
		in.Files = append(in.Files, reading)
	}
	c.reading = in.Files
	if in.Received.IsZero() {
		in.Received = l.Sent()
	}
	if in.Received.IsZero() {
		in.Received = time.Now()
	}
}

// decomposed says whether a letter's text was sent in "tổ hợp": what was read of it is NFC already, and tells nothing.
func decomposed(data []byte) []viet.Issue {
	for _, path := range []string{"1.1", "1"} {
		text, err := readPart(data, path, 1<<20)
		if err != nil || !utf8.Valid(text) {
			continue
		}
		for _, i := range viet.Check(string(text)) {
			if i.Kind == viet.Decomposed {
				return []viet.Issue{i}
			}
		}
		return nil
	}
	return nil
}

func readPart(data []byte, path string, left int) ([]byte, error) {
	r, err := letter.OpenPart(data, path)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(r, int64(max(left, 0))+1))
	if err == nil && len(content) > left {
		err = &mail.Fault{Kind: mail.TooBig, Op: "read attachment"}
	}
	return content, err
}

func (c *checked) readDocument(name string, data []byte, in *rule.InspectInput) {
	f := readFile(name, data)
	in.Files, c.reading, c.legacy = []rule.FileReading{f}, []rule.FileReading{f}, f.Legacy
	c.format = f.Type
	if in.Received.IsZero() {
		in.Received = rule.ReadDocument(f.Text).Date
	}
	if in.Received.IsZero() {
		in.Received = time.Now()
	}
}

// readFile looks into a file as the desk does before a letter is sent.
func readFile(name string, data []byte) rule.FileReading {
	t, err := letter.DocumentText(name, data)
	media, risk := letter.TypeOf(name, data[:min(len(data), 4096)])
	return rule.FileReading{
		Name: name, Type: media, Size: int64(len(data)), Risk: max(risk, t.Risk), Text: t.Text, Legacy: t.Legacy, Issues: t.Issues,
		Facts: t.Facts(err),
	}
}

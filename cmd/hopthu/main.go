// Command hopthu is the mail client for the official mail of a province: the screen, and a few commands beside it.
//
// Laws: it joins rooms and decides nothing itself; secrets never stand in arguments, environment or log; the terminal is
// given back as it was, also after a panic.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"hopthu/config"
	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/ui/words"
)

// Exit codes.
const (
	exitOK = iota
	exitFailed
	exitUsage
	exitOverdue // duty: something is overdue
	exitAsk     // check: something must be asked
	exitBlock   // check: something may not be sent

	exitInterrupted = 130 // as shells have it for Ctrl+C
)

// version is set by the release build; a build from source says what the module says.
var version = ""

func main() {
	// Deadlines and dates of official mail are Vietnam's, wherever the terminal stands (domain: Asia/Ho_Chi_Minh).
	time.Local = rule.Zone
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := run(ctx, os.Args[1:], terminal{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// terminal is where the program speaks.
type terminal struct {
	in  *os.File
	out io.Writer
	err io.Writer
}

// root is what all commands share.
type root struct {
	term terminal
	dir  string // --dir
	w    *words.Words
	c    *words.Command
}

// exit is an error that only carries an exit code; its words were printed already.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

func run(ctx context.Context, args []string, t terminal) int {
	r := &root{term: t}
	r.setLanguage(guessLanguage(args))
	cmd := r.command()
	cmd.SetArgs(args)
	cmd.SetIn(t.in)
	cmd.SetOut(t.out)
	cmd.SetErr(t.err)
	code, untold := split(cmd.ExecuteContext(ctx))
	if ctx.Err() != nil && errors.Is(untold, context.Canceled) {
		return exitInterrupted // the person knows
	}
	if untold != nil {
		r.complain(untold)
		return exitFailed
	}
	return code
}

// split parts the exit code that a command chose from the errors that nobody has told the person yet.
func split(err error) (code int, untold error) {
	switch e := err.(type) { //nolint:errorlint // exits are joined with errors, never wrapped
	case nil:
		return exitOK, nil
	case exit:
		return int(e), nil
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			c, u := split(one)
			code, untold = max(code, c), errors.Join(untold, u)
		}
		return code, untold
	}
	return exitFailed, err
}

// guessLanguage reads the settings once before the command line is understood, for its help.
func guessLanguage(args []string) string {
	dirs, err := config.UserDirs(os.Getenv)
	if err != nil {
		return "vi"
	}
	for i, a := range args {
		if a == "--dir" && i+1 < len(args) {
			dirs = config.Under(args[i+1])
		} else if d, ok := strings.CutPrefix(a, "--dir="); ok {
			dirs = config.Under(d)
		}
	}
	c, err := config.LoadClient(settingsFile(dirs))
	if err != nil {
		return "vi" // whoever needs the settings will say what is wrong
	}
	return c.Language
}

func (r *root) setLanguage(lang string) {
	r.w = words.Of(lang)
	r.c = r.w.Command()
}

// say prints one line for the person.
func (r *root) say(format string, args ...any) {
	fmt.Fprintf(r.term.out, format+"\n", args...) //nolint:errcheck // a closed standard output has nobody to tell
}

// complain puts an error into words: what happened, what is safe, what to do.
func (r *root) complain(err error) {
	f := faultOf(err)
	fw := r.w.Fault(f) // What has the detail
	text := fmt.Sprintf(r.c.Fault, printable(fw.What), fw.Safe, fw.Next)
	if f.Detail == "" && f.Kind == mail.Unknown {
		text += "\n" + fmt.Sprintf(r.c.ServerWords, printable(err.Error()))
	}
	fmt.Fprintln(r.term.err, text) //nolint:errcheck // a closed standard error has nobody to tell
}

func (r *root) command() *cobra.Command {
	cmd := &cobra.Command{
		Use: "hopthu [mailto:…]", Short: r.c.Short["hopthu"], Long: r.c.Long["hopthu"], Args: cobra.MaximumNArgs(1),
		SilenceErrors: true, SilenceUsage: true, Version: programVersion(),
		RunE: func(cmd *cobra.Command, args []string) error {
			mailto := ""
			if len(args) == 1 {
				if !strings.HasPrefix(strings.ToLower(args[0]), "mailto:") {
					return fmt.Errorf("unknown command %q; see hopthu --help", args[0])
				}
				mailto = args[0]
			}
			return r.screen(cmd.Context(), mailto)
		},
	}
	cmd.PersistentFlags().StringVar(&r.dir, "dir", "", r.c.Flags["dir"])
	cmd.AddCommand(r.demoCommand(), r.accountCommand(), r.dutyCommand(), r.sendCommand(), r.checkCommand(), &cobra.Command{
		Use: "version", Short: r.c.Short["version"], Args: cobra.NoArgs,
		Run: func(*cobra.Command, []string) { r.say("hopthu %s", programVersion()) },
	})
	return cmd
}

func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

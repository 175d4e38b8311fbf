// Command hopthu-server is the mail server of hopthu: it sets itself up, runs, and keeps people and units.
//
// Laws: a password is printed once, to whoever asked for it, and nowhere else; every act of administration works
// while the server runs.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"hopthu/config"
	"hopthu/mail"
)

// version is set when a release is built.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// program is what the commands share.
type program struct {
	dir      string
	out, err io.Writer
}

// run carries out one command line and gives the exit code.
func run(ctx context.Context, args []string, out, errw io.Writer) int {
	p := &program{out: out, err: errw}
	root := &cobra.Command{
		Use:           "hopthu-server",
		Short:         "Máy chủ thư của hopthu / the mail server of hopthu",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errw)
	root.PersistentFlags().StringVar(&p.dir, "dir", defaultDir(), "data folder")
	root.AddCommand(p.initCommand(), p.runCommand(), p.userCommand(), p.unitCommand(), p.delegateCommand(), p.headCommand(), p.versionCommand())
	root.AddCommand(p.directoryCommands()...)
	root.AddCommand(p.keepCommands()...)
	root.AddCommand(p.sessionCommand(), p.auditCommand(), p.handoverCommand(), p.reportCommand(), p.leaveCommand(), p.queueCommand(), p.doctorCommand())
	mail.OnPanic(p.panicked)
	if err := root.ExecuteContext(ctx); err != nil {
		if v := verdict(0); errors.As(err, &v) {
			return int(v)
		}
		p.say(errw, "hopthu-server: %s\n", explain(err))
		return 1
	}
	return 0
}

// defaultDir is the folder of a system service, or for anybody but root a folder of his own.
func defaultDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/hopthu-server"
	}
	if d, err := config.UserDirs(os.Getenv); err == nil {
		return filepath.Join(d.Data, "server")
	}
	return "hopthu-server-data"
}

// panicked keeps what a crash leaves behind and ends the program: the state on disk is sound at every moment.
func (p *program) panicked(name string, value any, stack []byte) {
	text := fmt.Appendf(nil, "%s: %v\n%s", name, value, stack)
	path := filepath.Join(p.dir, "crash-"+time.Now().UTC().Format("20060102T150405.000")+".txt")
	if err := config.WriteFile(path, text); err != nil {
		p.say(p.err, "%s", text)
	} else {
		p.say(p.err, "hopthu-server: crashed; the details are in %s\n", path)
	}
	os.Exit(2)
}

// say writes for the person. A terminal that has gone away is no reason to stop.
func (p *program) say(w io.Writer, format string, args ...any) {
	if _, err := fmt.Fprintf(w, format, args...); err != nil && w != p.err {
		p.say(p.err, "hopthu-server: cannot write: %v\n", err)
	}
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Phiên bản / version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			p.say(p.out, "hopthu-server %s\n", version)
			return nil
		},
	}
}

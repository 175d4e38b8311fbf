package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hopthu/config"
	"hopthu/mail"
	"hopthu/mail/wire"
)

// dirs are the folders that this call works in.
func (r *root) dirs() (config.Dirs, error) {
	if r.dir != "" {
		return config.Under(r.dir), nil
	}
	return config.UserDirs(os.Getenv)
}

func (r *root) accountCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "account", Short: r.c.Short["account"], Args: cobra.NoArgs}
	cmd.AddCommand(r.accountAdd(), r.accountList(), r.accountCheck(), r.accountRemove())
	return cmd
}

// with opens the client for a command and closes it after.
func (r *root) with(ctx context.Context, mode openMode, f func(*app) error) error {
	dirs, err := r.dirs()
	if err != nil {
		return err
	}
	a, err := r.open(ctx, dirs, mode)
	if err != nil {
		return err
	}
	return errors.Join(f(a), a.close())
}

func (r *root) accountAdd() *cobra.Command {
	var given mail.Account
	var imap, smtp string
	cmd := &cobra.Command{Use: "add [address]", Short: r.c.Short["account add"], Args: cobra.MaximumNArgs(1)}
	cmd.Flags().StringVar(&given.Name, "name", "", r.c.Flags["name"])
	cmd.Flags().StringVar(&imap, "imap", "", r.c.Flags["imap"])
	cmd.Flags().StringVar(&smtp, "smtp", "", r.c.Flags["smtp"])
	cmd.Flags().StringVar(&given.CAFile, "ca", "", r.c.Flags["ca"])
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return r.with(cmd.Context(), openMode{}, func(a *app) error {
			if len(args) == 1 {
				given.Address = args[0]
			}
			return r.add(cmd.Context(), a, given, imap, smtp)
		})
	}
	return cmd
}

func (r *root) add(ctx context.Context, a *app, given mail.Account, imap, smtp string) error {
	if given.Address == "" {
		fmt.Fprint(r.term.err, r.c.AskAddress) //nolint:errcheck // the answer tells
		line, err := bufio.NewReader(r.term.in).ReadString('\n')
		if err != nil {
			return fmt.Errorf("read address: %w", err)
		}
		given.Address = strings.TrimSpace(line)
	}
	acct, err := a.wire.DiscoverFor(ctx, given)
	if err != nil {
		return err
	}
	if given.Name != "" {
		acct.Name = given.Name
	}
	if given.CAFile != "" {
		acct.CAFile = given.CAFile
	}
	for _, e := range []struct {
		flag     string
		into     *mail.Endpoint
		implicit int
	}{{imap, &acct.IMAP, 993}, {smtp, &acct.SMTP, 465}} {
		if e.flag == "" {
			continue
		}
		ep, err := endpoint(e.flag, e.implicit)
		if err != nil {
			return err
		}
		*e.into = ep
	}
	pass, err := r.askSecret(r.c.AskPassword)
	if err != nil {
		return err
	}
	r.say("%s", r.c.Working)
	acct, err = a.desk.SignIn(ctx, acct, pass)
	if f := mail.AsFault("", err); err != nil && f.Kind == mail.MustChange {
		if acct, err = r.changeFirst(ctx, a, acct, pass, f); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	r.say(r.c.SignedIn, printable(acct.Address))
	if ok, why := a.desk.Remember(); ok && why == nil {
		r.say("%s", r.c.Remembered)
	} else {
		r.say("%s", r.c.NotRemembered)
	}
	return nil
}

// changeFirst makes the first login's change of password (QC 13.1) on the command line.
func (r *root) changeFirst(ctx context.Context, a *app, acct mail.Account, old string, f *mail.Fault) (mail.Account, error) {
	fw := r.w.Fault(f)
	r.say("%s %s", printable(fw.What), fw.Next)
	for {
		fresh, err := r.askSecret(r.c.AskNewPassword)
		if err != nil {
			return acct, err
		}
		if broken, _ := a.desk.JudgePassword(acct, old, fresh); len(broken) > 0 {
			r.complain(&mail.Fault{Kind: mail.WeakPassword, Op: "change password", Detail: strings.Join(broken, ", ")})
			continue
		}
		again, err := r.askSecret(r.c.AskAgain)
		if err != nil {
			return acct, err
		}
		if again != fresh {
			r.say("%s", r.c.NotSame)
			continue
		}
		if err := a.desk.ChangePassword(ctx, acct, old, fresh); err != nil {
			return acct, err
		}
		return a.desk.SignIn(ctx, acct, fresh)
	}
}

// endpoint reads host:port; the implicit-TLS port and those near it speak TLS from the first byte, the others STARTTLS.
func endpoint(s string, implicit int) (mail.Endpoint, error) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return mail.Endpoint{Host: s, Port: implicit, Security: mail.TLS}, nil //nolint:nilerr // no port given
	}
	n, err := strconv.Atoi(port)
	if err != nil || n < 1 || n > 65535 {
		return mail.Endpoint{}, &mail.Fault{Kind: mail.NoServer, Op: "read server", Detail: s}
	}
	sec := mail.TLS
	if n == 143 || n == 587 {
		sec = mail.STARTTLS
	}
	return mail.Endpoint{Host: host, Port: n, Security: sec}, nil
}

func (r *root) accountList() *cobra.Command {
	return &cobra.Command{Use: "list", Short: r.c.Short["account list"], Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
		dirs, err := r.dirs()
		if err != nil {
			return err
		}
		c, err := config.LoadClient(settingsFile(dirs))
		if err != nil {
			return err
		}
		if len(c.Accounts) == 0 {
			r.say("%s", r.c.NoAccounts)
		}
		for _, a := range c.Accounts {
			r.say("%s\t%s\t%s:%d\t%s:%d", printable(a.Address), printable(a.Name), printable(a.IMAP.Host), a.IMAP.Port, printable(a.SMTP.Host), a.SMTP.Port)
		}
		return nil
	}}
}

// find picks the account with this address; with no address, the only one.
func (r *root) find(a *app, address string) (mail.Account, error) {
	list := a.desk.Accounts()
	if len(list) == 0 {
		r.say("%s", r.c.NoAccounts)
		return mail.Account{}, exit(exitFailed)
	}
	if address == "" {
		return list[0], nil
	}
	for _, x := range list {
		if x.Mine(address) || string(x.ID) == address {
			return x, nil
		}
	}
	r.say(r.c.NoSuchAccount, printable(address))
	return mail.Account{}, exit(exitFailed)
}

func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

func (r *root) accountCheck() *cobra.Command {
	return &cobra.Command{Use: "check [address]", Short: r.c.Short["account check"], Args: cobra.MaximumNArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return r.with(cmd.Context(), openMode{readOnly: true}, func(a *app) error {
			acct, err := r.find(a, first(args))
			if err != nil {
				return err
			}
			return r.check(cmd.Context(), a, acct)
		})
	}}
}

func (r *root) check(ctx context.Context, a *app, acct mail.Account) error {
	pass, err := a.vault.Get(ctx, "password:"+string(acct.ID))
	if err != nil {
		if pass, err = r.askSecret(r.c.AskPassword); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	report, err := a.wire.Check(ctx, acct, pass)
	r.report(report)
	if err != nil {
		r.complain(err)
		r.say("%s", r.c.CheckBad)
		return exit(exitFailed)
	}
	r.say("%s", r.c.CheckOK)
	return nil
}

func (r *root) report(report wire.CheckReport) {
	for _, s := range report.Steps {
		door, step, _ := strings.Cut(s.Name, "-")
		mark := "✓"
		if !s.OK {
			mark = "✗"
		}
		r.say("%s %-13s %-24s %s", mark, r.c.Doors[door], r.c.Steps[step], printable(r.w.Detail(s.Detail)))
	}
}

func (r *root) accountRemove() *cobra.Command {
	return &cobra.Command{Use: "remove <address>", Short: r.c.Short["account remove"], Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return r.with(cmd.Context(), openMode{}, func(a *app) error {
			acct, err := r.find(a, args[0])
			if err != nil {
				return err
			}
			if err := a.desk.RemoveAccount(cmd.Context(), acct.ID); err != nil {
				return err
			}
			r.say(r.c.Removed, printable(acct.Address))
			return nil
		})
	}}
}

package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// letterFlags is a letter as the command line gives it.
type letterFlags struct {
	account, subject string
	to, cc, bcc      []string
	attach           []string
	reasons          map[string]string
}

func (r *root) sendCommand() *cobra.Command {
	var l letterFlags
	cmd := &cobra.Command{Use: "send --to … --subject … < text", Short: r.c.Short["send"], Long: r.c.Long["send"], Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		if len(l.to)+len(l.cc)+len(l.bcc) == 0 {
			r.say("%s", r.c.NoRecipient)
			return exit(exitUsage)
		}
		if term.IsTerminal(int(r.term.in.Fd())) {
			r.say("%s", r.c.NoBody)
			return exit(exitUsage)
		}
		body, err := io.ReadAll(io.LimitReader(r.term.in, 10<<20))
		if err != nil {
			return fmt.Errorf("read text: %w", err)
		}
		return r.with(cmd.Context(), openMode{}, func(a *app) error { return r.send(cmd.Context(), a, l, string(body)) })
	}}
	f := cmd.Flags()
	f.StringVar(&l.account, "account", "", r.c.Flags["account"])
	f.StringArrayVar(&l.to, "to", nil, r.c.Flags["to"])
	f.StringArrayVar(&l.cc, "cc", nil, r.c.Flags["cc"])
	f.StringArrayVar(&l.bcc, "bcc", nil, r.c.Flags["bcc"])
	f.StringVar(&l.subject, "subject", "", r.c.Flags["subject"])
	f.StringArrayVar(&l.attach, "attach", nil, r.c.Flags["attach"])
	f.StringToStringVar(&l.reasons, "reason", nil, r.c.Flags["reason"])
	return cmd
}

// send passes the same checks as the screen, then waits until the letter is gone or cannot go now.
func (r *root) send(ctx context.Context, a *app, l letterFlags, body string) error {
	acct, err := r.find(a, l.account)
	if err != nil {
		return err
	}
	s := a.desk.Settings()
	s.Undo = 0 // there is nobody to take it back
	a.desk.UseSettings(s)
	d := mail.DraftLetter{
		Account: acct.ID, To: strings.Join(l.to, ", "), Cc: strings.Join(l.cc, ", "), Bcc: strings.Join(l.bcc, ", "),
		Subject: viet.NFC(l.subject), Body: viet.NFC(strings.ReplaceAll(body, "\r\n", "\n")),
	}
	for _, path := range l.attach {
		if d, err = a.desk.Attach(ctx, d, path); err != nil {
			return err
		}
	}
	found, err := a.desk.Check(ctx, d)
	if err != nil {
		return err
	}
	for _, f := range found {
		if f.Verdict == mail.Block {
			return &mail.Fault{Kind: mail.Blocked, Op: "send letter", Detail: f.Code + " " + f.Clause}
		}
		if f.Verdict == mail.Ask && l.reasons[f.Code] == "" {
			r.say(r.c.NeedReason, f.Code)
			return exit(exitUsage)
		}
	}
	running, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	mail.Go("desk", func() { done <- a.desk.Run(running) })
	item, err := a.desk.Send(ctx, d, l.reasons)
	if err == nil {
		r.say("%s", r.c.Queued)
		err = r.follow(ctx, a, item.ID)
	}
	stop()
	if ended := <-done; err == nil {
		err = ended
	}
	return err
}

// filing is how long the copy in Sent is waited for; it goes there at the next start otherwise.
const filing = 10 * time.Second

// follow waits for the letter's fate and says it.
func (r *root) follow(ctx context.Context, a *app, id mail.OutboxID) error {
	var limit context.Context
	for {
		it, filed, err := fate(ctx, a, id)
		if err != nil {
			return err
		}
		switch it.State {
		case mail.OutSent:
			if limit == nil {
				r.say(r.c.Sent, printable(r.w.Reply(it.Reply)))
				var cancel context.CancelFunc
				limit, cancel = context.WithTimeout(ctx, filing)
				defer cancel()
			}
			if filed {
				return nil
			}
		case mail.OutWaiting:
			r.say(r.c.Waiting, printable(r.w.Reply(it.Reply)))
			return exit(exitFailed)
		case mail.OutRefused:
			r.say(r.c.Refused, printable(r.w.Reply(it.Reply)))
			return exit(exitFailed)
		case mail.OutUnknown:
			r.say("%s", r.c.Unknown)
			return exit(exitFailed)
		}
		wait := ctx
		if limit != nil {
			wait = limit
		}
		if _, err := a.desk.Next(wait); err != nil {
			if limit != nil && ctx.Err() == nil {
				return nil
			}
			return fmt.Errorf("wait for outbox: %w", err)
		}
	}
}

// fate finds the letter among those on their way, else among those that are over.
func fate(ctx context.Context, a *app, id mail.OutboxID) (it mail.OutboxItem, over bool, err error) {
	list, err := a.desk.Outbox(ctx)
	if err != nil {
		return it, false, err
	}
	for _, it := range list {
		if it.ID == id {
			return it, false, nil
		}
	}
	if list, err = a.desk.Evidence(ctx, 100); err != nil {
		return it, false, err
	}
	for _, it := range list {
		if it.ID == id {
			return it, true, nil
		}
	}
	return mail.OutboxItem{State: mail.OutRefused}, true, nil // given back as a draft
}

func fmtf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

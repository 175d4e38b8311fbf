package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"hopthu/mail/server"
)

// queueCommand looks after letters that wait for the relay; those for boxes here never wait.
func (p *program) queueCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "queue", Short: "Thư chờ chuyển ra ngoài / letters that wait for the relay"}
	cmd.AddCommand(p.queueListCommand(), p.queueRetryCommand(), p.queueDropCommand())
	return cmd
}

func (p *program) queueListCommand() *cobra.Command {
	var asJSON bool
	list := &cobra.Command{
		Use: "list", Short: "Danh sách / each recipient: tries, next try, the relay's last words", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				waiting, err := a.Queue(ctx)
				if err != nil {
					return err
				}
				if asJSON {
					e := json.NewEncoder(p.out)
					for _, w := range waiting {
						if err := e.Encode(w); err != nil {
							return err
						}
					}
					return nil
				}
				w := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
				for _, one := range waiting {
					state := "chưa gửi lần nào / not tried yet"
					if one.Tries > 0 {
						state = fmt.Sprintf("%d lần / tries, lần sau / next %s: %q", one.Tries, one.Next.Local().Format(time.DateTime), one.Reply)
					}
					if _, err := fmt.Fprintf(w, "%s\t%s\t→ %s\t%d\t%s\n", one.ID, one.From, one.To, one.Size, state); err != nil {
						return err
					}
				}
				return w.Flush()
			})
		},
	}
	list.Flags().BoolVar(&asJSON, "json", false, "one JSON object a recipient")
	return list
}

func (p *program) queueRetryCommand() *cobra.Command {
	var all bool
	retry := &cobra.Command{
		Use: "retry ID | --all", Short: "Gửi lại ngay / try again now", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id := ""
			switch {
			case len(args) == 1 && !all:
				id = args[0]
			case len(args) == 1 || !all:
				return errors.New("one ID, or --all")
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				n, err := a.RetryQueue(ctx, id)
				if err == nil {
					p.say(p.out, "due       %d\n", n)
				}
				return err
			})
		},
	}
	retry.Flags().BoolVar(&all, "all", false, "every letter that waits")
	return retry
}

func (p *program) queueDropCommand() *cobra.Command {
	var reason string
	drop := &cobra.Command{
		Use: "drop ID --reason TEXT", Short: "Thôi gửi, báo cho người gửi / give up, and tell the sender why", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if reason == "" {
				return errors.New("--reason is needed: the sender reads it, and it stands in the audit log")
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				err := a.DropQueued(ctx, args[0], reason)
				if err == nil {
					p.say(p.out, "dropped   %s\n", args[0])
				}
				return err
			})
		},
	}
	drop.Flags().StringVar(&reason, "reason", "", "lý do / why")
	return drop
}

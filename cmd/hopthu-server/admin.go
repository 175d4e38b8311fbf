package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"hopthu/mail/server"
)

// act opens the data folder for one act of a command.
func (p *program) act(cmd *cobra.Command, fn func(context.Context, *server.Admin) error) (err error) {
	c, err := p.load()
	if err != nil {
		return err
	}
	s, err := server.New(cmd.Context(), p.serverConfig(c))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return fn(cmd.Context(), s.Admin())
}

func (p *program) userCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "user", Short: "Người dùng / people and their boxes"}
	var name, unit, post string
	var preview bool
	add := &cobra.Command{
		Use: "add --name NAME --unit UNIT", Short: "Thêm người, cấp mật khẩu một lần / add a person", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if name == "" || unit == "" {
				return errors.New("--name and --unit are needed")
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				u, list, err := a.Suggest(ctx, unit, []string{name})
				if err != nil {
					return err
				}
				if preview {
					return p.tellSuggestions(u, list, false)
				}
				for _, n := range list[0].Namesakes {
					p.say(p.out, "trùng / collides with  %s  %s  %s\n", n.Address, n.Name, n.Post)
				}
				if list[0].Title {
					p.say(p.out, "%s\n", titleLeftOut)
				}
				b, err := a.AddPerson(ctx, name, unit, post)
				if err == nil {
					p.tell(b)
				}
				return err
			})
		},
	}
	add.Flags().StringVar(&name, "name", "", "họ và tên / full name")
	add.Flags().StringVar(&unit, "unit", "", "đơn vị / unit, by name or spelling")
	add.Flags().StringVar(&post, "post", "", "chức vụ / post")
	add.Flags().BoolVar(&preview, "preview", false, "chỉ xem địa chỉ và người trùng tên / only show the address and namesakes")
	list := &cobra.Command{
		Use: "list", Short: "Danh sách hộp thư / list all boxes", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.act(cmd, p.listBoxes)
		},
	}
	reset := &cobra.Command{
		Use: "reset-password ADDRESS", Short: "Cấp lại mật khẩu một lần / make a new one-time password", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				b, err := a.ResetPassword(ctx, args[0])
				if err == nil {
					p.say(p.out, "%s  %s\npassword  %s   (một lần, phải đổi / once, to be changed)\n", b.Address, b.Name, b.Password)
				}
				return err
			})
		},
	}
	cmd.AddCommand(add, p.suggestCommand(), p.aliasCommand(), list, reset, p.stateCommand(true), p.stateCommand(false))
	return cmd
}

// stateCommand suspends a box, or resumes it (QC 5.2).
func (p *program) stateCommand(suspend bool) *cobra.Command {
	use, short, word := "resume", "Mở khóa / open a suspended box", "resumed  "
	if suspend {
		use, short, word = "suspend", "Khóa, kết thúc mọi phiên / suspend a box and end its sessions", "suspended"
	}
	var reason string
	cmd := &cobra.Command{
		Use: use + " ADDRESS --reason TEXT", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if reason == "" {
				return errors.New("--reason is needed: it stands in the audit log")
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				do := a.Resume
				if suspend {
					do = a.Suspend
				}
				err := do(ctx, args[0], reason)
				if err == nil {
					p.say(p.out, "%s %s\n", word, args[0])
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "lý do / why")
	return cmd
}

func (p *program) listBoxes(ctx context.Context, a *server.Admin) error {
	boxes, err := a.List(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
	for _, b := range boxes {
		kind, state := "cá nhân", "hoạt động"
		if b.Official {
			kind = "công vụ"
		}
		switch {
		case b.Suspended:
			state = "khóa"
		case b.MustChange:
			state = "chờ đổi mật khẩu"
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", b.Address, b.Name, b.Unit, kind, state); err != nil {
			return err
		}
	}
	return w.Flush()
}

func (p *program) unitCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "unit", Short: "Đơn vị / units"}
	var spelling string
	add := &cobra.Command{
		Use: "add NAME", Short: "Thêm đơn vị và hộp thư công vụ / add a unit and its box", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				u, err := a.AddUnit(ctx, args[0], spelling)
				if said := badUnit(err); said != "" {
					return errors.New(said)
				}
				if err == nil {
					p.say(p.out, "made      unit          %s  %s\n", u.Address, u.Name)
				}
				return err
			})
		},
	}
	add.Flags().StringVar(&spelling, "spelling", "", `tendonvi, such as "kh&đt" (default: made from the name)`)
	list := &cobra.Command{
		Use: "list", Short: "Danh sách đơn vị / list all units", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.act(cmd, p.listUnits)
		},
	}
	cmd.AddCommand(add, p.aliasCommand(), list)
	return cmd
}

func (p *program) listUnits(ctx context.Context, a *server.Admin) error {
	units, err := a.Entries(ctx, "unit")
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
	for _, u := range units {
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\n", u.Address, u.Name, strings.Join(u.Aliases, "; ")); err != nil {
			return err
		}
	}
	return w.Flush()
}

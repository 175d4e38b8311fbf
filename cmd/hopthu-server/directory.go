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

// listed is one kind of directory entry besides boxes, and how its commands are worded.
type listed struct {
	kind, short string
	box         string // help of --box; "" if there is no such flag
	needBox     bool
	members     bool
}

// directoryCommands are the groups, posts and places of publication of the public directory (QC 6, 7.1a).
func (p *program) directoryCommands() []*cobra.Command {
	return []*cobra.Command{
		p.listedCommand(listed{kind: "group", short: "Nhóm nơi nhận / groups of recipients", members: true}),
		p.listedCommand(listed{kind: "post", short: "Chức danh có hộp thư / posts with a box", box: "hộp thư nhận thay / the box that it leads to", needBox: true}),
		p.listedCommand(listed{kind: "publish", short: "Nơi đăng tải / places of publication", box: "hộp thư, nếu có / its box, if it has one"}),
	}
}

func (p *program) listedCommand(k listed) *cobra.Command {
	cmd := &cobra.Command{Use: k.kind, Short: k.short}
	e := server.Entry{Kind: k.kind}
	add := &cobra.Command{
		Use: "add NAME", Short: "Thêm vào danh bạ / put one into the directory", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			e.Name = args[0]
			if k.needBox && e.Box == "" {
				return errors.New("--box is needed: an address, or the name of a unit")
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				if err := a.AddEntry(ctx, e); err != nil {
					return err
				}
				p.say(p.out, "made      %-13s %s\n", k.kind, e.Name)
				return nil
			})
		},
	}
	add.Flags().StringArrayVar(&e.Aliases, "alias", nil, "tên khác, viết tắt / another name or abbreviation (may be repeated)")
	if k.box != "" {
		add.Flags().StringVar(&e.Box, "box", "", k.box)
	}
	cmd.AddCommand(add)
	if k.members {
		add.Flags().StringArrayVar(&e.Members, "member", nil, "thành viên: địa chỉ hoặc tên / a member by address or name (may be repeated)")
		cmd.AddCommand(p.memberCommand())
	}
	cmd.AddCommand(p.aliasCommand(), p.listListed(k.kind), &cobra.Command{
		Use: "remove NAME", Short: "Bỏ khỏi danh bạ / take one out of the directory", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error { return a.DropEntry(ctx, k.kind, args[0]) })
		},
	})
	return cmd
}

func (p *program) memberCommand() *cobra.Command {
	var remove bool
	cmd := &cobra.Command{
		Use: "member GROUP MEMBER…", Short: "Thêm, bớt thành viên / put members in, or take them out", Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				if remove {
					return a.DropMembers(ctx, args[0], args[1:])
				}
				return a.AddMembers(ctx, args[0], args[1:])
			})
		},
	}
	cmd.Flags().BoolVar(&remove, "remove", false, "bớt ra / take them out")
	return cmd
}

// aliasCommand is the same for units, people and all others: the entry is found by its address or name.
func (p *program) aliasCommand() *cobra.Command {
	var remove bool
	cmd := &cobra.Command{
		Use: "alias ENTRY NAME…", Short: "Tên khác, viết tắt trong danh bạ / other names and abbreviations", Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				if remove {
					return a.DropNames(ctx, args[0], args[1:])
				}
				return a.AddNames(ctx, args[0], args[1:])
			})
		},
	}
	cmd.Flags().BoolVar(&remove, "remove", false, "bỏ các tên này / take these names away")
	return cmd
}

func (p *program) listListed(kind string) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "Danh sách / list all", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				list, err := a.Entries(ctx, kind)
				if err != nil {
					return err
				}
				w := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
				for _, e := range list {
					if _, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.Name, e.Address, strings.Join(e.Aliases, "; "), strings.Join(e.Members, "; ")); err != nil {
						return err
					}
				}
				return w.Flush()
			})
		},
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"hopthu/mail"
	"hopthu/mail/server"
)

// scopes are the words of a delegation's scope (QC 14.1).
var scopes = map[mail.Scope]string{
	mail.ScopeRead: "đọc", mail.ScopeAnswer: "trả lời", mail.ScopeIssue: "phát hành", mail.ScopeManage: "quản lý",
}

// paper is a delegation as it is typed.
type paper struct {
	d                         mail.Delegation
	scope, dated, from, until string
}

func (w *paper) read() (d mail.Delegation, err error) {
	d = w.d
	var ok bool
	if d.Scope, ok = mail.ParseScope(w.scope); !ok {
		return d, errors.New("--scope: doc, tra-loi, phat-hanh hoặc quan-ly / one of doc, tra-loi, phat-hanh, quan-ly")
	}
	for _, f := range []struct {
		name, text string
		day        *time.Time
	}{{"dated", w.dated, &d.Dated}, {"from", w.from, &d.From}, {"until", w.until, &d.Until}} {
		if f.text == "" {
			continue
		}
		if *f.day, err = server.ParseDay(f.text); err != nil {
			return d, fmt.Errorf("--%s: ngày kiểu 2026-11-24 hoặc 24/11/2026 / a day like 2026-11-24 or 24/11/2026", f.name)
		}
	}
	return d, nil
}

// delegateCommand gives and ends written authorizations to work in an agency's box (QC 14.1).
func (p *program) delegateCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "delegate", Short: "Ủy quyền hộp thư công vụ / who may work in an agency's box"}
	var w paper
	add := &cobra.Command{
		Use:   "add BOX PERSON --document NUMBER --dated DAY --scope SCOPE",
		Short: "Ghi một văn bản ủy quyền / enter a written delegation", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := w.read()
			if err != nil {
				return err
			}
			d.Box, d.Person.Addr = args[0], args[1]
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				d, err := a.Delegate(ctx, d)
				if err != nil {
					return err
				}
				return p.tellDelegations([]mail.Delegation{d}, a.Today())
			})
		},
	}
	add.Flags().StringVar(&w.d.Document, "document", "", "số, ký hiệu văn bản / number and symbol of the document")
	add.Flags().StringVar(&w.dated, "dated", "", "ngày văn bản / day of the document")
	add.Flags().StringVar(&w.from, "from", "", "từ ngày, mặc định hôm nay / first day (default: today)")
	add.Flags().StringVar(&w.until, "until", "", "đến hết ngày / last day (default: without end)")
	add.Flags().StringVar(&w.scope, "scope", "", "doc | tra-loi | phat-hanh | quan-ly (đọc, trả lời, phát hành, quản lý)")
	add.Flags().BoolVar(&w.d.Chief, "chief", false, "phụ trách chính / the one in charge, in place of whoever is")
	var all bool
	list := &cobra.Command{
		Use: "list [BOX]", Short: "Danh sách ủy quyền / list delegations", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				list, err := a.Delegations(ctx, strings.Join(args, ""))
				if err != nil {
					return err
				}
				var show []mail.Delegation
				for _, d := range list {
					if all || !over(d, a.Today()) {
						show = append(show, d)
					}
				}
				return p.tellDelegations(show, a.Today())
			})
		},
	}
	list.Flags().BoolVar(&all, "all", false, "cả những ủy quyền đã hết / those that are over too")
	var reason string
	end := &cobra.Command{
		Use: "end ID --reason TEXT", Short: "Chấm dứt ủy quyền, đóng mọi phiên / end one and the sessions that rest on it", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || strings.TrimSpace(reason) == "" {
				return errors.New("a number from `delegate list` and --reason are needed")
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				d, err := a.EndDelegation(ctx, id, reason)
				if err != nil {
					return err
				}
				return p.tellDelegations([]mail.Delegation{d}, a.Today())
			})
		},
	}
	end.Flags().StringVar(&reason, "reason", "", "lý do / why")
	cmd.AddCommand(add, list, end)
	return cmd
}

// over reports whether a delegation is done with on a day.
func over(d mail.Delegation, today time.Time) bool {
	return !d.Ended.IsZero() || !d.Until.IsZero() && today.After(d.Until)
}

func (p *program) tellDelegations(list []mail.Delegation, today time.Time) error {
	w := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
	for _, d := range list {
		state, until, chief := "hiệu lực", "không thời hạn", ""
		switch {
		case !d.Ended.IsZero():
			state = "đã chấm dứt"
		case over(d, today):
			state = "hết hạn"
		case d.From.After(today):
			state = "chưa đến ngày"
		}
		if !d.Until.IsZero() {
			until = d.Until.Format(time.DateOnly)
		}
		if d.Chief {
			chief = "phụ trách chính"
		}
		_, err := fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s ngày %s\t%s – %s\t%s\t%s\n", d.ID, d.Box, d.Person.Addr, d.Person.Name, scopes[d.Scope],
			d.Document, d.Dated.Format(time.DateOnly), d.From.Format(time.DateOnly), until, state, chief)
		if err != nil {
			return err
		}
	}
	return w.Flush()
}

// headCommand says who the head of a unit is: he answers for its box and gives its delegations (QC 12.1, 14.1).
func (p *program) headCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "head", Short: "Thủ trưởng đơn vị / heads of units"}
	var none bool
	set := &cobra.Command{
		Use: "set UNIT PERSON", Short: "Ghi thủ trưởng / say who is the head", Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if none == (len(args) == 2) {
				return errors.New("a unit and a person, or a unit and --none")
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				h, err := a.SetHead(ctx, args[0], strings.Join(args[1:], ""))
				if err != nil {
					return err
				}
				return p.tellHeads([]server.Head{h})
			})
		},
	}
	set.Flags().BoolVar(&none, "none", false, "khuyết / nobody")
	show := &cobra.Command{
		Use: "show [UNIT]", Short: "Xem thủ trưởng / show heads", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				list, err := a.Heads(ctx, strings.Join(args, ""))
				if err != nil {
					return err
				}
				return p.tellHeads(list)
			})
		},
	}
	cmd.AddCommand(set, show)
	return cmd
}

func (p *program) tellHeads(list []server.Head) error {
	w := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
	for _, h := range list {
		addr, since := "–", ""
		if h.Head.Wire != "" {
			addr, since = h.Head.Address, "từ "+h.Since.In(server.Zone()).Format(time.DateOnly)
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", h.Box.Address, h.Box.Name, addr, h.Head.Name, since); err != nil {
			return err
		}
	}
	return w.Flush()
}

// explainPaper says what is wrong with a delegation; "" for other faults.
func explainPaper(f *mail.Fault) string {
	words := map[string]string{
		"document": "thiếu số, ký hiệu văn bản ủy quyền / a delegation is written: tell the document's number (--document)",
		"dated":    "ngày văn bản thiếu, ở tương lai hoặc sau ngày bắt đầu / the document's day is missing, in the future or after the first day (--dated)",
		"from":     "ngày bắt đầu quá xa / the first day is too far off (--from)",
		"until":    "ngày kết thúc đã qua hoặc trước ngày bắt đầu / the last day is over or before the first (--until)",
		"scope":    "phạm vi không hợp lệ / no such scope (--scope)",
		"person":   "phải là một người đang hoạt động, không phải thủ trưởng / it must be a person who is not suspended and not the head",
		"box":      "phải là hộp thư công vụ / it must be an agency's box",
		"reason":   "thiếu lý do / a reason is needed (--reason)",
	}
	switch {
	case f.Kind == mail.BadSettings && words[f.Detail] != "":
		return words[f.Detail]
	case f.Kind == mail.Gone && f.Op == "end delegation":
		return "không có ủy quyền này, hoặc đã hết / there is no such delegation, or it is over"
	}
	return ""
}

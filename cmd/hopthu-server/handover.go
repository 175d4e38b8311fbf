package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"hopthu/config"
	"hopthu/mail"
	"hopthu/mail/record"
	"hopthu/mail/server"
)

var handoverStates = map[mail.HandoverState]string{
	mail.HandoverFrozen: "đã đóng băng", mail.HandoverGiven: "bên giao đã xác nhận", mail.HandoverTaken: "bên nhận đã xác nhận",
	mail.HandoverDone: "xong", mail.HandoverRefused: "bị từ chối", mail.HandoverCancelled: "đã hủy",
}

// handoverCommand changes the hands of an agency's box where its head cannot (QC 14.2).
func (p *program) handoverCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "handover", Short: "Bàn giao hộp thư công vụ / hand an agency's box over"}
	var to, reason string
	begin := &cobra.Command{
		Use: "begin BOX --to PERSON --reason TEXT", Short: "Bắt đầu thay người giao không thể / begin for a giver who cannot", Args: cobra.ExactArgs(1),
		Long: "Freezes the box and takes its inventory, for a head who cannot do it himself (dead, suspended). The receiver confirms\n" +
			"under his own login, in the client; then credentials rotate, sessions end, delegations end and he is the head.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				h, err := a.BeginHandover(ctx, args[0], to, reason)
				if err == nil {
					p.tellHandover(h)
				}
				return err
			})
		},
	}
	begin.Flags().StringVar(&to, "to", "", "người nhận / address of the receiver")
	begin.Flags().StringVar(&reason, "reason", "", "lý do, số quyết định / why")
	list := &cobra.Command{
		Use: "list BOX", Short: "Các lần bàn giao / list handovers", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				all, err := a.Handovers(ctx, args[0])
				for _, h := range all {
					p.tellHandover(h)
				}
				return err
			})
		},
	}
	cancel := &cobra.Command{
		Use: "cancel ID --reason TEXT", Short: "Hủy, mọi thứ như cũ / take one back", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || strings.TrimSpace(reason) == "" {
				return errors.New("a number from `handover list` and --reason are needed")
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				h, err := a.CancelHandover(ctx, id, reason)
				if err == nil {
					p.tellHandover(h)
				}
				return err
			})
		},
	}
	cancel.Flags().StringVar(&reason, "reason", "", "lý do / why")
	cmd.AddCommand(begin, list, cancel, p.handoverExport(), p.handoverRecord())
	return cmd
}

func (p *program) handoverExport() *cobra.Command {
	format := server.Maildir
	cmd := &cobra.Command{
		Use: "export ID TARGET", Short: "Xuất toàn bộ thư của biên bản / write all letters of an inventory", Args: cobra.ExactArgs(2),
		Long: "Writes every letter of the inventory to a new folder, and manifest.txt, whose SHA-256 is the hash of the record\n" +
			"(sha256sum manifest.txt). What was written is read back and compared. The box must still hold what was counted.",
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || format != server.Mbox && format != server.Maildir {
				return errors.New("a number from `handover list` and --format mbox or maildir are needed")
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				c, err := a.ExportHandover(ctx, id, format, args[1])
				if err == nil {
					p.say(p.out, "exported  %d letters, %d folders, verified\n", c.Letters, c.Folders)
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", server.Maildir, "mbox | maildir")
	return cmd
}

// handoverRecord writes the record (biên bản) of a handover to a file.
func (p *program) handoverRecord() *cobra.Command {
	return &cobra.Command{
		Use: "record ID FILE", Short: "Viết biên bản (.txt, .pdf, .odt) / write the record to a file", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			write, known := map[string]func(record.Document, io.Writer) error{
				".txt": record.Document.WriteText, ".pdf": record.Document.WritePDF, ".odt": record.Document.WriteODT,
			}[filepath.Ext(args[1])]
			if err != nil || !known {
				return errors.New("a number from `handover list` and a file that ends in .txt, .pdf or .odt are needed")
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				h, err := a.Handover(ctx, id)
				if err != nil {
					return err
				}
				var b bytes.Buffer
				if err := write(record.Handover(h), &b); err != nil {
					return err
				}
				return config.WriteFile(args[1], b.Bytes())
			})
		},
	}
}

// explainHandover says why a box cannot be handed over, or a leave not dropped; "" for what is none of these.
func explainHandover(f *mail.Fault) string {
	switch {
	case f.Kind == mail.Blocked && f.Op == "hand over":
		return "Văn phòng bàn giao thay phải ghi lý do / the office must say why (--reason, QC 14.2)"
	case f.Kind == mail.Conflict && f.Detail == "frozen":
		return "hộp thư đang được bàn giao / a handover of this box is under way"
	case f.Kind == mail.Conflict && f.Detail == "changed":
		return "đã khác lúc kiểm kê, hoặc lần bàn giao này đã kết thúc / it is no longer what was counted, or the handover is over"
	case f.Kind == mail.BadAddress && f.Detail == "receiver":
		return "người nhận phải là một người đang hoạt động, khác thủ trưởng; hộp thư phải là hộp thư công vụ / the receiver must be a person who is not suspended and not the head, the box an agency's"
	case f.Kind == mail.Gone && f.Op == "find handover":
		return "không có lần bàn giao này / there is no such handover"
	case f.Kind == mail.Gone && f.Op == "drop leave":
		return "không có ngày nghỉ này / there is no such leave"
	case f.Kind == mail.BadSettings && f.Op == "take leave":
		return "ngày hoặc loại nghỉ không hợp lệ / the days or the kind of leave cannot be: " + f.Detail
	}
	return ""
}

func (p *program) tellHandover(h mail.Handover) {
	office := ""
	if h.ByOffice {
		office = "  (Văn phòng lập / by the office)"
	}
	p.say(p.out, "%d  %s  %s%s\n", h.ID, h.Box, handoverStates[h.State], office)
	p.say(p.out, "    giao / from  %s %s   nhận / to  %s %s\n", h.Giver.Name, h.Giver.Addr, h.Receiver.Name, h.Receiver.Addr)
	p.say(p.out, "    %s  %d letters, %d octets, %d unanswered, %d drafts\n", h.Started.Format(time.DateTime), h.Inventory.Letters, h.Inventory.Octets,
		len(h.Inventory.Unanswered), h.Inventory.Drafts)
	p.say(p.out, "    SHA-256  %s\n", h.Inventory.Hash)
	if h.Reason != "" {
		p.say(p.out, "    %s\n", h.Reason)
	}
}

// days reads two days of a command line.
func days(from, until string) (f, u time.Time, err error) {
	for _, d := range []struct {
		text string
		to   *time.Time
	}{{from, &f}, {until, &u}} {
		if d.text == "" {
			continue
		}
		if *d.to, err = server.ParseDay(d.text); err != nil {
			return f, u, fmt.Errorf("ngày kiểu 2026-11-24 hoặc 24/11/2026 / a day like 2026-11-24 or 24/11/2026: %q", d.text)
		}
	}
	return f, u, nil
}

// reportCommand prints the daily record of a box and its people (QC 15): counts and times, nothing else (D11).
func (p *program) reportCommand() *cobra.Command {
	var from, until string
	cmd := &cobra.Command{
		Use: "report BOX", Short: "Sổ sử dụng thư theo ngày / the daily record of a box and its people", Args: cobra.ExactArgs(1),
		Long: "One line each: working days without leave, days opened, days checked, letters that oblige to answer that came, answered,\n" +
			"of these in time and late, and waiting at the end. Numbers only, never a subject.",
		RunE: func(cmd *cobra.Command, args []string) error {
			f, u, err := days(from, until)
			if err != nil {
				return err
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				list, err := a.Report(ctx, args[0], f, u)
				if err != nil {
					return err
				}
				w := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
				_, err = fmt.Fprintln(w, "\tngày làm việc\tđã mở\tđã kiểm tra\tnhận\thồi đáp\tđúng hạn\tquá hạn\tđang chờ")
				for _, s := range list {
					err = errors.Join(err, tellDays(w, s.Person, s.Days))
				}
				return errors.Join(err, w.Flush())
			})
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "từ ngày / first day (default: 30 days ago)")
	cmd.Flags().StringVar(&until, "until", "", "đến hết ngày / last day (default: today)")
	return cmd
}

func tellDays(w *tabwriter.Writer, who mail.Person, list []mail.DayCount) error {
	var work, opened, checked, waiting int
	var sum mail.DayCount
	for _, d := range list {
		if d.Workday && d.Excused == "" {
			work++
			if !d.Opened.IsZero() {
				opened++
			}
			if !d.Checked.IsZero() {
				checked++
			}
		}
		sum.Received, sum.Answered, sum.InTime, sum.Late = sum.Received+d.Received, sum.Answered+d.Answered, sum.InTime+d.InTime, sum.Late+d.Late
		waiting = d.Waiting
	}
	_, err := fmt.Fprintf(w, "%s  %s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", who.Addr, who.Name, work, opened, checked, sum.Received, sum.Answered, sum.InTime, sum.Late, waiting)
	return err
}

// leaveCommand enters leave and trips of people (QC 9).
func (p *program) leaveCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "leave", Short: "Nghỉ phép, công tác / leave and trips"}
	var trip bool
	var remark string
	add := &cobra.Command{
		Use: "add PERSON FROM UNTIL", Short: "Ghi ngày nghỉ / enter days of leave", Args: cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, u, err := days(args[1], args[2])
			if err != nil {
				return err
			}
			l := mail.Leave{From: f, Until: u, Kind: "leave", Note: remark}
			if trip {
				l.Kind = "trip"
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				l, err := a.TakeLeave(ctx, args[0], l)
				if err == nil {
					p.tellLeave(l)
				}
				return err
			})
		},
	}
	add.Flags().BoolVar(&trip, "trip", false, "công tác / a business trip")
	add.Flags().StringVar(&remark, "note", "", "ghi chú / remark")
	list := &cobra.Command{
		Use: "list PERSON", Short: "Danh sách / list", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				all, err := a.Leaves(ctx, args[0])
				for _, l := range all {
					p.tellLeave(l)
				}
				return err
			})
		},
	}
	drop := &cobra.Command{
		Use: "drop PERSON ID", Short: "Bỏ / take one back", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[1], 10, 64)
			if err != nil {
				return errors.New("a number from `leave list` is needed")
			}
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error { return a.DropLeave(ctx, args[0], id) })
		},
	}
	cmd.AddCommand(add, list, drop)
	return cmd
}

func (p *program) tellLeave(l mail.Leave) {
	kind := map[string]string{"leave": "nghỉ phép", "trip": "công tác"}[l.Kind]
	p.say(p.out, "%d  %s – %s  %s  %s\n", l.ID, l.From.Format(time.DateOnly), l.Until.Format(time.DateOnly), kind, l.Note)
}

package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"hopthu/mail"
	"hopthu/mail/server"
)

func (p *program) sessionCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "session", Short: "Phiên đang mở / who is logged in to the running server"}
	list := &cobra.Command{
		Use: "list", Short: "Danh sách phiên / list the open sessions", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				sessions, err := a.Sessions(ctx)
				if err != nil {
					return err
				}
				w := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
				for _, s := range sessions {
					who := s.Box
					if s.Person != "" {
						who = s.Person + " → " + s.Box + " (" + s.Scope + ")"
					}
					if _, err := fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", s.ID, who, s.Door, s.Remote, s.Started.Local().Format(time.DateTime)); err != nil {
						return err
					}
				}
				return w.Flush()
			})
		},
	}
	end := &cobra.Command{
		Use: "end NUMBER|ADDRESS", Short: "Kết thúc phiên / end a session, or all of a person", Args: cobra.ExactArgs(1),
		Long: "Ends the session of that number, or all sessions of a person and in his box: the connections close within a\n" +
			"second. Who knows the password may log in again; to keep somebody out use reset-password.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				var n int
				id, err := strconv.ParseInt(args[0], 10, 64)
				if err == nil {
					n, err = a.EndSession(ctx, id)
				} else {
					n, err = a.EndSessions(ctx, args[0])
				}
				if err == nil {
					p.say(p.out, "ended     %d\n", n)
				}
				return err
			})
		},
	}
	cmd.AddCommand(list, end)
	return cmd
}

// asked is what audit is asked for.
type asked struct {
	who, known   string
	last         int
	verify, json bool
}

func (p *program) auditCommand() *cobra.Command {
	q := &asked{}
	cmd := &cobra.Command{
		Use: "audit", Short: "Nhật ký / the audit log: who did what, from where",
		Long: "Lists the last rows of the audit log, or with --verify checks its chain: each row holds the hash of itself and of all\n" +
			"rows before it, so that none can be changed, taken out or put in unseen. Note the number and the hash that --verify\n" +
			"gives on paper; with --known NUMBER:HASH a later check also finds a log that was written anew.\n" +
			"Exit code with --verify: 0 sound, 3 damaged.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.act(cmd, func(ctx context.Context, a *server.Admin) error {
				if q.verify || q.known != "" {
					return p.verifyAudit(ctx, a, q.known)
				}
				return p.listAudit(ctx, a, q)
			})
		},
	}
	f := cmd.Flags()
	f.BoolVar(&q.verify, "verify", false, "check the chain of hashes instead")
	f.StringVar(&q.known, "known", "", "a row noted earlier, NUMBER:HASH, that must be in the chain")
	f.StringVar(&q.who, "who", "", "only rows by or about this address")
	f.IntVar(&q.last, "last", 100, "so many rows at most, the newest")
	f.BoolVar(&q.json, "json", false, "one JSON object a row")
	return cmd
}

func (p *program) verifyAudit(ctx context.Context, a *server.Admin, known string) error {
	var row server.AuditRow
	if known != "" {
		seq, hash, _ := strings.Cut(known, ":")
		n, err := strconv.ParseInt(seq, 10, 64)
		b, herr := hex.DecodeString(hash)
		if err != nil || herr != nil || n < 1 || len(b) != len(row.Hash) {
			return errors.New("--known wants NUMBER:HASH, as --verify gives them")
		}
		row.Seq = n
		copy(row.Hash[:], b)
	}
	last, err := a.VerifyAudit(ctx, row)
	if err != nil {
		return p.damaged(err)
	}
	p.say(p.out, "sound     %d rows\n          %d:%x\n", last.Seq, last.Seq, last.Hash)
	return nil
}

const auditPage = 1000

// listAudit prints the newest rows that are wanted, oldest first. It looks back page by page until it has enough.
func (p *program) listAudit(ctx context.Context, a *server.Admin, q *asked) error {
	end, err := a.LastAudit(ctx)
	if err != nil {
		return err
	}
	who := []string{q.who}
	if b, err := a.Lookup(ctx, q.who); err == nil { // rows name a box by either spelling
		who = []string{b.Address, b.Wire}
	} else if mail.KindOf(err) != mail.BadAddress {
		return err
	}
	named := func(s string) bool {
		return slices.ContainsFunc(who, func(w string) bool { return strings.EqualFold(w, s) })
	}
	var found []server.AuditRow
	for end > 0 && len(found) < q.last {
		begin := max(0, end-auditPage)
		rows, err := a.Audit(ctx, begin, int(end-begin))
		if err != nil {
			return err
		}
		var here []server.AuditRow
		for _, r := range rows {
			if q.who == "" || named(r.Actor) || named(r.Subject) {
				here = append(here, r)
			}
		}
		found = append(here, found...)
		end = begin
	}
	found = found[max(0, len(found)-q.last):]
	if q.json {
		return p.auditJSON(found)
	}
	w := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
	for _, r := range found {
		_, err := fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Seq, r.At.Local().Format(time.DateTime), r.Door, r.Remote, r.Actor, r.What, r.Subject, printable(r.Detail))
		if err != nil {
			return err
		}
	}
	return w.Flush()
}

func (p *program) auditJSON(rows []server.AuditRow) error {
	enc := json.NewEncoder(p.out)
	enc.SetEscapeHTML(false)
	for _, r := range rows {
		err := enc.Encode(map[string]any{
			"seq": r.Seq, "at": r.At, "door": r.Door, "remote": r.Remote, "actor": r.Actor, "what": r.What, "subject": r.Subject,
			"detail": r.Detail, "hash": hex.EncodeToString(r.Hash[:]),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

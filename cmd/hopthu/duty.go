package main

import (
	_ "embed"
	"encoding/json"
	"io"
	"time"

	"github.com/spf13/cobra"

	"hopthu/mail"
)

// dutySchema describes what `hopthu duty --json` prints (JSON Schema 2020-12).
//
//go:embed schema/duty.schema.json
var dutySchema string

// dutyJSON is what `hopthu duty --json` prints. Fields are only added, never renamed.
type dutyJSON struct {
	Version  int            `json:"version"`
	At       time.Time      `json:"at"`
	Unread   int            `json:"unread"`
	Awaiting int            `json:"awaiting"` // all that await an answer; the lists may hold the newest of them only
	Overdue  []dutyItemJSON `json:"overdue"`
	DueToday []dutyItemJSON `json:"due_today"`
	Soon     []dutyItemJSON `json:"soon"`
}

type dutyItemJSON struct {
	Account   string    `json:"account"`
	MessageID string    `json:"message_id"`
	From      string    `json:"from"`
	Subject   string    `json:"subject"`
	Received  time.Time `json:"received"`
	Due       time.Time `json:"due"`
	Age       int       `json:"age_working_days"`
	Late      int       `json:"late_working_days"`
	Why       string    `json:"why"`              // what due stands on: rule, urgent, body, subject, chosen
	Phrase    string    `json:"phrase,omitempty"` // the letter's words, of body and subject
	Reason    string    `json:"reason,omitempty"` // the person's, of chosen
}

func (r *root) dutyCommand() *cobra.Command {
	var asJSON, schema bool
	cmd := &cobra.Command{Use: "duty", Short: r.c.Short["duty"], Long: r.c.Long["duty"], Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		if schema {
			_, err := io.WriteString(r.term.out, dutySchema)
			return err
		}
		return r.with(cmd.Context(), openMode{readOnly: true}, func(a *app) error {
			t, err := a.desk.Today(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				err = r.dutyAsJSON(a, t)
			} else {
				r.dutyAsText(t)
			}
			if err == nil && len(t.Overdue) > 0 {
				err = exit(exitOverdue)
			}
			return err
		})
	}}
	cmd.Flags().BoolVar(&asJSON, "json", false, r.c.Flags["json"])
	cmd.Flags().BoolVar(&schema, "schema", false, r.c.Flags["schema"])
	return cmd
}

func (r *root) dutyAsJSON(a *app, t mail.Today) error {
	address := map[mail.AccountID]string{}
	for _, x := range a.desk.Accounts() {
		address[x.ID] = x.Address
	}
	enc := json.NewEncoder(r.term.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(dutyOf(t, address))
}

// dutyOf is the day's duty as it is printed; address names the accounts.
func dutyOf(t mail.Today, address map[mail.AccountID]string) dutyJSON {
	items := func(list []mail.DutyItem) []dutyItemJSON {
		out := make([]dutyItemJSON, 0, len(list))
		for _, it := range list {
			out = append(out, dutyItemJSON{
				Account: address[it.Account], MessageID: it.MessageID, From: sender(it.Head), Subject: it.Subject, Received: it.Received, Due: it.Due, Age: it.Age, Late: it.Late,
				Why: string(it.DueWhy), Phrase: it.DuePhrase, Reason: it.DueReason,
			})
		}
		return out
	}
	return dutyJSON{Version: 1, At: t.At, Unread: t.Unread, Awaiting: t.DutyAll, Overdue: items(t.Overdue), DueToday: items(t.DueToday), Soon: items(t.Soon)}
}

func (r *root) dutyAsText(t mail.Today) {
	none := true
	for _, g := range []struct {
		title string
		list  []mail.DutyItem
	}{{r.c.Overdue, t.Overdue}, {r.c.DueToday, t.DueToday}, {r.c.Soon, t.Soon}} {
		if len(g.list) == 0 {
			continue
		}
		none = false
		r.say("%s  %d", g.title, len(g.list))
		for _, it := range g.list {
			r.say("  %-28s %s  (%s)", printable(sender(it.Head)), printable(it.Subject), r.dueWords(it))
		}
	}
	if none {
		r.say("%s", r.c.DutyNone)
	}
	r.say(r.c.Unread, t.Unread)
}

func (r *root) dueWords(it mail.DutyItem) string {
	if it.Late > 0 {
		return fmtf(r.c.Late, it.Late)
	}
	return fmtf(r.c.DueBy, it.Due.Format("02/01/2006 15:04"))
}

func sender(h mail.Head) string {
	if len(h.From) == 0 {
		return ""
	}
	return h.From[0].Short()
}

package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"strings"
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
	Back     []dutyItemJSON `json:"back"`
	Waiting  []sentJSON     `json:"waiting"`
	Checked  time.Time      `json:"checked,omitzero"`
	Left     int            `json:"left"`
}

// sentJSON is a letter sent that nobody has answered.
type sentJSON struct {
	Account   string    `json:"account"`
	MessageID string    `json:"message_id"`
	To        []string  `json:"to"`
	Subject   string    `json:"subject"`
	Sent      time.Time `json:"sent"`
	Age       int       `json:"age_working_days"`
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

// dutyFlags are those of hopthu duty.
type dutyFlags struct {
	json, schema, short bool
	month, year, box    string
}

func (r *root) dutyCommand() *cobra.Command {
	var f dutyFlags
	cmd := &cobra.Command{Use: "duty", Short: r.c.Short["duty"], Long: r.c.Long["duty"], Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return r.duty(cmd.Context(), f)
	}}
	cmd.Flags().BoolVar(&f.json, "json", false, r.c.Flags["json"])
	cmd.Flags().BoolVar(&f.schema, "schema", false, r.c.Flags["schema"])
	cmd.Flags().BoolVar(&f.short, "short", false, r.c.Flags["short"])
	cmd.Flags().StringVar(&f.month, "month", "", r.c.Flags["month"])
	cmd.Flags().StringVar(&f.year, "year", "", r.c.Flags["year"])
	cmd.Flags().StringVar(&f.box, "account", "", r.c.Flags["box"])
	return cmd
}

func (r *root) duty(ctx context.Context, f dutyFlags) error {
	from, until, err := r.span(f)
	record := !from.IsZero()
	switch {
	case err != nil:
		return err
	case f.schema && record:
		_, err := io.WriteString(r.term.out, daysSchema)
		return err
	case f.schema:
		_, err := io.WriteString(r.term.out, dutySchema)
		return err
	}
	return r.with(ctx, openMode{readOnly: true}, func(a *app) error {
		switch {
		case record:
			return r.record(ctx, a, f, from, until)
		case f.short:
			return r.dutyShort(ctx, a)
		}
		t, err := a.desk.Today(ctx)
		if err != nil {
			return err
		}
		if f.json {
			err = r.dutyAsJSON(a, t)
		} else {
			r.dutyAsText(t)
		}
		return errors.Join(err, overdue(len(t.Overdue)))
	})
}

// overdue is the exit code that says that n letters are.
func overdue(n int) error {
	if n > 0 {
		return exit(exitOverdue)
	}
	return nil
}

// dutyShort prints what presses in one line, for prompts and status bars.
func (r *root) dutyShort(ctx context.Context, a *app) error {
	p, err := a.desk.Pressing(ctx)
	if err != nil {
		return err
	}
	var parts []string
	if p.Overdue > 0 {
		parts = append(parts, fmtf(r.c.ShortLate, p.Overdue))
	}
	if p.DueToday > 0 {
		parts = append(parts, fmtf(r.c.ShortToday, p.DueToday))
	}
	r.say("%s", strings.Join(parts, " · "))
	return overdue(p.Overdue)
}

func (r *root) dutyAsJSON(a *app, t mail.Today) error {
	address := map[mail.AccountID]string{}
	for _, x := range a.desk.Accounts() {
		address[x.ID] = x.Address
	}
	return r.printJSON(dutyOf(t, address))
}

func (r *root) printJSON(v any) error {
	enc := json.NewEncoder(r.term.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
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
	sent := make([]sentJSON, 0, len(t.Waitings))
	for _, w := range t.Waitings {
		to := make([]string, 0, len(w.To))
		for _, x := range w.To {
			to = append(to, x.Addr)
		}
		sent = append(sent, sentJSON{Account: address[w.Account], MessageID: w.MessageID, To: to, Subject: w.Subject, Sent: w.Sent(), Age: w.Age})
	}
	return dutyJSON{
		Version: 1, At: t.At, Unread: t.Unread, Awaiting: t.DutyAll, Overdue: items(t.Overdue), DueToday: items(t.DueToday), Soon: items(t.Soon),
		Back: items(t.Back), Waiting: sent, Checked: t.Checked, Left: t.Left,
	}
}

func (r *root) dutyAsText(t mail.Today) {
	none := true
	for _, g := range []struct {
		title string
		list  []mail.DutyItem
	}{{r.c.Overdue, t.Overdue}, {r.c.DueToday, t.DueToday}, {r.c.Back, t.Back}, {r.c.Soon, t.Soon}} {
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
	if len(t.Waitings) > 0 {
		r.say("%s  %d", r.c.WaitingFor, len(t.Waitings))
		for _, w := range t.Waitings {
			to := ""
			if len(w.To) > 0 {
				to = w.To[0].Short()
			}
			r.say("  %-28s %s  (%s)", printable(to), printable(w.Subject), fmtf(r.c.WaitingDays, w.Age))
		}
	}
	r.say(r.c.Unread, t.Unread)
	if t.Checked.IsZero() {
		r.say(r.c.NotChecked, t.Left)
	} else {
		r.say(r.c.CheckedAt, t.Checked.Format("15:04"))
	}
}

func (r *root) dueWords(it mail.DutyItem) string {
	switch {
	case it.Late > 0:
		return fmtf(r.c.Late, it.Late)
	case it.Due.IsZero(): // one that came back and awaits no answer
		return it.Later.Format("02/01/2006")
	}
	return fmtf(r.c.DueBy, it.Due.Format("02/01/2006 15:04"))
}

func sender(h mail.Head) string {
	if len(h.From) == 0 {
		return ""
	}
	return h.From[0].Short()
}

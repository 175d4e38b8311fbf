package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
)

func TestDutyJSONKeepsItsSchema(t *testing.T) {
	var schema schemaNode
	if err := json.Unmarshal([]byte(dutySchema), &schema); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 24, 8, 0, 0, 0, rule.Zone)
	item := func(why mail.DueWhy, phrase, reason string) mail.DutyItem {
		it := mail.DutyItem{Age: 7}
		it.Late = 1
		it.Account, it.Subject, it.Received = "a", "V/v góp ý", at.AddDate(0, 0, -9)
		it.From = []mail.Address{{Name: "Sở Tư pháp", Addr: "tp@ninhbinh.example"}}
		it.Due, it.DueWhy, it.DuePhrase, it.DueReason = at.AddDate(0, 0, -1), why, phrase, reason
		return it
	}
	for name, today := range map[string]mail.Today{
		"nothing": {At: at},
		"all kinds": {
			At: at, Unread: 2, Overdue: []mail.DutyItem{item(mail.DueRule, "", ""), item(mail.DueUrgent, "", "")},
			DueToday: []mail.DutyItem{item(mail.DueBody, "trong 05 ngày", ""), {}},
			Soon:     []mail.DutyItem{item(mail.DueSubject, "trước 25/11", ""), item(mail.DueChosen, "", "chờ số liệu")},
			Back:     []mail.DutyItem{item(mail.DueRule, "", "")}, Checked: at, Left: 3,
			Waitings: []mail.Waiting{{Head: mail.Head{Account: "a", Subject: "Xin số liệu", Date: at, To: []mail.Address{{Addr: "tp@ninhbinh.example"}}}, Age: 4}},
		},
	} {
		for i := range today.DueToday { // whoever counts always says why
			if today.DueToday[i].DueWhy == "" {
				today.DueToday[i].DueWhy = mail.DueRule
			}
		}
		raw, err := json.Marshal(dutyOf(today, map[mail.AccountID]string{"a": "lan@ninhbinh.example"}))
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		for _, bad := range validate(schema, schema, v, "$") {
			t.Errorf("%s: %s", name, bad)
		}
	}
}

// The schema and the exit codes are told without an account and without a store.
func TestDutyAndSendTellTheirContract(t *testing.T) {
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"duty", "--schema"}, []string{dutySchema}},
		{[]string{"duty", "--help"}, []string{"Mã thoát", "3 có thư quá hạn", "--schema", "OnCalendar=", "crontab", "PS1=", "status-right"}},
		{[]string{"duty", "--schema", "--month", "2026-11"}, []string{daysSchema}},
		{[]string{"duty", "--schema", "--year", "2026"}, []string{daysSchema}},
		{[]string{"send", "--help"}, []string{"Mã thoát", "--reason"}},
		{[]string{"--help"}, []string{"Mã thoát", "130"}},
	} {
		dir := t.TempDir()
		var out, complaints strings.Builder
		if code := run(t.Context(), append(c.args, "--dir", dir), terminal{os.Stdin, &out, &complaints}); code != exitOK {
			t.Errorf("%v: exit %d: %s", c.args, code, complaints.String())
		}
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v does not say %q: %s", c.args, want, out.String())
			}
		}
		if made, err := os.ReadDir(dir); err != nil || len(made) > 0 {
			t.Errorf("%v left %v (%v)", c.args, made, err)
		}
	}
}

// The record of a month keeps its schema, and its sums are those of its days.
func TestDaysJSONKeepsItsSchema(t *testing.T) {
	var schema schemaNode
	if err := json.Unmarshal([]byte(daysSchema), &schema); err != nil {
		t.Fatal(err)
	}
	on := func(day, hour int) time.Time { return time.Date(2026, 2, day, hour, 0, 0, 0, rule.Zone) }
	list := []rule.Obligation{
		{Received: on(5, 8), Settled: on(5, 10), Due: on(12, 17), Answered: true}, {Received: on(5, 9), Settled: on(24, 9), Due: on(12, 17), Answered: true}, {Received: on(6, 9), Awaits: true},
	}
	marks := []mail.DayCount{{Day: on(5, 0), Opened: on(5, 8), Checked: on(5, 9)}, {Day: on(6, 0), Opened: on(6, 8)}}
	leaves := []mail.Leave{{From: on(9, 0), Until: on(10, 0), Kind: "trip"}, {From: on(11, 0), Until: on(11, 0), Kind: "leave"}}
	var slow []rule.Obligation // faster from month to month
	for m := range time.Month(6) {
		came := time.Date(2026, m+1, 10, 8, 0, 0, 0, rule.Zone)
		slow = append(slow, rule.Obligation{Received: came, Settled: came.Add(time.Duration(20-3*m) * time.Hour), Due: came.AddDate(0, 0, 9), Answered: true})
	}
	first := time.Date(2026, 1, 1, 0, 0, 0, 0, rule.Zone)
	year := daysOf(rule.CountDays(rule.VietNam(), slow, nil, nil, first, first.AddDate(0, 12, -1), first, first.AddDate(0, 7, 0)), "")
	if year.Trend == nil || year.Trend.Direction != "faster" || len(year.Weeks) != 53 || *year.Months[1].Change != -180 || year.Months[0].Change != nil {
		t.Errorf("trend %+v of %d weeks", year.Trend, len(year.Weeks))
	}
	for name, y := range map[string]mail.DutyYear{
		"a year":  rule.CountDays(rule.VietNam(), slow, nil, nil, first, first.AddDate(0, 12, -1), first, first.AddDate(0, 7, 0)),
		"nothing": rule.CountDays(rule.VietNam(), nil, nil, nil, on(1, 0), on(28, 0), on(1, 0), on(25, 9)),
		"a month": rule.CountDays(rule.VietNam(), list, marks, leaves, on(1, 0), on(28, 0), on(4, 0), on(25, 9)),
	} {
		y.Source = "store"
		out := daysOf(y, "ha@ninhbinh.example")
		raw, err := json.Marshal(out)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		for _, bad := range validate(schema, schema, v, "$") {
			t.Errorf("%s: %s", name, bad)
		}
		received, answered, late := 0, 0, 0
		for _, d := range out.Days {
			received, answered, late = received+d.Received, answered+d.Answered, late+d.Late
		}
		if out.Received != received || out.Answered != answered || out.Late != late || name != "a year" && len(out.Days) != 28 {
			t.Errorf("%s: sums %+v of %d days", name, out.sumsJSON, len(out.Days))
		}
	}
}

// What is asked for in a wrong way is told with exit code 2, without a store.
func TestDutyWrongUsage(t *testing.T) {
	for _, args := range [][]string{{"--month", "11-2026"}, {"--year", "26"}, {"--year", "x"}, {"--month", "2026-11", "--year", "2026"}} {
		var out, complaints strings.Builder
		if code := run(t.Context(), append([]string{"duty", "--dir", t.TempDir()}, args...), terminal{os.Stdin, &out, &complaints}); code != exitUsage || complaints.Len() == 0 {
			t.Errorf("%v: exit %d, %q", args, code, complaints.String())
		}
	}
}

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
		{[]string{"duty", "--help"}, []string{"Mã thoát", "3 có thư quá hạn", "--schema"}},
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

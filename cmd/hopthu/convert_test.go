package main

import (
	"reflect"
	"testing"
	"time"

	"hopthu/config"
	"hopthu/mail"
	"hopthu/mail/rule"
)

// What the person sets survives the way into the file and back.
func TestSettingsGoAround(t *testing.T) {
	set := mail.Settings{
		Language: "en", Theme: "light", ASCII: true, Mouse: true, Notify: "osc9", Undo: 20 * time.Second, Editor: "nano", ReplyDays: 7,
		Downloads: "/nha", View: mail.Conversations, CheckFiles: true, Typing: "vni", Tones: "new", StrictOutside: true,
	}
	if got := settingsOf(configOf(set, nil)); got != set {
		t.Errorf("%+v became %+v", set, got)
	}
	if got := settingsOf(config.Defaults()); got.Typing != "telex" || got.Tones != "old" {
		t.Errorf("a new person types %q with %q tones", got.Typing, got.Tones)
	}
}

// An agency's box survives it too.
func TestAgencyBoxGoesAround(t *testing.T) {
	at := mail.Endpoint{Host: "localhost", Port: 993, Security: mail.TLS}
	own := mail.Account{ID: "a", Address: "ha@x.test", Login: "ha@x.test", Aliases: []string{"b@x.test"}, IMAP: at, SMTP: at}
	box := mail.Account{
		ID: "a/k@x.test", Address: "k@x.test", Login: "ha@x.test", Name: "Sở", Official: true, IMAP: at, SMTP: at, As: "k@x.test", Holder: "a",
		Person: mail.Person{Name: "Hà", Addr: "ha@x.test", Post: "Văn thư"}, Scope: mail.ScopeIssue, Until: time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC),
	}
	shared := mail.Account{ID: "s", Address: "s@x.test", IMAP: at, SMTP: at, Shared: true, Person: mail.Person{Addr: "ha@x.test"}}
	all := []mail.Account{own, box, shared}
	if got := accountsOf(configOf(mail.Settings{}, all)); !reflect.DeepEqual(got, all) {
		t.Errorf("%+v became %+v", all, got)
	}
}

// TestAgencysDaysAreCounted: the settings' own days stand over the administration's calendar.
func TestAgencysDaysAreCounted(t *testing.T) {
	c := config.Defaults()
	c.Days = []config.Day{{Date: "2026-12-22", Name: "Ngày truyền thống"}}
	day := time.Date(2026, 12, 22, 9, 0, 0, 0, rule.Zone)
	if calendarOf(c).IsWorkday(day) || !calendarOf(config.Defaults()).IsWorkday(day) {
		t.Error("the day of rest is not kept")
	}
}

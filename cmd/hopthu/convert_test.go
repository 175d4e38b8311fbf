package main

import (
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

// TestAgencysDaysAreCounted: the settings' own days stand over the administration's calendar.
func TestAgencysDaysAreCounted(t *testing.T) {
	c := config.Defaults()
	c.Days = []config.Day{{Date: "2026-12-22", Name: "Ngày truyền thống"}}
	day := time.Date(2026, 12, 22, 9, 0, 0, 0, rule.Zone)
	if calendarOf(c).IsWorkday(day) || !calendarOf(config.Defaults()).IsWorkday(day) {
		t.Error("the day of rest is not kept")
	}
}

package main

import (
	"testing"
	"time"

	"hopthu/config"
	"hopthu/mail"
)

// What the person sets survives the way into the file and back.
func TestSettingsGoAround(t *testing.T) {
	set := mail.Settings{
		Language: "en", Theme: "light", ASCII: true, Mouse: true, Notify: "osc9", Undo: 20 * time.Second, Editor: "nano", ReplyDays: 7,
		Downloads: "/nha", View: mail.Conversations, CheckFiles: true, Typing: "vni", Tones: "new",
	}
	if got := settingsOf(configOf(set, nil)); got != set {
		t.Errorf("%+v became %+v", set, got)
	}
	if got := settingsOf(config.Defaults()); got.Typing != "telex" || got.Tones != "old" {
		t.Errorf("a new person types %q with %q tones", got.Typing, got.Tones)
	}
}

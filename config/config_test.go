package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const good = `language = "vi"
undo = "20s"

[[account]]
id = "a1"
address = "hantt.kh&đt@ninhbinh.gov.vn"
login = "hantt.kh&dt@ninhbinh.gov.vn"
name = "Nguyễn Thị Thu Hà"
imap = { host = "mail.ninhbinh.gov.vn", port = 993, security = "tls" }
smtp = { host = "mail.ninhbinh.gov.vn", port = 465, security = "tls" }
`

func put(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "client.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSettingsRoundTrip(t *testing.T) {
	c, err := LoadClient(put(t, good))
	if err != nil {
		t.Fatal(err)
	}
	if time.Duration(c.Undo) != 20*time.Second || c.Theme != "dark" || len(c.Accounts) != 1 || c.Accounts[0].Address != "hantt.kh&đt@ninhbinh.gov.vn" {
		t.Errorf("read %+v", c)
	}
	path := filepath.Join(t.TempDir(), "new", "client.toml")
	if err := c.Save(path); err != nil {
		t.Fatal(err)
	}
	again, err := LoadClient(path)
	if err != nil {
		t.Fatal(err)
	}
	if again.Accounts[0].IMAP != c.Accounts[0].IMAP || again.Undo != c.Undo || again.Accounts[0].Name != c.Accounts[0].Name {
		t.Errorf("read back %+v", again)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestMissingSettingsAreDefaults(t *testing.T) {
	c, err := LoadClient(filepath.Join(t.TempDir(), "none.toml"))
	if err != nil || c.ReplyDays != 5 || c.Language != "vi" || c.Typing != "telex" || c.Tones != "old" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestWrongSettingsNameFileAndLine(t *testing.T) {
	for _, tt := range []struct {
		name, from, to, want string
		line                 int
	}{
		{"syntax", `undo = "20s"`, `undo = "20s`, "", 2},
		{"unknown key", `undo = "20s"`, `udno = "20s"`, `unknown setting "udno"`, 2},
		{"wrong kind", `undo = "20s"`, `undo = "soon"`, "not a time", 2},
		{"not allowed", `language = "vi"`, `language = "fr"`, `"fr" is not one of vi, en`, 1},
		{"no such typing", `language = "vi"`, `typing = "telex2"`, `"telex2" is not one of off, telex`, 1},
		{"no such tones", `language = "vi"`, `tones = "none"`, `"none" is not one of old, new`, 1},
		{"out of range", `undo = "20s"`, `undo = "20h"`, "between", 2},
		{"no address", `"hantt.kh&đt@ninhbinh.gov.vn"`, `"hantt"`, "not an address", 6},
		{"plain text", `security = "tls" }` + "\nsmtp", `security = "none" }` + "\nsmtp", "neither tls nor starttls", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := put(t, strings.Replace(good, tt.from, tt.to, 1))
			_, err := LoadClient(path)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v", err)
			}
			if e.File != path || (tt.line > 0 && e.Line != tt.line) || !strings.Contains(e.Error(), tt.want) {
				t.Errorf("%v, want line %d and %q", e, tt.line, tt.want)
			}
		})
	}
}

func TestUserDirs(t *testing.T) {
	env := map[string]string{"HOME": "/home/ha", "XDG_DATA_HOME": "/data", "XDG_STATE_HOME": "not/absolute"}
	d, err := UserDirs(func(k string) string { return env[k] })
	if err != nil {
		t.Fatal(err)
	}
	want := Dirs{Config: filepath.FromSlash("/home/ha/.config/hopthu"), Data: filepath.FromSlash("/data/hopthu"), State: filepath.FromSlash("/home/ha/.local/state/hopthu")}
	if d != want {
		t.Errorf("%+v, want %+v", d, want)
	}
}

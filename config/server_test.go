package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hopthu/config"
)

func TestServerSettings(t *testing.T) {
	dir := t.TempDir()
	if _, err := config.LoadServer(dir); !config.NoServerFile(err) {
		t.Fatalf("%v", err)
	}
	s := config.ServerDefaults()
	s.Domain, s.CertFile, s.KeyFile = "ninhbinh.example", "cert.pem", "/etc/key.pem"
	s.Relay, s.RelayUser, s.RelayPasswordFile = "[2001:db8::1]:465", "tinh", "relay.txt"
	if err := s.Save(dir); err != nil {
		t.Fatal(err)
	}
	got, err := config.LoadServer(dir)
	if err != nil {
		t.Fatal(err)
	}
	s.CertFile, s.RelayPasswordFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "relay.txt")
	if got != s {
		t.Errorf("%+v, want %+v", got, s)
	}
}

func TestServerSettingsThatAreWrong(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		line int
		what string
	}{
		"syntax":       {"domain = \"a.example\"\nimap = \n", 2, ""},
		"unknown":      {"domain = \"a.example\"\nimpa = \":993\"\n", 2, "impa"},
		"type":         {"domain = \"a.example\"\nmax_message = \"big\"\n", 2, ""},
		"no domain":    {"imap = \":993\"\n", 0, "domain"},
		"bad domain":   {"\ndomain = \"a_b\"\n", 2, "domain"},
		"bad address":  {"domain = \"a.example\"\n\nsmtp = \"465\"\n", 3, "smtp"},
		"half a pair":  {"domain = \"a.example\"\ncert_file = \"x\"\n", 2, "key_file"},
		"plain http":   {"domain = \"a.example\"\npublic_url = \"http://a.example\"\n", 2, "public_url"},
		"no time":      {"domain = \"a.example\"\nfirst_password_ttl = \"0s\"\n", 2, "first_password_ttl"},
		"too small":    {"domain = \"a.example\"\nmax_message = 5\n", 2, "max_message"},
		"negative":     {"domain = \"a.example\"\nquota = -1\n", 2, "quota"},
		"secrecy":      {"domain = \"a.example\"\nsecrecy = \"ask\"\n", 2, "secrecy"},
		"no relay":     {"domain = \"a.example\"\nrelay = \"smtp.b.example\"\n", 2, "465"},
		"relay port":   {"domain = \"a.example\"\nrelay = \"smtp.b.example:0\"\n", 2, "465"},
		"in the clear": {"domain = \"a.example\"\nrelay_security = \"none\"\n", 2, "starttls"},
		"no password":  {"domain = \"a.example\"\nrelay_user = \"x\"\n", 2, "relay_password_file"},
		"a password":   {"domain = \"a.example\"\nrelay_password = \"x\"\n", 2, "relay_password"},
		"log level":    {"domain = \"a.example\"\nlog_level = \"loud\"\n", 2, "log_level"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(config.ServerFile(dir), []byte(c.body), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := config.LoadServer(dir)
			var bad *config.Error
			if !errors.As(err, &bad) || bad.Line != c.line || bad.File != config.ServerFile(dir) || !strings.Contains(bad.What, c.what) {
				t.Errorf("%v, want line %d and %q", err, c.line, c.what)
			}
		})
	}
	if err := config.ServerDefaults().Save(t.TempDir()); err == nil {
		t.Error("settings without domain are saved")
	}
}

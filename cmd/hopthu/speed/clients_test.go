//go:build linux

package speed

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// host is the mail server that the script started.
type host struct{ imap, smtp, ca, password, dir, home string }

// program is one mail program in one state, as a line of the table.
type program struct {
	name    string
	letters int
	rtt     time.Duration
	address string
	proxy   *proxy
	h       host
	// fresh puts its files into the state to be measured; called before each start.
	fresh func(*testing.T, *program)
	// start runs it.
	start func(*testing.T, *program) *screen
	// greet is typed once the text greetAt is seen: a password, the key that opens the list.
	greetAt string
	greet   string
	quit    string // keys that end it
}

// measure is one run.
type measure struct {
	first, list time.Duration // first text, list
	down        int64         // octets from the server until the list stood
	turns       int64
	mem         float64 // MB, peak until then
}

func (p *program) dir() string {
	return filepath.Join(p.h.home, strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(fmt.Sprintf("%s-%d-%d", p.name, p.letters, p.rtt.Milliseconds()))))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

var markers = regexp.MustCompile(`\d{6}/CV`)

// listed says that a screenful of letters, the newest among them, was drawn.
func listed(newest string) func(string) bool {
	return func(text string) bool {
		seen := map[string]bool{}
		for _, m := range markers.FindAllString(text, -1) {
			seen[m] = true
		}
		return len(seen) >= 30 && seen[newest]
	}
}

// once runs a program from nothing to its list.
func (p *program) once(t *testing.T) measure {
	t.Helper()
	p.fresh(t, p)
	p.proxy.reset()
	s := p.start(t, p)
	var m measure
	var err error
	if m.first, err = s.until(30*time.Second, func(text string) bool { return strings.TrimSpace(text) != "" }); err != nil {
		t.Fatal(err)
	}
	if p.greet != "" {
		if _, err := s.until(60*time.Second, func(text string) bool { return strings.Contains(text, p.greetAt) }); err != nil {
			t.Fatal(err)
		}
		s.typed(p.greet)
	}
	if m.list, err = s.until(120*time.Second, listed(marker(p.letters))); err != nil {
		t.Fatal(err)
	}
	m.down, m.turns, m.mem = p.proxy.down.Load(), p.proxy.turns.Load(), s.memory()
	s.stop(t, p.quit)
	return m
}

// neomutt with the given lines in its settings.
func neomutt(name string, keep bool, settings string) *program {
	return &program{
		name: name, quit: "q",
		fresh: func(t *testing.T, p *program) {
			if !keep {
				remove(t, p.dir())
			}
			write(t, p.dir()+"/rc", fmt.Sprintf(`set folder="imaps://localhost:%d/"
set spoolfile="+INBOX"
set imap_user="%s"
set imap_pass="%s"
set ssl_force_tls=yes
set certificate_file="%s"
set ssl_ca_certificates_file="%s"
set sort=reverse-date-received
set quit=yes
set confirmappend=no
set record=""
%s
`, p.proxy.port(), p.address, p.h.password, p.h.ca, p.h.ca, strings.ReplaceAll(settings, "DIR", p.dir())))
			if err := os.MkdirAll(p.dir()+"/cache", 0o700); err != nil {
				t.Fatal(err)
			}
		},
		start: func(t *testing.T, p *program) *screen {
			return run(t, []string{"HOME=" + p.dir()}, "neomutt", "-n", "-F", p.dir()+"/rc")
		},
	}
}

func aerc(name string, keep bool, settings string) *program {
	return &program{
		name: name, quit: ":quit\r",
		fresh: func(t *testing.T, p *program) {
			if !keep {
				remove(t, p.dir())
			}
			for _, f := range []string{"aerc.conf", "binds.conf"} {
				b, err := os.ReadFile("/usr/share/aerc/" + f)
				if err != nil {
					t.Fatal(err)
				}
				write(t, p.dir()+"/config/aerc/"+f, string(b))
			}
			write(t, p.dir()+"/config/aerc/accounts.conf", fmt.Sprintf("[CV]\nsource = imaps://%s:%s@localhost:%d\ndefault = INBOX\nfrom = Thu <%s>\ncopy-to = Sent\n%s\n",
				strings.ReplaceAll(p.address, "@", "%40"), p.h.password, p.proxy.port(), p.address, settings))
		},
		start: func(t *testing.T, p *program) *screen {
			return run(t, []string{
				"HOME=" + p.dir(), "XDG_CONFIG_HOME=" + p.dir() + "/config", "XDG_CACHE_HOME=" + p.dir() + "/cache",
				"XDG_DATA_HOME=" + p.dir() + "/data", "SSL_CERT_FILE=" + p.h.ca,
			}, "aerc")
		},
	}
}

func alpine() *program {
	return &program{
		name: "alpine 2.26", greetAt: "ENTER PASSWORD", quit: "qy",
		fresh: func(t *testing.T, p *program) {
			remove(t, p.dir())
			p.greet = p.h.password + "\r"
			write(t, p.dir()+"/rc", fmt.Sprintf(`personal-name=Thu
user-domain=example.test
inbox-path={localhost:%d/ssl/novalidate-cert/user=%s}INBOX
sort-key=arrival/reverse
last-version-used=6.26
feature-list=disable-password-caching,disable-password-file-saving
disable-these-authenticators=XOAUTH2
`, p.proxy.port(), p.address))
		},
		start: func(t *testing.T, p *program) *screen {
			return run(t, []string{"HOME=" + p.dir()}, "alpine", "-p", p.dir()+"/rc", "-i")
		},
	}
}

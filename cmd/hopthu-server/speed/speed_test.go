//go:build linux

// Package speed measures hopthu-server beside Dovecot and Postfix of Debian, on one machine, in one run; .ci/serverspeed
// runs it. Its tables stand in the README.
//
// Laws: every server is talked to by the same client code over TLS; runs are interleaved and the median counts; the
// peers are the packaged ones with their own care for the disk, no throttle of theirs is on; ours is the program that is
// shipped, run as its own process, with every write on disk before it is acknowledged.
package speed

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"hopthu/mail"
	"hopthu/mail/server"
)

const password = "mat-khau-thu-nghiem"

// host is a mail server as its clients see it.
type host struct {
	name       string
	imap, smtp string // host:port of TLS from the first octet
	tls        *tls.Config
	pid        func() []int       // its processes
	address    func(n int) string // of the n-th person, who has a box and the password
}

func env(t testing.TB, name string) string {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		t.Skipf("%s is not set: .ci/serverspeed runs this", name)
	}
	return v
}

func number(t testing.TB, name string, usual int) int {
	t.Helper()
	if os.Getenv(name) == "" {
		return usual
	}
	n, err := strconv.Atoi(os.Getenv(name))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func trust(t testing.TB, file string) *tls.Config {
	t.Helper()
	pem, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return &tls.Config{RootCAs: pool, ServerName: "localhost", MinVersion: tls.VersionTLS12}
}

// peers is Dovecot, behind Postfix, as .ci/mailhost started them. Where Postfix waits on purpose it is told not to.
func peers(t testing.TB) *host {
	t.Helper()
	conf := env(t, "HOPTHU_INTEROP_DOVECOT")
	dir := filepath.Dir(conf)
	for _, a := range [][]string{{"postconf", "-c", dir + "/postfix", "-e", "in_flow_delay=0", "smtpd_client_connection_count_limit=0"}, {"postfix", "-c", dir + "/postfix", "reload"}} {
		if out, err := exec.CommandContext(t.Context(), a[0], a[1:]...).CombinedOutput(); err != nil { //nolint:gosec // our own words
			t.Fatalf("%s: %v %s", a, err, out)
		}
	}
	return &host{
		name: "Postfix and Dovecot", imap: env(t, "HOPTHU_INTEROP_IMAP"), smtp: env(t, "HOPTHU_INTEROP_SMTP"), tls: trust(t, env(t, "HOPTHU_INTEROP_CA")),
		address: func(n int) string { return fmt.Sprintf("nguoi%d@example.test", n) },
		pid: func() []int {
			b, err := os.ReadFile(dir + "/dovecot/master.pid")
			if err != nil {
				t.Fatal(err)
			}
			n, err := strconv.Atoi(strings.TrimSpace(string(b)))
			if err != nil {
				t.Fatal(err)
			}
			return below(n)
		},
	}
}

// below is a process and all that it started.
func below(pid int) []int {
	all := []int{pid}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return all // it has ended
	}
	for _, f := range strings.Fields(string(b)) {
		if n, err := strconv.Atoi(f); err == nil {
			all = append(all, below(n)...)
		}
	}
	return all
}

// ours starts hopthu-server with that many people, beside the folder of the peers: on the same disk.
func ours(t testing.TB, people int) *host {
	t.Helper()
	binary := env(t, "HOPTHU_SERVER_BINARY")
	base := filepath.Dir(env(t, "HOPTHU_INTEROP_DOVECOT"))
	dir, err := os.MkdirTemp(base, "hopthu-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	ports := []string{"127.0.0.1:31993", "127.0.0.1:31465", "127.0.0.1:31443"}
	out, err := exec.CommandContext(t.Context(), binary, "--dir", dir, "init", "--domain", "tinh.example", "--host", "localhost", "--imap", ports[0], //nolint:gosec // our own program
		"--smtp", ports[1], "--web", ports[2], "--imap-starttls", "", "--smtp-starttls", "", "--unit", "Sở Tài chính=tc").CombinedOutput()
	if err != nil {
		t.Fatalf("%v %s", err, out)
	}
	wire := addPeople(t, dir, people)
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), binary, "--dir", dir, "run") //nolint:gosec // our own program
	says := &sayings{ready: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = says, says
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	mail.Go("hopthu-server", func() { ended <- cmd.Wait() })
	select {
	case <-says.ready:
	case err := <-ended:
		t.Fatalf("it did not start: %v\n%s", err, says.said.String())
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != nil {
			t.Errorf("%v\n%s", err, says.said.String())
		}
	})
	return &host{
		name: "hopthu-server", imap: ports[0], smtp: ports[1], tls: trust(t, filepath.Join(dir, "tls", "root.pem")),
		address: func(n int) string { return wire[n] }, pid: func() []int { return []int{cmd.Process.Pid} },
	}
}

// addPeople makes boxes. Their passwords are hashed cheaply: what is measured begins after login.
func addPeople(t testing.TB, dir string, n int) (wire []string) {
	t.Helper()
	srv, err := server.New(t.Context(), server.Config{Dir: dir, Domain: "tinh.example", Host: "localhost", CheapPasswords: true})
	if err != nil {
		t.Fatal(err)
	}
	a := srv.Admin()
	for i := range n {
		name := "Trần Văn " + string([]byte{'A' + byte(i/26%26), 'a' + byte(i%26)})
		b, err := a.AddPerson(t.Context(), name, "tc", "Chuyên viên")
		if err == nil {
			err = a.SetPassword(t.Context(), b.Wire, password)
		}
		if err != nil {
			t.Fatal(err)
		}
		wire = append(wire, b.Wire)
	}
	if err := srv.Close(); err != nil {
		t.Fatal(err)
	}
	return wire
}

// sayings keeps what a program says; ready is closed as soon as it says that it is.
type sayings struct {
	said  bytes.Buffer
	ready chan struct{}
	once  sync.Once
}

func (s *sayings) Write(p []byte) (int, error) {
	n, err := s.said.Write(p)
	if bytes.Contains(s.said.Bytes(), []byte("/ ready\n")) {
		s.once.Do(func() { close(s.ready) })
	}
	return n, err
}

func median[T cmp.Ordered](v []T) T {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// table gathers lines and prints them at once, so that a test's own lines do not part them.
type table struct{ strings.Builder }

func (b *table) line(cells ...any) {
	for _, c := range cells {
		if f, ok := c.(float64); ok {
			c = strconv.FormatFloat(f, 'f', 1, 64)
		}
		b.WriteString("| " + fmt.Sprint(c) + " ")
	}
	b.WriteString("|\n")
}

func (b *table) head(cells ...any) {
	b.WriteString("\n")
	b.line(cells...)
	b.WriteString(strings.Repeat("|---", len(cells)) + "|\n")
}

package cmd_test

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	stdmail "net/mail"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// The probes speak IMAP, SMTP and HTTPS by hand, so that no code of ours judges itself. They find the server through
// the variables IMAP, SMTP, WEB (ports) and CA (PEM file).

func dialTLS(ts *testscript.TestScript, port string) *tls.Conn {
	c, err := tls.DialWithDialer(&net.Dialer{Timeout: patience}, "tcp", "localhost:"+ts.Getenv(port), trust(ts))
	ts.Check(err)
	ts.Check(c.SetDeadline(time.Now().Add(patience)))
	return c
}

func trust(ts *testscript.TestScript) *tls.Config {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(ts.ReadFile(ts.Getenv("CA")))) {
		ts.Fatalf("no certificate in %s", ts.Getenv("CA"))
	}
	return &tls.Config{RootCAs: pool, ServerName: "localhost", MinVersion: tls.VersionTLS12}
}

// imap USER PASSWORD COMMAND… logs in, gives the commands, and prints all that the server said.
func imapProbe(ts *testscript.TestScript, _ bool, args []string) {
	out := talkIMAP(ts, args)
	_, err := io.WriteString(ts.Stdout(), out)
	ts.Check(err)
}

// until REGEXP imap … asks again until the answer matches.
func untilProbe(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 4 || args[1] != "imap" {
		ts.Fatalf("usage: until REGEXP imap USER PASSWORD COMMAND…")
	}
	re, out := regexp.MustCompile(args[0]), ""
	ok := poll(func() bool { out = talkIMAP(ts, args[2:]); return re.MatchString(out) })
	_, err := io.WriteString(ts.Stdout(), out)
	ts.Check(err)
	if !ok {
		ts.Fatalf("never matched %s:\n%s", args[0], out)
	}
}

func talkIMAP(ts *testscript.TestScript, args []string) string {
	c := dialTLS(ts, "IMAP")
	defer c.Close()
	r := bufio.NewReader(c)
	var out strings.Builder
	line := func() string {
		s, err := r.ReadString('\n')
		out.WriteString(s)
		ts.Check(err)
		return s
	}
	line()
	for i, cmd := range append([]string{fmt.Sprintf("LOGIN %q %q", args[0], args[1])}, args[2:]...) {
		tag := fmt.Sprintf("a%d ", i)
		_, err := fmt.Fprintf(c, "%s%s\r\n", tag, cmd)
		ts.Check(err)
		for s := ""; !strings.HasPrefix(s, tag); {
			s = line()
		}
		if strings.Contains(out.String(), tag+"NO") {
			break
		}
	}
	return out.String()
}

// append USER PASSWORD MAILBOX FILE… puts letters into a mailbox, dated by their own Date, as another client would.
func appendProbe(ts *testscript.TestScript, _ bool, args []string) {
	for _, file := range args[3:] {
		raw := strings.ReplaceAll(ts.ReadFile(file), "\n", "\r\n")
		when := ""
		if m, err := stdmail.ReadMessage(strings.NewReader(raw)); err == nil {
			if d, err := m.Header.Date(); err == nil {
				when = fmt.Sprintf("%q ", d.Format("02-Jan-2006 15:04:05 -0700"))
			}
		}
		out := talkIMAP(ts, append(args[:2:2], fmt.Sprintf("APPEND %q %s{%d+}\r\n%s", args[2], when, len(raw), raw)))
		if !strings.Contains(out, "a1 OK") {
			ts.Fatalf("not appended: %s", out)
		}
	}
}

// smtp USER PASSWORD FROM TO FILE submits a file as it is and prints the replies.
func smtpProbe(ts *testscript.TestScript, _ bool, args []string) {
	c := dialTLS(ts, "SMTP")
	defer c.Close()
	r := bufio.NewReader(c)
	say := func(cmd string) bool {
		if cmd != "" {
			_, err := io.WriteString(c, cmd+"\r\n")
			ts.Check(err)
		}
		for {
			s, err := r.ReadString('\n')
			ts.Check(err)
			_, err = io.WriteString(ts.Stdout(), s)
			ts.Check(err)
			if len(s) < 4 || s[3] != '-' {
				return s[0] == '2' || s[0] == '3'
			}
		}
	}
	plain := base64.StdEncoding.EncodeToString([]byte("\x00" + args[0] + "\x00" + args[1]))
	steps := []string{"", "EHLO story.example", "AUTH PLAIN " + plain}
	if len(args) == 5 {
		body := strings.ReplaceAll(ts.ReadFile(args[4]), "\n", "\r\n")
		steps = append(steps, "MAIL FROM:<"+args[2]+">", "RCPT TO:<"+args[3]+">", "DATA", strings.ReplaceAll(body, "\r\n.", "\r\n..")+"\r\n.")
	}
	for _, s := range steps {
		if !say(s) {
			return
		}
	}
}

// https METHOD PATH [FILE] prints status and answer; FILE is a JSON body.
func httpsProbe(ts *testscript.TestScript, _ bool, args []string) {
	var body io.Reader
	if len(args) == 3 {
		body = strings.NewReader(ts.ReadFile(args[2]))
	}
	req, err := http.NewRequest(args[0], "https://localhost:"+ts.Getenv("WEB")+args[1], body)
	ts.Check(err)
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{Timeout: patience, Transport: &http.Transport{TLSClientConfig: trust(ts), DisableKeepAlives: true}}
	resp, err := client.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	ts.Check(err)
	_, err = fmt.Fprintf(ts.Stdout(), "%s\n%s\n", resp.Status, b)
	ts.Check(err)
}

// badserver mute|expired PORTVAR [CAFILE] stands in for a server that has a fault: it never says a word, or shows a
// certificate that ended yesterday.
func badServer(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	_, port, err := net.SplitHostPort(l.Addr().String())
	ts.Check(err)
	ts.Setenv(args[1], port)
	if args[0] == "mute" {
		background(ts, "mute server", l, func(c net.Conn) {
			defer c.Close()
			_, _ = io.Copy(io.Discard, c) //nolint:errcheck // listens until the other side gives up
		})
		return
	}
	cert := expiredCertificate(ts, ts.MkAbs(args[2]))
	background(ts, "expired server", tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}}), func(c net.Conn) {
		defer c.Close()
		_, _ = io.WriteString(c, "* OK ready\r\n") //nolint:errcheck // the handshake fails here, which is the story
	})
}

func expiredCertificate(ts *testscript.TestScript, file string) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	t := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"}, IsCA: true,
		NotBefore: time.Now().AddDate(0, -2, 0), NotAfter: time.Now().AddDate(0, 0, -1), BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	ts.Check(err)
	ts.Check(os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// spoken are the forms in which a secret must not stand in a file.
func spoken(s string, sum []byte) [][]byte {
	return [][]byte{
		[]byte(s), []byte(hex.EncodeToString([]byte(s))), []byte(base64.StdEncoding.EncodeToString([]byte(s))),
		[]byte(base64.StdEncoding.EncodeToString([]byte("\x00" + s))), bytes.Clone(sum), []byte(hex.EncodeToString(sum)),
	}
}

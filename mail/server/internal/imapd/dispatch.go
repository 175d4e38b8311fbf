package imapd

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
)

// Product is what ID answers.
const Product = "hopthu-server"

// capsBefore and capsAfter are what the server can do, before and after login. UTF8=ACCEPT and IMAP4rev2 are left out
// on purpose: the engine writes names as modified UTF-7 in every mode (B9), so with them "kh&đt" would be wrong.
const (
	capsBefore = "IMAP4rev1 LITERAL+ SASL-IR ID ENABLE AUTH=PLAIN"
	capsPlain  = "IMAP4rev1 LITERAL+ SASL-IR ID STARTTLS LOGINDISABLED"
	capsAfter  = "IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE UNSELECT NAMESPACE UIDPLUS ESEARCH LIST-EXTENDED LIST-STATUS " +
		"MOVE STATUS=SIZE CHILDREN SPECIAL-USE CREATE-SPECIAL-USE"
)

// afterLogin names the commands that go to the engine.
var afterLogin = map[string]bool{
	"NOOP": true, "CHECK": true, "LOGOUT": true, "CREATE": true, "DELETE": true, "RENAME": true, "SUBSCRIBE": true,
	"UNSUBSCRIBE": true, "STATUS": true, "LIST": true, "LSUB": true, "NAMESPACE": true, "IDLE": true, "SELECT": true,
	"EXAMINE": true, "CLOSE": true, "UNSELECT": true, "FETCH": true, "EXPUNGE": true, "STORE": true, "COPY": true,
	"MOVE": true, "SEARCH": true, "UID": true, "LOGIN": true, "AUTHENTICATE": true,
}

func (f *front) caps() string {
	if !f.logged.Load() {
		return capsBefore
	}
	return fmt.Sprintf("%s APPENDLIMIT=%d", capsAfter, f.limit)
}

// ident is the answer to ID (RFC 2971). support-url is where our client finds the office API of an account that was set
// up by hand.
func (f *front) ident() string {
	pairs := `"name" "` + Product + `"`
	if q, ok := quote(f.office); ok && f.office != "" {
		pairs += ` "support-url" ` + q
	}
	return "* ID (" + pairs + ")"
}

// dispatch answers a complete command, or gives the line that the engine shall carry out.
func (f *front) dispatch(tag, name, args string) ([]byte, error) {
	logged := f.logged.Load()
	switch {
	case name == "CAPABILITY":
		return nil, f.say("* CAPABILITY " + f.caps() + "\r\n" + tag + " OK CAPABILITY completed\r\n")
	case name == "ID":
		return nil, f.say(f.ident() + "\r\n" + tag + " OK ID completed\r\n")
	case name == "ENABLE" && logged:
		// Nothing of what can be enabled is offered; RFC 9051 6.3.1 wants unknown names passed over.
		return nil, f.say("* ENABLED\r\n" + tag + " OK ENABLE completed\r\n")
	case name == "AUTHENTICATE" && !logged:
		return f.authenticate(tag, args)
	case !logged && name != "LOGIN" && name != "LOGOUT" && name != "NOOP", logged && !afterLogin[name]:
		if err := f.say(tag + " BAD Unknown command, or not now\r\n"); err != nil {
			return nil, err
		}
		return nil, f.countBad()
	}
	if name == "IDLE" && strings.TrimSpace(args) == "" {
		f.idle.Store(true)
	}
	return []byte(tag + " " + name + args + "\r\n"), nil
}

// authenticate reads the whole SASL exchange and gives it to the engine as one line with initial response
// (RFC 4959). PLAIN is the only mechanism.
func (f *front) authenticate(tag, args string) ([]byte, error) {
	mech, ir, given := strings.Cut(strings.TrimPrefix(args, " "), " ")
	if !strings.EqualFold(mech, "PLAIN") {
		return nil, f.say(tag + " NO [CANNOT] Unsupported authentication mechanism\r\n")
	}
	if !given {
		if err := f.say("+ \r\n"); err != nil {
			return nil, err
		}
		var err error
		if ir, err = f.readLine(); err != nil {
			return nil, err
		}
	}
	if ir == "*" {
		return nil, f.say(tag + " BAD Cancelled\r\n")
	}
	if _, err := base64.StdEncoding.DecodeString(ir); err != nil || ir == "" {
		if err := f.say(tag + " BAD Invalid base64\r\n"); err != nil {
			return nil, err
		}
		return nil, f.countBad()
	}
	return []byte(tag + " AUTHENTICATE PLAIN " + ir + "\r\n"), nil
}

// Write passes the engine's answers on. Three of them are put right: the greeting, the capability list after login,
// and "server bug" where it was the client's syntax (B8; our sessions never answer SERVERBUG).
func (f *front) Write(p []byte) (int, error) {
	if !f.greeted {
		return f.writeGreeting(p)
	}
	cmd := f.command.Load()
	out := p
	switch cmd.name {
	case "LOGIN", "AUTHENTICATE":
		if i, j := bytes.Index(p, []byte("[CAPABILITY ")), bytes.IndexByte(p, ']'); i >= 0 && j > i {
			out = []byte(string(p[:i]) + "[CAPABILITY " + f.caps() + string(p[j:]))
		}
	}
	if bytes.Equal(p, []byte(cmd.tag+" NO [SERVERBUG] Internal server error\r\n")) {
		out = []byte(cmd.tag + " BAD Syntax error\r\n")
	}
	f.wmu.Lock()
	defer f.wmu.Unlock()
	f.out = append(f.out, out...)
	if len(f.out) >= pieceSize || f.idle.Load() {
		if err := f.flushLocked(); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// writeGreeting swaps the engine's greeting for ours; after STARTTLS there is none (RFC 9051 6.2.1).
func (f *front) writeGreeting(p []byte) (int, error) {
	f.greeting = append(f.greeting, p...)
	if !bytes.HasSuffix(f.greeting, []byte("\n")) {
		return len(p), nil
	}
	f.greeted = true
	switch {
	case bytes.HasPrefix(f.greeting, []byte("* BYE")):
		if err := f.say(string(f.greeting)); err != nil {
			return 0, err
		}
	case !f.upgraded:
		if err := f.say("* OK [CAPABILITY " + f.caps() + "] " + Product + " ready\r\n"); err != nil {
			return 0, err
		}
	}
	f.greeting = nil
	return len(p), nil
}

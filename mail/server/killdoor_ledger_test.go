package server_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// ledger is what was begun and what was acknowledged: id → acts.
type ledger struct {
	mu   sync.Mutex
	acts map[string]map[string]bool
	uid  map[string]string    // as APPENDUID said
	note map[string][2]string // of a folder: the last that was acknowledged, and the last that was sent
	left int                  // acknowledgements until the kill
	kill chan struct{}
}

func (l *ledger) say(act, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.acts[id] == nil {
		l.acts[id] = map[string]bool{}
	}
	l.acts[id][act] = true
	if strings.HasSuffix(act, "ed") {
		if l.left--; l.left == 0 {
			close(l.kill)
		}
	}
}

// write keeps what was noted on a folder: 1 when it is sent, 0 when it is acknowledged.
func (l *ledger) write(folder string, which int, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	both := l.note[folder]
	both[which] = id
	l.note[folder] = both
}

// judgeNotes holds what is noted on the folders against what was acknowledged.
func (l *ledger) judgeNotes(t *testing.T, c *child) {
	t.Helper()
	a, err := c.login(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for folder, both := range l.note {
		lines, err := a.ok("GETMETADATA %s /private/comment", folder)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(lines, "\n")
		if !strings.Contains(got, both[1]) && (both[0] != "" && !strings.Contains(got, both[0]) || both[0] == "" && strings.Contains(got, "@x")) {
			t.Errorf("noted on %s: acknowledged %q, sent %q, there is %s", folder, both[0], both[1], got)
		}
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

// seen is one letter as FETCH tells it.
type seen struct{ folder, uid, flags string }

var (
	fetchUID   = regexp.MustCompile(`\bUID (\d+)`)
	fetchFlags = regexp.MustCompile(`FLAGS \(([^)]*)\)`)
	fetchID    = regexp.MustCompile(`(?i)message-id: <([^>]*)>`)
	fetchSize  = regexp.MustCompile(`RFC822\.SIZE (\d+)`)
)

// survey reads all folders through the door.
func (c *child) survey(t *testing.T) map[string][]seen {
	t.Helper()
	a, err := c.login(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	there := map[string][]seen{}
	folders := []string{"INBOX", "Archive"}
	for n := range imapAgents {
		folders = append(folders, fmt.Sprint("W", n))
	}
	for _, folder := range folders {
		_, err := a.ok("EXAMINE %s", folder)
		lines, ferr := a.ok("UID FETCH 1:* (UID FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
		if err := errors.Join(err, ferr); err != nil {
			t.Fatal(err)
		}
		for _, item := range strings.Split("\n"+strings.Join(lines, "\n"), "\n* ")[1:] {
			uid, flags, id, size := fetchUID.FindStringSubmatch(item), fetchFlags.FindStringSubmatch(item), fetchID.FindStringSubmatch(item), fetchSize.FindStringSubmatch(item)
			if uid == nil || flags == nil || id == nil || size == nil {
				continue // not a FETCH
			}
			there[id[1]] = append(there[id[1]], seen{folder, uid[1], flags[1]})
			if want := len(doorLetter(id[1])); folder != "INBOX" && size[1] != fmt.Sprint(want) {
				t.Errorf("%s: %s octets, not %d", id[1], size[1], want)
			}
		}
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	return there
}

// judge holds what is there against what was acknowledged.
func (l *ledger) judge(t *testing.T, there map[string][]seen) {
	t.Helper()
	for id := range there {
		if l.acts[id] == nil {
			t.Errorf("%s was never sent", id)
		}
	}
	for id, acts := range l.acts {
		var home, archive []seen
		for _, s := range there[id] {
			if s.folder == "Archive" {
				archive = append(archive, s)
			} else {
				home = append(home, s)
			}
		}
		h, a := len(home), len(archive)
		var good bool
		switch {
		case acts["expunged"], acts["replaced"]:
			good = h == 0
		case acts["replace"]:
			good = h+len(there[replaced(id)]) == 1
		case acts["expunge"]:
			good = h <= 1
		case acts["moved"]:
			good = h == 0 && a == 1
		case acts["move"]:
			good = h+a == 1
		case acts["copied"]:
			good = h == 1 && a == 1
		case acts["copy"]:
			good = h == 1 && a <= 1
		case acts["appended"], acts["accepted"]:
			good = h == 1 && a == 0
		default:
			good = h <= 1 && a == 0
		}
		if h == 1 {
			words := strings.Fields(home[0].flags)
			if acts["flagged"] && !(slices.Contains(words, `\Seen`) && slices.Contains(words, `\Answered`) && slices.Contains(words, "viec")) {
				good = false
			}
			good = good && (!acts["marked"] || slices.Contains(words, `\Deleted`)) && (!acts["appended"] || home[0].uid == l.uid[id])
		}
		if !good {
			t.Errorf("%s: acts %v, UID %s, and there is %v", id, acts, l.uid[id], there[id])
		}
	}
}

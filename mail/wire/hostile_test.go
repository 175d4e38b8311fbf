package wire

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hopthu/mail"
	"hopthu/mail/sync"
)

var inBG = context.Background()

// bubbled runs f in fake time against one scripted server behind net.Pipe.
func bubbled(t *testing.T, limits Limits, act func(*script), f func(m *IMAP)) {
	t.Helper()
	ca := newAuthority(t)
	synctest.Test(t, func(t *testing.T) {
		g := &stage{t: t, acts: []func(*script){act}, cfg: ca.config()}
		d := New(Options{Now: func() time.Time { return testNow }, Dial: g.pipes, Limits: limits})
		m := d.Remote(testAccount(ca), password)
		f(m)
		if err := m.Close(); err != nil {
			t.Error(err)
		}
		g.wg.Wait() // the bubble itself fails when a goroutine is left
	})
}

// libraries-mail.md §8 test 11: whatever the moment at which a server falls silent, the call returns.
func TestMuteServer(t *testing.T) {
	select3 := func(m *IMAP) error { _, err := m.Select(inBG, "INBOX"); return err }
	tests := []struct {
		name string
		act  func(*script)
		call func(*IMAP) error
	}{
		{"no greeting", func(s *script) { s.gone() }, nil},
		{"no answer to login", func(s *script) {
			s.say("* OK [CAPABILITY " + baseCaps + "] ready")
			s.gone()
		}, nil},
		{"list", func(s *script) { s.login(""); s.gone() }, func(m *IMAP) error { _, err := m.List(inBG); return err }},
		{"select", func(s *script) { s.login(""); s.gone() }, select3},
		{"fetch", func(s *script) { s.login(""); s.inbox(); s.gone() }, func(m *IMAP) error {
			if err := select3(m); err != nil {
				return err
			}
			return m.Headers(inBG, sync.These([]mail.UID{1}), func(sync.RemoteHeader) error { return nil })
		}},
		{"in a literal", func(s *script) {
			s.login("")
			s.expect("UID FETCH")
			s.write("* 1 FETCH (UID 1 BODY[] {5000}\r\nSubject: x\r\n")
			s.gone()
		}, func(m *IMAP) error { return m.Body(inBG, 1, new(bytes.Buffer)) }},
		{"append", func(s *script) { s.login(""); s.gone() }, func(m *IMAP) error {
			_, err := m.Append(inBG, "Sent", nil, testNow, 3, strings.NewReader("a\r\n"))
			return err
		}},
		{"idle without plus", func(s *script) {
			s.login("IDLE")
			s.ok("EXAMINE")
			s.expect("IDLE")
			s.gone()
		}, func(m *IMAP) error { return m.Idle(inBG, "INBOX", func() {}) }},
		{"drip", func(s *script) { // each octet in time, the answer never
			s.login("")
			s.expect("LIST")
			for {
				s.write("*")
				<-time.After(10 * time.Second) // the bubble's time
			}
		}, func(m *IMAP) error { _, err := m.List(inBG); return err }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubbled(t, Limits{}, tt.act, func(m *IMAP) {
				var err error
				if tt.name != "idle without plus" {
					_, err = m.Connect(inBG)
				}
				if tt.call != nil {
					if err != nil {
						t.Fatal(err)
					}
					err = tt.call(m)
				}
				wantKind(t, err, mail.NoAnswer)
				if tt.call != nil && tt.name != "idle without plus" {
					_, err = m.List(inBG)
					wantKind(t, err, mail.LostConnection)
				}
			})
		})
	}
}

// A cancelled context ends a call that waits.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	m := connected(t, func(s *script) {
		s.login("")
		s.expect("LIST")
		cancel()
		s.gone()
	})
	_, err := m.List(ctx)
	if f := faultOf(t, err, mail.LostConnection); !errors.Is(f, context.Canceled) {
		t.Fatalf("%v does not say that it was cancelled", f)
	}
}

func TestServerGoneInFetch(t *testing.T) {
	m := connected(t, func(s *script) {
		s.login("")
		s.expect("UID FETCH")
		s.write("* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 9 BODY[HEADER.FIELDS (DATE)] {900}\r\nDate: ")
	}, func(s *script) {
		s.login("")
		s.ok("UID FETCH", "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 9 BODY[HEADER.FIELDS (DATE)] {2}", "", ")")
	})
	calls := 0
	each := func(sync.RemoteHeader) error { calls++; return nil }
	wantKind(t, m.Headers(t.Context(), sync.These([]mail.UID{1}), each), mail.LostConnection)
	if calls != 0 {
		t.Fatal("half a header was handed on")
	}
	if _, err := m.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := m.Headers(t.Context(), sync.These([]mail.UID{1}), each); err != nil || calls != 1 {
		t.Fatalf("after reconnect: %v, %d headers", err, calls)
	}
}

// C1: what beta.8's client dies of is passed over.
func TestUnknownResponses(t *testing.T) {
	m := connected(t, func(s *script) {
		s.login("")
		s.ok("LIST",
			"* XFOO bar (baz {3}", "a)b", "", "* VANISHED (EARLIER) 1:5", `* LSUB () "/" x`, "* LANGUAGE (vi)",
			`* LIST (\HasNoChildren) "/" INBOX`, "* 5 FROBNICATE", "* 1 FETCH (UID 1 X-NEW (a (b c)) Y-NEW {2}", "hi)", "*  ")
	})
	got, err := m.List(t.Context())
	if err != nil || len(got) != 1 || got[0].Role != mail.RoleInbox {
		t.Fatalf("%v %v", got, err)
	}
}

func TestIllegalMailboxNames(t *testing.T) {
	m := connected(t, func(s *script) {
		s.login("")
		s.ok("LIST", `* LIST () "/" "A&B"`, `* LIST () "/" {3}`, "\xff\xfeC", `* LIST () "/" "V&AwM-"`, `* LIST () "/" V&AQM-`,
			`* LIST () NIL "kh&-&ARE-t"`, `* LIST (\Noselect) "/" "Vi&1/"`)
		if tag, l := "", s.line(); !strings.HasSuffix(l, `SELECT "A&B"`) {
			t.Errorf("SELECT of an illegal name is %q %s", l, tag)
		} else {
			tag, _, _ = strings.Cut(l, " ")
			s.say(tag + " NO [NONEXISTENT] no")
		}
		s.expect("SELECT {3+}")
		if b := s.line(); b != "\xff\xfeC" {
			t.Errorf("name went back as %q", b)
		}
	})
	got, err := m.List(t.Context())
	if err != nil || len(got) != 6 {
		t.Fatalf("%v %v", got, err)
	}
	if got[0].Name != "A&B" || got[4].Name != "kh&đt" || got[4].Delim != "" || got[5].Selectable {
		t.Fatalf("%+v", got)
	}
	_, err = m.Select(t.Context(), got[0].Name)
	wantKind(t, err, mail.NoFolder)
	_, err = m.Select(t.Context(), got[1].Name)
	wantKind(t, err, mail.LostConnection)
}

// C5, C6: nesting and size are refused at once, without work or memory.
func TestTooMuch(t *testing.T) {
	tests := []struct{ name, line string }{
		{"parentheses", "* 1 FETCH (UID 1 BODYSTRUCTURE " + strings.Repeat("(", 100_000) + strings.Repeat(")", 100_000) + ")\r\n"},
		{"literal", "* 1 FETCH (UID 1 FLAGS () BODY[HEADER.FIELDS (DATE)] {419430400}\r\n"},
		{"huge number", "* 1 FETCH (UID 1 FLAGS () BODY[HEADER.FIELDS (DATE)] {9223372036854775807}\r\n"},
		{"four billion letters", "* ESEARCH (TAG \"x\") UID ALL 1:4294967295\r\n"},
		{"not a list", "* 1 FETCH x\r\n"},
		{"foreign tag", "zz9 OK done\r\n"},
		{"piece of a letter", "Kính gửi: mật\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := connected(t, func(s *script) {
				s.login("ESEARCH")
				s.expect("UID")
				s.write(tt.line)
				s.gone()
			})
			var err error
			if strings.Contains(tt.line, "ESEARCH") {
				_, err = m.UIDs(t.Context())
			} else {
				err = m.Headers(t.Context(), sync.These([]mail.UID{1}), func(sync.RemoteHeader) error { return nil })
			}
			f := faultOf(t, err, mail.BadServer)
			if strings.Contains(f.Error(), "mật") {
				t.Fatalf("%v tells of a letter", f)
			}
		})
	}
}

// C2 and libraries-mail.md §8 test 13: a flag update inside the answer steals no header.
func TestUnsolicitedFetch(t *testing.T) {
	head := func(uid string) string {
		return "(UID " + uid + " FLAGS () RFC822.SIZE 9 INTERNALDATE \" 2-Jan-2026 03:04:05 +0700\" BODY[HEADER.FIELDS (DATE)] {6}"
	}
	m := connected(t, func(s *script) {
		s.login("CONDSTORE")
		s.inbox("* OK [HIGHESTMODSEQ 99] x")
		tag := s.expect("UID FETCH 1:3 (UID FLAGS MODSEQ INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (DATE FROM ")
		s.say("* 2 FETCH (UID 2 FLAGS (\\Seen))", "* 1 FETCH "+head("1"), "A: 1", ")",
			"* 1 FETCH (FLAGS (\\Flagged))", "* 3 FETCH "+head("3"), "A: 3", ")", tag+" OK done")
		tag = s.expect("UID FETCH 2 ")
		s.say("* 2 FETCH "+head("2"), "A: 2", ")", tag+" OK done")
	})
	if st, err := m.Select(t.Context(), "INBOX"); err != nil || st.HighestModSeq != 99 || st.UIDValidity != 7 || st.Messages != 3 {
		t.Fatalf("%+v %v", st, err)
	}
	got := map[mail.UID]string{}
	err := m.Headers(t.Context(), sync.These([]mail.UID{3, 1, 2}), func(h sync.RemoteHeader) error {
		if _, twice := got[h.UID]; twice {
			t.Errorf("%d came twice", h.UID)
		}
		got[h.UID] = string(h.Header)
		if h.Size != 9 || !h.Received.Equal(time.Date(2026, 1, 1, 20, 4, 5, 0, time.UTC)) {
			t.Errorf("%+v", h)
		}
		return nil
	})
	if err != nil || len(got) != 3 || got[2] != "A: 2\r\n" {
		t.Fatalf("%v %v", got, err)
	}
}

// C3 and libraries-mail.md §8 test 14: a copy that failed erases nothing.
func TestMoveFallback(t *testing.T) {
	t.Run("copy refused", func(t *testing.T) {
		m := connected(t, func(s *script) {
			s.login("UIDPLUS")
			tag := s.expect(`UID COPY 5:6 "Trash"`)
			s.say(tag + " NO [OVERQUOTA] full")
			s.ok("LIST")
		})
		_, err := m.Move(t.Context(), []mail.UID{5, 6}, "Trash")
		wantKind(t, err, mail.OverQuota)
		if _, err := m.List(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("with UIDPLUS", func(t *testing.T) {
		m := connected(t, func(s *script) {
			s.login("UIDPLUS")
			tag := s.expect(`UID COPY 5:6 "Trash"`)
			s.say(tag + " OK [COPYUID 9 5:6 21:22] done")
			s.ok(`UID STORE 5:6 +FLAGS.SILENT (\Deleted)`)
			s.ok("UID EXPUNGE 5:6")
		})
		pairs, err := m.Move(t.Context(), []mail.UID{6, 5}, "Trash")
		if err != nil || len(pairs) != 2 || pairs[5] != 21 || pairs[6] != 22 {
			t.Fatalf("%v %v", pairs, err)
		}
	})
	t.Run("others marked", func(t *testing.T) {
		m := connected(t, func(s *script) {
			s.login("")
			s.ok("UID SEARCH DELETED", "* SEARCH 2 5")
		})
		_, err := m.Move(t.Context(), []mail.UID{5}, "Trash")
		wantKind(t, err, mail.Refused)
	})
	t.Run("without UIDPLUS", func(t *testing.T) {
		m := connected(t, func(s *script) {
			s.login("")
			s.ok("UID SEARCH DELETED", "* SEARCH")
			s.ok("UID COPY 5 ")
			s.ok("UID STORE 5 ")
			s.ok("UID SEARCH DELETED", "* SEARCH 5")
			s.ok("EXPUNGE")
		})
		if pairs, err := m.Move(t.Context(), []mail.UID{5}, "Trash"); err != nil || pairs != nil {
			t.Fatalf("%v %v", pairs, err)
		}
	})
	t.Run("erase with others marked", func(t *testing.T) {
		m := connected(t, func(s *script) {
			s.login("")
			s.ok("UID SEARCH DELETED", "* SEARCH 2")
		})
		wantKind(t, m.Expunge(t.Context(), []mail.UID{5}), mail.Refused)
	})
}

func TestMoveNative(t *testing.T) {
	m := connected(t, func(s *script) {
		s.login("MOVE UIDPLUS")
		tag := s.expect(`UID MOVE 5,7 "Trash"`)
		s.say("* OK [COPYUID 9 5,7 21:22] moved", "* 1 EXPUNGE", tag+" OK done")
		tag = s.expect("UID MOVE 8 ")
		s.say("* OK [COPYUID 9 8:9 1] nonsense", tag+" OK done")
	})
	pairs, err := m.Move(t.Context(), []mail.UID{7, 5}, "Trash")
	if err != nil || pairs[5] != 21 || pairs[7] != 22 {
		t.Fatalf("%v %v", pairs, err)
	}
	if pairs, err = m.Move(t.Context(), []mail.UID{8}, "Trash"); err != nil || pairs != nil {
		t.Fatalf("a bad COPYUID: %v %v", pairs, err)
	}
}

func TestUIDValidityChange(t *testing.T) {
	m := connected(t, func(s *script) {
		s.login("")
		s.inbox()
		s.ok("SELECT", "* 0 EXISTS", "* OK [UIDVALIDITY 8] x")
		s.ok("SELECT", "* 0 EXISTS")
	})
	for _, want := range []uint32{7, 8} {
		if st, err := m.Select(t.Context(), "INBOX"); err != nil || st.UIDValidity != want {
			t.Fatalf("%+v %v", st, err)
		}
	}
	_, err := m.Select(t.Context(), "INBOX")
	wantKind(t, err, mail.BadServer)
}

// C8: what the server says on the side is kept, without its control characters.
func TestAlertAndBye(t *testing.T) {
	m := client(t, func(s *script) {
		s.say("* OK [CAPABILITY " + baseCaps + "] ready")
		tag := s.expect("AUTHENTICATE")
		s.say("* OK [ALERT] Bảo trì \x1b]52;c;eA==\x07lúc 18 giờ\u202e", tag+" OK in")
		s.ok("CAPABILITY", "* CAPABILITY IMAP4rev1 IDLE") // C9: the server did not tell by itself
		s.expect("LIST")
		s.say("* BYE \x1b[2Jđang khởi động lại")
	})
	caps, err := m.Connect(t.Context())
	if err != nil || caps.Alert != "Bảo trì ]52;c;eA==lúc 18 giờ" || !caps.Idle {
		t.Fatalf("%+v %v", caps, err)
	}
	_, err = m.List(t.Context())
	if f := faultOf(t, err, mail.LostConnection); f.Detail != "[2Jđang khởi động lại" {
		t.Fatalf("%q", f.Detail)
	}
}

// The handler's own error comes back, and the connection stays in step.
func TestCallerError(t *testing.T) {
	m := connected(t, func(s *script) {
		s.login("")
		s.ok("UID FETCH 1:* (UID FLAGS)", "* 1 FETCH (UID 1 FLAGS (a))", "* 2 FETCH (UID 2 FLAGS (a))")
		s.ok("LIST")
	})
	calls := 0
	full := &mail.Fault{Kind: mail.DiskFull, Op: "write"}
	err := m.Flags(t.Context(), 1, 0, 0, func(sync.RemoteFlags) error { calls++; return full })
	wantKind(t, err, mail.DiskFull)
	if _, err := m.List(t.Context()); err != nil || calls != 1 {
		t.Fatalf("%v, %d calls", err, calls)
	}
}

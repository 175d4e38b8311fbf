package wire

import (
	"testing"

	"hopthu/mail"
)

const earlyCaps = "IMAP4rev1 AUTH=PLAIN SASL-IR ENABLE"

// A folder that is known to come first is opened in the breath of the login (RFC 9051 5.5).
func TestExpectedFolderOpensWithTheLogin(t *testing.T) {
	m := client(t, func(s *script) {
		s.say("* OK [CAPABILITY " + earlyCaps + "] ready")
		tags := s.together("AUTHENTICATE PLAIN ", "ENABLE UTF8=ACCEPT", `SELECT "INBOX"`)
		s.say(tags[0]+" OK [CAPABILITY "+earlyCaps+" CONDSTORE UTF8=ACCEPT] welcome", "* ENABLED UTF8=ACCEPT", tags[1]+" OK enabled",
			"* 3 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 4] x", "* OK [HIGHESTMODSEQ 9] x", tags[2]+" OK [READ-WRITE] open")
		s.ok("FETCH 3:* (UID FLAGS MODSEQ ", "* 3 FETCH (UID 3 FLAGS () MODSEQ (9) RFC822.SIZE 1 BODY[HEADER.FIELDS (DATE)] {2}", "", ")")
		s.ok(`SELECT "INBOX" (CONDSTORE)`, "* 3 EXISTS", "* OK [UIDVALIDITY 7] x") // asked again, it is opened again
	})
	ctx := t.Context()
	m.Expect("INBOX")
	caps, err := m.Connect(ctx)
	if err != nil || !caps.UTF8 || !caps.CondStore {
		t.Fatalf("%+v %v", caps, err)
	}
	_, _, before := m.Traffic()
	st, err := m.Select(ctx, "INBOX")
	if err != nil || st.UIDValidity != 7 || st.UIDNext != 4 || st.HighestModSeq != 9 || st.Messages != 3 || st.ReadOnly {
		t.Fatalf("%+v %v", st, err)
	}
	if _, _, after := m.Traffic(); after != before {
		t.Errorf("%d round trips more", after-before)
	}
	if uids, err := newest(ctx, m, 1); err != nil || len(uids) != 1 || uids[0] != 3 {
		t.Errorf("%v %v", uids, err)
	}
	if st, err = m.Select(ctx, "INBOX"); err != nil || st.Messages != 3 {
		t.Errorf("%+v %v", st, err)
	}
}

// Where the folder does not open, the login holds, and Select says why; another folder than the expected one is opened as ever.
func TestExpectedFolderThatDoesNotOpen(t *testing.T) {
	m := client(t, func(s *script) {
		s.say("* OK [CAPABILITY " + earlyCaps + "] ready")
		tags := s.together("AUTHENTICATE PLAIN ", "ENABLE UTF8=ACCEPT", `SELECT "INBOX"`)
		s.say(tags[0]+" OK [CAPABILITY "+earlyCaps+"] welcome", tags[1]+" BAD what", tags[2]+" NO [NONEXISTENT] no such folder")
		s.ok(`SELECT "Sent"`, "* 1 EXISTS", "* OK [UIDVALIDITY 8] x")
		tag := s.expect(`SELECT "INBOX"`)
		s.say(tag + " NO [NONEXISTENT] no such folder")
	})
	m.Expect("INBOX")
	if _, err := m.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st, err := m.Select(t.Context(), "Sent"); err != nil || st.UIDValidity != 8 {
		t.Errorf("%+v %v", st, err)
	}
	_, err := m.Select(t.Context(), "INBOX")
	wantKind(t, err, mail.NoFolder)
}

// A wrong password is a wrong password, whatever the server says to the rest.
func TestExpectedFolderAndAWrongPassword(t *testing.T) {
	for name, rest := range map[string]func(s *script, tags []string){
		"answered": func(s *script, tags []string) { s.say(tags[1]+" BAD log in first", tags[2]+" BAD log in first") },
		"cut off":  func(*script, []string) {},
	} {
		t.Run(name, func(t *testing.T) {
			m := client(t, func(s *script) {
				s.say("* OK [CAPABILITY " + earlyCaps + "] ready")
				tags := s.together("AUTHENTICATE PLAIN ", "ENABLE UTF8=ACCEPT", `SELECT "INBOX"`)
				s.say(tags[0] + " NO [AUTHENTICATIONFAILED] wrong")
				rest(s, tags)
			})
			m.Expect("INBOX")
			_, err := m.Connect(t.Context())
			wantKind(t, err, mail.BadPassword)
		})
	}
}

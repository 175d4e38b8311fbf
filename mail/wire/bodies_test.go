package wire

import (
	"fmt"
	"maps"
	"testing"

	"hopthu/mail"
)

func TestBodiesComeInOneRoundTrip(t *testing.T) {
	const long = "Subject: dai\r\n\r\n0123456789012345678901234567890123456789\r\n"
	m := connected(t, func(s *script) {
		s.login("IMAP4rev1")
		s.inbox()
		tag := s.expect("UID FETCH 1:3,9 (UID BODY.PEEK[])")
		s.say(`* 3 FETCH (UID 3 FLAGS (\Seen))`) // somebody else's mark
		s.write(fmt.Sprintf("* 3 FETCH (UID 3 BODY[] {%d}\r\n%s)\r\n", len("ba\r\n"), "ba\r\n"))
		s.write(fmt.Sprintf("* 1 FETCH (BODY[] {%d}\r\n%s UID 1)\r\n", len(long), long)) // beyond what may be kept
		s.say(`* 2 FETCH (UID 2 BODY[] "hai")`, `* 2 FETCH (UID 2 BODY[] "hai lan")`, `* 4 FETCH (UID 7 BODY[] "khong hoi")`, tag+" OK done")
		s.ok("NOOP")
		s.gone()
	})
	if _, err := m.Select(t.Context(), "INBOX"); err != nil {
		t.Fatal(err)
	}
	got := map[mail.UID]string{}
	err := m.Bodies(t.Context(), []mail.UID{9, 3, 2, 1}, 20, func(uid mail.UID, raw []byte) error {
		if _, twice := got[uid]; twice {
			t.Errorf("letter %d twice", uid)
		}
		got[uid] = string(raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := map[mail.UID]string{3: "ba\r\n", 2: "hai"}; !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if err := m.s.one(t.Context(), "test", m.s.cmd("NOOP")); err != nil { // the answer was read to its end
		t.Error(err)
	}
}

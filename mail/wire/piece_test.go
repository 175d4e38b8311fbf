package wire

import (
	"bytes"
	"testing"

	"hopthu/mail"
)

func TestPieces(t *testing.T) {
	const ask = "UID FETCH 5 (UID BODY.PEEK[]<10.4>)"
	tests := []struct {
		name   string
		off    int64
		answer []string
		want   string
		kind   mail.FaultKind // "" for none
	}{
		{name: "literal", off: 10, answer: []string{"* 1 FETCH (UID 5 BODY[]<10> {4}\r\nabcd)"}, want: "abcd"},
		{name: "literal8, small letters", off: 10, answer: []string{"* 1 FETCH (UID 5 body[]<10> ~{2}\r\nab)"}, want: "ab"},
		{name: "string", off: 10, answer: []string{`* 1 FETCH (UID 5 BODY[]<10> "abc")`}, want: "abc"},
		{name: "somebody's mark before it", off: 10, answer: []string{`* 2 FETCH (UID 6 FLAGS (\Seen))`, `* 1 FETCH (UID 5 BODY[]<10> "a")`}, want: "a"},
		{name: "beyond the end", off: 10, answer: []string{"* 1 FETCH (UID 5 BODY[]<10> NIL)"}},
		{name: "no such letter", off: 10, kind: mail.Gone},
		{name: "no letter without a beginning", off: 0, answer: []string{"* 1 FETCH (UID 5 BODY[]<0> NIL)"}, kind: mail.Gone},
		{name: "another letter", off: 10, answer: []string{`* 1 FETCH (UID 6 BODY[]<10> "abc")`}, kind: mail.BadServer},
		{name: "more than was asked for", off: 10, answer: []string{"* 1 FETCH (UID 5 BODY[]<10> {5}\r\nabcde)"}, kind: mail.BadServer},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := connected(t, func(s *script) {
				s.login("IMAP4rev1")
				s.inbox()
				command := ask
				if tt.off == 0 {
					command = "UID FETCH 5 (UID BODY.PEEK[]<0.4>)"
				}
				tag := s.expect(command)
				for _, line := range tt.answer {
					s.say(line)
				}
				if tt.kind != mail.BadServer { // else the client hangs up
					s.say(tag + " OK done")
				}
				s.gone()
			})
			if _, err := m.Select(t.Context(), "INBOX"); err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			n, err := m.Piece(t.Context(), 5, tt.off, 4, &got)
			if mail.KindOf(err) != tt.kind || got.String() != tt.want || n != int64(got.Len()) {
				t.Errorf("%d octets, %q, %v", n, got.String(), err)
			}
		})
	}
}

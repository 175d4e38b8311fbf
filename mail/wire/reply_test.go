package wire

import (
	"bufio"
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\n b\tc": "a b c", "\x1b[31mđỏ\x9b0m": "[31mđỏ0m", "a\u202egnp.exe": "agnp.exe", "x\xffy": "xy", "  ": "", strings.Repeat("ă", 500): strings.Repeat("ă", maxWords) + "…",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q → %q", in, got)
		}
	}
}

func TestSets(t *testing.T) {
	var uids []mail.UID
	for u := mail.UID(1); u < 9000; u += 2 {
		uids = append(uids, u)
	}
	slices.Reverse(uids)
	var got []mail.UID
	for _, s := range sets(uids, headerBlock) {
		if len(s.text) > maxSet+30 {
			t.Errorf("set of %d octets", len(s.text))
		}
		back, err := readSet([]byte(s.text), 10_000)
		if err != nil || !slices.Equal(back, s.uids) {
			t.Fatalf("%v %v", back, err)
		}
		got = append(got, back...)
	}
	if got[0] < 8000 {
		t.Error("the order of blocks is lost: the newest must come first")
	}
	slices.Sort(got)
	slices.Sort(uids)
	if !slices.Equal(got, uids) {
		t.Error("letters lost")
	}
	long := []mail.UID{}
	for u := mail.UID(4_000_000_001); len(long) < 3000; u += 2 {
		long = append(long, u)
	}
	n := 0
	for _, s := range sets(long, setBlock) {
		n += len(s.uids)
		if len(s.text) > maxSet+30 {
			t.Errorf("set of %d octets", len(s.text))
		}
	}
	if n != len(long) {
		t.Errorf("%d of %d", n, len(long))
	}
}

// FuzzReply: whatever comes, reading and splitting end without a panic and within the limits.
func FuzzReply(f *testing.F) {
	for _, s := range []string{
		"* 1 FETCH (UID 1 FLAGS (\\Seen a) MODSEQ (5) INTERNALDATE \" 1-Jan-2026 00:00:00 +0700\" BODY[HEADER.FIELDS (DATE FROM)]<0> {5}\r\nab\r\nc)\r\n",
		"* LIST (\\Noselect) \"/\" \"a\\\"b\"\r\n", "* OK [COPYUID 1 2:3 4,5] x {3}\r\n", "* ESEARCH (TAG \"h1\") UID ALL 1:5,9\r\n", "* SEARCH 1 2 (MODSEQ 7)\r\n",
		"* 1 FETCH (BODY[] ~{3+}\r\n\x00\n) UID)\r\n", "* STATUS {2}\r\nab (MESSAGES 3 UNSEEN x)\r\n", "h1 NO [EXPIRED] https://x.test/y.\r\n", "+\r\n", "* \r\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		br := bufio.NewReader(bytes.NewReader(b))
		s := &session{flagSet: map[string]string{}, caps: map[string]bool{}}
		c := &command{s: s, tag: "h1"}
		for range 50 {
			if s.in.readReply(br, nil) != nil {
				return
			}
			tokens, err := s.in.tokenize(0)
			if err == nil {
				for i, k := range tokens {
					if k.kind == open && (k.next <= i || k.next > len(tokens)) {
						t.Fatalf("list at %d ends at %d of %d", i, k.next, len(tokens))
					}
				}
			}
			c.on = func(_ string, r *reply, at int) error {
				_, err := s.fetched(r, at)
				return err
			}
			if s.dispatch([]*command{c}) != nil || c.done != nil {
				return
			}
			if st, ok := parseStatus(s.in.text); ok {
				copyUID(st, []mail.UID{1, 2, 3}, map[mail.UID]mail.UID{})
			}
		}
	})
}

// First open (issue 2 §6): connecting aside, one SELECT, one FETCH; and a resync in three.
func TestRoundTrips(t *testing.T) {
	m := connected(t, func(s *script) {
		s.login("CONDSTORE ESEARCH")
		s.inbox("* OK [HIGHESTMODSEQ 9] x")
		tag := s.expect("FETCH 2:* (UID FLAGS MODSEQ ")
		s.say("* 2 FETCH (UID 2 FLAGS () RFC822.SIZE 1 BODY[HEADER.FIELDS (DATE)] {2}", "", ")",
			"* 3 FETCH (UID 3 FLAGS () RFC822.SIZE 1 BODY[HEADER.FIELDS (DATE)] {2}", "", ")", tag+" OK done")
		s.inbox("* OK [HIGHESTMODSEQ 12] x")
		s.ok("UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 9)", "* 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (12))")
		s.ok("UID SEARCH RETURN (ALL) ALL", `* ESEARCH (TAG "x") UID ALL 1:3`)
		// The view is no longer that of SELECT: it is renewed first, and the FETCH waits for that.
		s.ok("NOOP", "* 1 FETCH (FLAGS ())")
		s.ok("UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 12)")
	})
	ctx := context.Background()
	steps := func(want int64, f func() error) {
		t.Helper()
		_, _, before := m.Traffic()
		if err := f(); err != nil {
			t.Fatal(err)
		}
		if _, _, after := m.Traffic(); after-before > want {
			t.Errorf("%d round trips, want %d", after-before, want)
		}
	}
	steps(2, func() error {
		if _, err := m.Select(ctx, "INBOX"); err != nil {
			return err
		}
		uids, err := newest(ctx, m, 2)
		if !slices.Equal(uids, []mail.UID{2, 3}) {
			t.Errorf("%v", uids)
		}
		return err
	})
	steps(3, func() error {
		if _, err := m.Select(ctx, "INBOX"); err != nil {
			return err
		}
		if err := m.Flags(ctx, 1, 0, 9, noFlags); err != nil {
			return err
		}
		uids, err := m.UIDs(ctx)
		if len(uids) != 3 {
			t.Errorf("%v", uids)
		}
		return err
	})
	steps(2, func() error { return m.Flags(ctx, 1, 0, 12, noFlags) })
}

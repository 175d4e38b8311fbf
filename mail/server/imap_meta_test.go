package server_test

import (
	"fmt"
	"strings"
	"testing"

	"hopthu/mail/server/servertest"
)

// RFC 5464: METADATA. RFC 9590: LIST-METADATA.
func TestIMAPMetadata(t *testing.T) {
	s, p, k := seat(t)
	k.ok("CREATE Kho/2026")
	k.ok(`SETMETADATA INBOX (/private/comment "Thư đến" /SHARED/Comment {3+}` + "\r\nabc /private/vendor/x/deep ~{4+}\r\na\x00b\r)")
	for c, want := range map[string]string{
		"GETMETADATA INBOX /private/comment":                                       "* METADATA \"INBOX\" (/private/comment {11}\r\nThư đến)",
		"GETMETADATA inbox (/shared/comment /private/none)":                        `* METADATA "INBOX" (/shared/comment "abc" /private/none NIL)`,
		"GETMETADATA INBOX /private/VENDOR/x/deep":                                 "* METADATA \"INBOX\" (/private/vendor/x/deep ~{4}\r\na\x00b\r)",
		"GETMETADATA (DEPTH 1) INBOX (/private /shared)":                           "* METADATA \"INBOX\" (/private/comment {11}\r\nThư đến /shared/comment \"abc\")",
		"GETMETADATA INBOX (DEPTH infinity) /private/vendor":                       "* METADATA \"INBOX\" (/private/vendor/x/deep ~{4}\r\na\x00b\r)",
		"GETMETADATA (MAXSIZE 3 DEPTH 0) INBOX (/private/comment /shared/comment)": `* METADATA "INBOX" (/shared/comment "abc")`,
		"GETMETADATA Kho/2026 /private/comment":                                    `* METADATA "Kho/2026" (/private/comment NIL)`,
		`GETMETADATA "" /shared/admin`:                                             `* METADATA "" (/shared/admin NIL)`,
	} {
		got := k.ok("%s", c)
		if strings.HasPrefix(c, "GETMETADATA inbox") { // the name comes as the client wrote it
			want = strings.Replace(want, "INBOX", "inbox", 1)
		}
		if len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, expected %q", c, got, want)
		}
	}
	if got := k.ok("GETMETADATA (DEPTH 1) INBOX /private/vendor"); len(got) != 0 {
		t.Errorf("%q", got)
	}
	if _, answer := k.cmd("GETMETADATA (MAXSIZE 2) INBOX (/private/comment /shared/comment)"); !strings.HasPrefix(answer, "OK [METADATA LONGENTRIES 11] ") {
		t.Error(answer)
	}
	for _, c := range []string{
		"GETMETADATA INBOX /comment", "GETMETADATA INBOX /private//x", "GETMETADATA INBOX /private/x/", "GETMETADATA INBOX /private/*", "GETMETADATA INBOX ()",
		"GETMETADATA INBOX \"/private/đ\"", "GETMETADATA INBOX (DEPTH 2) /private/x", "GETMETADATA (XYZ 1) INBOX /private/x", "GETMETADATA INBOX", "SETMETADATA INBOX ()",
		"SETMETADATA INBOX (/private NIL)", "SETMETADATA INBOX (/private/x)", "SETMETADATA INBOX (/private/x 1)", `SETMETADATA INBOX (/private/x "a" /PRIVATE/x "b")`,
		"GETMETADATA INBOX /private/" + strings.Repeat("x", 300), "GETMETADATA INBOX (" + strings.Repeat("/private/x ", 200) + "/private/y)",
	} {
		k.refuse("BAD", "%s", c)
	}
	k.refuse("NO [NONEXISTENT]", "GETMETADATA Nowhere /private/x")
	k.refuse("NO [NONEXISTENT]", "SETMETADATA Nowhere (/private/x NIL)")
	k.refuse("NO [NOPERM]", `SETMETADATA "" (/private/x "1" /shared/x "1")`)
	k.refuse("NO [METADATA MAXSIZE 16384]", "SETMETADATA INBOX (/private/x \"1\" /private/y {16385+}\r\n%s)", strings.Repeat("x", 16385))
	if got := k.ok(`GETMETADATA INBOX /private/x`); !has(got, "NIL") {
		t.Errorf("half was set: %q", got)
	}

	// It goes with its mailbox, stays through a restart, and is gone with it.
	k.ok(`SETMETADATA Kho (/private/comment "Kho cũ" /private/a "1")`)
	k.ok(`SETMETADATA Kho (/private/a NIL)`)
	k.ok(`SETMETADATA "" (/private/x "của tôi")`)
	k.ok("RENAME Kho Lưu")
	s.Restart()
	k = imapLogin(t, s, p.Wire, p.Password)
	k.ok("ENABLE UTF8=ACCEPT")
	if got := k.ok(`LIST "" "*" RETURN (SPECIAL-USE METADATA (/private/comment /private/a))`); !has(got, `* METADATA "Lưu" (/private/comment "Kho cũ" /private/a NIL)`) ||
		!has(got, `* METADATA "Lưu/2026" (/private/comment NIL /private/a NIL)`) {
		t.Errorf("%q", got)
	}
	mustHave(t, k.ok(`LIST "" Lưu RETURN (METADATA (DEPTH infinity MAXSIZE 3) /private)`), `* LIST (\HasChildren) "/" "Lưu"`)
	mustHave(t, k.ok(`GETMETADATA "" /private/x`), `"của tôi"`)
	k.ok("DELETE Lưu/2026")
	k.ok("DELETE Lưu")
	k.ok("CREATE Lưu")
	mustHave(t, k.ok("GETMETADATA Lưu /private/comment"), "NIL")
	other := imapLogin(t, s, s.Person("Lê Thị Lan", "nv").Wire, servertest.Password)
	mustHave(t, other.ok(`GETMETADATA "" /private/x`), "NIL")
	mustHave(t, other.ok(`GETMETADATA INBOX /private/comment`), "NIL")
}

// What a person can note is bounded, and never half of it is kept.
func TestIMAPMetadataIsBounded(t *testing.T) {
	_, _, k := seat(t)
	full := false
	for i := range 30 {
		var b strings.Builder
		for j := range 100 {
			fmt.Fprintf(&b, "/private/%d/%d \"x\" ", i, j)
		}
		_, answer := k.cmd("SETMETADATA INBOX (%s)", strings.TrimSpace(b.String()))
		if full = strings.HasPrefix(answer, "NO [METADATA TOOMANY]"); full {
			break
		}
	}
	if !full {
		t.Error("no limit")
	}
	k.ok("SETMETADATA INBOX (/private/0/0 NIL)")
}

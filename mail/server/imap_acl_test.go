package server_test

import (
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/server/servertest"
)

// RFC 4314: in one's own box one has every right, and gives none away here.
func TestIMAPACLOfOnesOwnBox(t *testing.T) {
	s, p, k := seat(t)
	lan := s.Person("Lê Thị Lan", "nv")
	k.ok("CREATE Kho")
	for c, want := range map[string]string{
		"MYRIGHTS INBOX":                   `* MYRIGHTS "INBOX" lrswipkxteacd`,
		"GETACL Kho":                       `* ACL "Kho" "` + p.Wire + `" lrswipkxteacd`,
		"LISTRIGHTS Kho " + p.Wire:         `* LISTRIGHTS "Kho" "` + p.Wire + `" "lrswipkxteacd"`,
		"LISTRIGHTS Kho " + lan.Wire:       `* LISTRIGHTS "Kho" "` + lan.Wire + `" ""`,
		"LISTRIGHTS Kho nobody":            `* LISTRIGHTS "Kho" "nobody" ""`,
		`LISTRIGHTS Kho "-anyone"`:         `* LISTRIGHTS "Kho" "-anyone" ""`,
		`LIST "" Kho RETURN (MYRIGHTS)`:    `* MYRIGHTS "Kho" lrswipkxteacd`,
		"LISTRIGHTS Kho \"" + p.Wire + `"`: "lrswipkxteacd",
	} {
		got := k.ok("%s", c)
		if len(got) == 0 || !strings.HasSuffix(got[len(got)-1], want) && !strings.Contains(got[len(got)-1], want) {
			t.Errorf("%s: %q, expected %q", c, got, want)
		}
	}
	for _, who := range []string{lan.Wire, "nobody", "anyone", `"-` + lan.Wire + `"`, p.Wire} {
		k.refuse("NO [CANNOT]", "SETACL Kho %s +lr", who)
		k.refuse("NO [CANNOT]", "DELETEACL Kho %s", who)
	}
	mustHave(t, k.ok("GETACL Kho"), `* ACL "Kho" "`+p.Wire+`" lrswipkxteacd`)
	for _, c := range []string{"SETACL Kho x", "SETACL Kho x lrz", "SETACL Kho x +lr y", "DELETEACL Kho", "GETACL", "GETACL Kho x", "MYRIGHTS", "LISTRIGHTS Kho", "LISTRIGHTS Kho x y"} {
		k.refuse("BAD", "%s", c)
	}
	for _, c := range []string{"MYRIGHTS Nowhere", "GETACL Nowhere", "LISTRIGHTS Nowhere x", "SETACL Nowhere x lr", "DELETEACL Nowhere x"} {
		k.refuse("NO [NONEXISTENT]", "%s", c)
	}
}

// RFC 4314 and RFC 8440: in an agency's box rights are those of the delegation (QC 14.1), the same by whichever door one
// comes; only the head sees those of others.
func TestIMAPACLOfAnAgency(t *testing.T) {
	for scope, want := range map[mail.Scope][2]string{
		mail.ScopeRead:   {"lrp", "lrp"},
		mail.ScopeAnswer: {"lrswiptd", "lrswipted"},
		mail.ScopeIssue:  {"lrswiptd", "lrswipted"},
		mail.ScopeManage: {"lrswipkxtecd", "lrswipkxtecd"},
	} {
		t.Run(scope.Code(), func(t *testing.T) {
			s := servertest.Start(t)
			agency, chief := s.Agency("kh&đt", "Nguyễn Thị Mai")
			hung, lan := s.Person("Trần Văn Hùng", "kh&đt"), s.Person("Lê Thị Lan", "nv")
			s.Delegate(agency, hung, scope, nil)
			inbox := `* MYRIGHTS "INBOX" ` + want[0]
			k := imapAs(t, s, agency, hung)
			if got := k.ok("MYRIGHTS INBOX"); got[0] != inbox {
				t.Errorf("%q, expected %q", got, inbox)
			}
			got := k.ok(`LIST "" (INBOX Drafts) RETURN (MYRIGHTS)`)
			mustHave(t, got, `* MYRIGHTS "Drafts" `+want[1])
			mustHave(t, got, inbox)
			for _, c := range []string{"GETACL INBOX", "LISTRIGHTS INBOX x", "SETACL INBOX x lr", "DELETEACL INBOX x"} {
				k.refuse("NO [NOPERM]", "%s", c)
			}
			k = imapLogin(t, s, hung.Wire, hung.Password)
			k.ok("ENABLE UTF8=ACCEPT")
			const top = "Hộp thư công vụ/kh&đt/"
			if got := k.ok(`MYRIGHTS "` + top + `INBOX"`); got[0] != `* MYRIGHTS "`+top+`INBOX" `+want[0] {
				t.Errorf("%q", got)
			}
			mustHave(t, k.ok(`LIST "" "`+top+`*" RETURN (MYRIGHTS)`), `* MYRIGHTS "`+top+`Drafts" `+want[1])
			k.refuse("NO [NOPERM]", `GETACL "%sINBOX"`, top)

			h := imapAs(t, s, agency, chief)
			acl := h.ok("GETACL INBOX")
			want := `* ACL "INBOX" "` + agency.Wire + `" lrswipkxteacd "` + chief.Wire + `" lrswipkxteacd "` + hung.Wire + `" ` + want[0]
			if len(acl) != 1 || acl[0] != want {
				t.Errorf("%q, expected %q", acl, want)
			}
			mustHave(t, h.ok("LISTRIGHTS INBOX %s", hung.Wire), `"`+hung.Wire+`" "`+strings.TrimPrefix(inbox, `* MYRIGHTS "INBOX" `)+`"`)
			mustHave(t, h.ok("LISTRIGHTS INBOX %s", lan.Wire), `"`+lan.Wire+`" ""`)
			h.refuse("NO [CANNOT]", "SETACL INBOX %s lr", lan.Wire)

			other := imapLogin(t, s, lan.Wire, lan.Password)
			other.ok("ENABLE UTF8=ACCEPT")
			for _, c := range []string{"MYRIGHTS", "GETACL"} {
				other.refuse("NO [NONEXISTENT]", `%s "%sINBOX"`, c, top)
			}
		})
	}
}

package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hopthu/mail/server"
)

// manyKinds are letters of many kinds under one set of words.
func manyKinds(i int) string {
	switch i % 8 {
	case 0:
		return fmt.Sprintf("From: =?utf-8?q?Tr=E1=BA=A7n_H=C3=B9ng?= <hung%d@x.example>\r\nSubject: =?utf-8?b?QsOhbyBjw6Fv?= %d\r\nDate: Tue, 24 Nov 2026 09:00:00 +0700\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHộp thư điện tử số %d\r\n", i, i, i)
	case 1:
		return fmt.Sprintf("From: lan@x.example\r\nSubject: Bao cao %d\r\nContent-Type: text/html\r\n\r\n<p>Hop thu <i>dien</i> tu %d</p>\r\n", i, i)
	case 2:
		return "From: c@x.example\r\nSubject: two =?utf-8?b?QmFvCmNhbw==?=\r\n\r\nbao cao\r\n"
	case 3:
		return "Subject: x\r\nBao cao without a colon\r\nX-Room: phòng họp\r\n\r\nnothing\r\n"
	case 4:
		return "From: d@x.example\r\nSubject: long\r\n\r\n" + strings.Repeat("dài lê thê ", 20000/(1+i)) + "báo cáo\r\n"
	case 5:
		return "From: e@x.example\r\nSubject: =?utf-8?q?Gi=E1=BA=A5y_m=E1=BB=9Di?=\r\nContent-Type: text/plain; charset=windows-1258\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nB=E1o c=E1o\r\n"
	case 6:
		return "From: f@x.example\r\nTo: " + strings.Repeat("nguoi.nhan@x.example, ", 400) + "cuoi@x.example\r\nSubject: circular\r\nDate: Mon, 2 Mar 2026 09:00:00 +0700\r\n\r\nđính kèm\r\n"
	}
	return fmt.Sprintf("From: g@x.example\r\nSubject: =?utf-8?q?Ng=C6=B0=E1=BB=9Di_n=E1=BB=99p?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nthan thu\r\n--b\r\nContent-Type: application/pdf; name=\"Bao cao %d.pdf\"\r\n\r\n%%PDF\r\n--b--\r\n", i)
}

// RFC 9051 6.4.4: what is found does not depend on what is prepared, and every question that a sieve may answer finds
// what reading every letter finds.
func TestIMAPSearchPreparedLetters(t *testing.T) {
	s, p, k := seat(t)
	const n = 300 // two full pages and a part of a third
	err := s.Admin.Seed(t.Context(), n, func(i int) server.Delivery {
		return server.Delivery{To: []string{p.Wire}, Raw: []byte(manyKinds(i))}
	})
	if err != nil {
		t.Fatal(err)
	}
	k.ok("SELECT INBOX")
	k.ok(`STORE 1:50 +FLAGS.SILENT (\Flagged)`)
	questions := []string{
		`TEXT "bao cao"`, `TEXT "báo cáo"`, `BODY "hop thu dien tu"`, `BODY "Hộp thư"`, `SUBJECT "bao"`, `SUBJECT "Báo cáo"`, `FROM "tran hung"`, `FROM "HÙNG"`,
		`TO "cuoi@x"`, `HEADER X-Room ""`, `HEADER X-Room "hop"`, `HEADER X-None ""`, `TEXT "x"`, `TEXT "đ"`, `TEXT ""`, `NOT TEXT "bao cao"`,
		`OR TEXT "hop thu" SUBJECT "giay moi"`, `OR TEXT "hop thu" FLAGGED`, `FLAGGED TEXT "bao cao"`, `UNFLAGGED BODY "báo" SMALLER 1000`, `SENTON 24-Nov-2026 TEXT "bao cao"`,
		`SENTBEFORE 1-Apr-2026`, `NOT (OR SUBJECT "moi" BODY "pdf")`, `UID 10:200 TEXT "bao cao"`, `SAVEDSINCE 1-Jan-2000 SUBJECT "circular"`, `BODY "Bao cao 15.pdf"`,
		`TEXT "subject: bao"`, `TEXT "nowhere at all"`, `ALL`, `FLAGGED`, `1:20 HEADER "not a field" "x"`,
	}
	answers := map[string]string{}
	for _, q := range questions {
		answers[q] = search(t, k, q)
	}
	for q, want := range map[string]bool{
		`TEXT "nowhere at all"`: false, `TEXT "bao cao"`: true, `BODY "Hộp thư"`: true, `FROM "HÙNG"`: true, `HEADER X-Room "hop"`: true,
		`OR TEXT "hop thu" SUBJECT "giay moi"`: true, `BODY "Bao cao 15.pdf"`: true,
	} {
		if (answers[q] != "") != want {
			t.Errorf("%s: %q", q, answers[q])
		}
	}
	if a, b := answers[`TEXT "báo cáo"`], answers[`TEXT "bao cao"`]; len(a) >= len(b) || a == "" {
		t.Errorf("with marks %q, without %q", a, b)
	}
	same := func(when string) {
		t.Helper()
		for _, q := range questions {
			if got := search(t, k, q); got != answers[q] {
				t.Errorf("%s: %s finds %s, before %s", when, q, got, answers[q])
			}
		}
	}
	if err := s.Admin.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	same("prepared")
	k.ok(`UID STORE 9,17,130 +FLAGS.SILENT (\Deleted)`)
	k.ok("EXPUNGE")
	for q, a := range answers {
		list := strings.Fields(a)
		list = slices.DeleteFunc(list, func(u string) bool { return u == "9" || u == "17" || u == "130" })
		answers[q] = strings.Join(list, " ")
	}
	answers[`1:20 HEADER "not a field" "x"`] = search(t, k, `1:20 HEADER "not a field" "x"`)
	same("expunged")
	if err := s.Admin.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	same("prepared again")
	for range 20 { // behind what is prepared
		k.appendTo("INBOX", "", "Subject: Báo cáo bổ sung\r\n\r\nx\r\n")
	}
	if got := search(t, k, `SUBJECT "bao cao bo sung"`); len(strings.Fields(got)) != 20 {
		t.Errorf("new letters: %q", got)
	}
}

// search gives the UIDs found.
func search(t *testing.T, k *talk, question string) string {
	t.Helper()
	for _, l := range k.ok("UID SEARCH %s", question) {
		if found, ok := strings.CutPrefix(l, "* SEARCH"); ok {
			return strings.TrimSpace(found)
		}
	}
	t.Fatalf("no answer to %s", question)
	return ""
}

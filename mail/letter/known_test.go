package letter

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
)

// TestKnown: what was read before changes nothing but the time it takes.
func TestKnown(t *testing.T) {
	var k Known
	many := "To: " + strings.Repeat("an@x.example, ", 60) + "binh@x.example\r\n"
	blocks := []string{
		"From: =?utf-8?q?L=C3=AA_An?= <an@x.example>\r\nTo: binh@x.example\r\n\r\n",
		"From: =?utf-8?q?L=C3=AA_An?= <an@x.example>\r\nTo: binh@x.example\r\nTo: chi@x.example\r\n\r\n",
		"From: nobody\r\nTo: binh@x.example\r\nCc: =?utf-8?q?L=C3=AA_An?= <an@x.example>\r\n\r\n",
		"From: nobody\r\nTo: chi@x.example\r\nTo: binh@x.example\r\n\r\n",
		"From: \"Nguy\xd4n\" <an@x.example>\r\nSubject: c\xabng v\xa8n\r\nTo: binh@x.example\r\n\r\n",
		"From: \"Nguy\xd4n\" <an@x.example>\r\nTo: binh@x.example\r\n\r\n",
		"Sender: an@x.example\r\nFrom: Ban qu\xe1\xba\xa3n l\xc3\xbd: an@x.example, b@x.example;\r\n" + many + "\r\n",
		"From: Lê An\r\n <an@x.example>\r\nReply-To: binh@x.example\r\n" + many + "\r\n",
	}
	for range 3 {
		for _, b := range blocks {
			var got, want mail.Head
			ReadHeader([]byte(b)).FillKnown(&k, &got)
			ReadHeader([]byte(b)).Fill(&want)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%q\n gives %+v\n want  %+v", b, got, want)
			}
			got.To = append(got.To, mail.Address{Addr: "more@x.example"}) // must not reach the next one
		}
	}
	if len(k.lists) == 0 {
		t.Error("nothing was remembered")
	}
}

func TestStrictDate(t *testing.T) {
	for _, s := range []string{
		"Tue, 24 Nov 2026 12:05:09 +0700", "Sun, 1 Feb 1970 00:00:00 +0000", "Fri, 31 Dec 2199 23:59:59 -0000",
		"Mon, 02 Mar 2026 05:06:07 -0330", "wed, 4 FEB 2026 05:06:07 +0545", "Thu,  5 Feb 2026 05:06:07 +1200",
	} {
		got, ok := strictDate(s)
		if want := looseDate(s); !ok || !got.Equal(want) || got.Format(time.RFC3339) != want.Format(time.RFC3339) {
			t.Errorf("strictDate(%q) = %v, %v, want %v", s, got, ok, want)
		}
	}
	for _, s := range []string{
		"", "Tue, 24 Nov 2026 12:05:09.5 +0700", "Tue, 24 Nov 1969 12:05:09 +0700", "Tue, 24 Nov 2200 12:05:09 +0700", "24 Nov 2026 12:05 ICT",
		"Tue, 31 Feb 2026 12:05:09 +0700", "Tue, 24 Nov 2026 12:05:09 +9900",
	} {
		if got, ok := strictDate(s); ok {
			t.Errorf("strictDate(%q) = %v", s, got)
		}
	}
}

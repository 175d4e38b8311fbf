package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const acting = good + `
[[account]]
id = "a1/kh&dt@ninhbinh.gov.vn"
address = "kh&đt@ninhbinh.gov.vn"
login = "hantt.kh&dt@ninhbinh.gov.vn"
name = "Sở Kế hoạch và Đầu tư"
as = "kh&dt@ninhbinh.gov.vn"
holder = "a1"
scope = "phat-hanh"
until = 2026-12-31T17:00:00Z
person = { name = "Nguyễn Thị Thu Hà", addr = "hantt.kh&dt@ninhbinh.gov.vn" }
imap = { host = "mail.ninhbinh.gov.vn", port = 993, security = "tls" }
smtp = { host = "mail.ninhbinh.gov.vn", port = 465, security = "tls" }
`

// An agency's box is in the file as long as its delegation stands; one's own box has none of its settings.
func TestAgencyBoxRoundTrip(t *testing.T) {
	c, err := LoadClient(put(t, acting))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "client.toml")
	if err := c.Save(path); err != nil {
		t.Fatal(err)
	}
	again, err := LoadClient(path)
	if err != nil {
		t.Fatal(err)
	}
	a := again.Accounts[1]
	if a.As != "kh&dt@ninhbinh.gov.vn" || a.Holder != "a1" || a.Scope != "phat-hanh" || !a.Until.Equal(time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC)) ||
		a.Person.Name != "Nguyễn Thị Thu Hà" {
		t.Errorf("%+v", a)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"holder", "scope", "until", "person"} {
		if n := strings.Count(string(text), "\n"+key+" ") + strings.Count(string(text), "."+key+"]"); n != 1 {
			t.Errorf("%s stands %d times in\n%s", key, n, text)
		}
	}
}

func TestWrongAgencyBox(t *testing.T) {
	for _, tt := range []struct{ from, to, want string }{
		{`holder = "a1"`, `holder = "a9"`, `"a9" is not the id of an account`},
		{`holder = "a1"`, `holder = "a1/kh&dt@ninhbinh.gov.vn"`, "is not the id of an account of one's own"},
		{`scope = "phat-hanh"`, `scope = "tat-ca"`, `"tat-ca" is not one of doc`},
		{`name = "Nguyễn Thị Thu Hà"` + "\n", "name = \"Nguyễn Thị Thu Hà\"\nshared = true\n", "the address of the one who sits here"},
	} {
		_, err := LoadClient(put(t, strings.Replace(acting, tt.from, tt.to, 1)))
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Error(), tt.want) {
			t.Errorf("%s: %v", tt.to, err)
		}
	}
}

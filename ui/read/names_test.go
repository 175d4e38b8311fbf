package read

import "testing"

func TestNames(t *testing.T) {
	for to, want := range map[string]string{
		"Trần Văn Hùng <hungtv@x.test>":                "Trần Văn Hùng",
		`"Lê, Thị Lan" <lan@x.test>, b@x.test`:         "Lê, Thị Lan, b@x.test",
		"Sở KH&ĐT <skhdt@x.test>; UBND xã <xa@x.test>": "Sở KH&ĐT; UBND xã",
		"<a@x.test>, b@x.test":                         "<a@x.test>, b@x.test",
		"":                                             "",
		`" " <a@x.test>`:                               `" " <a@x.test>`,
		"Hà\x1b[31m <ha@x.test":                        "Hà <ha@x.test",
	} {
		if got := Names(to); got != want {
			t.Errorf("Names(%q) = %q, want %q", to, got, want)
		}
	}
}

package utf7_test

import (
	"testing"

	"hopthu/mail/utf7"
)

func TestNames(t *testing.T) {
	for _, tt := range []struct{ name, wire string }{
		{"INBOX", "INBOX"},
		{"Văn bản đến", "V&AQM-n b&HqM-n &AREevw-n"},
		{"kh&đt", "kh&-&ARE-t"},
		{"&", "&-"},
		{"😀", "&2D3eAA-"},
		{"", ""},
		{"a\x01", "a&AAE-"},
		{"đ&đ", "&ARE-&-&ARE-"},
		{"a/b-c,d", "a/b-c,d"},
		{"\u00ff\u00ff\u00ff", "&AP8A,wD,-"},
		{"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"}, // RFC 3501 5.1.3
	} {
		if got := utf7.Encode(tt.name); got != tt.wire {
			t.Errorf("%q → %q, want %q", tt.name, got, tt.wire)
		}
		if got, ok := utf7.Decode(tt.wire); !ok || got != tt.name {
			t.Errorf("%q → %q %v", tt.wire, got, ok)
		}
	}
	for _, bad := range []string{"A&B", "&AR-", "&", "đ", "&2D0-", "&ARE", "a\x01", "&ARE=-", "&AR/-", "a\x7f", "&AQM", "&&-", "&A-", "&3gA-"} {
		if got, ok := utf7.Decode(bad); ok {
			t.Errorf("%q is read as %q", bad, got)
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"Văn bản đến", "kh&đt", "&-", "A&B", "😀&", "\xff", "&U,BTFw-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for i := range len(s) {
			if wire := utf7.Encode(s[i:]); wire != "" && (wire[0] < ' ' || wire[0] > '~') {
				t.Fatalf("%q travels as %q", s[i:], wire)
			}
		}
		if name, ok := utf7.Decode(s); ok {
			if back, ok := utf7.Decode(utf7.Encode(name)); !ok || back != name {
				t.Errorf("%q: %q → %q", s, name, back)
			}
		}
	})
}

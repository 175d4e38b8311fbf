package letter

import (
	"slices"
	"strings"
	"testing"
)

// slowAddresses is what the parser alone makes of a field.
func slowAddresses(value string) (out []EnvelopeAddress) {
	p := addrParser{name: strings.TrimSpace, joinNames: true, groups: true}
	list, bad := p.parse(value)
	for _, a := range list {
		out = append(out, envelopeAddress(a))
	}
	for _, s := range bad {
		out = append(out, EnvelopeAddress{Mailbox: s, Host: "missing.domain"})
	}
	return out
}

var plainSamples = []string{
	"lan@tinh.example", "<lan@tinh.example>", "Lan <lan@tinh.example>", "=?utf-8?q?V=C4=83n_th=C6=B0?= 12 <van.thu-1_2@a-b.tinh.example>",
	"=?UTF-8?B?TMOqIEzhuqFu?= <a@b>", "Lan  Anh <a@b>", " Lan <a@b>", "Lan<a@b>", "<<a@b>", "a@b>", "mailto:a@b", "Lan <mailto:a@b>", "a.@b", ".a@b", "a..c@b",
	"a@b.", "a@b..c", "a@@b", "@b", "a@", "<@b>", "Lan <>", "Lan", "a b@c", "a@b, c@d", "'Lan' <a@b>", "\"Lan\" <a@b>", "Lan (x) <a@b>", "Lan <a@b> ", "mailto <a@b>",
	"a@b <c@d>", "Nhóm: a@b;", "=?x <a@b>", "Lan= <a@b>", "-_@-_", "a+b@c", "Lan+ / <a@b>", "xn--a@xn--b.vn", "",
}

func TestPlainAddressIsWhatTheParserReads(t *testing.T) {
	plain := 0
	for _, s := range plainSamples {
		if a, ok := plainAddress(s); ok {
			plain++
			if want := slowAddresses(s); !slices.Equal(want, []EnvelopeAddress{a}) {
				t.Errorf("%q: %q, the parser reads %q", s, a, want)
			}
		}
	}
	if plain < 8 {
		t.Errorf("only %d are plain", plain)
	}
}

func FuzzPlainAddress(f *testing.F) {
	for _, s := range plainSamples {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if a, ok := plainAddress(s); ok && !slices.Equal(slowAddresses(s), []EnvelopeAddress{a}) {
			t.Errorf("%q: %q, the parser reads %q", s, a, slowAddresses(s))
		}
	})
}

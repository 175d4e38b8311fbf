package letter

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"
)

// oleOf is a file with the head of an OLE container and runs of text among other bytes.
func oleOf(runs ...[]byte) []byte {
	out := []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 504))
	for _, r := range runs {
		out = append(append(out, 0, 1, 0xff, 0xfe, 0), r...)
		out = append(out, 0, 0, 3)
	}
	return out
}

func wideText(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

func TestOldOffice(t *testing.T) {
	for _, c := range []struct {
		name         string
		data         []byte
		want, legacy string
		err          error
	}{
		{"UTF-16", oleOf(wideText("UBND TỈNH NINH BÌNH\rTỐI MẬT\rSố: 07/KH-BCH\r")), "\nTỐI MẬT\n", "", nil},
		{"one byte a letter", oleOf([]byte("UBND T\xd8NH NINH B\xccNH\rTUY\xd6T M\xcbT\rK\xddnh g\xf6i: V\xa8n ph\xdfng \xf1y ban nh\xa9n d\xa9n\r")), "\nTUYỆT MẬT\n", "TCVN3", nil},
		{"cells of a table", oleOf([]byte("\x0a\x00\x01"), wideText("Họ và tên"), []byte("\x05\x00\x01"), wideText("Trần Văn Hùng"), wideText("MẬT")), "Trần Văn Hùng\n", "", nil},
		{"no text", oleOf(bytes.Repeat([]byte{1, 2, 3, 250}, 500)), "", "", ErrNoText},
		{"encrypted", oleOf(leUnits("EncryptedPackage")), "", "", ErrLocked},
		{"empty", oleOf(), "", "", ErrNoText},
	} {
		d, err := DocumentText("a.doc", c.data)
		if !errors.Is(err, c.err) || c.err == nil && (err != nil || !d.Cut) || !strings.Contains(d.Text, c.want) || d.Legacy != c.legacy || d.Kind != "ole" {
			t.Errorf("%s: %v %+v", c.name, err, d)
		}
	}
	if d, err := DocumentText("a.doc", oleOf(leUnits("_VBA_PROJECT"), wideText("Kính gửi Văn phòng Ủy ban"))); err != nil || !d.Macros {
		t.Errorf("macros: %v %+v", err, d)
	}
	big := oleOf(bytes.Repeat(wideText("Kính gửi \x00"), 500_000))
	if d, err := DocumentText("a.doc", big); err != nil || len(d.Text) > docMaxText+100 {
		t.Errorf("a long file: %v, %d bytes", err, len(d.Text))
	}
}

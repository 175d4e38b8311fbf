// Package utf7 writes and reads mailbox names as they travel in IMAP without UTF-8 mode: modified UTF-7 (RFC 3501
// 5.1.3). Client and server speak it alike.
//
// Laws: it knows nothing of mailboxes; a name that is not one is told, never guessed at.
package utf7

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// b64 is the base64 of modified UTF-7: "," for "/", no padding (RFC 3501 5.1.3). Strict refuses stray bits.
var b64 = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding).Strict()

// Encode writes a mailbox name in modified UTF-7.
func Encode(name string) string {
	var b strings.Builder
	var run []uint16
	flush := func() {
		if len(run) == 0 {
			return
		}
		raw := make([]byte, 0, 2*len(run))
		for _, u := range run {
			raw = append(raw, byte(u>>8), byte(u))
		}
		b.WriteByte('&')
		b.WriteString(b64.EncodeToString(raw))
		b.WriteByte('-')
		run = run[:0]
	}
	for _, r := range name {
		if r < ' ' || r > '~' {
			run = utf16.AppendRune(run, r)
			continue
		}
		flush()
		if b.WriteByte(byte(r)); r == '&' {
			b.WriteByte('-')
		}
	}
	flush()
	return b.String()
}

// Decode reads a modified UTF-7 name; ok is false when it is not one.
func Decode(wire string) (name string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(wire); i++ {
		c := wire[i]
		if c < ' ' || c > '~' {
			return "", false
		}
		if c != '&' {
			b.WriteByte(c)
			continue
		}
		end := strings.IndexByte(wire[i:], '-')
		if end < 0 {
			return "", false
		}
		shifted := wire[i+1 : i+end]
		i += end
		if shifted == "" {
			b.WriteByte('&')
			continue
		}
		raw, err := b64.DecodeString(shifted)
		if err != nil || len(raw) == 0 || len(raw)%2 != 0 {
			return "", false
		}
		units := make([]uint16, len(raw)/2)
		for j := range units {
			units[j] = uint16(raw[2*j])<<8 | uint16(raw[2*j+1])
		}
		for _, r := range utf16.Decode(units) {
			if r == utf8.RuneError {
				return "", false
			}
			b.WriteRune(r)
		}
	}
	return b.String(), true
}

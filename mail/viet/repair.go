package viet

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Repair mends text whose bytes were once read as Latin-1 or windows-1252: legacy Vietnamese ("KÝnh göi") and UTF-8
// ("KÃ­nh gá»­i"). legacy names what the bytes really were ("UTF-8" among them); "" means that the text was left as
// it is. Text that is Vietnamese already is never touched; mixed text is mended line by line.
func Repair(text string) (fixed, legacy string) {
	if strings.IndexFunc(text, func(r rune) bool { return r >= 0x80 && r < 0x2200 }) < 0 {
		return text, ""
	}
	part := string(sample([]byte(text), high))
	if scoreText(strings.Map(lookalike, NFC(part))).share() >= 0.9 {
		return text, "" // Eth typed for đ is a slip of the keyboard, not an encoding
	}
	c, ok := detectRepair(badLines(part))
	if !ok {
		return text, ""
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		back, _ := convertBack(line, c.decode)
		back = NFC(back)
		if scoreText(back).share() < scoreText(NFC(line)).share() {
			back = line
		}
		b.WriteString(back)
	}
	return NFC(b.String()), c.name
}

// badLines leaves out the lines that are Vietnamese as they are; if that leaves none, all are taken.
func badLines(part string) string {
	var b strings.Builder
	for line := range strings.Lines(part) {
		if s := scoreText(NFC(line)); s.total > 0 && s.share() < 0.5 {
			b.WriteString(line)
		}
	}
	if b.Len() == 0 {
		return part
	}
	return b.String()
}

var misreadUTF8 = candidate{name: utf8as, decode: func(b []byte) string {
	if t, ok := utf8Again(b); ok {
		return t
	}
	return decode1252(b)
}}

func detectRepair(part string) (candidate, bool) {
	read := func(decode func([]byte) string) (string, bool) {
		t, changed := convertBack(part, decode)
		return NFC(t), changed
	}
	return detect(read, part, "", misreadUTF8)
}

// utf8Again reads bytes as UTF-8 if they are. A no-break space (the second byte of à) that became a space on the way
// is put back.
func utf8Again(b []byte) (string, bool) {
	s := string(b)
	if utf8.ValidString(s) {
		return s, true
	}
	s = strings.ReplaceAll(s, "\xc3 ", "\xc3\xa0")
	if utf8.ValidString(s) {
		return s, true
	}
	return "", false
}

// convertBack turns the code points of text that Latin-1 or windows-1252 could have made back into bytes and reads
// them with decode; all others stay. changed is false when there were none beyond ASCII.
func convertBack(text string, decode func([]byte) string) (out string, changed bool) {
	var b strings.Builder
	var run []byte
	flush := func() {
		if len(run) > 0 {
			b.WriteString(decode(run))
			run = run[:0]
		}
	}
	for _, r := range text {
		c, ok := byteOf(r)
		if !ok {
			flush()
			b.WriteRune(r)
			continue
		}
		changed = changed || c >= 0x80
		run = append(run, c)
	}
	flush()
	return b.String(), changed
}

func byteOf(r rune) (byte, bool) {
	if r < 0x100 {
		return byte(r), true
	}
	return charmap.Windows1252.EncodeRune(r)
}

package viet

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Limits of recognition (domain 3.3): the best candidate must reach minShare, lie minMargin above the next, and show
// minLetters letters. Shorter text must be flawless and have no rival above maxRival.
const (
	minShare   = 0.7
	minMargin  = 0.15
	minLetters = 3
	maxRival   = 0.6
	maxPlain   = 0.8 // text that reads this well unconverted is left alone
	labelBonus = 0.3 // for the encoding that was declared
	sampleSize = 4 << 10
)

// candidate is one way to read bytes.
type candidate struct {
	name   string
	decode func([]byte) string // for the whole text
	probe  func([]byte) string // for scoring, nil when it is the same
}

var candidates = []candidate{
	{tcvn3, decodeTCVN3, probeTCVN3},
	{vni, decodeVNI, nil},
	{vps, decodeVPS, nil},
	{viscii, decodeVISCII, nil},
	{cp1258, decode1258, nil},
}

func decodeTCVN3(b []byte) string  { return repairCase(NFC(tcvnTable.decode(b))) }
func decodeVPS(b []byte) string    { return repairCase(NFC(vpsTable.decode(b))) }
func decodeVISCII(b []byte) string { return NFC(visciiTable.decode(b)) }
func decode1258(b []byte) string   { return NFC(decodeMap(charmap.Windows1258, b)) }
func decode1252(b []byte) string   { return NFC(decodeMap(charmap.Windows1252, b)) }

func decodeMap(m *charmap.Charmap, b []byte) string {
	out := make([]byte, 0, len(b)*2)
	for _, c := range b {
		r := m.DecodeByte(c)
		if r == utf8.RuneError {
			r = rune(c) // an undefined cell stays a C1 control, so that nothing is lost
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// probeTCVN3 reads only what TCVN3 fonts had: the toned capitals of the full standard would make VPS look like it.
func probeTCVN3(b []byte) string {
	out := make([]byte, 0, len(b)*2)
	for _, c := range b {
		r := tcvnTable[c]
		if l, ok := letters[r]; ok && l.tone != level && r != toned[l] {
			r = rune(c)
		}
		out = utf8.AppendRune(out, r)
	}
	return repairCase(NFC(string(out)))
}

// reader reads text in the way of a candidate: from bytes, or from wrongly converted code points.
type reader func(decode func([]byte) string) (text string, ok bool)

// detect finds the legacy encoding of a sample. plain is the sample as it reads without conversion, declared the
// encoding its label names ("" if none of ours).
func detect(read reader, plain, declared string, more ...candidate) (candidate, bool) {
	base := scoreText(plain)
	rival, best := base.share(), 0.0
	bestText, bestScore := "", score{}
	var found candidate
	for _, c := range append(more, candidates...) {
		decode := c.decode
		if c.probe != nil && c.name != declared {
			decode = c.probe
		}
		text, ok := read(decode)
		if !ok || text == plain || text == bestText {
			continue
		}
		s := scoreText(text)
		share := s.share()
		if c.name == declared {
			share += labelBonus
		}
		if share > best {
			rival, best = max(rival, best), share
			found, bestText, bestScore = c, text, s
		} else {
			rival = max(rival, share)
		}
	}
	pure := bestScore.valid == bestScore.total && bestScore.syllables == bestScore.words
	switch {
	case bestScore.letters == 0:
		return found, false
	case found.name == declared:
		return found, best >= minShare && best > rival
	case bestScore.letters >= minLetters:
		margin := minMargin
		if best >= 1 {
			margin /= 2 // flawless, with frequent words in it
		}
		return found, best >= minShare && best-rival >= margin && !base.fine()
	default:
		return found, bestScore.words > 1 && bestScore.letters > 1 && pure && rival <= maxRival
	}
}

// sample gives the first lines of raw that have something to recognise, up to sampleSize bytes.
func sample(raw []byte, interesting func(byte) bool) []byte {
	if len(raw) <= sampleSize {
		return raw
	}
	var out []byte
	for len(raw) > 0 && len(out) < sampleSize {
		end := len(raw)
		if i := bytes.IndexByte(raw[:min(len(raw), 4096)], '\n'); i >= 0 {
			end = i + 1
		} else if end > 4096 {
			end = 4096
		}
		for _, c := range raw[:end] {
			if interesting(c) {
				out = append(out, raw[:end]...)
				break
			}
		}
		raw = raw[end:]
	}
	return out
}

func high(c byte) bool { return c >= utf8.RuneSelf || c < 0x20 && c != '\n' && c != '\r' && c != '\t' }

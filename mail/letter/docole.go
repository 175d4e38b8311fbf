package letter

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"hopthu/mail/viet"
)

// ole is the container of Word 97, Excel 97 and PowerPoint 97, and of encrypted OOXML (MS-OFFCRYPTO 2.3.4). Of the old
// formats no reader is kept well enough to trust hostile files to it; but Word and Excel keep their text in plain runs of
// UTF-16 or of one byte a letter, and those are found without the structure around them. Order and completeness are not
// certain, so Cut is always set; fonts, authors and the like stand among the text.
func (d *docReader) ole(data []byte) (DocText, error) {
	t := DocText{Kind: "ole"}
	if bytes.Contains(data, leUnits("EncryptedPackage")) {
		d.locked = true
		return t, ErrLocked
	}
	if bytes.Contains(data, leUnits("_VBA_PROJECT")) {
		d.macros = true
	}
	s := oleScan{data: data}
	for s.at < len(data) && s.out.Len() < docMaxText {
		s.step()
	}
	if letters(s.out.String(), oleLeast) < oleLeast {
		return t, ErrNoText
	}
	d.cut = true
	t.Text, t.Legacy = d.limit(viet.NFC(s.out.String())), s.legacy
	return t, nil
}

const (
	oleLeast = 12 // letters below which a file has no text worth the name
	oleWide  = 3  // code units that make a run of UTF-16
	oleBytes = 6  // bytes that make a run of one byte a letter
	oleMend  = 24 // bytes of a run in which an encoding can be recognised
	oleMost  = 5000
)

// oleScan looks for runs of text from the beginning to the end.
type oleScan struct {
	data   []byte
	at     int
	out    strings.Builder
	legacy string
	mended int // runs that were looked at for a legacy encoding, oleMost at most
}

func (s *oleScan) step() {
	if units := s.wide(); len(units) >= oleWide {
		s.at += 2 * len(units)
		s.emit(string(utf16.Decode(units)))
		return
	}
	n := s.narrow()
	if n >= oleBytes {
		if text, err := charmap.Windows1252.NewDecoder().Bytes(s.data[s.at : s.at+n]); err == nil {
			s.emit(string(text))
		}
	}
	s.at += max(n, 1)
}

// wide is the run of UTF-16 that begins here.
func (s *oleScan) wide() []uint16 {
	var out []uint16
	for i := s.at; i+1 < len(s.data); i += 2 {
		u := uint16(s.data[i]) | uint16(s.data[i+1])<<8
		if !oleLetter(u) {
			break
		}
		out = append(out, u)
	}
	return out
}

// oleLetter reports what a text in Vietnamese has, and the marks that Word and Excel set between paragraphs and cells.
func oleLetter(u uint16) bool {
	switch {
	case u == 0x07, u == 0x09, u >= 0x0a && u <= 0x0d:
		return true
	case u >= 0x20 && u < 0x7f, u >= 0xa0 && u < 0x180, u == 0x1a0, u == 0x1a1, u == 0x1af, u == 0x1b0:
		return true
	case u >= 0x300 && u < 0x330, u >= 0x1ea0 && u < 0x1f00, u >= 0x2010 && u < 0x2030:
		return true
	}
	return false
}

// narrow is how many bytes from here are letters of one byte each.
func (s *oleScan) narrow() int {
	n := 0
	for _, c := range s.data[s.at:] {
		if c < ' ' && c != 0x07 && c != '\t' && (c < '\n' || c > '\r') || c == 0x7f {
			break
		}
		n++
	}
	return n
}

// emit keeps a run that has letters in it, mended by itself: what stands beside it may be of another encoding.
func (s *oleScan) emit(text string) {
	words := 0
	for _, r := range text {
		if unicode.IsLetter(r) || r == ' ' {
			words++
		}
	}
	if 2*words < len([]rune(text)) {
		return
	}
	if len(text) >= oleMend && s.mended < oleMost {
		s.mended++
		fixed, legacy := viet.Repair(viet.NFC(text))
		if legacy != "" && legacy != "UTF-8" && s.legacy == "" {
			s.legacy = legacy
		}
		text = fixed
	}
	s.out.WriteString(oleBreaks.Replace(text))
	s.out.WriteByte('\n')
}

var oleBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\a", "\t")

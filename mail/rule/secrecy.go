package rule

import (
	"bytes"
	"strings"
	"unicode"

	"hopthu/mail"
	"hopthu/mail/viet"
)

const (
	codeSecret   = "secret-mark"
	clauseSecret = "QC 7.1b"
	maxFindings  = 20 // a place; more say nothing new
)

// Secrecy looks for traces of secrecy stamps (QC 7.1b, 8.2; levels Mật, Tối mật, Tuyệt mật) in text. place goes into
// Where: "subject", "body", "quoted", "attachment:NAME". Block is a stamp, Ask a mention; the word "mật" within a sentence
// (mật khẩu, bí mật, a name) is never one. Text in a legacy encoding is read as such.
func Secrecy(place, text string) []mail.Finding {
	text, _ = viet.Repair(viet.NFC(text))
	if foreign(text) {
		text = viet.Mend(strings.Map(narrow, text))
	}
	s := secrecyScan{place: place}
	for line := range strings.Lines(text) {
		if len(s.found) >= maxFindings {
			break
		}
		s.at++
		s.line(line)
	}
	return s.found
}

// foreign reports letters of other scripts, and wide ones, that may stand for Latin ones: МẬТ, ＭẬＴ.
func foreign(text string) bool {
	for i := range len(text) {
		switch text[i] {
		case 0xce, 0xcf, 0xd0, 0xd1: // first octets of Greek and Cyrillic letters
			return true
		case 0xef: // full-width letters; a byte order mark is none
			if i+1 < len(text) && (text[i+1] == 0xbc || text[i+1] == 0xbd) {
				return true
			}
		}
	}
	return false
}

// narrow is the ordinary form of a full-width sign.
func narrow(r rune) rune {
	if r >= 0xff01 && r <= 0xff5e {
		return r - 0xff01 + '!'
	}
	return r
}

// nameWordSigns part the words of a file's name.
var nameWordSigns = strings.NewReplacer("_", " ", "-", " ", ".", " ")

// secrecyName judges the name of a file: words in a name are no stamp, so a hit only asks.
func secrecyName(name string) []mail.Finding {
	where := "attachment:" + name
	plain := " " + nameWordSigns.Replace(viet.Fold(name)) + " "
	for _, level := range []string{" tuyet mat ", " toi mat "} {
		if strings.Contains(plain, level) {
			return []mail.Finding{{Verdict: mail.Ask, Code: codeSecret, Rule: ruleName, Clause: clauseSecret, Where: where, Text: name}}
		}
	}
	stem := name
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		stem = name[:i]
	}
	found := Secrecy(where, strings.ReplaceAll(stem, "_", " "))
	for i := range found {
		found[i].Verdict, found[i].Rule, found[i].Line = mail.Ask, ruleName, 0
	}
	return found
}

// ruleName stands in Finding.Rule for a hit in the name of a file; the other rules are the letters of D 2.8.
const ruleName = "name"

type secrecyScan struct {
	place string
	at    int // line, from 1
	buf   []byte
	found []mail.Finding
}

func (s *secrecyScan) add(v mail.Verdict, rule, text string) {
	text = strings.TrimSpace(text)
	if r := []rune(text); len(r) > 80 {
		text = string(r[:80]) + "…"
	}
	s.found = append(s.found, mail.Finding{
		Verdict: v, Code: codeSecret, Rule: rule, Clause: clauseSecret, Where: s.place, Line: s.at, Text: text,
	})
}

// line applies the rules in the order of their weight; one finding a line is enough.
func (s *secrecyScan) line(raw string) {
	if !s.worthALook(raw) {
		return
	}
	line := tidy(raw)
	if len(line) <= 120 {
		if fixed, legacy := viet.Repair(line); legacy != "" {
			line = fixed
		}
	}
	if s.place == "subject" { // "Re: TỐI MẬT" is a stamp as much as the letter that is answered
		line = reReply().ReplaceAllString(line, "")
	}
	if v, rule, text, ok := stampLine(line); ok {
		s.add(v, rule, text)
		return
	}
	if cols := columns(line); len(cols) > 1 && len(line) < 400 { // a stamp beside the number: two columns in plain text
		for _, c := range cols {
			if v, rule, ok := wholeLine(c); ok {
				s.add(v, rule, c)
				return
			}
		}
	}
	line = strings.Join(strings.Fields(line), " ")
	if v, ok := label(line); ok { // a row of a table: "| Độ mật | Tối mật |"
		s.add(v, "B", line)
		return
	}
	for piece := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ';' || r == '|' }) {
		if v, ok := label(piece); ok { // several labels may share a line: "Độ khẩn: …; Độ mật: …"
			s.add(v, "B", piece)
			return
		}
	}
	if v, text, ok := bracketed(line); ok {
		s.add(v, "C", text)
		return
	}
	if s.place == "subject" {
		if v, ok := leading(line); ok {
			s.add(v, "C3", line)
			return
		}
		if rePlain().MatchString(line) { // the same without marks is a mention only, as rule G is
			s.add(mail.Ask, "G", line)
			return
		}
	}
	if handling(line) {
		s.add(mail.Block, "D", line)
		return
	}
	if text, rule, ok := mention(line); ok {
		s.add(mail.Ask, rule, text)
	}
}

// stampLine is wholeLine that also tries a short line in each legacy encoding: one word is too little to recognise
// the encoding of a text by, but enough to be a stamp.
func stampLine(line string) (v mail.Verdict, rule, text string, ok bool) {
	if v, rule, ok = wholeLine(line); ok && v == mail.Block {
		return v, rule, line, true
	}
	if len(line) <= 60 && (strings.Contains(line, "^") || strings.ContainsFunc(line, func(r rune) bool { return r >= 0x80 })) {
		for _, enc := range stampEncodings {
			t, err := viet.DecodeAs([]byte(line), enc)
			if err != nil || t == line {
				continue
			}
			if lv, lrule, lok := wholeLine(t); lok && lv == mail.Block {
				return lv, lrule, t, true
			}
		}
	}
	return v, rule, line, ok
}

var stampEncodings = []string{"TCVN3", "VNI", "VPS", "VIQR"}

// traces are what every rule needs in a line: folded, letters only; the last ones are "mật" in undecoded legacy text.
var traces = [][]byte{[]byte("mat"), []byte("bocbi"), []byte("thuhoi"), []byte("met"), []byte("maat"), []byte("mæt")}

// worthALook is the cheap question before the careful ones, so that a megabyte of ordinary text costs milliseconds. A line
// in which every "mật" is that of "mật khẩu" is an ordinary one.
func (s *secrecyScan) worthALook(line string) bool {
	s.buf = viet.FoldBytes(s.buf[:0], []byte(line))
	passwords := bytes.Count(s.buf, password)
	letters := s.buf[:0]
	for _, c := range s.buf {
		if c >= 'a' && c <= 'z' || c >= 0x80 {
			letters = append(letters, c)
		}
	}
	for i, t := range traces {
		if i == 0 && passwords > 0 {
			if bytes.Count(letters, t) > passwords {
				return true
			}
			continue
		}
		if bytes.Contains(letters, t) {
			return true
		}
	}
	return false
}

var password = []byte("mat khau")

// tidy drops what is not seen and makes every space a plain one.
func tidy(line string) string {
	out := strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r > ' ' && r < 0x7f || unicode.IsLetter(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r), unicode.IsControl(r):
			return -1
		}
		return r
	}, line)
	if out != line {
		return viet.NFC(out) // a mark may have met its letter
	}
	return out
}

var reColumns = pattern(`\t+| {3,}`)

func columns(line string) []string {
	if !strings.Contains(line, "\t") && !strings.Contains(line, "   ") {
		return nil
	}
	return reColumns().Split(strings.TrimSpace(line), -1)
}

// wholeLine is rules A, A2, A3, D and G: a line that, its letters taken alone, is only a level. Frames, bullets, quote
// marks and letter-spacing fall away with everything that is no letter.
func wholeLine(line string) (v mail.Verdict, rule string, ok bool) {
	var b strings.Builder
	capitals := true
	for _, r := range line {
		if !unicode.IsLetter(r) {
			continue
		}
		if r < 0x80 && unicode.IsLower(r) {
			capitals = false // undecoded TCVN3 leaves marked letters small: "TUYệT MậT"
		}
		b.WriteRune(unicode.ToLower(r))
		if b.Len() > 64 {
			return mail.Pass, "", false
		}
	}
	switch word := b.String(); {
	case word == "tàiliệuthuhồi":
		return mail.Block, "D", true
	case capitals && (word == "tuyệtmật" || word == "tốimật" || word == "mật"):
		return mail.Block, "A", true
	case word == "tuyệtmật", word == "tốimật":
		return mail.Block, "A2", true
	case word == "mật":
		return mail.Ask, "A3", true
	case word == "tuyetmat", word == "toimat", word == "mat" && capitals:
		return mail.Ask, "G", true
	}
	return mail.Pass, "", false
}

const reLevel = `(tuyệt\s*mật|tối\s*mật|mật)`

var (
	reLabel    = pattern(`(?i)^[^\pL]*(?:dấu chỉ\s+)?(?:độ|mức độ|mức|cấp độ)\s+mật\s*[:：=|–—-]\s*[^\pL]*` + reLevel + `[^\pL]*$`)
	reBracket  = pattern(`(?i)[\[(【{<]\s*` + reLevel + `\s*[\])】}>]`)
	reReply    = pattern(`(?i)^\s*((re|fw|fwd|tr|tl|chuyển tiếp|trả lời)\s*:\s*|v/v\s*:?\s+)+`)
	reLeading  = pattern(`(?i)^[^\pL]*` + reLevel + `\s*[-–—:|/]`)
	rePlain    = pattern(`^[^\pL]*(?:TUYET\s*MAT|TOI\s*MAT|MAT)\s*(?:[-–—:|/]|[\])】}>])`)
	reHandling = pattern(`(?i)chỉ người có tên mới được bóc bì|^[^\pL]*thời hạn bảo vệ bí mật nhà nước\s*[:：]`)
	reStamped  = pattern(`(?i)(?:văn bản|tài liệu|công văn|báo cáo|đề án|phụ lục|danh sách)([^.;!?]{0,120}?)(?:đóng dấu|mang dấu|độ)(?:\s+chỉ)?(?:\s+mức)?(?:\s+độ)?\s+["“'(\[]?` + reLevel + `([^\pL]|$)(\pL*)`)
)

// label is rule B: "Độ mật: Tối mật" and nothing else.
func label(line string) (mail.Verdict, bool) {
	return mail.Block, len(line) < 200 && reLabel().MatchString(line)
}

// bracketed is rule C: [MẬT], (Tuyệt mật); the single word must be in capitals to be a stamp.
func bracketed(line string) (mail.Verdict, string, bool) {
	v, text := mail.Pass, ""
	if !strings.ContainsAny(line, "[(【{<") {
		return v, text, false
	}
	for _, m := range reBracket().FindAllStringSubmatch(line, 20) {
		if w := levelVerdict(m[1]); w > v {
			v, text = w, m[0]
		}
	}
	return v, text, v != mail.Pass
}

// leading is rule C3: a subject that begins with a level and a separator.
func leading(subject string) (mail.Verdict, bool) {
	m := reLeading().FindStringSubmatch(reReply().ReplaceAllString(subject, ""))
	if m == nil {
		return mail.Pass, false
	}
	return levelVerdict(m[1]), true
}

// handling is rule D: the companions of a stamp.
func handling(line string) bool {
	low := strings.ToLower(line)
	return (strings.Contains(low, "bóc bì") || strings.Contains(low, "thời hạn bảo vệ")) && reHandling().MatchString(line)
}

// levelVerdict: two words are a level in any case, the single "mật" only in capitals.
func levelVerdict(level string) mail.Verdict {
	if strings.EqualFold(level, "mật") && strings.ToUpper(level) != level {
		return mail.Ask
	}
	return mail.Block
}

// afterMat are the words that make another word of "mật".
var afterMat = map[string]bool{"khẩu": true, "độ": true, "ong": true, "mã": true, "thiết": true, "danh": true, "vụ": true, "thám": true, "lệnh": true}

// mention is rules E and F: a sentence that speaks of a level without denying it.
func mention(line string) (text, rule string, ok bool) {
	low := strings.ToLower(line)
	if !strings.Contains(low, "mật") {
		return "", "", false
	}
	for _, m := range stamped(line, low) {
		if strings.EqualFold(m[2], "mật") && afterMat[strings.ToLower(m[4])] {
			continue
		}
		before, _, _ := strings.Cut(line, m[0])
		if !denied(strings.Fields(strings.ToLower(before + m[1]))) {
			return m[0], "E", true
		}
	}
	if !strings.Contains(low, "tuyệt") && !strings.Contains(low, "tối") {
		return "", "", false
	}
	words := strings.Fields(low)
	last := -10 // where the last denied level stood
	for i := 0; i+1 < len(words); i++ {
		first := strings.TrimFunc(words[i], notLetter)
		if first != "tuyệt" && first != "tối" || strings.TrimFunc(words[i+1], notLetter) != "mật" {
			continue
		}
		if denied(words[:i]) || i-last <= 3 {
			last = i // "không … Tối mật, Tuyệt mật": a list is denied as a whole
			continue
		}
		return line, "F", true
	}
	return "", "", false
}

// stamped runs rule E's pattern only where "dấu" or "độ" stands right before a "mật".
func stamped(line, low string) [][]string {
	for at, rest := 0, low; ; {
		i := strings.Index(rest, "mật")
		if i < 0 {
			return nil
		}
		at += i
		if before := low[max(0, at-40):at]; strings.Contains(before, "dấu") || strings.Contains(before, "độ") {
			return reStamped().FindAllStringSubmatch(line, 20)
		}
		at += len("mật")
		rest = low[at:]
	}
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// denied reports "không" among the ten words before, within the sentence.
func denied(before []string) bool {
	for i := len(before) - 1; i >= 0 && i >= len(before)-10; i-- {
		if strings.ContainsAny(before[i], ".!?;") && !strings.HasSuffix(before[i], ",") {
			return false
		}
		if strings.TrimFunc(before[i], notLetter) == "không" {
			return true
		}
	}
	return false
}

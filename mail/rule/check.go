package rule

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// DraftInput is what CheckDraft judges. Every text is NFC.
type DraftInput struct {
	Account     mail.Account
	Domain      string // the system's own domain; "" for the account's
	To, Cc, Bcc []mail.Address
	Bad         []string // what stood in the address fields and is no address
	Subject     string
	Body        string // own words; quoted lines in it are recognised
	Quoted      string // the letter answered or forwarded
	Attachments []mail.Attachment
	Texts       map[string]string // attachment name → its text, as far as it could be read
	// Facts is what a look into each attachment told, by its name; Formats the policy on files, nil for the built-in one;
	// StrictOutside blocks a mention of secrecy where a recipient is outside the system.
	Facts         map[string]FileFacts
	Formats       Formats
	StrictOutside bool
	Outside       bool // it crosses the border of the system, whatever the addresses say
}

// CheckDraft judges a letter before it is sent (QC 7, 8.2, 13). Block findings stand first, then Ask, then Pass; Pass
// findings only inform ("outside": a recipient who is not in the system, for the send dialog to list). It never
// returns a found password.
func CheckDraft(in DraftInput) []mail.Finding {
	c := draftCheck{in: in}
	c.recipients()
	c.texts()
	c.files()
	c.outsiders()
	return c.sorted()
}

type draftCheck struct {
	in    DraftInput
	found []mail.Finding
}

func (c *draftCheck) add(v mail.Verdict, code, clause, where, text string) {
	c.found = append(c.found, mail.Finding{Verdict: v, Code: code, Clause: clause, Where: where, Text: text})
}

// last is the finding added last.
func (c *draftCheck) last() *mail.Finding { return &c.found[len(c.found)-1] }

func (c *draftCheck) sorted() []mail.Finding {
	var out []mail.Finding
	for _, v := range []mail.Verdict{mail.Block, mail.Ask, mail.Pass} {
		for _, f := range c.found {
			if f.Verdict == v {
				out = append(out, f)
			}
		}
	}
	return out
}

func (c *draftCheck) recipients() {
	domain := strings.ToLower(c.in.Domain)
	if domain == "" {
		domain = mail.Address{Addr: c.in.Account.Address}.Domain()
	}
	for _, b := range c.in.Bad {
		c.add(mail.Block, "bad-address", "", "to", b)
	}
	seen := map[string]bool{}
	count := 0
	for _, field := range []struct {
		where string
		list  []mail.Address
	}{{"to", c.in.To}, {"cc", c.in.Cc}, {"bcc", c.in.Bcc}} {
		for _, a := range field.list {
			count++
			wire := WireForm(a.Addr)
			if seen[wire] {
				continue
			}
			seen[wire] = true
			switch {
			case !addressShaped(a.Addr):
				c.add(mail.Block, "bad-address", "", field.where, a.Addr)
			case !within(a.Domain(), domain):
				c.add(mail.Pass, "outside", "QC 13.2", field.where, a.Addr)
			}
		}
	}
	if count == 0 && len(c.in.Bad) == 0 {
		c.add(mail.Block, "no-recipient", "", "to", "")
	}
}

// within reports a domain that is the system's own or below it.
func within(domain, own string) bool {
	return own != "" && (domain == own || strings.HasSuffix(domain, "."+own))
}

// addressShaped is a last guard on what other rooms parsed: local@domain without spaces, controls or empty labels, and
// no longer than an envelope takes (RFC 5321 4.5.3.1).
func addressShaped(addr string) bool {
	at := strings.LastIndexByte(addr, '@')
	if at < 1 || at > maxLocal || len(addr) > 254 {
		return false
	}
	local, domain := addr[:at], addr[at+1:]
	if strings.ContainsFunc(addr, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\ufffd' }) && !strings.HasPrefix(local, `"`) {
		return false
	}
	if strings.HasPrefix(domain, "[") {
		return strings.HasSuffix(domain, "]")
	}
	for _, label := range strings.Split(domain, ".") {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") ||
			strings.ContainsAny(label, `<>()[],;:@\"_ `) {
			return false
		}
	}
	return !strings.HasPrefix(local, ".") && !strings.HasSuffix(local, ".") && !strings.Contains(local, "..") || strings.HasPrefix(local, `"`)
}

func (c *draftCheck) texts() {
	in := c.in
	if strings.TrimSpace(in.Subject) == "" {
		c.add(mail.Ask, "no-subject", "", "subject", "")
	}
	c.found = append(c.found, Secrecy("subject", in.Subject)...)
	c.found = append(c.found, Secrecy("body", in.Body)...)
	c.found = append(c.found, Secrecy("quoted", in.Quoted)...)
	own := ownWords(in.Body)
	for _, t := range []struct{ where, text string }{{"subject", in.Subject}, {"body", own}} {
		if text, ok := passwordIn(t.text); ok {
			c.add(mail.Ask, "password", "QC 13.5", t.where, text)
		}
	}
	if len(in.Attachments) == 0 {
		if word, ok := speaksOfFile(in.Subject + "\n" + own); ok {
			c.add(mail.Ask, "forgotten-file", "", "body", word)
		}
	}
	for _, t := range []struct{ where, text string }{{"subject", in.Subject}, {"body", own}} {
		for _, i := range viet.Check(t.text) {
			if i.Kind != viet.Decomposed { // that is mended silently on the way out
				c.add(mail.Ask, "not-unicode", "QC 7.2", t.where, i.Text)
				c.last().Rule, c.last().Fix = issueRules[i.Kind], i.Fix
				break
			}
		}
	}
}

// quoteHeads begin a letter that stands below: what follows is not the person's own.
var quoteHeads = pattern(`(?i)^\s*(-{2,}\s*(original message|forwarded message|thư gốc|thư chuyển tiếp|thư được chuyển tiếp)|_{10,}\s*$)`)

// ownWords leaves out quoted lines and everything below a forwarding head.
func ownWords(body string) string {
	var b strings.Builder
	for line := range strings.Lines(body) {
		if quoteHeads().MatchString(line) {
			break
		}
		if !strings.HasPrefix(strings.TrimLeft(line, " \t"), ">") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// The words that promise a file, with and without marks, whole words only.
var reFile = pattern(`(?i)(?:^|[^\pL])(đính\s+kèm|dinh\s+kem|kèm\s+theo|kem\s+theo|gửi\s+kèm|gui\s+kem|tệp\s+kèm|attached|attachments?|enclosed)(?:[^\pL]|$)`)

// noFile are the words before them that promise none: "không đính kèm", "ban hành kèm theo Quyết định".
var noFile = pattern(`(?i)(không|khong|chưa|chua|ban\s+hành|ban\s+hanh|not?|without)(\s+\S+){0,2}\s*$`)

func speaksOfFile(text string) (string, bool) {
	for _, m := range reFile().FindAllStringSubmatchIndex(text, 50) {
		before := text[max(0, m[2]-60):m[2]]
		if i := strings.LastIndexAny(before, ".!?;\n"); i >= 0 {
			before = before[i+1:]
		}
		next, _, _ := strings.Cut(strings.TrimLeft(text[m[3]:min(len(text), m[3]+16)], " \u00a0"), " ")
		if next = strings.ToLower(strings.TrimFunc(next, notLetter)); next == "đó" || next == "do" { // "kèm theo đó": besides
			continue
		}
		if !noFile().MatchString(strings.ToValidUTF8(before, "")) {
			return text[m[2]:m[3]], true
		}
	}
	return "", false
}

var rePassword = pattern(`(?i)(?:^|[^\pL\d])(mật\s+khẩu|mat\s*khau|password|passwd|pass|pwd|mk|pin|otp)((?:\s+[\pL&./]+){0,6}?(?:\s*\([^()\n]{1,24}\))?)\s*(là|la|is|:|：|=|\s[-–]\s)\s*["“'‘]?([^\s"”'’]{4,})`)

// passwordIn finds "mật khẩu: xyz" (QC 13.5). The text it gives ends before the password.
func passwordIn(text string) (string, bool) {
	if len(text) > maxPasswordText { // a whole document: only the lines that name one, with what follows them
		return passwordLine(text)
	}
	text = strings.ReplaceAll(text, "\u00a0", " ")
	for _, m := range rePassword().FindAllStringSubmatchIndex(text, 50) {
		if secretLooking(text[m[8]:m[9]], text[m[6]:m[7]]) {
			return strings.TrimSpace(text[m[2]:m[7]]) + " …", true
		}
	}
	return "", false
}

// passwordNames are the folded words of rePassword: a line without them is passed over.
var passwordNames = []string{"mat khau", "matkhau", "pass", "pwd", "mk", "pin", "otp"}

// maxPasswordText is how many bytes rePassword is given at once; pieces of a longer line overlap by passwordOverlap.
const (
	maxPasswordText = 4096
	passwordOverlap = 512
)

func passwordLine(text string) (string, bool) {
	before := ""
	for line := range strings.Lines(text) {
		rest := before + line
		before = ""
		for rest != "" {
			piece, next := rest, ""
			if len(rest) > maxPasswordText {
				n := cutAt(rest, maxPasswordText)
				piece, next = rest[:n], rest[cutAt(rest, n-passwordOverlap):]
			}
			rest = next
			folded := viet.Fold(strings.Join(strings.Fields(piece), " "))
			if !slices.ContainsFunc(passwordNames, func(n string) bool { return strings.Contains(folded, n) }) {
				continue
			}
			if word, ok := passwordIn(piece); ok {
				return word, true
			}
			if rest == "" {
				before = line[max(0, len(line)-len(piece)):] // its value may stand in the next line
			}
		}
	}
	return "", false
}

// secretLooking tells a password from a word that goes on with the sentence.
func secretLooking(value, joint string) bool {
	value = strings.TrimRight(value, ".,;!?)")
	if len(value) < 4 || strings.Trim(value, "*.…_-xX") == "" || strings.HasPrefix(value, "(") || strings.HasPrefix(value, "<") {
		return false
	}
	if viet.IsSyllable(value) && (viet.IsMarked(value) || strings.ToLower(value) == value) {
		return false
	}
	sign := strings.ContainsAny(value, "0123456789!@#$%^&*_+=?")
	if strings.ContainsAny(joint, "-–") { // a dash parts other things as well
		return sign && strings.ContainsFunc(value, unicode.IsLetter)
	}
	return sign || joint == ":" || joint == "：" || joint == "="
}

// files judges the attachments: their kind (QC 7.3, 13.6), their names and their text (QC 7.1b). A kind that is blocked or
// not listed counts by content, names of files inside an archive like names of attachments.
func (c *draftCheck) files() {
	policy := c.in.Formats
	if policy == nil {
		policy = DefaultFormats()
	}
	for _, a := range c.in.Attachments {
		where := "attachment:" + a.Name
		facts := c.in.Facts[a.Name]
		switch r := policy.Judge(File{Name: a.Name, Type: a.Type, Risk: a.Risk, Facts: facts, Outside: c.in.Outside}); r.Verdict {
		case FormatBlocked:
			c.add(mail.Block, r.Code, "QC 13.6", where, a.Name)
			c.last().Suggest = r.Suggest
		case FormatUnlisted:
			c.add(mail.Ask, r.Code, "QC 7.3", where, a.Name)
			c.last().Suggest = r.Suggest
		case FormatConvert:
			c.add(mail.Pass, r.Code, "QC 7.3", where, a.Name)
			c.last().Suggest = r.Suggest
		}
		c.found = append(c.found, secrecyName(viet.NFC(a.Name))...)
		for i, n := range facts.Names {
			if i >= maxFindings {
				break
			}
			for _, f := range secrecyName(viet.NFC(path.Base(n))) {
				f.Where = where
				c.found = append(c.found, f)
			}
		}
		text := c.in.Texts[a.Name]
		c.found = append(c.found, Secrecy(where, text)...)
		if word, ok := passwordIn(text); ok {
			c.add(mail.Ask, "password", "QC 13.5", where, word)
		}
		if facts.Scanned {
			c.found = append(c.found, scanFinding(a.Name))
		}
	}
}

// outsiders raises a mention of secrecy to a block when the letter leaves the system and the policy wants it (D 2.8).
func (c *draftCheck) outsiders() {
	if !c.in.StrictOutside {
		return
	}
	outside := c.in.Outside
	for _, f := range c.found {
		outside = outside || f.Code == "outside"
	}
	for i, f := range c.found {
		if outside && f.Code == codeSecret && f.Verdict == mail.Ask {
			c.found[i].Verdict = mail.Block
		}
	}
}

package letter

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hopthu/mail"
)

// cleanAddr makes an addr-spec of s if there is one in it: NFC, needless quotes taken away. It is lenient (a..b@c
// passes): what may go into an envelope is ValidAddress's to say.
func cleanAddr(s string) (string, bool) {
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at == len(s)-1 {
		return "", false
	}
	local, domain := s[:at], s[at+1:]
	if !utf8.ValidString(s) {
		local, _ = decodeText([]byte(local), "")
		domain, _ = decodeText([]byte(domain), "")
	}
	local, domain = norm.NFC.String(local), norm.NFC.String(strings.TrimRight(domain, "."))
	if len(local) > 1 && local[0] == '"' && quoteEnd(local, 0) == len(local)-1 {
		if plain := unescape(local[1 : len(local)-1]); localFault(plain) == "" {
			local = plain
		}
	} else if strings.ContainsAny(local, "\"(),:;<>[\\] \t\r\n") {
		return "", false
	}
	if domain == "" || strings.ContainsAny(domain, "\"(),;<>@\\ \t\r\n") || strings.IndexFunc(s, unicode.IsControl) >= 0 {
		return "", false
	}
	return local + "@" + domain, true
}

// ValidAddress says whether addr can stand in an envelope as it is: an addr-spec of RFC 5321 4.1.2 and RFC 6531 3.3
// in NFC that needs no quoting. The error is a *mail.Fault of kind BadAddress; its Detail is a code, not the address.
func ValidAddress(addr string) error {
	code := ""
	at := strings.LastIndexByte(addr, '@')
	switch {
	case !utf8.ValidString(addr):
		code = "not-utf8"
	case at < 0:
		code = "no-at"
	case len(addr) > 254: // RFC 5321 4.5.3.1.3
		code = "too-long"
	default:
		if code = localFault(addr[:at]); code == "" {
			code = domainFault(addr[at+1:])
		}
	}
	if code == "" {
		return nil
	}
	return &mail.Fault{Kind: mail.BadAddress, Op: "check address", Detail: code}
}

// localFault says what keeps s from being a dot-string local part; "" if nothing does.
func localFault(s string) string {
	switch {
	case s == "":
		return "no-name"
	case len(s) > 64: // RFC 5321 4.5.3.1.1
		return "too-long"
	case s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, ".."):
		return "dots"
	case !norm.NFC.IsNormalString(s):
		return "not-nfc"
	}
	for _, r := range s {
		if r < utf8.RuneSelf {
			if !atext(byte(r)) && r != '.' {
				return "character"
			}
		} else if r == utf8.RuneError || !unicode.IsGraphic(r) || unicode.IsSpace(r) {
			return "character"
		}
	}
	return ""
}

// atext is RFC 5322 3.2.3.
func atext(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}

func domainFault(s string) string {
	if len(s) > 2 && s[0] == '[' && s[len(s)-1] == ']' { // RFC 5321 4.1.3
		lit := s[1 : len(s)-1]
		v6 := len(lit) > 5 && strings.EqualFold(lit[:5], "IPv6:")
		if v6 {
			lit = lit[5:]
		}
		if ip, err := netip.ParseAddr(lit); err != nil || ip.Is4() == v6 || ip.Zone() != "" {
			return "domain"
		}
		return ""
	}
	if s == "" || len(s) > 253 || !norm.NFC.IsNormalString(s) {
		return "domain"
	}
	for _, label := range strings.Split(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return "domain"
		}
		for _, r := range label {
			letter := r == '-' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
			if r >= utf8.RuneSelf {
				letter = r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r))
			}
			if !letter {
				return "domain"
			}
		}
	}
	return ""
}

// FormatAddress writes a for a field that a person reads and edits: `Name <addr>`, in UTF-8, quoted only where
// ParseAddressList would otherwise read something else.
func FormatAddress(a mail.Address) string {
	name := strings.Join(strings.FieldsFunc(a.Name, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
	if name == "" {
		return a.Addr
	}
	if strings.ContainsAny(name, "\"\\(),:;<>@") || strings.Contains(name, "=?") || name[0] == '\'' {
		name = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
	}
	return name + " <" + a.Addr + ">"
}

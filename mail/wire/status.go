package wire

import (
	"bytes"
	"strings"

	"hopthu/mail"
)

// status is a status response (RFC 9051 7.1).
type status struct {
	kind string // "OK", "NO", "BAD", "BYE", "PREAUTH"
	code string // upper case, "" if none: "TRYCREATE"
	args string // what stands behind the code, uncleaned
	text string // human words, uncleaned
}

// parseStatus reads what stands behind the tag; ok is false when it is not a status response.
func parseStatus(s []byte) (st status, ok bool) {
	word, rest, _ := bytes.Cut(s, []byte(" "))
	switch k := strings.ToUpper(string(word)); k {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		st.kind = k
	default:
		return status{}, false
	}
	st.text = string(rest)
	if strings.HasPrefix(st.text, "[") {
		if i := strings.IndexByte(st.text, ']'); i > 0 {
			code, args, _ := strings.Cut(st.text[1:i], " ")
			st.code, st.args = strings.ToUpper(code), args
			st.text = strings.TrimPrefix(st.text[i+1:], " ")
		}
	}
	return st, true
}

// fault turns a NO, BAD or BYE into a Fault (RFC 5530, RFC 9051 7.1). login is true while the password is at stake.
func (st status) fault(op string, login bool) *mail.Fault {
	f := &mail.Fault{Kind: mail.Refused, Op: op, Detail: clean(st.text)}
	switch st.code {
	case "AUTHENTICATIONFAILED":
		f.Kind = mail.BadPassword
	case "EXPIRED":
		f.Kind = mail.PasswordExpired
		if url := firstURL(st.text); url != "" {
			f.Kind, f.Detail = mail.MustChange, url
		}
	case "CONTACTADMIN":
		if login {
			f.Kind = mail.LockedOut
		}
	case "PRIVACYREQUIRED":
		f.Kind = mail.NoTLS
	case "UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG":
		f.Kind = mail.TryLater
	case "OVERQUOTA":
		f.Kind = mail.OverQuota
	case "TOOBIG":
		f.Kind = mail.TooBig
	case "NONEXISTENT", "TRYCREATE":
		f.Kind = mail.NoFolder
	case "EXPUNGEISSUED":
		f.Kind = mail.Gone
	case "ALREADYEXISTS":
		f.Kind = mail.Conflict
	case "":
		switch {
		case st.kind == "BYE":
			f.Kind = mail.TryLater
		case login && st.kind == "NO": // servers older than RFC 5530 say only NO
			f.Kind = mail.BadPassword
		}
	}
	return f
}

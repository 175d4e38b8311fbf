package wire

import (
	"bytes"
	"strings"

	"github.com/emersion/go-imap/v2"

	"hopthu/mail"
)

// status is a status response (RFC 9051 7.1).
type status struct {
	kind imap.StatusResponseType // "OK", "NO", "BAD", "BYE", "PREAUTH"
	code imap.ResponseCode       // upper case, "" if none: "TRYCREATE"
	args string                  // what stands behind the code, uncleaned
	text string                  // human words, uncleaned
}

// parseStatus reads what stands behind the tag; ok is false when it is not a status response.
func parseStatus(s []byte) (st status, ok bool) {
	word, rest, _ := bytes.Cut(s, []byte(" "))
	switch k := imap.StatusResponseType(strings.ToUpper(string(word))); k {
	case imap.StatusResponseTypeOK, imap.StatusResponseTypeNo, imap.StatusResponseTypeBad, imap.StatusResponseTypeBye,
		imap.StatusResponseTypePreAuth:
		st.kind = k
	default:
		return status{}, false
	}
	st.text = string(rest)
	if strings.HasPrefix(st.text, "[") {
		if i := strings.IndexByte(st.text, ']'); i > 0 {
			code, args, _ := strings.Cut(st.text[1:i], " ")
			st.code, st.args = imap.ResponseCode(strings.ToUpper(code)), args
			st.text = strings.TrimPrefix(st.text[i+1:], " ")
		}
	}
	return st, true
}

// fault turns a NO, BAD or BYE into a Fault (RFC 5530, RFC 9051 7.1). login is true while the password is at stake.
func (st status) fault(op string, login bool) *mail.Fault {
	f := &mail.Fault{Kind: mail.Refused, Op: op, Detail: clean(st.text)}
	switch st.code {
	case imap.ResponseCodeAuthenticationFailed:
		f.Kind = mail.BadPassword
	case imap.ResponseCodeExpired:
		f.Kind = mail.PasswordExpired
		if url := firstURL(st.text); url != "" {
			f.Kind, f.Detail = mail.MustChange, url
		}
	case imap.ResponseCodeContactAdmin:
		if login {
			f.Kind = mail.LockedOut
		}
	case imap.ResponseCodePrivacyRequired:
		f.Kind = mail.NoTLS
	case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug:
		f.Kind = mail.TryLater
	case imap.ResponseCodeOverQuota:
		f.Kind = mail.OverQuota
	case imap.ResponseCodeTooBig:
		f.Kind = mail.TooBig
	case imap.ResponseCodeNonExistent, imap.ResponseCodeTryCreate:
		f.Kind = mail.NoFolder
	case "EXPUNGEISSUED":
		f.Kind = mail.Gone
	case imap.ResponseCodeAlreadyExists:
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

package digest

import (
	"bytes"
	"reflect"
	"strings"

	"hopthu/mail"
	"hopthu/mail/letter"
)

// maxShort is the size of a short header; what is longer (a circular's To) is read from the letter.
const maxShort = 4 << 10

// listed are the fields that mail programs list, sort and thread letters by, and that tell whether a letter is
// automatic, urgent or a document.
var listed = []string{
	"Date", "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Message-ID", "In-Reply-To", "References",
	"Content-Type", "Content-Transfer-Encoding", "Content-Description", "MIME-Version", "Return-Path", "Delivered-To", "X-Original-To",
	"Importance", "Priority", "X-Priority", "X-MSMail-Priority", "X-Spam-Flag", "X-Spam-Status", "X-Label", "X-Status", "Status",
	"Lines", "Content-Length", "Newsgroups", "User-Agent", "X-Mailer", "Disposition-Notification-To",
	"Auto-Submitted", "Precedence", "List-Id", "List-Post", "List-Unsubscribe", "List-Subscribe", "X-Autoreply", "X-Autorespond",
	"X-Auto-Reply", "X-Auto-Response-Suppress", "Hopthu-Document-Kind", "Hopthu-Document-Number", "Hopthu-Document-Date",
	"Hopthu-Document-Paper", "Hopthu-Urgency",
}

var isListed = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range listed {
		m[strings.ToLower(n)] = true
	}
	return m
}()

// Lists reports whether a short header tells all about a field.
func Lists(field string) bool { return isListed[strings.ToLower(field)] }

// short gives the listed fields of a header block, as stored, or nil where they would not tell the same as the whole.
func short(head []byte) []byte {
	whole := letter.ReadHeader(head)
	b := whole.Select(listed, false)
	if len(b) > maxShort {
		return nil
	}
	part := letter.ReadHeader(b)
	if !bytes.Equal(part.Select(listed, false), b) || !bytes.Equal(part.Bytes(), b) {
		return nil
	}
	if !reflect.DeepEqual(letter.ReadEnvelope(whole), letter.ReadEnvelope(part)) {
		return nil
	}
	var x, y mail.Head
	whole.Fill(&x)
	part.Fill(&y)
	if !reflect.DeepEqual(x, y) {
		return nil
	}
	return b
}

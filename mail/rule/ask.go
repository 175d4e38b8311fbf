package rule

import (
	"strings"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// maxAsked is how many recipients a letter may have that asks somebody: a circular to more of them asks nobody to answer.
const maxAsked = 20

// Asks reports whether the holder of a, who sent h, awaits an answer to it ("chờ phản hồi"): it goes to a person or an office, not
// only to himself, a list or a machine, and is not "để biết". A letter that answers another one, or only tells something, asks
// only where its subject or first words do.
func Asks(h mail.Head, a mail.Account) bool {
	if h.Automatic || h.Flags&mail.Draft != 0 || len(h.To)+len(h.Cc) > maxAsked || forInformation(h.Subject) {
		return false
	}
	to := false
	for _, t := range h.To {
		to = to || t.Addr != "" && !mine(a, t.Addr) && !machine(t.Addr)
	}
	if !to {
		return false
	}
	subject := viet.Fold(h.Subject)
	if len(h.InReplyTo) > 0 || tells(subject) {
		return asking(subject) || asking(viet.Fold(h.Preview))
	}
	return true
}

// telling are the words with which the subject of a letter begins that only tells something.
var telling = []string{"thong bao", "giay moi", "bao cao", "lich ", "gui ", "chuyen ", "tra loi", "phuc dap", "cong bo", "chuc ", "fwd:", "fw:"}

func tells(subject string) bool {
	s := strings.TrimSpace(subject)
	for _, lead := range []string{"v/v ", "vv ", "ve viec "} {
		s = strings.TrimPrefix(s, lead)
	}
	for _, w := range telling {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

// asked are folded words with which one asks for an answer.
var asked = []string{
	"?", "de nghi", "kinh mong", "mong nhan", "mong som", "xin y kien", "cho y kien", "lay y kien", "gop y", "xin cho biet", "vui long", "phan hoi",
	"tra loi truoc", "gui lai", "xac nhan", "xin hoi", "cho hoi", "hoi ve", "truoc ngay", "cham nhat", "please",
}

func asking(folded string) bool {
	for _, w := range asked {
		if strings.Contains(folded, w) {
			return true
		}
	}
	return false
}

package register

import (
	"strings"
	"unicode/utf8"

	"hopthu/mail"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/viet"
)

// judge says whether a new password is good enough (QC 13.1); the Fault's Detail is the code of the first rule broken.
func judge(h storedb.Holder, old, fresh string) error {
	bad := func(code string) error {
		return &mail.Fault{Kind: mail.WeakPassword, Op: "judge password", Detail: code}
	}
	fresh, old = viet.NFC(fresh), viet.NFC(old)
	name := strings.ReplaceAll(viet.Fold(h.Name), " ", "")
	own, _, _ := strings.Cut(h.Wire, ".")
	switch folded := strings.ReplaceAll(viet.Fold(fresh), " ", ""); {
	case utf8.RuneCountInString(fresh) < 12:
		return bad("short")
	case fresh == old:
		return bad("old")
	case name != "" && strings.Contains(folded, name), own != "" && strings.Contains(folded, own):
		return bad("name")
	}
	return nil
}

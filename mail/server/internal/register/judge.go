package register

import (
	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/db/storedb"
)

// judge says whether a new password is good enough (QC 13.1); the Fault's Detail is the code of the first rule broken.
func judge(h storedb.Holder, old, fresh string) error {
	broken, _ := rule.JudgePassword(rule.PasswordInput{Login: h.Wire, Name: h.Name, Old: old, New: fresh})
	if len(broken) > 0 {
		return &mail.Fault{Kind: mail.WeakPassword, Op: "judge password", Detail: broken[0]}
	}
	return nil
}

package wire

import (
	"context"
	"strconv"
	"strings"

	"hopthu/mail"
	"hopthu/mail/sync"
)

var _ sync.Conditional = (*IMAP)(nil)

// StoreIf implements sync.Conditional (RFC 7162 3.1.3). What is added is under the condition; what is removed too where nothing
// is added, else it follows: who won by adding may clear up.
func (m *IMAP) StoreIf(ctx context.Context, uid mail.UID, since uint64, add, remove []string) (changed bool, err error) {
	const op = "mark letters"
	s, give, err := m.session(ctx, op)
	if err != nil {
		return false, err
	}
	defer give()
	for _, list := range [][]string{add, remove} {
		for _, f := range list {
			if !validFlag(f) {
				return false, &mail.Fault{Kind: mail.Refused, Op: op, Detail: "bad flag name"}
			}
		}
	}
	condition := "(UNCHANGEDSINCE " + strconv.FormatUint(since, 10) + ")"
	for _, step := range []struct {
		item  string
		flags []string
	}{{"+FLAGS.SILENT", add}, {"-FLAGS.SILENT", remove}} {
		if len(step.flags) == 0 {
			continue
		}
		c := s.cmd("UID", "STORE", strconv.FormatUint(uint64(uid), 10))
		if condition != "" {
			c.raw(condition)
		}
		c.raw(step.item).raw("(" + strings.Join(step.flags, " ") + ")")
		err := s.one(ctx, op, c)
		if c.done != nil && c.done.code == "MODIFIED" { // with OK, or with NO where nothing was left to change
			return true, nil
		}
		if err != nil {
			return false, err
		}
		condition = ""
	}
	return false, nil
}

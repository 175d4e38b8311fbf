package wire

import (
	"context"
	"strconv"
	"strings"

	"hopthu/mail"
	"hopthu/mail/sync"
)

var _ sync.Conditional = (*IMAP)(nil)

// Marks implements sync.Conditional. NOOP renews the server's view of the folder; MODSEQ comes only where it is asked for.
func (m *IMAP) Marks(ctx context.Context, uid mail.UID) (got sync.RemoteFlags, err error) {
	const op = "read flags"
	s, give, err := m.session(ctx, op)
	if err != nil {
		return got, err
	}
	defer give()
	if err := s.one(ctx, op, s.cmd("NOOP")); err != nil {
		return got, err
	}
	c := s.cmd("UID", "FETCH", strconv.FormatUint(uint64(uid), 10), "(UID FLAGS MODSEQ)")
	c.on = func(name string, r *reply, at int) error {
		if name != "FETCH" {
			return nil
		}
		f, err := s.fetched(r, at)
		if err == nil && f.hasFlags && f.UID == uid {
			got = f.RemoteFlags
		}
		return err
	}
	return got, s.one(ctx, op, c)
}

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

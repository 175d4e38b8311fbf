package imapd

import (
	"fmt"
	"io"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/viet"
)

// writable refuses a change of a mailbox that was opened with EXAMINE; the engine does not look.
func (c *session) writable() error {
	if c.sel.readOnly {
		return no(imap.ResponseCodeCannot, "The mailbox is open read-only")
	}
	return nil
}

// Store changes flags (RFC 9051 6.4.6).
func (c *session) Store(w *imapserver.FetchWriter, set imap.NumSet, flags *imap.StoreFlags, _ *imap.StoreOptions) error {
	if err := c.writable(); err != nil {
		return err
	}
	list, err := c.sel.resolve(set)
	if err != nil || len(list) == 0 {
		return err
	}
	change := box.FlagChange{Mode: box.Replace}
	switch flags.Op {
	case imap.StoreFlagsAdd:
		change.Mode = box.Add
	case imap.StoreFlagsDel:
		change.Mode = box.Remove
	}
	if change.Flags, change.Keywords, err = flagsIn(flags.Flags); err != nil {
		return err
	}
	st, err := c.s.opt.Box.Store(c.ctx, c.sel.ref, uidsOf(list), change)
	if err != nil {
		return c.fault("store flags", err, "")
	}
	c.remember(st.Rows)
	if flags.Silent {
		return nil
	}
	seq := make(map[mail.UID]uint32, len(list))
	for _, a := range list {
		seq[a.uid] = a.seq
	}
	_, byUID := set.(imap.UIDSet)
	for _, r := range st.Rows {
		m := w.CreateMessage(seq[r.UID])
		if byUID {
			m.WriteUID(imap.UID(r.UID))
		}
		m.WriteFlags(flagsOf(r))
		if err := m.Close(); err != nil {
			return err
		}
	}
	return nil
}

// flagsIn sorts flags into known ones and keywords. A system flag that does not exist is refused.
func flagsIn(flags []imap.Flag) (mail.Flags, []string, error) {
	names := make([]string, len(flags))
	for i, f := range flags {
		names[i] = string(f)
	}
	known, other := mail.ParseFlags(names)
	for _, k := range other {
		if k[0] == '\\' || !atomOnly(k) {
			return 0, nil, bad("Unknown flag")
		}
	}
	return known, other, nil
}

func atomOnly(s string) bool {
	a, rest := cutAtom(s)
	return a != "" && rest == "" && ascii(s)
}

// Expunge removes letters marked \Deleted. The client is told by the Poll that follows each command; CLOSE tells
// nothing, and on a read-only mailbox CLOSE removes nothing (RFC 9051 6.4.1).
func (c *session) Expunge(_ *imapserver.ExpungeWriter, uids *imap.UIDSet) error {
	if c.sel.readOnly && c.f.command.Load().name == "CLOSE" {
		return nil
	}
	if err := c.writable(); err != nil {
		return err
	}
	var which []mail.UID
	if uids != nil {
		list, err := c.sel.resolve(*uids)
		if err != nil || len(list) == 0 {
			return err
		}
		which = uidsOf(list)
	}
	_, err := c.s.opt.Box.Expunge(c.ctx, c.sel.ref, which)
	return c.fault("expunge", err, "")
}

// Copy copies letters, all or none (RFC 9051 6.4.7).
func (c *session) Copy(set imap.NumSet, dest string) (*imap.CopyData, error) {
	list, err := c.sel.resolve(set)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		_, err := c.s.opt.Box.Find(c.ctx, c.acct, viet.NFC(dest))
		return nil, c.fault("copy", err, imap.ResponseCodeTryCreate)
	}
	done, err := c.s.opt.Box.Copy(c.ctx, c.sel.ref, uidsOf(list), viet.NFC(dest))
	if err != nil {
		return nil, c.fault("copy", err, imap.ResponseCodeTryCreate)
	}
	return copyData(done), nil
}

// copyData is COPYUID. Source and destination ascend together, so that packed sets pair up (RFC 4315).
func copyData(d box.Copied) *imap.CopyData {
	return &imap.CopyData{UIDValidity: d.Into.UIDValidity, SourceUIDs: uidSet(d.Source), DestUIDs: uidSet(d.Dest)}
}

// Move moves letters, all or none (RFC 6851). The expunges are told by the Poll that follows.
func (c *session) Move(w *imapserver.MoveWriter, set imap.NumSet, dest string) error {
	if err := c.writable(); err != nil {
		return err
	}
	list, err := c.sel.resolve(set)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := c.s.opt.Box.Find(c.ctx, c.acct, viet.NFC(dest))
		return c.fault("move", err, imap.ResponseCodeTryCreate)
	}
	done, err := c.s.opt.Box.Move(c.ctx, c.sel.ref, uidsOf(list), viet.NFC(dest))
	if err != nil {
		return c.fault("move", err, imap.ResponseCodeTryCreate)
	}
	return w.WriteCopyData(copyData(done))
}

// Append stores a message. The engine's reader r is empty on purpose: the message is read from the front, and stored
// only when the command has ended as it should.
func (c *session) Append(name string, _ imap.LiteralReader, o *imap.AppendOptions) (*imap.AppendData, error) {
	known, other, err := flagsIn(o.Flags)
	if err != nil {
		return nil, err
	}
	m, err := c.s.opt.Box.Find(c.ctx, c.acct, viet.NFC(name))
	if err != nil {
		return nil, c.fault("append", err, imap.ResponseCodeTryCreate)
	}
	size := c.f.bodySize()
	if size == 0 {
		return nil, bad("The message is empty")
	}
	q, err := c.s.opt.Box.Quota(c.ctx, c.acct)
	if err != nil {
		return nil, c.fault("append", err, "")
	}
	if q.Limit > 0 && q.Used+size > q.Limit {
		return nil, no(imap.ResponseCodeOverQuota, "The box is full")
	}
	body, size, err := c.f.openBody()
	if err != nil {
		return nil, err
	}
	st, err := c.s.opt.Box.Stage(c.ctx, body)
	if err != nil {
		return nil, c.fault("append", err, "")
	}
	a, err := c.store(m.Ref, st, size, box.Mark{Flags: known, Keywords: other, Received: o.Time})
	if cerr := st.Close(); cerr != nil && err == nil {
		c.s.opt.Log.Warn("close staged letter", "err", cerr)
	}
	if err != nil {
		return nil, err
	}
	return &imap.AppendData{UID: imap.UID(a.UID), UIDValidity: a.UIDValidity}, nil
}

// store puts a staged message into the mailbox once the rest of the command was read.
func (c *session) store(ref box.Ref, st *box.Staged, size int64, mark box.Mark) (box.Appended, error) {
	if st.Size != size {
		return box.Appended{}, fmt.Errorf("append: %w", io.ErrUnexpectedEOF)
	}
	whole, err := c.f.finishBody()
	if err != nil {
		c.cancel()
		return box.Appended{}, err
	}
	if !whole {
		return box.Appended{}, bad("One message and nothing after it, please")
	}
	a, err := c.s.opt.Box.Append(c.ctx, ref, mark, st)
	return a, c.fault("append", err, imap.ResponseCodeTryCreate)
}

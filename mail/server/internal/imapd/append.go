package imapd

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/register"
	"hopthu/mail/viet"
)

// maxAppend is how many messages one APPEND may bring (RFC 3502).
const maxAppend = 256

// What one APPEND may have waiting in memory: of each message no more than heldMost stands there.
const (
	heldMost = 1 << 20
	maxHeld  = 32 << 20
)

// incoming is one APPEND or REPLACE being read: RFC 9051 6.3.12, RFC 3502, RFC 8508.
type incoming struct {
	c       *session
	cmd     *command
	name    string // of the mailbox it goes into
	ref     box.Ref
	once    bool     // it goes where the server itself has filed what left
	replace mail.UID // the letter that it stands for, 0 in APPEND
	items   []box.Item
	size    int64 // of all messages
	held    int64 // of it, what waits in memory
	refused error // why nothing will be stored; what still comes is thrown away
}

// appendCommand stores messages, all or none, once the whole command was read.
func (c *session) appendCommand(cmd *command, _ *parser) (err error) {
	in := &incoming{c: c, cmd: cmd}
	defer func() {
		for _, it := range in.items {
			if cerr := it.Staged.Close(); cerr != nil {
				c.s.opt.Log.Warn("close staged letter", "err", cerr)
			}
		}
	}()
	line, lit := cmd.args, cmd.lit
	if line, lit, err = in.head(line, lit); err != nil {
		return err
	}
	for {
		mark, wide, perr := in.attributes(line)
		if perr != nil {
			in.refuse(perr)
		}
		if lit == nil {
			in.refuse(bad("A literal is wanted"))
			return in.refused
		}
		done, err := in.message(lit, mark)
		if err != nil || done {
			return cmp.Or(err, in.refused)
		}
		if line, lit, err = in.after(wide); err != nil {
			return err
		}
		if line == "" && lit == nil {
			return in.finish()
		}
		if cmd.name != "APPEND" || len(in.items) >= maxAppend {
			in.refuse(bad("No more messages than that"))
		}
	}
}

func (in *incoming) refuse(err error) {
	if in.refused == nil {
		in.refused = err
	}
}

// head reads everything before the first message's attributes; the mailbox name may be a literal itself.
func (in *incoming) head(line string, lit *literal) (string, *literal, error) {
	c := in.c
	p := &parser{s: line, utf8: c.utf8}
	p.sp()
	if in.cmd.name != "APPEND" {
		in.letter(p)
		p.sp()
	}
	if p.err == nil && p.s == "" && lit != nil { // the name
		if lit.size > maxStranger {
			return "", nil, c.refuseStream(in.cmd, lit, &answer{"BAD", "TOOBIG", "Literal too large"})
		}
		data, err := c.readLiteral(lit)
		if err != nil {
			return "", nil, err
		}
		next, err := c.readLine()
		if err != nil {
			return "", nil, err
		}
		var litErr error
		if p.s, lit, litErr = cutLiteral(next); litErr != nil || !cleanLine(next) {
			p.fail(bad("Syntax error"))
		}
		in.name = viet.NFC(p.name(string(data)))
	} else {
		in.name = viet.NFC(p.mailbox())
	}
	if p.err != nil {
		in.refuse(p.err)
	} else {
		in.find()
	}
	return p.s, lit, nil
}

// find looks for the mailbox; a refusal comes when the command was read.
func (in *incoming) find() {
	rm, inner, err := in.c.reach(in.cmd.name, in.name)
	if err != nil {
		in.refuse(err)
		return
	}
	ref, err := in.c.s.opt.Box.Locate(in.c.ctx, rm.acct, inner)
	if err != nil {
		in.refuse(in.c.fault("append", err, imap.ResponseCodeTryCreate))
	}
	in.ref = ref
	if err == nil && rm.login.Box.Kind == register.Official {
		m, err := in.c.s.opt.Box.Status(in.c.ctx, ref)
		if err != nil {
			in.refuse(in.c.fault("append", err, imap.ResponseCodeTryCreate))
		}
		in.once = m.Role == mail.RoleSent
	}
	if in.replace != 0 && rm != in.c.sel.room {
		in.refuse(elsewhere())
	}
}

// letter reads which letter REPLACE stands for.
func (in *incoming) letter(p *parser) {
	n := p.setNumber()
	if p.err != nil {
		return
	}
	list, _, err := in.c.resolve(numset{spans: []span{{n, n}}}, in.c.uid)
	switch {
	case err != nil:
		in.refuse(err)
	case len(list) != 1:
		in.refuse(no(imap.ResponseCodeNonExistent, "No such message"))
	default:
		in.replace = list[0].uid
	}
	if err := in.c.changeable(register.Erase); err != nil { // RFC 8508 3.4: the old one is expunged
		in.refuse(err)
	}
}

// attributes reads flags and date before a message. wide: it stands in "UTF8 (…)" (RFC 6855 4).
func (in *incoming) attributes(line string) (m box.Mark, wide bool, err error) {
	p := &parser{s: line}
	p.sp()
	if p.peek() == '(' {
		names := p.flags()
		p.sp()
		if p.err == nil {
			m.Flags, m.Keywords, err = flagsIn(names)
		}
	}
	if p.peek() == '"' {
		m.Received = p.dateTime()
		p.sp()
	}
	if p.isWord("UTF8") {
		p.sp()
		p.want('(')
		wide = true
	}
	if e := p.end(); e != nil {
		err = e
	}
	return m, wide, err
}

// message reads one message, or throws it away once the command is refused. done: the client was told no before it
// sent anything, and goes on with another command.
func (in *incoming) message(lit *literal, mark box.Mark) (done bool, err error) {
	c := in.c
	if in.refused == nil {
		in.refuse(in.judge(lit.size))
	}
	if in.refused != nil && !lit.nonSync {
		return true, nil
	}
	body := c.body(lit.size)
	if in.refused != nil {
		if lit.size > 8*max(c.s.opt.MaxSize, maxDrain) { // kinder than reading it all
			return false, c.refuseStream(in.cmd, lit, &answer{"NO", "TOOBIG", "The message is too big"})
		}
		return false, body.drain()
	}
	if !lit.nonSync {
		c.put("+ Ready for the message\r\n")
		c.flush()
	}
	st, err := c.s.opt.Box.Stage(c.ctx, body)
	if err != nil {
		if c.ctx.Err() != nil || body.left > 0 && errors.Is(err, errEnded) {
			return false, err
		}
		in.refuse(c.fault("append", err, ""))
		return false, body.drain()
	}
	in.items = append(in.items, box.Item{Mark: mark, Staged: st})
	in.size += st.Size
	in.held += min(st.Size, heldMost)
	return false, nil
}

// judge says why a message of this size cannot come in.
func (in *incoming) judge(size int64) error {
	c := in.c
	switch {
	case size == 0: // RFC 3502 6.3.11: gives the whole command up
		return no(imap.ResponseCodeCannot, "The message is empty")
	case size > c.s.opt.MaxSize:
		return no(imap.ResponseCodeTooBig, "The message is too big")
	}
	if in.held >= maxHeld {
		return no(imap.ResponseCodeLimit, "Too much in one command")
	}
	q, err := c.s.opt.Box.Quota(c.ctx, in.ref.Account)
	if err != nil {
		return c.fault("append", err, "")
	}
	if in.replace == 0 && q.Limit > 0 && q.Used+in.size+size > q.Limit {
		return no(imap.ResponseCodeOverQuota, "The box is full")
	}
	return nil
}

// after reads what stands behind a message: nothing, or the attributes of the next.
func (in *incoming) after(wide bool) (string, *literal, error) {
	line, err := in.c.readLine()
	if err != nil {
		return "", nil, err
	}
	if wide {
		var ok bool
		if line, ok = strings.CutPrefix(line, ")"); !ok {
			in.refuse(bad("Syntax error"))
		}
	}
	rest, lit, litErr := cutLiteral(line)
	if litErr != nil || !cleanLine(line) {
		in.refuse(bad("Syntax error"))
	}
	if strings.Trim(rest, " ") == "" && lit == nil {
		rest = ""
	}
	if rest != "" && lit == nil { // garbage, and nothing that could still come in
		in.refuse(bad("One literal for each message, please"))
		return "", nil, nil
	}
	return rest, lit, nil
}

func (in *incoming) finish() error {
	if in.refused != nil {
		return in.refused
	}
	c := in.c
	if in.replace != 0 {
		a, err := c.s.opt.Box.Replace(c.ctx, c.sel.ref, in.replace, in.ref, in.items[0])
		if err != nil {
			return c.fault("replace", err, imap.ResponseCodeTryCreate)
		}
		c.put(fmt.Sprintf("* OK [APPENDUID %d %d] Replaced\r\n", a.UIDValidity, a.UID))
		return c.tellModSeq(true)
	}
	if in.once && len(in.items) == 1 {
		a, err := c.s.opt.Box.AppendOnce(c.ctx, in.ref, in.items[0])
		if err != nil {
			return c.fault("append", err, imap.ResponseCodeTryCreate)
		}
		c.code = fmt.Sprintf("APPENDUID %d %d", a.UIDValidity, a.UID)
		return nil
	}
	got, err := c.s.opt.Box.AppendAll(c.ctx, in.ref, in.items)
	if err != nil {
		return c.fault("append", err, imap.ResponseCodeTryCreate)
	}
	uids := make([]mail.UID, len(got))
	for i, a := range got {
		uids[i] = a.UID
	}
	c.code = fmt.Sprintf("APPENDUID %d %s", got[0].UIDValidity, setText(uids))
	return nil
}

// refuseStream ends an APPEND that cannot be read to its end.
func (c *session) refuseStream(cmd *command, lit *literal, a *answer) error {
	inStep, err := c.skip(lit)
	if err != nil {
		return err
	}
	if inStep {
		return a
	}
	c.code = ""
	c.finish(cmd, a)
	return c.bye(a.text)
}

// imapDate is INTERNALDATE and SAVEDATE as they travel: in the zone of the agencies, so that the day that a client shows or
// searches for is the day there.
func imapDate(t time.Time) string { return t.In(mail.Zone).Format(dateTimeForm) }

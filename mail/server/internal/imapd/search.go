package imapd

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
)

// progressEvery is how often a client is told that a long search goes on (RFC 9585).
const progressEvery = 10 * time.Second

// search answers SEARCH (RFC 9051 6.4.4). Words without Vietnamese marks find words with and without them; typed marks
// must be there.
func (c *session) search(cmd *command, p *parser) error {
	a, err := c.parseSearch(p, func(*searchArgs) {})
	if err != nil {
		return c.notFound(a, err)
	}
	found, top, err := c.find(cmd, a)
	if err != nil {
		return c.notFound(a, err)
	}
	c.keep(a, found)
	if a.onlySave() {
		return nil
	}
	if a.extended || c.rev2 {
		c.putESearch(cmd, a, found, top)
		return nil
	}
	c.put("* SEARCH")
	c.putNumbers(found)
	if a.usesModSeq && len(found) > 0 {
		c.put(fmt.Sprintf(" (MODSEQ %d)", top(found)))
	}
	c.put("\r\n")
	return nil
}

// notFound empties the saved result when a search that should save one was refused; a wrong command leaves it (RFC 9051
// 6.4.4.1).
func (c *session) notFound(a *searchArgs, err error) error {
	var said *answer
	if a.save && errors.As(err, &said) && said.kind == "NO" {
		c.saved = nil
	}
	return err
}

// parseSearch reads the common frame: what to return, what extra says, the charset and the keys.
func (c *session) parseSearch(p *parser, extra func(*searchArgs)) (*searchArgs, error) {
	a := &searchArgs{}
	p.sp()
	if p.isWord("RETURN") {
		p.sp()
		p.parseReturn(&a.returns)
		p.sp()
	}
	extra(a)
	if a.criteria == nil && a.algorithm == "" {
		if p.isWord("CHARSET") {
			if p.sp(); c.accept {
				p.fail(bad("UTF-8 is the charset")) // RFC 6855 3
			}
			p.charset()
			p.sp()
		}
	}
	p.s = " " + p.s // the keys are read with the space before each
	sp := &searchParser{parser: p, now: c.deadline(0)}
	a.root = sp.keysToEnd()
	if a.usesModSeq = sp.modseq; sp.modseq && p.err == nil {
		c.enableModSeq()
	}
	if !a.extended {
		a.all = true
	}
	return a, p.end()
}

// find gives the letters that match, ascending, and a function for the highest modseq among some of them.
func (c *session) find(cmd *command, a *searchArgs) (found []at, top func([]at) uint64, err error) {
	list := c.sel.all()
	if list, err = c.narrow(list, a.root); err != nil {
		return nil, nil, err
	}
	modseq := map[mail.UID]uint64{}
	hit := func(m *candidate) {
		found = append(found, m.at)
		if a.usesModSeq {
			modseq[m.uid] = m.row.ModSeq
		}
	}
	total, done, told := len(list), 0, c.deadline(0)
	progress := func(n int) error {
		if done += n; c.deadline(0).Sub(told) >= progressEvery {
			told = c.deadline(0)
			c.put(fmt.Sprintf("* OK [INPROGRESS (\"%s\" %d %d)] Searching\r\n", cmd.tag, done, total))
			c.flush()
		}
		return c.err
	}
	err = c.findIn(list, a.root, hit, progress)
	if err != nil {
		return nil, nil, err
	}
	return found, func(some []at) (m uint64) {
		for _, x := range some {
			m = max(m, modseq[x.uid])
		}
		return m
	}, c.err
}

// narrow applies what needs no row: sets that must hold, and a Message-ID, for which the box has an index.
func (c *session) narrow(list []at, k *key) ([]at, error) {
	c.resolveSets(k)
	for _, s := range k.keys {
		switch id := strings.TrimSpace(s.text); {
		case s.op == opSet:
			list = slices.DeleteFunc(list, func(x at) bool { return !c.inSet(s, x) })
		case s.op == opHeader && strings.EqualFold(s.field, "Message-Id") && strings.HasPrefix(id, "<") && strings.HasSuffix(id, ">"):
			uids, err := c.s.opt.Box.FindMessageID(c.ctx, c.sel.ref, strings.Trim(id, "<>"))
			if err != nil {
				return nil, c.fault("search", err, "")
			}
			list = slices.DeleteFunc(list, func(a at) bool { return !slices.Contains(uids, a.uid) })
		}
	}
	return list, nil
}

// resolveSets looks up in the mailbox what "*" means in every set. A number that no message has is, other than in a
// command that works on messages, no error but matches none, as in Dovecot: RFC 9051 9 (seq-number) says should, and a
// client that searches "1:*" of what was emptied a moment ago has done nothing wrong.
func (c *session) resolveSets(k *key) {
	switch {
	case k.op != opSet || k.set.saved:
	case k.byUID:
		k.spans = k.set.united(c.sel.last())
	default:
		k.spans = k.set.united(uint32(len(c.sel.view)))
	}
	for _, s := range k.keys {
		c.resolveSets(s)
	}
}

// keep remembers a result for "$" (RFC 9051 6.4.4.1): all of it unless only its ends were asked for.
func (c *session) keep(a *searchArgs, found []at) {
	if !a.save {
		return
	}
	switch {
	case a.partial != nil:
		lo, hi := a.partial.cut(len(found))
		found = found[lo:hi]
	case (a.min || a.max) && !a.all && !a.count && len(found) > 0:
		var ends []at
		if a.min {
			ends = append(ends, found[0])
		}
		if a.max && !(a.min && len(found) == 1) {
			ends = append(ends, found[len(found)-1])
		}
		found = ends
	}
	c.saved = slices.Sorted(slices.Values(uidsOf(found)))
}

func (c *session) nums(list []at) []uint32 {
	out := make([]uint32, len(list))
	for i, a := range list {
		if out[i] = a.seq; c.uid {
			out[i] = uint32(a.uid)
		}
	}
	return out
}

func (c *session) putNumbers(list []at) {
	for _, n := range c.nums(list) {
		c.put(" ")
		c.putNum(uint64(n))
	}
}

// putESearch answers in the extended form (RFC 4731); found is in the order of the answer.
func (c *session) putESearch(cmd *command, a *searchArgs, found []at, top func([]at) uint64) {
	c.put(`* ESEARCH (TAG `)
	c.putString(cmd.tag)
	c.put(")")
	if c.uid {
		c.put(" UID")
	}
	nums := c.nums(found)
	if n := len(nums); n > 0 {
		if a.min {
			c.put(" MIN ")
			c.putNum(uint64(nums[0]))
		}
		if a.max {
			c.put(" MAX ")
			c.putNum(uint64(nums[n-1]))
		}
		if a.all {
			c.put(" ALL ")
			c.putBytes(appendSet(nil, nums))
		}
	}
	if a.count {
		c.put(" COUNT ")
		c.putNum(uint64(len(nums)))
	}
	if a.partial != nil {
		lo, hi := a.partial.cut(len(nums))
		c.put(" PARTIAL (", a.partialText, " ")
		if lo == hi {
			c.put("NIL")
		} else {
			c.putBytes(appendSet(nil, nums[lo:hi]))
		}
		c.put(")")
	}
	if a.usesModSeq && top != nil && len(found) > 0 {
		some := found
		if !a.all && !a.count && a.partial == nil { // RFC 4731 3.2: of what is told
			some = nil
			if a.min {
				some = append(some, found[0])
			}
			if a.max {
				some = append(some, found[len(found)-1])
			}
		}
		if len(some) > 0 {
			c.put(" MODSEQ ")
			c.putNum(top(some))
		}
	}
	c.put("\r\n")
}

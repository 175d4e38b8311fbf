package imapd

import (
	"cmp"
	"slices"
	"time"
)

// node is one place in a thread: a letter, or a letter that is known only from references to it.
type node struct {
	s      *sorted
	parent *node
	kids   []*node
}

// maxRefs is how many of a letter's references are followed, the nearest ones.
const maxRefs = 100

// thread answers THREAD (RFC 5256).
func (c *session) thread(cmd *command, p *parser) error {
	a, err := c.parseSearch(p, func(a *searchArgs) {
		if a.algorithm = p.word(); p.err == nil && a.algorithm != "ORDEREDSUBJECT" && a.algorithm != "REFERENCES" {
			p.fail(bad("Unknown algorithm"))
		}
		p.sp()
		p.charset()
		if p.take(' '); p.err == nil && p.s == "" {
			p.fail(bad("A search key is wanted"))
		}
	})
	if err != nil {
		return err
	}
	if a.extended {
		return bad("THREAD has no return options")
	}
	found, _, err := c.find(cmd, a)
	if err != nil {
		return err
	}
	list, err := c.heads(found)
	if err != nil {
		return err
	}
	roots := orderedSubject(list)
	if a.algorithm == "REFERENCES" {
		roots = references(list)
	}
	c.put("* THREAD ")
	if len(roots) == 0 {
		c.out = c.out[:len(c.out)-1]
	}
	for _, r := range roots {
		c.put("(")
		c.putThread(r)
		c.put(")")
	}
	c.put("\r\n")
	return nil
}

// putThread writes a node and what is below it: a line of single children, then branches in parentheses.
func (c *session) putThread(n *node) {
	for wrote := false; ; {
		if n.s != nil {
			if wrote {
				c.put(" ")
			}
			num := n.s.seq
			if c.uid {
				num = uint32(n.s.uid)
			}
			c.putNum(uint64(num))
			wrote = true
		}
		if len(n.kids) != 1 {
			break
		}
		n = n.kids[0]
	}
	for i, k := range n.kids {
		if i == 0 && n.s != nil {
			c.put(" ")
		}
		c.put("(")
		c.putThread(k)
		c.put(")")
	}
}

// orderedSubject threads by subject: the oldest letter first, all others its children (RFC 5256 3: ORDEREDSUBJECT).
func orderedSubject(list []*sorted) (roots []*node) {
	slices.SortStableFunc(list, func(x, y *sorted) int {
		return compare([]criterion{{name: "SUBJECT"}, {name: "DATE"}}, x, y)
	})
	for _, s := range list {
		if n := len(roots); n > 0 && roots[n-1].s.subject == s.subject {
			roots[n-1].kids = append(roots[n-1].kids, &node{s: s})
			continue
		}
		roots = append(roots, &node{s: s})
	}
	slices.SortStableFunc(roots, func(x, y *node) int {
		return compare([]criterion{{name: "DATE"}}, x.s, y.s)
	})
	return roots
}

// references threads by References and In-Reply-To, then joins threads of one subject (RFC 5256 3: REFERENCES).
func references(list []*sorted) []*node {
	ids := map[string]*node{}
	get := func(id string) *node {
		n := ids[id]
		if n == nil {
			n = &node{}
			ids[id] = n
		}
		return n
	}
	all := make([]*node, 0, len(list))
	for _, s := range list {
		n := &node{s: s}
		if id := s.head.MessageID; id != "" {
			if old := get(id); old.s == nil {
				old.s, n = s, old
			}
		}
		all = append(all, n)
		refs := s.head.References
		if len(refs) == 0 && len(s.head.InReplyTo) > 0 {
			refs = s.head.InReplyTo[:1]
		}
		refs = refs[max(0, len(refs)-maxRefs):]
		var last *node
		for _, id := range refs {
			r := get(id)
			if last != nil && r.parent == nil && !above(r, last) {
				link(last, r)
			}
			last = r
		}
		if n.parent != nil {
			unlink(n)
		}
		if last != nil && !above(n, last) {
			link(last, n)
		}
	}
	seen := map[*node]bool{}
	var roots []*node
	for _, n := range all {
		for n.parent != nil {
			n = n.parent
		}
		if !seen[n] {
			seen[n] = true
			roots = append(roots, n)
		}
	}
	roots = prune(roots, true)
	arrange(roots)
	roots = joinSubjects(roots)
	arrange(roots)
	return roots
}

// above reports that a is b or stands above it.
func above(a, b *node) bool {
	for ; b != nil; b = b.parent {
		if a == b {
			return true
		}
	}
	return false
}

func link(parent, kid *node) {
	kid.parent = parent
	parent.kids = append(parent.kids, kid)
}

func unlink(n *node) {
	n.parent.kids = slices.DeleteFunc(n.parent.kids, func(k *node) bool { return k == n })
	n.parent = nil
}

// prune takes out places without a letter: their children move up, except that a root keeps several of them together.
func prune(list []*node, root bool) (out []*node) {
	for _, n := range list {
		n.kids = prune(n.kids, false)
		switch {
		case n.s != nil:
			out = append(out, n)
		case len(n.kids) == 0:
		case root && len(n.kids) > 1:
			out = append(out, n)
		default:
			for _, k := range n.kids {
				k.parent = n.parent
			}
			out = append(out, n.kids...)
		}
	}
	return out
}

// first is the letter that a thread is sorted and named by.
func (n *node) first() *sorted {
	for n.s == nil {
		n = n.kids[0]
	}
	return n.s
}

func arrange(list []*node) {
	for _, n := range list {
		arrange(n.kids)
	}
	slices.SortStableFunc(list, func(x, y *node) int {
		return cmp.Or(compareTimes(x.first().sent(), y.first().sent()), cmp.Compare(x.first().seq, y.first().seq))
	})
}

func compareTimes(x, y time.Time) int { return x.Compare(y) }

// joinSubjects puts threads of one subject together (RFC 5256 3: REFERENCES, step 5).
func joinSubjects(roots []*node) (out []*node) {
	table := map[string]*node{}
	for _, n := range roots {
		s := n.first()
		if s.subject == "" {
			continue
		}
		old := table[s.subject]
		if old == nil || n.s == nil && old.s != nil || old.s != nil && n.s != nil && old.s.reply && !n.s.reply {
			table[s.subject] = n
		}
	}
	for _, n := range roots {
		s := n.first()
		other := table[s.subject]
		if s.subject == "" || other == nil || other == n {
			out = append(out, n)
			continue
		}
		switch {
		case n.s == nil && other.s == nil:
			for _, k := range n.kids {
				link(other, k)
			}
		case other.s == nil, n.s != nil && n.s.reply && !other.s.reply:
			link(other, n)
		default: // neither answers the other: both stand below a new place
			both := &node{s: other.s, kids: other.kids}
			for _, k := range both.kids {
				k.parent = both
			}
			other.s, other.kids = nil, nil
			link(other, both)
			link(other, n)
		}
	}
	return out
}

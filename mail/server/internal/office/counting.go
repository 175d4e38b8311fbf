package office

import (
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/register"
)

// counting is how far the inventories are that are being taken: who hands a large box over sees that something happens.
type counting struct {
	mu  sync.Mutex
	all map[box.AccountID]*count
}

// count is one of them.
type count struct {
	by, to      register.Box
	of          register.Box
	since       time.Time
	done, total int
}

func newCounting() *counting { return &counting{all: map[box.AccountID]*count{}} }

// begin notes that somebody counts a box; end it with the answer.
func (c *counting) begin(by, to, of register.Box, now time.Time) (end func()) {
	one := &count{by: by, to: to, of: of, since: now}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all[of.Account] = one
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.all[of.Account] == one {
			delete(c.all, of.Account)
		}
	}
}

// say notes how far it is; a box that nobody hands over is none of its business.
func (c *counting) say(of box.AccountID, done, total int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if one := c.all[of]; one != nil {
		one.done, one.total = done, total
	}
}

// list shows a person what he has begun.
func (c *counting) list(person box.AccountID) (out []mail.Handover) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range c.all {
		if one.by.Account == person && person != 0 {
			out = append(out, mail.Handover{
				State: mail.HandoverCounting, Box: one.of.Wire, BoxName: one.of.Name, Giver: one.by.AsPerson(), Receiver: one.to.AsPerson(),
				Started: one.since, Counted: one.done, Inventory: mail.Inventory{Letters: one.total},
			})
		}
	}
	return out
}

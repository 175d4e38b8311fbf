package desk

import (
	"context"
	"sync"

	"hopthu/mail"
)

// Collector gathers events between the store, which is opened before the desk, and the screen.
type Collector struct{ c collector }

// NewCollector makes an empty one.
func NewCollector() *Collector {
	return &Collector{c: collector{bell: make(chan struct{}, 1), have: map[mail.Event]int{}}}
}

// Changed is what the store calls after each commit; it never blocks.
func (c *Collector) Changed(e mail.Event) { c.c.post(e) }

// most is how many different events wait before the screen is told to reload everything instead.
const most = 256

type collector struct {
	mu   sync.Mutex
	list []mail.Event
	have map[mail.Event]int // events without their version → place in list
	over bool
	bell chan struct{}
	sent func(mail.AccountID) // the outbox of an account changed: its engine has a copy to file
}

func (c *collector) post(e mail.Event) {
	c.mu.Lock()
	key := e
	key.Version = 0
	switch at, known := c.have[key]; {
	case known:
		c.list[at] = e
	case len(c.list) >= most && e.Kind != mail.Fell:
		c.over = true
	default:
		c.have[key] = len(c.list)
		c.list = append(c.list, e)
	}
	sent := c.sent
	c.mu.Unlock()
	select {
	case c.bell <- struct{}{}:
	default:
	}
	if sent != nil && e.Kind == mail.OutboxChanged {
		sent(e.Account)
	}
}

// next waits for events and takes all of them.
func (c *collector) next(ctx context.Context) ([]mail.Event, error) {
	for {
		c.mu.Lock()
		out, over := c.list, c.over
		c.list, c.over = nil, false
		clear(c.have)
		c.mu.Unlock()
		if over {
			out = append(out, mail.Event{Kind: mail.Overflow})
		}
		if len(out) > 0 {
			return out, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-c.bell:
		}
	}
}

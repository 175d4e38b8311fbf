package office

import (
	"sync"

	"hopthu/mail/server/internal/box"
)

// news wakes those who wait for something new in a box.
type news struct {
	mu  sync.Mutex
	all map[box.AccountID]chan struct{}
}

func newNews() *news { return &news{all: map[box.AccountID]chan struct{}{}} }

// next is closed at the next change. Take it before reading the state, so that nothing falls between.
func (n *news) next(b box.AccountID) <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	c, ok := n.all[b]
	if !ok {
		c = make(chan struct{})
		n.all[b] = c
	}
	return c
}

func (n *news) tell(b box.AccountID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if c, ok := n.all[b]; ok {
		close(c)
		delete(n.all, b)
	}
}

package box

import (
	"slices"
	"sync"
)

// NameKind says what happened to a mailbox as such.
type NameKind uint8

// Kinds of events of names.
const (
	Created NameKind = iota
	Deleted
	Renamed // Old became Name
	Subscribed
	Unsubscribed
	Noted // what is noted on it changed, or on the account where Name is ""
)

// NameEvent is one committed change that concerns no letter.
type NameEvent struct {
	Kind   NameKind
	Name   string
	Old    string
	Entry  string    // of Noted
	Person AccountID // whose own note it is; 0 for all
}

// Stir says what kinds of change letters of one mailbox met with.
type Stir uint8

// Has reports whether a kind is among them.
func (s Stir) Has(k ChangeKind) bool { return s&(1<<k) != 0 }

// maxNames is how many events of names are kept for a slow session.
const maxNames = 256

// News is one session's list of what happened in an account: which mailboxes met with what, and what became of their
// names. It is bounded by the number of mailboxes, and by maxNames.
type News struct {
	hub     *hub
	account AccountID
	ready   chan struct{}
	mu      sync.Mutex
	stirred map[MailboxID]Stir
	names   []NameEvent
	over    bool
}

// News begins to collect what happens in an account. Begin before reading the state. ready, which has room for one value
// and may serve several accounts, receives one when there is something to Take.
func (s *Service) News(a AccountID, ready chan struct{}) *News { return s.room.news(a, ready) }

// Take gives and forgets what was collected. With overflow events of names are missing.
func (n *News) Take() (stirred map[MailboxID]Stir, names []NameEvent, overflow bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	stirred, names, overflow = n.stirred, n.names, n.over
	n.stirred, n.names, n.over = nil, nil, false
	return stirred, names, overflow
}

// Close ends the collecting; it may be called more than once.
func (n *News) Close() {
	n.hub.mu.Lock()
	defer n.hub.mu.Unlock()
	list := n.hub.accounts[n.account]
	i := slices.Index(list, n)
	if i < 0 {
		return
	}
	if rest := slices.Delete(list, i, i+1); len(rest) > 0 {
		n.hub.accounts[n.account] = rest
	} else {
		delete(n.hub.accounts, n.account)
	}
}

func (n *News) put(change func()) {
	n.mu.Lock()
	change()
	n.mu.Unlock()
	select {
	case n.ready <- struct{}{}:
	default:
	}
}

func (n *News) stir(m MailboxID, k ChangeKind) {
	n.put(func() {
		if n.stirred == nil {
			n.stirred = map[MailboxID]Stir{}
		}
		n.stirred[m] |= 1 << k
	})
}

func (n *News) named(e NameEvent) {
	n.put(func() {
		if n.over || len(n.names) >= maxNames {
			n.over, n.names = true, nil
			return
		}
		n.names = append(n.names, e)
	})
}

func (h *hub) news(a AccountID, ready chan struct{}) *News {
	n := &News{hub: h, account: a, ready: ready}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.accounts[a] = append(h.accounts[a], n)
	return n
}

// tell hands on what became of a name.
func (h *hub) tell(a AccountID, e NameEvent) {
	h.mu.Lock()
	list := slices.Clone(h.accounts[a])
	h.mu.Unlock()
	for _, n := range list {
		n.named(e)
	}
}

package box

import (
	"slices"
	"sync"

	"hopthu/mail"
)

// ChangeKind says what happened to letters.
type ChangeKind uint8

// Kinds of change.
const (
	Arrived  ChangeKind = iota // new letters
	Reflag                     // flags or keywords changed
	Vanished                   // expunged
	Removed                    // the mailbox itself is gone; UIDs is empty
)

// Change is one committed change of a mailbox. UIDs ascend.
type Change struct {
	Kind   ChangeKind
	ModSeq uint64
	UIDs   []mail.UID
}

// Watch is one session's bounded list of changes, in the order of their commits.
type Watch struct {
	hub   *hub
	ref   Ref
	ready chan struct{}
	mu    sync.Mutex
	list  []Change
	over  bool
}

// Ready receives one value when there is something to Take; several changes may share one value.
func (w *Watch) Ready() <-chan struct{} { return w.ready }

// Take gives and forgets what was collected. With overflow the list is incomplete and left out: read the state again.
func (w *Watch) Take() (list []Change, overflow bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	list, overflow = w.list, w.over
	w.list, w.over = nil, false
	return list, overflow
}

// Close ends the watching; it may be called more than once.
func (w *Watch) Close() {
	w.hub.mu.Lock()
	defer w.hub.mu.Unlock()
	i := slices.Index(w.hub.all[w.ref], w)
	if i < 0 {
		return
	}
	if rest := slices.Delete(w.hub.all[w.ref], i, i+1); len(rest) > 0 {
		w.hub.all[w.ref] = rest
	} else {
		delete(w.hub.all, w.ref)
	}
}

func (w *Watch) put(c Change, limit int) {
	w.mu.Lock()
	if w.over || len(w.list) >= limit {
		w.over, w.list = true, nil
	} else {
		w.list = append(w.list, c)
	}
	w.mu.Unlock()
	select {
	case w.ready <- struct{}{}:
	default: // a value is waiting already; the session will take this change with it
	}
}

// hub hands committed changes to the sessions of this process. A slow session never holds up the writer.
type hub struct {
	limit    int
	mu       sync.Mutex
	all      map[Ref][]*Watch
	accounts map[AccountID][]*News
}

func newHub(limit int) *hub {
	return &hub{limit: limit, all: map[Ref][]*Watch{}, accounts: map[AccountID][]*News{}}
}

func (h *hub) watch(ref Ref) *Watch {
	w := &Watch{hub: h, ref: ref, ready: make(chan struct{}, 1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all[ref] = append(h.all[ref], w)
	return w
}

func (h *hub) publish(ref Ref, c Change) {
	h.mu.Lock()
	list, news := slices.Clone(h.all[ref]), slices.Clone(h.accounts[ref.Account])
	h.mu.Unlock()
	for _, w := range list {
		w.put(c, h.limit)
	}
	for _, n := range news {
		n.stir(ref.Mailbox, c.Kind)
	}
}

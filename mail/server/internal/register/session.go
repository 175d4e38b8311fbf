package register

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"hopthu/mail/server/internal/box"
)

// SessionInfo tells of one open session.
type SessionInfo struct {
	ID      int64
	Box     Box
	Remote  string
	Door    Door
	Started time.Time
}

// Session is one logged-in connection. End it when the connection closes.
type Session struct {
	SessionInfo
	reg  *registry
	done chan struct{}
	once sync.Once
}

// Done is closed when the session was killed or ended: the door must close its connection.
func (s *Session) Done() <-chan struct{} { return s.done }

// End takes the session out of the registry; it may be called more than once.
func (s *Session) End() {
	s.reg.remove(s.ID)
	s.once.Do(func() { close(s.done) })
}

// registry is the list of open sessions of this process.
type registry struct {
	mu   sync.Mutex
	last int64
	all  map[int64]*Session
}

func newRegistry() *registry { return &registry{all: map[int64]*Session{}} }

func (r *registry) open(info SessionInfo) *Session {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last++
	info.ID = r.last
	s := &Session{SessionInfo: info, reg: r, done: make(chan struct{})}
	r.all[info.ID] = s
	return s
}

func (r *registry) remove(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.all, id)
}

// pick lists the sessions that match, oldest first.
func (r *registry) pick(match func(*Session) bool) (list []*Session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.all {
		if match(s) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b *Session) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

func (r *registry) live(remote string) bool {
	net := netOf(remote)
	return len(r.pick(func(s *Session) bool { return netOf(s.Remote) == net })) > 0
}

func (r *registry) killAccount(a box.AccountID, keep *Session) {
	for _, s := range r.pick(func(s *Session) bool { return s.Box.Account == a && s != keep }) {
		s.End()
	}
}

// Sessions lists the open sessions, oldest first.
func (r *Register) Sessions() []SessionInfo {
	list := r.sessions.pick(func(*Session) bool { return true })
	out := make([]SessionInfo, len(list))
	for i, s := range list {
		out[i] = s.SessionInfo
	}
	return out
}

// Kill ends a session; false if there is none of that number.
func (r *Register) Kill(id int64) bool {
	list := r.sessions.pick(func(s *Session) bool { return s.ID == id })
	for _, s := range list {
		s.End()
	}
	return len(list) > 0
}

package register

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
)

// SessionInfo tells of one open session.
type SessionInfo struct {
	ID      int64
	Box     Box // that is open
	Person  Box // who has logged in: by his own box, which is Box where nobody acts for another
	Scope   mail.Scope
	Until   time.Time // when the scope ends by itself, zero if it does not
	Remote  string
	Door    Door
	Started time.Time
}

// Acting reports whether somebody works in a box that is not his own.
func (i SessionInfo) Acting() bool { return i.Person.Account != i.Box.Account }

// Actor is who does something in this session.
func (i SessionInfo) Actor() Actor {
	return Actor{Account: i.Person.Account, Remote: i.Remote, Door: i.Door}
}

// Session is one logged-in connection. End it when the connection closes.
type Session struct {
	SessionInfo
	from *Session // the session that this one was opened from without a password; nil for most
	reg  *registry
	done chan struct{}
	once sync.Once
	ends time.Time // zero: not by itself
}

// Done is closed when the session was killed or ended: the door must close its connection.
func (s *Session) Done() <-chan struct{} { return s.done }

// EndAt ends the session by itself at that moment: from then on it is listed no more.
func (s *Session) EndAt(t time.Time) {
	s.reg.mu.Lock()
	defer s.reg.mu.Unlock()
	s.ends = t
}

// End takes the session out of the registry; it may be called more than once.
func (s *Session) End() {
	s.reg.remove(s.ID)
	s.once.Do(func() { close(s.done) })
}

// registry is the list of open sessions of this process.
type registry struct {
	now  func() time.Time
	mu   sync.Mutex
	last int64
	all  map[int64]*Session
}

func newRegistry(now func() time.Time) *registry {
	return &registry{now: now, all: map[int64]*Session{}}
}

func (r *registry) open(info SessionInfo, from *Session) *Session {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last++
	info.ID = r.last
	s := &Session{SessionInfo: info, from: from, reg: r, done: make(chan struct{})}
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
	var over []*Session
	r.mu.Lock()
	now := r.now()
	for _, s := range r.all {
		switch {
		case !s.ends.IsZero() && !now.Before(s.ends):
			over = append(over, s)
		case match(s):
			list = append(list, s)
		}
	}
	r.mu.Unlock()
	for _, s := range over {
		s.End()
	}
	slices.SortFunc(list, func(a, b *Session) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

func (r *registry) live(remote string) bool {
	net := netOf(remote)
	return len(r.pick(func(s *Session) bool { return netOf(s.Remote) == net })) > 0
}

func (r *registry) kill(match func(*Session) bool) {
	for _, s := range r.pick(match) {
		s.End()
	}
}

// killPassword ends the sessions that a person's password opened, but for one and those opened from it.
func (r *registry) killPassword(a box.AccountID, keep *Session) {
	r.kill(func(s *Session) bool {
		return s.Person.Account == a && (keep == nil || s != keep && s.from != keep)
	})
}

// killAccount ends the sessions of a person and those in his box.
func (r *registry) killAccount(a box.AccountID) {
	r.kill(func(s *Session) bool { return s.Person.Account == a || s.Box.Account == a })
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

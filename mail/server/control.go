package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"hopthu/mail"
)

// controlFile is the socket below the data folder by which an administrator on the machine asks the running server for
// what only its process knows. Who may open the folder may ask.
const controlFile = "data/control.sock"

const (
	controlLimit = 10 * time.Second
	controlBytes = 1 << 20
)

// OpenSession is one open session of the running server.
type OpenSession struct {
	ID      int64     `json:"id"`
	Box     string    `json:"box"`              // address, regulation spelling
	Person  string    `json:"person,omitempty"` // who works in it, where that is somebody else
	Scope   string    `json:"scope,omitempty"`
	Door    string    `json:"door"`
	Remote  string    `json:"remote"`
	Started time.Time `json:"started"`
}

// asked is one question at the control socket, told its answer; both are one JSON value.
type (
	asked struct {
		Do  string `json:"do"` // sessions, end, reload, kick
		ID  int64  `json:"id,omitempty"`
		Box string `json:"box,omitempty"` // wire address of a person or a box
	}
	told struct {
		Sessions []OpenSession `json:"sessions,omitempty"`
		Ended    int           `json:"ended,omitempty"`
		Error    string        `json:"error,omitempty"`
	}
)

// listenControl opens the control socket. A folder whose path is too long for one gets none, and a warning.
func (s *Server) listenControl() net.Listener {
	path := filepath.Join(s.cfg.Dir, filepath.FromSlash(controlFile))
	var lc net.ListenConfig
	ln, err := lc.Listen(context.Background(), "unix", path)
	if err != nil && !s.answers(path) { // left behind by a process that was killed
		if err = os.Remove(path); err == nil || errors.Is(err, fs.ErrNotExist) {
			ln, err = lc.Listen(context.Background(), "unix", path)
		}
	}
	if err != nil {
		s.cfg.Log.Warn("no control socket: hopthu-server session will not work", "err", err)
		return nil
	}
	return ln
}

// answers reports whether somebody listens at the socket.
func (s *Server) answers(path string) bool {
	c, err := (&net.Dialer{Timeout: time.Second}).DialContext(context.Background(), "unix", path)
	if err != nil {
		return false
	}
	s.hangUp(c)
	return true
}

// control answers at the control socket until ctx ends.
func (s *Server) control(ctx context.Context, ln net.Listener) error {
	if ln == nil {
		return nil
	}
	stop := context.AfterFunc(ctx, func() { s.hangUp(ln) })
	defer stop()
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		c, err := ln.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			s.cfg.Log.Warn("control socket", "err", err)
			s.delay(ctx, time.Second)
			continue
		}
		wg.Add(1)
		mail.Go("control", func() {
			defer wg.Done()
			defer s.hangUp(c)
			if err := s.answerControl(ctx, c); err != nil {
				s.cfg.Log.Debug("control socket", "err", err)
			}
		})
	}
}

func (s *Server) hangUp(c io.Closer) {
	if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		s.cfg.Log.Debug("close control socket", "err", err)
	}
}

func (s *Server) answerControl(ctx context.Context, c net.Conn) error {
	if err := c.SetDeadline(deadline(controlLimit)); err != nil {
		return err
	}
	var q asked
	if err := json.NewDecoder(io.LimitReader(c, controlBytes)).Decode(&q); err != nil {
		return err
	}
	var a told
	var err error
	switch q.Do {
	case "sessions":
		a.Sessions = s.openSessions()
	case "end":
		a.Ended, err = s.endSessions(ctx, q)
	case "reload":
		err = s.Reload()
	case "kick":
		s.queue.Kick()
	default:
		err = errors.New("an unknown question")
	}
	if err != nil {
		a.Error = err.Error()
	}
	return json.NewEncoder(c).Encode(a)
}

func (s *Server) openSessions() []OpenSession {
	list := s.reg.Sessions()
	out := make([]OpenSession, len(list))
	for i, one := range list {
		out[i] = OpenSession{ID: one.ID, Box: one.Box.Address, Door: string(one.Door), Remote: one.Remote, Started: one.Started}
		if one.Acting() {
			out[i].Person, out[i].Scope = one.Person.Address, one.Scope.Code()
		}
	}
	return out
}

// endSessions ends one session, or all of a person and in a box.
func (s *Server) endSessions(ctx context.Context, q asked) (n int, err error) {
	for _, one := range s.reg.Sessions() {
		if one.ID != q.ID && (q.Box == "" || one.Box.Wire != q.Box && one.Person.Wire != q.Box) {
			continue
		}
		if s.reg.Kill(one.ID) {
			n++
			err = errors.Join(err, s.reg.Note(ctx, admin, "session-ended", one.Person.Wire, string(one.Door)+" "+one.Remote))
		}
	}
	return n, err
}

// Sessions lists the open sessions of the server that runs on the data folder, oldest first; Kind NoServer: none does.
func (a *Admin) Sessions(ctx context.Context) ([]OpenSession, error) {
	t, err := a.s.ask(ctx, asked{Do: "sessions"})
	return t.Sessions, err
}

// EndSession ends one session of the running server, and tells how many were ended; an ended connection is closed
// within a second.
func (a *Admin) EndSession(ctx context.Context, id int64) (int, error) {
	t, err := a.s.ask(ctx, asked{Do: "end", ID: id})
	return t.Ended, err
}

// EndSessions ends all sessions of a person and in his box. He may log in again.
func (a *Admin) EndSessions(ctx context.Context, addr string) (int, error) {
	b, err := a.s.reg.Lookup(ctx, addr)
	if err != nil {
		return 0, err
	}
	t, err := a.s.ask(ctx, asked{Do: "end", Box: b.Wire})
	return t.Ended, err
}

// ReloadServer lets the running server read its certificate again.
func (a *Admin) ReloadServer(ctx context.Context) error {
	_, err := a.s.ask(ctx, asked{Do: "reload"})
	return err
}

// ask puts a question to the server that runs on the folder.
func (s *Server) ask(ctx context.Context, q asked) (a told, err error) {
	path := filepath.Join(s.cfg.Dir, filepath.FromSlash(controlFile))
	c, err := (&net.Dialer{Timeout: controlLimit}).DialContext(ctx, "unix", path)
	if err != nil {
		return a, &mail.Fault{Kind: mail.NoServer, Op: "ask server", Detail: s.cfg.Dir, Err: err}
	}
	defer s.hangUp(c)
	if err := c.SetDeadline(deadline(controlLimit)); err != nil {
		return a, err
	}
	if err := json.NewEncoder(c).Encode(q); err != nil {
		return a, &mail.Fault{Kind: mail.LostConnection, Op: "ask server", Err: err}
	}
	if err := json.NewDecoder(c).Decode(&a); err != nil {
		return a, &mail.Fault{Kind: mail.LostConnection, Op: "ask server", Err: err}
	}
	if a.Error != "" {
		return a, &mail.Fault{Kind: mail.Unknown, Op: "ask server", Detail: a.Error}
	}
	return a, nil
}

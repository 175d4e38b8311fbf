package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/register"
)

const (
	tokenLasts = 12 * time.Hour
	tokenSize  = 32 // octets of randomness
	maxTokens  = 20 // of one person
	maxWaiting = 4  // requests of one token that wait for news
)

// ticket is one office session: a session of the register that many connections share.
type ticket struct {
	*register.Session
	expires time.Time
	waiting int
}

func (t *ticket) dead() bool {
	select {
	case <-t.Done():
		return true
	default:
		return false
	}
}

// tokens are the office sessions by the hash of their token; the token itself is only with its owner.
type tokens struct {
	rand io.Reader
	now  func() time.Time
	mu   sync.Mutex
	all  map[[sha256.Size]byte]*ticket
}

func newTokens(rand io.Reader, now func() time.Time) *tokens {
	return &tokens{rand: rand, now: now, all: map[[sha256.Size]byte]*ticket{}}
}

// put gives a session a token. Sessions that are over are forgotten, and of one person's the oldest ends when there are too many.
func (t *tokens) put(s *register.Session) (api.Session, error) {
	raw := make([]byte, tokenSize)
	if _, err := io.ReadFull(t.rand, raw); err != nil {
		s.End()
		return api.Session{}, mail.AsFault("make token", err)
	}
	token := base64.RawURLEncoding.EncodeToString(raw)
	fresh := &ticket{Session: s, expires: t.now().Add(tokenLasts)}
	s.EndAt(fresh.expires)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sweep(s.Person.Account)
	t.all[sha256.Sum256([]byte(token))] = fresh
	return api.Session{Token: token, Expires: fresh.expires}, nil
}

func (t *tokens) sweep(person box.AccountID) {
	var own []*ticket
	for key, k := range t.all {
		switch {
		case k.dead() || !t.now().Before(k.expires):
			k.End()
			delete(t.all, key)
		case k.Person.Account == person:
			own = append(own, k)
		}
	}
	slices.SortFunc(own, func(a, b *ticket) int { return a.expires.Compare(b.expires) })
	for _, k := range own[:max(0, len(own)-maxTokens+1)] {
		k.End()
	}
}

// get finds the session of a request; nil if its token is none, or dead.
func (t *tokens) get(r *http.Request) *ticket {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") { // RFC 6750 2.1
		return nil
	}
	key := sha256.Sum256([]byte(strings.TrimSpace(token)))
	t.mu.Lock()
	defer t.mu.Unlock()
	k := t.all[key]
	if k == nil {
		return nil
	}
	if k.dead() || !t.now().Before(k.expires) {
		k.End()
		delete(t.all, key)
		return nil
	}
	return k
}

// wait takes a place among the waiting requests of a session.
func (t *tokens) wait(k *ticket) (leave func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if k.waiting >= maxWaiting {
		return nil, &mail.Fault{Kind: mail.TryLater, Op: "wait for news"}
	}
	k.waiting++
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		k.waiting--
	}, nil
}

// login opens an office session; as at every door a refusal is slow and says the same of names there are and are not.
func (d *door) login(w http.ResponseWriter, r *http.Request) {
	var l api.Login
	if err := readJSON(r, &l); err != nil {
		d.problem(w, err)
		return
	}
	s, err := d.opt.Register.Login(r.Context(), register.Attempt{Login: l.Login, Password: l.Password, Remote: remoteIP(r), Door: register.Web})
	if err != nil {
		if kind := mail.KindOf(err); kind == mail.BadPassword || kind == mail.BadAddress {
			d.opt.Delay(r.Context(), refusalDelay)
		}
		d.problem(w, err)
		return
	}
	out, err := d.tokens.put(s)
	if err != nil {
		d.problem(w, err)
		return
	}
	d.answer(w, http.StatusOK, out)
}

func (d *door) logout(_ *http.Request, k *ticket) (any, error) {
	k.End()
	return nil, nil
}

// forSession runs what a handler does for a live session, and answers with JSON, or with nothing for nil.
func (d *door) forSession(do func(*http.Request, *ticket) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		k := d.tokens.get(r)
		if k == nil {
			d.noToken(w)
			return
		}
		out, err := do(r, k)
		switch {
		case err != nil && k.dead():
			d.noToken(w)
		case err != nil:
			d.officeProblem(w, err)
		case out == nil:
			w.WriteHeader(http.StatusNoContent)
		default:
			d.answer(w, http.StatusOK, out)
		}
	}
}

func (d *door) noToken(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", "Bearer") // RFC 6750 3
	d.answer(w, http.StatusUnauthorized, api.Problem{
		Code: string(mail.BadPassword), Rule: "token",
		Text: "Phiên làm việc đã kết thúc. Hãy đăng nhập lại.", TextEN: "The session is over. Please log in again.",
	})
}

// waiting makes a request wait for news: its connection may be silent for longer than others, and the waiting ends with the
// session and with the server.
func (d *door) waiting(w http.ResponseWriter, r *http.Request, k *ticket) (ctx context.Context, done func(), err error) {
	leave, err := d.tokens.wait(k)
	if err != nil {
		return nil, nil, err
	}
	if err := http.NewResponseController(w).SetReadDeadline(time.Time{}); err != nil {
		leave()
		return nil, nil, mail.AsFault("wait for news", err)
	}
	ctx, cancel := context.WithCancel(r.Context())
	mail.Go("office wait", func() {
		select {
		case <-k.Done():
		case <-d.stopping:
		case <-ctx.Done():
		}
		cancel()
	})
	return ctx, func() { cancel(); leave() }, nil
}

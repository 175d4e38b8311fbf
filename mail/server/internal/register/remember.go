package register

import (
	"crypto/hmac"
	"crypto/sha256"
	"sync"
	"time"

	"hopthu/mail/viet"
)

const (
	// rememberFor is how long a proved password is known again without argon2id: a client opens several connections, and
	// after a restart of the server a whole province returns at once.
	rememberFor = 10 * time.Minute
	// mostRemembered bounds the memory; whoever is not in it costs a run of argon2id.
	mostRemembered = 16 << 10
)

// proved remembers which password matched which stored hash, as an HMAC under a key that never leaves the process. A
// stored hash that is replaced (a change, a reset) is another key of the map, so nothing has to be taken out for that. A
// wrong password is never remembered: each guess costs its run.
type proved struct {
	key []byte
	now func() time.Time

	mu   sync.Mutex
	list map[string]proof // by the stored hash
}

type proof struct {
	mac   [sha256.Size]byte
	until time.Time
}

func newProved(key []byte, now func() time.Time) *proved {
	return &proved{key: key, now: now, list: make(map[string]proof)}
}

func (p *proved) mac(password, stored string) (sum [sha256.Size]byte) {
	h := hmac.New(sha256.New, p.key)
	h.Write([]byte(stored)) // PHC text has no NUL
	h.Write([]byte{0})
	h.Write([]byte(viet.NFC(password)))
	h.Sum(sum[:0])
	return sum
}

// knows reports whether that password matched that stored hash not long ago.
func (p *proved) knows(password, stored string) bool {
	sum := p.mac(password, stored)
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.list[stored]
	if left := at.until.Sub(p.now()); ok && (left <= 0 || left > rememberFor) { // over, or the clock was set back
		delete(p.list, stored)
		ok = false
	}
	return ok && hmac.Equal(sum[:], at.mac[:])
}

func (p *proved) add(password, stored string) {
	sum := p.mac(password, stored)
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if len(p.list) >= mostRemembered {
		for k, at := range p.list {
			if at.until.Before(now) {
				delete(p.list, k)
			}
		}
	}
	if len(p.list) < mostRemembered {
		p.list[stored] = proof{mac: sum, until: now.Add(rememberFor)}
	}
}

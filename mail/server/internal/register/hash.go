package register

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"hopthu/mail/viet"
)

// defaultCost is above the least that is advised for argon2id (19 MiB, 2 passes) and about 50 ms on one core.
var defaultCost = HashCost{Memory: 32 << 10, Time: 2, Threads: 1}

const (
	saltSize = 16
	keySize  = 32
)

// hasher makes and checks argon2id hashes in the PHC form, so that the parameters may change later. Only as many run
// at once as there are cores: more would only take memory.
type hasher struct {
	cost   HashCost
	rounds int // of SCRAM
	rnd    io.Reader
	slots  chan struct{}
	dummy  string // what an unknown name is checked against: a real hash of the same cost
	proved *proved
}

func newHasher(c HashCost, rounds int, rnd io.Reader, now func() time.Time) (*hasher, error) {
	if c == (HashCost{}) {
		c = defaultCost
	}
	if rounds == 0 {
		rounds = defaultRounds
	}
	h := &hasher{cost: c, rounds: rounds, rnd: rnd, slots: make(chan struct{}, runtime.NumCPU())}
	noise, key := make([]byte, 32), make([]byte, sha256.Size)
	if _, err := io.ReadFull(rnd, noise); err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(rnd, key); err != nil {
		return nil, err
	}
	h.proved = newProved(key, now)
	var err error
	h.dummy, err = h.makeHash(context.Background(), string(noise))
	return h, err
}

// enter waits for a place to reckon in.
func (h *hasher) enter(ctx context.Context) (leave func(), err error) {
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (h *hasher) run(ctx context.Context, password string, salt []byte, c HashCost) ([]byte, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return argon2.IDKey([]byte(viet.NFC(password)), salt, c.Time, c.Memory, c.Threads, keySize), nil
}

func (h *hasher) makeHash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(h.rnd, salt); err != nil {
		return "", err
	}
	key, err := h.run(ctx, password, salt, h.cost)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.cost.Memory, h.cost.Time, h.cost.Threads, b64(salt), b64(key)), nil
}

// check compares in constant time, and without argon2id what it proved not long ago. stored "" (nobody, or no password yet) costs the same and never matches. weak says
// that the hash was made at another cost than today's.
func (h *hasher) check(ctx context.Context, password, stored string) (ok, weak bool, err error) {
	known := stored != ""
	if !known {
		stored = h.dummy
	}
	cost, salt, key, err := parsePHC(stored)
	if err != nil {
		return false, false, err
	}
	if known && h.proved.knows(password, stored) {
		return true, cost != h.cost, nil
	}
	got, err := h.run(ctx, password, salt, cost)
	if err != nil {
		return false, false, err
	}
	same := subtle.ConstantTimeCompare(got, key) == 1
	if same && known {
		h.proved.add(password, stored)
	}
	return same && known, cost != h.cost, nil
}

func parsePHC(s string) (c HashCost, salt, key []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errors.New("not an argon2id hash")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Time, &c.Threads); err != nil {
		return c, nil, nil, errors.New("argon2id parameters cannot be read")
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err := errors.Join(err1, err2); err != nil || len(key) != keySize || c.Time == 0 || c.Threads == 0 {
		return c, nil, nil, errors.New("argon2id hash cannot be read")
	}
	return c, salt, key, nil
}

// readable has no letter or digit that is taken for another when read aloud or from paper.
const readable = "abcdefghjkmnpqrstuvwxyz23456789"

// firstPassword makes a one-time password of 16 such characters in groups of four, 79 bits.
func firstPassword(rnd io.Reader) (string, error) {
	var b strings.Builder
	one := make([]byte, 1)
	for n := 0; n < 16; {
		if _, err := io.ReadFull(rnd, one); err != nil {
			return "", err
		}
		if int(one[0]) >= 256-256%len(readable) {
			continue // would make some characters likelier
		}
		if n > 0 && n%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(readable[int(one[0])%len(readable)])
		n++
	}
	return b.String(), nil
}

package register

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xdg-go/scram"

	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
	"hopthu/mail/viet"
)

// SCRAM-SHA-256 (RFC 5802, RFC 7677): the keys that a password is proved by beside its argon2id hash.
const (
	scramName     = "SCRAM-SHA-256"
	defaultRounds = 60_000 // PBKDF2; RFC 7677 4 wants 4096 at least, and Cyrus SASL (mbsync, neomutt) takes 65,536 at most
	nonceSize     = 18
	maxScram      = 2 << 10 // octets of one message of a client
)

// ErrSASL says that a client's message cannot be, or that it is bound to another channel: nothing that a password
// could mend.
var ErrSASL = errors.New("not a message of this mechanism")

// credentials are the two forms in which a password is kept.
type credentials struct{ hash, scram string }

// make gives both forms of a new password.
func (h *hasher) make(ctx context.Context, password string) (c credentials, err error) {
	if c.hash, err = h.makeHash(ctx, password); err != nil {
		return c, err
	}
	c.scram, err = h.makeScram(ctx, password)
	return c, err
}

// makeScram gives "SCRAM-SHA-256$rounds:salt$StoredKey:ServerKey", in base64. The password is prepared as RFC 5802 2.2
// has it; one that SASLprep does not allow is taken as it is, as clients do.
func (h *hasher) makeScram(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(h.rnd, salt); err != nil {
		return "", err
	}
	password = viet.NFC(password)
	c, err := scram.SHA256.NewClient("", password, "")
	if err != nil {
		if c, err = scram.SHA256.NewClientUnprepped("", password, ""); err != nil {
			return "", err
		}
	}
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	keys, err := c.GetStoredCredentialsWithError(scram.KeyFactors{Salt: string(salt), Iters: h.rounds})
	if err != nil {
		return "", err
	}
	b64 := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("%s$%d:%s$%s:%s", scramName, h.rounds, b64(salt), b64(keys.StoredKey), b64(keys.ServerKey)), nil
}

// current says whether keys were made at today's cost.
func (h *hasher) current(s string) bool {
	return strings.HasPrefix(s, fmt.Sprintf("%s$%d:", scramName, h.rounds))
}

func parseScram(s string) (c scram.StoredCredentials, err error) {
	fail := errors.New("SCRAM keys cannot be read")
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '$' || r == ':' })
	if len(parts) != 5 || parts[0] != scramName {
		return c, fail
	}
	rounds, err1 := strconv.Atoi(parts[1])
	salt, err2 := base64.StdEncoding.DecodeString(parts[2])
	stored, err3 := base64.StdEncoding.DecodeString(parts[3])
	server, err4 := base64.StdEncoding.DecodeString(parts[4])
	if errors.Join(err1, err2, err3, err4) != nil || len(stored) != sha256.Size || len(server) != sha256.Size || rounds < 1 {
		return c, fail
	}
	return scram.StoredCredentials{KeyFactors: scram.KeyFactors{Salt: string(salt), Iters: rounds}, StoredKey: stored, ServerKey: server}, nil
}

// fake gives the keys that a name without any is asked for: always the same ones, which nothing proves.
func fake(secret []byte, wire string, rounds int) scram.StoredCredentials {
	of := func(what string) []byte {
		m := hmac.New(sha256.New, secret)
		m.Write([]byte(what + "\x00" + wire)) // a hash never fails
		return m.Sum(nil)
	}
	return scram.StoredCredentials{
		KeyFactors: scram.KeyFactors{Salt: string(of("salt")[:saltSize]), Iters: rounds},
		StoredKey:  of("stored"), ServerKey: of("server"),
	}
}

// secret gives the server's own secret of that name, made once for good.
func (r *Register) secret(ctx context.Context, name string) (value []byte, err error) {
	read := func() error {
		return r.db.Read(ctx, func(ctx context.Context, q *storedb.Queries) (err error) {
			value, err = q.GetSecret(ctx, name)
			return err
		})
	}
	if err = read(); !errors.Is(err, sql.ErrNoRows) {
		return value, err
	}
	fresh := make([]byte, 32)
	if _, err := io.ReadFull(r.opt.Rand, fresh); err != nil {
		return nil, err
	}
	err = r.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return tx.Q.AddSecret(ctx, storedb.AddSecretParams{Name: name, Value: fresh})
	})
	if err != nil {
		return nil, err
	}
	return value, read()
}

// Channel is what a SCRAM exchange may be bound to: data by the name of its channel binding (RFC 5929, RFC 9266).
// Plus says that the client chose the mechanism that must be bound.
type Channel struct {
	Plus     bool
	Bindings map[string][]byte
}

// Scram is one exchange of SCRAM-SHA-256 or SCRAM-SHA-256-PLUS, seen from the server. An unknown name, or one whose
// password has no keys yet, goes through the same conversation and fails at its end as a wrong password does.
type Scram struct {
	r    *Register
	at   Attempt
	ch   Channel
	conv *scram.ServerConversation
	wire string
	h    storedb.Holder
	has  bool  // h has keys that may be proved
	err  error // of the lookup
	step int
}

// Scram begins an exchange. Login, As and Password of the attempt come from the conversation.
func (r *Register) Scram(at Attempt, ch Channel) *Scram { return &Scram{r: r, at: at, ch: ch} }

// Next takes the client's next message and gives the answer to it. The session comes with the last answer, which the
// client must still be given. Errors are those of Login, or ErrSASL.
func (x *Scram) Next(ctx context.Context, response []byte) (answer []byte, s *Session, err error) {
	if len(response) > maxScram {
		return nil, nil, ErrSASL
	}
	switch x.step++; x.step {
	case 1:
		answer, err = x.first(ctx, string(response))
		return answer, nil, err
	case 2:
		return x.final(ctx, string(response))
	}
	return nil, nil, ErrSASL
}

// first answers with salt and rounds. Who must wait hears it now.
func (x *Scram) first(ctx context.Context, msg string) ([]byte, error) {
	flag, _, _ := strings.Cut(msg, ",")
	binding, bound := strings.CutPrefix(flag, "p=")
	if bound != x.ch.Plus { // RFC 5802 5.1: the flag belongs to the mechanism
		return nil, ErrSASL
	}
	nonce := make([]byte, nonceSize)
	if _, err := io.ReadFull(x.r.opt.Rand, nonce); err != nil {
		return nil, fault("log in", err)
	}
	server, err := scram.SHA256.NewServer(func(name string) (scram.StoredCredentials, error) {
		keys, err := x.lookup(ctx, name)
		x.err = err
		return keys, err
	})
	if err != nil {
		return nil, fault("log in", err)
	}
	server.WithNonceGenerator(func() string { return base64.StdEncoding.EncodeToString(nonce) })
	offered := scram.ChannelBinding{Type: scram.ChannelBindingType(binding), Data: x.ch.Bindings[binding]}
	if !bound && len(x.ch.Bindings) > 0 { // any one: "y" says that the client saw none offered, so somebody took it out
		offered = scram.ChannelBinding{Type: scram.ChannelBindingTLSExporter, Data: []byte{0}}
	}
	x.conv = server.NewConversationWithChannelBinding(offered)
	answer, err := x.conv.Step(msg)
	if x.err != nil {
		return nil, fault("log in", x.err)
	}
	if err != nil {
		return nil, ErrSASL
	}
	x.at.Login, x.at.As = x.conv.Username(), x.conv.AuthzID()
	return []byte(answer), nil
}

func (x *Scram) lookup(ctx context.Context, name string) (scram.StoredCredentials, error) {
	var here bool
	x.wire, here = x.r.wireOfLogin(name)
	t, until := x.r.limit.begin(x.wire, x.at.Remote, x.r.sessions.live(x.at.Remote), x.r.opt.Now())
	if t == nil {
		return scram.StoredCredentials{}, lockedOut(until)
	}
	t.unknown() // the proof is the attempt
	h, err := x.r.holder(ctx, x.wire)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return scram.StoredCredentials{}, err
	}
	secret, serr := x.r.secret(ctx, "scram")
	if serr != nil {
		return scram.StoredCredentials{}, serr
	}
	if err != nil || !here {
		h = storedb.Holder{}
	}
	x.h = h
	if h.Password == "" || h.Scram == "" {
		return fake(secret, x.wire, x.r.hash.rounds), nil
	}
	x.has = true
	return parseScram(h.Scram)
}

// final checks the proof against the limits, as prove does with a password.
func (x *Scram) final(ctx context.Context, msg string) ([]byte, *Session, error) {
	t, until := x.r.limit.begin(x.wire, x.at.Remote, x.r.sessions.live(x.at.Remote), x.r.opt.Now())
	if t == nil {
		return nil, nil, lockedOut(until)
	}
	defer t.unknown()
	answer, err := x.conv.Step(msg)
	wrong := answer == scram.ErrInvalidProof
	if err != nil && !wrong {
		return nil, nil, ErrSASL
	}
	if wrong || !x.has {
		return nil, nil, x.r.refused(ctx, t, x.at, x.h, x.wire)
	}
	t.passed()
	s, err := x.r.admit(ctx, x.at, x.h, nil)
	if err != nil {
		return nil, nil, err
	}
	return []byte(answer), s, nil
}

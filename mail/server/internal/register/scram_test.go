package register

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/db/storedb"
)

var b64 = base64.StdEncoding.EncodeToString

func sign(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// prover is the client's side, written from RFC 5802 3.
type prover struct {
	name, password, gs2 string
	binding             []byte
	bare, auth          string
	salted              []byte
}

func (p *prover) first() []byte {
	p.bare = "n=" + strings.NewReplacer("=", "=3D", ",", "=2C").Replace(p.name) + ",r=rOprNGfwEbeRWgbNEkqO"
	return []byte(p.gs2 + p.bare)
}

func (p *prover) final(t *testing.T, server []byte) []byte {
	t.Helper()
	var nonce, salt string
	var rounds int
	for f := range strings.SplitSeq(string(server), ",") {
		switch v := f[2:]; f[:2] {
		case "r=":
			nonce = v
		case "s=":
			salt = v
		case "i=":
			if _, err := fmt.Sscan(v, &rounds); err != nil {
				t.Fatal(err)
			}
		}
	}
	raw, err := base64.StdEncoding.DecodeString(salt)
	if err != nil || !strings.HasPrefix(nonce, "rOprNGfwEbeRWgbNEkqO") || len(nonce) < 30 || rounds < 4096 {
		t.Fatalf("%q %v", server, err)
	}
	if p.salted, err = pbkdf2.Key(sha256.New, p.password, raw, rounds, 32); err != nil {
		t.Fatal(err)
	}
	bare := "c=" + b64(append([]byte(p.gs2), p.binding...)) + ",r=" + nonce
	p.auth = p.bare + "," + string(server) + "," + bare
	key := sign(p.salted, "Client Key")
	stored := sha256.Sum256(key)
	proof := sign(stored[:], p.auth)
	for i := range proof {
		proof[i] ^= key[i]
	}
	return []byte(bare + ",p=" + b64(proof))
}

func (p *prover) verify(t *testing.T, last []byte) {
	t.Helper()
	if want := "v=" + b64(sign(sign(p.salted, "Server Key"), p.auth)); string(last) != want {
		t.Errorf("the server proves %q, not %q", last, want)
	}
}

// talk goes through an exchange; salted is what the server's first message says after its nonce.
func (o *office) talk(p prover, ch Channel, remote string) (salted string, err error) {
	o.t.Helper()
	t, ok := o.t.(*testing.T)
	if !ok {
		o.t.Fatal("not a test")
	}
	x := o.Scram(Attempt{Remote: remote, Door: IMAP}, ch)
	server, s, err := x.Next(context.Background(), p.first())
	if err != nil || s != nil {
		return "", err
	}
	_, salted, _ = strings.Cut(string(server), ",")
	last, s, err := x.Next(context.Background(), p.final(t, server))
	if err == nil {
		p.verify(t, last)
		s.End()
	}
	return salted, err
}

func plainly(name, password string) prover { return prover{name: name, password: password, gs2: "n,,"} }

// The example of RFC 7677 3.
func TestScramVector(t *testing.T) {
	salt, err := base64.StdEncoding.DecodeString("W22ZaJ0SNY7soEsUEjb6gQ==")
	if err != nil {
		t.Fatal(err)
	}
	h := &hasher{rounds: 4096, rnd: bytes.NewReader(salt), slots: make(chan struct{}, 1)}
	made, err := h.makeScram(t.Context(), "pencil")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := parseScram(made)
	if err != nil || !h.current(made) {
		t.Fatal(made, err)
	}
	const nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
	server := "r=" + nonce + ",s=" + b64([]byte(keys.Salt)) + ",i=4096"
	p := prover{name: "user", password: "pencil", gs2: "n,,"}
	if got := string(p.first()); got != "n,,n=user,r=rOprNGfwEbeRWgbNEkqO" {
		t.Error(got)
	}
	if got := string(p.final(t, []byte(server))); got != "c=biws,r="+nonce+",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=" {
		t.Error(got)
	}
	if got := b64(sign(keys.ServerKey, p.auth)); got != "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" {
		t.Error(got)
	}
	stored := sha256.Sum256(sign(p.salted, "Client Key"))
	if !bytes.Equal(stored[:], keys.StoredKey) {
		t.Error("another StoredKey")
	}
	for _, s := range []string{"", "SCRAM-SHA-256", "SCRAM-SHA-1$1:YQ==$YQ==:YQ==", "SCRAM-SHA-256$1:!$YQ==:YQ==", "SCRAM-SHA-256$1:YQ==$YQ==:YQ==", strings.Replace(made, "4096", "x", 1)} {
		if _, err := parseScram(s); err == nil {
			t.Errorf("%q was read", s)
		}
	}
}

// What PLAIN says, SCRAM says.
func TestScramSaysWhatPlainSays(t *testing.T) {
	o := newOffice(t)
	o.Register.hash.rounds = 4096
	ctx := context.Background()
	b, first, err := o.AddPerson(ctx, admin, "Trần Văn Hùng", o.unit.ID, "")
	o.must(err)
	both := func(name, password string, kind mail.FaultKind, detail string) {
		t.Helper()
		s, err1 := o.Login(ctx, Attempt{Login: name, Password: password, Remote: "10.0.0.1", Door: IMAP})
		if err1 == nil {
			s.End()
		}
		_, err2 := o.talk(plainly(name, password), Channel{}, "10.0.0.2")
		for how, err := range map[string]error{"PLAIN": err1, "SCRAM": err2} {
			if f := mail.AsFault("", err); mail.KindOf(err) != kind || f != nil && f.Detail != detail {
				t.Errorf("%s: %v, expected %q %q", how, err, kind, detail)
			}
		}
	}
	both(b.Wire, first, mail.MustChange, "")
	both(b.Wire, "wrong", mail.BadPassword, "")
	o.clock.add(73 * 60 * 60 * 1e9)
	both(b.Wire, first, mail.PasswordExpired, "")
	o.must(o.SetPassword(ctx, admin, b.Wire, good))
	both(b.Wire, good, "", "")
	both(b.Address, good, "", "")
	both(strings.ToUpper(b.Wire), good, "", "")
	both("nobody@ninhbinh.gov.vn", good, mail.BadPassword, "")
	both("a,b=c", good, mail.BadPassword, "")
	o.must(o.Suspend(ctx, admin, b.Wire, "nghỉ"))
	both(b.Wire, good, mail.Refused, "suspended")
	both(b.Wire, "wrong", mail.BadPassword, "")
	o.must(o.Resume(ctx, admin, b.Wire, ""))
	const other = "Lúa chín vàng 9 cánh đồng"
	o.must(o.ChangePassword(ctx, PasswordChange{Login: b.Wire, Old: good, New: other, Door: Web}))
	both(b.Wire, other, "", "")
	both(b.Wire, good, mail.BadPassword, "")
}

// RFC 5802 2.2: keys are made of the password as SASLprep (RFC 4013 3) writes it; of one that it does not allow, as it
// is.
func TestScramPrepares(t *testing.T) {
	made := func(password string) string {
		t.Helper()
		h := &hasher{rounds: 4096, rnd: bytes.NewReader(make([]byte, saltSize)), slots: make(chan struct{}, 1)}
		s, err := h.makeScram(t.Context(), password)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, same := range [][2]string{{"I\u00adX", "IX"}, {"\u2168", "IX"}, {"\u00aa", "a"}, {"no\u0302\u0323i", "nội"}, {"trâu\u00a0bò", "trâu bò"}} {
		if made(same[0]) != made(same[1]) {
			t.Errorf("%q is not %q", same[0], same[1])
		}
	}
	if made("a\x07\u00adb") == made("a\x07b") || made("USER") == made("user") {
		t.Error("prepared too far")
	}
}

// A password from before SCRAM gets its keys when it is next proved.
func TestScramAfterPlain(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	b, _, err := o.AddPerson(ctx, admin, "Trần Văn Hùng", o.unit.ID, "")
	o.must(err)
	o.Register.hash.rounds = 4096
	o.must(o.SetPassword(ctx, admin, b.Wire, good))
	for _, old := range []string{"", "SCRAM-SHA-256$1:YQ==$" + b64(make([]byte, 32)) + ":" + b64(make([]byte, 32))} {
		o.must(o.d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			h, err := tx.Q.GetHolder(ctx, int64(b.Account))
			if err != nil {
				return err
			}
			n, err := tx.Q.SetPassword(ctx, storedb.SetPasswordParams{Password: h.Password, Scram: old, AccountID: h.AccountID, Old: h.Password})
			if n != 1 {
				t.Errorf("%d rows", n)
			}
			return err
		}))
		if old == "" {
			if _, err := o.talk(plainly(b.Wire, good), Channel{}, ""); mail.KindOf(err) != mail.BadPassword {
				t.Error(err)
			}
		}
		s, err := o.Login(ctx, Attempt{Login: b.Wire, Password: good, Door: IMAP})
		o.must(err)
		s.End()
		if _, err := o.talk(plainly(b.Wire, good), Channel{}, ""); err != nil {
			t.Error(err)
		}
	}
}

// meanwhile does something, once, before it gives randomness.
type meanwhile struct {
	io.Reader
	do func()
}

func (m *meanwhile) Read(p []byte) (int, error) {
	if do := m.do; do != nil {
		m.do = nil
		do()
	}
	return m.Reader.Read(p)
}

// Two logins with the same password at the same moment, while its keys are made anew: both come in. One whose password
// was replaced then does not.
func TestLoginRacesWithRenewal(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	b := o.person("Trần Văn Hùng")
	for _, c := range []struct {
		what string
		do   func()
		want mail.FaultKind
	}{
		{"renewed", func() { o.must(o.login(b.Wire, good, "10.0.0.2")) }, ""},
		{"replaced", func() { o.must(o.SetPassword(ctx, admin, b.Wire, "Lúa chín vàng 9 cánh đồng")) }, mail.BadPassword},
	} {
		o.must(o.d.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			h, err := tx.Q.GetHolder(ctx, int64(b.Account))
			if err != nil {
				return err
			}
			_, err = tx.Q.SetPassword(ctx, storedb.SetPasswordParams{Password: h.Password, AccountID: h.AccountID, Old: h.Password})
			return err
		}))
		m := &meanwhile{Reader: o.Register.hash.rnd, do: c.do}
		o.Register.hash.rnd = m
		if err := o.login(b.Wire, good, "10.0.0.1"); mail.KindOf(err) != c.want {
			t.Errorf("%s: %v, expected %q", c.what, err, c.want)
		}
		if m.do != nil {
			t.Errorf("%s: nothing was made anew", c.what)
		}
		o.Register.hash.rnd = m.Reader
	}
}

// A stranger sees no difference between a name that is here and one that is not, however often he asks; he waits as he
// would with PLAIN.
func TestScramOfNobody(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	o.Register.hash.rounds = 4096
	b, _, err := o.AddPerson(ctx, admin, "Trần Văn Hùng", o.unit.ID, "")
	o.must(err)
	o.must(o.SetPassword(ctx, admin, b.Wire, good))
	official, err := o.Lookup(ctx, "kh&dt") // a box that nobody can log in to
	o.must(err)
	for _, name := range []string{b.Wire, official.Wire, "nobody", "else@elsewhere.example"} {
		var salts []string
		for range 5 {
			salted, err := o.talk(plainly(name, "wrong"), Channel{}, "10.0.0.1")
			salts = append(salts, salted)
			if mail.KindOf(err) != mail.BadPassword {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, s := range salts[1:] {
			if s != salts[0] || len(s) != len("s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096") {
				t.Errorf("%s: %q", name, salts)
			}
		}
		if _, err := o.talk(plainly(name, good), Channel{}, "10.0.0.1"); mail.KindOf(err) != mail.LockedOut {
			t.Errorf("%s: the sixth %v", name, err)
		}
	}
	rows, err := o.Audit(ctx, 0, 1000)
	o.must(err)
	n := 0
	for _, r := range rows {
		if r.What == "refused" {
			n++
		}
	}
	if n != 20 {
		t.Errorf("%d refusals in the log", n)
	}
}

// RFC 5802 6: a login is bound to its connection, and a client that was told of no binding is told of the robbery.
func TestScramBinding(t *testing.T) {
	o := newOffice(t)
	ctx := context.Background()
	o.Register.hash.rounds = 4096
	b, _, err := o.AddPerson(ctx, admin, "Trần Văn Hùng", o.unit.ID, "")
	o.must(err)
	o.must(o.SetPassword(ctx, admin, b.Wire, good))
	here := map[string][]byte{"tls-exporter": []byte("exporter of here"), "tls-server-end-point": []byte("certificate")}
	for _, c := range []struct {
		gs2, data string
		plus      bool
		bindings  map[string][]byte
		fine      bool
	}{
		{"p=tls-exporter,,", "exporter of here", true, here, true},
		{"p=tls-server-end-point,,", "certificate", true, here, true},
		{"p=tls-exporter,,", "exporter of elsewhere", true, here, false},
		{"p=tls-exporter,,", "", true, here, false},
		{"p=tls-unique,,", "x", true, here, false},
		{"p=tls-unique,,", "", true, here, false},
		{"p=,,", "", true, here, false},
		{"p=tls-exporter,,", "exporter of here", false, here, false},
		{"p=tls-exporter,,", "", true, nil, false},
		{"n,,", "", true, here, false},
		{"n,,", "", false, here, true},
		{"n,,", "", false, nil, true},
		{"y,,", "", false, nil, true},
		{"y,,", "", false, here, false},
		{"n,a=" + b.Wire + ",", "", false, here, true},
	} {
		_, err := o.talk(prover{name: b.Wire, password: good, gs2: c.gs2, binding: []byte(c.data)}, Channel{c.plus, c.bindings}, "10.0.0.1")
		if c.fine && err != nil || !c.fine && !errors.Is(err, ErrSASL) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	_, err = o.talk(prover{name: b.Wire, password: good, gs2: "n,a=kh&dt,"}, Channel{}, "10.0.0.1")
	if f := mail.AsFault("", err); f == nil || f.Kind != mail.Refused || f.Detail != NotYours {
		t.Errorf("for another box: %v", err)
	}
}

func FuzzScram(f *testing.F) {
	for _, s := range []string{"n,,n=user,r=abc", "p=tls-exporter,,n=u,r=a", "y,a==2C,n==3D,r=", "n,,m=x,n=u,r=a", "", ",,,", "n,,n=u,r=\x00"} {
		f.Add(s, "c=biws,r=abc,p=YQ==")
		f.Add("n,,n=user,r=abc", s)
	}
	o := newOffice(f)
	f.Fuzz(func(t *testing.T, first, final string) {
		x := o.Scram(Attempt{Remote: "10.0.0.1", Door: IMAP}, Channel{})
		for i, m := range []string{first, final, final} {
			_, s, err := x.Next(context.Background(), []byte(m))
			if s != nil {
				t.Fatal("came in")
			}
			if err != nil && !errors.Is(err, ErrSASL) && mail.KindOf(err) != mail.BadPassword && mail.KindOf(err) != mail.LockedOut {
				t.Fatalf("%d: %v", i, err)
			}
			if err != nil {
				return
			}
		}
	})
}

package config

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/zalando/go-keyring"
	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
)

// Errors of the vault.
var (
	ErrNoSecret = errors.New("no such secret")
	ErrLocked   = errors.New("the secrets are locked")
	ErrWrongKey = errors.New("wrong password for the sealed secrets")
	ErrDamaged  = errors.New("the sealed secrets are damaged or of another version")
	// ErrNoBus: calling the library without a session bus starts daemons that stay behind, so it is not called.
	ErrNoBus   = errors.New("no session bus, so no keyring")
	ErrTimeout = errors.New("the keyring did not answer in time")
)

// ring is the part of the keyring that the vault needs; tests put their own in.
type ring interface {
	Set(service, user, secret string) error
	Get(service, user string) (string, error)
	Delete(service, user string) error
}

type osRing struct{}

func (osRing) Set(s, u, p string) error          { return keyring.Set(s, u, p) }
func (osRing) Get(s, u string) (string, error)   { return keyring.Get(s, u) }
func (osRing) Delete(service, user string) error { return keyring.Delete(service, user) }

// VaultOptions say how to open a vault.
type VaultOptions struct {
	Service string        // keyring service name, "hopthu"
	File    string        // sealed secrets, used where there is no keyring
	Limit   time.Duration // for one keyring call; 0: 3 s, 8 s where a prompt may be showing
	NoRing  bool          // never ask the keyring (demo, tests)
	Known   string        // a secret that is usually there: if the keyring gives it, it need not be probed by writing
	Getenv  func(string) string
	Rand    io.Reader
	ring    ring
}

// Vault keeps passwords and the key of the store: in the OS keyring where one answers, else in one sealed file that
// the mailbox password opens once per session, else in memory only. It is safe for concurrent use.
type Vault struct {
	o    VaultOptions
	ring ring  // nil: no keyring
	why  error // why not

	mu     sync.Mutex
	mem    map[string]string
	pass   []byte // key derived from the passphrase, nil until Unlock or Seal
	salt   []byte
	locked bool
}

// OpenVault probes the keyring once: it writes, reads back and deletes an entry, under the time limit. A keyring that
// gives a known secret needs no probe: each start of the program would wait for its disk.
func OpenVault(o VaultOptions) *Vault {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.ring == nil {
		o.ring = osRing{}
	}
	if o.Limit == 0 {
		o.Limit = 3 * time.Second
		if o.Getenv("DISPLAY") != "" || o.Getenv("WAYLAND_DISPLAY") != "" {
			o.Limit = 8 * time.Second
		}
	}
	v := &Vault{o: o, mem: map[string]string{}}
	if v.why = v.known(); v.why != nil && !errors.Is(v.why, ErrTimeout) {
		v.why = v.probe()
	}
	if v.why == nil {
		v.ring = o.ring
	}
	// A sealed file beside a keyring is from a session that had none (over ssh, say): what the keyring lacks is in it.
	if _, err := os.Stat(o.File); err == nil {
		v.locked = true
	}
	return v
}

// known reads the secret that is usually there, and keeps it for Get.
func (v *Vault) known() error {
	if v.o.Known == "" {
		return ErrNoSecret
	}
	if err := v.reachable(); err != nil {
		return err
	}
	got := make(chan string, 1) // a late answer must not be written where somebody reads
	err := v.limited(func() error {
		s, err := v.o.ring.Get(v.o.Service, v.o.Known)
		got <- s
		return err
	})
	if err != nil {
		return err
	}
	v.mem[v.o.Known] = <-got
	return nil
}

// reachable reports whether the keyring may be called at all.
func (v *Vault) reachable() error {
	if v.o.NoRing {
		return ErrNoBus
	}
	if _, real := v.o.ring.(osRing); real && runtime.GOOS != "darwin" && runtime.GOOS != "windows" && !hasBus(v.o.Getenv) {
		return ErrNoBus
	}
	return nil
}

func (v *Vault) probe() error {
	if err := v.reachable(); err != nil {
		return err
	}
	b := make([]byte, 8)
	if _, err := io.ReadFull(v.o.Rand, b); err != nil {
		return fmt.Errorf("probe keyring: %w", err)
	}
	name, val := "probe-"+hex.EncodeToString(b), hex.EncodeToString(b)
	return v.limited(func() error {
		if err := v.o.ring.Set(v.o.Service, name, val); err != nil {
			return err
		}
		got, err := v.o.ring.Get(v.o.Service, name)
		if err == nil && got != val {
			err = errors.New("the keyring gave back something else")
		}
		return errors.Join(err, v.o.ring.Delete(v.o.Service, name))
	})
}

func hasBus(getenv func(string) string) bool {
	if getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	run := getenv("XDG_RUNTIME_DIR")
	if run == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(run, "bus"))
	return err == nil
}

// limited runs one keyring call under the limit: the library has no time-out, and a prompt may never be answered.
// A late answer goes nowhere; its goroutine ends when the library returns.
func (v *Vault) limited(f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }() // config stands below mail.Go; nothing in f can panic past the library's own calls
	t := time.NewTimer(v.o.Limit)
	defer t.Stop()
	select {
	case err := <-done:
		return err
	case <-t.C:
		return ErrTimeout
	}
}

// Why says why the keyring is not used; nil when it is.
func (v *Vault) Why() error { return v.why }

// Persistent reports whether secrets survive this session.
func (v *Vault) Persistent() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.ring != nil || v.pass != nil
}

// Locked reports whether a sealed file waits for Unlock. Beside a keyring it need not be opened until Get says ErrLocked.
func (v *Vault) Locked() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.locked
}

// Get returns a secret, ErrNoSecret, ErrLocked, or the keyring's error.
func (v *Vault) Get(_ context.Context, name string) (string, error) {
	v.mu.Lock()
	s, ok := v.mem[name]
	locked := v.locked
	v.mu.Unlock()
	switch {
	case ok:
		return s, nil
	case v.ring == nil && locked:
		return "", ErrLocked
	case v.ring == nil:
		return "", ErrNoSecret
	}
	late := make(chan string, 1) // an answer after the limit must not be written where somebody reads
	err := v.limited(func() error {
		s, err := v.ring.Get(v.o.Service, name)
		late <- s
		return err
	})
	if errors.Is(err, keyring.ErrNotFound) && locked {
		return "", ErrLocked
	}
	if errors.Is(err, keyring.ErrNotFound) {
		return "", ErrNoSecret
	}
	if err != nil {
		return "", fmt.Errorf("read keyring: %w", err)
	}
	got := <-late
	v.mu.Lock()
	defer v.mu.Unlock()
	if newer, ok := v.mem[name]; ok { // set while the keyring was asked
		return newer, nil
	}
	v.mem[name] = got
	return got, nil
}

// Set keeps a secret. An error means that it is not kept beyond this session; in this session it counts all the same,
// for a server may know it already.
func (v *Vault) Set(_ context.Context, name, secret string) error {
	v.mu.Lock()
	v.mem[name] = secret
	err := v.save()
	v.mu.Unlock()
	if v.ring == nil {
		return err
	}
	if err := v.limited(func() error { return v.ring.Set(v.o.Service, name, secret) }); err != nil {
		return fmt.Errorf("write keyring: %w", err)
	}
	return nil
}

// Delete forgets a secret; one that is not there is no error.
func (v *Vault) Delete(_ context.Context, name string) error {
	v.mu.Lock()
	delete(v.mem, name)
	err := v.save()
	v.mu.Unlock()
	if v.ring == nil {
		return err
	}
	err = v.limited(func() error { return v.ring.Delete(v.o.Service, name) })
	if err != nil && !errors.Is(err, keyring.ErrNotFound) {
		return fmt.Errorf("delete from keyring: %w", err)
	}
	return nil
}

// sealed is the file: parameters in the clear, the secrets as XChaCha20-Poly1305 over JSON.
type sealed struct {
	Version int    `json:"version"`
	KDF     string `json:"kdf"` // argon2id, RFC 9106 second recommended option
	Salt    []byte `json:"salt"`
	Nonce   []byte `json:"nonce"`
	Box     []byte `json:"box"`
}

const kdfName = "argon2id t=3 m=65536 p=4"

func derive(pass string, salt []byte) []byte {
	return argon2.IDKey([]byte(pass), salt, 3, 64*1024, 4, chacha20poly1305.KeySize)
}

// Unlock opens the sealed file with the passphrase. ErrWrongKey: try again; the file is untouched.
func (v *Vault) Unlock(pass string) error {
	b, err := os.ReadFile(v.o.File)
	if err != nil {
		return fmt.Errorf("open sealed secrets: %w", err)
	}
	var s sealed
	if err := json.Unmarshal(b, &s); err != nil || s.KDF != kdfName || len(s.Nonce) != chacha20poly1305.NonceSizeX {
		return fmt.Errorf("open sealed secrets: %w: %s", ErrDamaged, v.o.File)
	}
	key := derive(pass, s.Salt)
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return fmt.Errorf("open sealed secrets: %w", err)
	}
	plain, err := aead.Open(nil, s.Nonce, s.Box, []byte(s.KDF))
	if err != nil {
		return ErrWrongKey
	}
	mem := map[string]string{}
	if err := json.Unmarshal(plain, &mem); err != nil {
		return fmt.Errorf("open sealed secrets: %w", err)
	}
	v.mu.Lock()
	v.pass, v.salt, v.locked = key, s.Salt, false
	for name, secret := range mem {
		if _, newer := v.mem[name]; !newer {
			v.mem[name] = secret
		}
	}
	v.mu.Unlock()
	if v.ring == nil {
		return nil
	}
	return v.adopt(mem)
}

// adopt gives the keyring what only the sealed file knew. The file stays for sessions without a keyring.
func (v *Vault) adopt(mem map[string]string) error {
	for name, secret := range mem {
		err := v.limited(func() error {
			_, err := v.ring.Get(v.o.Service, name)
			if errors.Is(err, keyring.ErrNotFound) {
				err = v.ring.Set(v.o.Service, name, secret)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("write keyring: %w", err)
		}
	}
	return nil
}

// Opens reports whether pass is what the sealed file is closed with now: false where nothing is sealed.
func (v *Vault) Opens(pass string) bool {
	v.mu.Lock()
	key, salt := v.pass, v.salt
	v.mu.Unlock()
	return key != nil && subtle.ConstantTimeCompare(key, derive(pass, salt)) == 1
}

// Seal keeps everything in the sealed file under this passphrase from now on. It does nothing where a keyring
// answers, and refuses (ErrLocked) to write over a file that was not opened.
func (v *Vault) Seal(pass string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ring != nil || v.o.File == "" {
		return nil
	}
	if v.locked {
		return ErrLocked
	}
	salt := make([]byte, 16)
	if _, err := io.ReadFull(v.o.Rand, salt); err != nil {
		return fmt.Errorf("seal secrets: %w", err)
	}
	v.salt, v.pass = salt, derive(pass, salt)
	return v.save()
}

// save writes the sealed file; the lock is held.
func (v *Vault) save() error {
	if v.ring != nil || v.pass == nil {
		return nil
	}
	plain, err := json.Marshal(v.mem)
	if err != nil {
		return fmt.Errorf("seal secrets: %w", err)
	}
	aead, err := chacha20poly1305.NewX(v.pass)
	if err != nil {
		return fmt.Errorf("seal secrets: %w", err)
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(v.o.Rand, nonce); err != nil {
		return fmt.Errorf("seal secrets: %w", err)
	}
	b, err := json.Marshal(sealed{Version: 1, KDF: kdfName, Salt: v.salt, Nonce: nonce, Box: aead.Seal(nil, nonce, plain, []byte(kdfName))})
	if err != nil {
		return fmt.Errorf("seal secrets: %w", err)
	}
	return WriteFile(v.o.File, b)
}

// Package config reads and writes the settings of both programs and keeps secrets: TOML files that say file and line
// when they are wrong, and a vault over the OS keyring.
//
// Laws: it imports nothing of ours; a secret never enters a settings file; a file is replaced whole or not at all;
// go-keyring is used in secret.go and nowhere else.
package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pelletier/go-toml/v2"
)

// Error is a settings file that cannot be used: where, and what is wrong there.
type Error struct {
	File string
	Line int // 1-based; 0 when no line can be named
	What string
	Err  error
}

func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.What)
	}
	return e.File + ": " + e.What
}

func (e *Error) Unwrap() error { return e.Err }

// Read fills into from the TOML file at path. Unknown keys are errors, so that a typing mistake is not a silent
// default. A missing file is fs.ErrNotExist; everything else is *Error.
func Read(path string, into any) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err != nil {
		return &Error{File: path, What: "cannot be opened", Err: err}
	}
	defer f.Close() //nolint:errcheck // read only: nothing can be lost
	dec := toml.NewDecoder(f)
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return locate(path, err)
	}
	return nil
}

func locate(path string, err error) *Error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		row, _ := strict.Errors[0].Position()
		return &Error{File: path, Line: row, What: fmt.Sprintf("unknown setting %q", keyOf(strict.Errors[0].Key())), Err: err}
	}
	var bad *toml.DecodeError
	if errors.As(err, &bad) {
		row, _ := bad.Position()
		return &Error{File: path, Line: row, What: bad.Error(), Err: err}
	}
	return &Error{File: path, What: err.Error(), Err: err}
}

func keyOf(k toml.Key) string {
	s := ""
	for i, p := range k {
		if i > 0 {
			s += "."
		}
		s += p
	}
	return s
}

// Write replaces the file at path with v as TOML: a temporary file beside it, synced, then renamed. The folder is
// made (0700) when it is not there; the file is for its owner only (0600).
func Write(path string, v any) error {
	b, err := toml.Marshal(v)
	if err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	return WriteFile(path, b)
}

// WriteFile replaces the file at path with b, durably and for its owner only.
func WriteFile(path string, b []byte) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(f.Name())))
		}
	}()
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return syncDir(dir)
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// syncDir makes a rename durable. Systems that cannot sync a folder say so with an error that is no loss of ours.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	syncErr := d.Sync()
	if errors.Is(syncErr, errors.ErrUnsupported) || errors.Is(syncErr, os.ErrInvalid) || errors.Is(syncErr, os.ErrPermission) {
		syncErr = nil
	}
	return errors.Join(syncErr, d.Close())
}

// Dirs are the folders of one person (XDG Base Directory specification).
type Dirs struct {
	Config string // client.toml
	Data   string // store, sealed secrets
	State  string // log, crash reports
}

// UserDirs finds them from the environment and makes none of them.
func UserDirs(getenv func(string) string) (Dirs, error) {
	home := getenv("HOME")
	if home == "" {
		h, err := os.UserHomeDir()
		if err != nil {
			return Dirs{}, fmt.Errorf("find home folder: %w", err)
		}
		home = h
	}
	pick := func(env string, rest ...string) string {
		if v := getenv(env); filepath.IsAbs(v) { // relative paths are to be ignored, says the specification
			return filepath.Join(v, "hopthu")
		}
		return filepath.Join(append([]string{home}, append(rest, "hopthu")...)...)
	}
	return Dirs{
		Config: pick("XDG_CONFIG_HOME", ".config"),
		Data:   pick("XDG_DATA_HOME", ".local", "share"),
		State:  pick("XDG_STATE_HOME", ".local", "state"),
	}, nil
}

// Under puts all folders below dir: the demo and tests live in one place.
func Under(dir string) Dirs {
	return Dirs{Config: filepath.Join(dir, "config"), Data: filepath.Join(dir, "data"), State: filepath.Join(dir, "state")}
}

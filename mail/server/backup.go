package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"hopthu/config"
	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
)

// Tally is how much a data folder holds.
type Tally = box.Tally

const (
	manifestFile = "backup.json"
	dataFile     = "data/" + db.FileName
	partSuffix   = ".part" // what is not whole yet
)

// kept are the files of a data folder that a backup holds, and no others: settings, database, own authority.
var kept = []string{"hopthu-server.toml", dataFile, rootFile, rootKeyFile, certFile, keyFile}

// manifest says what a backup holds; it is written last.
type manifest struct {
	Format  int               `json:"format"`
	Made    string            `json:"made"` // RFC 3339
	Version string            `json:"version"`
	Domain  string            `json:"domain"`
	Files   map[string]string `json:"files"` // name → SHA-256, hexadecimal
}

// Inspect opens a data folder or a backup to look at it: nothing is made, changed or brought up to date. It cannot Run.
func Inspect(ctx context.Context, cfg Config) (*Server, error) {
	s := &Server{cfg: withDefaults(cfg)}
	var err error
	if s.db, err = db.OpenReadOnly(ctx, filepath.Join(cfg.Dir, "data"), db.Options{Now: s.cfg.Now, Log: s.cfg.Log}); err != nil {
		return nil, err
	}
	if err := s.openRooms(ctx); err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	return s, nil
}

// Tally counts what the data folder holds.
func (s *Server) Tally(ctx context.Context) (Tally, error) { return s.box.Tally(ctx) }

// Backup writes the data folder as of one moment to target, also while a server runs on it, and checks every invariant
// and hash of what it wrote. target must not exist; a name ending in .tar makes one file, any other a folder. What is
// at target is whole, or there is nothing.
func (s *Server) Backup(ctx context.Context, target string) (t Tally, err error) {
	target, err = filepath.Abs(target)
	if err != nil {
		return t, err
	}
	if _, err := os.Lstat(target); err == nil {
		return t, &mail.Fault{Kind: mail.Conflict, Op: "back up", Detail: target}
	}
	part := target + partSuffix
	if err := os.Mkdir(part, 0o700); err != nil {
		return t, fileFault("back up", part, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(part)) }()
	if err := s.backupInto(ctx, part); err != nil {
		return t, err
	}
	cfg := s.cfg
	cfg.Dir = part
	if t, err = inspect(ctx, cfg); err != nil {
		return t, err
	}
	whole := part
	if strings.HasSuffix(target, ".tar") {
		whole = part + ".tar"
		defer func() { err = errors.Join(err, missingIsFine(os.Remove(whole))) }()
		if err := pack(ctx, part, whole); err != nil {
			return t, err
		}
	}
	if err := os.Rename(whole, target); err != nil {
		return t, fileFault("back up", target, err)
	}
	return t, syncFolder(filepath.Dir(target))
}

// inspect checks everything in a folder and counts it.
func inspect(ctx context.Context, cfg Config) (t Tally, err error) {
	s, err := Inspect(ctx, cfg)
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Check(ctx); err != nil {
		return t, err
	}
	return s.Tally(ctx)
}

func (s *Server) backupInto(ctx context.Context, part string) error {
	m := manifest{
		Format: 1, Made: s.cfg.Now().UTC().Format("2006-01-02T15:04:05Z"), Version: s.cfg.Version, Domain: s.cfg.Domain,
		Files: map[string]string{},
	}
	for _, dir := range []string{"data", "tls"} {
		if err := os.Mkdir(filepath.Join(part, dir), 0o700); err != nil {
			return fileFault("back up", part, err)
		}
	}
	for _, name := range kept {
		to := filepath.Join(part, filepath.FromSlash(name))
		var err error
		if name == dataFile {
			err = s.db.CopyTo(ctx, to)
		} else {
			err = copyFile(ctx, filepath.Join(s.cfg.Dir, filepath.FromSlash(name)), to)
		}
		if errors.Is(err, fs.ErrNotExist) && name != dataFile { // a certificate of others, settings given by flags
			continue
		}
		if err == nil {
			m.Files[name], err = hashFile(ctx, to)
		}
		if err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return errors.Join(
		config.WriteFile(filepath.Join(part, manifestFile), append(text, '\n')),
		syncFolder(filepath.Join(part, "data")), syncFolder(filepath.Join(part, "tls")), syncFolder(part),
	)
}

// readManifest reads what a backup says of itself, and compares each of its files with it.
func readManifest(ctx context.Context, dir string) (m manifest, err error) {
	text, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if err != nil {
		return m, &mail.Fault{Kind: mail.NoFile, Op: "read backup", Detail: filepath.Join(dir, manifestFile), Err: err}
	}
	damaged := func(what string, err error) error {
		return &mail.Fault{Kind: mail.BadFile, Op: "read backup", Detail: what, Err: err}
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, damaged(manifestFile, err)
	}
	if m.Format != 1 || m.Files[dataFile] == "" {
		return m, damaged(manifestFile, fmt.Errorf("format %d is unknown, or it has no database", m.Format))
	}
	for _, name := range kept {
		want, there := m.Files[name]
		if !there {
			continue
		}
		got, err := hashFile(ctx, filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return m, err
		}
		if got != want {
			return m, damaged(name, errors.New("its bytes have another hash"))
		}
	}
	return m, nil
}

// copyFile copies a regular file into a new one, durably and for its owner only.
func copyFile(ctx context.Context, from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return fileFault("copy file", from, err)
	}
	return errors.Join(writeNew(ctx, in, to), in.Close())
}

// writeNew writes all of r into a file that was not there, durably.
func writeNew(ctx context.Context, r io.Reader, to string) error {
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fileFault("write file", to, err)
	}
	_, err = io.Copy(out, &untilDone{ctx, r})
	if err == nil {
		err = out.Sync()
	}
	if err := errors.Join(err, out.Close()); err != nil {
		return fileFault("write file", to, err)
	}
	return nil
}

func hashFile(ctx context.Context, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fileFault("read file", path, err)
	}
	sum := sha256.New()
	_, err = io.Copy(sum, &untilDone{ctx, f})
	if err := errors.Join(err, f.Close()); err != nil {
		return "", fileFault("read file", path, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// untilDone reads until its context ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u *untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}

// syncFolder makes renames in a folder durable.
func syncFolder(dir string) error {
	if err := db.SyncFolder(dir); err != nil {
		return fileFault("sync folder", dir, err)
	}
	return nil
}

func missingIsFine(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// fileFault gives an error of the file system its kind.
func fileFault(op, path string, err error) error {
	kind := mail.NoPermission
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		kind = mail.TryLater
	case errors.Is(err, fs.ErrNotExist):
		kind = mail.NoFile
	case errors.Is(err, fs.ErrExist):
		kind = mail.Conflict
	case db.IsFull(err):
		kind = mail.DiskFull
	}
	return &mail.Fault{Kind: kind, Op: op, Detail: path, Err: err}
}

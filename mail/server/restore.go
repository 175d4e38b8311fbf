package server

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"hopthu/mail"
	"hopthu/mail/server/internal/db"
)

// Restored is what Restore did.
type Restored struct {
	Tally
	Aside string // where the folder that was there before stands now; "" if there was none
}

// Restore makes cfg.Dir the server that a backup holds: compared with its manifest, checked whole, then put in place at
// once. What is at cfg.Dir already is refused (Kind Conflict), or with replace moved aside, never deleted. Kind
// StoreLocked: a server runs on it.
func Restore(ctx context.Context, cfg Config, backup string, replace bool) (r Restored, err error) {
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return r, err
	}
	there, err := occupied(dir)
	if err != nil {
		return r, err
	}
	if there && !replace {
		return r, &mail.Fault{Kind: mail.Conflict, Op: "restore", Detail: dir}
	}
	part := dir + partSuffix
	if _, err := os.Lstat(part); err == nil {
		return r, &mail.Fault{Kind: mail.Conflict, Op: "restore", Detail: part}
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return r, fileFault("restore", dir, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(part)) }()
	if r.Tally, err = readInto(ctx, cfg, backup, part); err != nil {
		return r, err
	}
	if there {
		if err := db.Alone(ctx, filepath.Join(dir, "data")); err != nil {
			return r, err
		}
		r.Aside = dir + ".before-" + withDefaults(cfg).Now().UTC().Format("20060102T150405Z")
		if _, err := os.Lstat(r.Aside); err == nil {
			return r, &mail.Fault{Kind: mail.Conflict, Op: "restore", Detail: r.Aside}
		}
		if err := swap(dir, part, r.Aside); err != nil {
			r.Aside = ""
			return r, fileFault("restore", dir, err)
		}
		return r, syncFolder(filepath.Dir(dir))
	}
	if err := missingIsFine(os.Remove(dir)); err != nil { // an empty folder
		return r, fileFault("restore", dir, err)
	}
	if err := os.Rename(part, dir); err != nil {
		return r, fileFault("restore", dir, err)
	}
	return r, syncFolder(filepath.Dir(dir))
}

// swap puts part in the place of dir, which goes aside; where that fails dir is back in its place.
func swap(dir, part, aside string) error {
	if err := os.Rename(dir, aside); err != nil {
		return err
	}
	if err := os.Rename(part, dir); err != nil {
		return errors.Join(err, os.Rename(aside, dir))
	}
	return nil
}

// occupied says whether something stands at dir; an empty folder does not count.
func occupied(dir string) (bool, error) {
	list, err := os.ReadDir(dir)
	if err != nil && missingIsFine(err) == nil {
		return false, nil
	}
	if err != nil {
		return false, fileFault("restore", dir, err)
	}
	return len(list) > 0, nil
}

// readInto makes part out of a backup and looks whether it is whole.
func readInto(ctx context.Context, cfg Config, backup, part string) (t Tally, err error) {
	if err := unpack(ctx, backup, part); err != nil {
		return t, err
	}
	m, err := readManifest(ctx, part)
	if err != nil {
		return t, err
	}
	if err := errors.Join(os.Remove(filepath.Join(part, manifestFile)), syncFolder(filepath.Join(part, "data")), syncFolder(part)); err != nil {
		return t, fileFault("restore", part, err)
	}
	cfg.Dir, cfg.Domain = part, m.Domain
	return inspect(ctx, cfg)
}

// OpenBackup opens a backup to take letters out of it. A tar file is unpacked into a folder below scratch, which is
// removed by Close.
func OpenBackup(ctx context.Context, cfg Config, backup, scratch string) (s *Server, err error) {
	info, err := os.Stat(backup)
	if err != nil {
		return nil, fileFault("read backup", backup, err)
	}
	dir, drop := backup, func() error { return nil }
	if !info.IsDir() {
		tmp, err := os.MkdirTemp(scratch, "backup-")
		if err != nil {
			return nil, fileFault("unpack backup", scratch, err)
		}
		dir, drop = filepath.Join(tmp, "b"), func() error { return os.RemoveAll(tmp) }
		if err := unpack(ctx, backup, dir); err != nil {
			return nil, errors.Join(err, drop())
		}
	}
	m, err := readManifest(ctx, dir)
	if err != nil {
		return nil, errors.Join(err, drop())
	}
	cfg.Dir, cfg.Domain = dir, m.Domain
	if s, err = Inspect(ctx, cfg); err != nil {
		return nil, errors.Join(err, drop())
	}
	s.drop = drop
	return s, nil
}

package desk

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
)

// maxSame is how many files of one name a folder may hold before the person has to look there.
const maxSame = 1000

// writeNew writes a new file into dir: under name, or "name (2)" and so on where that is taken. It stands there whole and on
// disk, or not at all; another file is never written over.
func (d *Desk) writeNew(op, dir, name string, mode os.FileMode, r io.Reader) (string, error) {
	if info, err := os.Stat(dir); err != nil {
		return "", fileFault(op, dir, err)
	} else if !info.IsDir() {
		return "", fileFault(op, dir, &fs.PathError{Op: "open", Path: dir, Err: syscall.ENOTDIR})
	}
	var salt [8]byte
	if _, err := io.ReadFull(d.o.Rand, salt[:]); err != nil {
		return "", fmt.Errorf("%s: %w", op, err)
	}
	temp := filepath.Join(dir, ".hopthu-"+hex.EncodeToString(salt[:])+".part")
	if err := writeWhole(temp, mode, r); err != nil {
		return "", fileFault(op, filepath.Join(dir, name), err)
	}
	path, err := settle(temp, dir, name, mode)
	if err != nil {
		return "", fileFault(op, filepath.Join(dir, name), errors.Join(err, removeIfThere(temp)))
	}
	if err := syncDir(dir); err != nil {
		return "", fileFault(op, path, err)
	}
	return path, nil
}

// writeWhole makes a file that was not there; nothing is left of one that cannot be finished.
func writeWhole(path string, mode os.FileMode, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// settle gives the finished file its name. A hard link fails where the name is taken, and so does making an empty file to
// rename over, for file systems without links.
func settle(temp, dir, name string, mode os.FileMode) (string, error) {
	ext := filepath.Ext(name)
	for n := 1; n <= maxSame; n++ {
		path := filepath.Join(dir, name)
		if n > 1 {
			path = filepath.Join(dir, name[:len(name)-len(ext)]+" ("+strconv.Itoa(n)+")"+ext)
		}
		err := os.Link(temp, path)
		if err == nil {
			return path, os.Remove(temp)
		}
		if errors.Is(err, os.ErrExist) {
			continue
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		if err = f.Close(); err == nil {
			err = os.Rename(temp, path)
		}
		if err != nil {
			return "", errors.Join(err, os.Remove(path))
		}
		return path, nil
	}
	return "", &fs.PathError{Op: "create", Path: filepath.Join(dir, name), Err: os.ErrExist}
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// syncDir puts the new name on disk, where a folder can be asked to.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(dir) //nolint:gosec // the folder is the person's choice
	if err != nil {
		return nil //nolint:nilerr // a folder that may be written but not read: the file itself is on disk
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil // some network file systems know no such thing
	}
	return errors.Join(err, f.Close())
}

package desk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// fileFault says what a file error means to the person.
func fileFault(op, path string, err error) *mail.Fault {
	f := &mail.Fault{Kind: mail.NoPermission, Op: op, Detail: path, Err: err}
	switch {
	case errors.Is(err, os.ErrNotExist):
		f.Kind = mail.NoFile
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, diskFull), errors.Is(err, handleDiskFull):
		f.Kind = mail.DiskFull
	}
	return f
}

// ListEntry is one line of the file browser.
type ListEntry struct {
	Name string
	Path string
	Dir  bool
	Size int64
}

// ListDirectory lists a folder: folders first, then files, in Vietnamese order, hidden ones left out. An empty dir is
// the home folder; "~" is understood.
func ListDirectory(_ context.Context, dir string) (string, []ListEntry, error) {
	if dir == "" || dir == "~" || strings.HasPrefix(dir, "~/") {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", nil, fileFault("list folder", dir, err)
		}
		dir = filepath.Join(home, strings.TrimPrefix(dir, "~"))
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", nil, fileFault("list folder", dir, err)
	}
	list, err := os.ReadDir(abs)
	if err != nil {
		return "", nil, fileFault("list folder", abs, err)
	}
	out := make([]ListEntry, 0, len(list))
	for _, e := range list {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		info, err := os.Stat(filepath.Join(abs, e.Name())) // follows links: what matters is what would be attached
		if err != nil || !info.IsDir() && !info.Mode().IsRegular() {
			continue
		}
		out = append(out, ListEntry{Name: viet.NFC(e.Name()), Path: filepath.Join(abs, e.Name()), Dir: info.IsDir(), Size: info.Size()})
	}
	slices.SortStableFunc(out, func(a, b ListEntry) int {
		if a.Dir != b.Dir {
			if a.Dir {
				return -1
			}
			return 1
		}
		return viet.Compare(a.Name, b.Name)
	})
	return abs, out, nil
}

package server

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"hopthu/mail"
)

// pack writes the files of a backup folder into one tar file, the manifest first.
func pack(ctx context.Context, dir, to string) (err error) {
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fileFault("pack backup", to, err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	w := tar.NewWriter(out)
	for _, name := range append([]string{manifestFile}, kept...) {
		if err := packFile(ctx, w, dir, name); err != nil {
			return fileFault("pack backup", to, err)
		}
	}
	if err := errors.Join(w.Close(), out.Sync()); err != nil {
		return fileFault("pack backup", to, err)
	}
	return nil
}

func packFile(ctx context.Context, w *tar.Writer, dir, name string) (err error) {
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return missingIsFine(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	h := &tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: info.ModTime(), Typeflag: tar.TypeReg}
	if err := w.WriteHeader(h); err != nil {
		return err
	}
	_, err = io.Copy(w, &untilDone{ctx, f})
	return err
}

// unpack makes a folder of a backup, which is a folder or a tar file. Only the files that a backup can hold are taken:
// no path, link or device of the archive is followed.
func unpack(ctx context.Context, from, into string) error {
	info, err := os.Stat(from)
	if err != nil {
		return fileFault("read backup", from, err)
	}
	for _, dir := range []string{into, filepath.Join(into, "data"), filepath.Join(into, "tls")} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return fileFault("unpack backup", dir, err)
		}
	}
	if !info.IsDir() {
		return unpackTar(ctx, from, into)
	}
	root, err := os.OpenRoot(from)
	if err != nil {
		return fileFault("read backup", from, err)
	}
	for _, name := range append([]string{manifestFile}, kept...) {
		if err == nil {
			err = unpackFile(ctx, root, name, into)
		}
	}
	return errors.Join(err, root.Close())
}

func unpackFile(ctx context.Context, root *os.Root, name, into string) error {
	info, err := root.Lstat(filepath.FromSlash(name))
	if err != nil {
		return missingIsFine(err)
	}
	if !info.Mode().IsRegular() {
		return &mail.Fault{Kind: mail.BadFile, Op: "read backup", Detail: name, Err: errors.New("not a regular file")}
	}
	f, err := root.Open(filepath.FromSlash(name))
	if err != nil {
		return fileFault("read backup", name, err)
	}
	return errors.Join(writeNew(ctx, f, filepath.Join(into, filepath.FromSlash(name))), f.Close())
}

func unpackTar(ctx context.Context, from, into string) (err error) {
	f, err := os.Open(from)
	if err != nil {
		return fileFault("read backup", from, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for r := tar.NewReader(f); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &mail.Fault{Kind: mail.BadFile, Op: "read backup", Detail: from, Err: err}
		}
		if h.Typeflag != tar.TypeReg || h.Name != manifestFile && !slices.Contains(kept, h.Name) {
			return &mail.Fault{Kind: mail.BadFile, Op: "read backup", Detail: from, Err: fmt.Errorf("an entry that no backup holds: %q", h.Name)}
		}
		if err := writeNew(ctx, r, filepath.Join(into, filepath.FromSlash(h.Name))); err != nil {
			return err
		}
	}
}

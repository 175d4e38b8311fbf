package store

import (
	"sync"

	"github.com/ncruces/go-sqlite3/vfs"
	_ "github.com/ncruces/go-sqlite3/vfs/adiantum" // the sealing file system
)

// sealName is the file system that a store on disk lies in: Adiantum's, with one difference, see walFile.
const sealName = "hopthu-seal"

var registerSeal = sync.OnceFunc(func() {
	if v, ok := vfs.Find("adiantum").(vfs.VFSFilename); ok { // else opening says that there is no such file system
		vfs.Register(sealName, sealVFS{v})
	}
})

type sealVFS struct{ vfs.VFSFilename }

// OpenFilename implements vfs.VFSFilename.
func (v sealVFS) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, got, err := v.VFSFilename.OpenFilename(name, flags)
	if err == nil && flags&vfs.OPEN_WAL != 0 {
		f = &walFile{File: f}
	}
	return f, got, err
}

// walFile gathers what SQLite appends to the write-ahead log. It writes 24 octets and a page in turn, so that every page
// lies across two sealed blocks: written one by one, each block is read, opened, sealed and written three times.
//
// Nothing is shown to other connections, or told to be on disk, before it is written: SQLite syncs the log before it lets
// anybody see a transaction (synchronous=FULL), and Sync writes first. Behind that sync comes at most the end of one more
// frame, which fills the last sector up; so that much goes straight through after each sync. An error of a write that was
// put off comes with the next call.
type walFile struct {
	vfs.File
	at     int64  // where in the file buf begins
	buf    []byte // not yet written
	synced int    // octets written since the last sync
}

const (
	walGather = 256 << 10  // how much is gathered, in octets
	walFrame  = 24 + 65536 // the largest frame that SQLite knows
)

// WriteAt implements vfs.File.
func (w *walFile) WriteAt(p []byte, off int64) (int, error) {
	if w.synced < walFrame {
		w.synced += len(p)
		if err := w.flush(); err != nil {
			return 0, err
		}
		return w.File.WriteAt(p, off)
	}
	if off != w.at+int64(len(w.buf)) || len(w.buf)+len(p) > walGather {
		if err := w.flush(); err != nil {
			return 0, err
		}
		w.at = off
	}
	if w.buf == nil {
		w.buf = make([]byte, 0, walGather)
	}
	w.buf = append(w.buf, p...)
	return len(p), nil
}

// flush writes what was gathered. What cannot be written is forgotten: the transaction fails with it.
func (w *walFile) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	b := w.buf
	w.buf = w.buf[:0]
	_, err := w.File.WriteAt(b, w.at)
	return err
}

// ReadAt implements vfs.File.
func (w *walFile) ReadAt(p []byte, off int64) (int, error) {
	if len(w.buf) > 0 && off < w.at+int64(len(w.buf)) && off+int64(len(p)) > w.at {
		if err := w.flush(); err != nil {
			return 0, err
		}
	}
	return w.File.ReadAt(p, off)
}

// Sync implements vfs.File.
func (w *walFile) Sync(flags vfs.SyncFlag) error {
	if err := w.flush(); err != nil {
		return err
	}
	w.synced = 0
	return w.File.Sync(flags)
}

// Truncate implements vfs.File.
func (w *walFile) Truncate(size int64) error {
	if err := w.flush(); err != nil {
		return err
	}
	return w.File.Truncate(size)
}

// Size implements vfs.File.
func (w *walFile) Size() (int64, error) {
	if err := w.flush(); err != nil {
		return 0, err
	}
	return w.File.Size()
}

// Close implements vfs.File.
func (w *walFile) Close() error {
	err := w.flush()
	if e := w.File.Close(); err == nil {
		err = e
	}
	return err
}

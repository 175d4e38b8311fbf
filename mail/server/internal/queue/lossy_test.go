package queue

import (
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

const sector = 512 // a disk writes so many octets whole or not at all

// lossyDisk is a disk in memory under SQLite whose power can be cut: what was written since the last sync of a file is
// then there, missing, or rubbish, sector by sector, and unsynced names are there or not, all by seed. Locks and the
// shared memory of the log, which no power cut survives anyway, are those of an empty file of the system.
//
// A byte next to those written never changes (powersafe overwrite): SQLite on the systems we run on counts on it too.
type lossyDisk struct {
	mu    sync.Mutex
	rnd   *rand.Rand
	now   map[string]*content // what programs see
	safe  map[string][]byte   // what is on the platters
	unmut map[string]bool     // removed, but the folder was not synced
	ops   int
	cutAt int // number of the operation that the power does not outlast; 0 is never
	fail  int // every so many syncs fail once, and the dirty pages count as clean; 0 is never
	syncs int
	dead  bool

	folded int // syncs of the database itself: the log was folded in
}

type content struct {
	data    []byte
	pending []change
	named   bool // its name is on the platters
}

// change is a write not yet synced, or (data nil) a truncation to off.
type change struct {
	off  int64
	data []byte
}

func newLossyDisk(seed uint64, image map[string][]byte) *lossyDisk {
	d := &lossyDisk{rnd: rand.New(rand.NewPCG(seed, 7)), now: map[string]*content{}, safe: image, unmut: map[string]bool{}}
	if image == nil {
		d.safe = map[string][]byte{}
	}
	for name, data := range d.safe {
		d.now[name] = &content{data: slices.Clone(data), named: true}
	}
	return d
}

var errDead = sqlite3.IOERR

// step counts an operation that changes the disk; the one that the power does not outlast is not done.
func (d *lossyDisk) step() error {
	if d.dead {
		return errDead
	}
	if d.ops++; d.cutAt > 0 && d.ops >= d.cutAt {
		d.dead = true
		return errDead
	}
	return nil
}

// settle brings the pending changes of a file onto the platters, each sector by chance.
func (d *lossyDisk) settle(name string, c *content) {
	data := slices.Clone(d.safe[name])
	keep, rubbish := []float64{0, 0.1, 0.5, 0.9, 1}[d.rnd.IntN(5)], []float64{0, 0, 0.05}[d.rnd.IntN(3)]
	for _, p := range c.pending {
		if p.data == nil {
			if d.rnd.Float64() < keep {
				data = resize(data, p.off)
			}
			continue
		}
		for at := int64(0); at < int64(len(p.data)); {
			n := min(sector-(p.off+at)%sector, int64(len(p.data))-at)
			piece := p.data[at : at+n]
			if d.rnd.Float64() < rubbish {
				piece = make([]byte, n)
				for i := range piece {
					piece[i] = byte(d.rnd.Uint32())
				}
			} else if d.rnd.Float64() >= keep {
				at += n
				continue
			}
			data = put(data, p.off+at, piece)
			at += n
		}
	}
	if c.named || d.rnd.IntN(2) == 0 {
		d.safe[name] = data
	}
}

// register gives the disk a name that is its own until the test ends. A pool may still be opening a connection when its
// Close has returned (database/sql opens anew, in the background, what others wait for after an opening has failed): on a
// disk of the same name it would fold in and delete the log of others, whose locks are not in its folder.
func (d *lossyDisk) register(t *testing.T, name string) string {
	t.Helper()
	vfs.Register(name, d)
	t.Cleanup(func() { vfs.Unregister(name) })
	return name
}

// cut takes the power away.
func (d *lossyDisk) cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dead = true
}

// image is what a machine finds that starts again after the cut. The disk is dead then, and no longer holds it.
func (d *lossyDisk) image() map[string][]byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dead = true
	for _, name := range slices.Sorted(maps.Keys(d.unmut)) {
		if d.rnd.IntN(2) == 0 {
			delete(d.safe, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.now)) {
		d.settle(name, d.now[name])
	}
	image := d.safe
	d.now, d.safe = nil, nil
	return image
}

func put(data []byte, off int64, p []byte) []byte {
	if end := off + int64(len(p)); end > int64(len(data)) {
		data = resize(data, end)
	}
	copy(data[off:], p)
	return data
}

func resize(data []byte, size int64) []byte {
	if size <= int64(len(data)) {
		return data[:size]
	}
	return append(data, make([]byte, size-int64(len(data)))...)
}

// base is the name of a file whatever folder stands before it: each round has a folder of its own.
func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func system() vfs.VFSFilename {
	v, ok := vfs.Find("").(vfs.VFSFilename)
	if !ok {
		panic("the system's VFS has changed")
	}
	return v
}

// Open is part of vfs.VFS; OpenFilename is called in its place.
func (d *lossyDisk) Open(string, vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	return nil, 0, sqlite3.CANTOPEN
}

func (d *lossyDisk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead {
		return nil, 0, sqlite3.CANTOPEN
	}
	file, flags, err := system().OpenFilename(name, flags)
	if err != nil || name == nil || name.String() == "" {
		return file, flags, err
	}
	key := base(name.String())
	if d.now[key] == nil {
		d.now[key] = &content{}
	}
	return &lossyFile{File: file, disk: d, name: key, c: d.now[key]}, flags, nil
}

func (d *lossyDisk) Delete(name string, syncDir bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	key := base(name)
	if c := d.now[key]; c != nil {
		d.settle(key, c)
		delete(d.now, key)
		d.unmut[key] = true
	}
	if syncDir {
		d.syncDir()
	}
	return system().Delete(name, false)
}

// syncDir brings every name onto the platters, and takes the removed ones away.
func (d *lossyDisk) syncDir() {
	for name := range d.unmut {
		if d.now[name] == nil {
			delete(d.safe, name)
		}
	}
	clear(d.unmut)
	for _, c := range d.now {
		c.named = true
	}
}

func (d *lossyDisk) Access(name string, flags vfs.AccessFlag) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, there := d.now[base(name)]; there {
		return true, nil
	}
	if strings.HasSuffix(name, ".db") || strings.HasSuffix(name, "-wal") || strings.HasSuffix(name, "-journal") {
		return false, nil
	}
	return system().Access(name, flags)
}

func (d *lossyDisk) FullPathname(name string) (string, error) { return system().FullPathname(name) }

// lossyFile is an open file of it. File, of the system, lends its locks.
type lossyFile struct {
	vfs.File
	disk *lossyDisk
	name string
	c    *content
}

func (f *lossyFile) SharedMemory() vfs.SharedMemory {
	if s, ok := f.File.(vfs.FileSharedMemory); ok {
		return s.SharedMemory()
	}
	return nil
}

func (f *lossyFile) ReadAt(p []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.dead {
		return 0, errDead
	}
	if off >= int64(len(f.c.data)) {
		return 0, io.EOF
	}
	n := copy(p, f.c.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f *lossyFile) WriteAt(p []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.step(); err != nil {
		return 0, err
	}
	f.c.data = put(f.c.data, off, p)
	f.c.pending = append(f.c.pending, change{off, slices.Clone(p)})
	return len(p), nil
}

func (f *lossyFile) Truncate(size int64) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.step(); err != nil {
		return err
	}
	f.c.data = resize(f.c.data, size)
	f.c.pending = append(f.c.pending, change{off: size})
	return nil
}

// Sync brings everything onto the platters; the first one of a new file its name as well, as the system's VFS does.
func (f *lossyFile) Sync(vfs.SyncFlag) error {
	d := f.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	if d.syncs++; d.fail > 0 && d.syncs%d.fail == 0 {
		d.settle(f.name, f.c)
		f.c.pending = nil // the kernel does not write them again
		return errDead
	}
	if strings.HasSuffix(f.name, ".db") {
		d.folded++
	}
	if d.now[f.name] == f.c {
		if !f.c.named {
			d.syncDir()
		}
		d.safe[f.name] = slices.Clone(f.c.data)
	}
	f.c.pending = nil
	return nil
}

func (f *lossyFile) Size() (int64, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.disk.dead {
		return 0, errDead
	}
	return int64(len(f.c.data)), nil
}

// LockState is vfs.FileLockState.
func (f *lossyFile) LockState() vfs.LockLevel {
	if l, ok := f.File.(vfs.FileLockState); ok {
		return l.LockState()
	}
	return vfs.LOCK_NONE
}

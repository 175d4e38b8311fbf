package store

import (
	"bytes"
	"errors"
	"testing"

	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
)

// slate is a file in memory that counts writes; full makes them fail.
type slate struct {
	vfsutil.SliceFile
	writes int
	full   error
}

func (s *slate) WriteAt(p []byte, off int64) (int, error) {
	if s.writes++; s.full != nil {
		return 0, s.full
	}
	return s.SliceFile.WriteAt(p, off)
}

// frames writes n frames of a log from off on, as SQLite does, and gives them as they must stand in the file.
func frames(t *testing.T, w vfs.File, off int64, n int) (all []byte) {
	t.Helper()
	for i := range n {
		for _, p := range [][]byte{bytes.Repeat([]byte{byte(i)}, 24), bytes.Repeat([]byte{byte(i + 1)}, 4096)} {
			if _, err := w.WriteAt(p, off+int64(len(all))); err != nil {
				t.Fatal(err)
			}
			all = append(all, p...)
		}
	}
	return all
}

func TestWalFileGathersALongTransaction(t *testing.T) {
	under := &slate{}
	w := &walFile{File: under}
	log := frames(t, w, 0, 400)
	if err := w.Sync(vfs.SYNC_FULL); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(under.SliceFile, log) {
		t.Fatalf("%d octets are in the file, not the %d written", len(under.SliceFile), len(log))
	}
	if under.writes > 100 { // one by one they are 800
		t.Errorf("%d writes", under.writes)
	}
	// The end of the frame that fills the sector up is shown to others without another sync.
	n := int64(len(log))
	if _, err := w.WriteAt([]byte("tail"), n); err != nil || !bytes.HasSuffix(under.SliceFile, []byte("tail")) {
		t.Errorf("what follows a sync waits: %v", err)
	}
}

func TestWalFileReadsWhatItGathered(t *testing.T) {
	under := &slate{}
	w := &walFile{File: under}
	log := frames(t, w, 0, 40)
	for _, at := range []int{39 * 4120, 10, 20 * 4120} {
		p := make([]byte, 4120)
		if _, err := w.ReadAt(p, int64(at)); err != nil || !bytes.Equal(p, log[at:at+4120]) {
			t.Errorf("at %d: %v", at, err)
		}
	}
	log = append(log[:8*4120], frames(t, w, 8*4120, 40)...) // a transaction that was given up, and the next in its place
	if size, err := w.Size(); err != nil || size != int64(len(log)) || !bytes.Equal(under.SliceFile, log) {
		t.Errorf("size %d, want %d; %v", size, len(log), err)
	}
	if err := w.Truncate(4120); err != nil || len(under.SliceFile) != 4120 {
		t.Errorf("%d left, %v", len(under.SliceFile), err)
	}
}

func TestWalFileTellsOfAFullDisk(t *testing.T) {
	under := &slate{}
	w := &walFile{File: under}
	frames(t, w, 0, 40)
	under.full = errors.New("full")
	if err := w.Sync(vfs.SYNC_FULL); !errors.Is(err, under.full) {
		t.Fatalf("sync said %v", err)
	}
	under.full = nil
	if err := w.Sync(vfs.SYNC_FULL); err != nil {
		t.Fatalf("what failed is tried again: %v", err)
	}
	frames(t, w, 0, 40)
	under.full = errors.New("full")
	if err := w.Close(); !errors.Is(err, under.full) {
		t.Errorf("close said %v", err)
	}
}

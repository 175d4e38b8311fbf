package server

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Where the new folder cannot be put in its place, the old one is back in it.
func TestSwapPutsBack(t *testing.T) {
	tmp := t.TempDir()
	dir, part, aside := filepath.Join(tmp, "d"), filepath.Join(tmp, "part"), filepath.Join(tmp, "aside")
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := swap(dir, part, aside); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is nothing to put there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "data")); err != nil {
		t.Errorf("the folder from before: %v", err)
	}
	if _, err := os.Stat(aside); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("still aside: %v", err)
	}
	if err := os.Mkdir(part, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := swap(dir, part, aside); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(aside, "data")); err != nil {
		t.Errorf("aside: %v", err)
	}
}

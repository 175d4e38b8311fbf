package server

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A certificate of our own authority that ends soon is renewed while the server runs; the authority stays.
func TestOwnCertificateIsRenewed(t *testing.T) {
	s := &Server{cfg: Config{Dir: t.TempDir(), Domain: "ninhbinh.example", Host: "127.0.0.1", Log: slog.New(slog.DiscardHandler)}}
	if err := s.openCertificate(); err != nil {
		t.Fatal(err)
	}
	hosts := []string{"127.0.0.1"}
	root, key, err := loadPair(s.cfg.Dir, rootFile, rootKeyFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, age := range []int{leafDays - renewDays + 1, leafDays + 1} { // it ends soon; it has ended
		if err := makeLeaf(s.cfg.Dir, hosts, root, key, SystemClock().AddDate(0, 0, -age)); err != nil {
			t.Fatal(err)
		}
		old, err := s.cert.load()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Reload(); err != nil {
			t.Fatal(err)
		}
		now, err := s.cert.load()
		if err != nil || now.Leaf.SerialNumber.Cmp(old.Leaf.SerialNumber) == 0 || now.Leaf.NotAfter.Before(SystemClock().AddDate(0, 0, renewDays)) {
			t.Errorf("%d days old: still ends %s, %v", age, now.Leaf.NotAfter, err)
		}
		if err := now.Leaf.CheckSignatureFrom(root); err != nil {
			t.Error(err)
		}
	}
	first, err := s.cert.load()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Reload(); err != nil {
		t.Fatal(err)
	}
	if again, err := s.cert.load(); err != nil || again != first {
		t.Errorf("a good certificate was replaced, %v", err)
	}
}

// What is wrong with files of others is told, and the old certificate stays in use.
func TestReloadTells(t *testing.T) {
	dir := t.TempDir()
	s := &Server{cfg: Config{Dir: dir, Domain: "ninhbinh.example", Host: "127.0.0.1", Log: slog.New(slog.DiscardHandler)}}
	if err := s.openCertificate(); err != nil {
		t.Fatal(err)
	}
	s.cfg.CertFile, s.cfg.KeyFile = filepath.Join(dir, certFile), filepath.Join(dir, keyFile)
	good, err := s.cert.load()
	if err != nil {
		t.Fatal(err)
	}
	root, key, err := loadPair(dir, rootFile, rootKeyFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := makeLeaf(dir, []string{"127.0.0.1"}, root, key, SystemClock().AddDate(-2, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if err := s.Reload(); err == nil || !strings.Contains(err.Error(), "ended 20") {
		t.Errorf("one that has ended: %v", err)
	}
	if err := os.WriteFile(s.cfg.CertFile, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(s.cfg.CertFile, time.Time{}, SystemClock().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := s.Reload(); err == nil {
		t.Error("no certificate is none to speak of")
	}
	if still, err := s.cert.load(); err != nil || still.Leaf.SerialNumber.Cmp(good.Leaf.SerialNumber) != 0 {
		t.Errorf("the old one is not in use: %v", err)
	}
}

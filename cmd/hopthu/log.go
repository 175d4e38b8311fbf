package main

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

// maxLog is how large a log grows, in octets, before it becomes the old one; there is one old one.
const maxLog = 2 << 20

// logFile appends to a file that only its owner may read and that never grows for ever.
type logFile struct {
	path string
	mu   sync.Mutex
	f    *os.File
	size int64
}

func openLog(path string) (*logFile, error) {
	l := &logFile{path: path}
	return l, l.open()
}

func (l *logFile) open() error {
	f, err := os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("open log: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(fmt.Errorf("open log: %w", err), f.Close())
	}
	l.f, l.size = f, info.Size()
	return nil
}

// Write implements io.Writer: one call is one line.
func (l *logFile) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size > 0 && l.size+int64(len(b)) > maxLog {
		err := errors.Join(l.f.Close(), os.Rename(l.path, l.path+".old"), l.open())
		if err != nil {
			return 0, fmt.Errorf("turn log over: %w", err)
		}
	}
	n, err := l.f.Write(b)
	l.size += int64(n)
	return n, err
}

// Close implements io.Closer.
func (l *logFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.f.Close()
}

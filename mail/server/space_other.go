//go:build !linux

package server

import "errors"

// freeSpace is known on Linux only.
func freeSpace(string) (int64, error) {
	return 0, errors.New("không có trên hệ này / not on this system")
}

//go:build unix

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// canSuspend reports whether a shell with job control would wake this program after Ctrl+Z: its parent is in the same
// session and in another process group. Without one the kernel drops the stop, and the screen would wait for ever.
func canSuspend() bool {
	parent := os.Getppid()
	session, err := unix.Getsid(parent)
	if err != nil {
		return false
	}
	own, err := unix.Getsid(0)
	if err != nil || own != session {
		return false
	}
	group, err := unix.Getpgid(parent)
	return err == nil && group != unix.Getpgrp()
}

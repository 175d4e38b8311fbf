//go:build !windows

package desk

import "syscall"

// What a full disk is called where it has one name only.
const (
	diskFull       = syscall.ENOSPC
	handleDiskFull = syscall.ENOSPC
)

package desk

import "syscall"

// What Windows says of a full disk (ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL).
const (
	diskFull       = syscall.Errno(112)
	handleDiskFull = syscall.Errno(39)
)

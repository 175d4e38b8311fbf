package server

import "syscall"

// freeSpace is how many octets an unprivileged writer may still put on the disk of a folder.
func freeSpace(dir string) (int64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), nil //nolint:gosec,unconvert // types differ from one machine to the next
}

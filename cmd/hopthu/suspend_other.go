//go:build !unix

package main

// canSuspend: there is no job control here.
func canSuspend() bool { return false }

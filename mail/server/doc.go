// Package server is the mail server as one thing that can be started and stopped: listeners, doors, rooms, and the
// acts of its administrator.
//
// Laws: nothing is acknowledged before it is on disk; doors open last and close first; every connection is counted,
// timed and encrypted before a door sees it; no password is printed or logged here.
package server

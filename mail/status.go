package mail

import "time"

// ServerState is how an account stands with its server.
type ServerState uint8

// Server states.
const (
	Offline ServerState = iota
	Connecting
	Syncing
	Ready
	Stopped // needs the person: wrong password, certificate, must change password
)

// Status is the state line of one account.
type Status struct {
	Account AccountID
	State   ServerState
	Since   time.Time // last moment the box was known to be in step
	Done    int       // while Syncing: letters fetched and to fetch in this pass
	Total   int
	Next    time.Time // while Offline: when it tries again
	Fault   *Fault    // why Offline or Stopped
	Alert   string    // last ALERT of the server (RFC 9051 7.1), shown once
}

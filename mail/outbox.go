package mail

import "time"

// OutboxState is where a letter stands on its way out.
type OutboxState string

// States of the outbox. Submitted and filed are separate steps: Submitted is not nil once the server said 250,
// Filed once the copy stands in Sent.
const (
	OutQueued  OutboxState = "queued"  // waits for its undo time or for its turn
	OutSending OutboxState = "sending" // the first byte may have left; after a crash the outcome is unknown
	OutWaiting OutboxState = "waiting" // a temporary failure; tried again at Next
	OutUnknown OutboxState = "unknown" // crashed or cut while sending: the person decides if Sent does not tell
	OutRefused OutboxState = "refused" // the server said no for good; comes back as a draft
	OutSent    OutboxState = "sent"    // 250 received
)

// OutboxItem is one letter in the outbox.
type OutboxItem struct {
	ID        OutboxID
	Account   AccountID
	State     OutboxState
	MessageID string
	Subject   string
	To        []string // envelope recipients
	Queued    time.Time
	Next      time.Time // not before this moment
	Tries     int
	Reply     string // the server's last words, cleaned of controls
	Submitted time.Time
	Filed     time.Time
}

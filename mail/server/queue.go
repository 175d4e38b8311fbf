package server

import (
	"context"
	"time"

	"hopthu/mail"
)

// Waiting is one recipient of a letter that has not left yet.
type Waiting struct {
	ID       string    `json:"id"`
	From     string    `json:"from"`
	To       string    `json:"to"`
	Size     int64     `json:"size"` // octets
	Accepted time.Time `json:"accepted"`
	Next     time.Time `json:"next"` // when it is tried again
	Tries    int       `json:"tries"`
	Reply    string    `json:"reply,omitempty"` // last words of the relay
}

// Queue lists what waits for the relay, oldest first.
func (a *Admin) Queue(ctx context.Context) ([]Waiting, error) {
	list, err := a.s.queue.List(ctx)
	out := make([]Waiting, len(list))
	for i, w := range list {
		out[i] = Waiting(w)
	}
	return out, err
}

// RetryQueue makes a letter due at once, "" for all, and tells for how many recipients; a running server is woken. Kind
// Gone: no letter of that number waits.
func (a *Admin) RetryQueue(ctx context.Context, id string) (int64, error) {
	n, err := a.s.queue.Retry(ctx, admin, id)
	if err != nil {
		return 0, err
	}
	if _, err := a.s.ask(ctx, asked{Do: "kick"}); err != nil && mail.KindOf(err) != mail.NoServer {
		return n, err
	}
	return n, nil
}

// DropQueued gives a letter up: it comes back to its sender with the reason, which stands in the audit log too.
func (a *Admin) DropQueued(ctx context.Context, id, reason string) error {
	return a.s.queue.Drop(ctx, admin, id, reason)
}

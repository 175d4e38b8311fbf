package desk

import (
	"context"

	"hopthu/mail"
)

// indexBlock is how many heads are put into the search index at once: some ten milliseconds, in which nobody else can
// write.
const indexBlock = 1000

// filled says that there may be letters which search does not know yet.
func (d *Desk) filled() {
	select {
	case d.toIndex <- struct{}{}:
	default:
	}
}

// indexing makes the letters of a fill known to search once it has ended, also one that an earlier run of the program
// left behind, until ctx ends. It needs no server.
func (d *Desk) indexing(ctx context.Context) {
	for {
		more, err := d.store.IndexSome(ctx, indexBlock)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil: // told once; the next fill or the next start tries again
			d.events.post(mail.Event{Kind: mail.Fell, Fault: mail.AsFault("index letters", err)})
		case more:
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-d.toIndex:
		}
	}
}

package desk

import (
	"context"

	"hopthu/mail"
)

// firstLook is how many letters the first list of a folder has: several screens. The whole list of a large box takes
// ten times as long as its first frame may.
const firstLook = 500

// list answers the first plain list of a large folder in a session with its newest letters only (Listing.More). The
// folder is then told to have changed, so that whoever shows it asks again and gets the whole.
func (d *Desk) list(ctx context.Context, q mail.ListQuery) (mail.Listing, error) {
	first := d.firstList(q)
	if first {
		q.Newest = firstLook
	}
	l, err := d.store.List(ctx, q)
	if first && err == nil && l.More {
		d.events.post(mail.Event{Kind: mail.FolderChanged, Account: q.Account, Folder: q.Folder, Version: l.Version})
	}
	return l, err
}

// firstList reports whether a plain list of this folder is asked for for the first time.
func (d *Desk) firstList(q mail.ListQuery) bool {
	if q.Folder == 0 || q.Text != "" || q.Filter != mail.All || q.Newest != 0 || d.o.Offline {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	before := d.listed[q.Folder]
	d.listed[q.Folder] = true
	return !before
}

package wire

import (
	"context"
	"net/http"

	"hopthu/mail"
	"hopthu/mail/api"
)

// maxListing is the largest directory that is read, unpacked.
const maxListing = 64 << 20

// Listing reads the whole public directory of the account's office API (QC 6); changed is false when it is still the one
// with the entity tag etag (RFC 9110 13.1.2).
func (d *Dialer) Listing(ctx context.Context, a mail.Account, etag string) (l api.Listing, fresh string, changed bool, err error) {
	fresh, changed, err = d.call(ctx, a, call{
		op: "read directory", method: http.MethodGet, path: api.PathListing, etag: etag, most: maxListing, wait: d.limits.Bulk,
	}, &l)
	if changed && len(fresh) > 200 {
		fresh = "" // it would be sent back: nobody needs one that long
	}
	return l, fresh, changed, err
}

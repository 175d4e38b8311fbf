package wire

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"hopthu/mail"
	"hopthu/mail/api"
)

// maxListing is the largest directory that is read, unpacked.
const maxListing = 64 << 20

// Listing reads the whole public directory of the account's office API (QC 6); changed is false when it is still the one
// with the entity tag etag (RFC 9110 13.1.2).
func (d *Dialer) Listing(ctx context.Context, a mail.Account, etag string) (l api.Listing, fresh string, changed bool, err error) {
	const op = "read directory"
	u, err := url.Parse(strings.TrimRight(a.Office, "/") + api.PathListing)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return l, "", false, &mail.Fault{Kind: mail.BadSettings, Op: op, Detail: "the office address must begin with https://"}
	}
	cfg, err := d.tlsConfig(op, a.CAFile, u.Hostname())
	if err != nil {
		return l, "", false, err
	}
	ctx, cancel := context.WithTimeout(ctx, d.limits.Bulk)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return l, "", false, &mail.Fault{Kind: mail.BadSettings, Op: op, Err: err}
	}
	req.Header.Set("Accept", "application/json")
	if etag != "" {
		req.Header.Set("If-None-Match", etag)
	}
	resp, err := d.httpClient(cfg).Do(req)
	if err != nil {
		return l, "", false, officeFault(op, err)
	}
	defer func() {
		if cerr := resp.Body.Close(); cerr != nil && err == nil {
			err = officeFault(op, cerr)
		}
	}()
	if resp.StatusCode == http.StatusNotModified {
		return l, etag, false, nil
	}
	limit := int64(maxListing)
	if resp.StatusCode >= 300 {
		limit = maxOffice
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return l, "", false, officeFault(op, err)
	case int64(len(data)) > limit:
		return l, "", false, &mail.Fault{Kind: mail.BadServer, Op: op, Detail: "answer too large"}
	case resp.StatusCode >= 300:
		return l, "", false, d.problem(op, resp.StatusCode, data)
	}
	if err := json.Unmarshal(data, &l); err != nil {
		return l, "", false, &mail.Fault{Kind: mail.BadServer, Op: op, Detail: "answer is not the JSON it should be", Err: err}
	}
	if fresh = resp.Header.Get("ETag"); len(fresh) > 200 {
		fresh = "" // it would be sent back: nobody needs one that long
	}
	return l, fresh, true, nil
}

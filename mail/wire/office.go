package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/letter"
	"hopthu/mail/viet"
)

// maxOffice is the largest answer of the office API that is read.
const maxOffice = 1 << 20

// directoryLimit is how many entries a completion asks for.
const directoryLimit = 50

// ChangePassword changes the account's password through the office API (QC 13.1). The old one is the proof. A nil
// error means the server has confirmed; only then may the keyring be written.
func (d *Dialer) ChangePassword(ctx context.Context, a mail.Account, old, fresh string) error {
	const op = "change password"
	body, err := json.Marshal(api.PasswordChange{Login: a.Login, Old: old, New: viet.NFC(fresh)})
	if err != nil {
		return &mail.Fault{Kind: mail.Unknown, Op: op, Err: err}
	}
	return d.office(ctx, op, http.MethodPost, a, api.PathPassword, body, nil)
}

// Directory asks the office API's public directory (QC 6) for names and addresses that match q.
func (d *Dialer) Directory(ctx context.Context, a mail.Account, q string) ([]mail.Contact, error) {
	var found api.Directory
	path := api.PathDirectory + "?" + url.Values{"q": {viet.NFC(q)}, "limit": {fmt.Sprint(directoryLimit)}}.Encode()
	if err := d.office(ctx, "search directory", http.MethodGet, a, path, nil, &found); err != nil {
		return nil, err
	}
	out := make([]mail.Contact, 0, len(found.Entries))
	for _, e := range found.Entries {
		addr := e.Wire
		if addr == "" {
			addr = e.Address
		}
		if addr = viet.NFC(addr); letter.ValidAddress(addr) != nil {
			continue // a directory may not put anything else into a recipient field
		}
		out = append(out, mail.Contact{
			Address: mail.Address{Name: viet.NFC(e.Name), Addr: addr},
			Post:    viet.NFC(e.Post), Unit: viet.NFC(e.Unit), Source: "directory",
		})
	}
	return out, nil
}

// Info asks the account's office API who serves; only Office and CAFile of a are looked at.
func (d *Dialer) Info(ctx context.Context, a mail.Account) (api.Info, error) {
	var info api.Info
	err := d.office(ctx, "ask office", http.MethodGet, a, api.PathInfo, nil, &info)
	return info, err
}

// call is one request to the office API.
type call struct {
	op, method, path string
	body             []byte        // nil for none
	etag             string        // of the answer that is here already, "" for none
	token            string        // of an office session, "" for none
	most             int64         // octets of a good answer
	wait             time.Duration // for all of it
	held             time.Duration // how long the server may keep the answer back on purpose
}

// office does one request and answers its JSON in into, unless that is nil.
func (d *Dialer) office(ctx context.Context, op, method string, a mail.Account, path string, body []byte, into any) error {
	_, _, err := d.call(ctx, a, call{op: op, method: method, path: path, body: body, most: maxOffice, wait: d.limits.Command}, into)
	return err
}

// call does one request; changed is false when the answer is still the one with the entity tag q.etag (RFC 9110 13.1.2).
// The address must be https; redirects are not followed, because the password would go along.
func (d *Dialer) call(ctx context.Context, a mail.Account, q call, into any) (etag string, changed bool, err error) {
	u, err := url.Parse(strings.TrimRight(a.Office, "/") + q.path)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return "", false, &mail.Fault{Kind: mail.BadSettings, Op: q.op, Detail: "the office address must begin with https://"}
	}
	cfg, err := d.tlsConfig(q.op, a.CAFile, u.Hostname())
	if err != nil {
		return "", false, err
	}
	ctx, cancel := context.WithTimeout(ctx, q.wait+q.held)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, q.method, u.String(), bytes.NewReader(q.body))
	if err != nil {
		return "", false, &mail.Fault{Kind: mail.BadSettings, Op: q.op, Err: err}
	}
	req.Header.Set("Accept", "application/json")
	if q.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if q.etag != "" {
		req.Header.Set("If-None-Match", q.etag)
	}
	if q.token != "" {
		req.Header.Set("Authorization", "Bearer "+q.token)
	}
	resp, err := d.httpClient(cfg, q.held).Do(req)
	if err != nil {
		return "", false, officeFault(q.op, err)
	}
	defer func() {
		if cerr := resp.Body.Close(); cerr != nil && err == nil {
			err = officeFault(q.op, cerr)
		}
	}()
	if q.etag != "" && resp.StatusCode == http.StatusNotModified {
		return q.etag, false, nil
	}
	limit := q.most
	if resp.StatusCode >= 300 {
		limit = maxOffice
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return "", false, officeFault(q.op, err)
	case int64(len(data)) > limit:
		return "", false, &mail.Fault{Kind: mail.BadServer, Op: q.op, Detail: "answer too large"}
	case resp.StatusCode >= 300:
		f := d.problem(q.op, resp.StatusCode, data)
		if resp.StatusCode == http.StatusUnauthorized {
			f.Err = errUnauthorized
		}
		return "", false, f
	}
	if into != nil {
		if err := json.Unmarshal(data, into); err != nil {
			return "", false, &mail.Fault{Kind: mail.BadServer, Op: q.op, Detail: "answer is not the JSON it should be", Err: err}
		}
	}
	return resp.Header.Get("ETag"), true, nil
}

// errUnauthorized marks an answer that asks for another login (RFC 9110 15.5.2).
var errUnauthorized = errors.New("HTTP 401")

// httpClient makes a client for one request: no connection is kept, no proxy is asked, no redirect followed. The server may
// be silent for held longer than usual.
func (d *Dialer) httpClient(cfg *tls.Config, held time.Duration) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				ctx, cancel := context.WithTimeout(ctx, d.limits.Connect)
				defer cancel()
				return d.dialTo(ctx, network, addr)
			},
			TLSClientConfig:        cfg,
			TLSHandshakeTimeout:    d.limits.Connect,
			ResponseHeaderTimeout:  d.limits.Stall + held,
			MaxResponseHeaderBytes: 64 << 10,
			DisableKeepAlives:      true,
		},
	}
}

// officeFault is netFault without the request's address, which net/http puts in front of every error.
func officeFault(op string, err error) *mail.Fault {
	var u *url.Error
	timeout := false
	if errors.As(err, &u) {
		timeout, err = u.Timeout(), u.Err
	}
	f := netFault(op, err, nil)
	if timeout {
		f.Kind = mail.NoAnswer
	}
	return f
}

// problemKinds are the kinds that the office may name; any other becomes Refused or TryLater.
var problemKinds = []mail.FaultKind{
	mail.BadPassword, mail.MustChange, mail.LockedOut, mail.PasswordExpired, mail.WeakPassword, mail.Refused,
	mail.TryLater, mail.OverQuota, mail.TooBig, mail.BadAddress, mail.NoFolder, mail.Gone, mail.Conflict, mail.Blocked,
}

// problem turns an error answer into a Fault.
func (d *Dialer) problem(op string, code int, data []byte) *mail.Fault {
	var p api.Problem
	if err := json.Unmarshal(data, &p); err != nil || p.Code == "" {
		kind := mail.BadServer
		if code == http.StatusTooManyRequests || code >= 500 {
			kind = mail.TryLater
		}
		return &mail.Fault{Kind: kind, Op: op, Detail: fmt.Sprintf("HTTP %d", code)}
	}
	f := &mail.Fault{Kind: mail.FaultKind(p.Code), Op: op, Detail: clean(p.Text)}
	switch {
	case !slices.Contains(problemKinds, f.Kind) && (code == http.StatusTooManyRequests || code >= 500):
		f.Kind = mail.TryLater
	case !slices.Contains(problemKinds, f.Kind):
		f.Kind = mail.Refused
	case f.Kind == mail.WeakPassword:
		f.Detail = clean(p.Rule)
	case f.Kind == mail.LockedOut && p.Retry > 0:
		f.Detail = d.now().Add(time.Duration(p.Retry) * time.Second).Format(time.RFC3339)
	}
	return f
}

package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"hopthu/mail/api"
)

// listing is the whole directory as it goes out: made once a version, kept compressed, and the same bytes for all.
type listing struct {
	making  chan struct{} // holds one token: who has it makes the listing
	made    bool
	version int64
	tag     string
	zipped  []byte
}

func newListing() *listing {
	l := &listing{making: make(chan struct{}, 1)}
	l.making <- struct{}{}
	return l
}

// listing is public (QC 6): it is what clients complete names from and resolve the Nơi nhận of a document with (QC 7.1a).
func (d *door) listing(w http.ResponseWriter, r *http.Request) {
	tag, zipped, err := d.current(r.Context())
	if err != nil {
		d.problem(w, err)
		return
	}
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache") // may be kept, but is asked for again each time
	h.Set("Vary", "Accept-Encoding")
	if noneChanged(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "application/json; charset=utf-8")
	if takesGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", fmt.Sprint(len(zipped)))
		if _, err := w.Write(zipped); err != nil {
			d.opt.Log.Debug("answer", "err", err)
		}
		return
	}
	plain, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		d.problem(w, err)
		return
	}
	if _, err := io.Copy(w, plain); err != nil { //nolint:gosec // our own bytes
		d.opt.Log.Debug("answer", "err", err)
	}
}

// current gives the listing, made anew if the directory has changed.
func (d *door) current(ctx context.Context) (tag string, zipped []byte, err error) {
	l := d.list
	select {
	case <-l.making:
	case <-ctx.Done():
		return "", nil, ctx.Err()
	}
	defer func() { l.making <- struct{}{} }()
	v, err := d.opt.Register.Version(ctx)
	if err != nil {
		return "", nil, err
	}
	if !l.made || l.version != v {
		if l.version, l.tag, l.zipped, err = d.makeListing(ctx); err != nil {
			l.made = false
			return "", nil, err
		}
		l.made = true
	}
	return l.tag, l.zipped, nil
}

// makeListing writes the listing entry by entry, so that only its compressed form is ever whole in memory. The tag is made
// of the content: a version number alone would lie after a restored backup.
func (d *door) makeListing(ctx context.Context) (version int64, tag string, zipped []byte, err error) {
	var buf bytes.Buffer
	sum := sha256.New()
	z := gzip.NewWriter(&buf)
	out := io.MultiWriter(sum, z)
	domain, err := json.Marshal(d.opt.Info.Domain)
	if err != nil {
		return 0, "", nil, err
	}
	_, err = fmt.Fprintf(out, `{"domain":%s,"entries":[`, domain)
	if err != nil {
		return 0, "", nil, err
	}
	n := 0
	version, err = d.opt.Register.Listing(ctx, func(e api.Listed) error {
		b, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if n > 0 {
			b = append([]byte{','}, b...)
		}
		n++
		_, err = out.Write(b)
		return err
	})
	if err == nil {
		_, err = io.WriteString(out, "]}\n")
	}
	if err = errors.Join(err, z.Close()); err != nil {
		return 0, "", nil, err
	}
	// Weak: the same for the compressed and the plain form (RFC 9110 8.8.3).
	return version, fmt.Sprintf(`W/"%x"`, sum.Sum(nil)[:12]), buf.Bytes(), nil
}

// noneChanged is the weak comparison of If-None-Match (RFC 9110 13.1.2).
func noneChanged(field, tag string) bool {
	for s := range strings.SplitSeq(field, ",") {
		if s = strings.TrimSpace(s); s == "*" || strings.TrimPrefix(s, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// takesGzip reports whether the client takes gzip (RFC 9110 12.5.3); a weight of nothing is a no.
func takesGzip(field string) bool {
	for s := range strings.SplitSeq(field, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(s), ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		_, q, has := strings.Cut(strings.ReplaceAll(weight, " ", ""), "q=")
		return !has || strings.Trim(q, "0.") != ""
	}
	return false
}

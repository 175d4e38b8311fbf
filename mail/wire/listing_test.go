package wire

import (
	"net/http"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/api"
)

func TestListing(t *testing.T) {
	const tag = `W/"1"`
	d, a := officed(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Path != api.PathListing {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		// More than an answer of the office may have otherwise.
		answer(t, w, http.StatusOK, api.Listing{Domain: "x.test", Entries: []api.Listed{{Key: "u1", Name: strings.Repeat("a", maxOffice)}}})
	})
	l, etag, changed, err := d.Listing(t.Context(), a, `W/"0"`)
	if err != nil || !changed || etag != tag || l.Domain != "x.test" || len(l.Entries) != 1 || len(l.Entries[0].Name) != maxOffice {
		t.Fatalf("%q %d entries, tag %q, changed %v, %v", l.Domain, len(l.Entries), etag, changed, err)
	}
	l, etag, changed, err = d.Listing(t.Context(), a, tag)
	if err != nil || changed || etag != tag || len(l.Entries) != 0 {
		t.Errorf("%d entries, tag %q, changed %v, %v", len(l.Entries), etag, changed, err)
	}
}

func TestListingOfAnotherKind(t *testing.T) {
	tests := []struct {
		name string
		h    http.HandlerFunc
		kind mail.FaultKind // "" for an answer
	}{
		{"a tag nobody needs so long", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"`+strings.Repeat("x", 300)+`"`)
			answer(t, w, http.StatusOK, api.Listing{})
		}, ""},
		{"still the one that was never here", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }, mail.BadServer},
		{"no JSON", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }, mail.BadServer},
		{"not there", http.NotFound, mail.BadServer},
		{"not now", func(w http.ResponseWriter, _ *http.Request) {
			answer(t, w, http.StatusServiceUnavailable, api.Problem{Code: "try-later"})
		}, mail.TryLater},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, a := officed(t, tt.h)
			_, etag, changed, err := d.Listing(t.Context(), a, "")
			if mail.KindOf(err) != tt.kind || etag != "" || changed != (tt.kind == "") {
				t.Errorf("tag of %d octets, changed %v, %v", len(etag), changed, err)
			}
		})
	}
}

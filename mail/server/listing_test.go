package server_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server"
	"hopthu/mail/server/servertest"
)

// listing asks for the whole directory; tag is what the client has already, "" for nothing.
func listing(t *testing.T, s *servertest.Server, c *http.Client, tag string, zip bool) (int, http.Header, api.Listing) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.Office+api.PathListing, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "identity")
	if zip {
		r.Header.Set("Accept-Encoding", "br;q=1, gzip;q=0.5")
	}
	if tag != "" {
		r.Header.Set("If-None-Match", `"other", `+tag)
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
	}()
	var body io.Reader = resp.Body
	var l api.Listing
	if resp.StatusCode != http.StatusOK {
		return resp.StatusCode, resp.Header, l
	}
	if got := resp.Header.Get("Content-Encoding") == "gzip"; got != zip {
		t.Errorf("gzip %v, want %v", got, zip)
	}
	if zip {
		if body, err = gzip.NewReader(body); err != nil {
			t.Fatal(err)
		}
	}
	if err := json.NewDecoder(body).Decode(&l); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, l
}

func entry(t *testing.T, l api.Listing, kind, name string) api.Listed {
	t.Helper()
	for _, e := range l.Entries {
		if e.Kind == kind && e.Name == name {
			return e
		}
	}
	t.Fatalf("no %s %q in %+v", kind, name, l.Entries)
	return api.Listed{}
}

// The whole directory, as clients keep it (QC 6, 7.1a): units and people with both spellings and other names, groups
// with members by key, posts, places of publication.
func TestListing(t *testing.T) {
	s := servertest.Start(t)
	c := office(t, s)
	ctx := t.Context()
	p := s.Person("Vũ Đức Minh", "vpubnd")
	s.Person("Trần Văn Hùng", "kh&đt")
	for _, e := range []server.Entry{
		{Kind: "post", Name: "Chánh Văn phòng UBND tỉnh", Box: "vpubnd", Aliases: []string{"Chánh VP UBND tỉnh"}},
		{Kind: "group", Name: "Các Sở, ban, ngành của tỉnh", Members: []string{"KH&DT", "chánh văn phòng UBND tỉnh", "Vũ Đức Minh"}},
		{Kind: "publish", Name: "Công báo tỉnh"},
	} {
		if err := s.Admin.AddEntry(ctx, e); err != nil {
			t.Fatalf("%s: %v", e.Name, err)
		}
	}
	if err := s.Admin.AddNames(ctx, "kh&đt", []string{"Sở  KHĐT", "STP"}); err != nil {
		t.Fatal(err)
	}
	status, head, l := listing(t, s, c, "", true)
	if status != http.StatusOK || l.Domain != servertest.Domain || head.Get("Vary") != "Accept-Encoding" {
		t.Fatalf("%d %v %q", status, head, l.Domain)
	}
	unit, post := entry(t, l, "unit", "Sở kh&đt"), entry(t, l, "post", "Chánh Văn phòng UBND tỉnh")
	if unit.Address != "kh&đt@"+servertest.Domain || unit.Wire != "kh&dt@"+servertest.Domain || !slices.Equal(unit.Aliases, []string{"STP", "Sở KHĐT"}) {
		t.Errorf("unit %+v", unit)
	}
	person := entry(t, l, "person", "Vũ Đức Minh")
	if person.Address != p.Address || person.Unit != "Sở vpubnd" || post.Address != "vpubnd@"+servertest.Domain || len(post.Aliases) != 1 {
		t.Errorf("person %+v, post %+v", person, post)
	}
	if g := entry(t, l, "group", "Các Sở, ban, ngành của tỉnh"); g.Address != "" || len(g.Members) != 3 ||
		!slices.Contains(g.Members, unit.Key) || !slices.Contains(g.Members, post.Key) || !slices.Contains(g.Members, person.Key) {
		t.Errorf("group %+v", g)
	}
	if e := entry(t, l, "publish", "Công báo tỉnh"); e.Address != "" {
		t.Errorf("place %+v", e)
	}

	tag := head.Get("ETag")
	if status, again, _ := listing(t, s, c, tag, true); status != http.StatusNotModified || again.Get("ETag") != tag {
		t.Errorf("unchanged: %d %q", status, again.Get("ETag"))
	}
	if status, _, plain := listing(t, s, c, "", false); status != http.StatusOK || len(plain.Entries) != len(l.Entries) {
		t.Errorf("without gzip: %d, %d entries", status, len(plain.Entries))
	}
	for what, change := range map[string]func() error{
		"member out": func() error { return s.Admin.DropMembers(ctx, "các sở, ban, ngành của tỉnh", []string{p.Wire}) },
		"name out":   func() error { return s.Admin.DropNames(ctx, "kh&đt", []string{"STP"}) },
		"entry out":  func() error { return s.Admin.DropEntry(ctx, "publish", "Công báo tỉnh") },
		"member in": func() error {
			return s.Admin.AddMembers(ctx, "Các Sở, ban, ngành của tỉnh", []string{"vpubnd"})
		},
		"person": func() error { _, err := s.Admin.AddPerson(ctx, "Lê Hà", "vpubnd", "Kế toán"); return err },
	} {
		if err := change(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		status, head, _ := listing(t, s, c, tag, true)
		if status != http.StatusOK {
			t.Errorf("%s is not seen", what)
		}
		tag = head.Get("ETag")
	}
	s.Restart() // the tag says what the content is, not how often it was made
	if status, _, _ := listing(t, s, office(t, s), tag, true); status != http.StatusNotModified {
		t.Errorf("after a restart: %d", status)
	}
}

func TestDirectoryRefusals(t *testing.T) {
	s := servertest.Start(t)
	ctx := t.Context()
	s.Person("Trần Văn Hùng", "kh&đt")
	s.Person("Trần Văn Hùng", "kh&đt")
	group := server.Entry{Kind: "group", Name: "Nhóm"}
	if err := s.Admin.AddEntry(ctx, group); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		err  error
		kind mail.FaultKind
	}{
		"twice":          {s.Admin.AddEntry(ctx, group), mail.Conflict},
		"namesakes":      {s.Admin.AddMembers(ctx, "Nhóm", []string{"Trần Văn Hùng"}), mail.Conflict},
		"stranger":       {s.Admin.AddMembers(ctx, "Nhóm", []string{"Sở Hàng hải"}), mail.BadAddress},
		"in itself":      {s.Admin.AddMembers(ctx, "Nhóm", []string{"nhóm"}), mail.BadSettings},
		"no group":       {s.Admin.AddMembers(ctx, "Khác", []string{"kh&đt"}), mail.BadAddress},
		"no member":      {s.Admin.DropMembers(ctx, "Nhóm", []string{"kh&đt"}), mail.BadAddress},
		"no name":        {s.Admin.DropNames(ctx, "kh&đt", []string{"STP"}), mail.BadAddress},
		"empty name":     {s.Admin.AddNames(ctx, "kh&đt", []string{"  "}), mail.BadSettings},
		"post alone":     {s.Admin.AddEntry(ctx, server.Entry{Kind: "post", Name: "Giám đốc"}), mail.BadSettings},
		"kind":           {s.Admin.AddEntry(ctx, server.Entry{Kind: "unit", Name: "Sở"}), mail.BadSettings},
		"half is no add": {s.Admin.AddEntry(ctx, server.Entry{Kind: "group", Name: "Hai", Members: []string{"kh&đt", "ai"}}), mail.BadAddress},
	} {
		if mail.KindOf(c.err) != c.kind {
			t.Errorf("%s: %v, want %s", what, c.err, c.kind)
		}
	}
	if list, err := s.Admin.Entries(ctx, "group"); err != nil || len(list) != 1 || len(list[0].Members) != 0 {
		t.Errorf("%+v %v", list, err)
	}
}

// BenchmarkListing makes the listing of a directory of 50,000 people anew and serves it.
func BenchmarkListing(b *testing.B) {
	s := servertest.Start(b)
	if _, err := s.Admin.AddUnit(b.Context(), "Sở Nội vụ", "nv"); err != nil {
		b.Fatal(err)
	}
	given := strings.Fields("An Bình Chi Dung Giang Hà Khánh Lan Minh Nga Oanh Phúc Quân Sơn Tâm Uyên Vinh Xuân Yến")
	names := make(chan string)
	mail.Go("names", func() {
		defer close(names)
		for i := range 50000 {
			names <- fmt.Sprintf("Phạm %s %s %s", given[i%19], given[i/19%19], given[i/361%19])
		}
	})
	done := make(chan error, 32)
	for range cap(done) {
		mail.Go("people", func() {
			var err error
			for n := range names {
				if err == nil {
					_, err = s.Admin.AddPerson(b.Context(), n, "nv", "Chuyên viên")
				}
			}
			done <- err
		})
	}
	for range cap(done) {
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	tr := &http.Transport{TLSClientConfig: s.TLS()}
	defer tr.CloseIdleConnections()
	c := &http.Client{Transport: tr}
	for i := 0; b.Loop(); i++ {
		if err := s.Admin.AddNames(b.Context(), "nv", []string{fmt.Sprint("SNV", i)}); err != nil {
			b.Fatal(err)
		}
		r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, s.Office+api.PathListing, nil)
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "gzip")
		resp, err := c.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.Copy(io.Discard, resp.Body)
		if cerr := resp.Body.Close(); err != nil || cerr != nil {
			b.Fatal(err, cerr)
		}
		b.ReportMetric(float64(n), "octets")
	}
}

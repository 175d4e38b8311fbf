// Package api holds the JSON shapes of the office functions that client and server both speak.
//
// Laws: shapes only, no behaviour; a field is never renamed or given another meaning, only added; no secret in a URL.
package api

// Paths of the office API below the base URL, all HTTPS.
const (
	PathInfo      = "/api/v1/info"      // GET, no login: Info
	PathPassword  = "/api/v1/password"  // POST PasswordChange → 204 or Problem
	PathDirectory = "/api/v1/directory" // GET ?q=…&limit=…, no login (QC 6): Directory
	PathListing   = "/api/v1/listing"   // GET, no login (QC 6), ETag and If-None-Match: Listing or 304
	PathHealth    = "/healthz"
	PagePassword  = "/doi-mat-khau" // the same change as a plain HTML form
)

// Info says who serves and how.
type Info struct {
	Product string   `json:"product"` // "hopthu-server"
	Version string   `json:"version"`
	Domain  string   `json:"domain"`
	IMAP    Endpoint `json:"imap"`
	SMTP    Endpoint `json:"smtp"`
}

// Endpoint is one door.
type Endpoint struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Security string `json:"security"` // "tls" or "starttls"
}

// PasswordChange changes one's own password (QC 13.1). The old one is the proof; no session is needed.
type PasswordChange struct {
	Login string `json:"login"` // either spelling of the address
	Old   string `json:"old"`
	New   string `json:"new"` // NFC
}

// Problem is every error answer: HTTP status and a code that the client turns into words.
type Problem struct {
	Code   string `json:"code"`           // a mail.FaultKind
	Rule   string `json:"rule,omitempty"` // which password rule, for "weak-password"; at the office why: "token", "taken", "frozen", "scope" …
	Text   string `json:"text"`           // Vietnamese, for people without our client
	TextEN string `json:"text_en"`
	Retry  int    `json:"retry_seconds,omitempty"`
}

// Directory is an answer of the public directory (QC 6): only what is published.
type Directory struct {
	Entries []Entry `json:"entries"`
	More    bool    `json:"more"`
}

// Entry is one person or agency.
type Entry struct {
	Name     string   `json:"name"`
	Post     string   `json:"post,omitempty"`
	Unit     string   `json:"unit"`
	UnitPath []string `json:"unit_path,omitempty"`
	Address  string   `json:"address"` // regulation spelling
	Wire     string   `json:"wire"`    // wire spelling (D1)
	Kind     string   `json:"kind"`    // "công vụ" or "cá nhân"
	State    string   `json:"state"`   // "hoạt động", "khóa"
}

// Listing is the whole public directory as a client keeps it: for completion, and to resolve the Nơi nhận of a document
// (QC 6, 7.1a). Only what is published stands in it.
type Listing struct {
	Domain  string   `json:"domain"`
	Entries []Listed `json:"entries"`
}

// Listed is one entry of the Listing.
type Listed struct {
	Key     string   `json:"key"`  // stable name of the entry
	Kind    string   `json:"kind"` // "unit", "person", "group", "post", "publish"
	Name    string   `json:"name"`
	Aliases []string `json:"aliases,omitempty"` // other names and abbreviations
	Address string   `json:"address,omitempty"` // regulation spelling; "" for groups and places of publication
	Wire    string   `json:"wire,omitempty"`
	Unit    string   `json:"unit,omitempty"` // of a person or post: the unit's name
	Post    string   `json:"post,omitempty"`
	Members []string `json:"members,omitempty"` // of a group: keys
}

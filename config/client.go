package config

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// Client is client.toml. Zero values are filled by Defaults.
type Client struct {
	Language   string   `toml:"language" comment:"vi or en"`
	Theme      string   `toml:"theme" comment:"dark, light, contrast, mono"`
	ASCII      bool     `toml:"ascii" comment:"marks in plain letters"`
	Mouse      bool     `toml:"mouse"`
	Notify     string   `toml:"notify" comment:"off, bell, osc9, osc777"`
	Undo       Duration `toml:"undo" comment:"time to take a sent letter back"`
	Editor     string   `toml:"editor" comment:"external editor; empty: $VISUAL, then $EDITOR"`
	ReplyDays  int      `toml:"reply_days" comment:"working days to answer in"`
	Downloads  string   `toml:"downloads" comment:"where attachments are saved"`
	View       string   `toml:"view" comment:"flat or conversations"`
	CheckFiles bool     `toml:"check_files" comment:"ask when an announced attachment is missing"`
	Typing     string   `toml:"typing" comment:"Vietnamese without an input method: off, telex, telex-w, vni, viqr"`
	Tones      string   `toml:"tones" comment:"old (hòa, thúy) or new (hoà, thuý)"`
	Days       []Day    `toml:"day,omitempty"`

	StrictOutside bool `toml:"strict_outside" comment:"block a mention of secrecy to recipients outside the system; false: ask"`

	Accounts []Account `toml:"account"`
}

// Day is one [[day]] of client.toml: a day on which the agency rests, or works, unlike the administration's calendar.
type Day struct {
	Date string `toml:"date" comment:"2026-12-22"`
	Name string `toml:"name"`
	Work bool   `toml:"work,omitempty" comment:"true: worked on; else a day of rest"`
}

// Account is one [[account]] of client.toml. Passwords are not in it.
type Account struct {
	ID        string   `toml:"id"`
	Address   string   `toml:"address"`
	Login     string   `toml:"login"`
	Name      string   `toml:"name"`
	Agency    string   `toml:"agency,omitempty"`
	Official  bool     `toml:"official,omitempty"`
	Aliases   []string `toml:"aliases,omitempty"`
	IMAP      Endpoint `toml:"imap"`
	SMTP      Endpoint `toml:"smtp"`
	Office    string   `toml:"office,omitempty"`
	CAFile    string   `toml:"ca_file,omitempty"`
	Signature string   `toml:"signature,omitempty,multiline"`

	// An agency's box that another account opens (QC 14.1): kept so that it can be read without the network. The program writes it.
	As     string    `toml:"as,omitempty" comment:"wire address of an agency's box that the account holder opens"`
	Holder string    `toml:"holder,omitempty" comment:"id of the account whose password opens it"`
	Scope  string    `toml:"scope,omitempty" comment:"doc, tra-loi, phat-hanh, quan-ly or thu-truong"`
	Until  time.Time `toml:"until,omitempty"`
	// A box that several people open under one password, on a server without delegations.
	Shared bool   `toml:"shared,omitempty" comment:"several people work in this box; they agree by IMAP keywords"`
	Person Person `toml:"person,omitempty" comment:"who of them sits here"`
}

// Person is who works in an agency's box.
type Person struct {
	Name string `toml:"name,omitempty"`
	Addr string `toml:"addr,omitempty"`
	Post string `toml:"post,omitempty"`
}

// Endpoint is one server of an account.
type Endpoint struct {
	Host     string `toml:"host"`
	Port     int    `toml:"port"`
	Security string `toml:"security" comment:"tls or starttls"`
}

// Duration is a time.Duration written as "10s".
type Duration time.Duration

// UnmarshalText reads "10s", "1m30s".
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	if err != nil {
		return fmt.Errorf("not a time like \"10s\": %w", err)
	}
	*d = Duration(v)
	return nil
}

// MarshalText writes it the same way.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// Defaults are the settings of a new person.
func Defaults() Client {
	return Client{
		Language: "vi", Theme: "dark", Mouse: true, Notify: "bell", Undo: Duration(10 * time.Second),
		ReplyDays: 5, View: "flat", CheckFiles: true, Typing: "telex", Tones: "old",
	}
}

// LoadClient reads path over the defaults; a missing file is no error. The answer has been checked.
func LoadClient(path string) (Client, error) {
	c := Defaults()
	err := Read(path, &c)
	if errors.Is(err, os.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	if err := c.check(); err != nil {
		return c, &Error{File: path, Line: lineOf(path, err.key), What: err.Error(), Err: err}
	}
	return c, nil
}

// Save checks c and writes it to path.
func (c Client) Save(path string) error {
	if err := c.check(); err != nil {
		return &Error{File: path, What: err.Error(), Err: err}
	}
	return Write(path, c)
}

// badValue is a setting whose value is not allowed.
type badValue struct{ key, what string }

func (b *badValue) Error() string { return b.key + ": " + b.what }

func (c Client) check() *badValue {
	for _, e := range []struct {
		key, val string
		allowed  []string
	}{
		{"language", c.Language, []string{"vi", "en"}},
		{"theme", c.Theme, []string{"dark", "light", "contrast", "mono"}},
		{"notify", c.Notify, []string{"off", "bell", "osc9", "osc777"}},
		{"view", c.View, []string{"flat", "conversations"}},
		{"typing", c.Typing, []string{"off", "telex", "telex-w", "vni", "viqr"}},
		{"tones", c.Tones, []string{"old", "new"}},
	} {
		if !slices.Contains(e.allowed, e.val) {
			return &badValue{e.key, fmt.Sprintf("%q is not one of %s", e.val, strings.Join(e.allowed, ", "))}
		}
	}
	if d := time.Duration(c.Undo); d < 0 || d > 10*time.Minute {
		return &badValue{"undo", "must lie between 0s and 10m"}
	}
	if c.ReplyDays < 1 || c.ReplyDays > 60 {
		return &badValue{"reply_days", "must lie between 1 and 60"}
	}
	days := map[string]bool{}
	for _, d := range c.Days {
		if _, err := time.Parse(time.DateOnly, d.Date); err != nil || days[d.Date] {
			return &badValue{"date", fmt.Sprintf("%q is not a day of its own like \"2026-12-22\"", d.Date)}
		}
		if strings.TrimSpace(d.Name) == "" {
			return &badValue{"name", "the day " + d.Date + " needs a name"}
		}
		days[d.Date] = true
	}
	seen, own := map[string]bool{}, map[string]bool{}
	for _, a := range c.Accounts {
		own[a.ID] = a.As == ""
	}
	for _, a := range c.Accounts {
		switch {
		case a.As != "" && !own[a.Holder]:
			return &badValue{"holder", fmt.Sprintf("%q is not the id of an account of one's own", a.Holder)}
		case a.As != "" && !slices.Contains([]string{"doc", "tra-loi", "phat-hanh", "quan-ly", "thu-truong"}, a.Scope):
			return &badValue{"scope", fmt.Sprintf("%q is not one of doc, tra-loi, phat-hanh, quan-ly, thu-truong", a.Scope)}
		case a.Shared && !strings.Contains(a.Person.Addr, "@"):
			return &badValue{"person", "a box that several people open needs the address of the one who sits here"}
		case a.ID == "" || seen[a.ID]:
			return &badValue{"id", "every account needs an id of its own"}
		case !strings.Contains(a.Address, "@"):
			return &badValue{"address", fmt.Sprintf("%q is not an address", a.Address)}
		}
		seen[a.ID] = true
		for _, e := range []Endpoint{a.IMAP, a.SMTP} {
			if e.Host == "" || e.Port < 1 || e.Port > 65535 {
				return &badValue{"host", "account " + a.ID + " needs a host, and a port from 1 to 65535"}
			}
			if e.Security != "tls" && e.Security != "starttls" {
				return &badValue{"security", fmt.Sprintf("%q is neither tls nor starttls", e.Security)}
			}
		}
	}
	return nil
}

// lineOf finds the first line of the file that sets key.
func lineOf(path, key string) int {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for i, line := range strings.Split(string(b), "\n") {
		name, _, ok := strings.Cut(strings.TrimSpace(line), "=")
		if ok && strings.TrimSpace(name) == key {
			return i + 1
		}
	}
	return 0
}

package province

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
)

// writer collects letters; the first error stops it.
type writer struct {
	now   time.Time
	owner string // name of the person or unit whose box the letters go to
	book  Book
	rnd   *rand.Rand
	out   []Letter
	n     int
	err   error
}

func (w *writer) sort() {
	slices.SortStableFunc(w.out, func(a, b Letter) int { return cmp.Compare(a.Received.Unix(), b.Received.Unix()) })
}

// at is a moment in the past at a believable hour: days back, and the hour and minute of that day.
func (w *writer) at(days, hour, minute int) time.Time {
	d := w.now.AddDate(0, 0, -days)
	t := time.Date(d.Year(), d.Month(), d.Day(), hour, minute, (w.n*7)%60, 0, w.now.Location())
	if t.After(w.now) {
		t = w.now.Add(-time.Duration(1+w.n%50) * time.Minute)
	}
	return t
}

// note is a letter in short.
type note struct {
	from    string // name in the book, or "Name <address>" for outsiders
	to, cc  []string
	subject string
	body    string
	files   []letter.File
	when    time.Time
	role    mail.Role
	flags   mail.Flags
	answers string   // Message-ID
	refs    []string // older Message-IDs
	head    []mail.Field
}

func (w *writer) person(s string) mail.Address {
	if name, rest, ok := strings.Cut(s, " <"); ok {
		return mail.Address{Name: name, Addr: strings.TrimSuffix(rest, ">")}
	}
	return w.book.Addr(s)
}

// id is the Message-ID of the next letter from someone.
func (w *writer) id(from string) string {
	w.n++
	return fmt.Sprintf("%d.%04d@%s", w.now.AddDate(0, 0, -40).Unix(), w.n, w.person(from).Domain())
}

// write adds a letter to the owner's box and returns its Message-ID.
func (w *writer) write(n note) string {
	id := w.id(n.from)
	if len(n.to) == 0 {
		n.to = []string{w.owner}
	}
	if n.role == "" {
		n.role = mail.RoleInbox
	}
	all := func(names []string) (out []mail.Address) {
		for _, s := range names {
			out = append(out, w.person(s))
		}
		return out
	}
	d := letter.Draft{
		From: w.person(n.from), To: all(n.to), Cc: all(n.cc), Subject: n.subject, Body: n.body, Attachments: n.files,
		MessageID: id, Date: n.when, InReplyTo: n.answers, References: n.refs, Header: n.head, UTF8: true,
	}
	var buf bytes.Buffer
	if err := letter.Write(&buf, d); err != nil && w.err == nil {
		w.err = fmt.Errorf("letter %d: %w", w.n, err)
	}
	w.keep(n.role, n.flags, n.when, buf.Bytes())
	return id
}

// raw adds a letter to the inbox whose bytes are given, lines ending in LF.
func (w *writer) raw(flags mail.Flags, when time.Time, text string) {
	w.n++
	w.keep(mail.RoleInbox, flags, when, []byte(strings.ReplaceAll(text, "\n", "\r\n")))
}

func (w *writer) keep(role mail.Role, flags mail.Flags, when time.Time, raw []byte) {
	w.out = append(w.out, Letter{Owner: w.owner, Role: role, Flags: flags, Received: when, Raw: raw})
}

// seen is the flag of older letters: read, except some.
func (w *writer) seen(days int) mail.Flags {
	if days > 2 || w.rnd.IntN(3) > 0 {
		return mail.Seen
	}
	return 0
}

func file(name, media string, data []byte) letter.File {
	return letter.File{Name: name, Type: media, Size: int64(len(data)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}}
}

// sign is the foot of an official letter with its recipients.
func sign(unit, who string) string {
	return "\n\nNơi nhận:\n- Như trên;\n- Lưu: VT, TH.\n\n" + unit + "\n" + who + "\n"
}

// date is "ngày 05 tháng 3 năm 2020" as Decree 30/2020 writes it: days below 10 and months 1 and 2 with a zero.
func date(t time.Time) string {
	month := fmt.Sprintf("%d", t.Month())
	if t.Month() <= 2 {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", t.Day(), month, t.Year())
}

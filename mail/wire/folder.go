package wire

import (
	"bytes"
	"context"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-imap/v2"

	"hopthu/mail"
	"hopthu/mail/sync"
	"hopthu/mail/utf7"
	"hopthu/mail/viet"
)

const (
	maxFolders = 100_000
	maxName    = 4096 // octets of a folder's name; file systems end at 255 a part
)

// spelling is how a server writes mailbox names, which is not always what it promises.
type spelling uint8

const (
	spellUTF7  spelling = iota // modified UTF-7 (RFC 3501 5.1.3), without ENABLE
	spellUTF8                  // as they are (RFC 6855 3)
	spellAmp                   // UTF-8, but "&" is still "&-": go-imap's own server
	spellMixed                 // UTF-8 was agreed on, modified UTF-7 is what comes
)

// specialUse is RFC 6154 as far as hopthu gives it meaning.
var specialUse = map[imap.MailboxAttr]mail.Role{
	imap.MailboxAttrSent: mail.RoleSent, imap.MailboxAttrDrafts: mail.RoleDrafts, imap.MailboxAttrTrash: mail.RoleTrash,
	imap.MailboxAttrJunk: mail.RoleJunk, imap.MailboxAttrArchive: mail.RoleArchive,
}

// spells is the spelling in force.
func (s *session) spells() spelling {
	if !s.utf8 {
		return spellUTF7
	}
	return s.names
}

// decode turns a mailbox name from the wire into NFC. A name that is legal in no encoding is shown as well as can
// be; what the server must be given back is the wire name, always.
func (s *session) decode(wire string) string {
	name := wire
	switch s.spells() {
	case spellUTF7, spellMixed:
		if n, ok := utf7.Decode(wire); ok {
			name = n
		}
	case spellAmp:
		name = strings.ReplaceAll(wire, "&-", "&")
	}
	return viet.NFC(strings.ToValidUTF8(name, "\uFFFD"))
}

// encode writes a name that List has not seen.
func (s *session) encode(name string) string {
	if strings.EqualFold(name, "INBOX") {
		return "INBOX"
	}
	switch s.spells() {
	case spellUTF7, spellMixed:
		return utf7.Encode(name)
	case spellAmp:
		return strings.ReplaceAll(name, "&", "&-")
	}
	return name
}

// wireName is the name to give back to the server.
func (m *IMAP) wireName(s *session, name string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if w, ok := m.names[name]; ok {
		return w
	}
	return s.encode(name)
}

// listed is one LIST answer as it came.
type listed struct {
	wire, delim string
	attrs       []string
}

// List implements sync.Remote. Sizes come along where LIST-STATUS is offered (RFC 5819), uses where SPECIAL-USE is.
func (m *IMAP) List(ctx context.Context) ([]sync.RemoteFolder, error) {
	const op = "list folders"
	s, give, err := m.unsettled(ctx, op)
	if err != nil {
		return nil, err
	}
	defer give()
	var ret []string
	if s.has("LIST-EXTENDED") && s.has("SPECIAL-USE") {
		ret = append(ret, "SPECIAL-USE")
	}
	if s.has("LIST-STATUS") {
		items := "MESSAGES UNSEEN UIDNEXT UIDVALIDITY"
		if s.condStore() {
			items += " HIGHESTMODSEQ" // RFC 7162 3.1.8
		}
		ret = append(ret, "STATUS ("+items+")")
	}
	c := s.cmd("LIST", `""`, `"*"`)
	if len(ret) > 0 {
		c.raw("RETURN (" + strings.Join(ret, " ") + ")")
	}
	found, sizes, err := m.list(ctx, op, s, c)
	if err != nil && !s.dead && len(ret) > 0 { // an offer that the server does not keep
		found, sizes, err = m.list(ctx, op, s, s.cmd("LIST", `""`, `"*"`))
	}
	if err != nil {
		return nil, err
	}
	if s.utf8 {
		s.names = spellingOf(found)
	}
	names := make(map[string]string, len(found))
	out := make([]sync.RemoteFolder, 0, len(found))
	for _, f := range found {
		out = append(out, s.folder(f, sizes, names))
	}
	m.mu.Lock()
	m.names = names
	m.mu.Unlock()
	guessRoles(out)
	return out, nil
}

// folder makes the answer for one mailbox and notes its wire name.
func (s *session) folder(f listed, sizes map[string]counts, names map[string]string) sync.RemoteFolder {
	r := sync.RemoteFolder{Name: s.decode(f.wire), Delim: f.delim, Selectable: true, Messages: -1, Unseen: -1}
	if strings.EqualFold(f.wire, "INBOX") {
		r.Name, r.Role = "INBOX", mail.RoleInbox
	}
	for taken := true; taken; { // two wire names with one NFC form stay two folders
		if _, taken = names[r.Name]; taken {
			r.Name += "\uFFFD"
		}
	}
	names[r.Name] = f.wire
	for _, a := range f.attrs {
		switch {
		case strings.EqualFold(a, string(imap.MailboxAttrNoSelect)), strings.EqualFold(a, string(imap.MailboxAttrNonExistent)):
			r.Selectable = false
		default:
			for attr, role := range specialUse {
				if strings.EqualFold(a, string(attr)) {
					r.Role = role
				}
			}
		}
	}
	if n, ok := sizes[f.wire]; ok {
		r.Messages, r.Unseen, r.UIDValidity, r.UIDNext, r.HighestModSeq = n.messages, n.unseen, n.validity, n.next, n.modseq
	}
	return r
}

// list runs a LIST command and gathers LIST and STATUS answers.
func (m *IMAP) list(ctx context.Context, op string, s *session, c *command) (found []listed, sizes map[string]counts, err error) {
	sizes = map[string]counts{}
	seen := map[string]bool{}
	c.on = func(name string, r *reply, at int) error {
		if name != "LIST" && name != "STATUS" {
			return nil
		}
		t, err := r.tokenize(at)
		if err != nil {
			return err
		}
		if name == "STATUS" {
			if len(t) > 2 && t[1].kind == open {
				sizes[string(t[0].text)] = countsOf(t[1:])
			}
			return nil
		}
		if len(t) < 4 || t[0].kind != open || t[0].next+1 >= len(t) {
			return broken("LIST that cannot be read")
		}
		f := listed{}
		for _, a := range t[1 : t[0].next-1] {
			if a.kind == atom {
				f.attrs = append(f.attrs, string(a.text))
			}
		}
		if d := t[t[0].next]; d.kind == quoted {
			f.delim = string(d.text)
		}
		f.wire = string(t[t[0].next+1].text)
		if rest := t[t[0].next+1:]; rest[0].kind == atom && len(rest) > 1 && rest[1].kind != open {
			f.wire = unquotedName(r.text[at:])
		}
		if f.wire == "" || seen[f.wire] || len(f.wire) > maxName {
			return nil
		}
		if len(found) == maxFolders {
			return broken("more than %d folders", maxFolders)
		}
		seen[f.wire] = true
		found = append(found, f)
		return nil
	}
	err = s.run(ctx, op, s.d.limits.Command, 3, oneByOne(s.owing(m.wondering(s, c)...)))
	return found, sizes, err
}

// unquotedName is the name in a LIST answer whose server forgot the quotes around one with spaces: all that stands
// behind the attributes and the delimiter.
func unquotedName(text []byte) string {
	_, rest, _ := bytes.Cut(text, []byte(")"))
	rest = bytes.TrimLeft(rest, " ")
	_, name, _ := bytes.Cut(rest, []byte(" "))
	return string(name)
}

// counts is what STATUS tells of a mailbox.
type counts struct {
	messages, unseen int
	validity         uint32
	next             mail.UID
	modseq           uint64
}

// countsOf reads the list of a STATUS answer.
func countsOf(t []token) counts {
	most := func(key string) uint32 { return uint32(min(max(number(t, key), 0), math.MaxUint32)) } //nolint:gosec // bounded
	return counts{
		messages: number(t, "MESSAGES"), unseen: number(t, "UNSEEN"), validity: most("UIDVALIDITY"), next: mail.UID(most("UIDNEXT")),
		modseq: uint64(max(number(t, "HIGHESTMODSEQ"), 0)), //nolint:gosec // not negative
	}
}

// number finds KEY n in a parenthesised list; -1 if it is not there.
func number(t []token, key string) int {
	for i := 1; i+1 < t[0].next; i += 2 {
		if equalFold(t[i].text, key) {
			if n, err := strconv.Atoi(string(t[i+1].text)); err == nil {
				return n
			}
		}
	}
	return -1
}

// spellingOf finds out how a server in UTF-8 mode writes names in truth. One bare "&" proves UTF-8; "&-" and nothing
// else is go-imap's habit, against RFC 6855 3; whole words of modified UTF-7 without one 8-bit name are a server that
// agreed to UTF-8 and went on as before.
func spellingOf(found []listed) spelling {
	seen := spellUTF8
	for _, f := range found {
		if !isASCII(f.wire) {
			return ampOnly(found)
		}
		if !strings.Contains(f.wire, "&") {
			continue
		}
		if _, ok := utf7.Decode(f.wire); !ok {
			return spellUTF8
		}
		if strings.Count(f.wire, "&") > strings.Count(f.wire, "&-") {
			seen = spellMixed
		} else if seen == spellUTF8 {
			seen = spellAmp
		}
	}
	return seen
}

// ampOnly is spellingOf for a list with 8-bit names in it.
func ampOnly(found []listed) spelling {
	seen := spellUTF8
	for _, f := range found {
		n := strings.Count(f.wire, "&")
		switch {
		case n > strings.Count(f.wire, "&-"):
			return spellUTF8
		case n > 0:
			seen = spellAmp
		}
	}
	return seen
}

// roleNames are usual names, folded, of folders on servers that do not tell their use.
var roleNames = map[string]mail.Role{
	"sent": mail.RoleSent, "sent items": mail.RoleSent, "sent messages": mail.RoleSent, "sent mail": mail.RoleSent, "da gui": mail.RoleSent, "thu da gui": mail.RoleSent,
	"drafts": mail.RoleDrafts, "thu nhap": mail.RoleDrafts, "ban nhap": mail.RoleDrafts,
	"trash": mail.RoleTrash, "deleted items": mail.RoleTrash, "deleted messages": mail.RoleTrash, "thung rac": mail.RoleTrash, "thu da xoa": mail.RoleTrash,
	"junk": mail.RoleJunk, "spam": mail.RoleJunk, "junk e-mail": mail.RoleJunk, "thu rac": mail.RoleJunk,
	"archive": mail.RoleArchive, "archives": mail.RoleArchive, "luu tru": mail.RoleArchive,
}

// guessRoles gives each role that no folder has to the first folder whose last name part says so.
func guessRoles(all []sync.RemoteFolder) {
	have := map[mail.Role]bool{}
	for _, f := range all {
		have[f.Role] = true
	}
	for i := range all {
		f := &all[i]
		if f.Role != mail.RoleNone || !f.Selectable {
			continue
		}
		last := f.Name
		if f.Delim != "" {
			last = last[strings.LastIndex(last, f.Delim)+1:]
		}
		if r, ok := roleNames[viet.Fold(last)]; ok && !have[r] {
			f.Role, have[r] = r, true
		}
	}
}

// Create implements sync.Remote.
func (m *IMAP) Create(ctx context.Context, name string) error {
	const op = "create folder"
	s, give, err := m.session(ctx, op)
	if err != nil {
		return err
	}
	defer give()
	if name = viet.NFC(name); name == "" || !utf8.ValidString(name) || strings.ContainsAny(name, "\r\n\x00") {
		return &mail.Fault{Kind: mail.Refused, Op: op, Detail: "bad folder name"}
	}
	wire := s.encode(name)
	c := s.cmd("CREATE").str(wire)
	err = s.one(ctx, op, c)
	if err != nil && !s.dead && s.spells() == spellUTF8 && strings.Contains(name, "&") && c.done != nil &&
		(c.done.kind == "BAD" || c.done.code == "SERVERBUG" || c.done.code == "CLIENTBUG" || c.done.code == "CANNOT") {
		s.names = spellAmp // see spellingOf: that server cannot read the name as it should be written
		wire = s.encode(name)
		if err = s.one(ctx, op, s.cmd("CREATE").str(wire)); err != nil {
			s.names = spellUTF8
		}
	}
	if err == nil {
		m.mu.Lock()
		m.names[name] = wire
		m.mu.Unlock()
	}
	return err
}

// Select implements sync.Remote.
func (m *IMAP) Select(ctx context.Context, name string) (sync.FolderStatus, error) {
	return m.opened(ctx, selectVerb, name, nil)
}

// Examine is Select for reading only: nothing changes at the server (RFC 9051 6.3.3).
func (m *IMAP) Examine(ctx context.Context, name string) (sync.FolderStatus, error) {
	return m.opened(ctx, "EXAMINE", name, nil)
}

// SelectSince implements sync.Remote: SELECT and FETCH leave together, and a folder that does not open answers both.
func (m *IMAP) SelectSince(ctx context.Context, name string, since uint64, each func(sync.RemoteFlags) error) (sync.FolderStatus, error) {
	var failed error
	st, err := m.opened(ctx, selectVerb, name, func(s *session, ready func() bool) *command {
		if !s.condStore() || since == 0 {
			return nil
		}
		c := s.cmd("UID", "FETCH", "1:*", "(UID FLAGS)", "(CHANGEDSINCE "+strconv.FormatUint(since, 10)+")")
		c.soft = true // a folder without MODSEQ: its status says so
		c.on = func(name string, r *reply, at int) error {
			if name != "FETCH" || failed != nil || !ready() {
				return nil //nolint:nilerr // it is handed on when the answer is complete
			}
			f, err := s.fetched(r, at)
			if err != nil || !f.hasFlags || f.UID == 0 {
				return err
			}
			failed = each(f.RemoteFlags)
			return nil
		}
		return c
	})
	if err != nil {
		return st, err
	}
	return st, callerFault("open folder", failed)
}

// opened opens a folder by SELECT or EXAMINE, with one more command in the same breath where more makes one.
func (m *IMAP) opened(ctx context.Context, verb, name string, more func(s *session, ready func() bool) *command) (sync.FolderStatus, error) {
	const op = "open folder"
	take := m.session
	if neutral(name) {
		take = m.unsettled
	}
	s, give, err := take(ctx, op)
	if err != nil {
		return sync.FolderStatus{}, err
	}
	defer give()
	if early := s.early; early != nil && early.wire == m.wireName(s, name) && verb == selectVerb && more == nil {
		s.early, s.fresh = nil, true
		return early.status(op)
	}
	o := s.opening(verb, m.wireName(s, name))
	c := o.c
	cmds := []*command{c}
	if more != nil {
		if x := more(s, func() bool { return c.done != nil && c.done.kind == "OK" }); x != nil {
			cmds = append(cmds, x)
		}
	}
	s.exists = 0
	limit := s.d.limits.Command
	if len(cmds) > 1 {
		limit = s.d.limits.Bulk
	}
	if err := s.run(ctx, op, limit, len(cmds)+1, oneByOne(s.owing(cmds...))); err != nil {
		return sync.FolderStatus{}, missingFolder(c, err)
	}
	s.fresh = len(cmds) == 1
	return o.status(op)
}

// selectVerb opens a folder for reading and writing.
const selectVerb = "SELECT"

// opening is a folder that is being opened.
type opening struct {
	s    *session
	wire string
	c    *command
	st   sync.FolderStatus
}

// opening makes the command that opens a folder.
func (s *session) opening(verb, wire string) *opening {
	o := &opening{s: s, wire: wire, c: s.cmd(verb).str(wire)}
	if s.condStore() {
		o.c.raw("(CONDSTORE)")
	}
	o.c.told = func(t status) {
		n, err := strconv.ParseUint(t.args, 10, 64)
		if err != nil {
			return
		}
		switch t.code {
		case "UIDVALIDITY":
			o.st.UIDValidity = uint32(n)
		case "UIDNEXT":
			o.st.UIDNext = mail.UID(n)
		case "HIGHESTMODSEQ":
			o.st.HighestModSeq = n
		}
	}
	return o
}

// status is how the folder stands, once it is open.
func (o *opening) status(op string) (sync.FolderStatus, error) {
	o.st.ReadOnly = o.c.done.code == "READ-ONLY"
	o.st.Messages = int(o.s.exists)
	if o.st.UIDValidity == 0 {
		return sync.FolderStatus{}, o.s.fail(op, broken("no UIDVALIDITY"))
	}
	return o.st, nil
}

// missingFolder recognises a SELECT that failed because the folder is not there, from servers that say so without
// a code (Dovecot 2.3).
func missingFolder(c *command, err error) error {
	if c.done == nil || c.done.kind != "NO" || c.done.code != "" {
		return err
	}
	text := strings.ToLower(c.done.text)
	for _, sign := range []string{"exist", "no such", "not found", "unknown"} {
		if strings.Contains(text, sign) {
			f := *mail.AsFault("open folder", err)
			f.Kind = mail.NoFolder
			return &f
		}
	}
	return err
}

func equalFold(b []byte, s string) bool { return len(b) == len(s) && bytes.EqualFold(b, []byte(s)) }

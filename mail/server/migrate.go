package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
)

// Source is the box at another server that letters are fetched from, as cmd joins it. It is used by one goroutine at a
// time, and nothing there is changed. Every error carries a *mail.Fault; after LostConnection, NoAnswer or BadServer
// the connection is gone and Connect is called again.
type Source interface {
	// Connect dials, verifies TLS and logs in; it does nothing on a live connection.
	Connect(ctx context.Context) error
	Folders(ctx context.Context) ([]SourceFolder, error)
	// Open opens a folder for what follows, for reading only, and tells its UIDVALIDITY.
	Open(ctx context.Context, name string) (validity uint32, err error)
	// UIDs lists the letters of the open folder, ascending.
	UIDs(ctx context.Context) ([]mail.UID, error)
	// Describe tells of letters, in any order; one that is gone is left out.
	Describe(ctx context.Context, uids []mail.UID, each func(SourceLetter) error) error
	// Bodies hands out whole letters, byte for byte; those beyond most octets in all may be left out.
	Bodies(ctx context.Context, uids []mail.UID, most int64, each func(mail.UID, []byte) error) error
	// Body writes one whole letter.
	Body(ctx context.Context, uid mail.UID, w io.Writer) error
}

// SourceFolder is one folder at the other server.
type SourceFolder struct {
	Name, Delim string // NFC; Delim "" is a folder without levels
	Role        mail.Role
	NoLetters   bool // it cannot be opened
}

// SourceLetter is what the other server tells of a letter.
type SourceLetter struct {
	UID      mail.UID
	Flags    []string
	Received time.Time // INTERNALDATE; zero is unknown
	Size     int64
}

// Migration is the move of one box from another server.
type Migration struct {
	Box    string   // address here
	From   Source   //
	Name   string   // of the box there, the same at each run: how far it has come is kept under it
	Folder string   // "" is each folder into its own, else all below this one
	Skip   []string // folders there that stay there, each with what is below it
	Told   func(MigrationStep)
}

// MigrationStep tells how far a Migration has come.
type MigrationStep struct {
	From, To        string // folder there and here
	Folder, Folders int    // number of this folder, of all
	Letter, Letters int    // letters of this folder that are dealt with, of all that were to be
	Fetched         int    // letters in all
	Bytes           int64  // octets in all
	Again           error  // the connection was lost, and is made again after a while
	AgainIn         time.Duration
}

// Migrated is what a Migration did, also when it was stopped.
type Migrated struct {
	Folders []MigratedFolder
	Left    []LeftThere // all that was ever left, and is there still
	Bytes   int64
}

// MigratedFolder is one folder of a Migrated.
type MigratedFolder struct {
	From, To string
	Letters  int // fetched by this run
	Already  int // its folder here held them before, byte for byte
	Keywords int // keywords that cannot be kept here
	Err      error
}

// LeftThere is a letter that was not taken, and why: a code ("too-big", "no-body", "connection", "refused"), after a
// colon what the server said.
type LeftThere struct {
	From   string
	UID    mail.UID
	Size   int64
	Reason string
}

// Letters counts the letters that this run fetched.
func (m Migrated) Letters() (n int) {
	for _, f := range m.Folders {
		n += f.Letters
	}
	return n
}

const (
	moveChunk  = 256 // letters that are described at once
	moveTries  = 12  // failures one after another without a letter fetched, after which it gives up
	moveBlame  = 3   // times that the connection may be lost at a letter that is fetched alone
	moveLetter = 1 << 20
	longestNap = 45 * time.Second
)

// Migrate fetches a box from another server: every letter byte for byte with its flags and INTERNALDATE, each exactly
// once. How far it has come is on disk together with the letters, so a Migrate that was stopped in any way goes on when it
// is run again, and one that was done fetches what is new. A letter that its folder here held, byte for byte, when the
// move began is not put in again. Letters that are left are tried once more at each run.
func (a *Admin) Migrate(ctx context.Context, m Migration) (out Migrated, err error) {
	b, err := a.s.reg.Lookup(ctx, m.Box)
	if err != nil {
		return out, err
	}
	if m.Told == nil {
		m.Told = func(MigrationStep) {}
	}
	if err := a.s.reg.Note(ctx, admin, "migrate-begin", b.Wire, m.Name); err != nil {
		return out, err
	}
	mv := &mover{a: a, m: m, account: b.Account, out: &out}
	err = mv.all(ctx)
	end := context.WithoutCancel(ctx) // what was done is told however it ended
	return out, errors.Join(err, mv.tellLeft(end), a.noteCarry(end, "migrate", b.Wire, Carried{Letters: out.Letters(), Folders: len(out.Folders)}))
}

// mover is one Migrate under way.
type mover struct {
	a        *Admin
	m        Migration
	account  box.AccountID
	out      *Migrated
	folders  []string // there, that were looked at
	joined   bool     // a connection stood once
	progress bool     // something was fetched since the last failure
}

func (mv *mover) all(ctx context.Context) error {
	var found []SourceFolder
	err := mv.patiently(ctx, MigrationStep{}, func() (err error) {
		found, err = mv.m.From.Folders(ctx)
		return err
	})
	if err != nil {
		return err
	}
	list, err := mv.plan(ctx, found)
	if err != nil {
		return err
	}
	for i, f := range list {
		mv.folders = append(mv.folders, f.from)
		f.step = MigrationStep{From: f.from, To: f.to, Folder: i + 1, Folders: len(list)}
		mv.out.Folders = append(mv.out.Folders, MigratedFolder{From: f.from, To: f.to})
		f.mv, f.done = mv, &mv.out.Folders[len(mv.out.Folders)-1]
		if err := mv.patiently(ctx, f.step, func() error { return f.pass(ctx) }); err != nil {
			f.done.Err = err
			return err
		}
	}
	return nil
}

// patiently connects and runs fn, again and again while the connection is lost and something is fetched in between.
func (mv *mover) patiently(ctx context.Context, step MigrationStep, fn func() error) error {
	for tries := 1; ; tries++ {
		mv.progress = false
		err := mv.m.From.Connect(ctx)
		there := err == nil
		if there {
			mv.joined = true
			err = fn()
		}
		if err == nil || ctx.Err() != nil || !lost(err, mv.joined) {
			return err
		}
		if mv.progress {
			tries = 1
		}
		if tries >= moveTries {
			return err
		}
		step.Again, step.AgainIn = err, min(time.Duration(tries*tries)*time.Second, longestNap)
		mv.m.Told(step)
		mv.a.s.delay(ctx, step.AgainIn)
	}
}

// lost reports whether the same may do well later, over a new connection if need be.
func lost(err error, joined bool) bool {
	switch mail.KindOf(err) {
	case mail.NoServer, mail.TryLater:
		return joined
	}
	return cut(err)
}

// cut reports whether the connection has ended.
func cut(err error) bool {
	switch mail.KindOf(err) {
	case mail.LostConnection, mail.NoAnswer, mail.BadServer:
		return true
	}
	return false
}

// tellLeft gathers what is left there.
func (mv *mover) tellLeft(ctx context.Context) error {
	for _, name := range mv.folders {
		o, ok, err := mv.a.s.box.Origin(ctx, mv.account, mv.m.Name, name)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		for _, l := range o.Left {
			mv.out.Left = append(mv.out.Left, LeftThere{From: name, UID: l.UID, Size: l.Size, Reason: l.Reason})
		}
	}
	return nil
}

// plan chooses the folders and where each goes.
func (mv *mover) plan(ctx context.Context, found []SourceFolder) ([]*moveFolder, error) {
	here, err := mv.a.s.box.List(ctx, mv.account)
	if err != nil {
		return nil, err
	}
	roles := map[mail.Role]string{}
	for _, m := range here {
		if m.Role != mail.RoleNone {
			roles[m.Role] = m.Name
		}
	}
	names := namesHere(found, mv.m.Folder, roles)
	var list []*moveFolder
	for i, f := range found {
		skip := f.NoLetters || slices.ContainsFunc(mv.m.Skip, func(s string) bool {
			return f.Name == s || f.Delim != "" && strings.HasPrefix(f.Name, s+f.Delim)
		})
		if !skip {
			list = append(list, &moveFolder{from: f.Name, to: names[i], tried: map[mail.UID]bool{}, blame: map[mail.UID]int{}, chunk: moveChunk})
		}
	}
	return list, nil
}

// namesHere gives each folder there its name here: INBOX is INBOX, a folder with a use goes into ours of that use with
// all that is below it, any other keeps its levels. Servers that keep all below INBOX get that level taken off. What
// cannot stand in a name here is replaced, and two folders whose names become one are put together.
func namesHere(found []SourceFolder, into string, roles map[mail.Role]string) []string {
	strip := !slices.ContainsFunc(found, func(f SourceFolder) bool {
		return !strings.EqualFold(f.Name, box.Inbox) && (f.Delim == "" || !strings.HasPrefix(strings.ToUpper(f.Name), box.Inbox+f.Delim))
	})
	uses := map[string]string{} // name there → name here
	for _, f := range found {
		if to := roles[f.Role]; to != "" && into == "" {
			uses[f.Name] = to
		}
	}
	out := make([]string, len(found))
	for i, f := range found {
		if strings.EqualFold(f.Name, box.Inbox) {
			out[i] = under(into, box.Inbox)
			continue
		}
		parts := []string{f.Name}
		if f.Delim != "" {
			parts = strings.Split(f.Name, f.Delim)
		}
		out[i] = under(into, fitName(levelsHere(parts, f.Delim, strip, uses)))
	}
	return out
}

// levelsHere replaces the longest beginning of a name that has a use.
func levelsHere(parts []string, delim string, strip bool, uses map[string]string) []string {
	for n := len(parts); n > 0; n-- {
		if to, ok := uses[strings.Join(parts[:n], delim)]; ok {
			return append(strings.Split(to, string(box.Delim)), parts[n:]...)
		}
	}
	if strip && len(parts) > 1 {
		parts = parts[1:]
	}
	return parts
}

// fitName makes a name that can be from levels (box.CleanName).
func fitName(levels []string) string {
	const room = box.MaxName - 64 // below a folder of the admin's choice
	fit := make([]string, 0, len(levels))
	for _, l := range levels {
		l = strings.TrimSpace(strings.Map(func(r rune) rune {
			if _, err := box.CleanName("x" + string(r) + "x"); err != nil || r == box.Delim {
				return '_'
			}
			return r
		}, l))
		if l == "" {
			l = "_"
		}
		fit = append(fit, l)
	}
	if most := box.MaxDepth / 2; len(fit) > most {
		fit = append(fit[:most-1], strings.Join(fit[most-1:], "-"))
	}
	name := strings.Join(fit, string(box.Delim))
	if len(name) > room {
		name = strings.TrimRight(strings.ToValidUTF8(name[:room], ""), " "+string(box.Delim))
	}
	return name
}

// left is the note of a letter that stays there.
func left(l SourceLetter, code string, err error) box.Left {
	out := box.Left{UID: l.UID, Size: l.Size, Reason: code}
	var f *mail.Fault
	if errors.As(err, &f) && f.Detail != "" {
		out.Reason = fmt.Sprintf("%s: %.200s", code, f.Detail)
	}
	return out
}

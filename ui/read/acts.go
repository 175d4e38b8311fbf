// Package read has what the pages that show letters share: what can be done with letters, and how an opened letter is set.
//
// Laws: it draws and asks the desk only through commands; it is no page and knows none.
package read

import (
	"context"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/words"
)

// Selection is what an act works on.
type Selection struct {
	Account mail.AccountID
	Heads   []mail.Head     // as far as they are known
	IDs     []mail.LetterID // all of them
	Whole   bool            // each id stands for its conversation in its folder,
	Sole    []mail.LetterID // but for these, which stand for themselves
	Role    mail.Role       // of the folder shown
}

// home is the folder that all letters selected stand in, 0 when they do not, or it is not known of all.
func (s Selection) home() mail.FolderID {
	if len(s.Heads) == 0 || len(s.Heads) < len(s.IDs) {
		return 0
	}
	for _, h := range s.Heads {
		if h.Folder != s.Heads[0].Folder {
			return 0
		}
	}
	return s.Heads[0].Folder
}

// Acts does what keys.Letters offers.
type Acts struct {
	env frame.Env
	sel Selection // what the open question is about
}

// NewActs makes it for one page.
func NewActs(env frame.Env) *Acts { return &Acts{env: env} }

// Messages that come back to the page as Results.
type (
	movable struct {
		folders []mail.Folder
		err     error
	}
	moveTo  struct{ folder mail.Folder }
	excused struct{ reason string }
	erased  struct{}
	done    struct {
		say     func(count string) string
		n       int
		removed bool
		kept    bool // cannot be taken back by one key
		err     error
		op      string
	}
)

// Press does an act; false when id is none of these.
func (a *Acts) Press(id keys.ID, s Selection) (tea.Cmd, bool) {
	w := a.env.Words.Box
	if cmd, ok := a.work(id, s); ok {
		return cmd, true
	}
	switch id {
	case keys.Reply, keys.ReplyAll, keys.Forward, keys.Delete, keys.Archive, keys.Move, keys.Read, keys.Star, keys.Excuse, keys.Defer, keys.Later:
	default:
		return nil, false
	}
	if len(s.IDs) == 0 {
		return nil, true
	}
	n := a.env.Words.Count(len(s.IDs))
	switch id {
	case keys.Reply:
		return a.write(mail.DraftReply, s), true
	case keys.ReplyAll:
		return a.write(mail.DraftReplyAll, s), true
	case keys.Forward:
		return a.write(mail.DraftForward, s), true
	case keys.Delete:
		if s.Role == mail.RoleTrash {
			a.sel = s
			return frame.Send(frame.Ask{Dialog: dialog.Do(a.env, 0, words.Say(w.EraseTitle, n), w.EraseText, w.EraseYes, confirmErase)}), true
		}
		return a.run(s, said(w.Deleted), true, "delete", deleting), true
	case keys.Archive:
		return a.run(s, said(w.Archived), true, "archive", archiving), true
	case keys.Move:
		a.sel = s
		return a.env.Do(0, target{a.env.Desk, s.Account}.load), true
	case keys.Read:
		return a.toggle(s, mail.Seen, w.MarkedRead, w.MarkedUnread), true
	case keys.Star:
		return a.toggle(s, mail.Flagged, w.StarredOne, w.UnstarredOne), true
	}
	if id == keys.Defer {
		return a.putOff(s), true
	}
	if id == keys.Later {
		a.sel = s
		return frame.Send(frame.Ask{Dialog: newLater(a.env, s)}), true
	}
	a.sel = s
	return frame.Send(frame.Ask{Dialog: a.reasons()}), true
}

// putOff asks for another due date of those letters that await an answer.
func (a *Acts) putOff(s Selection) tea.Cmd {
	due := s
	due.IDs, due.Heads, due.Whole, due.Sole = nil, nil, false, nil // one answers a letter, not a conversation
	for _, h := range s.Heads {
		if h.Awaits {
			due.IDs, due.Heads = append(due.IDs, h.ID), append(due.Heads, h)
		}
	}
	if len(due.IDs) == 0 {
		return frame.Tell(frame.Note, a.env.Words.Reading.Defer.None)
	}
	a.sel = due
	return frame.Send(frame.Ask{Dialog: newPutOff(a.env, due)})
}

// said fills a sentence with the number of letters.
func said(format string) func(string) string {
	return func(count string) string { return words.Say(format, count) }
}

func moved(format, folder string) func(string) string {
	return func(count string) string { return words.Say(format, count, folder) }
}

func confirmErase(yes bool) tea.Msg {
	if yes {
		return erased{}
	}
	return nil
}

func (a *Acts) write(kind mail.DraftKind, s Selection) tea.Cmd {
	return frame.Go(frame.OpenCompose{Account: s.Account, Kind: kind, Origin: s.IDs[0]})
}

func (a *Acts) toggle(s Selection, f mail.Flags, on, off string) tea.Cmd {
	set := slices.ContainsFunc(s.Heads, func(h mail.Head) bool { return !h.Flags.Has(f) })
	if set {
		return a.run(s, said(on), false, "flag", flagging{set: f}.do)
	}
	return a.run(s, said(off), false, "flag", flagging{unset: f}.do)
}

func (a *Acts) reasons() frame.Dialog {
	w := a.env.Words.Box
	list := []string{w.Reasons0, w.Reasons1, w.Reasons2, w.Reasons3}
	items := make([]dialog.Item, len(list))
	for i, r := range list {
		items[i].Main = r
	}
	return dialog.Choose(a.env, 0, w.ExcuseTitle, a.env.Words.Dialog.FilterHint, items, func(i int) tea.Msg {
		if i < 0 {
			return nil
		}
		return excused{list[i]}
	})
}

// Take handles answers that belong to acts. removed says that the letters left the folder shown.
func (a *Acts) Take(msg tea.Msg) (cmd tea.Cmd, ok, removed bool) {
	w := a.env.Words.Box
	if cmd, ok := a.takeWork(msg); ok {
		return cmd, true, false
	}
	switch m := msg.(type) {
	case movable:
		if m.err != nil {
			return frame.Failed("list folders", m.err), true, false
		}
		return frame.Send(frame.Ask{Dialog: a.folders(m.folders)}), true, false
	case moveTo:
		return a.run(a.sel, moved(w.Moved, kit.Clean(FolderName(a.env.Words, m.folder))), true, "move", moving{m.folder.ID}.do), true, false
	case excused:
		return a.run(a.sel, said(w.Excused), false, "excuse", excusing(m).do), true, false
	case deferred:
		say := a.env.Words.Reading.Defer.Back
		if !m.due.IsZero() {
			say = fmt.Sprintf(a.env.Words.Reading.Defer.Done, a.env.Words.Day(m.due))
		}
		return a.run(a.sel, func(string) string { return say }, false, "set due", putting{m}.do), true, false
	case putLater:
		say := fmt.Sprintf(a.env.Words.Duty.Later.Done, a.env.Words.Day(m.day))
		return a.run(a.sel, func(string) string { return say }, false, opLater, puttingOff{m}.do), true, false
	case erased:
		return a.run(a.sel, said(w.Deleted), true, "delete", deleting), true, false
	case done:
		if m.err != nil {
			return frame.Failed(m.op, m.err), true, false
		}
		return frame.Send(frame.Say{Text: m.say(a.env.Words.Count(m.n)), Tone: frame.Good, Undo: !m.kept}), true, m.removed
	}
	return nil, false, false
}

func (a *Acts) folders(list []mail.Folder) frame.Dialog {
	w := a.env.Words
	var here []mail.Folder
	var items []dialog.Item
	tree := Tree(list)
	slices.SortStableFunc(tree, func(a, b Node) int { return unlikely(a) - unlikely(b) })
	for _, n := range tree {
		if !n.Folder.Selectable || n.Folder.ID == a.sel.home() {
			continue
		}
		here = append(here, n.Folder)
		items = append(items, dialog.Item{Main: FolderName(w, n.Folder), Also: n.Folder.Name})
	}
	return dialog.Choose(a.env, 0, words.Say(w.Box.MoveTitle, w.Count(len(a.sel.IDs))), w.Box.MoveHint, items, func(i int) tea.Msg {
		if i < 0 {
			return nil
		}
		return moveTo{here[i]}
	})
}

// unlikely puts the folders last that one hardly ever moves a letter to: Enter must not do that by accident.
func unlikely(n Node) int {
	if n.Folder.Role == mail.RoleDrafts || n.Folder.Role == mail.RoleSent {
		return 1
	}
	return 0
}

// FolderName is what a folder is called: by its role, else by its own name.
func FolderName(w *words.Words, f mail.Folder) string {
	if s, ok := w.Roles[f.Role]; ok {
		return s
	}
	return f.Name
}

type target struct {
	desk    frame.Desk
	account mail.AccountID
}

func (t target) load(ctx context.Context) tea.Msg {
	list, err := t.desk.Folders(ctx, t.account)
	return movable{list, err}
}

// deed is an act on its way: outside the loop.
type deed struct {
	desk    frame.Desk
	sel     Selection
	say     func(count string) string
	op      string
	removed bool
	kept    bool
	what    func(context.Context, frame.Desk, []mail.LetterID) error
}

func (a *Acts) run(s Selection, say func(string) string, removed bool, op string, what func(context.Context, frame.Desk, []mail.LetterID) error) tea.Cmd {
	return a.env.Do(0, deed{a.env.Desk, s, say, op, removed, false, what}.do)
}

// agree is run for what is told to the other people of a box: it is not taken back by a key, but by another act.
func (a *Acts) agree(s Selection, say func(string) string, op string, what func(context.Context, frame.Desk, []mail.LetterID) error) tea.Cmd {
	return a.env.Do(0, deed{a.env.Desk, s, say, op, false, true, what}.do)
}

func (w deed) do(ctx context.Context) tea.Msg {
	ids, err := w.expand(ctx)
	if err == nil {
		err = w.what(ctx, w.desk, ids)
	}
	return done{say: w.say, n: len(ids), removed: w.removed, kept: w.kept, err: err, op: w.op}
}

// expand turns conversations into their letters in the folder of the one selected.
func (w deed) expand(ctx context.Context) ([]mail.LetterID, error) {
	if !w.sel.Whole {
		return w.sel.IDs, nil
	}
	var out []mail.LetterID
	for _, id := range w.sel.IDs {
		if slices.Contains(w.sel.Sole, id) {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
			continue
		}
		thread, err := w.desk.Thread(ctx, id)
		if err != nil {
			return nil, err
		}
		heads, err := w.desk.Heads(ctx, append([]mail.LetterID{id}, thread...))
		if err != nil {
			return nil, err
		}
		for _, h := range heads {
			if h.Folder == heads[0].Folder && !slices.Contains(out, h.ID) {
				out = append(out, h.ID)
			}
		}
	}
	return out, nil
}

func deleting(ctx context.Context, d frame.Desk, ids []mail.LetterID) error {
	return d.Delete(ctx, ids)
}

func archiving(ctx context.Context, d frame.Desk, ids []mail.LetterID) error {
	return d.Archive(ctx, ids)
}

type moving struct{ to mail.FolderID }

func (m moving) do(ctx context.Context, d frame.Desk, ids []mail.LetterID) error {
	return d.Move(ctx, ids, m.to)
}

type excusing struct{ reason string }

func (e excusing) do(ctx context.Context, d frame.Desk, ids []mail.LetterID) error {
	return d.Excuse(ctx, ids, e.reason)
}

type flagging struct{ set, unset mail.Flags }

func (f flagging) do(ctx context.Context, d frame.Desk, ids []mail.LetterID) error {
	return d.Flag(ctx, ids, f.set, f.unset)
}

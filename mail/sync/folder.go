package sync

import (
	"context"
	"fmt"
	"time"

	"hopthu/mail"
	"hopthu/mail/store"
)

// inboxName is what every server calls the inbox (RFC 9051 5.1).
const inboxName = "INBOX"

// roleNames are what a missing folder is called when it must be made.
var roleNames = map[mail.Role]string{
	mail.RoleSent: "Sent", mail.RoleDrafts: "Drafts", mail.RoleTrash: "Trash", mail.RoleArchive: "Archive", mail.RoleJunk: "Junk",
}

// Create makes a folder at the server and lists the folders again.
func (e *Engine) Create(ctx context.Context, name string) error {
	return e.ask(ctx, func(ctx context.Context) error {
		if err := e.remote.Create(ctx, name); err != nil {
			return err
		}
		return e.list(ctx)
	})
}

// Ensure makes sure that the account has a folder of this role: it asks the server for its folders before it makes one.
func (e *Engine) Ensure(ctx context.Context, role mail.Role) error {
	return e.ask(ctx, func(ctx context.Context) error {
		_, err := e.target(ctx, role)
		return err
	})
}

// target is the account's folder of a role. When none is known the server is asked for its folders, and one is made
// when it has none either.
func (e *Engine) target(ctx context.Context, role mail.Role) (mail.Folder, error) {
	known := func() (mail.Folder, bool, error) { return e.store.FolderByRole(ctx, e.account.ID, role) }
	f, ok, err := known()
	if err != nil || ok {
		return f, err
	}
	if err := e.list(ctx); err != nil {
		return f, err
	}
	if f, ok, err = known(); err != nil || ok {
		return f, err
	}
	name := roleNames[role]
	if err := e.remote.Create(ctx, name); err != nil {
		return f, err
	}
	if err := e.list(ctx); err != nil {
		return f, err
	}
	if f, ok, err = known(); err == nil && !ok {
		err = &mail.Fault{Kind: mail.NoFolder, Op: "find folder", Detail: name}
	}
	return f, err
}

func (e *Engine) list(ctx context.Context) error {
	remote, err := e.remote.List(ctx)
	if err != nil {
		return fmt.Errorf("list folders: %w", err)
	}
	specs := make([]store.FolderSpec, 0, len(remote))
	clear(e.stand)
	for _, r := range remote {
		if r.UIDNext != 0 && r.HighestModSeq != 0 {
			e.stand[r.Name] = r
		}
		specs = append(specs, store.FolderSpec{
			Name: r.Name, Delim: r.Delim, Role: r.Role, Selectable: r.Selectable, Remote: r.Messages,
			UIDValidity: r.UIDValidity, UIDNext: r.UIDNext, ModSeq: r.HighestModSeq,
		})
	}
	return e.store.PutFolders(ctx, e.account.ID, specs)
}

func (e *Engine) inbox(ctx context.Context) (mail.Folder, bool, error) {
	return e.store.FolderByRole(ctx, e.account.ID, mail.RoleInbox)
}

// freshFor is how long a folder that was just looked at need not be looked at because the person opens it.
const freshFor = 20 * time.Second

// viewed is the folder that the person looks at; false if there is none or it was refreshed a moment ago.
func (e *Engine) viewed(ctx context.Context) (mail.Folder, bool, error) {
	id := mail.FolderID(e.opened.Load())
	if age := e.o.Clock.Now().Sub(e.looked[id]); id == 0 || age >= 0 && age < freshFor {
		return mail.Folder{}, false, nil
	}
	return e.folder(ctx, id)
}

// folder finds a folder of this account that can be opened.
func (e *Engine) folder(ctx context.Context, id mail.FolderID) (mail.Folder, bool, error) {
	f, err := e.store.Folder(ctx, id)
	if mail.KindOf(err) == mail.NoFolder {
		return f, false, nil
	}
	return f, err == nil && f.Selectable && f.Account == e.account.ID, err
}

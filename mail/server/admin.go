package server

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/register"
)

// Admin is what an administrator on the machine can do, also while another process runs the server on the same
// folder: both speak to the database.
type Admin struct{ s *Server }

// Admin gives the acts of the administrator.
func (s *Server) Admin() *Admin { return &Admin{s} }

var admin = register.Actor{Door: register.Admin}

// Unit is one agency or a part of one.
type Unit struct {
	Name       string
	Regulation string // tendonvi with đ and &: "kh&đt" (QC 4.1)
	Wire       string // as it travels: "kh&dt"
	Address    string // of its official box, regulation spelling
}

// Box is one mailbox owner. Password is set only where one was made, and is shown once.
type Box struct {
	Name, Post, Unit string
	Address          string // regulation spelling
	Wire             string // wire spelling: From:, envelope, login
	Official         bool   // hộp thư công vụ
	Suspended        bool
	MustChange       bool
	FirstUsed        time.Time // zero: never
	Password         string
}

func boxOf(b register.Box) Box {
	return Box{
		Name: b.Name, Post: b.Post, Unit: b.UnitName, Address: b.Address, Wire: b.Wire, Official: b.Kind == register.Official,
		Suspended: b.State == register.Suspended, MustChange: b.MustChange, FirstUsed: b.FirstUsed,
	}
}

// AddUnit makes a unit and its official box. spelling is tendonvi as in the regulation, "" for the suggestion from the
// name.
func (a *Admin) AddUnit(ctx context.Context, name, spelling string) (Unit, error) {
	u, b, err := a.s.reg.AddUnit(ctx, admin, register.Unit{Name: name, Type: "hành chính", Regulation: spelling})
	if err != nil {
		return Unit{}, err
	}
	return Unit{Name: u.Name, Regulation: u.Regulation, Wire: u.Wire, Address: b.Address}, nil
}

// Units lists all units.
func (a *Admin) Units(ctx context.Context) ([]Unit, error) {
	units, err := a.s.reg.Units(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Unit, len(units))
	for i, u := range units {
		out[i] = Unit{Name: u.Name, Regulation: u.Regulation, Wire: u.Wire, Address: u.Regulation + "@" + a.s.reg.Domain()}
	}
	return out, nil
}

// unit finds a unit by its name or either spelling.
func (a *Admin) unit(ctx context.Context, name string) (register.Unit, error) {
	units, err := a.s.reg.Units(ctx)
	if err != nil {
		return register.Unit{}, err
	}
	for _, u := range units {
		if strings.EqualFold(name, u.Regulation) || strings.EqualFold(name, u.Wire) || strings.EqualFold(name, u.Name) {
			return u, nil
		}
	}
	return register.Unit{}, &mail.Fault{Kind: mail.BadAddress, Op: "find unit", Detail: name}
}

// AddPerson makes a person with a personal box in a unit (its name or spelling) and a one-time first password.
func (a *Admin) AddPerson(ctx context.Context, name, unit, post string) (Box, error) {
	u, err := a.unit(ctx, unit)
	if err != nil {
		return Box{}, err
	}
	b, password, err := a.s.reg.AddPerson(ctx, admin, name, u.ID, post)
	if err != nil {
		return Box{}, err
	}
	out := boxOf(b)
	out.Password = password
	return out, nil
}

// AddAgencyBox gives a unit's official box a one-time first password, so that its keeper can open it.
func (a *Admin) AddAgencyBox(ctx context.Context, unit string) (Box, error) {
	u, err := a.unit(ctx, unit)
	if err != nil {
		return Box{}, err
	}
	return a.ResetPassword(ctx, u.Regulation+"@"+a.s.reg.Domain())
}

// ResetPassword makes a new one-time first password; the old one dies at once (QC 13.5).
func (a *Admin) ResetPassword(ctx context.Context, addr string) (Box, error) {
	password, err := a.s.reg.IssuePassword(ctx, admin, addr)
	if err != nil {
		return Box{}, err
	}
	b, err := a.s.reg.Lookup(ctx, addr)
	if err != nil {
		return Box{}, err
	}
	out := boxOf(b)
	out.Password, out.MustChange = password, true
	return out, nil
}

// SetPassword sets a password that need not be changed: for the demo and for tests.
func (a *Admin) SetPassword(ctx context.Context, addr, password string) error {
	return a.s.reg.SetPassword(ctx, admin, addr, password)
}

// Suspend locks a box and ends its sessions, also those of its person in agencies' boxes (QC 5.2); Resume opens it again.
func (a *Admin) Suspend(ctx context.Context, addr, reason string) error {
	return a.s.reg.Suspend(ctx, admin, addr, reason)
}

// Resume opens a suspended box.
func (a *Admin) Resume(ctx context.Context, addr, reason string) error {
	return a.s.reg.Resume(ctx, admin, addr, reason)
}

// List lists all boxes by address.
func (a *Admin) List(ctx context.Context) ([]Box, error) {
	list, err := a.s.reg.Boxes(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Box, len(list))
	for i, b := range list {
		out[i] = boxOf(b)
	}
	return out, nil
}

// Lookup finds a box by either spelling of its address.
func (a *Admin) Lookup(ctx context.Context, addr string) (Box, error) {
	b, err := a.s.reg.Lookup(ctx, addr)
	return boxOf(b), err
}

// FillDisk makes the server behave as on a full disk, or ends that. It needs Config.Faults: tests and the demo.
func (a *Admin) FillDisk(ctx context.Context, full bool) error {
	if !a.s.cfg.Faults {
		return &mail.Fault{Kind: mail.Refused, Op: "fill disk", Detail: "faults"}
	}
	return a.s.db.Fill(ctx, full)
}

// ProtectDisk makes the server behave as on a disk that may only be read, or ends that. It needs Config.Faults: tests and
// the demo.
func (a *Admin) ProtectDisk(ctx context.Context, on bool) error {
	if !a.s.cfg.Faults {
		return &mail.Fault{Kind: mail.Refused, Op: "protect disk", Detail: "faults"}
	}
	return a.s.db.Protect(ctx, on)
}

// Delivery is a letter for the administrator to put into boxes: no check of the sender, no Received line.
type Delivery struct {
	To       []string  // addresses here, either spelling
	Folder   string    // "" is the inbox; made when missing
	Role     mail.Role // instead of Folder: the folder of that role
	Raw      []byte
	Received time.Time // INTERNALDATE; zero is now
	Flags    mail.Flags
	Keywords []string
}

// Deliver puts a letter into boxes as it is. The bytes are stored once.
func (a *Admin) Deliver(ctx context.Context, d Delivery) (err error) {
	st, err := a.s.box.Stage(ctx, bytes.NewReader(d.Raw))
	if err != nil {
		return err
	}
	defer func() {
		if cerr := st.Close(); err == nil {
			err = cerr
		}
	}()
	mark := box.Mark{Flags: d.Flags, Keywords: d.Keywords, Received: d.Received}
	if d.Folder == "" && (d.Role == mail.RoleNone || d.Role == mail.RoleInbox) {
		return a.deliverInbox(ctx, st, mark, d.To)
	}
	for _, to := range d.To {
		ref, err := a.folder(ctx, to, d.Folder, d.Role)
		if err != nil {
			return err
		}
		if _, err := a.s.box.Append(ctx, ref, mark, st); err != nil {
			return fmt.Errorf("deliver: %w", err)
		}
	}
	return nil
}

func (a *Admin) deliverInbox(ctx context.Context, st *box.Staged, mark box.Mark, to []string) error {
	list := make([]box.Delivery, len(to))
	for i, addr := range to {
		b, err := a.s.reg.Lookup(ctx, addr)
		if err != nil {
			return err
		}
		list[i] = box.Delivery{Account: b.Account, Mark: mark}
	}
	done, err := a.s.box.Deliver(ctx, st, list)
	if err != nil {
		return fmt.Errorf("deliver: %w", err)
	}
	for _, d := range done {
		if d.Err != nil {
			return fmt.Errorf("deliver: %w", d.Err)
		}
	}
	return nil
}

// folder finds a folder of a box by role or name, and makes a named one that is missing.
func (a *Admin) folder(ctx context.Context, addr, name string, role mail.Role) (box.Ref, error) {
	b, err := a.s.reg.Lookup(ctx, addr)
	if err != nil {
		return box.Ref{}, err
	}
	if name == "" {
		list, err := a.s.box.List(ctx, b.Account)
		if err != nil {
			return box.Ref{}, err
		}
		for _, m := range list {
			if m.Role == role {
				return m.Ref, nil
			}
		}
		return box.Ref{}, &mail.Fault{Kind: mail.NoFolder, Op: "find folder", Detail: string(role)}
	}
	m, err := a.s.box.Find(ctx, b.Account, name)
	if mail.KindOf(err) == mail.NoFolder {
		m, err = a.s.box.Create(ctx, b.Account, name, mail.RoleNone)
	}
	return m.Ref, err
}

// seedWorkers is how many letters are on their way at once when seeding, so that they share commits.
const seedWorkers = 16

// Prepare makes at once what the running server would make some time later: letters prepared for listing and searching.
func (a *Admin) Prepare(ctx context.Context) error { return a.s.box.PrepareAll(ctx) }

// Seed delivers n letters that each makes, many at a time; their order in a folder is not kept, Received orders them.
func (a *Admin) Seed(ctx context.Context, n int, each func(i int) Delivery) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(seedWorkers, n) {
		wg.Add(1)
		mail.Go("seed", func() {
			defer wg.Done()
			for i := range next {
				if err := a.Deliver(ctx, each(i)); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	wg.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

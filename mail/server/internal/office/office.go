package office

import (
	"context"
	"errors"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/db"
	"hopthu/mail/server/internal/register"
)

// Options says what the office is handed.
type Options struct {
	Now      func() time.Time
	Wait     func(time.Duration) <-chan time.Time // time.After, or a test's
	Calendar *rule.Calendar                       // nil is Viet Nam's
	Days     int                                  // working days to answer in (D8); 0 is 5
	Failed   func(error)                          // an internal error of Run; nil is silent
}

// Office is the room. Errors carry a *mail.Fault: Conflict (a *Contradiction in it; Detail is its Why), NoPermission (the
// scope does not reach so far), Refused (Detail register.NotYours: no such box, or not one of the person's), Blocked (Detail
// is the clause that wants a reason), BadSettings, BadAddress, Gone, TooBig, TryLater.
type Office struct {
	db   *db.DB
	box  *box.Service
	reg  *register.Register
	opt  Options
	news *news
	days *opened
	junk *junk

	marked *marked
	counts *counting
}

// New makes the office over the rooms below it.
func New(d *db.DB, b *box.Service, r *register.Register, o Options) (*Office, error) {
	if o.Now == nil {
		return nil, &mail.Fault{Kind: mail.BadSettings, Op: "open office", Detail: "no clock"}
	}
	if o.Wait == nil {
		o.Wait = time.After
	}
	if o.Calendar == nil {
		o.Calendar = rule.VietNam()
	}
	if o.Days == 0 {
		o.Days = 5
	}
	if o.Failed == nil {
		o.Failed = func(error) {}
	}
	return &Office{db: d, box: b, reg: r, opt: o, news: newNews(), days: newOpened(), junk: newJunk(), marked: newMarked(), counts: newCounting()}, nil
}

// notYours is the one answer to everybody who has nothing to do with a box, whether there is one or not.
func notYours(op string) error {
	return &mail.Fault{Kind: mail.Refused, Op: op, Detail: register.NotYours}
}

func tooMuch(op string) error {
	return &mail.Fault{Kind: mail.NoPermission, Op: op, Detail: register.TooMuch}
}

// lookup finds a box by address; one that is not there looks like one that is another's.
func (o *Office) lookup(ctx context.Context, op, addr string) (register.Box, error) {
	b, err := o.reg.Lookup(ctx, addr)
	if mail.KindOf(err) == mail.BadAddress {
		return b, notYours(op)
	}
	return b, err
}

// open finds a box that a person may at least read in.
func (o *Office) open(ctx context.Context, op string, person box.AccountID, addr string) (register.Box, error) {
	b, err := o.lookup(ctx, op, addr)
	if err != nil {
		return b, err
	}
	scope, _, err := o.reg.MayAct(ctx, person, b.Account, o.opt.Now())
	if err == nil && scope < mail.ScopeRead {
		err = notYours(op)
	}
	return b, err
}

// people gives accounts their names; each is looked up once.
type people struct {
	reg   *register.Register
	known map[box.AccountID]mail.Person
}

func (o *Office) people() *people { return &people{o.reg, map[box.AccountID]mail.Person{}} }

func (p *people) name(ctx context.Context, a box.AccountID) (mail.Person, error) {
	if a == 0 {
		return mail.Person{}, nil
	}
	if who, ok := p.known[a]; ok {
		return who, nil
	}
	b, err := p.reg.Account(ctx, a)
	if err != nil {
		return mail.Person{}, err
	}
	p.known[a] = b.AsPerson()
	return p.known[a], nil
}

// named puts the name into a Contradiction, for the words that the second one is told.
func (o *Office) named(ctx context.Context, err error) error {
	c := (*Contradiction)(nil)
	if !errors.As(err, &c) || c.who == 0 {
		return err
	}
	who, lost := o.people().name(ctx, c.who)
	if lost != nil {
		return errors.Join(err, lost)
	}
	c.Who = who
	return err
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).In(rule.Zone)
}

func fault(op string, err error) error {
	if err == nil {
		return nil
	}
	return mail.AsFault(op, err)
}

package desk

import (
	"context"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	msync "hopthu/mail/sync"
)

// Office is one person at the office functions of the server (QC 9, 12, 14, 15); wire's Bureau is one. What it allows is
// decided there, anew at each request. A fake embeds the interface and implements what it is asked for.
type Office interface {
	msync.Office
	// Me says whose boxes are open to the person.
	Me(ctx context.Context) (api.Me, error)
	Colleagues(ctx context.Context, box string) ([]mail.Colleague, error)
	Delegations(ctx context.Context, box string) ([]mail.Delegation, error)
	Delegate(ctx context.Context, d mail.Delegation) (mail.Delegation, error)
	EndDelegation(ctx context.Context, id int64, reason string) error
	Sends(ctx context.Context, box string, from, until time.Time) ([]api.SentAs, error)
	Staff(ctx context.Context, box string, from, until time.Time) ([]api.StaffDays, error)
	Leaves(ctx context.Context, from, until time.Time) ([]mail.Leave, error)
	TakeLeave(ctx context.Context, l mail.Leave) (mail.Leave, error)
	DropLeave(ctx context.Context, id int64) error
	Days(ctx context.Context, box string, from, until time.Time) ([]mail.DayCount, error)
	Check(ctx context.Context, box string) (mail.DayCount, error)
	Handovers(ctx context.Context) ([]mail.Handover, error)
	Handover(ctx context.Context, act api.HandoverAct) (mail.Handover, error)
	// Leave ends the login.
	Leave(ctx context.Context) error
}

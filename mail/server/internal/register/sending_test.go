package register

import (
	"context"
	"testing"
	"time"

	"hopthu/mail"
)

// QC 12.1: who sent is the head's and the administrator's to see; a password that several know is nobody's.
func TestSendsAreForTheHead(t *testing.T) {
	a := newAgency(t)
	a.give(a.paper(a.hung, mail.ScopeManage))
	for name, c := range map[string]struct {
		who  Actor
		want string
	}{
		"the head": {a.by(a.head), ""}, "the administrator": {Actor{Door: Admin}, ""},
		"a delegate": {a.by(a.hung), NotHead}, "the agency's own password": {a.by(a.box), NotHead}, "the system": {Actor{Door: Web}, NotYours},
	} {
		_, err := a.Sends(context.Background(), c.who, a.box.Account, time.Time{}, a.clock.now())
		if (err == nil) != (c.want == "") || err != nil && mail.AsFault("", err).Detail != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

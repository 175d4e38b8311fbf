package frame

import "hopthu/mail"

// AgencyView is one of the views of an agency's page.
type AgencyView uint8

// Views of the agency's page.
const (
	AgencyWork        AgencyView = iota // who has which letter (QC 14.3)
	AgencyDelegations                   // written authorizations (QC 14.1)
	AgencySends                         // who sent in the agency's name
	AgencyStaff                         // how people keep their duty (QC 15)
	AgencyHandover                      // bàn giao (QC 14.2)
)

// OpenAgency is the page of an agency's box: its people and what they share. Account "" is the first agency's box.
type OpenAgency struct {
	Account mail.AccountID
	View    AgencyView
}

// Make makes the page of an agency's box.
func (t OpenAgency) Make(p Pages, env Env) Page { return makePage(p.Agency, env, t) }

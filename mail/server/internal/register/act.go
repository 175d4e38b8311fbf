package register

import (
	"hopthu/mail"
)

// Act is something that a door lets a person do in a box.
type Act string

// The acts, each with the least scope that allows it (QC 14.1). This table is the only place where a door finds it.
const (
	Look    Act = "look"    // lists, opens, reads, searches, waits for news
	Mark    Act = "mark"    // flags, keywords, subscriptions: all who work in the box see them
	File    Act = "file"    // moves and copies letters inside the box
	Put     Act = "put"     // stores a letter that did not come by mail
	Erase   Act = "erase"   // removes letters for good
	Arrange Act = "arrange" // makes, renames and removes folders, sets what is noted on them
	Answer  Act = "answer"  // sends in the agency's name what answers a letter of the box
	Issue   Act = "issue"   // sends anything in the agency's name
	Assign  Act = "assign"  // gives work to others; the chief may too
	Govern  Act = "govern"  // gives and ends delegations, sees who sent what, hands the box over
)

var needed = map[Act]mail.Scope{
	Look: mail.ScopeRead, Mark: mail.ScopeAnswer, File: mail.ScopeAnswer, Put: mail.ScopeManage, Erase: mail.ScopeManage,
	Arrange: mail.ScopeManage, Answer: mail.ScopeAnswer, Issue: mail.ScopeIssue, Assign: mail.ScopeManage, Govern: mail.ScopeHead,
}

// Acts lists all of them, rising by what they need.
func Acts() []Act {
	return []Act{Look, Mark, File, Answer, Issue, Put, Erase, Arrange, Assign, Govern}
}

// Needed is the least scope for an act in a folder of that role. Who answers needs drafts, and copies of what he sent:
// in Drafts he may store and remove, in Sent store. An act that is not in the table needs more than anybody has.
func Needed(a Act, in mail.Role) mail.Scope {
	switch {
	case a == Put && (in == mail.RoleDrafts || in == mail.RoleSent), a == Erase && in == mail.RoleDrafts:
		return mail.ScopeAnswer
	}
	if s, ok := needed[a]; ok {
		return s
	}
	return mail.ScopeHead + 1
}

// Details of a Refused that comes of somebody's standing in a box; NotYours is another.
const (
	TooMuch = "scope"    // the scope of the delegation does not reach so far
	Over    = "ended"    // the delegation has ended
	NotHead = "not-head" // only the head may
)

// May says whether a session may do something in a folder of that role of the box that it opened; Kind Refused, Detail
// TooMuch or Over, if it may not.
func (r *Register) May(s *Session, a Act, in mail.Role) error {
	switch {
	case !s.Until.IsZero() && !r.opt.Now().Before(s.Until):
		return &mail.Fault{Kind: mail.Refused, Op: string(a), Detail: Over}
	case s.Scope < Needed(a, in):
		return &mail.Fault{Kind: mail.Refused, Op: string(a), Detail: TooMuch}
	}
	return nil
}

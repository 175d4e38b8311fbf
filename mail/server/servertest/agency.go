package servertest

import (
	"context"

	"hopthu/mail"
	"hopthu/mail/server"
)

// Agency gives the box of a unit, which it makes unless it is there, and its head. Nobody has a password for the box.
func (s *Server) Agency(unit, head string) (agency, chief server.Box) {
	s.t.Helper()
	chief = s.Person(head, unit)
	h, err := s.Admin.SetHead(context.Background(), unit, chief.Wire)
	if err != nil {
		s.t.Fatalf("set head: %v", err)
	}
	return h.Box, chief
}

// Delegate lets a person work in an agency's box from today on, without end; change, if not nil, changes the paper first.
func (s *Server) Delegate(agency, person server.Box, scope mail.Scope, change func(*mail.Delegation)) mail.Delegation {
	s.t.Helper()
	d := mail.Delegation{
		Box: agency.Wire, Person: mail.Person{Addr: person.Wire}, Document: "03/GUQ", Dated: s.Clock.Now(), Scope: scope,
	}
	if change != nil {
		change(&d)
	}
	d, err := s.Admin.Delegate(context.Background(), d)
	if err != nil {
		s.t.Fatalf("delegate: %v", err)
	}
	return d
}

package servertest_test

import (
	"testing"

	"hopthu/mail/server/servertest"
)

func TestStart(t *testing.T) {
	s := servertest.Start(t)
	a := s.Person("Trần Văn Hùng", "kh&đt")
	t.Log(a.Address, a.Wire)
	s.Deliver(a.Address, "From: x@y\nSubject: z\n\nb\n")
	s.Restart()
}

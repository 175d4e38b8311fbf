package letter_test

import (
	"testing"

	"hopthu/mail"
	"hopthu/ui/uitest"
)

// A letter that could not be had while the server was away opens by itself when the server is back.
func TestServerComesBack(t *testing.T) {
	f := uitest.Sample()
	account := f.Letters[1].Account
	f.Errs["Open"] = &mail.Fault{Kind: mail.NoServer, Op: "open letter"}
	f.States = []mail.Status{{Account: account, State: mail.Offline}}
	s := start(t, f, 1, 80, 24)
	s.Want("hopthu tự thử lại")
	told := func(state mail.ServerState) {
		s.Happen(func(f *uitest.Fake) {
			f.States[0].State = state
			f.Emit(mail.Event{Kind: mail.StatusChanged, Account: account})
		})
	}
	told(mail.Connecting)
	s.Want("hopthu tự thử lại")
	delete(f.Errs, "Open")
	told(mail.Offline)
	s.Want("hopthu tự thử lại")
	told(mail.Syncing)
	s.WantNot("hopthu tự thử lại")
	s.Want("Kính gửi")
}

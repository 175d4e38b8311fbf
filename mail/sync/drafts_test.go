package sync

import (
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/store"
)

// The letter went and the program ended before its draft was erased: nothing at the server tells of it, and where the
// list says how folders stand, the drafts are not opened.
func TestSpentDraftInAnUnchangedFolder(t *testing.T) {
	r := newRig(t, Options{})
	r.remote.tells = true
	raw := strings.ReplaceAll(letterText("nhap", ""), "\n", "\r\n")
	if err := r.store.AddAppend(t.Context(), me.ID, mail.RoleDrafts, mail.Draft|mail.Seen, "nhap@x", []byte(raw)); err != nil {
		t.Fatal(err)
	}
	r.pass()
	r.pass()
	if n := len(r.remote.boxes["Drafts"].letters); n != 1 {
		t.Fatalf("%d drafts at the server", n)
	}
	_, err := r.store.AddOutgoing(t.Context(), store.Outgoing{
		Item: mail.OutboxItem{Account: me.ID, MessageID: "nhap@x", Subject: "Nháp"}, From: "ha@ninhbinh.gov.vn", To: []string{"lan@ngoai.example"}, Raw: []byte(raw), Checked: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	r.pass()
	if n := len(r.remote.boxes["Drafts"].letters); n != 0 {
		t.Errorf("%d drafts of a letter that went stay at the server", n)
	}
}

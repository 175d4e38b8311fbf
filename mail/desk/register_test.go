package desk_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/server/servertest"
)

// issue sends a document that needs no further decision.
func issue(t *testing.T, p *person, text string) mail.RegisterEntry {
	t.Helper()
	x, err := p.OpenDispatch(t.Context(), p.account.ID, "", text)
	if err != nil {
		t.Fatal(err)
	}
	x = settle(t, p, x)
	x.Receipts = true
	found, err := p.CheckDispatch(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	e, err := p.SendDispatch(t.Context(), x, answers(found))
	if err != nil {
		t.Fatalf("%v: %+v", err, found)
	}
	return e
}

func report(to, from, kind, fields, mid string) string {
	return fmt.Sprintf("From: %s\nTo: %s\nSubject: x\nMessage-ID: <%d.%s>\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=b1\n\n--b1\nContent-Type: %s\n\n%s\n--b1\nContent-Type: text/rfc822-headers\n\nMessage-ID: <%s>\n--b1--\n",
		from, to, time.Now().UnixNano(), "bao-cao@x.example", kind, fields, mid)
}

// A receipt counts from whoever read it, a report for whom the document was sent to; others may claim what they like.
func TestReceiptsAndForgedReports(t *testing.T) {
	srv, p := office(t)
	ctx := t.Context()
	e := issue(t, p, "Số: 7/UBND-VP6\nNinh Bình, ngày "+time.Now().In(rule.Zone).Format("02 tháng 01 năm 2006")+"\nNơi nhận:\n- Sở Tài chính (t/h);\n- Sở Kế hoạch và Đầu tư;\n- Lưu: VT.\n")
	box := "ubnd@" + servertest.Domain
	tc, kh := "tc@"+servertest.Domain, "kh&dt@"+servertest.Domain
	state := func(addr string) mail.DeliveryState {
		var err error
		if e, err = p.RegisterEntry(ctx, e.ID); err != nil {
			t.Fatal(err)
		}
		for _, r := range e.Recipients {
			if rule.WireForm(r.Address.Addr) == addr {
				return r.State
			}
		}
		t.Fatalf("%s is not in %+v", addr, e.Recipients)
		return ""
	}
	p.until("delivered", func() bool { return state(tc) == mail.DeliveryDelivered && state(kh) == mail.DeliveryDelivered })
	if e.Late {
		t.Error("sent on its day and late")
	}
	read := func(who string) string {
		return "Final-Recipient: rfc822; " + who + "\nOriginal-Message-ID: <" + e.MessageID + ">\nDisposition: manual-action/MDN-sent-manually; displayed\n"
	}
	const mdn, dsn = "message/disposition-notification", "message/delivery-status"
	failed := "Final-Recipient: rfc822; " + kh + "\nAction: failed\nStatus: 5.0.0\n"
	for _, raw := range []string{
		report(box, tc, mdn, read(kh), e.MessageID),                              // of somebody else
		report(box, tc, dsn, "Reporting-MTA: dns; x\n\n"+failed, "la@x.example"), // of another letter
		report(box, tc, dsn, "Reporting-MTA: dns; x\n\n"+failed, e.MessageID),    // it was delivered: nothing goes back
		report(box, tc, mdn, read(tc), e.MessageID),
	} {
		srv.Deliver(box, raw)
	}
	p.until("read", func() bool { return state(tc) == mail.DeliveryRead })
	p.until("all texts", func() bool {
		return !slices.ContainsFunc(p.heads(mail.RoleInbox), func(h mail.Head) bool { return !h.Bodied })
	})
	if got := state(kh); got != mail.DeliveryDelivered {
		t.Errorf("a forged report was believed: %s", got)
	}
	// What the register tells is read with that, and was never news; what it does not tell, and a failure, stay unread.
	p.until("marks are at the server", func() bool {
		return !slices.ContainsFunc(p.heads(mail.RoleInbox), func(h mail.Head) bool { return h.Pending })
	})
	unread := 0
	for _, h := range p.heads(mail.RoleInbox) {
		seen := h.Flags.Has(mail.Seen)
		news := slices.ContainsFunc(p.events, func(ev mail.Event) bool { return ev.Kind == mail.NewMail && ev.Letter == h.ID })
		if h.From[0].Addr != tc && (!seen || news) {
			t.Errorf("a report of the server: flags %v, news %v", h.Flags, news)
		}
		if !seen {
			unread++
		}
	}
	if unread != 3 {
		t.Errorf("%d unread, want 3 that are forged", unread)
	}
	if !slices.ContainsFunc(p.events, func(ev mail.Event) bool { return ev.Kind == mail.RegisterChanged && ev.Account == p.account.ID }) {
		t.Error("nobody was told to look at the register again")
	}
}

// What is taken back in time is a document again, not a draft, and is in the register when it is sent after all.
func TestDocumentTakenBack(t *testing.T) {
	_, p := office(t)
	ctx := t.Context()
	p.UseSettings(mail.Settings{Language: "vi", Undo: time.Hour, CheckFiles: true})
	e := issue(t, p, official)
	if _, err := p.Recall(ctx, e.Outbox); err != nil {
		t.Fatal(err)
	}
	if list, err := p.Register(ctx, "", ""); err != nil || len(list) != 0 {
		t.Errorf("register %v %v", list, err)
	}
	list, err := p.OpenedDispatches(ctx)
	if err != nil || len(list) != 1 || len(list[0].Plan.Open()) != 0 {
		t.Fatalf("%+v %v", list, err)
	}
	p.UseSettings(mail.Settings{Language: "vi", CheckFiles: true})
	found, err := p.CheckDispatch(ctx, list[0])
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.SendDispatch(ctx, list[0], answers(found))
	if err != nil || again.MessageID != e.MessageID {
		t.Fatalf("%+v %v", again, err)
	}
	p.until("sent", func() bool {
		x, err := p.RegisterEntry(ctx, again.ID)
		return err == nil && !x.Sent.IsZero()
	})
	// The address that was chosen for a name is known in the next document, and shows where it comes from.
	x, err := p.OpenDispatch(ctx, p.account.ID, "", official)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(x.Plan.Rows, func(r rule.Row) bool { return r.Name == "Văn phòng Chính phủ" })
	if r := x.Plan.Rows[i]; r.State != rule.RowReady || r.How != "chosen-before" || !r.Outside {
		t.Errorf("%+v", r)
	}
}

// The register goes into a spreadsheet, and nothing in it becomes a formula there.
func TestExportRegister(t *testing.T) {
	_, p := office(t)
	ctx := t.Context()
	issue(t, p, strings.Replace(official, "V/v báo cáo số liệu hộp thư", "V/v =HYPERLINK(\"http://x\")", 1))
	x, err := p.OpenDispatch(ctx, p.account.ID, "", "Nơi nhận:\n- Sở Tài chính;\n- Lưu: VT.\n")
	if err != nil {
		t.Fatal(err)
	}
	x.Document.Summary, x.Document.Number = "=1+1", "@SUM(A1)"
	found, err := p.CheckDispatch(ctx, x)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.SendDispatch(ctx, x, answers(found)); err != nil {
		t.Fatalf("%v %+v", err, found)
	}
	dir := t.TempDir()
	path, err := p.ExportRegister(ctx, p.account.ID, dir)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(raw), "\ufeff") {
		t.Fatalf("%q %v", raw, err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 4 || rows[0][0] != "Số, ký hiệu" {
		t.Fatalf("%q %v", rows, err)
	}
	for _, r := range rows {
		for _, c := range r {
			if c != "" && strings.ContainsAny(c[:1], "=+-@") {
				t.Errorf("a formula: %q", c)
			}
		}
	}
	if rows[1][0] != "'@SUM(A1)" || rows[1][3] != "'=1+1" || rows[2][0] != "512/UBND-VP6" {
		t.Errorf("%q", rows)
	}
	if again, err := p.ExportRegister(ctx, p.account.ID, dir); err != nil || again == path {
		t.Errorf("written over: %s %v", again, err)
	}
}

// The directory that was read once serves without the network, and two of one name are never offered one by one.
func TestKeptDirectory(t *testing.T) {
	srv, _ := office(t)
	ctx := t.Context()
	a := srv.Person("Trần Văn Hùng", "tc")
	srv.Person("Trần Văn Hùng", "kh&đt")
	q := signedIn(t, srv, "Nguyễn Thị Thu Hà", "vpubnd")
	q.until("ready", func() bool { return q.Status()[0].State == mail.Ready })
	q.send(mail.DraftLetter{To: "Trần Văn Hùng <" + a.Wire + ">", Subject: "x", Body: "x\n"})
	if _, err := q.OpenDispatch(ctx, q.account.ID, "", official); err != nil { // waits for the directory
		t.Fatal(err)
	}
	srv.Stop()
	list, err := q.Complete(ctx, q.account.ID, "hung")
	if err != nil || len(list) < 2 || list[0].Used != 1 || list[0].Unit == "" || list[1].Address.Name != list[0].Address.Name || list[1].Unit == list[0].Unit {
		t.Errorf("%+v %v", list, err)
	}
	x, err := q.OpenDispatch(ctx, q.account.ID, "", official)
	if err != nil || len(x.Plan.Recipients) != 1 {
		t.Errorf("without the network:%s %v", rows(x), err)
	}
	found, err := q.FindListed(ctx, q.account.ID, "tai chinh")
	if err != nil || !slices.ContainsFunc(found, func(m rule.Match) bool { return m.Name == "Sở Tài chính" }) {
		t.Errorf("%+v %v", found, err)
	}
	if found, err := q.FindListed(ctx, q.account.ID, "sở, ban, ngành"); err != nil || len(found) == 0 || found[0].Kind != rule.ListedGroup {
		t.Errorf("%+v %v", found, err)
	}
}

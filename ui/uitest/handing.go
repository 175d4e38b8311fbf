package uitest

import (
	"context"
	"time"

	"hopthu/mail"
)

// SampleHandover is a handover that is counted and waits for both.
func SampleHandover(at time.Time) mail.Handover {
	return mail.Handover{
		ID: 1, Box: "skhdt@ninhphong.example", BoxName: "Sở Kế hoạch và Đầu tư", State: mail.HandoverFrozen, Giver: Toan, Receiver: Ha, Started: at.Add(-10 * time.Minute),
		Inventory: mail.Inventory{
			At: at.Add(-10 * time.Minute), Letters: 1284, Octets: 214_000_000, Drafts: 3, Outbox: 1, Hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
			Folders: []mail.FolderCount{
				{Name: "INBOX", Letters: 902, Octets: 150_000_000, Oldest: at.AddDate(-2, 0, 0), Newest: at.Add(-time.Hour), Unanswered: 2},
				{Name: "Sent", Letters: 382, Octets: 64_000_000, Oldest: at.AddDate(-2, 1, 0), Newest: at.Add(-26 * time.Hour)},
			},
			Unanswered: []mail.DutyLine{
				{From: "UBND tỉnh", Subject: "Công văn 512/UBND-VP5 về điều chỉnh kế hoạch vốn năm 2026", Received: at.Add(-2 * time.Hour), Due: at.AddDate(0, 0, 1), Holder: "Trần Văn Hùng"},
				{From: "Doanh nghiệp Hòa Bình", Subject: "Đề nghị cấp giấy chứng nhận đăng ký đầu tư", Received: at.AddDate(0, 0, -3), Due: at.AddDate(0, 0, 4)},
			},
		},
	}
}

// Handovers implements frame.HandingOver.
func (f *Fake) Handovers(context.Context, mail.AccountID) ([]mail.Handover, error) {
	defer f.lock()()
	return append([]mail.Handover(nil), f.Shared.Hands...), f.Errs["Handovers"]
}

// BeginHandover implements frame.HandingOver.
func (f *Fake) BeginHandover(_ context.Context, _ mail.AccountID, receiver, reason string) (mail.Handover, error) {
	defer f.lock()()
	if err := f.Errs["BeginHandover"]; err != nil {
		return mail.Handover{}, err
	}
	f.log("BeginHandover %s %s", receiver, reason)
	h := SampleHandover(f.At)
	f.Shared.Hands = append([]mail.Handover{h}, f.Shared.Hands...)
	return h, nil
}

func (f *Fake) hand(op string, h mail.Handover, do func(*mail.Handover)) (mail.Handover, error) {
	defer f.lock()()
	if err := f.Errs[op]; err != nil {
		return h, err
	}
	f.log("%s %d %s", op, h.ID, h.Inventory.Hash[:8])
	for i := range f.Shared.Hands {
		if f.Shared.Hands[i].ID == h.ID {
			do(&f.Shared.Hands[i])
			h = f.Shared.Hands[i]
		}
	}
	return h, nil
}

// ConfirmHandover implements frame.HandingOver.
func (f *Fake) ConfirmHandover(_ context.Context, _ mail.AccountID, h mail.Handover) (mail.Handover, error) {
	return f.hand("ConfirmHandover", h, func(h *mail.Handover) {
		if h.State == mail.HandoverGiven {
			h.State, h.TakenAt, h.DoneAt, h.FirstSecret = mail.HandoverDone, f.At, f.At, "ba-bốn-từ-riêng"
			return
		}
		h.State, h.TakenAt = mail.HandoverTaken, f.At
	})
}

// RefuseHandover implements frame.HandingOver.
func (f *Fake) RefuseHandover(_ context.Context, _ mail.AccountID, h mail.Handover, _ string) (mail.Handover, error) {
	return f.hand("RefuseHandover", h, func(h *mail.Handover) { h.State = mail.HandoverRefused })
}

// CancelHandover implements frame.HandingOver.
func (f *Fake) CancelHandover(_ context.Context, _ mail.AccountID, h mail.Handover) (mail.Handover, error) {
	return f.hand("CancelHandover", h, func(h *mail.Handover) { h.State = mail.HandoverCancelled })
}

// WriteRecord implements frame.HandingOver.
func (f *Fake) WriteRecord(_ context.Context, _ mail.Handover, format, dir string) (string, error) {
	defer f.lock()()
	f.log("WriteRecord %s", format)
	return dir + "/bien-ban-ban-giao." + format, f.Errs["WriteRecord"]
}

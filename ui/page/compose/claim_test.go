package compose_test

import (
	"strings"
	"testing"
	"time"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/uitest"
)

func reply(t *testing.T, f *uitest.Fake, id mail.LetterID) *uitest.Screen {
	t.Helper()
	f.Log = nil
	return open(t, f, frame.OpenCompose{Account: uitest.Office, Kind: mail.DraftReply, Origin: id}, 100, 30)
}

// TestAnswerIsClaimed shows that the others are told while an agency's letter is answered, and no longer (QC 14.3).
func TestAnswerIsClaimed(t *testing.T) {
	f := uitest.SampleAgency()
	s := reply(t, f, 16)
	s.Want("Sở KH&ĐT, do Nguyễn Thị Thu Hà gửi", "Sở Kế hoạch và Đầu tư · Nguyễn Thị Thu Hà   Công vụ")
	s.Press("esc")
	s.Want("HOME")
	if log := strings.Join(f.Log, ";"); !strings.Contains(log, "Claim 16") || !strings.Contains(log, "Release 16") {
		t.Error(log)
	}
}

func TestSecondAnswerIsWarned(t *testing.T) {
	f := uitest.SampleAgency()
	s := reply(t, f, 17)
	s.Want("Có người đang soạn trả lời", "Trần Văn Hùng đang soạn trả lời thư này")
	f.At = f.At.Add(time.Second) // a dialog that opens by itself is deaf at first
	s.Press("esc")
	s.Want("HOME")
	s = reply(t, f, 17)
	f.At = f.At.Add(time.Second)
	s.Press("enter")
	s.Want("> ")
	s.WantNot("Có người đang soạn")
}

func TestOthersAnswerIsTold(t *testing.T) {
	f := uitest.SampleAgency()
	s := reply(t, f, 18)
	s.Happen(func(f *uitest.Fake) {
		f.Answer(18, uitest.Hung)
	})
	s.Want("Trần Văn Hùng đã hồi đáp")
}

// TestNobodyKnowsOffline shows that the person is told once when nobody can know who else answers.
func TestNobodyKnowsOffline(t *testing.T) {
	f := uitest.SampleAgency()
	f.Errs["Claim"] = &mail.Fault{Kind: mail.NoServer, Op: "claim letter"}
	s := reply(t, f, 16)
	s.Want("Đang ngoại tuyến: không biết có ai khác")
}

// TestOwnLettersAreNotClaimed shows that nothing is asked for a letter of one's own box.
func TestOwnLettersAreNotClaimed(t *testing.T) {
	f := uitest.SampleAgency()
	f.Log = nil
	open(t, f, frame.OpenCompose{Account: uitest.Me, Kind: mail.DraftReply, Origin: 2}, 100, 30)
	if logged(f, "Claim") > 0 {
		t.Error(f.Log)
	}
}

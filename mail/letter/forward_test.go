package letter

import (
	"strings"
	"testing"
)

func TestQuoteForwardNamesWhoWhatWhen(t *testing.T) {
	l := Parse([]byte("From: Lan <lan@x.example>\r\nTo: Ha <ha@y.example>\r\nSubject: Ho so\r\nDate: Mon, 23 Nov 2026 08:00:00 +0700\r\n\r\nDong mot.\r\n> trich\r\n"))
	got := QuoteForward(l, "vi")
	for _, want := range []string{"Thư chuyển tiếp", "Người gửi: Lan <lan@x.example>", "Ngày gửi: 23/11/2026 08:00", "Chủ đề: Ho so", "Người nhận: Ha <ha@y.example>", "Dong mot.", "> trich"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	if !strings.Contains(QuoteForward(l, "en"), "Forwarded letter") {
		t.Error("English has no title")
	}
}

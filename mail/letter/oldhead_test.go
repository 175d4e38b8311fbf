package letter

import (
	"testing"

	"hopthu/mail"
)

// A name alone is too short to tell its encoding; with the subject it is not.
func TestOldHeadersAreReadTogether(t *testing.T) {
	for _, tt := range []struct{ name, from, subject, wantFrom, wantSubject string }{
		{"TCVN3", "UBND huy\xd6n Nho Quan", "\xa7\xd2 ngh\xde c\xcap kinh ph\xdd", "UBND huyện Nho Quan", "Đề nghị cấp kinh phí"},
		{"VISCII", "H\xe0 Th\xb8 Nhung", "B\xe1o c\xe1o nhanh t\xecnh h\xecnh m\xdfa l\xfb", "Hà Thị Nhung", "Báo cáo nhanh tình hình mưa lũ"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var h mail.Head
			ReadHeader([]byte("From: " + tt.from + " <a@x.example>\r\nSubject: " + tt.subject + "\r\n\r\n")).Fill(&h)
			if len(h.From) != 1 || h.From[0].Name != tt.wantFrom || h.From[0].Addr != "a@x.example" || h.Subject != tt.wantSubject {
				t.Errorf("%+v, %q", h.From, h.Subject)
			}
		})
	}
}

package province

import (
	"bytes"
	"fmt"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
)

// Visit is the nth letter that a colleague writes while the demo runs; the round repeats with other ids.
func Visit(n int, now time.Time, book Book, id string) (from string, raw []byte, err error) {
	v := visits[n%len(visits)]
	raw, err = v.write(now, book, id, "", nil)
	return book.Addr(v.from).Addr, raw, err
}

type visit struct{ from, subject, body string }

var visits = []visit{
	{"Trần Văn Hùng", "Chị Hà xem giúp em văn bản mới đến", "Văn phòng vừa chuyển xuống một văn bản hỏa tốc, chị vào sổ giúp em rồi trình Giám đốc nhé."},
	{"Sở Tài chính", "V/v đối chiếu số liệu quyết toán", "Đề nghị quý Sở đối chiếu số liệu quyết toán, phản hồi trong thời hạn 03 ngày làm việc."},
	{"Lê Hà", "Trung tâm Tin học kiểm tra hộp thư mới", "Chào em, chị kiểm tra hộp thư mới cấp. Em nhận được thư này thì trả lời giúp chị một dòng nhé."},
	{"Đặng Thị Đào", "Nhắc lịch họp phòng", "Chiều nay 16 giờ họp phòng, Hà chuẩn bị sổ văn bản đến của tuần."},
	{"UBND huyện Gia Viễn", "Báo cáo nhanh tình hình sản xuất vụ đông", "UBND huyện gửi báo cáo nhanh, đề nghị Sở tổng hợp."},
	{"Vũ Thị Sen", "Em hỏi về cách ghi ký hiệu văn bản", "Chị cho em hỏi văn bản của xã ghi ký hiệu thế nào cho đúng ạ?"},
}

// Reply is what a colleague answers to a letter of Me's.
func Reply(to *mail.Letter, who string, now time.Time, book Book, id string) ([]byte, error) {
	body := "Tôi đã nhận được thư, sẽ xử lý và báo lại trong ngày.\n\n" + who + "\n\n" + letter.QuoteReply(to, "vi")
	refs := append(append([]string(nil), to.References...), to.MessageID)
	return visit{who, letter.ReplySubject(to.Subject), body}.write(now, book, id, to.MessageID, refs)
}

func (v visit) write(now time.Time, book Book, id, answers string, refs []string) ([]byte, error) {
	var buf bytes.Buffer
	err := letter.Write(&buf, letter.Draft{
		From: book.Addr(v.from), To: []mail.Address{book.Addr(Me.Name)}, Subject: v.subject, Body: v.body,
		MessageID: id, Date: now, InReplyTo: answers, References: refs, UTF8: true,
	})
	if err != nil {
		return nil, fmt.Errorf("write demo letter: %w", err)
	}
	return buf.Bytes(), nil
}

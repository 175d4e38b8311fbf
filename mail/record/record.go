// Package record writes the record of a handover (biên bản bàn giao, QC 14.2) as text, PDF and ODT, all from the same blocks.
//
// Laws: every number in it is the inventory's; the three forms say the same; it knows no clock and no file system, and the same
// handover makes the same bytes.
package record

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
)

// kind says how a block is set.
type kind uint8

const (
	centre kind = iota // a line in the middle
	title              // the same, bold and larger
	head               // a numbered heading, bold
	para
	table // Rows; the first one is the heading
	signs // two columns to sign in
)

// block is one piece of the record.
type block struct {
	kind kind
	bold bool
	text string
	rows [][]string
	wide []int // of a table: shares of the width
}

// Document is a record, ready to be written.
type Document struct {
	title  string
	at     time.Time
	blocks []block
}

// Handover makes the record of a handover as it stands: done, or still waiting for a confirmation, which it then says.
func Handover(h mail.Handover) Document {
	d := Document{title: "Biên bản bàn giao hộp thư công vụ " + h.Box, at: h.Inventory.At}
	if !h.DoneAt.IsZero() {
		d.at = h.DoneAt
	}
	d.add(block{kind: centre, bold: true, text: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"})
	d.add(block{kind: centre, bold: true, text: "Độc lập - Tự do - Hạnh phúc"})
	d.add(block{kind: centre, text: "_______________"})
	d.add(block{kind: title, text: "BIÊN BẢN"})
	d.add(block{kind: centre, bold: true, text: "Bàn giao hộp thư công vụ " + h.Box})
	d.para("Căn cứ khoản 2 Điều 14 Quy chế quản lý, sử dụng hệ thống thư điện tử tỉnh Ninh Bình ban hành kèm theo Quyết định số 10/2013/QĐ-UBND, " +
		"hai bên bàn giao hộp thư công vụ của " + name(h.BoxName) + " gồm địa chỉ, quyền truy cập và toàn bộ dữ liệu như sau:")
	d.parties(h)
	d.inventory(h.Inventory)
	d.duties(h.Inventory)
	d.delegations(h.Inventory)
	d.closing(h)
	return d
}

func (d *Document) add(b block)   { d.blocks = append(d.blocks, b) }
func (d *Document) para(s string) { d.add(block{kind: para, text: s}) }
func (d *Document) heading(n int, s string) {
	d.add(block{kind: head, text: strconv.Itoa(n) + ". " + s})
}

func (d *Document) parties(h mail.Handover) {
	d.heading(1, "Các bên")
	giver := person(h.Giver)
	if h.ByOffice {
		giver += " (vắng mặt; Văn phòng Ủy ban nhân dân tỉnh bàn giao thay)"
	}
	d.para("Bên giao: " + giver)
	d.para("Bên nhận: " + person(h.Receiver))
	d.para("Bắt đầu bàn giao: " + stamp(h.Started))
	if h.Reason != "" {
		d.para("Lý do: " + h.Reason)
	}
}

func (d *Document) inventory(inv mail.Inventory) {
	d.heading(2, "Nội dung bàn giao, kiểm kê lúc "+stamp(inv.At))
	d.para(fmt.Sprintf("Tổng số thư: %s; dung lượng: %s byte; chưa hồi đáp: %s; thư nháp: %s; thư chờ gửi: %s; ủy quyền đang có hiệu lực: %s.",
		count(inv.Letters), count(int(inv.Octets)), count(len(inv.Unanswered)), count(inv.Drafts), count(inv.Outbox), count(len(inv.Delegations))))
	rows := [][]string{{"Thư mục", "Số thư", "Byte", "Cũ nhất", "Mới nhất", "Chưa hồi đáp"}}
	for _, f := range inv.Folders {
		rows = append(rows, []string{f.Name, count(f.Letters), count(int(f.Octets)), day(f.Oldest), day(f.Newest), count(f.Unanswered)})
	}
	d.add(block{kind: table, rows: rows, wide: []int{28, 10, 18, 15, 15, 14}})
	d.para("Mã kiểm tra toàn bộ thư (SHA-256): " + inv.Hash)
}

func (d *Document) duties(inv mail.Inventory) {
	d.heading(3, "Thư chưa hồi đáp")
	if len(inv.Unanswered) == 0 {
		d.para("Không có.")
		return
	}
	rows := [][]string{{"STT", "Nơi gửi", "Trích yếu", "Nhận ngày", "Hạn", "Người giữ"}}
	for i, l := range inv.Unanswered {
		rows = append(rows, []string{strconv.Itoa(i + 1), l.From, l.Subject, day(l.Received), day(l.Due), l.Holder})
	}
	d.add(block{kind: table, rows: rows, wide: []int{8, 20, 29, 15, 15, 13}})
}

func (d *Document) delegations(inv mail.Inventory) {
	d.heading(4, "Ủy quyền chấm dứt khi bàn giao xong")
	if len(inv.Delegations) == 0 {
		d.para("Không có.")
		return
	}
	rows := [][]string{{"Người được ủy quyền", "Văn bản", "Từ ngày", "Đến ngày", "Phạm vi"}}
	for _, g := range inv.Delegations {
		rows = append(rows, []string{g.Person.Name, g.Document, day(g.From), day(g.Until), scopes[g.Scope]})
	}
	d.add(block{kind: table, rows: rows, wide: []int{32, 22, 15, 15, 16}})
}

var scopes = map[mail.Scope]string{
	mail.ScopeRead: "đọc", mail.ScopeAnswer: "trả lời", mail.ScopeIssue: "phát hành", mail.ScopeManage: "quản lý", mail.ScopeHead: "thủ trưởng",
}

func (d *Document) closing(h mail.Handover) {
	d.heading(5, "Xác nhận")
	confirm := func(who string, at time.Time) {
		if at.IsZero() {
			d.para(who + " chưa xác nhận.")
			return
		}
		d.para(who + " xác nhận bằng tài khoản của mình lúc " + stamp(at) + ".")
	}
	if h.ByOffice {
		d.para("Bàn giao do Văn phòng Ủy ban nhân dân tỉnh thực hiện thay bên giao.")
	} else {
		confirm("Bên giao", h.GivenAt)
	}
	confirm("Bên nhận", h.TakenAt)
	switch h.State {
	case mail.HandoverDone:
		d.para("Bàn giao hoàn tất lúc " + stamp(h.DoneAt) + ": quyền truy cập cũ chấm dứt, các ủy quyền nêu trên hết hiệu lực. Thư đến sau lúc kiểm kê không nằm trong biên bản này.")
	case mail.HandoverRefused, mail.HandoverCancelled:
		d.para("Bàn giao đã dừng; hộp thư và các quyền trở lại như trước khi bắt đầu.")
	default:
		d.para("Bàn giao CHƯA hoàn tất: biên bản này chỉ ghi lại kết quả kiểm kê.")
	}
	d.add(block{kind: signs, rows: [][]string{{"BÊN GIAO", "BÊN NHẬN"}, {"(ký, ghi rõ họ tên)", "(ký, ghi rõ họ tên)"}, {name(h.Giver.Name), name(h.Receiver.Name)}}})
}

// name leaves room to write one by hand where none is known.
func name(s string) string {
	if s == "" {
		return "……………………"
	}
	return s
}

func person(p mail.Person) string {
	out := name(p.Name)
	if p.Post != "" {
		out += ", " + p.Post
	}
	if p.Addr != "" {
		out += " <" + p.Addr + ">"
	}
	return out
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "……"
	}
	return t.In(rule.Zone).Format("15:04 02/01/2006")
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(rule.Zone).Format("02/01/2006")
}

// count writes a number with its thousands parted by points, as Vietnamese does.
func count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// FileName is what a record's file is called; format is "txt", "pdf" or "odt".
func FileName(h mail.Handover, format string) string {
	local, _, _ := strings.Cut(h.Box, "@")
	clean := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
			return r
		case r == '.':
			return '-' // .. is no way up
		}
		return -1
	}, strings.ToLower(local))
	return fmt.Sprintf("bien-ban-ban-giao-%s-%s.%s", clean, h.Started.In(rule.Zone).Format("20060102"), format)
}

// Package province is the believable province that the demo fills its server with: agencies, people, and what they
// have written to one another. Every person, phone number and citizen in it is invented.
//
// Laws: pure data from a moment and a seed: the same moment gives the same letters; no I/O, no clock, no network.
package province

import (
	"fmt"
	"math/rand/v2"
	"time"

	"hopthu/mail"
)

// Domain is the province's mail domain (QC 4).
const Domain = "ninhbinh.gov.vn"

// Unit is an agency with its mailbox.
type Unit struct {
	Name    string
	Short   string
	Box     string // tendonvi in the regulation's spelling (QC 4.1)
	Parent  string
	Group   string // which group of recipients it belongs to
	Aliases []string
}

const (
	office   = "sở"
	district = "huyện"
)

// Units are the agencies, parents first.
func Units() []Unit {
	return []Unit{
		{Name: "UBND tỉnh", Short: "UBND tỉnh", Box: "ubnd", Aliases: []string{"Ủy ban nhân dân tỉnh", "UBND tỉnh Ninh Bình"}},
		{Name: "Văn phòng UBND tỉnh", Short: "VP UBND tỉnh", Box: "vpubnd", Aliases: []string{"VP UBND tỉnh", "VPUBND tỉnh", "Văn phòng Ủy ban nhân dân tỉnh"}},
		{Name: "Sở Kế hoạch và Đầu tư", Short: "Sở KH&ĐT", Box: "kh&đt", Group: office, Aliases: []string{"Sở KHĐT", "SKHĐT"}},
		{Name: "Sở Tài chính", Short: "Sở Tài chính", Box: "tc", Group: office, Aliases: []string{"STC"}},
		{Name: "Sở Nội vụ", Short: "Sở Nội vụ", Box: "nv", Group: office, Aliases: []string{"SNV"}},
		{Name: "Sở Tư pháp", Short: "Sở Tư pháp", Box: "tp", Group: office, Aliases: []string{"STP"}},
		{Name: "Sở Thông tin và Truyền thông", Short: "Sở TT&TT", Box: "tt&tt", Group: office, Aliases: []string{"Sở TTTT", "STTTT"}},
		{Name: "Sở Xây dựng", Short: "Sở Xây dựng", Box: "xd", Group: office, Aliases: []string{"SXD"}},
		{Name: "Sở Y tế", Short: "Sở Y tế", Box: "yt", Group: office, Aliases: []string{"SYT"}},
		{Name: "UBND huyện Gia Viễn", Short: "UBND h. Gia Viễn", Box: "ubndhgv", Group: district, Aliases: []string{"UBND H. Gia Viễn"}},
		{Name: "UBND huyện Nho Quan", Short: "UBND h. Nho Quan", Box: "ubndhnq", Group: district, Aliases: []string{"UBND H. Nho Quan"}},
		{Name: "UBND xã Ninh Hải", Short: "UBND xã Ninh Hải", Box: "ubndxnh", Parent: "UBND huyện Gia Viễn"},
	}
}

// Person is one official.
type Person struct {
	Name, Unit, Post string
}

// Me is the newly appointed officer as whom the demo opens.
var Me = Person{"Nguyễn Thị Thu Hà", "Sở Kế hoạch và Đầu tư", "Văn thư"}

// People are all officials, Me among them.
func People() []Person {
	return []Person{
		Me,
		{"Phạm Ngọc Ánh", "Sở Kế hoạch và Đầu tư", "Giám đốc"},
		{"Trần Văn Hùng", "Sở Kế hoạch và Đầu tư", "Chuyên viên phòng Tổng hợp"},
		{"Trần Văn Hưng", "Sở Kế hoạch và Đầu tư", "Chuyên viên phòng Thẩm định"},
		{"Đặng Thị Đào", "Sở Kế hoạch và Đầu tư", "Trưởng phòng Tổng hợp, Quy hoạch"},
		{"Hoàng Thị Ơn", "Sở Kế hoạch và Đầu tư", "Kế toán"},
		{"Phùng Bá Thông", "UBND tỉnh", "Chủ tịch"},
		{"Kiều Thị Nhàn", "UBND tỉnh", "Phó Chủ tịch"},
		{"Thái Văn Lục", "UBND tỉnh", "Phó Chủ tịch"},
		{"Vũ Đức Minh", "Văn phòng UBND tỉnh", "Chánh Văn phòng"},
		{"Lê Hà", "Văn phòng UBND tỉnh", "Trung tâm Tin học - Công báo"},
		{"Ngô Quỳnh Anh", "Văn phòng UBND tỉnh", "Chuyên viên"},
		{"Bùi Thanh Thủy", "Sở Tài chính", "Phó Giám đốc"},
		{"Đỗ Quang Khải", "Sở Tài chính", "Chuyên viên phòng Đầu tư"},
		{"Lương Thị Mai", "Sở Tài chính", "Văn thư"},
		{"Tạ Hữu Nghĩa", "Sở Nội vụ", "Trưởng phòng Công chức"},
		{"Phan Thị Yến", "Sở Nội vụ", "Chuyên viên"},
		{"Đinh Văn Khuê", "Sở Tư pháp", "Trưởng phòng Xây dựng văn bản"},
		{"Mai Thị Huyền", "Sở Tư pháp", "Chuyên viên"},
		{"Nguyễn Hữu Thọ", "Sở Thông tin và Truyền thông", "Giám đốc"},
		{"Cao Xuân Trường", "Sở Thông tin và Truyền thông", "Chuyên viên phòng Công nghệ thông tin"},
		{"Lã Thị Quyên", "Sở Xây dựng", "Chuyên viên phòng Hạ tầng"},
		{"Dương Đình Phúc", "Sở Xây dựng", "Phó Giám đốc"},
		{"Quách Thị Liễu", "Sở Y tế", "Văn thư"},
		{"Tống Duy Khánh", "Sở Y tế", "Trưởng phòng Kế hoạch"},
		{"An Văn Toàn", "UBND huyện Gia Viễn", "Chủ tịch"},
		{"Hà Thị Nhung", "UBND huyện Gia Viễn", "Văn thư"},
		{"Trịnh Việt Hưng", "UBND huyện Nho Quan", "Phó Chủ tịch"},
		{"Đoàn Thị Kim Ngân", "UBND huyện Nho Quan", "Văn thư"},
		{"Vũ Thị Sen", "UBND xã Ninh Hải", "Văn phòng - Thống kê"},
	}
}

// Letter is one letter of the past: when it came, where it lies now, and its bytes.
type Letter struct {
	From, To []string // envelope, for the record
	Owner    string   // name of the person or unit in whose box it lies
	Role     mail.Role
	Flags    mail.Flags
	Received time.Time
	Raw      []byte
}

// Book knows the address of every person and unit by name; the demo makes it from what the server issued.
type Book map[string]string

// Addr is the mailbox of a person or unit.
func (b Book) Addr(name string) mail.Address {
	a, ok := b[name]
	if !ok {
		a = "khong-ro@" + Domain
	}
	return mail.Address{Name: name, Addr: a}
}

// Letters are the past of Me's box and of her agency's, oldest first: at least 150, of every kind that a registry sees.
func Letters(now time.Time, book Book) ([]Letter, error) {
	w := &writer{now: now, owner: Me.Name, book: book, rnd: rand.New(rand.NewPCG(10, 2013))}
	for _, part := range []func(){
		w.schedules, w.reports, w.official, w.papers, w.invitations, w.citizens, w.newsletters, w.conversations, w.legacy, w.broken, w.large, w.spam,
	} {
		part()
	}
	w.owner = Me.Unit
	w.agency()
	if w.err != nil {
		return nil, fmt.Errorf("write the province's letters: %w", w.err)
	}
	w.sort()
	return w.out, nil
}

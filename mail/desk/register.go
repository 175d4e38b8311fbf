package desk

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
)

// Register implements frame.Dispatching: the sổ văn bản đi.
func (d *Desk) Register(ctx context.Context, account mail.AccountID, text string) ([]mail.RegisterEntry, error) {
	list, err := d.store.Register(ctx, account, text)
	for i := range list {
		list[i].Late = sentLate(list[i])
	}
	return list, err
}

// RegisterEntry implements frame.Dispatching.
func (d *Desk) RegisterEntry(ctx context.Context, id mail.RegisterID) (mail.RegisterEntry, error) {
	e, err := d.store.RegisterEntry(ctx, id)
	e.Late = sentLate(e)
	return e, err
}

// sentLate reports "gửi chậm": the server took it on a later day than that of issue.
func sentLate(e mail.RegisterEntry) bool {
	if e.Sent.IsZero() || e.Document.Issued.IsZero() {
		return false
	}
	day := func(t time.Time) string { return t.In(rule.Zone).Format(time.DateOnly) }
	return day(e.Sent) > day(e.Document.Issued)
}

// registerColumns are the columns of the exported register. They are data, read by other programs, so their names do not
// follow the language of the screen.
var registerColumns = []string{
	"Số, ký hiệu", "Ngày ban hành", "Loại văn bản", "Trích yếu", "Độ khẩn", "Tệp", "SHA-256", "Đưa vào hộp thư đi", "Ngày gửi", "Gửi chậm",
	"Nơi nhận", "Địa chỉ", "Mục đích", "Trạng thái", "Lúc", "Lời máy chủ", "Lưu", "Đăng tải", "Không gửi", "Lý do",
}

var deliveryNames = map[mail.DeliveryState]string{
	mail.DeliveryQueued: "chờ gửi", mail.DeliveryAccepted: "máy chủ đã nhận", mail.DeliveryRefused: "máy chủ từ chối",
	mail.DeliveryDelayed: "đang gửi lại", mail.DeliveryRelayed: "đã chuyển tiếp", mail.DeliveryDelivered: "đã đến hộp thư",
	mail.DeliveryFailed: "không đến", mail.DeliveryRead: "đã đọc",
}

// ExportRegister implements frame.Dispatching: one row a recipient.
func (d *Desk) ExportRegister(ctx context.Context, account mail.AccountID, dir string) (string, error) {
	list, err := d.Register(ctx, account, "")
	if err != nil {
		return "", err
	}
	var buf bytes.Buffer
	buf.WriteString("\ufeff")
	w := csv.NewWriter(&buf)
	w.UseCRLF = true
	rows := [][]string{registerColumns}
	for _, e := range list {
		rows = append(rows, registerRows(e)...)
	}
	for _, r := range rows {
		for i := range r {
			r[i] = plainCell(r[i])
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return "", fmt.Errorf("write register: %w", err)
	}
	if dir, err = d.downloads("export register", dir); err != nil {
		return "", err
	}
	name := "so-van-ban-di-" + d.o.Clock.Now().In(rule.Zone).Format(time.DateOnly) + ".csv"
	return d.writeNew("export register", dir, name, 0o600, &buf)
}

// downloads is the folder that files go to: dir, else the one of the settings, else the person's home.
func (d *Desk) downloads(op, dir string) (string, error) {
	if dir == "" {
		dir = d.Settings().Downloads
	}
	if dir != "" {
		return dir, nil
	}
	dir, err := os.UserHomeDir()
	if err != nil {
		return "", &mail.Fault{Kind: mail.NoPermission, Op: op, Err: err}
	}
	return dir, nil
}

func registerRows(e mail.RegisterEntry) [][]string {
	date := func(t time.Time, layout string) string {
		if t.IsZero() {
			return ""
		}
		return t.In(rule.Zone).Format(layout)
	}
	late := ""
	if e.Late {
		late = "gửi chậm"
	}
	var why []string
	for _, code := range slices.Sorted(maps.Keys(e.Reasons)) {
		why = append(why, code+": "+e.Reasons[code])
	}
	const minute = "02/01/2006 15:04"
	urgency := rule.Urgency(max(0, min(e.Document.Urgency, int(rule.ExpressTimed)))) //nolint:gosec // bounded
	first := []string{
		e.Document.Number, date(e.Document.Issued, "02/01/2006"), e.Document.Kind, e.Summary, urgency.String(), e.File, e.Digest,
		date(e.Queued, minute), date(e.Sent, minute), late,
	}
	last := []string{strings.Join(e.Kept, "; "), strings.Join(e.Published, "; "), strings.Join(e.Skipped, "; "), strings.Join(why, "; ")}
	var out [][]string
	for _, to := range e.Recipients {
		state := deliveryNames[to.State]
		if state == "" {
			state = string(to.State)
		}
		out = append(out, slices.Concat(first, []string{
			to.Address.Name, to.Address.Addr, strings.Join(to.Purposes, ", "), state, date(to.At, minute), to.Words,
		}, last))
	}
	return out
}

// plainCell keeps a spreadsheet from taking a cell for a formula: such a beginning gets an apostrophe before it. Line ends
// become blanks, so that a row is a line.
func plainCell(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\r' || r == '\n' || r == '\t' || r == 0 }), " ")
	if t := strings.TrimLeft(s, " \u00a0\ufeff"); t != "" && strings.ContainsRune("=+-@＝＋－＠|%", []rune(t)[0]) {
		return "'" + s
	}
	return s
}

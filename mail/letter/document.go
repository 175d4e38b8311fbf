package letter

import (
	"strings"
	"time"
	"unicode/utf8"

	"hopthu/mail"
)

// Fields that say which official document a letter carries (QC 7.1). Other clients ignore them.
const (
	KindField    = "Hopthu-Document-Kind"
	NumberField  = "Hopthu-Document-Number"
	DateField    = "Hopthu-Document-Date"  // 2013-07-10
	PaperField   = "Hopthu-Document-Paper" // "no": không gửi bản giấy
	UrgencyField = "Hopthu-Urgency"        // one of urgencies
)

// urgencies are the values of UrgencyField, by degree (Decree 30/2020, box 10b).
var urgencies = [...]string{"", "khan", "thuong-khan", "hoa-toc", "hoa-toc-hen-gio"}

// DocumentFields are the header fields of a letter that carries a document; haste is also said in the way that other
// clients understand (D 2.6).
func DocumentFields(m mail.DocumentMark) []mail.Field {
	var out []mail.Field
	add := func(name, value string) {
		if value != "" {
			out = append(out, mail.Field{Name: name, Value: value})
		}
	}
	add(KindField, m.Kind)
	add(NumberField, m.Number)
	if !m.Issued.IsZero() {
		add(DateField, m.Issued.In(mail.Zone).Format(time.DateOnly))
	}
	if m.NoPaper {
		add(PaperField, "no")
	}
	if m.Urgency > 0 && m.Urgency < len(urgencies) {
		add(UrgencyField, urgencies[m.Urgency])
		add("X-Priority", map[bool]string{true: "2", false: "1"}[m.Urgency == 1])
		add("Importance", "high")
	}
	return out
}

const maxMark = 200 // octets of a kind or a number that are kept

// document reads what DocumentFields writes. A letter claims it: whoever sent it may claim anything.
func (h *Header) document() mail.DocumentMark {
	var m mail.DocumentMark
	m.Kind, m.Number = h.mark(KindField), h.mark(NumberField)
	if t, err := time.ParseInLocation(time.DateOnly, h.mark(DateField), mail.Zone); err == nil && t.Year() > 1900 && t.Year() < 2200 {
		m.Issued = t
	}
	m.NoPaper = strings.EqualFold(h.mark(PaperField), "no")
	if u := strings.ToLower(h.mark(UrgencyField)); u != "" {
		for i, s := range urgencies {
			if s == u {
				m.Urgency = i
			}
		}
	}
	return m
}

// mark is the first field called name as one short line.
func (h *Header) mark(name string) string {
	if h.count(name) == 0 {
		return ""
	}
	s := strings.Join(strings.Fields(oneLine(h.Get(name))), " ")
	if len(s) > maxMark {
		s = s[:maxMark]
		for !utf8.ValidString(s) {
			s = s[:len(s)-1]
		}
	}
	return s
}

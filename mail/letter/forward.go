package letter

import (
	"strings"

	"hopthu/mail"
)

// QuoteForward gives the text of l under a block that says who sent what to whom and when, for a letter that passes it
// on. lang is "vi" or "en".
func QuoteForward(l *mail.Letter, lang string) string {
	title, from, date, subject, to := "Thư chuyển tiếp", "Người gửi", "Ngày gửi", "Chủ đề", "Người nhận"
	if lang == "en" {
		title, from, date, subject, to = "Forwarded letter", "From", "Date", "Subject", "To"
	}
	list := func(as []mail.Address) string {
		out := make([]string, len(as))
		for i, a := range as {
			out[i] = FormatAddress(a)
		}
		return strings.Join(out, ", ")
	}
	line := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	var b strings.Builder
	b.WriteString("---------- " + title + " ----------\n")
	for _, f := range [][2]string{
		{from, list(l.From)}, {date, l.Sent().In(mail.Zone).Format("02/01/2006 15:04")}, {subject, l.Subject}, {to, list(append(append([]mail.Address(nil), l.To...), l.Cc...))},
	} {
		if f[1] != "" {
			b.WriteString(f[0] + ": " + line(f[1]) + "\n")
		}
	}
	b.WriteString("\n")
	for _, p := range l.Paras {
		switch mark := strings.Repeat(">", p.Quote); p.Kind {
		case mail.ParaRule:
			b.WriteString("----------\n")
		case mail.ParaPre:
			for _, s := range strings.Split(p.Text, "\n") {
				b.WriteString(strings.TrimSpace(mark+" "+s) + "\n")
			}
		default:
			b.WriteString(strings.TrimSpace(mark+" "+p.Text) + "\n")
		}
	}
	return b.String()
}

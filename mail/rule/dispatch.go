package rule

import (
	"cmp"
	"slices"
	"strings"

	"hopthu/mail"
)

// Dispatch is a document on its way to its recipients (QC 7.1a): what was read of it, what the person decided, and
// whom it reaches. It is a value: whoever changes Document, Picks or Files has it planned anew by the desk.
type Dispatch struct {
	Account  mail.AccountID
	Draft    mail.DraftID      // the kept draft that holds the files; a killed program finds it again
	Main     mail.Attachment   // the document itself; ID 0 if its text was pasted
	Files    []mail.Attachment // further files, sent after Main
	Text     string            // the document's text, NFC
	Pasted   bool              // Text was pasted and is the letter's body
	Scanned  bool              // pictures without text: the person types what could not be read
	Document Document
	Plan     Plan
	Picks    map[int]Pick   // by row of Plan
	Extra    []mail.Address // recipients added by hand
	Subject  string         // subject of the letter; the desk proposes number and trích yếu
	Body     string         // covering words; the desk proposes them
	NoPaper  bool           // adds the clause "không gửi bản giấy"
	Receipts bool           // asks recipients' clients to tell when it is read (RFC 8098)
	Refusal  string         // the server's words, when this document came back from the outbox
}

// Mark is what the letter's header will say of the document.
func (d Dispatch) Mark() mail.DocumentMark {
	return mail.DocumentMark{
		Kind: d.Document.Kind, Number: d.Document.Mark(), Issued: d.Document.Date, Urgency: int(d.Document.Urgency),
		NoPaper: d.NoPaper,
	}
}

// NoPaperClause is the line that a letter carries instead of a paper copy (QC 7.1b).
const NoPaperClause = "Văn bản này được gửi qua Hệ thống thư điện tử và có giá trị tương đương văn bản giấy; cơ quan gửi không gửi bản giấy " +
	"(điểm b khoản 1 Điều 7 Quy chế ban hành kèm theo Quyết định số 10/2013/QĐ-UBND)."

// Title names the document in a sentence: "Quyết định số 10/2013/QĐ-UBND ngày 10/07/2013".
func (d Document) Title() string {
	t := d.Kind
	if t == "" {
		t = "Văn bản"
	}
	if m := d.Mark(); m != "" {
		t += " số " + m
	}
	if !d.Date.IsZero() {
		t += " ngày " + d.Date.In(Zone).Format("02/01/2006")
	}
	return t
}

const maxSubject = 200 // letters of a proposed subject

// ProposeSubject is the subject that the letter should have: haste, document, trích yếu.
func (d Dispatch) ProposeSubject() string {
	s := d.Document.Title()
	if u := d.Document.Urgency; u > Normal {
		s = "[" + strings.ToUpper(u.String()) + "] " + s
	}
	if d.Document.Summary != "" {
		s += ": " + strings.Join(strings.Fields(d.Document.Summary), " ")
	}
	if r := []rune(s); len(r) > maxSubject {
		cut := string(r[:maxSubject])
		if i := strings.LastIndexByte(cut, ' '); i > maxSubject/2 {
			cut = cut[:i]
		}
		s = strings.TrimRight(cut, " ,;:") + "…"
	}
	return s
}

// ProposeBody is the covering text; a pasted document needs none.
func (d Dispatch) ProposeBody(signature string) string {
	if d.Pasted {
		return ""
	}
	var b strings.Builder
	b.WriteString("Kính gửi: Các cơ quan, đơn vị, cá nhân theo Nơi nhận của văn bản.\n\n")
	b.WriteString("Xin gửi " + d.Document.Title())
	if s := strings.Join(strings.Fields(d.Document.Summary), " "); s != "" {
		b.WriteString(" – " + strings.TrimRight(s, "./ "))
	}
	b.WriteString(".\n\nTrân trọng.\n")
	if signature != "" {
		b.WriteString("\n-- \n" + strings.TrimSpace(signature) + "\n")
	}
	return b.String()
}

// Letter is the whole text of the letter: covering words, the clause about paper, and the document itself if it was pasted.
func (d Dispatch) Letter() string {
	words, sign := d.Body, ""
	if i := strings.LastIndex(words, "\n-- \n"); i >= 0 {
		words, sign = words[:i], words[i+1:]
	}
	var parts []string
	if s := strings.TrimSpace(words); s != "" {
		parts = append(parts, s)
	}
	if d.NoPaper {
		parts = append(parts, NoPaperClause)
	}
	if d.Pasted {
		parts = append(parts, strings.TrimRight(d.Text, "\r\n \t"))
	}
	if sign != "" {
		parts = append(parts, strings.TrimRight(sign, "\n"))
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// Corrected is the document read anew with the head as the person left it in by: what was typed in takes away the reason
// to call it a draft.
func (d Document) Corrected(by Document) Document {
	d.Kind, d.Abbrev, d.Number, d.Year, d.Symbol = by.Kind, by.Abbrev, by.Number, by.Year, by.Symbol
	d.Party, d.Date, d.Summary, d.Urgency, d.Quoted = by.Party, by.Date, by.Summary, by.Urgency, by.Quoted
	d.Why = slices.DeleteFunc(slices.Clone(d.Why), func(w string) bool {
		return w == "blank-number" && d.Number != "" || w == "blank-date" && !d.Date.IsZero()
	})
	d.Draft = len(d.Why) > 0
	return d
}

// Sides says who stands in To and who in Cc. To are those whom the document obliges: named by a reference ("Như trên", "Như
// Điều 3"), or "thực hiện", "phối hợp". All others are told. Where a document obliges nobody by name, everyone without the
// purpose "báo cáo" or "biết" is in To, and everyone if that leaves nobody: a letter in Cc obliges nobody to answer (QC 9).
func (d Dispatch) Sides() (to, cc []Recipient) {
	all := d.everyone()
	obliged := func(r Recipient) bool {
		return slices.ContainsFunc(r.Purposes, func(p string) bool { return p == "thực hiện" || p == "phối hợp" }) ||
			slices.ContainsFunc(r.Rows, d.Plan.referred)
	}
	told := func(r Recipient) bool {
		return len(r.Purposes) > 0 && !slices.ContainsFunc(r.Purposes, func(p string) bool { return p != "báo cáo" && p != "biết" })
	}
	for _, first := range []func(Recipient) bool{obliged, func(r Recipient) bool { return !told(r) }} {
		if !slices.ContainsFunc(all, first) {
			continue
		}
		for _, r := range all {
			if first(r) {
				to = append(to, r)
			} else {
				cc = append(cc, r)
			}
		}
		return to, cc
	}
	return all, nil
}

// everyone is the plan's recipients and those added by hand, each once.
func (d Dispatch) everyone() []Recipient {
	all := slices.Clone(d.Plan.Recipients)
	seen := map[string]bool{}
	for _, r := range all {
		seen[WireForm(r.Address)] = true
	}
	for _, a := range d.Extra {
		if k := WireForm(a.Addr); a.Addr != "" && !seen[k] {
			seen[k] = true
			all = append(all, Recipient{Listed: Listed{Key: "address:" + k, Name: a.Name, Address: a.Addr}})
		}
	}
	return all
}

// referred reports a row that stands below a reference.
func (p Plan) referred(row int) bool {
	for n := 0; row >= 0 && row < len(p.Rows) && n <= len(p.Rows); n++ {
		if p.Rows[row].Class == Reference {
			return true
		}
		row = p.Rows[row].Parent
	}
	return false
}

// Kept names the units that keep the document, as "Lưu" lists them.
func (p Plan) Kept() []string {
	var out []string
	for _, r := range p.Rows {
		if r.Class != Keep {
			continue
		}
		for _, s := range r.Subs {
			out = append(out, s.Name)
		}
		if len(r.Subs) == 0 {
			out = append(out, r.Name)
		}
	}
	return out
}

// LeftOut names the entries to which nothing is sent: places of publication apart from all others. Members of a group that
// have no box stand behind it: "Phòng Y tế (Các phòng chuyên môn: không có hộp thư)".
func (p Plan) LeftOut() (published, skipped []string) {
	for _, r := range p.Rows {
		for _, m := range r.Missing {
			skipped = append(skipped, cmp.Or(m.Name, m.Key)+" ("+r.Name+": không có hộp thư)")
		}
		switch {
		case r.State != RowSkipped:
		case r.Class == Publish:
			published = append(published, r.Name)
		default:
			skipped = append(skipped, r.Name)
		}
	}
	return published, skipped
}

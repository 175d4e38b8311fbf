package rule

import "hopthu/mail"

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
}

// Mark is what the letter's header will say of the document.
func (d Dispatch) Mark() mail.DocumentMark {
	return mail.DocumentMark{
		Kind: d.Document.Kind, Number: d.Document.Mark(), Issued: d.Document.Date, Urgency: int(d.Document.Urgency),
		NoPaper: d.NoPaper,
	}
}

package mail

import "time"

// DocumentMark is what a letter says of the official document that it carries (QC 7.1): header fields that other
// clients ignore. The zero value is a letter without such a document.
type DocumentMark struct {
	Kind    string    // loại văn bản: "Quyết định", "Công văn"; "" if not said
	Number  string    // số và ký hiệu as written: "10/2013/QĐ-UBND"
	Issued  time.Time // day of issue, midnight in Zone; zero if not said
	Urgency int       // a rule.Urgency: 0 thường, 1 khẩn, 2 thượng khẩn, 3 hỏa tốc, 4 hỏa tốc hẹn giờ
	NoPaper bool      // "không gửi bản giấy"
}

// IsZero reports whether the letter carries no such document.
func (m DocumentMark) IsZero() bool { return m == DocumentMark{} }

// RegisterID is a row number of the local store.
type RegisterID int64

// DeliveryState is how far a document came on its way to one recipient. It is told by servers and recipients, never
// guessed (RFC 3464, RFC 8098).
type DeliveryState string

// States of delivery, in the order of the way. Relayed is all that a server without delivery reports will ever tell.
const (
	DeliveryQueued    DeliveryState = "queued"    // still in the outbox
	DeliveryAccepted  DeliveryState = "accepted"  // our server took it (250)
	DeliveryRefused   DeliveryState = "refused"   // our server refused this recipient
	DeliveryDelayed   DeliveryState = "delayed"   // still being tried
	DeliveryRelayed   DeliveryState = "relayed"   // handed to a server that sends no reports
	DeliveryDelivered DeliveryState = "delivered" // in the recipient's box
	DeliveryFailed    DeliveryState = "failed"
	DeliveryRead      DeliveryState = "read" // the recipient's client said so
)

// RegisterRecipient is one recipient of a document in the register.
type RegisterRecipient struct {
	Address  Address
	Purposes []string // "báo cáo", "biết", …
	State    DeliveryState
	At       time.Time // when State was reached
	Words    string    // the reporting server's words, cleaned of controls; "" if none
}

// RegisterEntry is one line of the sổ văn bản đi (QC 7.1a): a document that was sent out, and what became of it.
type RegisterEntry struct {
	ID         RegisterID
	Account    AccountID
	Document   DocumentMark
	Summary    string // trích yếu
	File       string // name of the document's file, "" if its text was pasted
	Digest     string // SHA-256 of the file's bytes (of the pasted text in UTF-8), lower-case hexadecimal
	Outbox     OutboxID
	MessageID  string
	Queued     time.Time
	Sent       time.Time // when the server took it; zero until then
	Late       bool      // "gửi chậm": sent on a later day than the day of issue
	Recipients []RegisterRecipient
	Kept       []string          // "Lưu": units that keep it, sent nowhere
	Published  []string          // places of publication, which are no mailboxes
	Skipped    []string          // entries that the person chose to leave out
	Reasons    map[string]string // why each question of the check was answered yes, by code
}

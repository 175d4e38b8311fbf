// Package letter reads letters from bytes and writes them to bytes: RFC 5322 and MIME in, tolerantly, and out, strictly.
//
// Laws: reading never fails and never loses a byte: what cannot be understood is named in Defects and stays reachable
// through OpenPart, Section and the raw letter. A declared charset, type, size or name is a claim, never trusted.
// Depth, part count, header size and text size are limited. Nothing is ever fetched. Writing never emits Bcc and never
// lets a value break out of its field. No I/O but the readers and writers handed in, no clock, no randomness of its own.
package letter

// Limits of the reader. Beyond them bytes stay reachable but are no longer taken apart.
const (
	maxDepth     = 32        // nested multiparts and messages
	maxParts     = 1000      // parts of one letter
	maxFields    = 20000     // header fields of one block
	maxField     = 256 << 10 // octets of one field that are decoded
	maxText      = 2 << 20   // octets of decoded text that are shown
	maxAddresses = 10000     // addresses taken from one field
	maxIDs       = 1000      // message ids taken from one field
)

// Codes in mail.Letter.Defects. The words for them are the screen's.
const (
	DefectNoHeaderEnd   = "no-header-end"     // no empty line between header and body
	DefectHeaderLine    = "bad-header"        // a header line without a colon
	DefectMboxFrom      = "mbox-from"         // an mbox "From " line before the header
	DefectLeadingBlank  = "leading-blank"     // empty lines before the header
	DefectManyFields    = "too-many-fields"   // header fields beyond the limit
	DefectBigField      = "field-too-big"     // a field longer than what is decoded
	DefectNoHeader      = "no-header"         // no header at all: everything is body
	DefectBareCR        = "bare-cr"           // lines end in CR alone
	DefectNUL           = "nul-bytes"         // NUL octets
	DefectBadDate       = "bad-date"          // Date absent or unreadable
	DefectNoFrom        = "no-from"           // no author that can be read
	DefectManyFrom      = "many-from"         // more than one From field
	DefectBadAddress    = "bad-address"       // an entry of an address field that cannot be read
	DefectNoBoundary    = "no-boundary"       // multipart without boundary parameter
	DefectNoParts       = "empty-multipart"   // multipart in which no part begins
	DefectNoEnd         = "truncated"         // the closing boundary is missing: perhaps cut off
	DefectDepth         = "too-deep"          // nested beyond the limit
	DefectManyParts     = "too-many-parts"    // parts beyond the limit
	DefectBase64        = "bad-base64"        // broken or truncated base64
	DefectQP            = "bad-qp"            // broken quoted-printable
	DefectEncoding      = "unknown-encoding"  // Content-Transfer-Encoding that nobody knows
	DefectCharset       = "bad-charset"       // text was not what its charset said
	DefectTextCut       = "text-cut"          // more text than is shown
	DefectHTMLCut       = "html-cut"          // HTML beyond what is read
	DefectTNEF          = "tnef"              // winmail.dat: content in a format only Outlook opens
	DefectLinkText      = "link-text"         // a link whose text names another host than it leads to
	DefectOpaqueMessage = "encrypted-message" // S/MIME enveloped or opaque content
)

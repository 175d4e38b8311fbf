package rule

import (
	"path"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// Received is a letter that came, as far as it was looked into.
type Received struct {
	Subject string
	Body    string // the words of its author
	Quoted  string // what he quoted or passed on
	Files   []ReceivedFile
}

// ReceivedFile is one attachment.
type ReceivedFile struct {
	Name   string
	Text   string // as far as it could be read
	Facts  FileFacts
	Unseen bool // not looked into: too large, or the letter has too much of it
}

// CodeUnseen is the finding that an attachment could not be looked into, or not wholly.
const CodeUnseen = "not-looked-into"

// CheckReceived looks for stamps of secrecy in a letter that came (QC 7.1b, 13.7). A Block among the findings seals it; they
// stand first, then Ask, then Pass. A file that could not be looked into is named by a Pass, so that silence about a file
// always means that it was read.
func CheckReceived(in Received) []mail.Finding {
	c := draftCheck{}
	c.found = append(c.found, Secrecy("subject", in.Subject)...)
	c.found = append(c.found, Secrecy("body", in.Body)...)
	c.found = append(c.found, Secrecy("quoted", in.Quoted)...)
	for _, f := range in.Files {
		where := "attachment:" + f.Name
		c.found = append(c.found, secrecyName(viet.NFC(f.Name))...)
		for i, n := range f.Facts.Names {
			if i >= maxFindings {
				break
			}
			for _, s := range secrecyName(viet.NFC(path.Base(n))) {
				s.Where = where
				c.found = append(c.found, s)
			}
		}
		c.found = append(c.found, Secrecy(where, f.Text)...)
		if f.Unseen || f.Facts.Cut || f.Facts.Locked || f.Facts.Bomb || f.Facts.Scanned && f.Text == "" {
			c.add(mail.Pass, CodeUnseen, clauseSecret, where, viet.NFC(f.Name))
		}
	}
	return c.sorted()
}

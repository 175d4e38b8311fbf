package imapd

import (
	"math"
	"strconv"
	"strings"

	"github.com/emersion/go-imap/v2"

	"hopthu/mail"
	"hopthu/mail/letter"
)

// envelope gives ENVELOPE (RFC 9051 7.5.2) with values as stored, groups included: the engine passes ASCII on
// unchanged. Only the date is written anew, for the engine knows it as a time (B12).
func envelope(h *letter.Header) *imap.Envelope { return envelopeOf(letter.ReadEnvelope(h), h) }

func envelopeOf(e *letter.Envelope, h *letter.Header) *imap.Envelope {
	var head mail.Head
	if h != nil {
		h.Fill(&head)
	} else {
		letter.ReadHeader([]byte("Date: " + e.Date + "\r\n\r\n")).Fill(&head)
	}
	out := &imap.Envelope{
		Date: head.Date, Subject: e.Subject, From: addresses(e.From), Sender: addresses(e.Sender), ReplyTo: addresses(e.ReplyTo),
		To: addresses(e.To), Cc: addresses(e.Cc), Bcc: addresses(e.Bcc), MessageID: bare(e.MessageID),
	}
	if id := bare(e.InReplyTo); id != "" {
		out.InReplyTo = []string{id}
	}
	return out
}

// bare takes off the angle brackets that the engine puts on.
func bare(s string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(s), "<"), ">")
}

func addresses(list []letter.EnvelopeAddress) []imap.Address {
	out := make([]imap.Address, len(list))
	for i, a := range list {
		out[i] = imap.Address{Name: a.Name, Mailbox: a.Mailbox, Host: a.Host}
	}
	return out
}

// structure gives BODYSTRUCTURE from our own walker; a multipart in it always has parts (B10).
func structure(raw []byte) imap.BodyStructure { return bodyOf(letter.ReadStructure(raw)) }

func bodyOf(s *letter.Structure) imap.BodyStructure {
	disp := &imap.BodyStructureDisposition{Value: s.Disposition, Params: params(s.DispParams)}
	if s.Disposition == "" {
		disp = nil
	}
	if len(s.Parts) > 0 {
		m := &imap.BodyStructureMultiPart{
			Subtype: s.Subtype,
			Extended: &imap.BodyStructureMultiPartExt{
				Params: params(s.Params), Disposition: disp, Language: s.Language, Location: s.Location,
			},
		}
		for _, p := range s.Parts {
			m.Children = append(m.Children, bodyOf(p))
		}
		return m
	}
	p := &imap.BodyStructureSinglePart{
		Type: s.Type, Subtype: s.Subtype, Params: params(s.Params), ID: s.ID, Description: s.Description,
		Encoding: s.Encoding, Size: uint32(min(s.Size, math.MaxUint32)),
		Extended: &imap.BodyStructureSinglePartExt{Disposition: disp, Language: s.Language, Location: s.Location},
	}
	switch {
	case s.Message != nil:
		e := s.Message.Envelope
		if e == nil {
			e = &letter.Envelope{}
		}
		p.MessageRFC822 = &imap.BodyStructureMessageRFC822{
			Envelope: envelopeOf(e, nil), BodyStructure: bodyOf(s.Message), NumLines: s.Lines,
		}
	case s.Type == "text":
		p.Text = &imap.BodyStructureText{NumLines: s.Lines}
	}
	return p
}

func params(list []letter.Param) map[string]string {
	out := make(map[string]string, len(list))
	for _, p := range list {
		if _, twice := out[p.Name]; !twice {
			out[p.Name] = p.Value
		}
	}
	return out
}

// section gives the octets of a section as stored; one that is not there is empty.
func section(raw []byte, s *imap.FetchItemBodySection) []byte {
	path := make([]string, len(s.Part))
	for i, n := range s.Part {
		path[i] = strconv.Itoa(n)
	}
	spec := string(s.Specifier)
	switch {
	case len(s.HeaderFields) > 0:
		spec += ".FIELDS (" + strings.Join(s.HeaderFields, " ") + ")"
	case len(s.HeaderFieldsNot) > 0:
		spec += ".FIELDS.NOT (" + strings.Join(s.HeaderFieldsNot, " ") + ")"
	}
	data, ok := letter.Section(raw, strings.Join(path, "."), spec)
	if !ok {
		return nil
	}
	return data
}

// pickFields gives the header block, or the fields named, or all but them, as they were written.
func pickFields(block []byte, s *imap.FetchItemBodySection) []byte {
	switch {
	case len(s.HeaderFields) > 0:
		return letter.ReadHeader(block).Select(s.HeaderFields, false)
	case len(s.HeaderFieldsNot) > 0:
		return letter.ReadHeader(block).Select(s.HeaderFieldsNot, true)
	}
	return block
}

// headerBlock is the header of a letter up to and with the empty line.
func headerBlock(raw []byte) []byte { return letter.ReadHeader(raw).Bytes() }

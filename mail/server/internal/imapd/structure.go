package imapd

import (
	"strings"

	"hopthu/mail/letter"
)

// putEnvelope writes ENVELOPE (RFC 9051 7.5.2) with values as stored, groups included.
func (c *conn) putEnvelope(e *letter.Envelope) {
	if e == nil {
		e = &letter.Envelope{}
	}
	c.put("(")
	c.putNString(e.Date, e.Date != "")
	c.put(" ")
	c.putNString(e.Subject, e.HasSubject)
	for _, list := range [][]letter.EnvelopeAddress{e.From, e.Sender, e.ReplyTo, e.To, e.Cc, e.Bcc} {
		c.put(" ")
		c.putAddresses(list)
	}
	c.put(" ")
	c.putNString(e.InReplyTo, e.HasInReplyTo)
	c.put(" ")
	c.putNString(e.MessageID, e.HasMessageID)
	c.put(")")
}

func (c *conn) putAddresses(list []letter.EnvelopeAddress) {
	if len(list) == 0 {
		c.put("NIL")
		return
	}
	c.put("(")
	for _, a := range list {
		c.put("(")
		c.putNString(a.Name, a.Name != "")
		c.put(" NIL ")
		c.putNString(a.Mailbox, a.Mailbox != "")
		c.put(" ")
		c.putNString(a.Host, a.Host != "")
		c.put(")")
	}
	c.put(")")
}

// putStructure writes BODY, or BODYSTRUCTURE with its extension data (RFC 9051 7.5.2).
func (c *conn) putStructure(s *letter.Structure, ext bool) {
	c.put("(")
	if len(s.Parts) > 0 {
		for _, p := range s.Parts {
			c.putStructure(p, ext)
		}
		c.put(" ")
		c.putString(s.Subtype)
		if ext {
			c.put(" ")
			c.putParams(s.Params)
			c.putExtension(s)
		}
		c.put(")")
		return
	}
	kind, sub := s.Type, s.Subtype
	if kind == "message" && s.Message == nil && (sub == "rfc822" || sub == "global") { // would promise an envelope
		kind, sub = "application", "octet-stream"
	}
	c.putString(kind)
	c.put(" ")
	c.putString(sub)
	c.put(" ")
	c.putParams(s.Params)
	c.put(" ")
	c.putNString(s.ID, s.ID != "")
	c.put(" ")
	c.putNString(s.Description, s.Description != "")
	c.put(" ")
	c.putString(s.Encoding)
	c.put(" ")
	c.putNum(uint64(s.Size))
	switch {
	case s.Message != nil:
		c.put(" ")
		c.putEnvelope(s.Message.Envelope)
		c.put(" ")
		c.putStructure(s.Message, ext)
		c.put(" ")
		c.putNum(uint64(s.Lines))
	case s.Type == "text":
		c.put(" ")
		c.putNum(uint64(s.Lines))
	}
	if ext {
		c.put(" ")
		c.putNString(s.MD5, s.MD5 != "")
		c.putExtension(s)
	}
	c.put(")")
}

func (c *conn) putExtension(s *letter.Structure) {
	c.put(" ")
	if s.Disposition == "" {
		c.put("NIL")
	} else {
		c.put("(")
		c.putString(s.Disposition)
		c.put(" ")
		c.putParams(s.DispParams)
		c.put(")")
	}
	c.put(" ")
	switch len(s.Language) {
	case 0:
		c.put("NIL")
	case 1:
		c.putString(s.Language[0])
	default:
		c.put("(")
		for i, l := range s.Language {
			if i > 0 {
				c.put(" ")
			}
			c.putString(l)
		}
		c.put(")")
	}
	c.put(" ")
	c.putNString(s.Location, s.Location != "")
}

// putParams writes parameters; one that stands twice is told once.
func (c *conn) putParams(list []letter.Param) {
	if len(list) == 0 {
		c.put("NIL")
		return
	}
	c.put("(")
	seen := map[string]bool{}
	for _, p := range list {
		name := strings.ToLower(p.Name)
		if seen[name] {
			continue
		}
		if len(seen) > 0 {
			c.put(" ")
		}
		seen[name] = true
		c.putString(p.Name)
		c.put(" ")
		c.putString(p.Value)
	}
	c.put(")")
}

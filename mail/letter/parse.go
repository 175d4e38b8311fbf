package letter

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"hopthu/mail"
)

// Parse reads a letter. It never fails: what is broken is mended and named in Defects. All of the Head is filled that
// a letter can tell; ids, flags, folder and the store's marks are not.
func Parse(raw []byte) *mail.Letter { return ParseCharset(raw, "") }

// ParseCharset is Parse with the text forced to one encoding of viet.Encodings; "" does as Parse.
func ParseCharset(raw []byte, charset string) *mail.Letter {
	root, defects := walk(raw)
	l := &mail.Letter{}
	if charset != "" {
		root.head.legacy, root.head.forced = charset, true // names and subject in raw octets are read as the text is
	}
	root.head.Fill(&l.Head)
	if subject := unfold(root.head.first("Subject")); charset != "" && !ascii(subject) && !bytes.Contains(subject, []byte("=?")) {
		l.Subject, _ = decodeForced(subject, charset)
	}
	l.Size = int64(len(raw))
	l.Bcc, _ = root.head.addresses("Bcc")
	l.Fields = root.head.Fields()
	r := reader{l: l, forced: charset, left: maxText}
	r.defect(defects...)
	r.checkHead(root.head)
	r.show(root, 0, true)
	l.Attachments = 0
	for _, p := range l.Parts {
		if !p.Inline && !signature(p.Declared) {
			l.Attachments++
		}
	}
	for len(l.Paras) > 0 && blank(l.Paras[len(l.Paras)-1]) {
		l.Paras = l.Paras[:len(l.Paras)-1]
	}
	l.Preview = Preview(l)
	return l
}

func blank(p mail.Para) bool { return p.Kind == mail.ParaText && p.Text == "" }

func signature(media string) bool {
	return media == "application/pgp-signature" || media == "application/pkcs7-signature" ||
		media == "application/x-pkcs7-signature"
}

// reader makes a mail.Letter of the tree.
type reader struct {
	l      *mail.Letter
	forced string
	left   int  // octets of text that may still be shown
	shown  bool // some text has been shown
}

func (r *reader) defect(codes ...string) {
	for _, c := range codes {
		if c != "" {
			r.l.Defects = addCode(r.l.Defects, c)
		}
	}
}

// checkHead notes what is wrong with the fields that matter.
func (r *reader) checkHead(h *Header) {
	if r.l.Date.IsZero() {
		r.defect(DefectBadDate)
	}
	if len(r.l.From) == 0 {
		r.defect(DefectNoFrom)
	}
	if h.count("From") > 1 {
		r.defect(DefectManyFrom)
	}
	for _, name := range []string{"From", "Sender", "Reply-To", "To", "Cc"} {
		if _, bad := h.addresses(name); len(bad) > 0 {
			r.defect(DefectBadAddress)
		}
	}
	if _, legacy := h.subject(); legacy != "" {
		r.l.Legacy = legacy
	}
}

// show puts n's text into the letter and lists what is no text. letter says that n is a whole letter.
func (r *reader) show(n *node, quote int, letter bool) {
	switch {
	case n.multi && n.media == "multipart/alternative":
		r.alternative(n, quote)
	case n.multi && n.media == "multipart/related":
		root := relatedRoot(n)
		r.show(root, quote, false)
		for _, k := range n.kids {
			if k != root {
				r.list(k, false)
			}
		}
	case n.multi:
		for i, k := range n.kids {
			if n.media == "multipart/signed" && i > 0 {
				r.list(k, false)
			} else {
				r.show(k, quote, false)
			}
		}
	case n.inner != nil:
		r.attach(n, letter)
		r.nested(n.inner, quote)
	case n.readable() && (n.name() == "" || !r.shown):
		r.text(n, quote, letter)
	default:
		r.attach(n, letter)
	}
}

// nested shows a letter inside the letter as quoted text under its subject and author.
func (r *reader) nested(n *node, quote int) {
	var h mail.Head
	n.head.Fill(&h)
	if len(r.l.Paras) > 0 {
		r.add(mail.Para{Kind: mail.ParaRule, Quote: quote})
	}
	if h.Subject != "" {
		r.add(mail.Para{Kind: mail.ParaHeading, Quote: quote + 1, Text: h.Subject})
	}
	for _, a := range h.From {
		r.add(mail.Para{Quote: quote + 1, Text: FormatAddress(a)})
	}
	r.add(mail.Para{Quote: quote + 1})
	r.show(n, quote+1, true)
}

// relatedRoot is the part that the others belong to (RFC 2387 3.2).
func relatedRoot(n *node) *node {
	if start := strings.Trim(paramValue(n.params, "start"), "<> "); start != "" {
		for _, k := range n.kids {
			if k.id() == start {
				return k
			}
		}
	}
	return n.kids[0]
}

func (n *node) id() string { return strings.Trim(string(n.head.first("Content-ID")), "<> \t") }

// readable reports whether n is text that belongs to the letter itself.
func (n *node) readable() bool {
	if n.disposition == "attachment" {
		return false
	}
	switch n.media {
	case "text/plain", "text/html", "text/richtext", "text/enriched", "text", "application/xhtml+xml":
		return true
	}
	return false
}

// alternative shows the best form of the same text: plain text if it is more than a stub, otherwise HTML, otherwise
// the first. What is no form of the text at all (an invitation, a picture) is listed.
func (r *reader) alternative(n *node, quote int) {
	var plain, rich *node
	for _, k := range n.kids {
		switch leaf := k.mainText(); {
		case leaf == nil:
		case leaf.media == "text/plain":
			plain = k
		default:
			rich = k
		}
	}
	best := plain
	if best == nil || (rich != nil && r.stub(plain.mainText(), rich.mainText())) {
		best = rich
	}
	if best == nil {
		best = n.kids[0]
	}
	r.show(best, quote, false)
	for _, k := range n.kids {
		if k != best {
			r.listOthers(k)
		}
	}
}

// mainText is the first readable leaf at or below n.
func (n *node) mainText() *node {
	if n.multi {
		for _, k := range n.kids {
			if leaf := k.mainText(); leaf != nil {
				return leaf
			}
		}
		return nil
	}
	if n.inner == nil && n.readable() {
		return n
	}
	return nil
}

// stub reports whether plain only says that there is an HTML form, or nothing.
func (r *reader) stub(plain, rich *node) bool {
	const long = 400 // a text of this many runes is no stub
	text, _, _, _ := r.decode(plain)
	text = strings.TrimSpace(text)
	n := utf8.RuneCountInString(text)
	if n == 0 || n >= long {
		return n == 0
	}
	low := strings.ToLower(text)
	for _, phrase := range []string{"html", "trình duyệt", "browser", "view this email", "xem email"} {
		if strings.Contains(low, phrase) && n < long/2 {
			return true
		}
	}
	html, _, _, _ := r.decode(rich)
	paras, _, _ := renderHTML(html, 0)
	total := 0
	for _, p := range paras {
		total += utf8.RuneCountInString(p.Text)
	}
	return total > 3*n+100
}

// listOthers lists what in an alternative not chosen is no form of the text.
func (r *reader) listOthers(n *node) {
	switch {
	case n.multi:
		for _, k := range n.kids {
			r.listOthers(k)
		}
	case n.inner == nil && n.readable() && n.name() == "":
	default:
		r.attach(n, false)
	}
}

// list lists every leaf at or below n.
func (r *reader) list(n *node, letter bool) {
	switch {
	case n.multi:
		for _, k := range n.kids {
			r.list(k, false)
		}
	case n.inner != nil:
		r.attach(n, letter)
		r.list(n.inner, true)
	default:
		r.attach(n, letter)
	}
}

// attach lists one part.
func (r *reader) attach(n *node, letter bool) {
	if letter && n.inner == nil && n.body == n.end && n.name() == "" {
		return // an empty letter has no attachment
	}
	p := mail.Part{Path: n.section(letter), Name: n.name(), Declared: n.media, ID: n.id()}
	if r.forced != "" {
		p.Name = n.nameAs(r.forced)
	}
	p.Inline = p.ID != "" && (n.related || n.disposition == "inline")
	src, defect := n.open()
	head := make([]byte, 4096)
	got, err := io.ReadFull(src, head)
	p.Size = int64(got)
	if err == nil {
		rest, copyErr := io.Copy(io.Discard, src)
		p.Size += rest
		err = copyErr
	}
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		p.Broken = true
	}
	if code := defect(); code != "" {
		p.Broken = p.Broken || code != DefectEncoding
		r.defect(code)
	}
	p.True, p.Risk = TypeOf(p.Name, head[:got])
	if p.Risk == mail.RiskNone && p.Name != "" && contradicts(p.Declared, p.True) {
		p.Risk = mail.RiskOdd
	}
	switch {
	case p.Declared == "application/ms-tnef" || p.Declared == "application/vnd.ms-tnef" || strings.EqualFold(p.Name, "winmail.dat"):
		r.defect(DefectTNEF)
	case p.Declared == "application/pkcs7-mime" || p.Declared == "application/x-pkcs7-mime" || p.Declared == "application/pgp-encrypted":
		r.defect(DefectOpaqueMessage)
	}
	r.l.Parts = append(r.l.Parts, p)
}

// open reads n's content; defect is asked after reading.
func (n *node) open() (r io.Reader, defect func() string) {
	if n.multi || n.cut {
		return newBytes(n.bytes()), func() string { return "" }
	}
	if n.encoding == "base64" && likeBase64(n.buf[n.body:n.end]) {
		br := &base64Reader{src: n.bytes()}
		return br, func() string {
			if br.d.torn {
				return DefectBase64
			}
			return ""
		}
	}
	data, code := n.content()
	return newBytes(data), func() string { return code }
}

// OpenPart gives the decoded content of the part with the section number path; "" is the whole letter as it is.
func OpenPart(raw []byte, path string) (io.Reader, error) {
	if path == "" {
		return newBytes(raw), nil
	}
	root, _ := walk(raw)
	n := root.find(path)
	if n == nil {
		return nil, &mail.Fault{Kind: mail.Gone, Op: "open part", Err: fmt.Errorf("the letter has no part %.40q", path)}
	}
	r, _ := n.open()
	return r, nil
}

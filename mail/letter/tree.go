package letter

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// node is one MIME part, or the letter itself: offsets into raw, so that every octet can be given back as stored.
type node struct {
	raw, buf         []byte // as stored; for reading (see lines)
	start, body, end int
	head             *Header
	media            string // "text/plain", lower case
	params           []param
	disposition      string
	dispParams       []param
	encoding         string // lower case, "" for none
	path             string // IMAP section number, "" for a letter
	kids             []*node
	multi            bool  // a multipart with at least one part
	inner            *node // the letter in a message/rfc822
	cut              bool  // beyond the limits: not taken apart
	related          bool  // stands beside the root of a multipart/related
}

// walker takes a letter apart. It never fails.
type walker struct {
	parts   int
	defects []string
}

func (w *walker) defect(codes ...string) {
	for _, c := range codes {
		w.defects = addCode(w.defects, c)
	}
}

// walk takes the whole letter apart.
func walk(raw []byte) (*node, []string) {
	var w walker
	buf := lines(raw)
	n := w.letter(raw, buf, 0, len(raw), "", 0)
	if len(raw) > 0 && &buf[0] != &raw[0] {
		w.defect(DefectBareCR)
	}
	if bytes.IndexByte(raw[:n.body], 0) >= 0 {
		w.defect(DefectNUL)
	}
	return n, w.defects
}

// letter reads a whole letter at start: the raw one, or one inside a message part with the number path.
func (w *walker) letter(raw, buf []byte, start, end int, path string, depth int) *node {
	n := &node{raw: raw, buf: buf, start: start, end: end, path: path}
	w.part(n, true, "text/plain", depth)
	return n
}

// part reads the header of n and what is below it. The path of a letter is that of the message part it stands in.
func (w *walker) part(n *node, top bool, deflt string, depth int) {
	w.parts++
	n.head = splitHeader(n.raw[n.start:n.end], n.buf[n.start:n.end], top)
	n.body = n.start + n.head.end
	if top || len(n.head.fields) > 0 { // a part without header is allowed (RFC 2046 5.1)
		w.defect(n.head.defects...)
	}
	n.media, n.params = parseParams(n.head.first("Content-Type"))
	if n.media == "" || strings.Count(n.media, "/") != 1 {
		n.media = deflt
	}
	n.disposition, n.dispParams = parseParams(n.head.first("Content-Disposition"))
	encoding, _ := cutComments(string(n.head.first("Content-Transfer-Encoding")))
	n.encoding = strings.ToLower(strings.Trim(encoding, " \t\"';"))
	switch multi, message := strings.HasPrefix(n.media, "multipart/"), isMessage(n.media); {
	case !multi && !message:
	case depth >= maxDepth:
		n.cut = true
		w.defect(DefectDepth)
	case message:
		w.message(n, top, depth)
	default:
		w.multipart(n, depth)
	}
}

func isMessage(media string) bool { return media == "message/rfc822" || media == "message/global" }

// message reads the letter inside n. It should not be encoded (RFC 2046 5.2.1), but is.
func (w *walker) message(n *node, top bool, depth int) {
	raw, buf, start, end := n.raw, n.buf, n.body, n.end
	if encoded(n.encoding) {
		raw, _ = n.content()
		buf, start, end = lines(raw), 0, len(raw)
	}
	path := n.path
	if top { // the letter itself is a message/rfc822: its body is part 1
		path = join(path, 1)
	}
	n.inner = w.letter(raw, buf, start, end, path, depth+1)
}

func encoded(cte string) bool { return cte == "base64" || cte == "quoted-printable" }

func join(path string, n int) string {
	if path == "" {
		return strconv.Itoa(n)
	}
	return path + "." + strconv.Itoa(n)
}

// multipart splits n's body. Without a boundary it is guessed; without any part n stays a leaf of plain text.
func (w *walker) multipart(n *node, depth int) {
	boundary := strings.TrimRight(paramValue(n.params, "boundary"), " \t")
	if boundary == "" {
		w.defect(DefectNoBoundary)
		boundary = guessBoundary(n.buf[n.body:n.end])
	}
	if boundary == "" || len(boundary) > 1000 {
		n.media, n.params = "text/plain", nil
		return
	}
	deflt := "text/plain"
	if n.media == "multipart/digest" {
		deflt = "message/rfc822"
	}
	at, more := nextDelimiter(n.buf, n.body, n.end, boundary)
	if !more {
		w.defect(DefectNoParts)
		n.media, n.params = "text/plain", nil
		return
	}
	n.multi = true
	for !at.last {
		next, found := nextDelimiter(n.buf, at.after, n.end, boundary)
		kid := &node{raw: n.raw, buf: n.buf, start: at.after, end: next.before, path: join(n.path, len(n.kids)+1)}
		kid.related = n.media == "multipart/related" && len(n.kids) > 0
		if w.parts >= maxParts { // the rest stays in one piece
			w.defect(DefectManyParts)
			kid.end = n.end
			kid.body, kid.head, kid.media, kid.cut = kid.start, &Header{}, "application/octet-stream", true
			n.kids = append(n.kids, kid)
			return
		}
		if !found {
			w.defect(DefectNoEnd)
		}
		w.part(kid, false, deflt, depth+1)
		n.kids = append(n.kids, kid)
		if !found {
			return
		}
		at = next
	}
	if len(n.kids) == 0 { // nothing but the closing delimiter
		n.multi = false
		n.media, n.params = "text/plain", nil
		w.defect(DefectNoParts)
	}
}

// delimiter is one boundary line: before ends the part above it, after begins the one below.
type delimiter struct {
	before, after int
	last          bool
}

// nextDelimiter finds the next line that is the boundary and nothing else, so that a boundary which is the beginning
// of another is not mistaken (RFC 2046 5.1.1). If there is none, before is end.
func nextDelimiter(buf []byte, pos, end int, boundary string) (delimiter, bool) {
	mark := []byte("--" + boundary)
	for from := pos; from < end; {
		i := bytes.Index(buf[from:end], mark)
		if i < 0 {
			break
		}
		i += from
		from = i + 1
		if i > pos && buf[i-1] != '\n' {
			continue
		}
		next, line := lineAt(buf[:end], i)
		rest := line[len(mark):]
		last := bytes.HasPrefix(rest, []byte("--"))
		if last {
			rest = rest[2:]
		}
		if len(bytes.TrimRight(rest, " \t")) > 0 {
			continue
		}
		before := i
		if before > pos && buf[before-1] == '\n' {
			before--
			if before > pos && buf[before-1] == '\r' {
				before--
			}
		}
		return delimiter{before, next, last}, true
	}
	return delimiter{before: end, after: end}, false
}

// guessBoundary finds what must have been the boundary: the first line "--x" with a part's header right below it.
func guessBoundary(body []byte) string {
	for pos := 0; pos < len(body); {
		next, line := lineAt(body, pos)
		if len(line) > 2 && len(line) <= 200 && line[0] == '-' && line[1] == '-' {
			if _, below := lineAt(body, next); knownField(below) {
				return strings.TrimRight(string(line[2:]), " \t")
			}
		}
		pos = next
	}
	return ""
}

// find gives the part with the section number path (RFC 9051 6.4.5.1); a letter that is no multipart is its part 1.
func (n *node) find(path string) *node {
	if path == "" {
		return n
	}
	cur, letter := n, true // letter: cur is a letter, its first number counts its parts
	for path != "" {
		num, rest, _ := strings.Cut(path, ".")
		i, err := strconv.Atoi(num)
		if err != nil || i < 1 {
			return nil
		}
		if !letter && cur.inner != nil {
			cur, letter = cur.inner, true
		}
		switch {
		case cur.multi && i <= len(cur.kids):
			cur = cur.kids[i-1]
		case !cur.multi && letter && i == 1:
		default:
			return nil
		}
		letter = false
		path = rest
	}
	return cur
}

// section is the number by which n is asked for: a letter that is no multipart is its own part 1.
func (n *node) section(letter bool) string {
	if letter && !n.multi {
		return join(n.path, 1)
	}
	return n.path
}

// bytes is n's body as stored.
func (n *node) bytes() []byte { return n.raw[n.body:n.end] }

// content is n's body after decoding; code says what was broken.
func (n *node) content() (data []byte, code string) {
	switch n.encoding {
	case "base64":
		if !likeBase64(n.buf[n.body:n.end]) {
			return n.bytes(), DefectBase64
		}
		data, ok := decodeBase64(n.bytes())
		if !ok {
			code = DefectBase64
		}
		return data, code
	case "quoted-printable", "quoted printable", "quotedprintable":
		data, ok := decodeQP(n.buf[n.body:n.end])
		if !ok {
			code = DefectQP
		}
		return data, code
	case "", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "7bits", "8bits":
		return n.bytes(), ""
	}
	return n.bytes(), DefectEncoding
}

// name is the declared file name, decoded.
func (n *node) name() string {
	if s := paramText(n.dispParams, "filename"); s != "" {
		return s
	}
	if s := paramText(n.dispParams, "name"); s != "" {
		return s
	}
	return paramText(n.params, "name")
}

// nameAs is the declared file name with raw octets read in the encoding that the person wants; names written by the
// standards tell theirs.
func (n *node) nameAs(encoding string) string {
	for _, v := range []string{paramRaw(n.dispParams, "filename"), paramRaw(n.dispParams, "name"), paramRaw(n.params, "name")} {
		if v == "" {
			continue
		}
		if utf8.ValidString(v) {
			break
		}
		text, _ := decodeForced([]byte(v), encoding)
		return text
	}
	return n.name()
}

package letter

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"hopthu/mail"
)

func newBytes(b []byte) io.Reader { return bytes.NewReader(b) }

// add puts one paragraph into the letter, or as much of it as is shown; several empty ones in a row are one.
func (r *reader) add(p mail.Para) {
	if blank(p) && (len(r.l.Paras) == 0 || blank(r.l.Paras[len(r.l.Paras)-1])) {
		return
	}
	left := max(r.left, 0)
	if r.left -= len(p.Text); r.left < 0 {
		r.defect(DefectTextCut)
		for left > 0 && !utf8.RuneStart(p.Text[left]) {
			left--
		}
		if p.Text = p.Text[:left]; left == 0 {
			return
		}
	}
	r.l.Paras = append(r.l.Paras, p)
}

// decode gives the text of a leaf.
func (r *reader) decode(n *node) (text, legacy, charset string, defects []string) {
	data, code := n.content()
	if code != "" {
		defects = append(defects, code)
	}
	if len(data) > 2*maxText {
		data = data[:2*maxText]
		defects = append(defects, DefectTextCut)
	}
	charset = paramValue(n.params, "charset")
	if r.forced != "" {
		text, mended := decodeForced(data, r.forced)
		if mended {
			defects = append(defects, DefectCharset)
		}
		return text, "", charset, defects
	}
	declared := charset
	if declared == "" && n.media != "text/plain" {
		declared = metaCharset(data)
	}
	read := decodeNoted
	if n.media != "text/plain" {
		read = decodeHTML
	}
	text, legacy, mended := read(data, declared)
	if mended && (declared != "" || legacy == "") { // where nothing was named, nothing wrong was
		defects = append(defects, DefectCharset)
	}
	return text, legacy, charset, defects
}

// text shows a readable leaf. What calls itself text but is a picture or a program is listed instead.
func (r *reader) text(n *node, quote int, letter bool) {
	text, legacy, charset, defects := r.decode(n)
	if binary(text) {
		r.attach(n, letter)
		return
	}
	r.defect(defects...)
	if strings.IndexByte(text, 0) >= 0 {
		r.defect(DefectNUL)
	}
	if n.name() != "" {
		r.attach(n, letter)
	}
	if strings.TrimSpace(text) == "" {
		return
	}
	if !r.shown {
		r.l.Charset = charset
	} else {
		r.add(mail.Para{Quote: quote})
	}
	if r.l.Legacy == "" {
		r.l.Legacy = legacy
	}
	if n.media == "text/plain" && !looksHTML(text) {
		r.shown = true
		flowed := strings.EqualFold(paramValue(n.params, "format"), "flowed")
		for _, p := range plainParas(text, quote, flowed, strings.EqualFold(paramValue(n.params, "delsp"), "yes")) {
			r.add(p)
		}
		return
	}
	r.l.HTML = r.l.HTML || !r.shown
	r.shown = true
	r.html(text, quote)
}

// html renders HTML into the letter, numbering its links after those already there.
func (r *reader) html(text string, quote int) {
	paras, links, codes := renderHTML(text, len(r.l.Links))
	r.defect(codes...)
	if r.forced == "" && r.l.Legacy == "" {
		var legacy string
		if paras, legacy = repairParas(paras); legacy != "" {
			r.l.Legacy = legacy
		}
	}
	r.l.Links = append(r.l.Links, links...)
	for _, p := range paras {
		p.Text = strings.Map(dropInvisible, p.Text)
		p.Quote += quote
		r.add(p)
	}
}

// dropInvisible drops the characters that newsletters pad their preview with. They go last: in an unconverted TCVN3
// text the soft hyphen is the letter ư.
func dropInvisible(c rune) rune {
	switch c {
	case '\u00ad', '\u034f', '\u200b', '\u200c', '\u2060', '\ufeff', '\u2007':
		return -1
	}
	return c
}

// binary tells text from what only calls itself so: a NUL early on after decoding, or a known file beginning.
func binary(text string) bool {
	head := text[:min(len(text), 512)]
	if strings.Count(head, "\x00") > len(head)/10+1 {
		return true
	}
	for _, magic := range []string{"%PDF-", "PK\x03\x04", "\uFFFDPNG", "GIF8", "MZ", "\x7fELF"} {
		if strings.HasPrefix(head, magic) && (len(magic) > 2 || strings.ContainsRune(head, 0)) {
			return true
		}
	}
	return false
}

// looksHTML reports whether a text that says it is plain is an HTML page.
func looksHTML(text string) bool {
	head := strings.ToLower(strings.TrimSpace(text[:min(len(text), 512)]))
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html")
}

// metaCharset finds the charset that an HTML page declares in its first kilobyte.
func metaCharset(data []byte) string {
	head := bytes.ToLower(data[:min(len(data), 1024)])
	i := bytes.Index(head, []byte("charset="))
	if i < 0 {
		return ""
	}
	v := bytes.TrimLeft(head[i+len("charset="):], `"' `)
	if end := bytes.IndexAny(v, "\"' />;"); end >= 0 {
		v = v[:end]
	}
	return string(v[:min(len(v), 64)])
}

// Preview gives the first words of a letter, own words before quoted ones, at most 120 runes.
func Preview(l *mail.Letter) string {
	const limit = 120
	if s := preview(l, limit, false); s != "" {
		return s
	}
	return preview(l, limit, true)
}

func preview(l *mail.Letter, limit int, quoted bool) string {
	var b strings.Builder
	n := 0
	for _, p := range l.Paras {
		if p.Kind == mail.ParaRule || (p.Quote > 0 && !quoted) {
			continue
		}
		text := p.Text
		if len(text) > 8*limit {
			text = strings.ToValidUTF8(text[:8*limit], "")
		}
		for _, w := range strings.Fields(text) {
			size := utf8.RuneCountInString(w)
			if n > 0 && n+1+size > limit {
				return b.String()
			}
			if n > 0 {
				b.WriteByte(' ')
				n++
			}
			if size > limit {
				return b.String() + string([]rune(w)[:limit-n])
			}
			b.WriteString(w)
			n += size
		}
	}
	return b.String()
}

// SearchText gives all words by which a letter can be found: subject, names, addresses, text and attachment names.
func SearchText(l *mail.Letter) string {
	var b strings.Builder
	line := func(s string) {
		if s != "" {
			b.WriteString(s)
			b.WriteByte('\n')
		}
	}
	line(l.Subject)
	for _, list := range [][]mail.Address{l.From, {l.Sender}, l.ReplyTo, l.To, l.Cc, l.Bcc} {
		for _, a := range list {
			line(strings.TrimSpace(a.Name + " " + a.Addr))
		}
	}
	for _, p := range l.Paras {
		line(p.Text)
	}
	for _, p := range l.Parts {
		line(p.Name)
	}
	return b.String()
}

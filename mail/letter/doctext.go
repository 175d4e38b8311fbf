package letter

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// Why the text of a file could not be read, or not all of it. What was read is returned all the same.
var (
	ErrNoText    = errors.New("no text can be read from this kind of file")
	ErrLocked    = errors.New("file is encrypted")
	ErrBomb      = errors.New("file unpacks to far more than it is")
	ErrBrokenDoc = errors.New("file is damaged")
)

// DocText is the readable text of a file and what a look into it told.
type DocText struct {
	Kind    string       // "txt", "rtf", "docx", "odt", "xlsx", "ods", "pptx", "odp", "pdf", "eml", "html", "zip", "gz", "image", "ole", "" unknown
	Text    string       // NFC; a paragraph, row or line of a page each on its own line, columns parted by tab or 3 spaces
	Legacy  string       // legacy encoding of some of it, "" if none
	Scanned bool         // pictures of pages: there is no text that a program can read
	Locked  bool         // it, or something in it, is encrypted
	Bomb    bool         // an archive that must not be unpacked
	Macros  bool         // it carries macros
	Cut     bool         // not all of it was read: it is long, or something in it is damaged
	Issues  []viet.Issue // what TCVN 6909:2001 says of the text as it stood in the file, before it was mended
	Names   []string     // what an archive holds, "outer.zip/inner.docx" for nested ones
	Risk    mail.Risk    // the worst of what it holds
}

// Limits of DocumentText. They bound memory and work on hostile files; the numbers for archives are those of D 2.8's readers.
const (
	docMaxText    = 8 << 20   // octets of text kept of one file
	docMaxUnpack  = 50 << 20  // octets unpacked from one file, nested ones included
	docMaxEntries = 200       // entries opened
	docMaxNames   = 2000      // entries named
	docMaxDepth   = 3         // archives in archives
	docMaxFile    = 128 << 20 // octets of a file that is looked into at all
	bombRatio     = 250
	bombFloor     = 8 << 20 // below this a high ratio is only a dull file
)

// DocumentText reads the text of a file by its content; name only helps where content does not tell. It never panics and
// its work is bounded. The error, which wraps one of the errors above, says why the text is missing or not whole.
func DocumentText(name string, data []byte) (DocText, error) {
	d := docReader{unpack: docMaxUnpack, entries: docMaxEntries, text: docMaxText}
	if len(data) > docMaxFile {
		return DocText{Cut: true}, fmt.Errorf("read document: %w", &mail.Fault{Kind: mail.TooBig, Op: "read document"})
	}
	t, err := d.read(name, data, 0)
	t.Names, t.Cut, t.Macros, t.Locked, t.Bomb = d.names, d.cut || d.trunc, d.macros, d.locked, d.bomb
	t.Risk = max(t.Risk, d.risk)
	switch {
	case d.bomb:
		err = fmt.Errorf("read document: %w", ErrBomb)
	case err == nil && d.locked && strings.TrimSpace(t.Text) == "":
		err = fmt.Errorf("read document: %w", ErrLocked)
	case err != nil:
		err = fmt.Errorf("read document: %w", err)
	}
	return t, err
}

// IsLetter reports whether a file is a letter (RFC 5322), by its content and by its name where that does not tell.
func IsLetter(name string, data []byte) bool {
	media, _ := TypeOf(name, data[:min(len(data), 4096)])
	return extension(name) == "eml" || isMessage(media) || strings.HasPrefix(media, "text/") && mailShaped(data)
}

// docReader carries what is left of the limits through nested files.
type docReader struct {
	unpack, entries, text            int
	names                            []string
	cut, macros, locked, bomb, trunc bool
	risk                             mail.Risk
}

// Facts is what reading a document told besides its text; err is what DocumentText answered with it.
func (t DocText) Facts(err error) mail.FileFacts {
	return mail.FileFacts{
		Scanned: t.Scanned, Locked: t.Locked || errors.Is(err, ErrLocked), Bomb: t.Bomb || errors.Is(err, ErrBomb), Macros: t.Macros,
		Cut: t.Cut, Risky: t.Risk == mail.RiskBlocked, Unread: err != nil, Names: t.Names,
	}
}

func (d *docReader) read(name string, data []byte, depth int) (DocText, error) {
	if depth > docMaxDepth {
		d.bomb = true
		return DocText{}, ErrBomb
	}
	media, _ := TypeOf(name, data[:min(len(data), 4096)])
	ext := extension(name)
	switch {
	case len(data) == 0:
		return DocText{Kind: "txt"}, nil
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")), bytes.HasPrefix(data, []byte("PK\x07\x08")):
		return d.archive(name, data, depth)
	case bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")):
		return d.pdf(data)
	case bytes.HasPrefix(bytes.TrimLeft(data[:min(len(data), 64)], "\xef\xbb\xbf \t\r\n"), []byte(`{\rt`)):
		return d.rtf(data), nil
	case bytes.HasPrefix(data, []byte("\x1f\x8b")):
		return d.gunzip(name, data, depth)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return d.ole(data)
	case strings.HasPrefix(media, "image/") && media != "image/svg+xml":
		return DocText{Kind: "image", Scanned: true}, nil
	case ext == "eml" || isMessage(media) || strings.HasPrefix(media, "text/") && mailShaped(data):
		return d.eml(data, depth)
	case media == "text/html" || media == "image/svg+xml" || ext == "htm" || ext == "html":
		return d.html(data), nil
	case strings.HasPrefix(media, "text/") || media == "application/json" || textual(data):
		return d.plain(data), nil
	}
	return DocText{}, ErrNoText
}

// textual reports bytes that are text in some encoding: no NUL, hardly a control.
func textual(data []byte) bool {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return true
	}
	head := data[:min(len(data), 8192)]
	bad := 0
	for _, c := range head {
		if c == 0 {
			return false
		}
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b {
			bad++ // VISCII keeps six capitals there
		}
	}
	return bad*20 <= len(head)
}

// mailShaped reports a file that begins with header fields of a letter.
func mailShaped(data []byte) bool {
	head := data[:min(len(data), 2048)]
	for _, f := range []string{"Return-Path:", "Received:", "From:", "Message-ID:", "MIME-Version:", "Date:", "Delivered-To:"} {
		if len(head) > len(f) && strings.EqualFold(string(head[:len(f)]), f) {
			return bytes.Contains(head, []byte("\nFrom:")) || bytes.Contains(head, []byte("\nSubject:")) || bytes.Contains(head, []byte("\nTo:"))
		}
	}
	return false
}

// limit cuts text to what may still be kept, at a letter.
func (d *docReader) limit(s string) string {
	if len(s) > d.text {
		s = strings.ToValidUTF8(s[:d.text], "")
		d.cut = true
	}
	d.text -= len(s)
	return s
}

func (d *docReader) plain(data []byte) DocText {
	if len(data) > docMaxText {
		data, d.cut = data[:docMaxText], true
	}
	text, legacy := decodeText(data, "")
	if bytes.IndexByte(data[:min(len(data), 256)], 0) >= 0 && !utf8.Valid(data) {
		if t, ok := decodeUTF16(data, data[0] != 0); ok {
			text = t
		}
	}
	return DocText{Kind: "txt", Text: d.limit(text), Legacy: legacy, Issues: textIssues(data, legacy)}
}

// maxIssueText bounds how much of a text is judged by TCVN 6909:2001: a file is of one kind throughout.
const maxIssueText = 256 << 10

// textIssues judges a text file as it stands. Bytes that are no UTF-8 are told by the legacy encoding alone.
func textIssues(data []byte, legacy string) []viet.Issue {
	if legacy != "" || !utf8.Valid(data) {
		return nil
	}
	if len(data) > maxIssueText {
		data = data[:maxIssueText-cutLetter(data[:maxIssueText])]
	}
	return viet.Check(string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
}

func (d *docReader) html(data []byte) DocText {
	if len(data) > docMaxText {
		data, d.cut = data[:docMaxText], true
	}
	text, legacy, _ := decodeHTML(data, metaCharset(data[:min(len(data), 2048)]))
	paras, _, _ := renderHTML(text, 0)
	paras, again := repairParas(paras)
	if legacy == "" {
		legacy = again
	}
	return DocText{Kind: "html", Text: d.limit(paraText(paras)), Legacy: legacy}
}

func paraText(paras []mail.Para) string {
	var b strings.Builder
	for _, p := range paras {
		b.WriteString(p.Text)
		b.WriteByte('\n')
	}
	return b.String()
}

// eml reads the letter and the files in it.
func (d *docReader) eml(data []byte, depth int) (DocText, error) {
	l := Parse(data)
	t := DocText{Kind: "eml", Text: d.limit(l.Subject + "\n" + paraText(l.Paras)), Legacy: l.Legacy}
	root, _ := walk(data)
	var fail error
	for _, p := range l.Parts {
		d.risk = max(d.risk, p.Risk)
		d.name(p.Name)
		if d.entries--; d.entries < 0 {
			d.cut = true
			break
		}
		n := root.find(p.Path)
		if n == nil {
			continue // a part that only the reader of TNEF sees
		}
		r, _ := n.open()
		inner, err := d.slurp(r, int(p.Size))
		if err != nil {
			fail = err
			continue
		}
		d.add(&t, p.Name, inner, depth+1)
	}
	return t, fail
}

// add reads a file inside another one and joins what it tells.
func (d *docReader) add(t *DocText, name string, data []byte, depth int) {
	in, err := d.read(name, data, depth)
	if err != nil && !errors.Is(err, ErrNoText) && !errors.Is(err, ErrBomb) && !errors.Is(err, ErrLocked) {
		d.trunc = true // a damaged file inside does not spoil the others
	}
	t.Scanned = t.Scanned || in.Scanned
	if in.Text != "" {
		t.Text += "\n" + in.Text
	}
	if t.Legacy == "" {
		t.Legacy = in.Legacy
	}
}

func (d *docReader) name(n string) {
	if len(d.names) < docMaxNames {
		d.names = append(d.names, viet.NFC(n))
	}
}

// slurp unpacks within the limits; packed is the size before unpacking, to tell a bomb from a big file.
func (d *docReader) slurp(r io.Reader, packed int) ([]byte, error) {
	if d.unpack <= 0 {
		d.cut = true
		return nil, nil
	}
	out, err := io.ReadAll(io.LimitReader(r, int64(d.unpack)+1))
	if len(out) > d.unpack {
		out, d.cut = out[:d.unpack], true
	}
	d.unpack -= len(out)
	if len(out) > bombFloor && len(out)/bombRatio > packed {
		d.bomb = true
		return nil, ErrBomb
	}
	if err != nil && len(out) == 0 {
		return nil, fmt.Errorf("%w: %w", ErrBrokenDoc, err)
	}
	return out, nil
}

func (d *docReader) gunzip(name string, data []byte, depth int) (DocText, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return DocText{Kind: "gz"}, fmt.Errorf("%w: %w", ErrBrokenDoc, err)
	}
	out, err := d.slurp(z, len(data))
	if err != nil {
		return DocText{Kind: "gz"}, err
	}
	inner := strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".GZ")
	d.name(inner)
	t := DocText{Kind: "gz"}
	d.add(&t, inner, out, depth+1)
	return t, nil
}

func leUnits(s string) []byte {
	out := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		out = append(out, s[i], 0)
	}
	return out
}

// docWriter collects text in runs of one font, because in RTF, Word and ODF the name of the font is the encoding
// (D 3.3.5): .VnTime is TCVN3, VNI-Times is VNI, and .VnTimeH shows capitals.
type docWriter struct {
	out    strings.Builder
	run    strings.Builder
	enc    string
	upper  bool
	legacy string
	full   bool
}

// fontEncoding tells the encoding that a font name stands for, "" for Unicode fonts.
func fontEncoding(font string) (enc string, upper bool) {
	font = strings.TrimSpace(font)
	if i := strings.IndexByte(font, '+'); i == 6 {
		font = font[7:] // PDF subset tag
	}
	low := strings.ToLower(font)
	switch {
	case strings.HasPrefix(low, ".vn"), strings.HasPrefix(low, "vntime"):
		base, _, _ := strings.Cut(font, ",")
		base, _, _ = strings.Cut(base, "-")
		return "TCVN3", strings.HasSuffix(base, "H")
	case strings.HasPrefix(low, "vni"):
		return "VNI", false
	case strings.HasPrefix(low, "vps "), strings.HasPrefix(low, "vps-"):
		return "VPS", false
	}
	return "", false
}

// write adds text that is set in font.
func (w *docWriter) write(s, font string) {
	if w.full || s == "" {
		return
	}
	enc, upper := fontEncoding(font)
	if enc != w.enc || upper != w.upper {
		w.flush()
		w.enc, w.upper = enc, upper
	}
	if enc == "" {
		w.out.WriteString(s)
	} else {
		w.run.WriteString(s)
	}
	w.full = w.out.Len()+w.run.Len() > docMaxText
}

func (w *docWriter) flush() {
	if w.run.Len() == 0 {
		return
	}
	s := w.run.String()
	w.run.Reset()
	if text, err := viet.DecodeAs([]byte(s), w.enc); err == nil {
		if text != s {
			w.legacy = w.enc
		}
		s = text
	}
	if w.upper {
		s = strings.ToUpper(s)
	}
	w.out.WriteString(s)
}

// sep adds a separator: "\n", "\t", " ".
func (w *docWriter) sep(s string) {
	w.flush()
	if !w.full {
		w.out.WriteString(s)
	}
}

func (w *docWriter) text() string {
	w.flush()
	return w.out.String()
}

// finish mends what no font name told: legacy text in a Unicode font, seen as Latin-1.
func (w *docWriter) finish(d *docReader, kind string) DocText {
	text := w.text()
	if w.full {
		d.cut = true
	}
	t := DocText{Kind: kind, Legacy: w.legacy}
	fixed, legacy := viet.Repair(viet.NFC(text))
	if legacy != "" && legacy != "UTF-8" && t.Legacy == "" {
		t.Legacy = legacy
	}
	t.Text = d.limit(fixed)
	t.Issues = textIssues([]byte(text), t.Legacy)
	return t
}

// letters counts the letters and digits of s, up to limit.
func letters(s string, limit int) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if n++; n >= limit {
				break
			}
		}
	}
	return n
}

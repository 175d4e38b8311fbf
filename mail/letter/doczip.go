package letter

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"hopthu/mail"
)

// archive reads a ZIP file: office formats by their parts, all others entry by entry.
func (d *docReader) archive(name string, data []byte, depth int) (DocText, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		if lockedZip(data) {
			d.locked = true
		}
		return DocText{Kind: "zip"}, fmt.Errorf("%w: %w", ErrBrokenDoc, err)
	}
	p := &pack{d: d, files: z.File, size: len(data), depth: depth}
	if p.overlaps() {
		d.bomb = true
		return DocText{Kind: "zip"}, ErrBomb
	}
	for _, f := range z.File {
		base := strings.ToLower(path.Base(f.Name))
		if base == "vbaproject.bin" || strings.HasPrefix(f.Name, "Basic/") && base != "script-lc.xml" && base != "script-lb.xml" && strings.HasSuffix(base, ".xml") {
			d.macros = true
		}
	}
	switch kind := p.kind(); kind {
	case "docx", "pptx":
		return p.ooxml(kind)
	case "xlsx":
		return p.xlsx()
	case "odt", "ods", "odp":
		return p.odf(kind)
	}
	return p.entries(name)
}

// pack is an opened ZIP file.
type pack struct {
	d     *docReader
	files []*zip.File
	size  int
	depth int
}

// overlaps reports entries that together claim more than the file holds: the same octets unpacked many times.
func (p *pack) overlaps() bool {
	var sum uint64
	for _, f := range p.files {
		sum += f.CompressedSize64
		if sum > uint64(p.size)+1<<16 {
			return true
		}
	}
	return false
}

func (p *pack) find(name string) *zip.File {
	for _, f := range p.files {
		if f.Name == name || strings.EqualFold(strings.ReplaceAll(f.Name, `\`, "/"), name) {
			return f
		}
	}
	return nil
}

func (p *pack) kind() string {
	if f := p.find("mimetype"); f != nil {
		if b, err := p.open(f); err == nil {
			switch s := string(b); {
			case strings.Contains(s, "opendocument.text"):
				return "odt"
			case strings.Contains(s, "opendocument.spreadsheet"):
				return "ods"
			case strings.Contains(s, "opendocument"):
				return "odp"
			}
		}
	}
	switch {
	case p.find("[Content_Types].xml") == nil && p.find("_rels/.rels") == nil:
		return ""
	case p.find("xl/workbook.xml") != nil:
		return "xlsx"
	case p.find("ppt/presentation.xml") != nil:
		return "pptx"
	}
	return "docx"
}

// open unpacks one entry within the limits.
func (p *pack) open(f *zip.File) ([]byte, error) {
	if f.Flags&1 != 0 { // APPNOTE 4.4.4
		p.d.locked = true
		return nil, ErrLocked
	}
	if p.d.bomb {
		return nil, ErrBomb
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBrokenDoc, err)
	}
	b, err := p.d.slurp(r, int(min(f.CompressedSize64, uint64(p.size))))
	return b, errors.Join(err, r.Close())
}

// entries reads a plain archive.
func (p *pack) entries(name string) (DocText, error) {
	t := DocText{Kind: "zip"}
	for _, f := range p.files {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		inner := f.Name
		if f.NonUTF8 {
			inner, _ = decodeRaw([]byte(f.Name))
		}
		full := inner
		if p.depth > 0 && name != "" {
			full = name + "/" + inner
		}
		p.d.name(full)
		if f.Flags&1 != 0 {
			p.d.locked = true
			_, risk := TypeOf(path.Base(inner), nil)
			p.d.risk = max(p.d.risk, risk)
			continue
		}
		if p.d.entries--; p.d.entries < 0 {
			p.d.cut = true
			continue
		}
		b, err := p.open(f)
		if errors.Is(err, ErrBomb) {
			return t, ErrBomb
		}
		if err != nil && len(b) == 0 {
			p.d.trunc = true
			continue
		}
		_, risk := TypeOf(path.Base(inner), b[:min(len(b), 4096)])
		p.d.risk = max(p.d.risk, risk)
		p.d.add(&t, full, b, p.depth+1)
		if p.d.bomb {
			return t, ErrBomb
		}
	}
	if p.d.locked {
		return t, ErrLocked
	}
	return t, nil
}

// parts gives the entries whose names match, in the order of pages rather than of the archive.
func (p *pack) parts(match func(name string) bool) []*zip.File {
	var out []*zip.File
	for _, f := range p.files {
		if match(f.Name) {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b *zip.File) int {
		if len(a.Name) != len(b.Name) && path.Dir(a.Name) == path.Dir(b.Name) {
			return len(a.Name) - len(b.Name) // slide2 before slide10
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out
}

// nested reads what an office file carries besides its own parts: embedded files and imported chunks.
func (p *pack) nested(t *DocText) {
	for _, f := range p.files {
		dir, ext := strings.ToLower(f.Name), extension(f.Name)
		inside := strings.Contains(dir, "embeddings/") || strings.Contains(dir, "afchunk") ||
			ext == "rtf" || ext == "htm" || ext == "html" || ext == "docx" || ext == "mht" || ext == "xlsx"
		if !inside || strings.HasSuffix(f.Name, "/") {
			continue
		}
		if p.d.entries--; p.d.entries < 0 {
			p.d.cut = true
			return
		}
		b, err := p.open(f)
		if err != nil && len(b) == 0 {
			p.d.trunc = true
			continue
		}
		_, risk := TypeOf(path.Base(f.Name), b[:min(len(b), 4096)])
		if risk == mail.RiskBlocked {
			p.d.risk = risk
		}
		p.d.add(t, f.Name, b, p.depth+1)
	}
}

// readAll is io.ReadAll that keeps what was read before a damage.
func readAll(r io.Reader, limit int) []byte {
	b, err := io.ReadAll(io.LimitReader(r, int64(limit)))
	if err != nil {
		return b // a stream cut off in its middle still has a beginning
	}
	return b
}

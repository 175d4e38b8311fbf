package rule

import (
	"path"
	"strings"
	"sync"
	"unicode"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// FormatVerdict says what may happen to a file (QC 7.3).
type FormatVerdict uint8

// Verdicts on files, rising: đạt, nên chuyển, ngoài danh mục, chặn.
const (
	FormatOK FormatVerdict = iota
	FormatConvert
	FormatUnlisted
	FormatBlocked
)

var formatNames = [...]string{"đạt", "nên chuyển", "ngoài danh mục", "chặn"}

// String is the verdict in Vietnamese.
func (v FormatVerdict) String() string {
	if int(v) < len(formatNames) {
		return formatNames[v]
	}
	return formatNames[FormatBlocked]
}

// FileFacts is what a look into a file told besides its text.
type FileFacts = mail.FileFacts

// File is a file to be judged.
type File struct {
	Name    string
	Type    string    // media type by content, "" when it could not be told
	Risk    mail.Risk // what content and name said to the reader
	Facts   FileFacts
	Outside bool // it comes from outside the system: an encrypted archive is then blocked
}

// FormatReport is the judgement of a file.
type FormatReport struct {
	Verdict FormatVerdict
	Code    string // why: "file-blocked", "file-disguised", "file-macro", "file-bomb", "file-locked", "file-odd", "file-unlisted", "file-old", "" for đạt
	Suggest string // what to do: "to-docx", "to-pdf", "to-zip", "remove", "rename", "unlock", …; "" for nothing
	Ext     string // of which row, lower case, "" if no row fits
	Source  string // provenance of the row
}

// Format is one row of the policy.
type Format struct {
	Ext, Kind, Suggest, Source string
	Verdict                    FormatVerdict
}

// Formats is a policy: rows by the end of a name. The Office may hand in its own; the built-in one is DefaultFormats.
type Formats map[string]Format

var formatVerdicts = map[string]FormatVerdict{"ok": FormatOK, "convert": FormatConvert, "unlisted": FormatUnlisted, "block": FormatBlocked}

// ReadFormats reads a policy in the form of data/formats.psv; bad lists the rows that make no sense, by their text.
func ReadFormats(raw string) (f Formats, bad []string) {
	f = Formats{}
	for _, r := range tableRows(raw) {
		v, ok := FormatOK, false
		if len(r) == 5 {
			v, ok = formatVerdicts[strings.TrimSpace(r[2])]
		}
		ext := strings.ToLower(strings.TrimSpace(r[0]))
		if !ok || ext == "" || strings.TrimSpace(r[4]) == "" {
			bad = append(bad, strings.Join(r, "|"))
			continue
		}
		row := Format{Ext: ext, Kind: r[1], Suggest: r[3], Source: r[4], Verdict: v}
		if row.Suggest == "-" {
			row.Suggest = ""
		}
		f[ext] = row
	}
	return f, bad
}

// DefaultFormats is the built-in policy (D 2.2).
var DefaultFormats = sync.OnceValue(func() Formats {
	raw, err := tables.ReadFile("data/formats.psv")
	if err != nil {
		return Formats{} // compiled in; a test reads it
	}
	f, _ := ReadFormats(string(raw))
	return f
})

// Judge judges a file by its content first and its name second.
func (f Formats) Judge(x File) FormatReport {
	ext := fileExt(x.Name)
	row, known := f[ext]
	r := FormatReport{Verdict: row.Verdict, Suggest: row.Suggest, Ext: row.Ext, Source: row.Source}
	block := func(code, suggest string) FormatReport {
		r.Verdict, r.Code, r.Suggest = FormatBlocked, code, suggest
		if r.Source == "" {
			r.Source = "D2.2"
		}
		return r
	}
	switch {
	case turnsText(x.Name), disguised(x.Name, f):
		return block("file-disguised", "remove")
	case x.Facts.Bomb:
		return block("file-bomb", "remove")
	case x.Facts.Macros, known && row.Verdict == FormatBlocked && row.Kind == "macros":
		s := row.Suggest
		if s == "" {
			s = "to-pdf"
		}
		return block("file-macro", s)
	case x.Risk == mail.RiskBlocked, x.Facts.Risky, known && row.Verdict == FormatBlocked:
		return block("file-blocked", "remove")
	case x.Facts.Locked && x.Outside:
		return block("file-locked", "unlock")
	}
	if truth, ok := f[extOfType[x.Type]]; ok && known && truth.Kind != row.Kind && row.Kind != "slides" && truth.Verdict > row.Verdict {
		row = truth // "anh.jpg" that is an HEIC picture: what it is counts
		r.Verdict, r.Suggest, r.Ext, r.Source = row.Verdict, row.Suggest, row.Ext, row.Source
	}
	switch {
	case x.Facts.Locked:
		r.Verdict, r.Code, r.Suggest = max(r.Verdict, FormatUnlisted), "file-locked", "unlock"
	case x.Risk == mail.RiskOdd:
		r.Verdict, r.Code, r.Suggest = max(r.Verdict, FormatUnlisted), "file-odd", "rename"
	case !known:
		f.unknown(x, &r)
	case row.Verdict == FormatUnlisted:
		r.Code = "file-unlisted"
	case row.Verdict == FormatConvert:
		r.Code = "file-old"
	}
	return r
}

// unknown judges a name that no row fits, by the content alone.
func (f Formats) unknown(x File, r *FormatReport) {
	if row, ok := f[extOfType[x.Type]]; ok {
		r.Verdict, r.Suggest, r.Ext, r.Source = row.Verdict, row.Suggest, row.Ext, row.Source
		switch row.Verdict {
		case FormatConvert:
			r.Code = "file-old"
		case FormatUnlisted:
			r.Code = "file-unlisted"
		case FormatBlocked:
			r.Code = "file-blocked"
		}
		return
	}
	r.Verdict, r.Code, r.Suggest, r.Source = FormatUnlisted, "file-unlisted", "to-pdf", "D2.2"
}

// extOfType says which row a media type belongs to.
var extOfType = map[string]string{
	"application/pdf": "pdf", "text/rtf": "rtf", "text/plain": "txt", "text/csv": "csv", "text/html": "html", "text/xml": "xml",
	"application/json": "json", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/tiff": "tif", "image/bmp": "bmp",
	"image/webp": "webp", "image/heic": "heic", "image/heif": "heic", "image/svg+xml": "svg", "image/vnd.dwg": "dwg",
	"image/vnd.adobe.photoshop": "psd", "application/zip": "zip", "application/gzip": "gz", "application/vnd.rar": "rar",
	"application/x-rar-compressed": "rar", "application/x-7z-compressed": "7z", "application/x-tar": "tar", "application/x-bzip2": "bz2",
	"application/x-xz": "xz", "application/msword": "doc", "application/vnd.ms-excel": "xls", "application/vnd.ms-powerpoint": "ppt",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   "docx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         "xlsx",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
	"application/vnd.oasis.opendocument.text":                                   "odt", "application/vnd.oasis.opendocument.spreadsheet": "ods",
	"application/vnd.oasis.opendocument.presentation": "odp", "audio/mpeg": "mp3", "audio/aac": "aac", "audio/wav": "wav",
	"video/mp4": "mp4", "video/mpeg": "mpg", "video/x-msvideo": "avi", "video/quicktime": "mov", "video/x-matroska": "mkv",
	"video/x-flv": "flv", "message/rfc822": "eml", "text/calendar": "ics", "text/vcard": "vcf", "application/x-msaccess": "mdb",
}

// visible drops what is not seen in a name.
func visible(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
}

// fileExt is the lower-case end of a name, without the dots and blanks that Windows ignores behind it.
func fileExt(name string) string {
	name = strings.TrimRight(visible(name), ". \u00a0")
	return strings.ToLower(strings.TrimSpace(strings.TrimPrefix(path.Ext(strings.ReplaceAll(name, `\`, "/")), ".")))
}

// turnsText: characters that show what follows from right to left, so that "gnp.exe" looks like "exe.png".
func turnsText(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool {
		return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x061c
	})
}

// disguised reports a double extension: a harmless end before one that runs ("bao_cao.pdf.exe").
func disguised(name string, f Formats) bool {
	ext := fileExt(name)
	if f[ext].Verdict != FormatBlocked || f[ext].Kind == "macros" {
		return false
	}
	name = strings.TrimRight(visible(name), ". \u00a0")
	inner := fileExt(strings.TrimRight(name[:len(name)-len(path.Ext(name))], " _-\u00a0"))
	row, ok := f[inner]
	return ok && row.Verdict != FormatBlocked
}

// scanFinding is the reminder that no program read this picture of a page, so that the person must (D 2.8). It asks for
// no reason: a reminder for every photo that did would soon be answered blindly.
func scanFinding(name string) mail.Finding {
	return mail.Finding{Verdict: mail.Pass, Code: "scan", Clause: clauseSecret, Where: "attachment:" + name, Text: viet.NFC(name)}
}

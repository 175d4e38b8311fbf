package letter

import (
	"bytes"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/text/unicode/norm"

	"hopthu/mail"
)

// blockedExt are the ends of names that a desktop runs, mounts or lets run macros (Circular 01/2011 has none of them).
var blockedExt = wordSet(`exe scr com pif bat cmd js jse vbs vbe wsf wsh ws hta lnk iso img vhd vhdx jar msi msp mst ps1 psm1
	psd1 cpl reg scf gadget inf dll sys drv ocx chm hlp msc sct shb shs ade adp mde mdb application appref-ms appx msix
	diagcab docm dotm xlsm xltm xlam xll pptm potm ppam ppsm sldm apk app deb rpm sh bash zsh csh run command desktop
	workflow action url website library-ms search-ms settingcontent-ms jnlp class py pyw pl rb elf bin`)

func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// kinds of content, as far as names promise them.
var extKind = map[string]string{
	"pdf": "pdf", "png": "png", "jpg": "jpeg", "jpeg": "jpeg", "gif": "gif", "tif": "tiff", "tiff": "tiff", "bmp": "bmp",
	"webp": "webp", "docx": "zip", "xlsx": "zip", "pptx": "zip", "odt": "zip", "ods": "zip", "odp": "zip", "zip": "zip",
	"epub": "zip", "doc": "ole", "xls": "ole", "ppt": "ole", "rar": "rar", "7z": "7z", "gz": "gz", "tgz": "gz", "mp3": "audio",
	"wav": "audio", "aac": "audio", "mp4": "video", "avi": "video", "mpg": "video", "wmv": "video", "mov": "video",
	"txt": "text", "csv": "text", "xml": "text", "json": "text", "ics": "text", "vcf": "text", "eml": "text", "rtf": "rtf",
	"htm": "text", "html": "text", "svg": "text",
}

// kindOf sorts a media type by its container; "" is what names promise nothing about.
func kindOf(media string) string {
	switch {
	case strings.HasSuffix(media, "/pdf"):
		return "pdf"
	case media == "text/rtf" || media == "application/rtf":
		return "rtf"
	case strings.HasPrefix(media, "text/") || media == "application/json" || media == "image/svg+xml" || isMessage(media):
		return "text"
	case strings.HasPrefix(media, "audio/"):
		return "audio"
	case strings.HasPrefix(media, "video/"):
		return "video"
	case strings.HasPrefix(media, "image/"):
		return strings.TrimPrefix(strings.TrimPrefix(media, "image/"), "x-ms-")
	case media == "application/zip" || strings.Contains(media, "openxmlformats") || strings.Contains(media, "opendocument"):
		return "zip"
	case media == "application/x-ole-storage" || media == "application/msword" || strings.HasPrefix(media, "application/vnd.ms-"):
		return "ole"
	case strings.Contains(media, "rar"):
		return "rar"
	case strings.Contains(media, "7z"):
		return "7z"
	case media == "application/gzip" || media == "application/x-gzip":
		return "gz"
	}
	return ""
}

// TypeOf says what a file is by its first octets (4 KiB suffice), and how far its name can be believed. "" is a type
// that could not be told.
func TypeOf(name string, head []byte) (media string, risk mail.Risk) {
	if len(head) > 0 {
		media, _, _ = strings.Cut(mimetype.Detect(head).String(), ";")
		if media == "application/octet-stream" || bytes.HasPrefix(head, []byte("MZ")) && bytes.IndexByte(head[:min(len(head), 64)], 0) < 0 {
			media = "" // two letters make no program
		}
	}
	if runnable(media, head) || nameDisguised(name) {
		return media, mail.RiskBlocked
	}
	for _, piece := range strings.Split(name, "\x00") {
		if blockedExt[extension(piece)] {
			return media, mail.RiskBlocked
		}
	}
	if nameOdd(name) || mismatch(extension(name), media, head) || lockedZip(head) {
		return media, mail.RiskOdd
	}
	return media, mail.RiskNone
}

// extension is the lower-case end of a name, without what Windows ignores behind it.
func extension(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	name = strings.TrimRight(name, ". \u00a0")
	return strings.ToLower(strings.TrimSpace(strings.TrimPrefix(path.Ext(strings.ReplaceAll(name, `\`, "/")), ".")))
}

// runnable tells programs, scripts and shortcuts by their first octets.
func runnable(media string, head []byte) bool {
	switch media {
	case "application/vnd.microsoft.portable-executable", "application/x-elf", "application/x-executable",
		"application/x-sharedlib", "application/x-mach-binary", "application/x-java-applet", "application/jar",
		"application/java-archive", "application/x-msi", "application/x-ms-installer", "application/vnd.android.package-archive",
		"application/x-ms-shortcut", "application/x-iso9660-image", "application/wasm", "application/vnd.debian.binary-package",
		"application/x-rpm":
		return true
	}
	for _, magic := range []string{"MZ", "\x7fELF", "#!", "\x4c\x00\x00\x00\x01\x14\x02\x00", "\xca\xfe\xba\xbe", "\xfe\xed\xfa", "\xcf\xfa\xed\xfe"} {
		if bytes.HasPrefix(head, []byte(magic)) && (magic != "MZ" || bytes.IndexByte(head[:min(len(head), 64)], 0) >= 0) {
			return true
		}
	}
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) && bytes.Contains(head, []byte("vbaProject.bin"))
}

// nameDisguised: characters that turn the order of what follows make "gnp.exe" look like "exe.png".
func nameDisguised(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool {
		return (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) || r == 0x200e || r == 0x200f || r == 0x061c
	})
}

// nameOdd: controls, invisible characters, or blanks that push the real end of a name out of sight.
func nameOdd(name string) bool {
	return strings.Contains(name, "     ") || strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsControl(r) || (unicode.Is(unicode.Cf, r) && r != 0x00ad) || r == 0x2028 || r == 0x2029
	})
}

// mismatch reports whether the content is not what the end of the name promises.
func mismatch(ext, media string, head []byte) bool {
	want, known := extKind[ext]
	if !known || len(head) == 0 {
		return false
	}
	got := kindOf(media)
	switch {
	case got == want:
		return false
	case media == "": // nothing that is known: these always have a mark at their beginning
		return want == "pdf" || want == "png" || want == "jpeg" || want == "gif" || want == "zip" || want == "ole"
	case want == "ole": // Word and Excel write RTF, HTML and plain text under their own names
		return got != "rtf" && got != "text" && got != "zip"
	case want == "audio" || want == "video":
		return got != "audio" && got != "video" && got != ""
	case want == "zip" && got == "ole": // a locked docx is wrapped in OLE
		return false
	}
	return got != ""
}

// contradicts reports whether a declared media type and the true one are of different kinds.
func contradicts(declared, real string) bool {
	a, b := kindOf(declared), kindOf(real)
	return a != "" && b != "" && a != b && (a != "ole" || b != "zip")
}

// lockedZip: nobody can look into an encrypted archive (bit 0 of the first entry's flags, APPNOTE 4.4.4).
func lockedZip(head []byte) bool {
	return len(head) > 8 && bytes.HasPrefix(head, []byte("PK\x03\x04")) && head[6]&1 != 0
}

// NoName is SafeName's answer when nothing usable is left.
const NoName = "tep-dinh-kem"

// SafeName makes of a declared file name a base name that is fit for any file system: no path, no controls, no
// invisible or turning characters, nothing a shell or Windows gives a meaning to; never empty, "..", and never with a
// leading "-" or "."; at most 200 octets, the extension kept.
func SafeName(name string) string {
	name = norm.NFC.String(strings.ToValidUTF8(name, "_"))
	name = strings.TrimRight(strings.ReplaceAll(name, `\`, "/"), "/ ")
	name = name[strings.LastIndexByte(name, '/')+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, strings.ContainsRune(`<>:"|?*/`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r) || r == 0x034f || (r >= 0xfe00 && r <= 0xfe0f):
			return -1
		}
		return r
	}, name)
	name = strings.Join(strings.Fields(name), " ")
	name = strings.TrimRight(strings.TrimLeft(name, "-. ~"), ". ")
	const longest = 200
	if len(name) > longest {
		ext := path.Ext(name)
		if len(ext) > 20 {
			ext = ""
		}
		name = strings.TrimRight(strings.ToValidUTF8(name[:longest-len(ext)], ""), ". ") + ext
	}
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch stem = strings.TrimSpace(stem); {
	case name == "":
		return NoName
	case stem == "CON" || stem == "PRN" || stem == "AUX" || stem == "NUL",
		len(stem) == 4 && (stem[:3] == "COM" || stem[:3] == "LPT") && stem[3] >= '0' && stem[3] <= '9':
		return "_" + name
	}
	return name
}

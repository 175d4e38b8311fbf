package words

import "strings"

// Media types in the words of an office; others are shown by their subtype.
var typesVI = map[string]string{
	"application/pdf": "PDF", "application/msword": "Word cũ", "application/vnd.ms-excel": "Excel cũ", "application/rtf": "RTF",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   "Word",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         "Excel",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
	"application/vnd.oasis.opendocument.text":                                   "ODT", "application/vnd.oasis.opendocument.spreadsheet": "ODS",
	"application/zip": "tệp nén ZIP", "application/x-rar-compressed": "tệp nén RAR", "application/x-7z-compressed": "tệp nén 7z",
	"application/gzip": "tệp nén GZ", "image/png": "ảnh PNG", "image/jpeg": "ảnh JPEG", "image/gif": "ảnh GIF", "image/tiff": "ảnh TIFF",
	"text/plain": "văn bản thuần", "text/html": "trang HTML", "text/csv": "bảng CSV", "text/calendar": "lịch hẹn", "message/rfc822": "thư kèm theo",
	"application/vnd.microsoft.portable-executable": "chương trình Windows", "application/x-elf": "chương trình Linux",
	"application/x-executable": "chương trình", "application/octet-stream": "không rõ loại", "": "không rõ loại",
}

var typesEN = map[string]string{
	"application/pdf": "PDF", "application/msword": "old Word", "application/vnd.ms-excel": "old Excel", "application/rtf": "RTF",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   "Word",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         "Excel",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
	"application/vnd.oasis.opendocument.text":                                   "ODT", "application/vnd.oasis.opendocument.spreadsheet": "ODS",
	"application/zip": "ZIP archive", "application/x-rar-compressed": "RAR archive", "application/x-7z-compressed": "7z archive",
	"application/gzip": "GZ archive", "image/png": "PNG image", "image/jpeg": "JPEG image", "image/gif": "GIF image", "image/tiff": "TIFF image",
	"text/plain": "plain text", "text/html": "HTML page", "text/csv": "CSV table", "text/calendar": "calendar entry", "message/rfc822": "attached letter",
	"application/vnd.microsoft.portable-executable": "Windows program", "application/x-elf": "Linux program",
	"application/x-executable": "program", "application/octet-stream": "unknown kind", "": "unknown kind",
}

// MediaType names a media type: "PDF", "ảnh PNG".
func (w *Words) MediaType(media string) string {
	media, _, _ = strings.Cut(strings.ToLower(media), ";")
	media = strings.TrimSpace(media)
	if s, ok := w.Letter.Types[media]; ok {
		return s
	}
	_, sub, _ := strings.Cut(media, "/")
	return strings.ToUpper(strings.TrimPrefix(sub, "x-"))
}

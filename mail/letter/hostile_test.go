package letter

import (
	"strings"
	"testing"

	"hopthu/mail"
)

// TestHostileSizes reads fields and texts that make careless readers take minutes: each must be read in one pass, or
// the test run does not end.
func TestHostileSizes(t *testing.T) {
	const n = 20000
	fields := []string{
		"(", "\"", "<", ">", "@", ",", "a,", "(a,", "\"\\", "\\\"", "<a,", "((a)", "=?", "=?a?x?", "=?utf-8?q?", "=?utf-8?q?a?= ",
		"a@b,", "G:", "G:;", ":;", "\r\n ", "<a@b", "a b ", "a@b ", "'", "=?utf-8?b?=?= ", "é", "\xff",
	}
	for _, unit := range fields {
		value := strings.Repeat(unit, n)
		for _, tail := range []string{"", "?=>)\""} {
			h := ReadHeader([]byte("From: " + value + tail + "\r\nReferences: " + value + "\r\nContent-Type: " + value + "\r\nDate: " + value + "\r\n\r\n"))
			var head mail.Head
			h.Fill(&head)
			envelope(h)
			parseParams(h.first("Content-Type"))
		}
	}
	bodies := []string{
		"a \n", ">\n", "> \n", ">", "\n", " ", "|a|\n", "a   b   c\n", "- a\n", "\x00", "=", "=\n", "\t", "<", "&", "<a ", "<p>", "<li>", "<li>a",
		"<tr><td>a", "<table><tr><td>a", "<td>", "</tr>", "</table>", "<a href=https://x>", "<a href=https://x><div>a</div></a>", "<blockquote>",
		"<pre>", "<br>", "&nbsp;", "<p>&nbsp;</p>", "<!--", "<script>", "<div hidden>", "<ol><li>", "<img alt=a>",
	}
	for _, unit := range bodies {
		for _, kind := range []string{"text/plain; format=flowed", "text/plain", "text/html"} {
			l := Parse([]byte("Content-Type: " + kind + "\r\n\r\n" + strings.Repeat(unit, n)))
			QuoteReply(l, "vi")
		}
	}
	for _, unit := range []string{
		"--b\r\n", "--b\r\n\r\n", "--bb\r\n", "--b", "--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n",
		"--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n",
	} {
		raw := []byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat(unit, n))
		Parse(raw)
		ReadStructure(raw)
		Section(raw, "1.1.1.1", "MIME")
	}
}

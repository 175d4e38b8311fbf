package letter

import (
	"net/url"
	"strings"
	"unicode"

	"hopthu/mail"
)

// cleanURL gives a link's target if it is one that a person may follow: http, https, mailto. Blanks and controls are
// taken out as browsers do.
func cleanURL(s string) string {
	s = strings.TrimFunc(s, unicode.IsSpace)
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, s)
	if strings.HasPrefix(s, "//") {
		s = "https:" + s
	}
	if len(s) > maxURL {
		return ""
	}
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" {
		return ""
	}
	switch strings.ToLower(scheme) {
	case "http", "https":
		if !strings.HasPrefix(rest, "//") {
			return ""
		}
	case "mailto":
	default:
		return ""
	}
	return strings.ReplaceAll(s, " ", "%20")
}

// endLink closes the open link and puts its mark behind its text.
func (r *htmlReader) endLink() {
	href := r.href
	r.href = ""
	if href == "" {
		return
	}
	whole := r.cur.String()
	text := strings.TrimSpace(whole[min(r.hrefStart, len(whole)):])
	n, known := r.seen[href]
	if text == "" && known { // a picture beside a link to the same place
		return
	}
	if !known {
		if len(r.links) >= maxLinks {
			return
		}
		r.links = append(r.links, href)
		n = r.first + len(r.links)
		r.seen[href] = n
	}
	if misleads(text, href) {
		r.code(DefectLinkText)
	}
	if last := len(r.out) - 1; text == "" && last >= r.hrefOut && r.out[last].Kind < mail.ParaPre { // blocks in the link
		r.out[last].Text += " [" + itoa(n) + "]"
		return
	}
	if r.pre == 0 && r.cur.Len() > 0 {
		r.space = true
	}
	r.word("[" + itoa(n) + "]")
}

// misleads reports whether the text of a link is itself an address on the web, but of another host.
func misleads(text, href string) bool {
	text = strings.ToLower(strings.Trim(text, " .,;()[]<>\"'"))
	if text == "" || strings.ContainsAny(text, " \u00a0") || strings.HasPrefix(strings.ToLower(href), "mailto:") {
		return false
	}
	if !strings.HasPrefix(text, "http://") && !strings.HasPrefix(text, "https://") {
		if !strings.HasPrefix(text, "www.") {
			return false
		}
		text = "https://" + text
	}
	shown, err := url.Parse(text)
	if err != nil {
		return false
	}
	target, err := url.Parse(href)
	if err != nil {
		return true
	}
	a, b := strings.TrimPrefix(shown.Hostname(), "www."), strings.TrimPrefix(strings.ToLower(target.Hostname()), "www.")
	return a != "" && a != b && !strings.HasSuffix(b, "."+a) && !strings.HasSuffix(a, "."+b)
}

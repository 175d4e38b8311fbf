package letter

import (
	"bytes"
	"sort"
	"strconv"
	"strings"
)

// param is one parameter of a structured field as written: quotes and their backslashes taken away, nothing decoded.
type param struct{ name, value string }

// parseParams reads "main; name=value; …" (RFC 2045 5.1) with all that is sent instead: blanks and 8-bit octets in
// unquoted values, missing semicolons after quotes, comments, empty parameters.
func parseParams(v []byte) (main string, params []param) {
	s := string(unfold(v))
	i := strings.IndexByte(s, ';')
	if i < 0 {
		i = len(s)
	}
	if lead := strings.TrimLeft(s[:i], " \t"); strings.Contains(lead, "=") && !strings.Contains(lead, "(") {
		if j := strings.IndexAny(lead, " \t"); j > 0 && j < strings.IndexByte(lead, '=') {
			i += j - len(lead) // "text/plain charset=utf-8"
		}
	}
	main, _ = cutComments(s[:i])
	main = strings.ToLower(strings.TrimSpace(main))
	for s = s[min(i+1, len(s)):]; s != "" && len(params) < 200; {
		s = strings.TrimLeft(s, " \t;")
		eq := strings.IndexAny(s, "=;")
		if eq < 0 {
			break
		}
		if s[eq] == ';' {
			s = s[eq+1:]
			continue
		}
		name := strings.ToLower(strings.TrimSpace(s[:eq]))
		if j := strings.LastIndexAny(name, " \t)"); j >= 0 {
			name = name[j+1:]
		}
		var value string
		value, s = cutValue(strings.TrimLeft(s[eq+1:], " \t"))
		if name != "" {
			params = append(params, param{name, value})
		}
	}
	return main, params
}

func cutValue(s string) (value, rest string) {
	if strings.HasPrefix(s, `"`) {
		if end := quoteEnd(s, 0); end > 0 {
			return unescape(s[1:end]), s[end+1:]
		}
		s = s[1:]
	}
	end := strings.IndexByte(s, ';')
	if end < 0 {
		end = len(s)
	}
	return strings.TrimSpace(s[:end]), s[end:]
}

// paramValue gives a parameter that is plain ASCII by nature: boundary, charset.
func paramValue(params []param, name string) string {
	for _, p := range params {
		if p.name == name {
			return p.value
		}
	}
	text := paramText(params, name)
	return text
}

// paramText gives a parameter as text: RFC 2231 with its continuations first, then RFC 2047 inside the value, which
// the standard forbids and half the world sends, then raw octets. NFC.
func paramText(params []param, name string) string {
	type piece struct {
		n       int
		encoded bool
		value   string
	}
	var pieces []piece
	for _, p := range params {
		rest, ok := strings.CutPrefix(p.name, name+"*")
		if !ok {
			continue
		}
		num, encoded := strings.CutSuffix(rest, "*")
		if rest == "" {
			num, encoded = "0", true
		}
		if n, err := strconv.Atoi(num); err == nil && n >= 0 {
			pieces = append(pieces, piece{n, encoded, p.value})
		}
	}
	sort.SliceStable(pieces, func(i, j int) bool { return pieces[i].n < pieces[j].n })
	var data []byte
	charset, anyEncoded := "", false
	for i, p := range pieces {
		if i > 0 && p.n == pieces[i-1].n {
			continue
		}
		if !p.encoded {
			data = append(data, p.value...)
			continue
		}
		if parts := strings.SplitN(p.value, "'", 3); !anyEncoded && len(parts) == 3 {
			charset, p.value = parts[0], parts[2]
		}
		anyEncoded = true
		data = append(data, percent(p.value)...)
	}
	switch {
	case anyEncoded:
		text, _ := decodeText(data, charset)
		return text
	case len(pieces) > 0:
		text, _ := decodeWords(data)
		return text
	}
	for _, p := range params {
		if p.name == name {
			text, _ := decodeWords([]byte(p.value))
			return text
		}
	}
	return ""
}

// paramRaw is the value of a parameter that stands there plainly, its octets as they are; "" if there is none.
func paramRaw(params []param, name string) string {
	for _, p := range params {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// percent decodes %XX (RFC 2231 4); what is no escape stays.
func percent(s string) []byte {
	if strings.IndexByte(s, '%') < 0 {
		return []byte(s)
	}
	var out bytes.Buffer
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && hexVal(s[i+1]) >= 0 && hexVal(s[i+2]) >= 0 {
			out.WriteByte(byte(hexVal(s[i+1])<<4 | hexVal(s[i+2])))
			i += 2
			continue
		}
		out.WriteByte(s[i])
	}
	return out.Bytes()
}

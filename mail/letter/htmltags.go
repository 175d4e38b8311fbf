package letter

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"hopthu/mail"
)

func itoa(n int) string { return strconv.Itoa(n) }

func attr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func void(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta,
		atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

// open reads a start tag.
func (r *htmlReader) open(t html.Token) {
	if r.hidden > 0 {
		if t.DataAtom == r.hideTag && t.Data == r.hideRaw && t.Type == html.StartTagToken {
			r.hidden++
		}
		return
	}
	if r.hide && !void(t.DataAtom) && t.Type == html.StartTagToken && isHidden(t) {
		r.hidden, r.hideTag, r.hideRaw = 1, t.DataAtom, t.Data
		return
	}
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Title, atom.Iframe, atom.Noembed, atom.Noframes, atom.Xmp, atom.Plaintext:
		r.skipRaw = t.DataAtom != atom.Xmp && t.DataAtom != atom.Plaintext && t.Type == html.StartTagToken
		r.block(false)
	case atom.Br:
		if r.pre > 0 {
			r.cur.WriteByte('\n')
		} else if strings.TrimSpace(r.cur.String()) == "" {
			r.gap = len(r.out) > 0
		} else {
			r.flush()
		}
	case atom.Wbr:
	case atom.Button, atom.Label, atom.Meter, atom.Progress: // set apart by what they look like
		r.space = true
	case atom.Hr:
		r.block(false)
		r.emit(mail.Para{Kind: mail.ParaRule, Quote: r.quote})
	case atom.P:
		if !r.bare() {
			r.block(!tight(t))
		}
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		r.block(true)
		r.kind = mail.ParaHeading
	case atom.Blockquote:
		r.block(true)
		r.quote = min(r.quote+1, maxQuote)
	case atom.Pre, atom.Textarea, atom.Listing:
		r.block(true)
		r.pre++
	case atom.Img, atom.Input:
		r.image(t)
	case atom.A:
		r.endLink()
		r.href, r.hrefStart, r.hrefOut = cleanURL(attr(t, "href")), r.cur.Len(), len(r.out)
	default:
		r.openTable(t)
	}
}

// openTable reads the start tags of lists, tables and plain blocks.
func (r *htmlReader) openTable(t html.Token) {
	switch t.DataAtom {
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		r.block(len(r.lists) == 0)
		if len(r.lists) < maxNested {
			next, err := strconv.Atoi(attr(t, "start"))
			if err != nil || next < 0 {
				next = 1
			}
			r.lists = append(r.lists, list{t.DataAtom == atom.Ol, next})
		}
	case atom.Li:
		r.mark()
	case atom.Table:
		r.block(r.table == 0)
		r.table++
	case atom.Tr:
		r.endRows()
		if len(r.rows) < maxNested {
			r.rows = append(r.rows, row{table: r.table, gap: r.gap})
		}
	case atom.Td, atom.Th:
		r.flush()
		if n := len(r.rows); n > 0 && len(r.rows[n-1].cells) < 100 {
			r.rows[n-1].cells = append(r.rows[n-1].cells, len(r.out))
		}
	default:
		if isBlock(t.DataAtom) && !r.bare() {
			r.block(false)
		}
	}
}

// close reads an end tag.
func (r *htmlReader) close(t html.Token) {
	if r.hidden > 0 {
		if t.DataAtom == r.hideTag && t.Data == r.hideRaw {
			r.hidden--
		}
		return
	}
	switch t.DataAtom {
	case atom.A:
		r.endLink()
	case atom.Button, atom.Label, atom.Meter, atom.Progress:
		r.space = true
	case atom.P:
		r.block(false)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		r.block(true)
		r.kind = mail.ParaText
	case atom.Blockquote:
		r.block(true)
		r.quote = max(r.quote-1, 0)
	case atom.Pre, atom.Textarea, atom.Listing:
		r.block(true)
		r.pre = max(r.pre-1, 0)
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		r.flush()
		r.kind = mail.ParaText
		r.lists = r.lists[:max(len(r.lists)-1, 0)]
		r.gap = r.gap || len(r.lists) == 0
	case atom.Li:
		r.flush()
		r.kind = mail.ParaText
	case atom.Tr:
		r.endRows()
	case atom.Table:
		r.endRows()
		r.table = max(r.table-1, 0)
		r.gap = r.gap || r.table == 0
	default:
		if isBlock(t.DataAtom) {
			r.block(false)
		}
	}
}

// endRows ends the open row of the table that is being read, if it has one: </tr> may be missing.
func (r *htmlReader) endRows() {
	r.flush()
	for n := len(r.rows); n > 0 && r.rows[n-1].table >= r.table; n = len(r.rows) {
		r.endRow()
	}
}

// endRow joins the cells of a row into one line when each holds one short text: then it is a table of data. Where
// cells hold more, the table only lays out the page.
func (r *htmlReader) endRow() {
	const short, longest = 200, 600
	n := len(r.rows)
	cells, gap := r.rows[n-1].cells, r.rows[n-1].gap
	r.rows = r.rows[:n-1]
	if len(cells) < 2 {
		return
	}
	var parts []string
	filled, total := 0, 0
	for i, from := range cells {
		to := len(r.out)
		if i+1 < len(cells) {
			to = cells[i+1]
		}
		text := ""
		for _, p := range r.out[from:to] {
			size := utf8.RuneCountInString(p.Text)
			if blank(p) {
				continue
			}
			if text != "" || p.Kind == mail.ParaPre || p.Kind == mail.ParaRule || p.Kind == mail.ParaItem || size > short {
				return
			}
			text, total, filled = p.Text, total+size, filled+1
		}
		parts = append(parts, text)
	}
	if filled < 2 || total > longest {
		return
	}
	at := cells[0]
	quote := r.quote
	r.out, r.gap = r.out[:at], gap
	r.emit(mail.Para{Quote: quote, Text: strings.TrimRight(strings.Join(parts, " | "), " |")})
}

// isBlock tells elements that begin a line of their own. Table parts are among them: their words must not fuse.
func isBlock(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Body, atom.Caption, atom.Center, atom.Dd, atom.Details, atom.Dialog,
		atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.Head,
		atom.Header, atom.Hgroup, atom.Html, atom.Legend, atom.Main, atom.Nav, atom.Option, atom.Section, atom.Summary,
		atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Tr, atom.Frameset, atom.Optgroup, atom.Select:
		return true
	}
	return false
}

// tight reports whether a paragraph asks for no space around it, as Word writes each line.
func tight(t html.Token) bool {
	if strings.HasPrefix(attr(t, "class"), "MsoN") {
		return true
	}
	style := squeeze(attr(t, "style"))
	for _, s := range []string{"margin:0", "margin-bottom:0", "margin-top:0;margin-bottom:0"} {
		if strings.Contains(style, s) {
			return true
		}
	}
	return false
}

// squeeze makes a style comparable: lower case, no blanks.
func squeeze(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(s[:min(len(s), 2000)]), ""))
}

// isHidden tells what the sender made invisible: preview padding, mostly.
func isHidden(t html.Token) bool {
	switch t.DataAtom {
	case atom.Template, atom.Svg, atom.Math, atom.Object, atom.Applet, atom.Audio, atom.Video, atom.Canvas:
		return true
	}
	for _, a := range t.Attr {
		if a.Key == "hidden" {
			return true
		}
	}
	style := ";" + squeeze(attr(t, "style"))
	for _, s := range []string{";display:none", ";visibility:hidden", ";mso-hide:all", ";opacity:0;"} {
		if strings.Contains(style+";", s) {
			return true
		}
	}
	zero := strings.Contains(style+";", ";max-height:0;") || strings.Contains(style, ";max-height:0px")
	return zero && strings.Contains(style, ";overflow:hidden")
}

// image shows an image's words; a picture without words and a tracking pixel show nothing.
func (r *htmlReader) image(t html.Token) {
	if t.DataAtom == atom.Input {
		if kind := strings.ToLower(attr(t, "type")); kind != "submit" && kind != "button" {
			return
		}
		r.text(" " + attr(t, "value") + " ")
		return
	}
	for _, side := range []string{"width", "height"} {
		if n, err := strconv.Atoi(strings.TrimSuffix(attr(t, side), "px")); err == nil && n <= 2 {
			return
		}
	}
	alt := strings.Join(strings.Fields(attr(t, "alt")), " ")
	if alt == "" || strings.Trim(alt, "0123456789") == "" || isHidden(t) {
		return
	}
	if len(alt) > 500 {
		alt = strings.ToValidUTF8(alt[:500], "") + "…"
	}
	r.text(" [" + alt + "] ")
}

package store

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
	"hopthu/mail/viet"
)

const (
	maxHits  = 500 // what one search brings back, newest first: a prefix of two letters names half of all mail
	maxWords = 12  // of a query; a pasted paragraph is sought by its beginning
	plenty   = 60  // side by side found this often, the words are not looked for anywhere as well
)

// word is one word of a query.
type word struct {
	exact, folded string
	address       bool // part of an address: sought inside addresses too
}

// parseQuery cuts what was typed into words. A lone letter at the end is not sought yet: it would match nearly
// everything, and the next key says more.
func parseQuery(text string) []word {
	var words []word
	for _, field := range strings.Fields(strings.ReplaceAll(viet.NFC(text), "\x00", "")) {
		if len(words) >= maxWords {
			break
		}
		address := strings.ContainsAny(field, "@._-") && utf8.RuneCountInString(field) >= 3
		before := len(words)
		if err := eachWord(field, func(w string, _, _ int) error {
			exact, folded := forms(w)
			words = append(words, word{exact: exact, folded: folded})
			return nil
		}); err != nil {
			return nil // eachWord has no errors but the callback's
		}
		if address && len(words) > before {
			words = append(words[:before], word{exact: viet.Fold(field), folded: viet.Fold(field), address: true})
		}
	}
	if n := len(words); n > 0 && !words[n-1].address && utf8.RuneCountInString(words[n-1].folded) < 2 {
		words = words[:n-1]
	}
	return words
}

// phrase is the FTS5 query for words that stand side by side, the last one perhaps not finished.
func phrase(words []word, exact bool) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		if exact {
			b.WriteString(w.exact)
		} else {
			b.WriteString(w.folded)
		}
	}
	b.WriteString(`" *`)
	return b.String()
}

// spread is the query for words that stand anywhere, marked or not.
func spread(words []word) string {
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = `"` + w.folded + `"`
	}
	return strings.Join(parts, " AND ") + " *"
}

// finder collects hits of several queries, each letter once.
type finder struct {
	*conn
	in     map[mail.FolderID]bool
	filter mail.Filter
	seen   map[mail.LetterID]bool
}

// search answers a query with words: exact phrase, then folded phrase, then all words anywhere; each newest first.
func (c *conn) search(q mail.ListQuery, folders []mail.Folder, words []word, out *mail.Listing) error {
	f := finder{conn: c, in: map[mail.FolderID]bool{}, filter: q.Filter, seen: map[mail.LetterID]bool{}}
	for _, x := range folders {
		f.in[x.ID] = true
	}
	matches, err := f.queries(words)
	if err != nil {
		return err
	}
	if out.More, err = c.unindexed(); err != nil {
		return err
	}
	var hits []hit
	for i, m := range matches {
		if m.anywhere && len(hits) >= plenty {
			out.More = true
			break
		}
		some, more, err := f.find(m.query, maxHits-len(hits))
		if err != nil {
			return err
		}
		hits = append(hits, some...)
		out.More = out.More || more
		if i == 0 {
			fill(out, q.View, hits)
			out.Exact = len(out.IDs)
			out.IDs, out.Sizes = nil, nil
		}
	}
	fill(out, q.View, hits)
	return nil
}

// match is one FTS5 query.
type match struct {
	query    string
	anywhere bool // the words need not stand side by side
}

// queries makes the FTS5 queries in the order in which they are asked; the first one's hits are the exact ones.
func (f *finder) queries(words []word) ([]match, error) {
	marked, address := false, false
	for _, w := range words {
		marked = marked || w.exact != w.folded
		address = address || w.address
	}
	if address {
		m, err := f.addressMatch(words)
		return []match{{query: m}}, err
	}
	list := []match{{query: phrase(words, true)}}
	if marked {
		list = append(list, match{query: phrase(words, false)})
	}
	if len(words) > 1 {
		list = append(list, match{query: spread(words), anywhere: true})
	}
	return list, nil
}

// addressMatch looks address-like words up inside the distinct addresses and asks for the addresses found.
func (f *finder) addressMatch(words []word) (string, error) {
	const most = 50
	var parts []string
	for i, w := range words {
		if !w.address {
			p := `"` + w.folded + `"`
			if i == len(words)-1 {
				p += " *"
			}
			parts = append(parts, p)
			continue
		}
		like := strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(w.folded)
		// What was typed may also stand in a text: file names, document numbers.
		either := []string{`"` + strings.ReplaceAll(w.folded, `"`, " ") + `" *`}
		err := f.each(`SELECT addr FROM addr WHERE addr LIKE ? ESCAPE '\' LIMIT ?`, func(st *sqlite3.Stmt) error {
			either = append(either, `"`+strings.ReplaceAll(st.ColumnText(0), `"`, " ")+`"`)
			return nil
		}, "%"+like+"%", most)
		if err != nil {
			return "", err
		}
		parts = append(parts, "("+strings.Join(either, " OR ")+")")
	}
	return strings.Join(parts, " AND "), nil
}

// find runs one FTS5 query, newest first by rowid, and keeps what the list wants and has not had yet; more says that
// there are older hits than limit.
func (f *finder) find(query string, limit int) (list []hit, more bool, err error) {
	err = f.each(`SELECT fts.rowid, l.folder, l.received, l.thread FROM fts CROSS JOIN letter l ON l.id=fts.rowid
		WHERE fts MATCH ? AND l.folder IS NOT NULL`+filterCond(f.filter)+` ORDER BY fts.rowid DESC`,
		func(st *sqlite3.Stmt) error {
			id := mail.LetterID(st.ColumnInt64(0))
			if !f.in[mail.FolderID(st.ColumnInt64(1))] || f.seen[id] {
				return nil
			}
			if len(list) >= limit {
				more = true
				return errEnough
			}
			f.seen[id] = true
			list = append(list, hit{st.ColumnInt64(2), id, mail.ThreadID(st.ColumnInt64(3))})
			return nil
		}, query)
	slices.SortFunc(list, newestFirst)
	return list, more, err
}

package rule

import (
	"embed"
	"strings"
	"sync"

	"hopthu/mail/viet"
)

//go:embed data/agencies.psv data/document-kinds.psv data/formats.psv
var tables embed.FS

// dataRows reads an embedded table: fields parted by |, lines that begin with # left out.
func dataRows(name string) [][]string {
	raw, err := tables.ReadFile("data/" + name)
	if err != nil {
		return nil // the files are compiled in; a test asks for each
	}
	return tableRows(string(raw))
}

func tableRows(raw string) [][]string {
	var out [][]string
	for line := range strings.Lines(raw) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		out = append(out, strings.Split(viet.NFC(line), "|"))
	}
	return out
}

// agency is one that is known without a directory.
type agency struct {
	name    string
	class   Class
	central bool
}

var commonAgencies = sync.OnceValue(func() map[string]agency {
	m := map[string]agency{}
	for _, r := range dataRows("agencies.psv") {
		if len(r) < 4 {
			continue
		}
		a := agency{name: r[0], class: Agency, central: r[3] == "tw"}
		switch r[2] {
		case "P":
			a.class = Publish
		case "G":
			a.class = Group
		}
		for _, s := range append(strings.Split(r[1], ";"), r[0]) {
			if s != "" {
				m[nameKey(s)] = a
			}
		}
	}
	return m
})

// commonAgency finds one by name or abbreviation, with or without marks.
func commonAgency(s string) (agency, bool) {
	if len(s) > 200 {
		return agency{}, false
	}
	a, ok := commonAgencies()[nameKey(s)]
	return a, ok
}

// expansions are abbreviations that mean the same everywhere.
var expansions = map[string]string{
	"ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "vp": "van phong", "ttdt": "thong tin dien tu", "tp": "thanh pho",
	"tx": "thi xa", "dbqh": "dai bieu quoc hoi", "mttq": "mat tran to quoc", "pct": "pho chu tich", "tw": "trung uong",
	"tand": "toa an nhan dan", "vksnd": "vien kiem sat nhan dan", "bhxh": "bao hiem xa hoi", "kbnn": "kho bac nha nuoc",
	"cvp": "chanh van phong", "pcvp": "pho chanh van phong", "nsnn": "ngan sach nha nuoc", "vpubnd": "van phong uy ban nhan dan",
	"cty": "cong ty", "ubmttq": "uy ban mat tran to quoc", "qlda": "quan ly du an", "cntt": "cong nghe thong tin",
}

// nameKey is what two spellings of one name have in common: folded, abbreviations written out, "&" as "và", punctuation
// and "Ninh Bình" behind "tỉnh" gone.
func nameKey(s string) string {
	f := viet.Fold(s)
	words := strings.FieldsFunc(f, func(r rune) bool {
		return r != '&' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && r < 0x80
	})
	var b strings.Builder
	b.Grow(len(f) + 16)
	for i := 0; i < len(words); i++ {
		w := words[i]
		if w == "&" {
			w = "va"
		}
		if i+1 < len(words) && i >= 1 && w == "ninh" && words[i+1] == "binh" && words[i-1] == "tinh" {
			i++
			continue
		}
		if long, ok := expansions[w]; ok {
			w = long
		} else if strings.Contains(w, "&") {
			w = strings.ReplaceAll(w, "&", "")
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

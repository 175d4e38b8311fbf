package rule

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hopthu/mail"
	"hopthu/mail/viet"
)

// RowState says what stands behind an entry.
type RowState uint8

// States of a row. Open ones (Publishing, Stranger, Choosing, Unknown) keep the document from being sent until the person
// has decided.
const (
	RowReady    RowState = iota // Targets has its box
	RowGroup                    // Targets has the boxes of its members
	RowKept                     // "Lưu": stays in the house
	RowUnfolded                 // a reference; its rows follow
	RowWithin                   // a part of the entry above, which the same box serves
	RowSkipped                  // the person decided to send nothing
	RowPublish                  // a place of publication without a box
	RowStranger                 // outside the system, its address is not known
	RowChoose                   // several it may be, or one that is not sure: Candidates
	RowUnknown                  // nobody knows
)

// Open reports a state that a person must settle.
func (s RowState) Open() bool { return s >= RowPublish }

// Row is one line of the table of recipients.
type Row struct {
	Entry
	Parent     int // row of the reference or head that it came from, -1 for entries of the block
	State      RowState
	Confidence int    // of the weakest target, 0 when there is none
	How        string // how it was found
	Targets    []Listed
	Missing    []Listed // members of the group that no box is known of; one that the directory does not have has only a Key
	Candidates []Match
	Outside    bool // a target is outside the system (QC 13.2)
	Same       int  // row that already has all its targets: nothing is sent twice; -1 if none
}

// Recipient is one box that gets the document, once.
type Recipient struct {
	Listed
	Purposes []string
	Rows     []int
	Outside  bool
}

// Plan is a block resolved: every entry is a row, every box a recipient.
type Plan struct {
	Rows       []Row
	Recipients []Recipient
}

// Open lists the rows that a person must settle before anything is sent (D 2.6 rule 10).
func (p Plan) Open() []int {
	var out []int
	for i, r := range p.Rows {
		if r.State.Open() {
			out = append(out, i)
		}
	}
	return out
}

// Pick is what a person decided about a row.
type Pick struct {
	Skip    bool
	Keys    []string // entries of the directory
	Address string   // typed by hand
}

// ResolveOptions are what the document does not tell.
type ResolveOptions struct {
	Domain string       // the system's own
	Self   string       // key of the unit that issues the document: "Giám đốc Sở"
	Picks  map[int]Pick // by row of the plan without picks; rows never move
}

// Resolve finds the boxes behind the Nơi nhận block of a document. Nothing is left out: what has no box is an open row.
func Resolve(d Document, dir Directory, o ResolveOptions) Plan {
	r := resolver{doc: d, dir: dir, o: o}
	for _, e := range d.Block.Entries {
		r.entry(e, -1, 0)
	}
	return r.merge()
}

type resolver struct {
	doc  Document
	dir  Directory
	o    ResolveOptions
	rows []Row
}

func (r *resolver) entry(e Entry, parent, depth int) {
	at := len(r.rows)
	r.rows = append(r.rows, Row{Entry: e, Parent: parent, Same: -1})
	row := r.find(e)
	row.Entry, row.Parent, row.Same = e, parent, -1
	r.rows[at] = row
	r.pick(at)
	switch e.Class {
	case Reference:
		if depth < 3 {
			r.unfold(at, depth)
		}
	case Keep:
	default:
		for _, s := range e.Subs {
			r.sub(s, at)
		}
	}
}

func (r *resolver) pick(at int) {
	p, ok := r.o.Picks[at]
	if !ok {
		return
	}
	row := &r.rows[at]
	switch {
	case p.Skip:
		row.State, row.Targets, row.Missing = RowSkipped, nil, nil
	case len(p.Keys) > 0 && r.dir != nil || p.Address != "":
		var to, missing []Listed
		for _, k := range p.Keys {
			if r.dir == nil {
				break
			}
			e, ok := r.dir.ByKey(k)
			if !ok {
				e = Listed{Key: k}
			}
			boxes, without := Boxes(r.dir, e)
			to, missing = append(to, boxes...), append(missing, without...)
		}
		if p.Address != "" {
			to = append(to, Listed{Key: WireForm(p.Address), Name: row.Name, Address: p.Address})
		}
		if len(to) > 0 {
			row.State, row.Targets, row.Missing, row.Confidence, row.How = RowReady, to, missing, 100, "chosen"
		}
	}
}

var reNumbers = pattern(`\d{1,3}`)

// unfold puts the rows of "Như trên" and "Như Điều n" below it (D 2.6 rule 9).
func (r *resolver) unfold(at, depth int) {
	e := r.rows[at].Entry
	list := r.doc.Referred(e, r.dir)
	// A reference that the person settled as a whole keeps its rows, so that the numbers of all others stay, but they are
	// nobody's concern any more.
	settled := r.rows[at].State == RowSkipped || r.rows[at].How == "chosen"
	switch {
	case settled:
	case len(list) == 0:
		r.rows[at].State, r.rows[at].How = RowUnknown, "no-text"
		return
	default:
		r.rows[at].State = RowUnfolded
	}
	for _, x := range list {
		if x.Class == Reference {
			x.Class = Unclear // a reference in what is referred to leads nowhere
		}
		if x.Purpose == "" {
			x.Purpose = e.Purpose
		}
		r.entry(x, at, depth+1)
	}
	for i := at + 1; settled && i < len(r.rows); i++ {
		r.rows[i].State, r.rows[i].Targets, r.rows[i].Missing, r.rows[i].Candidates = RowWithin, nil, nil, nil
		if r.rows[at].State == RowSkipped {
			r.rows[i].State = RowSkipped
		}
	}
}

// sub is a part of an agency: "VPCP: BTCN". It has a box of its own only if the directory says so.
func (r *resolver) sub(e Entry, parent int) {
	row := Row{Entry: e, Parent: parent, Same: -1, State: RowWithin}
	if r.dir != nil {
		if m := r.sure(r.dir.Lookup(e.Name + " " + r.rows[parent].Name)); len(m) == 1 {
			row = r.ready(m[0])
			row.Entry, row.Parent, row.Same = e, parent, -1
		}
	}
	r.rows = append(r.rows, row)
	r.pick(len(r.rows) - 1)
}

func (r *resolver) find(e Entry) Row {
	switch e.Class {
	case Reference:
		return Row{State: RowUnknown}
	case Keep:
		return Row{State: RowKept}
	}
	if r.dir == nil {
		return r.nobody(e)
	}
	found := r.dir.Lookup(e.Name)
	switch e.Class {
	case Person:
		return r.person(e, found)
	case Group:
		if len(r.sure(found)) == 0 && viet.Fold(strings.SplitN(e.Name, " ", 2)[0]) != "cac" {
			found = append(r.dir.Lookup("các "+e.Name), found...)
		}
	case Post:
		if len(r.sure(found)) == 0 {
			found = r.post(e, found)
		}
	case Agency, Publish:
		if len(r.sure(found)) == 0 {
			if a, ok := commonAgency(e.Name); ok {
				found = append(r.dir.Lookup(a.name), found...)
			}
		}
	}
	return r.judge(e, found)
}

// judge turns matches into a row.
func (r *resolver) judge(e Entry, found []Match) Row {
	sure := r.sure(found)
	switch {
	case len(sure) == 1 && sure[0].Confidence >= sureMatch:
		return r.ready(sure[0])
	case len(found) > 0:
		seen := map[string]bool{}
		found = slices.DeleteFunc(slices.Clone(found), func(m Match) bool {
			before := seen[m.Key]
			seen[m.Key] = true
			return before
		})
		return Row{State: RowChoose, Candidates: found, Confidence: found[0].Confidence, How: found[0].How}
	}
	return r.nobody(e)
}

// sure keeps the best matches that need no second look; more than one are namesakes.
func (r *resolver) sure(found []Match) []Match {
	var out []Match
	best := 0
	for _, m := range found {
		best = max(best, m.Confidence)
	}
	for _, m := range found {
		if m.Confidence >= sureMatch && m.Confidence == best && !slices.ContainsFunc(out, func(o Match) bool { return o.Key == m.Key }) {
			out = append(out, m)
		}
	}
	return out
}

func (r *resolver) ready(m Match) Row {
	row := Row{State: RowReady, Confidence: m.Confidence, How: m.How}
	row.Targets, row.Missing = Boxes(r.dir, m.Listed)
	if m.Kind == ListedGroup {
		row.State = RowGroup
	}
	if len(row.Targets) == 0 {
		row.State, row.Missing, row.Candidates = RowUnknown, nil, []Match{m} // known, but no box
		if m.Kind == ListedPublish {
			row.State = RowPublish
		}
	}
	return row
}

// nested is how many groups may stand inside one another.
const nested = 50

// Boxes unfolds an entry to the boxes behind it, each once. Missing are the members that have none: a unit that is locked, a
// person who left, a key that the directory does not know.
func Boxes(dir Directory, e Listed) (boxes, missing []Listed) {
	seen := map[string]bool{}
	var add func(e Listed, depth int)
	add = func(e Listed, depth int) {
		if seen[e.Key] {
			return
		}
		seen[e.Key] = true
		switch {
		case e.Address != "":
			boxes = append(boxes, e)
		case len(e.Members) == 0 || depth > nested:
			missing = append(missing, e)
			return
		}
		for _, k := range e.Members {
			m, ok := dir.ByKey(k)
			if !ok {
				m = Listed{Key: k}
			}
			add(m, depth+1)
		}
	}
	add(e, 0)
	return boxes, missing
}

// nobody is a row without a match.
func (r *resolver) nobody(e Entry) Row {
	switch a, known := commonAgency(e.Name); {
	case e.Class == Publish:
		return Row{State: RowPublish}
	case e.Class == Person, known && a.central, e.Class == Agency && stranger(e.Name):
		return Row{State: RowStranger, Outside: true}
	}
	return Row{State: RowUnknown}
}

// stranger reports an agency or enterprise that is not of this system, whatever its place: it belongs to the state as a
// whole, or to itself.
func stranger(name string) bool {
	f := viet.Fold(name)
	for _, p := range []string{"cong ty", "cty", "doanh nghiep", "hop tac xa", "htx", "tap doan", "tong cong ty", "tong cuc "} {
		if strings.HasPrefix(f, p) {
			return true
		}
	}
	return ofMinistry(strings.Fields(name)) || strings.HasSuffix(f, "chinh phu") || strings.HasSuffix(f, "trung uong") || strings.HasSuffix(f, "viet nam")
}

// ofMinistry reports a ministry, or a part of one by its name: "Cục Kiểm tra văn bản - Bộ Tư pháp". The commands of a
// province's army and border guard ("Bộ Chỉ huy Quân sự tỉnh") are none.
func ofMinistry(words []string) bool {
	for i, w := range words {
		if wordFold(w) != "bo" || i+1 == len(words) {
			continue
		}
		if first, _ := utf8.DecodeRuneInString(w); !unicode.IsUpper(first) || i > 0 && beforeBo[wordFold(words[i-1])] {
			continue
		}
		return !behindBo[wordFold(words[i+1])]
	}
	return false
}

// beforeBo and behindBo are words that make another word of "bộ": cán bộ, nội bộ, Đảng bộ; Bộ Chỉ huy, bộ đội, bộ phận.
var (
	beforeBo = wordsOf("can;noi;dang;toan;tien")
	behindBo = wordsOf("chi;ch;chqs;chbdbp;doi;phan;mon")
)

// person takes persons only; post or unit behind the name tell namesakes apart.
func (r *resolver) person(e Entry, found []Match) Row {
	found = slices.DeleteFunc(slices.Clone(found), func(m Match) bool { return m.Kind != ListedPerson })
	if sure := r.sure(found); len(sure) > 1 && e.Post != "" {
		detail := nameKey(e.Post)
		fits := slices.DeleteFunc(slices.Clone(sure), func(m Match) bool {
			return !(m.Post != "" && strings.Contains(detail, nameKey(m.Post))) && !(m.Unit != "" && strings.Contains(detail, nameKey(m.Unit)))
		})
		if len(fits) == 1 {
			return r.ready(fits[0])
		}
	}
	return r.judge(e, found)
}

// post finds the box of the agency that a post belongs to.
func (r *resolver) post(e Entry, found []Match) []Match {
	name := e.Name
	if i := strings.LastIndexByte(name, ','); i >= 0 {
		if post, _, _ := cutPost(strings.TrimSpace(name[i+1:])); post != "" {
			name = strings.TrimSpace(name[i+1:])
		}
	}
	_, rest, unit := cutPost(name)
	if self, ok := r.dir.ByKey(r.o.Self); ok && r.o.Self != "" && ownUnit(nameKey(rest), nameKey(self.Name)) {
		return append([]Match{{Listed: self, Confidence: sureMatch, How: "own-unit"}}, found...)
	}
	for _, try := range []string{strings.TrimSpace(unit + " " + rest), rest} {
		if try == "" {
			continue
		}
		if m := r.sure(r.dir.Lookup(try)); len(m) > 0 {
			for i := range m {
				m[i].Confidence, m[i].How = min(m[i].Confidence, 85), "post"
			}
			return append(m, found...)
		}
	}
	return found
}

// ownUnit reports what is left of a post that names no other unit than the issuing one: nothing ("Chánh Văn phòng"), the
// beginning of its name ("Giám đốc Sở", "Lãnh đạo Trung tâm"), or a word for any.
func ownUnit(rest, self string) bool {
	switch rest {
	case "", "co quan", "don vi", "van phong":
		return true
	}
	return strings.HasPrefix(self, rest+" ")
}

// merge makes one recipient of each box (D 6.2 #12) and marks what is outside.
func (r *resolver) merge() Plan {
	p := Plan{Rows: r.rows}
	at := map[string]int{}
	for i := range p.Rows {
		row := &p.Rows[i]
		fresh, first := 0, -1
		for _, t := range row.Targets {
			wire := WireForm(t.Address)
			outside := r.o.Domain != "" && !within(mail.Address{Addr: wire}.Domain(), strings.ToLower(r.o.Domain))
			row.Outside = row.Outside || outside
			n, have := at[wire]
			if !have {
				n = len(p.Recipients)
				at[wire] = n
				p.Recipients = append(p.Recipients, Recipient{Listed: t, Outside: outside})
				fresh++
			} else if first < 0 {
				first = p.Recipients[n].Rows[0]
			}
			rec := &p.Recipients[n]
			rec.Rows = append(rec.Rows, i)
			if row.Purpose != "" && !slices.Contains(rec.Purposes, row.Purpose) {
				rec.Purposes = append(rec.Purposes, row.Purpose)
			}
		}
		if len(row.Targets) > 0 && fresh == 0 {
			row.Same = first
		}
	}
	return p
}

package rule

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hopthu/mail/viet"
)

// reference names what "Như trên" and its kin point to: "to" (Kính gửi), "guests", "article", "other"; "" for no reference.
func reference(name string) string {
	f := strings.Join(strings.FieldsFunc(viet.Fold(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
	switch f {
	case "n t", "nt":
		return "to"
	case "thanh phan moi", "thanh phan du hop", "cac thanh phan moi":
		return "guests"
	}
	rest, ok := strings.CutPrefix(f, "nhu ")
	switch {
	case !ok:
		return ""
	case strings.HasPrefix(rest, "tren"), strings.Contains(rest, "kinh gui"):
		return "to"
	case strings.Contains(rest, "kinh moi"), strings.Contains(rest, "moi"), strings.Contains(rest, "du hop"), strings.Contains(rest, "thanh phan"):
		return "guests"
	case strings.HasPrefix(rest, "dieu "), strings.HasPrefix(rest, "tai dieu "):
		return "article"
	}
	return "other"
}

// postPhrases are posts as they are written, folded. The value is the kind of unit that the post is named after, if the
// name of the unit lacks it ("Chánh Văn phòng UBND tỉnh" is head of "Văn phòng UBND tỉnh").
var postPhrases = map[string]string{
	"chu tich": "", "pho chu tich": "", "pct": "", "ct": "", "giam doc": "", "pho giam doc": "", "gd": "", "pgd": "",
	"truong": "", "pho truong": "", "truong ban": "Ban", "pho truong ban": "Ban", "truong phong": "Phòng",
	"pho truong phong": "Phòng", "chanh van phong": "Văn phòng", "pho chanh van phong": "Văn phòng", "pho van phong": "Văn phòng",
	"cvp": "Văn phòng", "pho cvp": "Văn phòng", "pcvp": "Văn phòng", "chanh vp": "Văn phòng", "pho chanh vp": "Văn phòng", "chanh thanh tra": "Thanh tra",
	"pho chanh thanh tra": "Thanh tra", "bi thu": "", "pho bi thu": "", "thu tuong": "", "pho thu tuong": "", "bo truong": "Bộ",
	"thu truong": "", "lanh dao": "", "ld": "", "ldvp": "", "lanh dao vp": "Văn phòng", "cuc truong": "Cục", "pho cuc truong": "Cục",
	"chi cuc truong": "Chi cục", "pho chi cuc truong": "Chi cục", "vu truong": "Vụ", "tong giam doc": "", "pho tong giam doc": "",
	"vien truong": "Viện", "chanh an": "", "pho chanh an": "", "hieu truong": "", "pho hieu truong": "", "btcn": "", "pcn": "",
	"tro ly": "", "thu ky": "", "chu nhiem": "", "pho chu nhiem": "", "to truong": "Tổ", "doi truong": "Đội",
	"ke toan truong": "", "tong bien tap": "", "chi huy truong": "", "uy vien": "", "thanh vien": "", "tong cuc truong": "Tổng cục",
	"nguoi dung dau": "", "dai bieu": "", "chuyen vien": "", "ttgcp": "", "ttg": "", "cac pcn": "", "truong doan": "", "pttg": "",
	"tong bi thu": "", "chu tich nuoc": "", "van thu": "",
}

// cutPost takes the post from the beginning of name: "các Phó chủ tịch UBND tỉnh" → post "Phó chủ tịch", rest "UBND tỉnh".
func cutPost(name string) (post, rest, unit string) {
	words := strings.Fields(name)
	from := 0
	for from < len(words) && from < 2 {
		switch wordFold(words[from]) {
		case "cac", "quy", "toan", "nguyen":
			from++
			continue
		case "dong": // "các đồng chí Phó Chủ tịch"
			if from++; from < len(words) && wordFold(words[from]) == "chi" {
				from++
			}
		}
		break
	}
	for n := min(4, len(words)-from); n > 0; n-- {
		var key []string
		for _, w := range words[from : from+n] {
			key = append(key, wordFold(w))
		}
		u, ok := postPhrases[strings.Join(key, " ")]
		if !ok {
			continue
		}
		if n == 1 && (key[0] == "truong" || key[0] == "ct" || key[0] == "ld" || key[0] == "thu") && !postAlone(words[from], key[0]) {
			continue
		}
		return strings.Join(words[from:from+n], " "), strings.Join(words[from+n:], " "), u
	}
	return "", name, ""
}

// postAlone tells the short posts from other words that look like them.
func postAlone(word, key string) bool {
	switch key {
	case "ct", "ld":
		return word == strings.ToUpper(word)
	case "truong":
		return strings.EqualFold(viet.NFC(word), "trưởng")
	}
	return true
}

// barePost reports a piece that is a post and nothing else, so that what follows shares its tail (D 2.6 rule 7).
func barePost(piece string) bool {
	post, rest, _ := cutPost(piece)
	return post != "" && rest == ""
}

var honorifics = wordsOf("ong;ba;anh;chi;d/c;dc;đ/c;ong/ba;ba/ong")

// cutHonorific takes "Ông", "Bà", "đồng chí" from the beginning of name.
func cutHonorific(name string) (rest string, ok bool) {
	words := strings.Fields(name)
	if len(words) < 2 {
		return name, false
	}
	first := strings.Trim(viet.Fold(words[0]), ".,:()")
	if first == "dong" && len(words) > 2 && wordFold(words[1]) == "chi" {
		return strings.Join(words[2:], " "), true
	}
	if !honorifics[first] {
		return name, false
	}
	if strings.EqualFold(words[1], "(bà)") || strings.EqualFold(words[1], "(ông)") {
		words = words[1:]
	}
	return strings.Join(words[1:], " "), len(words) > 1
}

// surnames begin most names of persons; a bare name is believed only with one of them.
var surnames = wordsOf(`nguyen;tran;le;pham;hoang;huynh;phan;vu;vo;dang;bui;do;ho;ngo;duong;ly;dinh;trinh;doan;luong;mai;truong;
	lam;cao;ta;ha;to;quach;luu;thai;dao;tong;chu;phung;kieu;la;ninh;giang;an;bach;tang;nghiem;vuong;lai;quan;thach;khuat`)

// personName reports two to five capitalised syllables that begin with a surname.
func personName(s string) bool {
	words := strings.Fields(s)
	if len(words) < 2 || len(words) > 5 || !surnames[viet.Fold(words[0])] {
		return false
	}
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(first) || !viet.IsSyllable(w) && viet.IsMarked(w) || len([]rune(w)) > 1 && strings.ToUpper(w) == w {
			return false
		}
	}
	return true
}

// generic are the nouns that go on with a list of kinds: "Các Sở, ban, ngành, đoàn thể".
var generic = wordsOf(`so;ban;nganh;doan the;huyen;thanh pho;thi xa;thi;xa;phuong;thi tran;don vi;co quan;to chuc;hoi;
	doanh nghiep;ca nhan;truong;phong;dia phuong;quan;bo;tp;tx;doan;cuc;vu;chi cuc;trung tam;cong dan;ho gia dinh;hiep hoi;
	co quan ngang bo;huyen uy;thanh uy;thi uy;quan uy;dang uy;to;thon;khu;dac khu;van phong;vien`)

var fillers = wordsOf("tinh;cua;thuoc;truc;trung;uong;nha;nuoc;khac;lien;quan;co;va;cac;tren;dia;ban;toan;cap;chuyen;mon;su;nghiep;the;pho;xa;tran;vi;chuc;nhan;nghiep;phuong;dan;gia;dinh;hiep;ngang;bo;doan")

// goesOn reports a piece behind a comma that goes on with the group before it.
func goesOn(piece string) bool {
	words := strings.Fields(viet.Fold(piece))
	if len(words) == 0 {
		return false
	}
	one := strings.Trim(words[0], ".")
	two := strings.Join(words[:min(2, len(words))], " ")
	if !generic[one] && !generic[two] {
		return false
	}
	first, _ := utf8.DecodeRuneInString(piece)
	if unicode.IsLower(first) {
		return true
	}
	for _, w := range words[1:] {
		if !fillers[w] && !generic[w] {
			return false
		}
	}
	return true
}

// plural reports a name that means several: "Các Sở", "UBND các huyện", "toàn thể cán bộ".
func plural(folded string) bool {
	for _, one := range []string{"ban quan ly ", "bql ", "dang uy ", "dang bo ", "lien hiep ", "hiep hoi ", "hoi ", "trung tam ", "quy "} {
		if strings.HasPrefix(folded, one) && !reOfAll().MatchString(folded) {
			return false // "Ban Quản lý các khu công nghiệp": one agency
		}
	}
	p := " " + folded + " "
	return strings.Contains(p, " cac ") || strings.HasPrefix(folded, "toan the ") || strings.HasPrefix(folded, "tat ca ") ||
		strings.HasPrefix(folded, "moi ") || strings.HasPrefix(folded, "nhung ") || strings.HasPrefix(folded, "ubnd huyen, ") ||
		strings.HasPrefix(folded, "so, ban, nganh")
}

// reOfAll: "Trung tâm Y tế các huyện, thành phố" is several, whatever its name begins with.
var reOfAll = pattern(` cac (?:tinh|huyen|xa|phuong|quan|thi xa|thi tran|thanh pho|tp|tx|so|khu vuc)(?:, (?:thanh pho|thi xa|thi tran|phuong|tp|tx|huyen))*$`)

// vague reports a group of which nobody can say who belongs to it.
func vague(folded string) bool {
	return strings.Contains(folded, "lien quan") || strings.HasSuffix(folded, " khac")
}

// agencyHeads begin names of agencies and enterprises, folded.
var agencyHeads = wordsOf(`bo;so;ubnd;uy ban;hdnd;hoi dong;van phong;vp;ban;cuc;chi cuc;tong cuc;cong an;ca;thanh tra;dai;bao;
	trung tam;truong;benh vien;vien;kho bac;ngan hang;cong ty;cty;tap doan;tong cong ty;hoi;doan;dang uy;tinh uy;huyen uy;
	thanh uy;thi uy;thuong truc;tt;toa an;tand;tandtc;vien kiem sat;vksnd;vksndtc;bo chi huy;bch;bchqs;bchbdbp;chi nhanh;quy;
	lien doan;lien minh;mat tran;ubmttq;ubmt;phong;vu;hat;tram;thu vien;bao tang;xi nghiep;hop tac xa;htx;doanh nghiep;chinh phu;
	quoc hoi;ttxvn;thong tan;hoc vien;nha xuat ban;doi;to;khoi;buu dien;vien thong;hai quan;thue;kiem toan;dang bo;chi bo;
	lien hiep;hiep hoi;trai;nha;tong;vpcp;vpubnd;ubtvqh;uy ban thuong vu;ban qlda;bql;qlda;dai hoc;cao dang;tinh doan;huyen doan;
	thanh doan;cong doan;bao hiem;bhxh;quan;bo tu lenh;su doan;trung doan;lu doan;tieu doan;don vi;co quan;don;nxb;tap chi;
	van phong dang ky;khu;lanh su quan;dai su quan;chi cuc;toa;vks;chu tich doan;huyen;xa;phuong;thi tran;thi xa;thanh pho;tinh;
	dang doan;doan dbqh;doan dai bieu`)

// agencyShaped reports a name that begins like that of an agency.
func agencyShaped(folded string) bool {
	words := strings.FieldsFunc(folded, func(r rune) bool { return r == ' ' || r == '.' })
	for n := min(3, len(words)); n > 0; n-- {
		if agencyHeads[strings.Join(words[:n], " ")] {
			return len(words) > 1 || n == 1 && !generic[words[0]]
		}
	}
	return false
}

// strongHead reports the beginning of another agency behind "và": "Sở Tài chính và Sở Xây dựng".
func strongHead(folded string) bool {
	words := strings.Fields(folded)
	if len(words) < 2 {
		return false
	}
	switch words[0] {
	case "so", "bo", "ubnd", "hdnd", "vp", "ban", "cuc", "cac", "vpcp", "ubmttq":
		return true
	}
	switch words[0] + " " + words[1] {
	case "uy ban", "hoi dong", "van phong", "chi cuc", "cong an", "thanh tra", "cong ty", "benh vien", "giam doc", "chu tich", "tinh uy",
		"pho chu", "pho giam", "dai phat", "trung tam", "kho bac", "toa an", "vien kiem", "thuong truc", "cong thong", "cong ttdt":
		return true
	}
	return false
}

var publishHeads = []string{"website", "web ", "trang tin", "trang ttdt", "trang thong tin", "trang web", "cong ttdt", "cong thong tin", "cong tt ", "cong tt", "cong bao", "cong dich vu cong", "portal"}

func publishes(folded string) bool {
	for _, h := range publishHeads {
		if strings.HasPrefix(folded, h) {
			return true
		}
	}
	return false
}

// classed makes an entry of one name.
func (p *splitter) classed(name string) Entry {
	e := Entry{Name: name}
	folded := strings.Join(strings.Fields(viet.Fold(name)), " ")
	if c, ok := commonAgency(name); ok {
		e.Class = c.class
		return e
	}
	if publishes(folded) {
		e.Class = Publish
		return e
	}
	if e, ok := personEntry(name); ok {
		return e
	}
	if first, _, ok := strings.Cut(name, ","); ok && barePost(first) {
		e.Class = Post
		return e
	}
	office := name
	if plain, polite := cutHonorific(name); polite {
		office = plain // "Đ/c Bí thư Tỉnh ủy"
	}
	post, rest, _ := cutPost(office)
	if both, tail, ok := twoPosts(office); ok {
		post, rest = both, tail
	}
	switch restFold := viet.Fold(rest); {
	case vague(folded):
		e.Class = Unclear
	case post != "" && strings.HasPrefix(restFold, "cac "), post != "" && plural(restFold) && !strings.HasPrefix(restFold, "cac "):
		e.Class, e.Post = Group, post
		e.Name = strings.TrimSpace(trimWord(rest, "cac"))
	case post != "":
		e.Class = Post
	case plural(folded):
		e.Class = Group
	case agencyShaped(folded):
		e.Class = Agency
	case p.dir != nil && p.known(name):
		e.Class = Agency
	}
	return e
}

// twoPosts reads "Chủ tịch và các Phó Chủ tịch UBND tỉnh": two posts of the agency behind them.
func twoPosts(name string) (posts, rest string, ok bool) {
	left, right, ok := strings.Cut(name, " và ")
	if !ok || !barePost(left) {
		return "", "", false
	}
	post, rest, _ := cutPost(right)
	return strings.TrimSuffix(name, " "+rest), rest, post != "" && rest != ""
}

// trimWord drops a first word that folds to want.
func trimWord(s, want string) string {
	first, rest, ok := strings.Cut(s, " ")
	if ok && viet.Fold(first) == want {
		return rest
	}
	return s
}

// personEntry reads "Bà Nguyễn Thị Thu Hà, Trưởng phòng Hành chính".
func personEntry(name string) (Entry, bool) {
	rest, polite := cutHonorific(name)
	who, detail := rest, ""
	if at := strings.IndexAny(rest, ",("); at > 0 {
		who, detail = rest[:at], strings.TrimLeft(rest[at:], ",( ")
		if strings.HasPrefix(rest[at:], "(") {
			detail = strings.Replace(detail, ")", "", 1)
		}
	}
	who = strings.TrimSpace(who)
	if at := strings.Index(who, " - "); at > 0 {
		who, detail = who[:at], who[at+3:]
	}
	if !polite && !personName(who) {
		return Entry{}, false
	}
	if post, _, _ := cutPost(who); post != "" || agencyShaped(viet.Fold(who)) && !personName(who) {
		return Entry{}, false // "Ông Giám đốc Sở …": a post
	}
	if polite && len(strings.Fields(who)) > 6 {
		return Entry{}, false
	}
	return Entry{Class: Person, Name: who, Post: strings.TrimSpace(detail)}, true
}

package viet

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// rows reads a pipe-separated file of testdata; # begins a comment.
func rows(t testing.TB, name string) [][]string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for _, line := range strings.Split(string(b), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(line, "|"))
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s: no rows", name)
	}
	return out
}

// bytesOf gives the bytes that were seen as windows-1252 or Latin-1.
func bytesOf(t testing.TB, seen string) []byte {
	t.Helper()
	var b []byte
	for _, r := range seen {
		c, ok := byteOf(r)
		if !ok {
			t.Fatalf("%q: %c is not in windows-1252", seen, r)
		}
		b = append(b, c)
	}
	return b
}

func TestLegacyRows(t *testing.T) {
	names := []string{"", tcvn3, vni, vps, viqr}
	for _, row := range rows(t, "legacy-charsets.psv") {
		for i := 1; i < len(names); i++ {
			for _, label := range []string{"", "us-ascii", "iso-8859-1", "nonsense", names[i], "utf-8"} {
				got, legacy, err := Decode(bytesOf(t, row[i]), label)
				if !sameText(got, row[0], i) || legacy != names[i] {
					t.Errorf("%s labelled %q: %q = %q %s, want %q", names[i], label, row[i], got, legacy, row[0])
				}
				if (err == nil) != (label == names[i]) || err != nil && !errors.Is(err, ErrCharset) {
					t.Errorf("%s labelled %q: err = %v", names[i], label, err)
				}
			}
			if got, err := DecodeAs(bytesOf(t, row[i]), names[i]); err != nil || !sameText(got, row[0], i) {
				t.Errorf("DecodeAs %s: %q, %v", names[i], got, err)
			}
			if i == 4 {
				continue
			}
			// the same already converted to UTF-8 by somebody
			got, legacy, _ := Decode([]byte(row[i]), "utf-8")
			if !sameText(got, row[0], i) || legacy != names[i] {
				t.Errorf("%s in UTF-8: %q = %q %s, want %q", names[i], row[i], got, legacy, row[0])
			}
			if got, err := DecodeAs([]byte(row[i]), names[i]); err != nil || !sameText(got, row[0], i) {
				t.Errorf("DecodeAs %s in UTF-8: %q, %v", names[i], got, err)
			}
		}
	}
}

// sameText forgives the capitals that TCVN3 cannot tell ("ủy ban").
func sameText(got, want string, column int) bool {
	return got == want || column == 1 && strings.EqualFold(got, want) && strings.Contains(want, "Ủy")
}

func TestDecodeBytes(t *testing.T) {
	const want = "Kính gửi: Sở Kế hoạch và Đầu tư"
	for name, raw := range map[string]string{
		tcvn3:  "\x4b\xdd\x6e\x68\x20\x67\xf6\x69\x3a\x20\x53\xeb\x20\x4b\xd5\x20\x68\x6f\xb9\x63\x68\x20\x76\xb5\x20\xa7\xc7\x75\x20\x74\xad",
		vni:    "\x4b\xed\x6e\x68\x20\x67\xf6\xfb\x69\x3a\x20\x53\xf4\xfb\x20\x4b\x65\xe1\x20\x68\x6f\x61\xef\x63\x68\x20\x76\x61\xf8\x20\xd1\x61\xe0\x75\x20\x74\xf6",
		viscii: "\x4b\xed\x6e\x68\x20\x67\xd8\x69\x3a\x20\x53\xb7\x20\x4b\xaa\x20\x68\x6f\xd5\x63\x68\x20\x76\xe0\x20\xd0\xa5\x75\x20\x74\xdf",
		cp1258: "\x4b\x69\xec\x6e\x68\x20\x67\xfd\xd2\x69\x3a\x20\x53\xf5\xd2\x20\x4b\xea\xec\x20\x68\x6f\x61\xf2\x63\x68\x20\x76\x61\xcc\x20\xd0\xe2\xcc\x75\x20\x74\xfd",
	} {
		for _, label := range []string{"", "x-unknown", "ISO-8859-1", name, strings.ToUpper(name), `"` + name + `"`, "windows-1258", "VISCII", "utf-8"} {
			if got, legacy, _ := Decode([]byte(raw), label); got != want || legacy != name {
				t.Errorf("%s labelled %q = %q %s", name, label, got, legacy)
			}
		}
	}
}

func TestDecodeOther(t *testing.T) {
	long := strings.Repeat("Ordinary words before the text, nothing to see.\r\n", 2000)
	for _, c := range []struct{ name, raw, label, want, legacy string }{
		{"plain", "Hello, world.", "us-ascii", "Hello, world.", ""},
		{"utf-8", "Kính gửi: Sở Nội vụ", "utf-8", "Kính gửi: Sở Nội vụ", ""},
		{"utf-8 unlabelled", "Kính gửi", "", "Kính gửi", ""},
		{"utf-8 labelled latin", "Cộng hòa", "iso-8859-1", "Cộng hòa", ""},
		{"utf-8 labelled viscii", "Kính gửi: Sở Nội vụ", "viscii", "Kính gửi: Sở Nội vụ", ""},
		{"utf-8 labelled gb", "Kính gửi: Sở Nội vụ", "gb2312", "Kính gửi: Sở Nội vụ", ""},
		{"nfd", norm.NFD.String("Đề nghị"), "utf-8", "Đề nghị", ""},
		{"bom", "\xef\xbb\xbfViệt", "", "Việt", ""},
		{"utf-16", "\xff\xfeV\x00i\x00\xc7\x1et\x00", "", "Việt", ""},
		{"french", "Le pr\xe9sident a \xe9t\xe9 tr\xe8s fran\xe7ais", "iso-8859-1", "Le président a été très français", ""},
		{"french without label", "D\xe9j\xe0 vu, no\xebl", "", "Déjà vu, noël", ""},
		{"german", "Gr\xfc\xdfe aus M\xfcnchen, sch\xf6ne \xdcbung", "", "Grüße aus München, schöne Übung", ""},
		{"russian", "\xcf\xf0\xe8\xe2\xe5\xf2 \xec\xe8\xf0", "windows-1251", "Привет мир", ""},
		{"japanese", "\x93\xfa\x96\x7b", "shift_jis", "日本", ""},
		{"iso-2022-jp", "\x1b$BF|K\\\x1b(B", "iso-2022-jp", "日本", ""},
		{"gb", "\xd6\xd0\xce\xc4", "gb2312", "中文", ""},
		{"twice", utf8as1252(t, "Kính gửi: Sở Nội vụ"), "utf-8", "Kính gửi: Sở Nội vụ", ""},
		{"tcvn capitals", "C\xe9NG H\xdfA X\xb7 H\xe9I, H\xb5 N\xe9i, T\xd8NH H\xb5 NAM, \xfd KI\xd5N", "", "CỘNG HÒA XÃ HỘI, Hà Nội, TỈNH HÀ NAM, Ý KIẾN", tcvn3},
		{"tcvn soft hyphen", "- Nh\xad tr\xaan;\n- L\xadu: VT.", "iso-8859-1", "- Như trên;\n- Lưu: VT.", tcvn3},
		{"tcvn short with label", "H\xb5 N\xe9i", "x-viet-tcvn", "Hà Nội", tcvn3},
		{"far below", long + "K\xddnh g\xf6i: V\xa8n phßng", "", long + "Kính gửi: Văn phòng", tcvn3},
		{"viqr off", "Who is he? Call me. No. I'm here.", "", "Who is he? Call me. No. I'm here.", ""},
		{"viqr names", "Nguye^~n Thi. Ha`, ta.i ti?nh. Vie^.t Nam", "viqr", "Nguyễn Thị Hà, tại tỉnh. Việt Nam", viqr},
		{"viqr escape", `Co^ng ty\. Co^ng vie^.c la`, "viqr", "Công ty. Công việc la", viqr},
		{"empty", "", "", "", ""},
	} {
		raw := strings.ReplaceAll(c.raw, "phßng", "ph\xdfng")
		got, legacy, _ := Decode([]byte(raw), c.label)
		if got != c.want || legacy != c.legacy {
			t.Errorf("%s: got %.200q %s, want %.200q %s", c.name, got, legacy, c.want, c.legacy)
		}
	}
}

func utf8as1252(t testing.TB, s string) string {
	t.Helper()
	return decodeMap(charmap.Windows1252, []byte(s))
}

func TestBrokenUTF8(t *testing.T) {
	got, legacy, err := Decode([]byte("Kính gửi: Sở Nội v\xe1\xbb"), "utf-8")
	if got != "Kính gửi: Sở Nội v\ufffd\ufffd" || legacy != "" || !errors.Is(err, ErrCharset) {
		t.Errorf("got %q %q %v", got, legacy, err)
	}
	for raw, want := range map[string]string{ // short ones, labelled or not: names, subjects
		"Trần Th\xe1{": "Trần Th\ufffd{", "chủ đ\xe1\xbb": "chủ đ\ufffd\ufffd", "100% ít liền\xe1\xbb B": "100% ít liền\ufffd\ufffd B",
		"R\xe9sum\xe9": "Résumé", "\xe0\xa9": "à©",
	} {
		for _, label := range []string{"", "utf-8"} {
			if got, _, _ := Decode([]byte(raw), label); got != want {
				t.Errorf("%q labelled %q: %q, want %q", raw, label, got, want)
			}
		}
	}
}

func TestRepair(t *testing.T) {
	for _, c := range []struct{ in, want, legacy string }{
		{"KÝnh göi: V¨n phßng", "Kính gửi: Văn phòng", tcvn3},
		{"Kính göûi: Vaên phoøng", "Kính gửi: Văn phòng", vni},
		{"KÃ\u00adnh gá»\u00adi: Sá»Ÿ", "Kính gửi: Sở", utf8as},
		{"VÃ  cÃ¡c Sá»Ÿ", "Và các Sở", utf8as},
		{"V\u00c3  c\u00c3\u00a1c S\u00e1\u00bb\u0178", "Và các Sở", utf8as},
		{"Việt Nam: KÝnh göi", "Việt Nam: Kính gửi", tcvn3},
		{"Chào anh,\n> KÝnh göi: V¨n phßng ñy ban nh©n d©n tØnh\n", "Chào anh,\n> Kính gửi: Văn phòng ủy ban nhân dân tỉnh\n", tcvn3},
		{"Déjà vu à la crème brûlée", "Déjà vu à la crème brûlée", ""},
		{"Kính gửi các ông, bà", "Kính gửi các ông, bà", ""},
		{"là", "là", ""},
		{"© 2013 Ninh Bình®", "© 2013 Ninh Bình®", ""},
		{"São Paulo, Curaçao, Ñandú, Åland", "São Paulo, Curaçao, Ñandú, Åland", ""},
		{"plain", "plain", ""},
		{"KÝnh göi\x00\nV¨n phßng\x00\n", "Kính gửi\x00\nVăn phòng\x00\n", tcvn3},
		{"Здравствуйте", "Здравствуйте", ""},
	} {
		if got, legacy := Repair(c.in); got != c.want || legacy != c.legacy {
			t.Errorf("Repair(%q) = %q %q, want %q %q", c.in, got, legacy, c.want, c.legacy)
		}
	}
}

// Every letter of every encoding comes back from its bytes.
func TestTablesComplete(t *testing.T) {
	for name, tab := range map[string]*table{tcvn3: tcvnTable, viscii: visciiTable, vps: vpsTable} {
		seen := map[rune]int{}
		for b, r := range tab {
			if _, ok := letters[r]; ok {
				seen[r]++
				if seen[r] > 1 && name != vps {
					t.Errorf("%s: %c twice (%02x)", name, r, b)
				}
			}
		}
		for r := range letters {
			small := split(r)
			lower := toned[small]
			if r == 'đ' || r == 'Đ' {
				lower = 'đ'
			}
			if seen[r] == 0 && seen[lower] == 0 {
				t.Errorf("%s: %c is missing", name, r)
			}
		}
	}
	for r := range letters { // VNI: built from its rules, read back
		if got := decodeVNI(encodeVNI(t, r)); got != string(r) {
			t.Errorf("VNI %c = %q", r, got)
		}
	}
}

func encodeVNI(t testing.TB, r rune) []byte {
	t.Helper()
	for b, l := range vniLetters {
		if l == r {
			return []byte{b}
		}
		if strings.ToUpper(string(l)) == string(r) {
			return []byte{b - 0x20}
		}
	}
	d := []rune(norm.NFD.String(string(r)))
	upper := byte(0)
	head := []byte{byte(d[0])}
	if d[0] < 'a' {
		upper = 0x20
	}
	rest := string(d[1:])
	for b, l := range vniLetters { // ơ and ư carry the tone
		if horned := norm.NFC.String(string(d[0]|0x20) + "\u031b"); (l == 'ơ' || l == 'ư') && horned == string(l) && strings.Contains(rest, "\u031b") {
			head, rest = []byte{b - upper}, strings.Replace(rest, "\u031b", "", 1)
		}
	}
	for b, marks := range vniMarks {
		if norm.NFD.String("x"+marks) == norm.NFD.String("x"+rest) {
			return append(head, b-upper)
		}
	}
	t.Fatalf("VNI cannot write %c", r)
	return nil
}

func TestEncodings(t *testing.T) {
	for _, e := range Encodings() {
		for _, raw := range []string{"", "abc", "K\xddnh g\xf6i", "Kính gửi", "\x00\xff\xfe"} {
			got, err := DecodeAs([]byte(raw), e)
			if err != nil || !utf8.ValidString(got) {
				t.Errorf("DecodeAs(%q, %s) = %q, %v", raw, e, got, err)
			}
		}
	}
	if _, err := DecodeAs([]byte("x"), "no-such-thing"); !errors.Is(err, ErrCharset) {
		t.Errorf("err = %v", err)
	}
	if lookup("VIQR") != nil || lookup("VISCII") != nil {
		t.Error("x/text knows VISCII or VIQR now: use it")
	}
}

func FuzzDecode(f *testing.F) {
	for _, row := range rows(f, "legacy-charsets.psv") {
		for i, cell := range row[1:] {
			f.Add(bytesOf(f, cell), []string{"", "x-viet-tcvn", "VISCII", "utf-8"}[i%4])
		}
	}
	f.Add([]byte("\xff\xfea"), "utf-16")
	f.Add([]byte("a\\"), "VIQR")
	f.Add([]byte("\x1b$B"), "iso-2022-jp")
	f.Fuzz(func(t *testing.T, raw []byte, label string) {
		before := bytes.Clone(raw)
		text, _, err := Decode(raw, label)
		if !utf8.ValidString(text) || !norm.NFC.IsNormalString(text) {
			t.Fatalf("%q labelled %q: %q is no NFC UTF-8", raw, label, text)
		}
		if err != nil && !errors.Is(err, ErrCharset) {
			t.Fatalf("unexpected error %v", err)
		}
		if !bytes.Equal(raw, before) {
			t.Fatal("the original was changed")
		}
		if text == "" && len(raw) > 4 {
			if label == "" {
				t.Fatalf("%q became nothing", raw)
			}
		}
		for _, e := range Encodings() {
			if got, err := DecodeAs(raw, e); err != nil || !utf8.ValidString(got) {
				t.Fatalf("DecodeAs %s: %v", e, err)
			}
		}
		if fixed, _ := Repair(text); !utf8.ValidString(fixed) {
			t.Fatal("Repair broke UTF-8")
		}
	})
}

func BenchmarkDecodeTCVN3(b *testing.B) {
	raw := []byte(strings.Repeat("K\xddnh g\xf6i: V\xa8n ph\xdfng\r\n", 2000))
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, legacy, _ := Decode(raw, ""); legacy != tcvn3 {
			b.Fatal(legacy)
		}
	}
}

// Text of other languages is never taken for Vietnamese, whether in bytes or in code points.
func TestForeign(t *testing.T) {
	for _, s := range []string{
		"Você não está só, João: a reunião é amanhã às três. Atenção às exceções já citadas.",
		"El niño comió más piñas. ¿Cuándo será la reunión? Está aquí, según él.",
		"Nous avons reçu votre courrier; la réunion aura lieu à l'hôtel de ville, où l'été dernier…",
		"Perché no? È già così; la città è più lontana, però c'è il caffè.",
		"Für größere Mengen wäre es schön, wenn Sie früher anrufen könnten.",
		"På grund av väder är mötet inställt; även på lördag. Øl og brød på båd.",
		"Dành cho: không", // Vietnamese Unicode itself
		"Þetta er ágætt, já. Æðislegt!",
		"Ça va? Là-bas, ô toi. Hé! Bá cáo",
		"±5 °C, 10 µm, § 12, ½ à 3 €",
		"René, Zoë, Chloë, André, Noël, José, Mañé",
	} {
		if got, legacy := Repair(s); legacy != "" {
			t.Errorf("Repair(%q) = %q %s", s, got, legacy)
		}
		raw, err := charmap.Windows1252.NewEncoder().String(s)
		if err != nil {
			continue
		}
		for _, label := range []string{"", "iso-8859-1", "us-ascii", "windows-1252"} {
			if got, legacy, _ := Decode([]byte(raw), label); legacy != "" || got != s {
				t.Errorf("Decode(%q, %q) = %q %s", s, label, got, legacy)
			}
		}
	}
	for _, s := range []string{
		"What a day! Who did? We do. I'll be (a) first, (b) second; no. Yes. The cost: 2^10 + x^2, a^b = e^x, o+o = u+u.",
		"func f(a(b) int) { return a^b^e^o }", "http://example.com/~user?a+b=o+u", "Hello~ so(a) u+o+", ":) ^.^ o.o O_o u.u a~a~",
		"add odd middle: kiddo. DDR DDoS attack? dd if=/dev/zero",
	} {
		if got, legacy, _ := Decode([]byte(s), "us-ascii"); legacy != "" || got != s {
			t.Errorf("Decode(%q) = %q %s", s, got, legacy)
		}
	}
}

func BenchmarkRepair(b *testing.B) {
	raw, ok := encode(b, tcvn3, official)
	if !ok {
		b.Fatal("no cell")
	}
	text := strings.Repeat(decode1252(raw)+"\n", 40)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, legacy := Repair(text); legacy != tcvn3 {
			b.Fatal(legacy)
		}
	}
}

func BenchmarkDetect(b *testing.B) {
	for _, name := range []string{tcvn3, vni, vps, viscii, cp1258} {
		raw, ok := encode(b, name, official)
		if !ok {
			b.Fatal("no cell")
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				if _, legacy, _ := Decode(raw, "iso-8859-1"); legacy != name {
					b.Fatal(legacy)
				}
			}
		})
	}
}

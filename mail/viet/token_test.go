package viet

import "testing"

func TestTypingAddresses(t *testing.T) {
	for keys, want := range map[string]string{
		"hungtv.kh&dt@ninhbinh.gov.vn":            "hungtv.kh&dt@ninhbinh.gov.vn",
		"hungtv.kh&ddt@ninhbinh.gov.vn":           "hungtv.kh&đt@ninhbinh.gov.vn", // the regulation's own spelling
		"hungs.tv@x.vn":                           "hungs.tv@x.vn",                // a word before the last one, too
		"buddy.ddos@x.vn toois":                   "buddy.ddos@x.vn tối",
		"a@b.vn,Nguyeenx":                         "a@b.vn,Nguyễn",
		"Nguyeenx <nguyeenx@x.vn>, Traanf":        "Nguyễn <nguyeenx@x.vn>, Trần",
		"https://x.vn/a,toois;toois tooi":         "https://x.vn/a,toois;toois tôi",
		"vaf/hoawcj soos 12/BC-SKHDDT":            "và/hoặc số 12/BC-SKHĐT",
		"đt@x.vn":                                 "đt@x.vn",
		"tooi.đt@x.vn":                            "tooi.đt@x.vn",
		"hoojp\bs thuw":                           "hố thư",
		"gưir\b\b\btois":                          "gtois", // the terminal's own method took back and typed again
		"vieetj \x1a@":                            "vieetj @",
		"vieetj.\x1a@":                            "vieetj.@",
		"Soos 15 (thangs 3), KH&DDT: ddungs&ddur": "Số 15 (tháng 3), KH&ĐT: đúng&đủ",
	} {
		if got := typed(t, NewEngine(Telex, OldStyle), keys, false); got != want {
			t.Errorf("%q = %q, want %q", keys, got, want)
		}
	}
}

func TestResume(t *testing.T) {
	for _, c := range []struct{ before, after, keys, want string }{
		{"Kinh", "", "s", "Kính"},
		{"xin chao", " anh", "f", "xin chào"},
		{"K", "nh", "is", "Kí"},
		{"vi", "", "eetj", "việt"},
		{"việ", "", "ts", "việts"},
		{"test", "", "s", "tests"},      // stands against the rules: it was meant
		{"hung", "@x.vn", "s", "hungs"}, // inside an address
		{"a@b", "", "oo", "a@boo"},      //
		{"a@b.vn, b", "", "oos", "a@b.vn, bố"},
		{"xem https://x.vn/a", "", "as", "xem https://x.vn/aas"},
		{"#h", "", "oas", "#hoas"},
		{"A4", "", "s", "A4s"},
		{"hungs", " x", "@", "hungs@"},
		{"", "", "as", "as"}, // an English word of the list comes back at its end
	} {
		e := NewEngine(Telex, OldStyle)
		e.Resume(c.before, c.after)
		if e.Lost() {
			t.Error("still lost")
		}
		line := []rune(c.before)
		for _, r := range c.keys {
			back, text := e.Key(r)
			line = append(line[:len(line)-back], []rune(text)...)
		}
		back, text := e.Boundary()
		if got := string(line[:len(line)-back]) + text; got != c.want {
			t.Errorf("%q in %q|%q = %q, want %q", c.keys, c.before, c.after, got, c.want)
		}
	}
}

func TestLost(t *testing.T) {
	e := NewEngine(Telex, OldStyle)
	typed(t, e, "an \b", false)
	if !e.Lost() {
		t.Error("the word before the space is not known")
	}
	e.Resume("an", "")
	for _, r := range "hs" {
		e.Key(r)
	}
	if e.Lost() || e.Word() != "ánh" || e.Keys() != "anhs" {
		t.Errorf("%q from %q", e.Word(), e.Keys())
	}
}

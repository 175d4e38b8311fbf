package rule

import (
	"slices"
	"strings"
	"testing"
)

// nfd takes some letters apart, as another keyboard would send them.
var nfd = strings.NewReplacer("ậ", "a\u0323\u0302", "ộ", "o\u0323\u0302", "ầ", "a\u0302\u0300", "õ", "o\u0303", "ô", "o\u0302",
	"ù", "u\u0300", "ú", "u\u0301", "â", "a\u0302", "à", "a\u0300", "ó", "o\u0301", "ừ", "u\u031b\u0300", "ẩ", "a\u0302\u0309")

func TestCommonList(t *testing.T) {
	l, err := loadCommon()
	if err != nil || len(l.rank) < 200 {
		t.Fatalf("%d words, %v", len(l.rank), err)
	}
	for w := range l.rank {
		if squeeze(strings.ToLower(w)) != w {
			t.Errorf("%q is not folded", w)
		}
	}
}

func TestJudgePassword(t *testing.T) {
	in := PasswordInput{Login: "hungtv2.kh&dt@ninhbinh.gov.vn", Name: "Trần Văn Hùng", Old: "Sông Vân núi Thúy 7"}
	for _, c := range []struct {
		password string
		broken   []string
		min, max int
	}{
		{"", []string{"short"}, 0, 0},
		{"abc", []string{"short", "common"}, 0, 0},
		{"Ab1!xY9$", []string{"short"}, 0, 1},
		{"tre xanh đầu ngõ 47", nil, 3, 4},
		{"correct-horse-staple", nil, 4, 4},
		{"x7#Kq9!vLz2@Wm", nil, 4, 4},
		{"con trâu lội qua sông", nil, 3, 4},
		{"hungtv2013!xyzw", []string{"name"}, 0, 1},
		{"Hùng-yêu-cây-xanh", []string{"name"}, 0, 1},
		{"HÙNG*yeu*cay*xanh", []string{"name"}, 0, 1},
		{"qua van nui song 93", []string{"name"}, 0, 1},
		{"vàng vanlang xóm 93", nil, 3, 4},
		{"tranvanhung-kq81z", []string{"name"}, 0, 1},
		{"t.r.a.n rừng xanh 81", []string{"name"}, 0, 1},
		{"Sông Vân núi Thúy 7", []string{"name", "old"}, 0, 1},
		{"song van nui thuy 8", []string{"name", "old"}, 0, 1},
		{"123456789012", []string{"common"}, 0, 1},
		{"aaaaaaaaaaaaaa", []string{"common"}, 0, 1},
		{"abcabcabcabc", []string{"common"}, 0, 1},
		{"qwertyuiop12", []string{"common"}, 0, 1},
		{"matkhau123456", []string{"common"}, 0, 1},
		{"Mật khẩu 2026!", []string{"common"}, 0, 1},
		{"Anhyeuem2013@", []string{"common"}, 0, 1},
		{"NinhBinh@2026", []string{"common"}, 0, 1},
		{"Admin@123456", []string{"common"}, 0, 1},
		{"Vietnamvodich1", []string{"common"}, 0, 1},
	} {
		p := in
		p.New = c.password
		broken, strength := JudgePassword(p)
		if !slices.Equal(broken, c.broken) || strength < c.min || strength > c.max {
			t.Errorf("%q: %v %d (%.0f bits), want %v %d–%d", c.password, broken, strength, guessBits(c.password), c.broken, c.min, c.max)
		}
		p.New = nfd.Replace(c.password)
		if b, s := JudgePassword(p); !slices.Equal(b, broken) || s != strength {
			t.Errorf("%q in NFD: %v %d", c.password, b, s)
		}
	}
	p := PasswordInput{New: "tre xanh đầu ngõ 47", Old: nfd.Replace("Tre xanh đầu ngõ 47")}
	if b, _ := JudgePassword(p); !slices.Equal(b, []string{"old"}) {
		t.Errorf("the old one in NFD: %v", b)
	}
	// twelve characters are counted, not bytes and not combining marks
	if b, _ := JudgePassword(PasswordInput{New: nfd.Replace("ậậậậộộộ")}); !slices.Contains(b, "short") {
		t.Error("marks were counted as characters")
	}
}

func FuzzJudgePassword(f *testing.F) {
	f.Add("hungtv.kh&dt", "Trần Văn Hùng", "old", "x7#Kq9!vLz2@Wm")
	f.Fuzz(func(t *testing.T, login, name, old, fresh string) {
		broken, s := JudgePassword(PasswordInput{login, name, old, fresh})
		if s < 0 || s > 4 || len(broken) > 0 && s > 1 {
			t.Fatalf("%v %d", broken, s)
		}
	})
}

package viet

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestIsSyllable(t *testing.T) {
	yes := `a ý ở ế Cộng hòa hoà xã hội chủ nghĩa Việt Nam Độc lập Tự do Hạnh phúc NGUYỄN nghiêng giếng giường gì gìn già giữ giúp
		quý quốc quyết quỳnh quở khuya khuỷu khúc thuở huơ uyển yêu yếu oanh oách xoong xoòng ngoẹo quét kỹ kĩ ủy uỷ thúy thuý
		Ninh Bình Gia Viễn Nho Quan Kạn Đắk Lắk Kon rượu hươu người được trường loắt choắt huệ tuýp chuếnh ỷ Quỵ Lềnh Ỷ Ơn Páo
		tuềnh toàng nghễnh ngãng quạu quýnh khoẻ khỏe giặt giêng kiệt nghỉ`
	for _, w := range strings.Fields(yes) {
		if !IsSyllable(w) {
			t.Errorf("IsSyllable(%q) = false", w)
		}
		if !IsSyllable(norm.NFD.String(w)) {
			t.Errorf("IsSyllable(NFD %q) = false", w)
		}
	}
	no := `window Céng hßa fax cat tac áà ca\u0300\u0301 cêch keo2 nghanh gì-a kua cí ngí ghà gha qa qi zôn fà wưa bàt bảc văch
		Müller naïve Préfet strasse x· chñ 2013 - ab tes nguyênx`
	for _, w := range strings.Fields(no) {
		if IsSyllable(w) {
			t.Errorf("IsSyllable(%q) = true", w)
		}
	}
	if IsSyllable("") || IsSyllable(strings.Repeat("a", 100)) {
		t.Error("empty or endless text is a syllable")
	}
}

func TestTables(t *testing.T) {
	for name, m := range map[string]map[string]bool{"rhymes": rhymes(), "qu": quRhymes(), "gi": giRhymes()} {
		for w := range m {
			plain, tn, ok := takeApart(nil, w)
			if !ok || tn != level || string(plain) != w {
				t.Errorf("%s: bad entry %q", name, w)
			}
		}
	}
}

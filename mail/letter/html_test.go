package letter

import (
	"fmt"
	"strings"
	"testing"

	"hopthu/mail"
)

// show writes paragraphs one a line: kind letter, quote marks, text.
func show(paras []mail.Para) string {
	var out []string
	for _, p := range paras {
		kind := []string{"", "H:", "I:", "P:", "R:"}[p.Kind]
		out = append(out, kind+strings.Repeat(">", p.Quote)+strings.ReplaceAll(p.Text, "\n", "⏎"))
	}
	return strings.Join(out, "|")
}

func TestRenderHTML(t *testing.T) {
	tests := []struct{ name, in, want, links string }{
		{"inline", "<p>Xin <b>ch</b>ào <i>anh</i>&nbsp;<u>Ba</u></p>", "Xin chào anh Ba", ""},
		{"paragraphs", "<p>a</p><p>b</p>", "a||b", ""},
		{"divs", "<div>a</div><div>b<div>c</div></div>d", "a|b|c|d", ""},
		{"br", "a<br>b<br><br>c", "a|b||c", ""},
		{"word", "<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>b</p><p class=MsoNormal>c</p>", "a||b|c", ""},
		{"heading", "<h1>T</h1>x", "H:T||x", ""},
		{"list", "a<ul><li>b<li>c<ul><li>d</ul></ul>e", "a||I:- b|I:- c|I:  - d||e", ""},
		{"ordered", "<ol start=3><li><p>b</p><p>c</p></li><li>d</li></ol>", "I:3. b||c|I:4. d", ""},
		{"table", "<table><tr><th>STT</th><th>Tên</th></tr><tr><td><p>1</p></td><td><p>An</p></td></tr></table>", "STT | Tên|1 | An", ""},
		{"table without ends", "<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a | b|c | d", ""},
		{"layout", "<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", "a||b|c", ""},
		{"cells do not fuse", "<td>a</td><td>b</td>", "a|b", ""},
		{"table after text", "<p>x</p><table><tr><td>a<td>b<tr><td>c<td>&nbsp;<td>d</table>y", "x||a | b|c |  | d||y", ""},
		{"quote", "a<blockquote>b<blockquote>c</blockquote></blockquote>d", "a||>b|>|>>c||d", ""},
		{"pre", "<pre>a\n  b\n</pre>c", "P:a⏎  b||c", ""},
		{"rule", "a<hr>b", "a|R:|b", ""},
		{
			"link", `<a href="https://x.vn/a">xem</a> và <a href='https://x.vn/a'>lại</a>, <a href="mailto:a@b">thư</a>`,
			"xem [1] và lại [1], thư [2]", "https://x.vn/a mailto:a@b",
		},
		{
			"bad links", `<a href="javascript:alert(1)">a</a> <a href="java&#10;script:x">b</a> <a href="/x">c</a> <a href="file:///etc">d</a> <a href="data:x">e</a>`,
			"a b c d e", "",
		},
		{"control in link", "<a href=\"ht&#10;tps://x.vn/&#27;]8;;\">a</a>", "a [1]", "https://x.vn/]8;;"},
		{"block in link", `<a href="https://x.vn"><div>a</div></a>`, "a [1]", "https://x.vn"},
		{"picture link", `<a href="https://x.vn"><img src=x alt="Cổng"></a>`, "[Cổng] [1]", "https://x.vn"},
		{"pixel", `a<img src="http://t/x.gif" width=1 height=1 alt=zz><img src=y>b`, "ab", ""},
		{"script", `<head><title>T</title><style>p{}</style><script>if(a<b)document.write("x")</script></head>a`, "a", ""},
		{"preheader", `<div style="display: none; max-height:0">ẩn<div>x</div></div><p>hiện</p>`, "hiện", ""},
		{"hidden and never closed", `<div style="display:none">a<p>b`, "a||b", ""},
		{"entity escape", "a&#27;[31mb&#x9b;c", "a\x1b[31mb\u203ac", ""},
		{"nbsp layout", "a&nbsp;&nbsp;&nbsp;b", "a b", ""},
		{"buttons", "<button>a</button><button>b</button>", "a b", ""},
		{"comment", "a<!-- x --><!--[if mso]>m<![endif]--><![if !mso]>b<![endif]>c", "abc", ""},
		{"broken", "<b><p>a</b></i></div></td><td>x<", "a|x<", ""},
		{"noscript", "<noscript><p>a</p></noscript>", "a", ""},
		{"empty", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			paras, links, _ := renderHTML(tt.in, 0)
			if got := show(paras); got != tt.want {
				t.Errorf("%q\n got %q\nwant %q", tt.in, got, tt.want)
			}
			if got := strings.Join(links, " "); got != tt.links {
				t.Errorf("links %q, want %q", got, tt.links)
			}
		})
	}
}

func TestMisleadingLink(t *testing.T) {
	tests := []struct {
		text, href string
		want       bool
	}{
		{"https://bank.vn", "https://evil.example/x", true},
		{"www.bank.vn", "https://bank.vn/login", false},
		{"https://bank.vn", "https://www.bank.vn/", false},
		{"www.bank.vn", "https://e.bank.vn.evil.example", true},
		{"xem tại đây", "https://evil.example", false},
	}
	for _, tt := range tests {
		_, _, codes := renderHTML(fmt.Sprintf("<a href=%q>%s</a>", tt.href, tt.text), 0)
		if got := len(codes) > 0; got != tt.want {
			t.Errorf("%s → %s: %v", tt.text, tt.href, codes)
		}
	}
}

func TestHTMLDepthCostsNothing(t *testing.T) {
	for _, tag := range []string{"div", "blockquote", "b", "table><tr><td", "ul><li", "a href=x", "p style=display:none", "pre"} {
		text := strings.Repeat("<"+tag+">", 50000) + "chữ" + strings.Repeat("</"+strings.SplitN(tag, " ", 2)[0]+">", 50000)
		paras, _, _ := renderHTML(text, 0)
		found := false
		for _, p := range paras {
			found = found || strings.Contains(p.Text, "chữ")
		}
		if !found {
			t.Errorf("%s: text lost in %d paragraphs", tag, len(paras))
		}
	}
}

func TestPlainParas(t *testing.T) {
	tests := []struct {
		name, in    string
		flowed, del bool
		want        string
	}{
		{"lines", "a\r\nb\n\nc\rd", false, false, "a|b||c|d"},
		{"quotes", "> a\n>> b\n> > c\n>d", false, false, ">a|>>b|>>c|>d"},
		{"flowed", "một \nhai \nba\n> x \n> y\n bốn", true, false, "một hai ba|>x y|bốn"},
		{"delsp", "một \nhai", true, true, "mộthai"},
		{"signature", "a \n-- \nb", true, false, "a|--|b"},
		{"not flowed", "một \nhai", false, false, "một|hai"},
		{"items", "Nơi nhận:\n- Như trên;\n1. Một\na) b\n-không", false, false, "Nơi nhận:|I:- Như trên;|I:1. Một|I:a) b|-không"},
		{"rule", "a\n----------\nb", false, false, "a|R:|b"},
		{"table", "| a | b |\n|---|---|\nx", false, false, "P:| a | b |⏎|---|---||x"},
		{"separators", "a\u2028b\u2029c\fd", false, false, "a|b|c|d"},
		{"tab", "a\tb", false, false, "a       b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := show(plainParas(tt.in, 0, tt.flowed, tt.del)); got != tt.want {
				t.Errorf("%q\n got %q\nwant %q", tt.in, got, tt.want)
			}
		})
	}
	deep := plainParas(strings.Repeat(">", 100000)+"x", 0, false, false)
	if deep[0].Quote != maxQuote {
		t.Errorf("depth %d", deep[0].Quote)
	}
}

package viet

import (
	"fmt"
	"strings"
	"testing"
)

// More words than there are places, each asked for again while others push it out.
func TestWordsJudgedBeforeAreJudgedTheSame(t *testing.T) {
	words := strings.Fields("hoà hòa UBND HĐND HoÀ KÝnh göi gá»\u00adi nghiêng NGHIÊNG xyz đ Đ a\u0301 " + strings.Repeat("dài", 20))
	for i := range 3 * len(lately) {
		words = append(words, fmt.Sprintf("từ%d", i))
	}
	for range 2 {
		for i, w := range words {
			for _, x := range []string{w, words[i/2]} {
				if got, want := judgedWord(x), judge(x); got != want {
					t.Fatalf("%q: %+v, want %+v", x, got, want)
				}
			}
		}
	}
	if !judgedWord("hoà").syllable || judgedWord("gá»\u00adi").syllable || !judgedWord("HĐND").silent || !judgedWord("của").frequent {
		t.Error("words are judged wrongly")
	}
}

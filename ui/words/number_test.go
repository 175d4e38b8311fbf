package words

import "testing"

func TestSay(t *testing.T) {
	for _, c := range []struct {
		format string
		args   []any
		want   string
	}{
		{"%d {file|files}", []any{1}, "1 file"},
		{"%d {file|files}", []any{0}, "0 files"},
		{"%d {file|files}", []any{21}, "21 files"},
		{"%s {draft|drafts}", []any{"1"}, "1 draft"},
		{"%s {draft|drafts}", []any{"1,000"}, "1,000 drafts"},
		{"%d {person fits|people fit}", []any{1}, "1 person fits"},
		{"%d {file|files}, %s: %s", []any{1, "2 KB", "{a|b} 100%d"}, "1 file, 2 KB: {a|b} 100%d"},
		{"100%% of %d {letter|letters}", []any{1}, "100% of 1 letter"},
		{"%d tệp", []any{1}, "1 tệp"},
		{"%s gave %d {letter|letters}", []any{"An", 1}, "An gave 1 letter"},
		{"%d {file|files} for %s, {it stays|they stay}", []any{1, "An"}, "1 file for An, it stays"},
	} {
		if got := Say(c.format, c.args...); got != c.want {
			t.Errorf("Say(%q) = %q, want %q", c.format, got, c.want)
		}
	}
}

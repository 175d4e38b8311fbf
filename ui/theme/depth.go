package theme

import "strings"

// DepthOf reads how many colours the terminal shows from its environment: NO_COLOR (https://no-color.org), COLORTERM
// and TERM. It asks the terminal nothing.
func DepthOf(getenv func(string) string) Depth {
	term := strings.ToLower(getenv("TERM"))
	switch {
	case getenv("NO_COLOR") != "" || term == "dumb":
		return NoColor
	case strings.Contains(strings.ToLower(getenv("COLORTERM")), "truecolor"), strings.EqualFold(getenv("COLORTERM"), "24bit"),
		strings.HasSuffix(term, "-direct"), getenv("WT_SESSION") != "":
		return TrueColor
	case term == "linux", term == "vt100", term == "vt220", term == "ansi", term == "":
		return Colors16
	}
	return Colors256
}

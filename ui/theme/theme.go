// Package theme holds the colours and glyphs of the screen and is the only maker of styles.
//
// Laws: it knows nothing of letters; colour never carries meaning alone, so each theme has to work without it; every
// text colour stands at 4.5:1 or better on every ground it is painted on.
package theme

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/muesli/termenv"
)

// Name is a theme as the settings spell it.
type Name string

// The themes.
const (
	Dark     Name = "dark"
	Light    Name = "light"
	Contrast Name = "contrast"
	Mono     Name = "mono"
)

// Names lists the themes in the order in which they are offered.
func Names() []Name { return []Name{Dark, Light, Contrast, Mono} }

// Depth is how many colours the terminal can show.
type Depth = termenv.Profile

// The depths, richest first.
const (
	TrueColor = termenv.TrueColor
	Colors256 = termenv.ANSI256
	Colors16  = termenv.ANSI
	NoColor   = termenv.Ascii
)

// Reset ends all styling; the root writes it at the end of each line.
const Reset = "\x1b[0m"

// Style is one finished look. It states everything, ground included, so styles stand side by side and never nest.
type Style struct {
	on     string
	fg, bg string // as #rrggbb, or a number of the sixteen, for the contrast test
}

// Paint puts the style before s. The style stays on until the next Paint or Reset.
func (s Style) Paint(text string) string { return s.on + text }

// On is the escape sequence itself, for builders that write many pieces.
func (s Style) On() string { return s.on }

// Set is all styles on one ground.
type Set struct {
	Base, Bold, Dim, Accent, AccentBold, Warn, Danger, Good, Link, Quote, Match, Rule Style
}

// Theme is made once and given to everybody.
type Theme struct {
	Name     Name
	Official bool // the accent of an agency's box
	Page     Set  // the page's ground
	Sel      Set  // the selected row
	Soft     Set  // the selected row of a pane that has not the focus, and an empty field
	Top      Set  // the top line
	Box      Set  // a dialog
	TabOn    Style
	Glyph    Glyphs
}

// Glyphs are the marks; all are one column wide.
type Glyphs struct {
	Unread, Due, Over, Answered, Forwarded, File, Star, Marked, Cursor, Rule, Bar, Folded, Open, More, Next, Pending, Dot, Cross, Up, Down string
	TopLeft, TopRight, BottomLeft, BottomRight, Full, Half, Empty                                                                          string
}

type palette struct {
	bg, top, sel, soft, box                             string
	fg, dim, accent, agency, warn, danger, good, onSel  string
	selDim, selAccent, selWarn, selDanger, selGood, rul string
}

var palettes = map[Name]palette{
	Dark: {
		bg: "#15191e", top: "#1f262e", sel: "#28445c", soft: "#232b34", box: "#1f262e",
		fg: "#d6dbe2", dim: "#95a0ae", accent: "#74b6ea", agency: "#62caa8", warn: "#e6b65c", danger: "#ff8a80", good: "#86cf86",
		onSel: "#ffffff", selDim: "#c3d0dc", selAccent: "#b4dcff", selWarn: "#ffd58a", selDanger: "#ffd7d7", selGood: "#b5ecb5",
		rul: "#3b4652",
	},
	Light: {
		bg: "#fbfaf7", top: "#ebe8e1", sel: "#cfe2f5", soft: "#ebe8e1", box: "#f3f1ec",
		fg: "#20252b", dim: "#555e68", accent: "#0a559f", agency: "#07603f", warn: "#6a4000", danger: "#a81a14", good: "#18602a",
		onSel: "#10161c", selDim: "#3f4a55", selAccent: "#08437d", selWarn: "#5f3b00", selDanger: "#8c1009", selGood: "#114d20",
		rul: "#bdb8ad",
	},
	Contrast: {
		bg: "#000000", top: "#000000", sel: "#ffff00", soft: "#242424", box: "#000000",
		fg: "#ffffff", dim: "#e0e0e0", accent: "#5fd7ff", agency: "#7dff7d", warn: "#ffd700", danger: "#ff9d9d", good: "#7dff7d",
		onSel: "#000000", selDim: "#000000", selAccent: "#00004f", selWarn: "#4a2500", selDanger: "#7a0000", selGood: "#003a00",
		rul: "#ffffff",
	},
}

// New makes a theme. An unknown name is Dark; depth NoColor makes any theme Mono. ascii takes the marks from ASCII.
func New(name Name, depth Depth, ascii, official bool) *Theme {
	t := &Theme{Name: name, Official: official, Glyph: glyphs(ascii)}
	p, ok := palettes[name]
	switch {
	case name == Mono || depth == NoColor:
		t.Name = Mono
		t.mono()
		return t
	case !ok:
		t.Name, p = Dark, palettes[Dark]
	}
	if depth == Colors16 {
		p = sixteen[t.Name]
	}
	accent, selAccent := p.accent, p.selAccent
	if official {
		accent = p.agency
		if t.Name != Contrast {
			selAccent = p.selGood
		}
	}
	m := maker{depth}
	t.Page = m.set(p, p.bg, accent)
	t.Soft = m.set(p, p.soft, accent)
	if p.soft == p.bg { // no ground is left for it
		t.Soft.Base, t.Soft.Bold = m.style(p.fg, p.soft, "4"), m.style(p.fg, p.soft, "1;4")
	}
	t.Top = m.set(p, p.top, accent)
	t.Box = m.set(p, p.box, accent)
	t.Sel = m.set(palette{
		fg: p.onSel, dim: p.selDim, warn: p.selWarn, danger: p.selDanger, good: p.selGood, rul: p.onSel,
	}, p.sel, selAccent)
	t.TabOn = m.style(accent, p.bg, "1;4")
	return t
}

type maker struct{ depth Depth }

func (m maker) set(p palette, bg, accent string) Set {
	return Set{
		Base: m.style(p.fg, bg, ""), Bold: m.style(p.fg, bg, "1"), Dim: m.style(p.dim, bg, ""),
		Accent: m.style(accent, bg, ""), AccentBold: m.style(accent, bg, "1"),
		Warn: m.style(p.warn, bg, ""), Danger: m.style(p.danger, bg, "1"), Good: m.style(p.good, bg, ""),
		Link: m.style(accent, bg, "4"), Quote: m.style(p.dim, bg, ""), Match: m.style(p.warn, bg, "1;4"),
		Rule: m.style(p.rul, bg, ""),
	}
}

func (m maker) style(fg, bg, attr string) Style {
	codes := []string{"0"}
	if attr != "" {
		codes = append(codes, attr)
	}
	if c := m.depth.Color(fg); c != nil {
		codes = append(codes, c.Sequence(false))
	}
	if c := m.depth.Color(bg); c != nil {
		codes = append(codes, c.Sequence(true))
	}
	return Style{on: "\x1b[" + strings.Join(codes, ";") + "m", fg: fg, bg: bg}
}

func (t *Theme) mono() {
	attr := func(codes string) Style { return Style{on: "\x1b[0" + codes + "m"} }
	plain := Set{
		Base: attr(""), Bold: attr(";1"), Dim: attr(""), Accent: attr(""), AccentBold: attr(";1"), Warn: attr(";1"),
		Danger: attr(";1"), Good: attr(""), Link: attr(";4"), Quote: attr(""), Match: attr(";1;4"), Rule: attr(""),
	}
	t.Page, t.Top, t.Box = plain, plain, plain
	rev := Set{
		Base: attr(";7"), Bold: attr(";1;7"), Dim: attr(";7"), Accent: attr(";7"), AccentBold: attr(";1;7"), Warn: attr(";1;7"),
		Danger: attr(";1;7"), Good: attr(";7"), Link: attr(";4;7"), Quote: attr(";7"), Match: attr(";1;4;7"), Rule: attr(";7"),
	}
	t.Sel = rev
	t.Soft = plain
	t.Soft.Base, t.Soft.Bold = attr(";4"), attr(";1;4")
	t.TabOn = attr(";1;7")
}

func glyphs(ascii bool) Glyphs {
	if ascii {
		return Glyphs{
			Unread: "o", Due: "^", Over: "!", Answered: "r", Forwarded: "f", File: "@", Star: "*", Marked: "x", Cursor: ">",
			Rule: "-", Bar: "|", Folded: "+", Open: "-", More: "v", Next: ">", Pending: "~", Dot: "-", Cross: "+", Up: "^", Down: "v",
			TopLeft: "+", TopRight: "+", BottomLeft: "+", BottomRight: "+", Full: "#", Half: "=", Empty: ".",
		}
	}
	return Glyphs{
		Unread: "●", Due: "▲", Over: "!", Answered: "↩", Forwarded: "→", File: "▤", Star: "★", Marked: "✓", Cursor: "▌",
		Rule: "─", Bar: "│", Folded: "▸", Open: "▾", More: "▾", Next: "→", Pending: "~", Dot: "·", Cross: "┼", Up: "↑", Down: "↓",
		TopLeft: "┌", TopRight: "┐", BottomLeft: "└", BottomRight: "┘", Full: "█", Half: "▒", Empty: "░",
	}
}

// ratio is the contrast of two colours after WCAG 2.1 1.4.3 (relative luminance of sRGB).
func ratio(a, b string) (float64, error) {
	la, err := luminance(a)
	if err != nil {
		return 0, err
	}
	lb, err := luminance(b)
	if err != nil {
		return 0, err
	}
	if la < lb {
		la, lb = lb, la
	}
	return (la + 0.05) / (lb + 0.05), nil
}

func luminance(hex string) (float64, error) {
	if len(hex) != 7 || hex[0] != '#' {
		return 0, fmt.Errorf("not a colour: %q", hex)
	}
	n, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return 0, fmt.Errorf("not a colour: %w", err)
	}
	return 0.2126*linear(n>>16&255) + 0.7152*linear(n>>8&255) + 0.0722*linear(n&255), nil
}

package ui

import (
	"fmt"
	"strings"

	"hopthu/mail"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
	"hopthu/ui/theme"
)

// Smallest window that has room for a page.
const (
	minWidth  = 40
	minHeight = 10
)

// View joins the lines: whose box, tabs, rule, page, what was said, keys.
func (a *App) View() string {
	if a.w < 1 || a.h < 1 {
		return ""
	}
	th := a.shell.Theme
	if a.w < minWidth || a.h < minHeight {
		a.placeCursor(0, 0, false)
		return a.tooSmall()
	}
	lines := make([]string, 0, a.h)
	lines = append(lines, a.topLine(), a.tabsLine(), kit.Rule(a.w, th.Page, th.Glyph))
	s := a.top()
	size := a.size()
	if s != nil {
		lines = append(lines, s.page.View(size.W, size.H)...)
	}
	lines = kit.Fill(lines, a.h-footLines, th.Page.Base.Paint(kit.Space(a.w)))
	said := a.sayLines()
	lines = append(lines[:max(len(lines)-len(said)+1, headLines)], said...) // a long one lies over the page's last lines
	lines = append(lines, a.bottomLine())
	if d, ok := a.dialogs.Top(); ok {
		hints := a.hints(d.Actions(), d.Contexts())
		if n, ok := d.(frame.Naming); ok {
			for i, id := range d.Actions() {
				if word := n.Name(id); word != "" {
					hints[i].Word = word
				}
			}
		}
		lines = a.dialogs.Draw(lines, a.w, th, hints)
	}
	a.cursor()
	return join(lines)
}

func join(lines []string) string {
	n := 0
	for _, l := range lines {
		n += len(l) + len(theme.Reset) + 1
	}
	var b strings.Builder
	b.Grow(n)
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l)
		b.WriteString(theme.Reset)
	}
	return b.String()
}

func (a *App) tooSmall() string {
	w, base := a.shell.Words.App, a.shell.Theme.Page.Base
	text := fmt.Sprintf(w.TooSmall, a.w, a.h) + ". " + fmt.Sprintf(w.TooSmallHint, minWidth, minHeight)
	lines := kit.Wrap(text, a.w, 0)
	for i := range lines {
		lines[i] = base.Paint(kit.Fit(lines[i], a.w))
	}
	return join(kit.Fill(lines, a.h, base.Paint(kit.Space(a.w))))
}

// topLine says whose box this is, what time it is and how the box stands with its server.
func (a *App) topLine() string {
	set, w := a.shell.Theme.Top, a.shell.Words
	acc := a.whose()
	state, style := a.stateWords(acc.ID)
	now := a.shell.Now()
	clock := w.Day(now) + " " + now.Format("15:04")
	right := kit.Width(state) + 1
	left := " " + w.App.Name
	who := kit.Clean(acc.Name)
	if who == "" {
		who = kit.Clean(acc.Address)
	}
	switch {
	case acc.Together(): // the agency's name, and who sits here
		if acc.Person.Name != "" {
			who += " " + a.shell.Theme.Glyph.Dot + " " + kit.Clean(acc.Person.Name)
		}
	case acc.Agency != "":
		who += " " + a.shell.Theme.Glyph.Dot + " " + kit.Clean(acc.Agency)
	}
	if who == "" {
		who = w.App.NoAccount
	}
	badge := ""
	if acc.Official {
		badge = "   " + w.App.Official
	}
	room := a.w - kit.Width(left) - 3 - kit.Width(badge) - right - 2
	enough := 30
	if acc.Together() { // whose box and whose hand come before the clock
		enough = 60
	}
	if need := kit.Width(clock) + 3; room-need >= min(kit.Width(who), enough) {
		room -= need
	} else {
		clock = ""
	}
	if room < 0 {
		state, right = "", 0
		room = max(a.w-kit.Width(left)-3-kit.Width(badge), 0)
	}
	who = kit.Cut(who, room)
	gap := a.w - kit.Width(left) - 3 - kit.Width(who) - kit.Width(badge) - right
	if clock != "" {
		gap -= kit.Width(clock) + 3
	}
	var b strings.Builder
	b.WriteString(set.Dim.Paint(left + "   "))
	b.WriteString(set.AccentBold.Paint(who))
	b.WriteString(set.Accent.Paint(badge))
	b.WriteString(set.Base.Paint(kit.Space(gap)))
	if clock != "" {
		b.WriteString(set.Dim.Paint(clock + "   "))
	}
	if right > 0 {
		b.WriteString(style.Paint(state + " "))
	}
	return b.String()
}

// stateWords says how an account stands with its server.
func (a *App) stateWords(id mail.AccountID) (string, theme.Style) {
	set, w := a.shell.Theme.Top, a.shell.Words
	for _, s := range a.status {
		if s.Account != id {
			continue
		}
		switch s.State {
		case mail.Offline:
			if !s.Next.IsZero() {
				return fmt.Sprintf(w.App.OfflineAt, s.Next.In(a.shell.Now().Location()).Format("15:04")), set.Warn
			}
			return w.App.Offline, set.Warn
		case mail.Connecting:
			return w.App.Connecting, set.Dim
		case mail.Syncing:
			if s.Total > 0 {
				return fmt.Sprintf(w.App.SyncingOf, w.Count(s.Done), w.Count(s.Total)), set.Dim
			}
			return w.App.Syncing, set.Dim
		case mail.Ready:
			if s.Since.IsZero() {
				return w.App.SyncedNow, set.Good
			}
			return fmt.Sprintf(w.App.Synced, w.When(s.Since, a.shell.Now())), set.Good
		case mail.Stopped:
			return w.App.Halt, set.Danger
		}
	}
	return "", set.Dim
}

func (a *App) tabsLine() string {
	w := a.shell.Words
	list := a.tabList()
	at := a.lit(list)
	tabs := make([]kit.Tab, len(list))
	for i, t := range list {
		tab := kit.Tab{On: i == at}
		n := 0
		switch t.Kind {
		case "today":
			tab.Title, n = w.Today.Title, a.counts.awaiting
			if late := a.pressing.Overdue; late > 0 {
				tab.Bad = fmt.Sprintf(w.Duty.TabOver, late)
			}
		case "box":
			tab.Title, n = a.boxTitle(t.Account), a.counts.unread[t.Account]
		case "drafts":
			tab.Title, n = w.App.Drafts, a.counts.drafts
		case "dispatch":
			tab.Title = w.Dispatch.Tab
		case "outbox":
			tab.Title, n = w.App.Outbox, a.counts.outbox
		}
		if n > 0 {
			tab.Count = w.Count(n)
		}
		tabs[i] = tab
	}
	var in []keys.Context
	if s := a.top(); s != nil {
		in = s.page.Contexts()
	}
	key := a.shell.Keys.Label(w, keys.Help, in)
	help := "  " + key + " " + w.Act.Help.Short + " "
	state, short := "", ""
	if text, style := a.typingState(); text != "" {
		if _, open := a.dialogs.Top(); !open {
			state = style.Paint("  " + text)
			short = state
			if word, method, _ := strings.Cut(text, " "); method != "" && strings.HasSuffix(w.App.Typing, " %s") && strings.HasPrefix(w.App.Typing, word) {
				short = style.Paint("  " + word) // without the method
			}
		}
	}
	room := a.w - kit.Width(state) - kit.Width(help)
	line, spans := kit.Tabs(tabs, room, a.shell.Theme)
	if len(spans) < len(tabs) { // every tab is worth more than the words beside it
		help = "  " + key + " "
		a.shortTitles(list, tabs)
		line, spans = kit.Tabs(tabs, a.w-kit.Width(state)-kit.Width(help), a.shell.Theme)
	}
	if len(spans) < len(tabs) && state != "" { // then VI alone must do, and last the key of the help
		state = short
		if line, spans = kit.Tabs(tabs, a.w-kit.Width(state)-kit.Width(help), a.shell.Theme); len(spans) < len(tabs) {
			help = " "
			line, spans = kit.Tabs(tabs, a.w-kit.Width(state)-kit.Width(help), a.shell.Theme)
		}
	}
	a.spans = spans
	return line + state + a.shell.Theme.Page.Dim.Paint(help)
}

// shortTitles leaves an agency's name to the top line, when there is only one agency's box.
func (a *App) shortTitles(list []frame.Tab, tabs []kit.Tab) {
	at, n := -1, 0
	for i, t := range list {
		for _, acc := range a.accounts {
			if t.Kind == "box" && acc.ID == t.Account && acc.Official {
				at = i
				n++
			}
		}
	}
	if n == 1 {
		tabs[at].Title = a.shell.Words.App.Official
	}
}

// boxTitle names an account's tab: the agency's box by its agency, one's own as what it is.
func (a *App) boxTitle(id mail.AccountID) string {
	w := a.shell.Words
	for _, acc := range a.accounts {
		if acc.ID != id {
			continue
		}
		if acc.As != "" { // many agencies share a long beginning; the address tells them apart
			local, _, _ := strings.Cut(acc.Address, "@")
			return kit.Cut(w.App.Official+" "+kit.Clean(local), 28)
		}
		if acc.Official {
			name := acc.Agency
			if name == "" {
				name = acc.Name
			}
			return kit.Cut(w.App.Official+" "+kit.Clean(name), 28)
		}
	}
	return w.Roles[mail.RoleInbox]
}

// bottomLine teaches the keys that matter here.
func (a *App) bottomLine() string {
	s := a.top()
	th := a.shell.Theme
	if _, open := a.dialogs.Top(); open || s == nil {
		text, style := a.typingState() // the dialog may lie over the second line
		text = kit.Cut(text, a.w-1)
		return th.Page.Base.Paint(kit.Space(a.w-1-kit.Width(text))) + style.Paint(text+" ")
	}
	in := s.page.Contexts()
	last := kit.Hint{Key: a.shell.Keys.Label(a.shell.Words, keys.Palette, in), Word: a.shell.Words.Act.Palette.Short}
	return kit.Bar(a.hints(s.page.Actions(), in), &last, a.w, th.Page)
}

func (a *App) hints(ids []keys.ID, in []keys.Context) []kit.Hint {
	out := make([]kit.Hint, 0, len(ids))
	for _, id := range ids {
		out = append(out, kit.Hint{Key: a.shell.Keys.Label(a.shell.Words, id, in), Word: a.shell.Keys.Word(a.shell.Words, id).Short})
	}
	return out
}

// cursor puts the real cursor where the person types.
func (a *App) cursor() {
	if d, ok := a.dialogs.Top(); ok {
		if c, ok := d.(frame.Cursored); ok {
			x, y, show := c.Cursor()
			at := a.dialogs.Place()
			a.placeCursor(at.X+x, at.Y+y, show)
			return
		}
		a.placeCursor(0, 0, false)
		return
	}
	if s := a.top(); s != nil {
		if c, ok := s.page.(frame.Cursored); ok {
			x, y, show := c.Cursor()
			a.placeCursor(x, y+headLines, show)
			return
		}
	}
	a.placeCursor(0, 0, false)
}

func (a *App) placeCursor(x, y int, show bool) {
	if err := a.opt.Terminal.Cursor(x, y, show); err != nil {
		a.fault = mail.AsFault("place cursor", err)
	}
}

package keys

import "hopthu/ui/words"

// Contexts of the reading half.
const (
	Global  Context = "global"
	Moving  Context = "move"   // up, down, pages, ends, open
	Letters Context = "acts"   // what can be done with the letters selected
	Box     Context = "box"    // the list of letters
	Tree    Context = "tree"   // the folder tree beside it
	Letter  Context = "letter" // an opened letter
	Today   Context = "today"
	Find    Context = "find"   // the search field of a list
	Field   Context = "field"  // any one-line text field
	Dialog  Context = "dialog" // a question
	Choose  Context = "choose" // a list to choose from, with a field to filter it
	Plain   Context = "plain"  // help, headers, source: text to scroll
	Sealed  Context = "sealed" // a letter behind its warning
	Rules   Context = "rules"  // the regulation
)

// typing lists the contexts in which letters are letters.
var typing = append([]Context{Find, Field, Choose}, typingWrite...)

// closing lists contexts whose own Esc and Ctrl+C come before those of Global.
var closing = append([]Context{Find, DispatchText}, closingWrite...)

// stacks lists the contexts that are open together; no key may mean two things in one of them.
var stacks = append([][]Context{
	{Box, Letters, Moving},
	{Tree, Moving},
	{Letter, Letters, Moving},
	{Today, Letters, Moving},
	{Find, Field},
	{Choose, Field},
	{Plain, Moving},
	{Sealed, Letters},
	{Rules, Plain, Moving},
	{Dialog, Field},
}, append(append(append(stacksWrite, stacksDispatch...), stacksOffice...), stacksDuty...)...)

// Actions of the reading half.
const (
	Help, Palette, Quit, Back   ID = "help", "palette", "quit", "back"
	Tab, NextTab, PrevTab       ID = "tab", "next-tab", "prev-tab"
	Refresh, Redraw, Suspend    ID = "refresh", "redraw", "suspend"
	Why, Undo                   ID = "why", "undo"
	Up, Down, PageUp, PageDown  ID = "up", "down", "page-up", "page-down"
	Home, End, Open             ID = "home", "end", "open"
	Left, Right, Focus, Scroll  ID = "left", "right", "focus", "scroll"
	Compose, Reply, ReplyAll    ID = "compose", "reply", "reply-all"
	Forward, Delete, Archive    ID = "forward", "delete", "archive"
	Move, Read, Star, Excuse    ID = "move", "read", "star", "excuse"
	Mark, MarkAll               ID = "mark", "mark-all"
	Search, Filter, View        ID = "search", "filter", "view"
	ShowTree, Preview           ID = "tree", "preview"
	Unfold, Fold                ID = "unfold", "fold"
	Next, Prev, Quotes, Headers ID = "next", "prev", "quotes", "headers"
	Raw, Charset, Links, Save   ID = "raw", "charset", "links", "save"
	Copy, Older, Newer          ID = "copy", "older", "newer"
	GoToday, GoBox, GoDrafts    ID = "go-today", "go-box", "go-drafts"
	GoOutbox, GoSettings        ID = "go-outbox", "go-settings"
	GoPassword                  ID = "go-password"
	Yes, No, Pick, Close        ID = "yes", "no", "pick", "close"
	FieldLeft, FieldRight       ID = "field-left", "field-right"
	FieldHome, FieldEnd         ID = "field-home", "field-end"
	Erase, EraseNext            ID = "erase", "erase-next"
	EraseWord, EraseLine        ID = "erase-word", "erase-line"
	NextField, PrevField        ID = "next-field", "prev-field"
	Defer, Report, Reveal       ID = "defer", "report", "reveal"
	GoRules, Clause             ID = "go-rules", "clause"
	NextArticle, PrevArticle    ID = "next-article", "prev-article"
)

func reading() []Action {
	in := func(c ...Context) []Context { return c }
	k := func(s ...string) []string { return s }
	act := func(id ID, in []Context, keys []string, word func(*words.Words) words.Act) Action {
		return Action{ID: id, In: in, Keys: keys, Word: word}
	}
	return append([]Action{
		act(Help, in(Global), k("?", "f1"), func(w *words.Words) words.Act { return w.Act.Help }),
		act(Palette, in(Global), k(":", "ctrl+p"), func(w *words.Words) words.Act { return w.Act.Palette }),
		act(Back, in(Global), k("esc"), func(w *words.Words) words.Act { return w.Act.Back }),
		act(Compose, in(Global), k("c"), func(w *words.Words) words.Act { return w.Act.Compose }),
		act(Undo, in(Global), k("u", "alt+u"), func(w *words.Words) words.Act { return w.Act.Undo }),
		act(Tab, in(Global), k("1", "2", "3", "4", "5", "6", "7", "8", "9"), func(w *words.Words) words.Act { return w.Act.Tab }),
		act(NextTab, in(Global), k("]"), func(w *words.Words) words.Act { return w.Act.NextTab }),
		act(PrevTab, in(Global), k("["), func(w *words.Words) words.Act { return w.Act.PrevTab }),
		act(GoToday, in(Global), nil, func(w *words.Words) words.Act { return w.Act.Today }),
		act(GoBox, in(Global), nil, func(w *words.Words) words.Act { return w.Act.Box }),
		act(GoDrafts, in(Global), nil, func(w *words.Words) words.Act { return w.Act.Drafts }),
		act(GoOutbox, in(Global), nil, func(w *words.Words) words.Act { return w.Act.Outbox }),
		act(GoSettings, in(Global), k("f9"), func(w *words.Words) words.Act { return w.Act.Settings }),
		act(GoRules, in(Global), k("Q"), func(w *words.Words) words.Act { return w.Act.Rules }),
		act(GoPassword, in(Global), nil, func(w *words.Words) words.Act { return w.Act.Password }),
		act(Refresh, in(Global), k("f5", "ctrl+r"), func(w *words.Words) words.Act { return w.Act.Refresh }),
		act(Why, in(Global), k("!"), func(w *words.Words) words.Act { return w.Act.Why }),
		act(Redraw, in(Global), k("ctrl+l"), func(w *words.Words) words.Act { return w.Act.Redraw }),
		act(Suspend, in(Global), k("ctrl+z"), func(w *words.Words) words.Act { return w.Act.Suspend }),
		act(Quit, in(Global), k("q", "ctrl+c", "ctrl+q"), func(w *words.Words) words.Act { return w.Act.Quit }),

		act(Up, in(Moving, Find, Choose, Dialog), k("up", "k"), func(w *words.Words) words.Act { return w.Act.Up }),
		act(Down, in(Moving, Find, Choose, Dialog), k("down", "j"), func(w *words.Words) words.Act { return w.Act.Down }),
		act(PageUp, in(Moving, Find, Choose, Dialog), k("pgup", "ctrl+b"), func(w *words.Words) words.Act { return w.Act.PageUp }),
		act(PageDown, in(Moving, Find, Choose, Dialog), k("pgdown", "ctrl+f"), func(w *words.Words) words.Act { return w.Act.PageDown }),
		act(Home, in(Moving), k("home"), func(w *words.Words) words.Act { return w.Act.Home }),
		act(End, in(Moving), k("end"), func(w *words.Words) words.Act { return w.Act.End }),
		act(Open, in(Moving), k("enter"), func(w *words.Words) words.Act { return w.Act.Open }),

		act(Reply, in(Letters), k("r"), func(w *words.Words) words.Act { return w.Act.Reply }),
		act(ReplyAll, in(Letters), k("a"), func(w *words.Words) words.Act { return w.Act.ReplyAll }),
		act(Forward, in(Letters), k("f"), func(w *words.Words) words.Act { return w.Act.Forward }),
		act(Excuse, in(Letters), k("x"), func(w *words.Words) words.Act { return w.Act.Excuse }),
		act(Defer, in(Letters), k("h"), func(w *words.Words) words.Act { return w.Act.Defer }),
		act(Delete, in(Letters), k("d", "delete"), func(w *words.Words) words.Act { return w.Act.Delete }),
		act(Archive, in(Letters), k("e"), func(w *words.Words) words.Act { return w.Act.Archive }),
		act(Move, in(Letters), k("m"), func(w *words.Words) words.Act { return w.Act.Move }),
		act(Read, in(Letters), k("t"), func(w *words.Words) words.Act { return w.Act.Read }),
		act(Star, in(Letters), k("s"), func(w *words.Words) words.Act { return w.Act.Star }),
	}, places()...)
}

func places() []Action {
	in := func(c ...Context) []Context { return c }
	k := func(s ...string) []string { return s }
	act := func(id ID, in []Context, keys []string, word func(*words.Words) words.Act) Action {
		return Action{ID: id, In: in, Keys: keys, Word: word}
	}
	small := func(id ID, in []Context, keys []string, word func(*words.Words) words.Act) Action {
		return Action{ID: id, In: in, Keys: keys, Word: word, Hidden: true}
	}
	return []Action{
		act(Mark, in(Box), k(" "), func(w *words.Words) words.Act { return w.Act.Mark }),
		act(MarkAll, in(Box), k("*", "ctrl+a"), func(w *words.Words) words.Act { return w.Act.MarkAll }),
		act(Search, in(Box, Today, Rules), k("/"), func(w *words.Words) words.Act { return w.Act.Search }),
		act(Filter, in(Box), k("l"), func(w *words.Words) words.Act { return w.Act.Filter }),
		act(View, in(Box), k("v"), func(w *words.Words) words.Act { return w.Act.View }),
		act(Unfold, in(Box), k("+", "="), func(w *words.Words) words.Act { return w.Act.Unfold }),
		act(Fold, in(Box), k("-"), func(w *words.Words) words.Act { return w.Act.Fold }),
		act(ShowTree, in(Box, Tree), k("b"), func(w *words.Words) words.Act { return w.Act.Tree }),
		act(Preview, in(Box), k("p"), func(w *words.Words) words.Act { return w.Act.Preview }),
		act(Focus, in(Box, Tree), k("tab", "shift+tab"), func(w *words.Words) words.Act { return w.Act.Focus }),
		act(Left, in(Box, Tree), k("left"), func(w *words.Words) words.Act { return w.Act.Left }),
		act(Right, in(Box, Tree), k("right"), func(w *words.Words) words.Act { return w.Act.Right }),

		act(Scroll, in(Letter, Plain), k(" "), func(w *words.Words) words.Act { return w.Act.Scroll }),
		act(Next, in(Letter), k("n", "right"), func(w *words.Words) words.Act { return w.Act.Next }),
		act(Prev, in(Letter), k("p", "left"), func(w *words.Words) words.Act { return w.Act.Prev }),
		act(Older, in(Letter), k("<", ","), func(w *words.Words) words.Act { return w.Act.Older }),
		act(Newer, in(Letter), k(">", "."), func(w *words.Words) words.Act { return w.Act.Newer }),
		act(Links, in(Letter), k("o"), func(w *words.Words) words.Act { return w.Act.Links }),
		act(Save, in(Letter), k("w"), func(w *words.Words) words.Act { return w.Act.Save }),
		act(Quotes, in(Letter), k("z"), func(w *words.Words) words.Act { return w.Act.Quotes }),
		act(Headers, in(Letter), k("H"), func(w *words.Words) words.Act { return w.Act.Headers }),
		act(Raw, in(Letter), k("i"), func(w *words.Words) words.Act { return w.Act.Raw }),
		act(Charset, in(Letter), k("g"), func(w *words.Words) words.Act { return w.Act.Charset }),
		act(Report, in(Sealed, Letter), k("b"), func(w *words.Words) words.Act { return w.Act.Report }),
		act(Reveal, in(Sealed), k("v"), func(w *words.Words) words.Act { return w.Act.Reveal }),
		act(Clause, in(Sealed, Letter), k("l"), func(w *words.Words) words.Act { return w.Act.Clause }),
		act(NextArticle, in(Rules), k("n", "right"), func(w *words.Words) words.Act { return w.Act.NextArticle }),
		act(PrevArticle, in(Rules), k("p", "left"), func(w *words.Words) words.Act { return w.Act.PrevArticle }),
		act(Copy, in(Letter, Plain), k("y"), func(w *words.Words) words.Act { return w.Act.Copy }),

		small(Yes, in(Dialog), k("enter"), func(w *words.Words) words.Act { return w.Act.Yes }),
		small(Pick, in(Choose, Find), k("enter"), func(w *words.Words) words.Act { return w.Act.Choose }),
		small(Close, in(Dialog, Choose, Find), k("esc", "ctrl+c"), func(w *words.Words) words.Act { return w.Act.Close }),
		small(FieldLeft, in(Field), k("left"), func(w *words.Words) words.Act { return w.Act.FieldLeft }),
		small(FieldRight, in(Field), k("right"), func(w *words.Words) words.Act { return w.Act.FieldRight }),
		small(FieldHome, in(Field), k("home"), func(w *words.Words) words.Act { return w.Act.FieldHome }),
		small(FieldEnd, in(Field), k("end"), func(w *words.Words) words.Act { return w.Act.FieldEnd }),
		small(Erase, in(Field), k("backspace", "ctrl+h"), func(w *words.Words) words.Act { return w.Act.Erase }),
		small(EraseNext, in(Field), k("delete"), func(w *words.Words) words.Act { return w.Act.EraseNext }),
		small(EraseWord, in(Field), k("ctrl+w", "alt+backspace"), func(w *words.Words) words.Act { return w.Act.EraseWord }),
		small(EraseLine, in(Field), k("ctrl+u"), func(w *words.Words) words.Act { return w.Act.EraseLine }),
		small(NextField, in(Field), k("tab"), func(w *words.Words) words.Act { return w.Act.NextField }),
		small(PrevField, in(Field), k("shift+tab"), func(w *words.Words) words.Act { return w.Act.PrevField }),
	}
}

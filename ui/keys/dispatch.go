package keys

import "hopthu/ui/words"

// Contexts of sending out documents and of the sổ văn bản đi.
const (
	Dispatch     Context = "dispatch"      // the whole way of a document
	DispatchList Context = "dispatch-list" // its first step: what to send out
	DispatchRead Context = "dispatch-read" // what was read of the document
	Recipients   Context = "recipients"    // the table of recipients
	DispatchLast Context = "dispatch-last" // covering words, files, before it goes
	DispatchText Context = "dispatch-text" // a text written or pasted on the way
	Register     Context = "register"      // the sổ văn bản đi
)

// Contexts and stacks of these pages.
var (
	stacksDispatch = [][]Context{
		{Dispatch, DispatchList, Moving},
		{Text, Form, DispatchRead, Dispatch, Viet},
		{Form, Settings, DispatchRead, Dispatch},
		{Recipients, Dispatch, Moving},
		{Text, Form, DispatchLast, Dispatch, Viet},
		{Attached, Form, DispatchLast, Dispatch},
		{Form, Settings, DispatchLast, Dispatch},
		{Body, Text, DispatchText, Viet},
		{Register, Moving},
	}
)

// Actions of these pages.
const (
	GoDispatch      ID = "go-dispatch"
	GoRegister      ID = "go-register"
	DispatchNext    ID = "dispatch-next"
	DispatchDrop    ID = "dispatch-drop"
	DispatchFile    ID = "dispatch-file"
	DispatchPaste   ID = "dispatch-paste"
	DispatchForget  ID = "dispatch-forget"
	DispatchDown    ID = "dispatch-down"
	DispatchUp      ID = "dispatch-up"
	DispatchAttach  ID = "dispatch-attach"
	DispatchTaken   ID = "dispatch-taken"
	RecipientNext   ID = "recipient-next"
	RecipientSkip   ID = "recipient-skip"
	RecipientAdd    ID = "recipient-add"
	RecipientDrop   ID = "recipient-drop"
	RecipientUnfold ID = "recipient-unfold"
	RecipientFold   ID = "recipient-fold"
	RegisterFacts   ID = "register-facts"
	RegisterFind    ID = "register-find"
	RegisterExport  ID = "register-export"
	RegisterLetter  ID = "register-letter"
	RegisterResend  ID = "register-resend"
)

func dispatching() []Action {
	in := func(c ...Context) []Context { return c }
	k := func(s ...string) []string { return s }
	var out []Action
	for _, r := range []struct {
		id   ID
		in   []Context
		keys []string
		word func(*words.DispatchActs) words.Act
	}{
		{GoDispatch, in(Global), k("P"), func(a *words.DispatchActs) words.Act { return a.Go }},
		{GoRegister, in(Global), k("S"), func(a *words.DispatchActs) words.Act { return a.GoRegister }},

		{DispatchNext, in(Dispatch), k("ctrl+s", "f10"), func(a *words.DispatchActs) words.Act { return a.Next }},
		{DispatchDrop, in(DispatchRead, Recipients, DispatchLast), k("f8"), func(a *words.DispatchActs) words.Act { return a.Drop }},
		{DispatchFile, in(DispatchList), k("o", "f4"), func(a *words.DispatchActs) words.Act { return a.File }},
		{DispatchPaste, in(DispatchList), k("v", "ctrl+v"), func(a *words.DispatchActs) words.Act { return a.Paste }},
		{DispatchForget, in(DispatchList), k("d", "delete"), func(a *words.DispatchActs) words.Act { return a.Forget }},
		{DispatchDown, in(DispatchRead, DispatchLast), k("pgdown"), func(a *words.DispatchActs) words.Act { return a.TextDown }},
		{DispatchUp, in(DispatchRead, DispatchLast), k("pgup"), func(a *words.DispatchActs) words.Act { return a.TextUp }},
		{DispatchAttach, in(DispatchLast), k("f4", "ctrl+a"), func(a *words.DispatchActs) words.Act { return a.Attach }},
		{DispatchTaken, in(DispatchText), k("ctrl+s", "f10"), func(a *words.DispatchActs) words.Act { return a.Taken }},

		{RecipientNext, in(Recipients), k(" ", "tab"), func(a *words.DispatchActs) words.Act { return a.NextOpen }},
		{RecipientSkip, in(Recipients), k("x"), func(a *words.DispatchActs) words.Act { return a.Skip }},
		{RecipientAdd, in(Recipients), k("a", "+"), func(a *words.DispatchActs) words.Act { return a.Add }},
		{RecipientDrop, in(Recipients), k("d", "delete"), func(a *words.DispatchActs) words.Act { return a.Take }},
		{RecipientUnfold, in(Recipients), k("right"), func(a *words.DispatchActs) words.Act { return a.Unfold }},
		{RecipientFold, in(Recipients), k("left"), func(a *words.DispatchActs) words.Act { return a.Fold }},

		{RegisterFacts, in(Register), k(" ", "tab"), func(a *words.DispatchActs) words.Act { return a.Facts }},
		{RegisterFind, in(Register), k("/"), func(a *words.DispatchActs) words.Act { return a.Find }},
		{RegisterExport, in(Register), k("w"), func(a *words.DispatchActs) words.Act { return a.Export }},
		{RegisterLetter, in(Register), k("o"), func(a *words.DispatchActs) words.Act { return a.Letter }},
		{RegisterResend, in(Register), k("s"), func(a *words.DispatchActs) words.Act { return a.Resend }},
	} {
		word := r.word
		out = append(out, Action{ID: r.id, In: r.in, Keys: r.keys, Word: func(w *words.Words) words.Act { return word(&w.Dispatch.Act) }})
	}
	return out
}

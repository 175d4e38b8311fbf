package keys

import "hopthu/ui/words"

// Contexts of the pages where one writes.
const (
	Text     Context = "text"     // any text field: letters, moves, selection, undo
	Body     Context = "body"     // the text of a letter
	Form     Context = "form"     // fields and buttons below each other
	Secret   Context = "secret"   // a password field
	Suggest  Context = "suggest"  // the list of completions under an address field
	Write    Context = "write"    // the page where a letter is written
	Attached Context = "attached" // the list of its files
	Files    Context = "files"    // the file browser
	Drafts   Context = "drafts"
	Outbox   Context = "outbox"
	Settings Context = "settings"
	Review   Context = "review" // the question before a letter goes
	Keep     Context = "keep"   // where Esc keeps the letter as a draft
	Viet     Context = "viet"   // a text field where keys become Vietnamese letters
)

// Contexts, stacks and actions of the pages where one writes.
var (
	typingWrite  = []Context{Text, Body}
	closingWrite = []Context{Suggest, Write, Text, Body, Attached, Form, Secret, Keep}
	stacksWrite  = [][]Context{
		{Suggest, Text, Write, Viet},
		{Text, Form, Write, Keep, Viet},
		{Body, Text, Write, Keep, Viet},
		{Attached, Form, Write, Keep},
		{Secret, Text, Form},
		{Text, Form, Viet},
		{Form, Settings},
		{Form, Settings, Write, Keep},
		{Files, Choose, Field, Viet},
		{Drafts, Moving},
		{Outbox, Moving},
		{Review, Dialog, Field, Viet},
		{Choose, Field, Viet},
		{Dialog, Field, Viet},
		{Find, Field, Viet},
	}
)

// Actions of the writing half.
const (
	TextLeft       ID = "text-left"
	TextRight      ID = "text-right"
	TextWordLeft   ID = "text-word-left"
	TextWordRight  ID = "text-word-right"
	TextHome       ID = "text-home"
	TextEnd        ID = "text-end"
	SelLeft        ID = "sel-left"
	SelRight       ID = "sel-right"
	SelWordLeft    ID = "sel-word-left"
	SelWordRight   ID = "sel-word-right"
	SelHome        ID = "sel-home"
	SelEnd         ID = "sel-end"
	TextErase      ID = "text-erase"
	TextEraseNext  ID = "text-erase-next"
	TextEraseWord  ID = "text-erase-word"
	TextEraseNextW ID = "text-erase-next-word"
	TextEraseHome  ID = "text-erase-home"
	TextUndo       ID = "text-undo"
	TextRedo       ID = "text-redo"
	TextMark       ID = "text-mark"
	TextCopy       ID = "text-copy"
	TextCut        ID = "text-cut"
	TextPut        ID = "text-put"
	TextAll        ID = "text-all"
	BodyUp         ID = "body-up"
	BodyDown       ID = "body-down"
	BodyPageUp     ID = "body-page-up"
	BodyPageDown   ID = "body-page-down"
	BodyTop        ID = "body-top"
	BodyBottom     ID = "body-bottom"
	SelUp          ID = "sel-up"
	SelDown        ID = "sel-down"
	SelTop         ID = "sel-top"
	SelBottom      ID = "sel-bottom"
	BodyLine       ID = "body-line"
	BodyCutLine    ID = "body-cut-line"
	RowNext        ID = "row-next"
	RowPrev        ID = "row-prev"
	RowDo          ID = "row-do"
	RowUp          ID = "row-up"
	RowDown        ID = "row-down"
	RowLeft        ID = "row-left"
	RowRight       ID = "row-right"
	ShowSecret     ID = "show-secret"
	SugUp          ID = "suggest-up"
	SugDown        ID = "suggest-down"
	SugTake        ID = "suggest-take"
	SugClose       ID = "suggest-close"
	SendLetter     ID = "send"
	AttachFile     ID = "attach"
	External       ID = "external-editor"
	KeepDraft      ID = "keep-draft"
	DiscardDraft   ID = "discard-draft"
	ShowBcc        ID = "show-bcc"
	Detach         ID = "detach"
	FileParent     ID = "file-parent"
	DraftOpen      ID = "draft-open"
	DraftDelete    ID = "draft-delete"
	OutOpen        ID = "out-open"
	OutRecall      ID = "out-recall"
	OutResend      ID = "out-resend"
	OutSettle      ID = "out-settle"
	SettingChange  ID = "setting-change"
	ReviewSend     ID = "review-send"
	ReviewMend     ID = "review-mend"
	ReviewClause   ID = "review-clause"
	TypeToggle     ID = "type-toggle"
	TypeRestore    ID = "type-restore"
)

// WordEnd stands in no table: the root gives it to the field in focus before any press that does not type, so that the
// word being typed ends as if a space had come.
const WordEnd ID = "word-end"

// row is one line of the table: its places, its keys, its words.
type row struct {
	id   ID
	in   []Context
	keys []string
	word func(*words.WriteActs) words.Act
}

func writing() []Action {
	var out []Action
	add := func(hidden bool, rows []row) {
		for _, r := range rows {
			word := r.word
			out = append(out, Action{
				ID: r.id, In: r.in, Keys: r.keys, Hidden: hidden,
				Word: func(w *words.Words) words.Act { return word(&w.Write.Act) },
			})
		}
	}
	add(false, pageRows())
	add(true, textRows())
	add(true, bodyRows())
	add(true, formRows())
	return out
}

func pageRows() []row {
	in := func(c ...Context) []Context { return c }
	k := func(s ...string) []string { return s }
	return []row{
		{SendLetter, in(Write), k("ctrl+s", "f10"), func(a *words.WriteActs) words.Act { return a.Send }},
		{AttachFile, in(Write), k("ctrl+a", "f4"), func(a *words.WriteActs) words.Act { return a.Attach }},
		{External, in(Write), k("ctrl+e"), func(a *words.WriteActs) words.Act { return a.External }},
		{KeepDraft, in(Keep), k("esc"), func(a *words.WriteActs) words.Act { return a.Keep }},
		{ShowBcc, in(Write), k("ctrl+b", "f7"), func(a *words.WriteActs) words.Act { return a.Bcc }},
		{DiscardDraft, in(Write), k("f8"), func(a *words.WriteActs) words.Act { return a.Discard }},
		{Detach, in(Attached), k("delete", "backspace", "d"), func(a *words.WriteActs) words.Act { return a.Detach }},
		{ShowSecret, in(Secret), k("ctrl+t"), func(a *words.WriteActs) words.Act { return a.ShowSecret }},

		{DraftOpen, in(Drafts), k("e"), func(a *words.WriteActs) words.Act { return a.DraftOpen }},
		{DraftDelete, in(Drafts), k("d", "delete"), func(a *words.WriteActs) words.Act { return a.DraftDelete }},
		{OutOpen, in(Outbox), k("i"), func(a *words.WriteActs) words.Act { return a.OutOpen }},
		{OutRecall, in(Outbox), k("e"), func(a *words.WriteActs) words.Act { return a.OutRecall }},
		{OutResend, in(Outbox), k("s"), func(a *words.WriteActs) words.Act { return a.OutResend }},
		{OutSettle, in(Outbox), k("x"), func(a *words.WriteActs) words.Act { return a.OutSettle }},
		{TypeToggle, in(Viet), k("f2", `ctrl+\`), func(a *words.WriteActs) words.Act { return a.TypeToggle }},
		{SettingChange, in(Settings), k(" "), func(a *words.WriteActs) words.Act { return a.Change }},
	}
}

func textRows() []row {
	in := []Context{Text}
	k := func(s ...string) []string { return s }
	viet := []Context{Viet}
	return []row{
		{TypeRestore, viet, k("f3", "alt+z"), func(a *words.WriteActs) words.Act { return a.TypeRestore }},
		{TextUndo, in, k("ctrl+z"), func(a *words.WriteActs) words.Act { return a.Undo }},
		{TextRedo, in, k("ctrl+y"), func(a *words.WriteActs) words.Act { return a.Redo }},
		{TextMark, in, k("ctrl+@", "f6"), func(a *words.WriteActs) words.Act { return a.Mark }},
		{TextAll, in, k("alt+a"), func(a *words.WriteActs) words.Act { return a.All }},
		{TextCopy, in, k("ctrl+c", "alt+c"), func(a *words.WriteActs) words.Act { return a.Copy }},
		{TextCut, in, k("ctrl+x"), func(a *words.WriteActs) words.Act { return a.Cut }},
		{TextPut, in, k("ctrl+v"), func(a *words.WriteActs) words.Act { return a.Put }},
		{TextLeft, in, k("left"), func(a *words.WriteActs) words.Act { return a.Left }},
		{TextRight, in, k("right"), func(a *words.WriteActs) words.Act { return a.Right }},
		{TextWordLeft, in, k("ctrl+left", "alt+left", "alt+b"), func(a *words.WriteActs) words.Act { return a.WordLeft }},
		{TextWordRight, in, k("ctrl+right", "alt+right", "alt+f"), func(a *words.WriteActs) words.Act { return a.WordRight }},
		{TextHome, in, k("home"), func(a *words.WriteActs) words.Act { return a.Home }},
		{TextEnd, in, k("end"), func(a *words.WriteActs) words.Act { return a.End }},
		{SelLeft, in, k("shift+left"), func(a *words.WriteActs) words.Act { return a.SelLeft }},
		{SelRight, in, k("shift+right"), func(a *words.WriteActs) words.Act { return a.SelRight }},
		{SelWordLeft, in, k("ctrl+shift+left"), func(a *words.WriteActs) words.Act { return a.SelWordLeft }},
		{SelWordRight, in, k("ctrl+shift+right"), func(a *words.WriteActs) words.Act { return a.SelWordRight }},
		{SelHome, in, k("shift+home"), func(a *words.WriteActs) words.Act { return a.SelHome }},
		{SelEnd, in, k("shift+end"), func(a *words.WriteActs) words.Act { return a.SelEnd }},
		{TextErase, in, k("backspace", "ctrl+h"), func(a *words.WriteActs) words.Act { return a.Erase }},
		{TextEraseNext, in, k("delete"), func(a *words.WriteActs) words.Act { return a.EraseNext }},
		{TextEraseWord, in, k("ctrl+w", "alt+backspace"), func(a *words.WriteActs) words.Act { return a.EraseWord }},
		{TextEraseNextW, in, k("alt+d", "alt+delete"), func(a *words.WriteActs) words.Act { return a.EraseNextWord }},
		{BodyCutLine, in, k("ctrl+k"), func(a *words.WriteActs) words.Act { return a.CutLine }},
		{TextEraseHome, in, k("ctrl+u"), func(a *words.WriteActs) words.Act { return a.EraseHome }},
	}
}

func bodyRows() []row {
	in := []Context{Body}
	k := func(s ...string) []string { return s }
	return []row{
		{BodyLine, in, k("enter"), func(a *words.WriteActs) words.Act { return a.Line }},
		{BodyUp, in, k("up"), func(a *words.WriteActs) words.Act { return a.Up }},
		{BodyDown, in, k("down"), func(a *words.WriteActs) words.Act { return a.Down }},
		{BodyPageUp, in, k("pgup"), func(a *words.WriteActs) words.Act { return a.PageUp }},
		{BodyPageDown, in, k("pgdown"), func(a *words.WriteActs) words.Act { return a.PageDown }},
		{BodyTop, in, k("ctrl+home", "alt+<"), func(a *words.WriteActs) words.Act { return a.Top }},
		{BodyBottom, in, k("ctrl+end", "alt+>"), func(a *words.WriteActs) words.Act { return a.Bottom }},
		{SelUp, in, k("shift+up"), func(a *words.WriteActs) words.Act { return a.SelUp }},
		{SelDown, in, k("shift+down"), func(a *words.WriteActs) words.Act { return a.SelDown }},
		{SelTop, in, k("ctrl+shift+home"), func(a *words.WriteActs) words.Act { return a.SelTop }},
		{SelBottom, in, k("ctrl+shift+end"), func(a *words.WriteActs) words.Act { return a.SelBottom }},
	}
}

func formRows() []row {
	in := func(c ...Context) []Context { return c }
	k := func(s ...string) []string { return s }
	return []row{
		{RowNext, in(Form, Body), k("tab"), func(a *words.WriteActs) words.Act { return a.RowNext }},
		{RowPrev, in(Form, Body), k("shift+tab"), func(a *words.WriteActs) words.Act { return a.RowPrev }},
		{RowDown, in(Form), k("down"), func(a *words.WriteActs) words.Act { return a.RowNext }},
		{RowUp, in(Form), k("up"), func(a *words.WriteActs) words.Act { return a.RowPrev }},
		{RowDo, in(Form), k("enter"), func(a *words.WriteActs) words.Act { return a.RowDo }},
		{RowLeft, in(Settings, Attached), k("left"), func(a *words.WriteActs) words.Act { return a.RowLeft }},
		{RowRight, in(Settings, Attached), k("right"), func(a *words.WriteActs) words.Act { return a.RowRight }},
		{SugDown, in(Suggest), k("down"), func(a *words.WriteActs) words.Act { return a.SugDown }},
		{SugUp, in(Suggest), k("up"), func(a *words.WriteActs) words.Act { return a.SugUp }},
		{SugTake, in(Suggest), k("enter", "tab"), func(a *words.WriteActs) words.Act { return a.SugTake }},
		{SugClose, in(Suggest), k("esc"), func(a *words.WriteActs) words.Act { return a.SugClose }},
		{FileParent, in(Files), k("alt+up", "ctrl+up"), func(a *words.WriteActs) words.Act { return a.FileParent }},
		{ReviewSend, in(Review), k("ctrl+s"), func(a *words.WriteActs) words.Act { return a.ReviewSend }},
		{ReviewMend, in(Review), k("f7"), func(a *words.WriteActs) words.Act { return a.ReviewMend }},
		{ReviewClause, in(Review), k("l", "alt+l"), func(a *words.WriteActs) words.Act { return a.ReviewClause }},
	}
}

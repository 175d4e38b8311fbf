package keys

import "hopthu/ui/words"

// Contexts of the agency's page.
const (
	Agency      Context = "agency"      // the page, whichever view
	Staffing    Context = "staffing"    // the work of its people
	Delegations Context = "delegations" // written authorizations
	HandingOver Context = "handing"     // the handover
)

var stacksOffice = [][]Context{
	{Agency, Staffing, Letters, Moving},
	{Agency, Delegations, Moving},
	{Agency, HandingOver, Moving},
	{Agency, Moving},
}

// Actions of a box that several people work in (QC 14).
const (
	Take      ID = "take"
	Assign    ID = "assign"
	GiveBack  ID = "give-back"
	NoteWork  ID = "note"
	Reopen    ID = "reopen"
	GoAgency  ID = "go-agency"
	ViewNext  ID = "view-next"
	ViewPrev  ID = "view-prev"
	WhoNext   ID = "who-next"
	WhoPrev   ID = "who-prev"
	Authorize ID = "authorize"
	EndRight  ID = "end-right"
	HandBegin ID = "hand-begin"
	HandYes   ID = "hand-yes"
	HandNo    ID = "hand-no"
	HandWrite ID = "hand-write"
	MonthPrev ID = "month-prev"
	MonthNext ID = "month-next"
)

func office() []Action {
	in := func(c ...Context) []Context { return c }
	k := func(s ...string) []string { return s }
	var out []Action
	for _, r := range []struct {
		id   ID
		in   []Context
		keys []string
		word func(*words.OfficeActs) words.Act
	}{
		{GoAgency, in(Global), k("W"), func(a *words.OfficeActs) words.Act { return a.Go }},

		{Take, in(Letters), k("T"), func(a *words.OfficeActs) words.Act { return a.Take }},
		{Assign, in(Letters), k("G"), func(a *words.OfficeActs) words.Act { return a.Assign }},
		{GiveBack, in(Letters), k("R"), func(a *words.OfficeActs) words.Act { return a.GiveBack }},
		{NoteWork, in(Letters), k("B"), func(a *words.OfficeActs) words.Act { return a.Note }},
		{Reopen, in(Letters), k("O"), func(a *words.OfficeActs) words.Act { return a.Reopen }},

		{ViewNext, in(Agency), k("tab"), func(a *words.OfficeActs) words.Act { return a.ViewNext }},
		{ViewPrev, in(Agency), k("shift+tab"), func(a *words.OfficeActs) words.Act { return a.ViewPrev }},
		{WhoNext, in(Staffing), k("right", "l"), func(a *words.OfficeActs) words.Act { return a.WhoNext }},
		{WhoPrev, in(Staffing), k("left"), func(a *words.OfficeActs) words.Act { return a.WhoPrev }},
		{Authorize, in(Delegations), k("n", "+"), func(a *words.OfficeActs) words.Act { return a.Authorize }},
		{EndRight, in(Delegations), k("d", "delete"), func(a *words.OfficeActs) words.Act { return a.EndRight }},
		{HandBegin, in(HandingOver), k("n", "+"), func(a *words.OfficeActs) words.Act { return a.HandBegin }},
		{HandYes, in(HandingOver), k("y"), func(a *words.OfficeActs) words.Act { return a.HandYes }},
		{HandNo, in(HandingOver), k("d", "delete"), func(a *words.OfficeActs) words.Act { return a.HandNo }},
		{HandWrite, in(HandingOver), k("w"), func(a *words.OfficeActs) words.Act { return a.HandWrite }},
		{MonthPrev, in(Agency), k("<", ","), func(a *words.OfficeActs) words.Act { return a.MonthPrev }},
		{MonthNext, in(Agency), k(">", "."), func(a *words.OfficeActs) words.Act { return a.MonthNext }},
	} {
		word := r.word
		out = append(out, Action{ID: r.id, In: r.in, Keys: r.keys, Word: func(w *words.Words) words.Act { return word(&w.Office.Act) }})
	}
	return out
}

package keys

import "hopthu/ui/words"

// Contexts of the daily duty.
const (
	Round   Context = "round"   // going through the day's letters
	Year    Context = "year"    // the year at a glance
	Waiting Context = "waiting" // a letter sent that is not answered, on the page of the day
)

var stacksDuty = [][]Context{
	{Round, Letters, Moving},
	{Today, Waiting, Letters, Moving},
	{Year},
}

// Actions of the daily duty (QC 9).
const (
	StartRound ID = "round"
	RoundNext  ID = "round-next"
	RoundSkip  ID = "round-skip"
	RoundPrev  ID = "round-prev"
	Later      ID = "later"
	Remind     ID = "remind"
	Unwait     ID = "unwait"
	GoYear     ID = "go-year"
	TakeLeave  ID = "take-leave"
	ShowLeaves ID = "leaves"
	YearPrev   ID = "year-prev"
	YearNext   ID = "year-next"
	YearBox    ID = "year-box"
	DayUp      ID = "day-up"
	DayDown    ID = "day-down"
	WeekLeft   ID = "week-left"
	WeekRight  ID = "week-right"
)

func dutiful() []Action {
	in := func(c ...Context) []Context { return c }
	k := func(s ...string) []string { return s }
	var out []Action
	for _, r := range []struct {
		id   ID
		in   []Context
		keys []string
		word func(*words.DutyActs) words.Act
	}{
		{GoYear, in(Global), k("Y"), func(a *words.DutyActs) words.Act { return a.Year }},

		{StartRound, in(Today), k(" "), func(a *words.DutyActs) words.Act { return a.Round }},
		{RoundNext, in(Round), k(" "), func(a *words.DutyActs) words.Act { return a.Next }},
		{RoundSkip, in(Round), k("n", "right"), func(a *words.DutyActs) words.Act { return a.Skip }},
		{RoundPrev, in(Round), k("p", "left"), func(a *words.DutyActs) words.Act { return a.Prev }},
		{Later, in(Round, Today), k("v"), func(a *words.DutyActs) words.Act { return a.Later }},
		{Remind, in(Waiting), k("n"), func(a *words.DutyActs) words.Act { return a.Remind }},
		{Unwait, in(Waiting), k("-"), func(a *words.DutyActs) words.Act { return a.Unwait }},

		{TakeLeave, in(Year), k("n", "+"), func(a *words.DutyActs) words.Act { return a.Leave }},
		{ShowLeaves, in(Year), k("enter", "d"), func(a *words.DutyActs) words.Act { return a.Leaves }},
		{YearPrev, in(Year), k("<", ",", "pgup"), func(a *words.DutyActs) words.Act { return a.YearPrev }},
		{YearNext, in(Year), k(">", ".", "pgdown"), func(a *words.DutyActs) words.Act { return a.YearNext }},
		{YearBox, in(Year), k("tab", "b"), func(a *words.DutyActs) words.Act { return a.Box }},
		{DayUp, in(Year), k("up", "k"), func(a *words.DutyActs) words.Act { return a.DayUp }},
		{DayDown, in(Year), k("down", "j"), func(a *words.DutyActs) words.Act { return a.DayDown }},
		{WeekLeft, in(Year), k("left", "h"), func(a *words.DutyActs) words.Act { return a.WeekLeft }},
		{WeekRight, in(Year), k("right", "l"), func(a *words.DutyActs) words.Act { return a.WeekRight }},
	} {
		word := r.word
		out = append(out, Action{ID: r.id, In: r.in, Keys: r.keys, Word: func(w *words.Words) words.Act { return word(&w.Duty.Act) }})
	}
	return out
}

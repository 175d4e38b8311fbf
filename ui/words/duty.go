package words

import "fmt"

// DutyActs are the words of what is done for the daily duty.
type DutyActs struct {
	Round, Next, Skip, Prev, Later, Remind, Unwait, Year, Leave, Leaves, YearPrev, YearNext, Box, DayUp, DayDown, WeekLeft, WeekRight Act
}

// Duty has the words of the daily check, of what one waits for, and of the year (QC 9).
type Duty struct {
	Act   DutyActs
	Round Round
	Later Later
	Year  Year
	Leave Leave

	Back, BackNote, Waitings, WaitingAge, WaitingNote, WaitingMore string // sections of the page of the day
	Unchecked, Checked, CheckedMore                                string
	Unwaited, Reminded                                             string
	NowDue, NowOver, NowBoth                                       string // told once a day
	TabOver                                                        string
	UrgentFrom                                                     string
}

// Round has the words of the page that goes through the day's letters.
type Round struct {
	Title, Progress, Empty, EmptyHint, Elsewhere, Loading   string
	Over, Due, Fresh, Back, Soon                            string
	Done, DoneAt, Tally, Month, Hint, Finishing, NotDone    string
	Answered, Excused, Put, Filed, Assigned, Looked, Termed string
}

// Later has the words of putting a letter off.
type Later struct{ Title, Reason, ReasonHint, Done string }

// Year has the words of the year at a glance.
type Year struct {
	Title, Summary, SummaryNone, Checked, Opened, Missed, Excused, Off, Ahead, Legend           string
	Received, Answered, Late, Median, Waiting, Trend, Faster, Slower, Same, NoTrend             string
	Months                                                                                      [12]string // as short as a column
	Weekdays                                                                                    [7]string  // Monday first, two letters
	Day, DayLetters, DayOff, DayMissed, DayOpened, DayChecked, DayAhead, DayWaiting, DayUnknown string
	ByServer, ByStore                                                                           string
	Minutes, Hours, Days, None                                                                  string
	LetterMissed, LetterLeave, LetterTrip                                                       string // marks of days, one column each
	Expected                                                                                    string
	Weekly, Turned                                                                              string // the line of weeks; marks of a month against the one before
}

// Leave has the words of leaves and trips.
type Leave struct {
	Title, From, Until, Kind, Note, NoteHint, DateHint, BadDate, Backwards, Save, Done, Dropped string
	Kinds                                                                                       map[string]string
	ListTitle, ListHint, New, Line                                                              string
	DropTitle, DropText, DropYes                                                                string
}

var dutyVI = Duty{
	Act: DutyActs{
		Round:     Act{"kiểm tra lần lượt", "Kiểm tra hằng ngày: xem lần lượt từng thư"},
		Next:      Act{"đã xem", "Đọc tiếp; hết thư thì ghi đã xem và sang thư sau"},
		Skip:      Act{"bỏ qua", "Sang thư sau, để thư này lại"},
		Prev:      Act{"thư trước", "Về thư trước"},
		Later:     Act{"để sau", "Để sau: thư trở lại vào ngày chọn"},
		Remind:    Act{"nhắc", "Soạn thư nhắc; thư chỉ nằm ở Thư nháp"},
		Unwait:    Act{"thôi chờ", "Không chờ phản hồi nữa"},
		Year:      Act{"cả năm", "Cả năm: ngày đã kiểm tra, thư nhận và trả lời"},
		Leave:     Act{"nghỉ, công tác", "Ghi ngày nghỉ phép hoặc đi công tác"},
		Leaves:    Act{"các kỳ nghỉ", "Xem và bỏ ngày nghỉ phép, đi công tác đã ghi"},
		YearPrev:  Act{"năm trước", "Năm trước"},
		YearNext:  Act{"năm sau", "Năm sau"},
		Box:       Act{"hộp thư khác", "Xem hộp thư khác"},
		DayUp:     Act{"ngày trước", "Ngày trước"},
		DayDown:   Act{"ngày sau", "Ngày sau"},
		WeekLeft:  Act{"tuần trước", "Tuần trước"},
		WeekRight: Act{"tuần sau", "Tuần sau"},
	},
	Round: Round{
		Title: "Kiểm tra hằng ngày", Progress: "đã xem %s, còn %s", Empty: "Không có thư nào cần xem.", EmptyHint: "Enter để về Hôm nay.",
		Elsewhere: "Thư vừa xem đã được xử lý ở nơi khác.", Loading: "đang mở thư…",
		Over: "Quá hạn", Due: "Đến hạn hôm nay", Fresh: "Mới", Back: "Trở lại hôm nay", Soon: "Sắp đến hạn",
		Done: "Đã kiểm tra lúc %s", DoneAt: "Lần kiểm tra hôm nay đã xong từ %s.", Tally: "Lần này: %s", Month: "Tháng này đã kiểm tra %s trên %s ngày làm việc.",
		Hint: "Enter về Hôm nay   Y xem cả năm", Finishing: "đang ghi…", NotDone: "Chưa ghi được lần kiểm tra này.",
		Answered: "%d trả lời", Excused: "%d không cần hồi đáp", Put: "%d để sau", Filed: "%d cất đi", Assigned: "%d giao việc", Looked: "%d đã xem", Termed: "%d đặt hạn khác",
	},
	Later: Later{Title: "Để %s thư lại đến ngày nào?", Reason: "Ghi chú", ReasonHint: "không bắt buộc", Done: "Để lại đến %s"},
	Year: Year{
		Title: "Năm %d", Summary: "Kiểm tra %s/%s ngày làm việc (%d%%), mở hộp thư %s, miễn %s", SummaryNone: "Chưa có ngày làm việc nào để tính",
		Checked: "đã kiểm tra", Opened: "chỉ mở", Missed: "bỏ lỡ", Excused: "nghỉ phép (P), công tác (C)", Off: "ngày nghỉ", Ahead: "chưa đến", Legend: "%s",
		Received: "Nhận", Answered: "Trả lời", Late: "Trễ", Median: "Trung vị", Waiting: "chờ hồi đáp: %s", Trend: "Trung vị cả năm %s; %s",
		Faster: "nhanh dần: ba tháng gần đây %s, trước đó %s", Slower: "chậm dần: ba tháng gần đây %s, trước đó %s", Same: "đều", NoTrend: "chưa đủ để so sánh",
		Months:   [12]string{"T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12"},
		Weekdays: [7]string{"Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "CN"},
		Day:      "%s: %s", DayLetters: "nhận %d, trả lời %d", DayOff: "ngày nghỉ", DayMissed: "chưa mở hộp thư", DayOpened: "mở lúc %s, chưa xong",
		DayChecked: "kiểm tra xong lúc %s", DayAhead: "chưa đến", DayUnknown: "chưa có ghi chép", DayWaiting: "còn chờ %d",
		ByServer: "theo máy chủ", ByStore: "theo máy này", Minutes: "%dp", Hours: "%dg", Days: "%dn%dg", None: "–",
		LetterMissed: "x", LetterLeave: "P", LetterTrip: "C", Expected: "lịch nghỉ dự kiến", Weekly: "theo tuần", Turned: "%s nhanh hơn, %s chậm hơn tháng trước",
	},
	Leave: Leave{
		Title: "Nghỉ phép, đi công tác", From: "Từ ngày", Until: "Đến hết ngày", Kind: "Loại", Note: "Ghi chú", NoteHint: "không bắt buộc", DateHint: "ngày/tháng, ví dụ 05/12",
		BadDate: "Chưa đọc được ngày. Gõ ngày/tháng, ví dụ 05/12.", Backwards: "Ngày cuối đứng trước ngày đầu.", Save: "ghi",
		Done: "Đã ghi: %s đến %s", Dropped: "Đã bỏ kỳ nghỉ", Kinds: map[string]string{"leave": "nghỉ phép", "trip": "đi công tác"},
		ListTitle: "Nghỉ phép, đi công tác đã ghi", ListHint: "chọn để bỏ", New: "Ghi thêm…", Line: "%s – %s",
		DropTitle: "Bỏ kỳ nghỉ này?", DropText: "Các ngày làm việc trong kỳ lại được tính vào việc kiểm tra hằng ngày.", DropYes: "bỏ",
	},
	Back: "Trở lại hôm nay", BackNote: "để lại đến hôm nay", Waitings: "Chờ phản hồi", WaitingAge: "%d ngày", WaitingNote: "lâu nhất: %s, %d ngày", WaitingMore: "và %s thư nữa",
	Unchecked: "chưa kiểm tra, còn %s thư", Checked: "đã kiểm tra lúc %s", CheckedMore: "đã kiểm tra lúc %s, thêm %s thư",
	Unwaited: "Không chờ phản hồi %s thư nữa", Reminded: "Thư nhắc nằm ở Thư nháp. Xem lại rồi gửi.",
	NowDue: "Hôm nay đến hạn %d thư", NowOver: "Quá hạn %d thư", NowBoth: "Quá hạn %d thư; hôm nay đến hạn %d thư", TabOver: "!%d",
	UrgentFrom: "Thư %s mới từ %s",
}

var dutyEN = Duty{
	Act: DutyActs{
		Round:     Act{"go through", "Daily check: go through the letters one by one"},
		Next:      Act{"seen", "Read on; at the end note it as seen and go to the next"},
		Skip:      Act{"skip", "Go to the next letter, leave this one"},
		Prev:      Act{"previous", "Back to the previous letter"},
		Later:     Act{"later", "Later: the letter comes back on a day of your choice"},
		Remind:    Act{"remind", "Write a reminder; it only lies among the drafts"},
		Unwait:    Act{"stop waiting", "Wait for this answer no more"},
		Year:      Act{"the year", "The year: days checked, letters received and answered"},
		Leave:     Act{"leave, trip", "Record leave or a business trip"},
		Leaves:    Act{"leaves", "See and drop recorded leaves and trips"},
		YearPrev:  Act{"last year", "The year before"},
		YearNext:  Act{"next year", "The year after"},
		Box:       Act{"other box", "Look at another mailbox"},
		DayUp:     Act{"day before", "The day before"},
		DayDown:   Act{"day after", "The day after"},
		WeekLeft:  Act{"week before", "The week before"},
		WeekRight: Act{"week after", "The week after"},
	},
	Round: Round{
		Title: "Daily check", Progress: "%s seen, %s left", Empty: "There is no letter to look at.", EmptyHint: "Enter goes back to Today.",
		Elsewhere: "The letter you were looking at was dealt with elsewhere.", Loading: "opening the letter…",
		Over: "Overdue", Due: "Due today", Fresh: "New", Back: "Back today", Soon: "Due soon",
		Done: "Checked at %s", DoneAt: "Today's check has been done since %s.", Tally: "This time: %s", Month: "Checked on %s of %s working days this month.",
		Hint: "Enter back to Today   Y the year", Finishing: "recording…", NotDone: "This check could not be recorded.",
		Answered: "%d answered", Excused: "%d need no reply", Put: "%d put off", Filed: "%d filed", Assigned: "%d assigned", Looked: "%d seen", Termed: "%d with another term",
	},
	Later: Later{Title: "Put %s {letter|letters} off until when?", Reason: "Note", ReasonHint: "optional", Done: "Put off until %s"},
	Year: Year{
		Title: "Year %d", Summary: "Checked %s/%s working days (%d%%), opened %s, excused %s", SummaryNone: "No working day to count yet",
		Checked: "checked", Opened: "only opened", Missed: "missed", Excused: "leave (L), trip (T)", Off: "day off", Ahead: "to come", Legend: "%s",
		Received: "In", Answered: "Answers", Late: "Late", Median: "Median", Waiting: "unanswered: %s", Trend: "Median of the year %s; %s",
		Faster: "getting faster: last three months %s, before %s", Slower: "getting slower: last three months %s, before %s", Same: "steady", NoTrend: "not enough to compare",
		Months:   [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		Weekdays: [7]string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"},
		Day:      "%s: %s", DayLetters: "%d in, %d answered", DayOff: "day off", DayMissed: "mailbox not opened", DayOpened: "opened at %s, not finished",
		DayChecked: "check finished at %s", DayAhead: "to come", DayUnknown: "not recorded", DayWaiting: "%d waiting",
		ByServer: "as the server saw it", ByStore: "as this computer saw it", Minutes: "%dm", Hours: "%dh", Days: "%dd%dh", None: "–",
		LetterMissed: "x", LetterLeave: "L", LetterTrip: "T", Expected: "holidays as expected", Weekly: "by week", Turned: "%s faster, %s slower than the month before",
	},
	Leave: Leave{
		Title: "Leave, business trip", From: "From", Until: "To the end of", Kind: "Kind", Note: "Note", NoteHint: "optional", DateHint: "day/month, as 05/12",
		BadDate: "That is no day. Type day/month, as 05/12.", Backwards: "The last day stands before the first.", Save: "record",
		Done: "Recorded: %s to %s", Dropped: "Leave dropped", Kinds: map[string]string{"leave": "leave", "trip": "business trip"},
		ListTitle: "Recorded leaves and trips", ListHint: "choose one to drop it", New: "Record another…", Line: "%s – %s",
		DropTitle: "Drop this leave?", DropText: "Its working days count for the daily check again.", DropYes: "drop",
	},
	Back: "Back today", BackNote: "put off until today", Waitings: "Waiting for an answer", WaitingAge: "%d {day|days}", WaitingNote: "longest: %s, %d {day|days}", WaitingMore: "and %s more",
	Unchecked: "not checked, %s left", Checked: "checked at %s", CheckedMore: "checked at %s, %s more",
	Unwaited: "Waiting for an answer to %s {letter|letters} no more", Reminded: "The reminder lies among the drafts. Look it over and send it.",
	NowDue: "%d {letter is|letters are} due today", NowOver: "%d {letter is|letters are} overdue", NowBoth: "%d overdue; %d due today", TabOver: "!%d",
	UrgentFrom: "%s letter from %s",
}

// Took writes minutes so that they fit a narrow column: 45p, 7g, 2n3g; a dash for less than none.
func (w *Words) Took(minutes int) string {
	said := w.Duty.Year
	switch {
	case minutes < 0:
		return said.None
	case minutes < 90:
		return fmt.Sprintf(said.Minutes, minutes)
	case minutes < 24*60:
		return fmt.Sprintf(said.Hours, (minutes+30)/60)
	}
	return fmt.Sprintf(said.Days, minutes/(24*60), minutes%(24*60)/60)
}

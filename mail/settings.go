package mail

import "time"

// Settings are what the person can change in the program.
type Settings struct {
	Language   string // "vi", "en"
	Theme      string // "dark", "light", "contrast", "mono"
	ASCII      bool   // marks in ASCII letters
	Mouse      bool
	Notify     string        // "off", "bell", "osc9", "osc777"
	Undo       time.Duration // time to take a sent letter back
	Editor     string        // external editor, "" for $VISUAL, $EDITOR
	ReplyDays  int           // working days to answer in (D8)
	Downloads  string        // folder where attachments are saved
	View       View          // how boxes open
	CheckFiles bool          // ask when the text speaks of an attachment and there is none
	Typing     string        // Vietnamese without an input method: "off", "telex", "telex-w", "vni", "viqr"
	Tones      string        // where they stand: "old" (hòa), "new" (hoà)

	StrictOutside bool // a mention of secrecy to a recipient outside the system is blocked, not asked (QC 8.2)
}

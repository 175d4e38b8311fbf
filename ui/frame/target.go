package frame

import (
	"hopthu/mail"
	"hopthu/ui/keys"
)

// Target is a page one can go to. Pages never import each other: they name a target, and the root finds its maker.
type Target interface {
	// Make makes the page; nil if its maker is not there.
	Make(p Pages, env Env) Page
}

// Pages has one maker for each target. cmd fills it.
type Pages struct {
	Today    func(Env, OpenToday) Page
	Box      func(Env, OpenBox) Page
	Letter   func(Env, OpenLetter) Page
	Compose  func(Env, OpenCompose) Page
	Drafts   func(Env, OpenDrafts) Page
	Outbox   func(Env, OpenOutbox) Page
	Settings func(Env, OpenSettings) Page
	Start    func(Env, OpenStart) Page
	Password func(Env, OpenPassword) Page
	Help     func(Env, OpenHelp) Page
	Dispatch func(Env, OpenDispatch) Page
	Register func(Env, OpenRegister) Page

	Regulation func(Env, OpenRegulation) Page
	Round      func(Env, OpenRound) Page
	Year       func(Env, OpenYear) Page
	Agency     func(Env, OpenAgency) Page
}

// Targets.
type (
	// OpenToday is the desk of the day.
	OpenToday struct{}
	// OpenBox is the list of letters of one account. Folder 0 is the inbox.
	OpenBox struct {
		Account mail.AccountID
		Folder  mail.FolderID
		Filter  mail.Filter
		Find    bool // begin with the search field open
	}
	// OpenLetter is one letter; Row is the list it stands in, for next and previous.
	OpenLetter struct {
		ID  mail.LetterID
		Row []mail.LetterID
	}
	// OpenCompose writes: a new letter, an answer to Origin, a kept draft, a recalled letter, or a mailto: URL.
	OpenCompose struct {
		Account mail.AccountID // "" lets the page choose
		Kind    mail.DraftKind
		Origin  mail.LetterID
		Draft   mail.DraftID
		Letter  *mail.DraftLetter // a draft at hand
		Mailto  string
	}
	// OpenDrafts lists drafts.
	OpenDrafts struct{}
	// OpenOutbox lists letters on their way.
	OpenOutbox struct{}
	// OpenSettings changes the program's settings and accounts.
	OpenSettings struct{}
	// OpenStart signs an account in: the first one, or a further one; Account is filled when it is known already. Then is
	// what opens when the box does, nil for nothing: the letter of a mailto: link that came before the first account.
	OpenStart struct {
		Account *mail.Account
		Then    Target
	}
	// OpenPassword changes a password. Forced: it must be changed before the box opens; Old is then what was typed, Then
	// as with OpenStart.
	OpenPassword struct {
		Account mail.Account
		Forced  bool
		Old     string
		Then    Target
	}
	// OpenDispatch sends out a document (QC 7.1a): a new one, or the one begun in Draft. Account "" lets the page choose.
	OpenDispatch struct {
		Account mail.AccountID
		Draft   mail.DraftID
	}
	// OpenRegister is the sổ văn bản đi; Entry is the line to stand on, opened.
	OpenRegister struct{ Entry mail.RegisterID }
	// OpenRound goes through the letters of the day's check.
	OpenRound struct{}
	// OpenYear is the year of an account at a glance; "" is the one shown.
	OpenYear struct{ Account mail.AccountID }
	// OpenHelp shows the keys of these contexts.
	OpenHelp struct{ Contexts []keys.Context }
	// OpenRegulation shows the regulation at a clause, cited as findings do ("QC 7.1b"); "" is its beginning.
	OpenRegulation struct{ Clause string }
)

func makePage[T any](maker func(Env, T) Page, env Env, t T) Page {
	if maker == nil {
		return nil
	}
	return maker(env, t)
}

// Make makes the page of the day.
func (t OpenToday) Make(p Pages, env Env) Page { return makePage(p.Today, env, t) }

// Make makes the list of letters.
func (t OpenBox) Make(p Pages, env Env) Page { return makePage(p.Box, env, t) }

// Make makes the page of one letter.
func (t OpenLetter) Make(p Pages, env Env) Page { return makePage(p.Letter, env, t) }

// Make makes the page where one writes.
func (t OpenCompose) Make(p Pages, env Env) Page { return makePage(p.Compose, env, t) }

// Make makes the list of drafts.
func (t OpenDrafts) Make(p Pages, env Env) Page { return makePage(p.Drafts, env, t) }

// Make makes the list of letters on their way.
func (t OpenOutbox) Make(p Pages, env Env) Page { return makePage(p.Outbox, env, t) }

// Make makes the settings page.
func (t OpenSettings) Make(p Pages, env Env) Page { return makePage(p.Settings, env, t) }

// Make makes the page of signing in.
func (t OpenStart) Make(p Pages, env Env) Page { return makePage(p.Start, env, t) }

// Make makes the page of changing a password.
func (t OpenPassword) Make(p Pages, env Env) Page { return makePage(p.Password, env, t) }

// Written is where a letter that came back from the outbox is written on: a document goes on its way again.
func Written(d mail.DraftLetter) Target {
	if d.Kind == mail.DraftDispatch {
		return OpenDispatch{Account: d.Account, Draft: d.ID}
	}
	return OpenCompose{Account: d.Account, Kind: d.Kind, Letter: &d}
}

// Make makes the page that sends out documents.
func (t OpenDispatch) Make(p Pages, env Env) Page { return makePage(p.Dispatch, env, t) }

// Make makes the sổ văn bản đi.
func (t OpenRegister) Make(p Pages, env Env) Page { return makePage(p.Register, env, t) }

// Make makes the help page.
func (t OpenHelp) Make(p Pages, env Env) Page { return makePage(p.Help, env, t) }

// Make makes the page of the regulation.
func (t OpenRegulation) Make(p Pages, env Env) Page { return makePage(p.Regulation, env, t) }

// Make makes the page of the day's check.
func (t OpenRound) Make(p Pages, env Env) Page { return makePage(p.Round, env, t) }

// Make makes the page of the year.
func (t OpenYear) Make(p Pages, env Env) Page { return makePage(p.Year, env, t) }

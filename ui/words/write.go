package words

// Write has the words of the pages where one writes.
type Write struct {
	Act      WriteActs
	Start    Start
	Password Password
	Compose  Compose
	Files    Files
	Drafts   Drafts
	Outbox   Outbox
	Settings Settings
}

var writeVI = Write{
	Act: writeActsVI, Start: startVI, Password: passwordVI, Compose: composeVI, Files: filesVI, Drafts: draftsVI, Outbox: outboxVI,
	Settings: settingsVI,
}

var writeEN = Write{
	Act: writeActsEN, Start: startEN, Password: passwordEN, Compose: composeEN, Files: filesEN, Drafts: draftsEN, Outbox: outboxEN,
	Settings: settingsEN,
}

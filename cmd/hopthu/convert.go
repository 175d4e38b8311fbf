package main

import (
	"time"

	"hopthu/config"
	"hopthu/mail"
	"hopthu/mail/rule"
)

// The settings file and the program's nouns know nothing of each other; these are the bridges.

func settingsOf(c config.Client) mail.Settings {
	s := mail.Settings{
		Language: c.Language, Theme: c.Theme, ASCII: c.ASCII, Mouse: c.Mouse, Notify: c.Notify, Undo: time.Duration(c.Undo),
		Editor: c.Editor, ReplyDays: c.ReplyDays, Downloads: c.Downloads, CheckFiles: c.CheckFiles,
		Typing: c.Typing, Tones: c.Tones, StrictOutside: c.StrictOutside,
	}
	if c.View == "conversations" {
		s.View = mail.Conversations
	}
	return s
}

func accountsOf(c config.Client) []mail.Account {
	var out []mail.Account
	for _, a := range c.Accounts {
		scope, _ := mail.ParseScope(a.Scope) // the settings were checked when they were read
		out = append(out, mail.Account{
			ID: mail.AccountID(a.ID), Address: a.Address, Login: a.Login, Name: a.Name, Agency: a.Agency, Official: a.Official, Aliases: a.Aliases,
			IMAP: endpointOf(a.IMAP), SMTP: endpointOf(a.SMTP), Office: a.Office, CAFile: a.CAFile, Signature: a.Signature,
			As: a.As, Holder: mail.AccountID(a.Holder), Scope: scope, Until: a.Until, Shared: a.Shared, Person: mail.Person(a.Person),
		})
	}
	return out
}

// calendarOf is the administration's calendar with the agency's own days over it.
func calendarOf(c config.Client) *rule.Calendar {
	var own []rule.OwnDay
	for _, d := range c.Days {
		day, err := time.ParseInLocation(time.DateOnly, d.Date, rule.Zone)
		if err != nil {
			continue // the settings were checked when they were read
		}
		own = append(own, rule.OwnDay{Day: day, Name: d.Name, Work: d.Work})
	}
	return rule.VietNam().With(own)
}

func endpointOf(e config.Endpoint) mail.Endpoint {
	return mail.Endpoint{Host: e.Host, Port: e.Port, Security: mail.Security(e.Security)}
}

func configOf(s mail.Settings, accounts []mail.Account) config.Client {
	c := config.Client{
		Language: s.Language, Theme: s.Theme, ASCII: s.ASCII, Mouse: s.Mouse, Notify: s.Notify, Undo: config.Duration(s.Undo),
		Editor: s.Editor, ReplyDays: s.ReplyDays, Downloads: s.Downloads, View: "flat", CheckFiles: s.CheckFiles,
		Typing: s.Typing, Tones: s.Tones, StrictOutside: s.StrictOutside,
	}
	if s.View == mail.Conversations {
		c.View = "conversations"
	}
	for _, a := range accounts {
		c.Accounts = append(c.Accounts, config.Account{
			ID: string(a.ID), Address: a.Address, Login: a.Login, Name: a.Name, Agency: a.Agency, Official: a.Official, Aliases: a.Aliases,
			IMAP: endpointIn(a.IMAP), SMTP: endpointIn(a.SMTP), Office: a.Office, CAFile: a.CAFile, Signature: a.Signature,
			As: a.As, Holder: string(a.Holder), Scope: a.Scope.Code(), Until: a.Until, Shared: a.Shared, Person: config.Person(a.Person),
		})
	}
	return c
}

func endpointIn(e mail.Endpoint) config.Endpoint {
	return config.Endpoint{Host: e.Host, Port: e.Port, Security: string(e.Security)}
}

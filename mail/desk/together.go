package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/store"
)

// lookWait is how long a look at what the others do may hold a letter up that is about to go.
const lookWait = 4 * time.Second

// Codes of findings in an agency's box.
const (
	codeScope    = "delegation-scope" // the delegation does not cover this letter
	codeAnswered = "answered-already" // somebody else has answered; Text is his name
	codeWriting  = "being-answered"   // somebody else is writing the answer; Text is his name
	codeNotAsked = "not-asked"        // nobody could say whether somebody else has answered
)

// isReply reports whether a draft answers a letter.
func isReply(dr mail.DraftLetter) bool {
	return (dr.Kind == mail.DraftReply || dr.Kind == mail.DraftReplyAll) && dr.InReplyTo != ""
}

// scopeFindings says whether the delegation covers a letter; the server decides the same again (QC 14.1).
func scopeFindings(a mail.Account, reply bool) []mail.Finding {
	need := mail.ScopeIssue
	if reply {
		need = mail.ScopeAnswer
	}
	if a.May(need) {
		return nil
	}
	return []mail.Finding{{Verdict: mail.Block, Code: codeScope, Clause: clauseDelegation}}
}

// togetherFindings are those of a letter that leaves a box that several people work in.
func (d *Desk) togetherFindings(ctx context.Context, a mail.Account, dr mail.DraftLetter) ([]mail.Finding, error) {
	if !a.Together() {
		return nil, nil
	}
	found := scopeFindings(a, isReply(dr))
	if !isReply(dr) || dr.Origin == 0 || len(found) > 0 {
		return found, nil
	}
	asked := d.look(ctx, a, dr.Origin)
	by, writing, err := d.otherHand(ctx, a, dr.Origin)
	switch {
	case mail.KindOf(err) == mail.Gone:
		return found, nil
	case err != nil:
		return nil, err
	case by != "":
		found = append(found, mail.Finding{Verdict: mail.Ask, Code: codeAnswered, Clause: clauseWork, Text: by})
	case writing != "":
		found = append(found, mail.Finding{Verdict: mail.Ask, Code: codeWriting, Clause: clauseWork, Text: writing})
	case !asked:
		found = append(found, mail.Finding{Verdict: mail.Ask, Code: codeNotAsked, Clause: clauseWork})
	}
	return found, nil
}

// otherHand says who else has answered a letter, and who else is writing. "?" is somebody without a name: a mark says so, set by
// who knows what client.
func (d *Desk) otherHand(ctx context.Context, a mail.Account, id mail.LetterID) (answered, writing string, err error) {
	h, err := d.store.Head(ctx, id)
	if err != nil {
		return "", "", err
	}
	w, err := d.store.Work(ctx, id)
	if err != nil {
		return "", "", err
	}
	// What was done here and the office does not know yet stands on top of what it said: it hides no answer.
	agreed, err := d.store.AgreedWork(ctx, id)
	if err != nil {
		return "", "", err
	}
	if agreed.State == mail.WorkAnswered {
		w.AnsweredBy = agreed.AnsweredBy
	}
	if h.State == mail.WorkAnswered || agreed.State == mail.WorkAnswered {
		switch by := w.AnsweredBy; {
		case strings.EqualFold(by.Addr, a.Person.Addr) && by.Addr != "":
		case by.Name != "":
			answered = by.Name
		case by.Addr != "":
			answered = by.Addr
		default:
			mine, err := d.store.SentAnswers(ctx, a.ID, id)
			if err != nil {
				return "", "", err
			}
			if !mine {
				answered = "?"
			}
		}
	}
	return answered, h.Writing, nil
}

// look asks what the others have done, for as long as a person waits gladly: the office, and where that does not answer the marks of
// the letter and the letters in Sent. It reports whether anybody could be asked.
func (d *Desk) look(ctx context.Context, a mail.Account, id mail.LetterID) bool {
	e, ok := d.engine(a.ID)
	if !ok || e.follower == nil {
		return false
	}
	err := error(&mail.Fault{Kind: mail.NoServer, Op: "look for answer"})
	if !a.Shared {
		err = within(ctx, lookWait, e.follower.Look)
	}
	if state := d.stateOf(a.ID); err != nil && (state == mail.Ready || state == mail.Syncing) { // else it would only wait in vain
		err = within(ctx, lookWait, func(ctx context.Context) error { return e.Look(ctx, id) })
	}
	if err != nil {
		d.o.Log.Info("work of the others not read before sending", "kind", mail.KindOf(err))
	}
	return err == nil || mail.KindOf(err) == mail.Gone
}

// within gives a question that long.
func within(ctx context.Context, wait time.Duration, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return ask(ctx)
}

// ready is asked by the outbox right before a letter leaves. An answer that waited, for its undo time or for the network, does not
// go when somebody else has answered meanwhile: it comes back as a draft, and the person is told who it was.
func (d *Desk) ready(ctx context.Context, o store.Outgoing) error {
	a, err := d.account(o.Item.Account)
	if err != nil || !a.Together() || o.Answers == 0 || o.Forwards {
		return nil //nolint:nilerr // without its account there is no sender either
	}
	if strings.TrimSpace(o.Reasons[codeAnswered]) != "" {
		return nil // he knew
	}
	asked := d.look(ctx, a, o.Answers)
	by, _, err := d.otherHand(ctx, a, o.Answers)
	switch {
	case mail.KindOf(err) == mail.Gone:
		return nil
	case err != nil:
		return err
	case by != "":
		return &mail.Fault{Kind: mail.Conflict, Op: "send letter", Detail: by}
	case !asked && a.Shared && strings.TrimSpace(o.Reasons[codeNotAsked]) == "": // nobody else looks: it waits
		return &mail.Fault{Kind: mail.NoServer, Op: "look for answer"}
	}
	return nil
}

// readable keeps the letters in whose boxes the person may set marks: where he may only read, that he read leaves no trace.
func (d *Desk) readable(heads []mail.Head) []mail.LetterID {
	var ids []mail.LetterID
	for _, h := range heads {
		if a, err := d.account(h.Account); err != nil || a.May(mail.ScopeAnswer) {
			ids = append(ids, h.ID)
		}
	}
	return slices.Clip(ids)
}

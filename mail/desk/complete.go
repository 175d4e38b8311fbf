package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"hopthu/mail"
	"hopthu/mail/rule"
	"hopthu/mail/viet"
)

const (
	// directoryLimit is how long completion waits for a server whose directory is not kept here; history answers at once.
	directoryLimit = 1500 * time.Millisecond
	// muteFor is how long a directory that did not answer is not asked again: history need not wait for it at each key.
	muteFor = 30 * time.Second

	historyShown   = 8
	directoryShown = 20
)

// Complete implements frame.Desk: history first, by use, then the public directory (QC 6). The directory's entry wins
// where both know an address: it knows post and unit, which tell namesakes apart (QC 4.2). Namesakes of whoever is offered
// are offered as well, next to him: used once is not meant again.
func (d *Desk) Complete(ctx context.Context, account mail.AccountID, typed string) ([]mail.Contact, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return nil, nil
	}
	out, err := d.store.Contacts(ctx, viet.Fold(typed), historyShown)
	if err != nil {
		return nil, err
	}
	a, err := d.account(account)
	if err != nil {
		return out, nil //nolint:nilerr // without an account there is only history
	}
	held, err := d.published(ctx, account)
	if err != nil {
		return nil, err
	}
	if held == nil {
		return mergeContacts(out, d.askContacts(ctx, a, typed)), nil
	}
	var found []mail.Contact
	for _, c := range out {
		if e, ok := held.index.ByKey(held.boxes[rule.WireForm(c.Address.Addr)]); ok {
			found = append(found, contactOf(e))
			found = append(found, namesakes(held.index, e.Name)...)
		} else if c.Address.Name != "" {
			found = append(found, namesakes(held.index, c.Address.Name)...)
		}
	}
	for _, e := range held.index.Complete(typed, directoryShown) {
		found = append(found, contactOf(e))
	}
	return mergeContacts(out, found), nil
}

// namesakes are the persons of this very name.
func namesakes(x *rule.Index, name string) []mail.Contact {
	var out []mail.Contact
	for _, m := range x.Lookup(name) {
		if m.Kind == rule.ListedPerson && m.Address != "" && m.Confidence >= 90 {
			out = append(out, contactOf(m.Listed))
		}
	}
	return out
}

func contactOf(e rule.Listed) mail.Contact {
	return mail.Contact{Address: mail.Address{Name: e.Name, Addr: rule.WireForm(e.Address)}, Post: e.Post, Unit: e.Unit, Source: "directory"}
}

// mergeContacts puts what the directory found behind history, each box once; what has the name of somebody in history
// stands behind him.
func mergeContacts(history, found []mail.Contact) []mail.Contact {
	taken := map[string]bool{}
	byBox := map[string]mail.Contact{}
	for _, c := range found {
		byBox[rule.WireForm(c.Address.Addr)] = c
	}
	var out []mail.Contact
	add := func(c mail.Contact) {
		if box := rule.WireForm(c.Address.Addr); !taken[box] {
			taken[box] = true
			out = append(out, c)
		}
	}
	for _, h := range history {
		if c, ok := byBox[rule.WireForm(h.Address.Addr)]; ok {
			c.Used = h.Used
			h = c
		}
		add(h)
		for _, c := range found {
			if h.Address.Name != "" && viet.Fold(c.Address.Name) == viet.Fold(h.Address.Name) {
				i := slices.IndexFunc(history, func(x mail.Contact) bool { return rule.WireForm(x.Address.Addr) == rule.WireForm(c.Address.Addr) })
				if i >= 0 {
					c.Used = history[i].Used
				}
				add(c)
			}
		}
	}
	for _, c := range found {
		add(c)
	}
	return out
}

// askContacts asks the server itself; it is a help, without it history still answers.
func (d *Desk) askContacts(ctx context.Context, a mail.Account, typed string) []mail.Contact {
	if a.Office == "" || len([]rune(typed)) < 2 || !d.directoryAnswers() {
		return nil
	}
	ask, cancel := context.WithTimeout(ctx, directoryLimit)
	defer cancel()
	found, err := d.o.Network.Directory(ask, a, typed)
	if err != nil {
		if ctx.Err() == nil {
			d.mu.Lock()
			d.mute = d.o.Clock.Now()
			d.mu.Unlock()
			d.o.Log.Info("directory did not answer", "kind", mail.KindOf(err))
		}
		return nil
	}
	return found
}

func (d *Desk) directoryAnswers() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	since := d.o.Clock.Now().Sub(d.mute)
	return d.mute.IsZero() || since < 0 || since >= muteFor
}

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hopthu/cmd/hopthu/province"
	"hopthu/config"
	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/letter"
	"hopthu/mail/outbox"
	"hopthu/mail/rule"
	"hopthu/mail/server"
	"hopthu/mail/wire"
)

// fillAgency lets three people work in the box of Me's agency, by written authorizations of its head.
func (d *demo) fillAgency(ctx context.Context) error {
	if _, err := d.admin.SetHead(ctx, province.Me.Unit, d.book[province.Head.Name]); err != nil {
		return fmt.Errorf("name head: %w", err)
	}
	for _, x := range province.Delegates() {
		_, err := d.admin.Delegate(ctx, mail.Delegation{
			Box: d.book[province.Me.Unit], Person: mail.Person{Addr: d.book[x.Name]}, Document: x.Document, Dated: d.admin.Today(), Scope: x.Scope, Chief: x.Chief,
		})
		if err != nil {
			return fmt.Errorf("delegate: %w", err)
		}
	}
	return nil
}

// running is what a second seat must know of the demo that runs. The file lives as long as it does; only the person can read it.
// The passwords are made anew at each start, and open nothing but the demo on this computer.
type running struct {
	Addrs server.Addrs  `json:"addrs"`
	Seats []runningSeat `json:"seats"`
}

type runningSeat struct {
	Name     string `json:"name"`
	Post     string `json:"post"`
	Addr     string `json:"addr"`
	Password string `json:"password"`
}

func runningFile(dir string) string { return filepath.Join(dir, "running.json") }

// openSeats gives the people of Me's agency passwords for this run, and says in the demo's folder how to reach it.
func (d *demo) openSeats(ctx context.Context) error {
	now := running{Addrs: d.addrs}
	for _, p := range province.People() {
		if p.Unit != province.Me.Unit || p.Name == province.Me.Name {
			continue
		}
		b := make([]byte, 16)
		if _, err := rand.Read(b); err != nil {
			return fmt.Errorf("make password: %w", err)
		}
		s := runningSeat{Name: p.Name, Post: p.Post, Addr: d.book[p.Name], Password: hex.EncodeToString(b)}
		if err := d.admin.SetPassword(ctx, s.Addr, s.Password); err != nil {
			return fmt.Errorf("open seat: %w", err)
		}
		now.Seats = append(now.Seats, s)
	}
	d.seats = now.Seats
	text, err := json.Marshal(now)
	if err != nil {
		return fmt.Errorf("write seats: %w", err)
	}
	return config.WriteFile(runningFile(d.dir), text)
}

func (d *demo) closeSeats() error {
	if err := os.Remove(runningFile(d.dir)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("close seats: %w", err)
	}
	return nil
}

// Times of what the colleagues do in the agency's box, each after the one before.
const (
	workFirst  = 4 * time.Second
	workClaim  = 15 * time.Second
	workAssign = 20 * time.Second
	workNote   = 15 * time.Second
	workRenew  = 25 * time.Second
	workAnswer = 30 * time.Second
	workEvery  = 10 * time.Minute
)

// crew are the colleagues at work in the agency's box, each under his own login, through the same doors as everybody.
type crew struct {
	d    *demo
	a    *app
	box  mail.Account // in which Me works
	boss *wire.Bureau
	hung *wire.Bureau
	dao  *wire.Bureau
	seen bool // letters of the box have come
}

// colleagues work in the agency's box until ctx ends, once Me has it open.
func (d *demo) colleagues(ctx context.Context, a *app) {
	c := &crew{d: d, a: a}
	for c.box.As == "" {
		if !pause(ctx, lookEvery) {
			return
		}
		for _, x := range a.desk.Accounts() {
			if x.As != "" {
				c.box = x
			}
		}
	}
	c.boss, c.hung, c.dao = c.bureau(province.Head.Name), c.bureau("Trần Văn Hùng"), c.bureau("Đặng Thị Đào")
	for {
		if err := c.round(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("colleague's work not done", "kind", mail.KindOf(err), "err", err)
		}
		if !pause(ctx, workEvery) {
			return
		}
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// login is a colleague's own account, or the one in which he works for the agency.
func (c *crew) login(name, as string) (mail.Account, wire.Secret) {
	a := c.d.accountOf(name, "")
	a.As = as
	return a, func(context.Context) (string, error) {
		for _, s := range c.d.seats {
			if s.Name == name {
				return s.Password, nil
			}
		}
		return "", fmt.Errorf("no seat of %s", name)
	}
}

func (c *crew) bureau(name string) *wire.Bureau { return c.a.wire.Bureau(c.login(name, "")) }

// free are letters of the box that nobody has, newest first, without the one that is left for Me.
func (c *crew) free(ctx context.Context) ([]mail.Head, error) {
	ids, err := c.a.desk.ListWork(ctx, c.box.ID, "-", mail.WorkOpen)
	if err != nil {
		return nil, err
	}
	heads, err := c.a.desk.Heads(ctx, ids)
	out := heads[:0]
	for _, h := range heads {
		if h.Writing == "" && h.Subject != province.Quiet && len(h.From) > 0 && h.From[0].Domain() == province.Domain {
			out = append(out, h)
		}
	}
	return out, err
}

func (c *crew) act(ctx context.Context, who *wire.Bureau, h mail.Head, act api.Act) error {
	act.ID, act.Box, act.Key = newID(), c.box.As, mail.LetterKey(h)
	w, err := c.a.desk.Work(ctx, h.ID)
	if err != nil {
		return err
	}
	act.Saw = w.Version
	_, err = who.Act(ctx, act)
	return err
}

// round is one piece of everybody's day: Hùng and Đào take letters; Hùng begins an answer, which Me sees, and sends it; the head
// gives Me a letter; Đào leaves a note.
func (c *crew) round(ctx context.Context) error {
	var free []mail.Head
	for len(free) < 4 {
		if !pause(ctx, workFirst) {
			return nil
		}
		var err error
		if free, err = c.free(ctx); err != nil {
			return err
		}
		if c.seen && len(free) < 4 {
			return nil // the box is nearly worked off
		}
		c.seen = len(free) > 0
	}
	answer, given, noted, taken := free[0], free[1], free[2], free[3]
	due := rule.VietNam().AddWorkdays(time.Now(), 2)
	for _, step := range []struct {
		after time.Duration
		do    func() error
	}{
		{0, func() error {
			return errors.Join(c.act(ctx, c.hung, answer, api.Act{Do: api.ActTake}), c.act(ctx, c.dao, taken, api.Act{Do: api.ActTake}))
		}},
		{workClaim, func() error { return c.act(ctx, c.hung, answer, api.Act{Do: api.ActClaim}) }},
		{workAssign, func() error {
			return c.act(ctx, c.boss, given, api.Act{
				Do: api.ActAssign, To: c.d.book[province.Me.Name], Due: rule.EndOfDay(due), Text: "Chị Hà tham mưu trả lời, trình tôi trước hạn.",
			})
		}},
		{workNote, func() error {
			return c.act(ctx, c.dao, noted, api.Act{Do: api.ActNote, Text: "Tôi đã gọi điện hỏi lại đơn vị, chiều nay họ gửi bổ sung số liệu."})
		}},
		{workRenew, func() error { return c.act(ctx, c.hung, answer, api.Act{Do: api.ActClaim}) }},
		{workAnswer, func() error { return c.answer(ctx, answer) }},
	} {
		if !pause(ctx, step.after) {
			return nil
		}
		if err := step.do(); err != nil {
			if mail.KindOf(err) == mail.Conflict { // Me was quicker: as it should be
				continue
			}
			return err
		}
	}
	return nil
}

// answer sends Hùng's answer in the agency's name.
func (c *crew) answer(ctx context.Context, h mail.Head) error {
	const who = "Trần Văn Hùng"
	var buf bytes.Buffer
	from := mail.Address{Name: c.box.Name, Addr: c.box.As}
	sender := c.d.book.Addr(who)
	err := letter.Write(&buf, letter.Draft{
		From: from, Sender: &sender, To: h.From, Subject: letter.ReplySubject(h.Subject), MessageID: newID(), Date: time.Now(), UTF8: true,
		Body:      "Kính gửi: " + h.From[0].Short() + ".\n\n" + c.box.Name + " đã nhận được văn bản của quý đơn vị và thống nhất với nội dung nêu trong văn bản.\n\nTrân trọng./.\n",
		InReplyTo: h.MessageID, References: append(append([]string(nil), h.References...), h.MessageID),
	})
	if err != nil {
		return fmt.Errorf("write demo answer: %w", err)
	}
	e := outbox.Envelope{From: from.Addr, To: []string{strings.ToLower(h.From[0].Addr)}}
	_, err = c.a.wire.Sender(c.login(who, c.box.As)).Send(ctx, e, int64(buf.Len()), &buf)
	return err
}

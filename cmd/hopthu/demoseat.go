package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hopthu/cmd/hopthu/province"
	"hopthu/config"
	"hopthu/mail/store"
	"hopthu/mail/viet"
)

// seatAlive is how long a demo on this computer may take to answer a second seat.
const seatAlive = 5 * time.Second

// demoSeat opens the client of another person on the demo that runs in dir. Nothing of the seat stays when it is left.
func (r *root) demoSeat(ctx context.Context, dir, as string) (err error) {
	text, err := os.ReadFile(runningFile(dir)) //nolint:gosec // the person's own folder
	var now running
	if err == nil {
		err = json.Unmarshal(text, &now)
	}
	if err == nil {
		err = alive(ctx, now.Addrs.IMAP)
	}
	if err != nil { // none was started, or it was killed
		r.say("%s", r.c.DemoNotRunning)
		return exit(exitFailed)
	}
	who, ok := r.pickSeat(now.Seats, as)
	if !ok {
		return exit(exitFailed)
	}
	dirs := config.Under(filepath.Join(dir, "seats", strings.ReplaceAll(who.Addr, "&", "-")))
	lock, err := store.TakeLock(ctx, storeFile(dirs)) // a seat is taken once
	if err != nil {
		return err
	}
	if err := errors.Join(lock.Drop(), os.RemoveAll(dirs.Data), os.RemoveAll(dirs.Config), os.RemoveAll(dirs.State)); err != nil {
		return fmt.Errorf("clear seat: %w", err)
	}
	a, err := r.open(ctx, dirs, openMode{service: "hopthu-demo", noRing: true})
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, a.close(), os.RemoveAll(dirs.Data), os.RemoveAll(dirs.Config), os.RemoveAll(dirs.State))
	}()
	d := &demo{r: r, dir: dir, addrs: now.Addrs, book: province.Book{who.Name: who.Addr}}
	if _, err := a.desk.SignIn(ctx, d.accountOf(who.Name, who.Post), who.Password); err != nil {
		return err
	}
	a.files = d.sampleFolder()
	return r.show(ctx, a, nil)
}

// alive reports whether something still listens where the demo did.
func alive(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, seatAlive)
	defer cancel()
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	return c.Close()
}

// pickSeat finds the one person whose name has these words in it, marks or not; it says who can be chosen when it is not one.
func (r *root) pickSeat(seats []runningSeat, as string) (runningSeat, bool) {
	names := make([]string, 0, len(seats))
	var found []runningSeat
	for _, s := range seats {
		names = append(names, s.Name)
		if viet.NFC(as) == s.Name {
			return s, true
		}
		if strings.Contains(" "+viet.Fold(s.Name), " "+viet.Fold(strings.TrimSpace(as))) {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		marked := found[:0:0]
		for _, s := range found { // "Hùng" is not "Hưng"
			if strings.Contains(strings.ToLower(s.Name), strings.ToLower(viet.NFC(strings.TrimSpace(as)))) {
				marked = append(marked, s)
			}
		}
		found = marked
	}
	if len(found) != 1 {
		r.say(r.c.NoSuchSeat, printable(as), strings.Join(names, ", "))
		return runningSeat{}, false
	}
	return found[0], true
}

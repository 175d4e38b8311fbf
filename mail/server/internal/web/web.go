// Package web is the HTTPS door: the office API of mail/api, and the change of one's own password as a plain HTML form.
//
// Laws: no secret in a URL, a log or an answer; every body has a limit; pages run no script and load nothing from
// elsewhere; it decides nothing about who may do what.
package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/api"
	"hopthu/mail/server/internal/office"
	"hopthu/mail/server/internal/register"
)

// Limits of the door.
const (
	maxBody      = 16 << 10
	maxQuery     = 200
	maxEntries   = 100
	refusalDelay = 1500 * time.Millisecond
)

// Options says what the door is handed.
type Options struct {
	Register *register.Register
	Office   *office.Office
	Info     api.Info
	Rand     io.Reader // crypto/rand.Reader
	Health   func(context.Context) error
	Delay    func(context.Context, time.Duration) // slows a refusal down
	Now      func() time.Time
	Log      *slog.Logger
}

type door struct {
	opt      Options
	list     *listing
	tokens   *tokens
	stopping chan struct{} // closed when the server takes no more requests
}

// New gives the server of the door; the caller gives it a listener whose connections are past their handshake.
func New(o Options) *http.Server {
	d := &door{o, newListing(), newTokens(o.Rand, o.Now), make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+api.PathInfo, d.info)
	mux.HandleFunc("POST "+api.PathPassword, d.password)
	mux.HandleFunc("GET "+api.PathDirectory, d.directory)
	mux.HandleFunc("GET "+api.PathListing, d.listing)
	mux.HandleFunc("GET "+api.PathHealth, d.health)
	mux.HandleFunc("GET "+api.PagePassword, d.form)
	mux.HandleFunc("POST "+api.PagePassword, d.submit)
	mux.HandleFunc("GET "+styleSheet, style)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, api.PagePassword, http.StatusSeeOther)
	})
	d.officeRoutes(mux)
	srv := &http.Server{
		Handler:           guard(mux),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
	}
	srv.RegisterOnShutdown(sync.OnceFunc(func() { close(d.stopping) }))
	return srv
}

// guard sets the headers and limits that hold for every answer.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Strict-Transport-Security", "max-age=31536000")
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

func (d *door) info(w http.ResponseWriter, _ *http.Request) { d.answer(w, http.StatusOK, d.opt.Info) }

// health says whether the server serves (QC 3.2).
func (d *door) health(w http.ResponseWriter, r *http.Request) {
	if err := d.opt.Health(r.Context()); err != nil {
		d.opt.Log.Error("health", "err", err)
		http.Error(w, "unwell", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if _, err := w.Write([]byte("ok\n")); err != nil {
		d.opt.Log.Debug("answer", "err", err)
	}
}

// directory is public (QC 6).
func (d *door) directory(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query().Get("q")
	limit := 20
	if s := r.URL.Query().Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			d.problem(w, &mail.Fault{Kind: mail.BadSettings, Op: "read limit"})
			return
		}
		limit = min(n, maxEntries)
	}
	if len(q) > maxQuery {
		d.problem(w, &mail.Fault{Kind: mail.TooBig, Op: "read question"})
		return
	}
	list, err := d.opt.Register.Directory(r.Context(), q, limit)
	if err != nil {
		d.problem(w, err)
		return
	}
	if list.Entries == nil {
		list.Entries = []api.Entry{}
	}
	d.answer(w, http.StatusOK, list)
}

// password changes one's own password (QC 13.1); it is open to those who must change it.
func (d *door) password(w http.ResponseWriter, r *http.Request) {
	var c api.PasswordChange
	if err := readJSON(r, &c); err != nil { // its errors do not hold what was typed
		d.problem(w, err)
		return
	}
	if err := d.change(r, c); err != nil {
		d.problem(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (d *door) change(r *http.Request, c api.PasswordChange) error {
	err := d.opt.Register.ChangePassword(r.Context(), register.PasswordChange{
		Login: c.Login, Old: c.Old, New: c.New, Remote: remoteIP(r), Door: register.Web,
	})
	if kind := mail.KindOf(err); kind == mail.BadPassword || kind == mail.BadAddress {
		d.opt.Delay(r.Context(), refusalDelay)
	}
	return err
}

// problem answers an error: its status, a code for programs, and words for people.
func (d *door) problem(w http.ResponseWriter, err error) {
	f := mail.AsFault("answer", err)
	p := api.Problem{Code: string(f.Kind)}
	status := http.StatusForbidden
	switch f.Kind {
	case mail.BadPassword, mail.BadAddress:
		p.Code = string(mail.BadPassword)
	case mail.PasswordExpired, mail.MustChange, mail.Blocked, mail.Refused:
	case mail.WeakPassword:
		status, p.Rule = http.StatusUnprocessableEntity, f.Detail
	case mail.LockedOut:
		status, p.Retry = http.StatusTooManyRequests, d.retry(f.Detail)
		w.Header().Set("Retry-After", strconv.Itoa(p.Retry))
	case mail.BadSettings:
		status = http.StatusBadRequest
	case mail.TooBig:
		status = http.StatusRequestEntityTooLarge
	case mail.TryLater, mail.DiskFull:
		status = http.StatusServiceUnavailable
	case mail.NoPermission: // the disk may only be read
		status, p.Code = http.StatusServiceUnavailable, string(mail.TryLater)
		d.opt.Log.Error("web", "op", f.Op, "err", err)
	default:
		status, p.Code = http.StatusInternalServerError, string(mail.Unknown)
		if !errors.Is(err, context.Canceled) {
			d.opt.Log.Error("web", "op", f.Op, "err", err)
		}
	}
	p.Text, p.TextEN = words(f.Kind, f.Detail)
	d.answer(w, status, p)
}

// retry turns "until" into seconds, at least one.
func (d *door) retry(until string) int {
	t, err := time.Parse(time.RFC3339, until)
	if err != nil {
		return 60
	}
	return max(1, int(t.Sub(d.opt.Now()).Seconds())+1)
}

func (d *door) answer(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		d.opt.Log.Error("encode answer", "err", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if _, err := w.Write(append(b, '\n')); err != nil {
		d.opt.Log.Debug("answer", "err", err)
	}
}

func remoteIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

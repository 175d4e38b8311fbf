package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"hopthu/config"
	"hopthu/mail"
	"hopthu/mail/server"
)

// load reads the settings of the data folder.
func (p *program) load() (config.Server, error) {
	c, err := config.LoadServer(p.dir)
	if config.NoServerFile(err) {
		return c, errors.New("there is no server in " + p.dir + "; set one up with: hopthu-server init --domain <your.domain>")
	}
	return c, err
}

// serverConfig is c as the server wants it.
func (p *program) serverConfig(c config.Server) server.Config {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo // the settings were checked when they were read
	}
	return server.Config{
		Dir: p.dir, Domain: strings.ToLower(c.Domain), Host: c.Host,
		IMAP: c.IMAP, IMAPStartTLS: c.IMAPStartTLS, SMTP: c.SMTP, SMTPStartTLS: c.SMTPStartTLS, Web: c.Web,
		CertFile: c.CertFile, KeyFile: c.KeyFile, PublicURL: strings.TrimSuffix(c.PublicURL, "/"),
		FirstPasswordTTL: time.Duration(c.FirstPasswordTTL), MaxMessage: c.MaxMessage, Quota: c.Quota, Version: version, Secrecy: c.Secrecy == config.SecrecyBlock,
		Relay: server.Relay{
			Addr: c.Relay, StartTLS: c.RelaySecurity == config.RelaySTARTTLS, User: c.RelayUser, PasswordFile: c.RelayPasswordFile, CAFile: c.RelayCAFile,
		},
		Log: slog.New(slog.NewTextHandler(p.err, &slog.HandlerOptions{Level: level})),
	}
}

// heapReserve is room that is never touched, so that it takes no memory; but the collector counts it, and does not begin
// anew after every dozen letters while the heap is small.
const heapReserve = 32 << 20

func (p *program) runCommand() *cobra.Command {
	return &cobra.Command{
		Use: "run", Short: "Chạy máy chủ / run the server", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := p.load()
			if err != nil {
				return err
			}
			reserve := make([]byte, heapReserve)
			defer runtime.KeepAlive(reserve)
			s, err := server.New(cmd.Context(), p.serverConfig(c))
			if err != nil {
				return err
			}
			mail.Go("announce", func() {
				select {
				case <-s.Ready():
					a := s.Addrs()
					for _, d := range []struct{ name, addr string }{
						{"IMAP (TLS)", a.IMAP},
						{"IMAP (STARTTLS)", a.IMAPStartTLS},
						{"SMTP (TLS)", a.SMTP},
						{"SMTP (STARTTLS)", a.SMTPStartTLS},
						{"HTTPS", a.Web},
					} {
						if d.addr != "" {
							p.say(p.out, "%-16s %s\n", d.name, d.addr)
						}
					}
					p.say(p.out, "sẵn sàng / ready\n")
				case <-cmd.Context().Done():
				}
			})
			stop := p.reloading(cmd.Context(), s)
			defer stop()
			return s.Run(cmd.Context())
		},
	}
}

// reloading reads the certificate again at each SIGHUP, which would end the program otherwise. The function that it
// gives ends that.
func (p *program) reloading(ctx context.Context, s *server.Server) (stop func()) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	mail.Go("reload", func() {
		defer close(done)
		for {
			select {
			case <-ctx.Done():
				return
			case <-hup:
			}
			if err := s.Reload(); err != nil {
				p.say(p.err, "hopthu-server: chứng thư / certificate: %v\n", err)
			} else {
				p.say(p.out, "đã đọc lại chứng thư / certificate read again\n")
			}
		}
	})
	return func() {
		signal.Stop(hup)
		cancel()
		<-done
	}
}

// explain says an error in a sentence with the next step where there is one.
func explain(err error) string {
	var f *mail.Fault
	if !errors.As(err, &f) {
		return err.Error()
	}
	if said := cmp.Or(explainHandover(f), explainPaper(f)); said != "" {
		return said
	}
	switch f.Kind {
	case mail.BadAddress:
		if f.Op == "make personal address" {
			return badName(f.Detail)
		}
		return "không có hộp thư, đơn vị hay tên này / no such box, unit or name: " + f.Detail
	case mail.Conflict:
		if f.Op == "find entry" {
			return "nhiều nơi cùng tên này, hãy ghi địa chỉ / several have this name, tell the address: " + f.Detail
		}
		if f.Op == "restore" {
			return "đã có dữ liệu, hãy dùng --replace, --merge hoặc --into / it holds something; use --replace, or with --box --merge or --into: " + f.Detail
		}
		return "đã có rồi / it exists already: " + f.Detail
	case mail.Gone:
		if f.Op == "retry letter" || f.Op == "drop letter" {
			return "không có thư nào chờ mang số này / no letter of that number waits: " + f.Detail
		}
	case mail.NoServer:
		if f.Op == "ask server" {
			return "máy chủ không chạy / no server runs on " + f.Detail
		}
	case mail.StoreLocked:
		return "máy chủ đang chạy, hãy dừng trước / a server runs on it, stop it first: " + f.Detail
	case mail.TryLater:
		return "cơ sở dữ liệu đang bận, hãy thử lại / the database is busy, try again: " + err.Error()
	}
	return err.Error()
}

package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"hopthu/config"
	"hopthu/mail"
	"hopthu/mail/server"
)

// setup is what init is asked for.
type setup struct {
	c      config.Server
	units  []string // "name" or "name=spelling"
	people []string // "name=unit"
}

func (p *program) initCommand() *cobra.Command {
	s := &setup{c: config.ServerDefaults()}
	cmd := &cobra.Command{
		Use:   "init --domain ninhbinh.example",
		Short: "Dựng máy chủ trong thư mục dữ liệu / set a server up in the data folder",
		Long: "Makes settings, database, own certificate authority, units and people where they are missing.\n" +
			"It may be run again: what is there stays as it is.",
		Example: `  hopthu-server init --domain ninhbinh.example --unit "Sở Kế hoạch và Đầu tư=kh&đt" --person "Trần Văn Hùng=kh&đt"`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.setUp(cmd.Context(), s) },
	}
	f := cmd.Flags()
	f.StringVar(&s.c.Domain, "domain", "", "domain of every address")
	f.StringVar(&s.c.Host, "host", "", "name that clients connect to (default mail.<domain>)")
	f.StringVar(&s.c.IMAP, "imap", s.c.IMAP, "listen address of IMAP over TLS")
	f.StringVar(&s.c.IMAPStartTLS, "imap-starttls", s.c.IMAPStartTLS, "listen address of IMAP with STARTTLS")
	f.StringVar(&s.c.SMTP, "smtp", s.c.SMTP, "listen address of submission over TLS")
	f.StringVar(&s.c.SMTPStartTLS, "smtp-starttls", s.c.SMTPStartTLS, "listen address of submission with STARTTLS")
	f.StringVar(&s.c.Web, "web", s.c.Web, "listen address of HTTPS")
	f.StringArrayVar(&s.units, "unit", nil, `a unit: "name" or "name=spelling" (may be repeated)`)
	f.StringArrayVar(&s.people, "person", nil, `a person: "name=unit" (may be repeated)`)
	return cmd
}

func (p *program) setUp(ctx context.Context, s *setup) (err error) {
	c, err := config.LoadServer(p.dir)
	switch {
	case config.NoServerFile(err):
		if s.c.Domain == "" {
			return errors.New("--domain is missing: the domain of every address, such as ninhbinh.example")
		}
		if err := s.c.Save(p.dir); err != nil {
			return err
		}
		c = s.c
		p.say(p.out, "made      settings      %s\n", config.ServerFile(p.dir))
	case err != nil:
		return err
	case s.c.Domain != "" && !strings.EqualFold(s.c.Domain, c.Domain):
		return errors.New(p.dir + " is the server of " + c.Domain + "; another domain needs another --dir")
	default:
		p.say(p.out, "unchanged settings      %s\n", config.ServerFile(p.dir))
	}
	srv, err := server.New(ctx, p.serverConfig(c))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, srv.Close()) }()
	if a := srv.Authority(); a.Fingerprint != "" {
		word := "unchanged"
		if a.Made {
			word = "made     "
		}
		p.say(p.out, "%s certificate   %s\n          SHA-256       %s\n", word, server.CAFile(p.dir), a.Fingerprint)
	}
	if err := p.setUpUnits(ctx, srv.Admin(), s.units); err != nil {
		return err
	}
	if err := p.setUpPeople(ctx, srv.Admin(), s.people); err != nil {
		return err
	}
	p.say(p.out, "next: hopthu-server run --dir %s\n", p.dir)
	return nil
}

func (p *program) setUpUnits(ctx context.Context, a *server.Admin, units []string) error {
	there, err := a.Units(ctx)
	if err != nil {
		return err
	}
next:
	for _, u := range units {
		name, spelling, _ := strings.Cut(u, "=")
		for _, t := range there {
			if strings.EqualFold(t.Name, name) {
				p.say(p.out, "unchanged unit          %s  %s\n", t.Address, t.Name)
				continue next
			}
		}
		made, err := a.AddUnit(ctx, name, spelling)
		if err != nil {
			return err
		}
		p.say(p.out, "made      unit          %s  %s\n", made.Address, made.Name)
	}
	return nil
}

func (p *program) setUpPeople(ctx context.Context, a *server.Admin, people []string) error {
	there, err := a.List(ctx)
	if err != nil {
		return err
	}
	units, err := a.Units(ctx)
	if err != nil {
		return err
	}
next:
	for _, one := range people {
		name, unit, ok := strings.Cut(one, "=")
		if !ok {
			return errors.New(`--person wants "name=unit", not "` + one + `"`)
		}
		for _, u := range units {
			if u.Regulation == unit || u.Wire == unit {
				unit = u.Name
			}
		}
		for _, b := range there {
			if !b.Official && b.Name == name && b.Unit == unit {
				p.say(p.out, "unchanged person        %s  %s\n", b.Address, b.Name)
				continue next
			}
		}
		b, err := a.AddPerson(ctx, name, unit, "")
		if mail.KindOf(err) == mail.BadAddress {
			return errors.New("no unit " + unit + "; add it with --unit first")
		}
		if err != nil {
			return err
		}
		p.tell(b)
	}
	return nil
}

// tell prints a new box with its one-time password, the only time it is ever seen.
func (p *program) tell(b server.Box) {
	p.say(p.out, "made      person        %s  %s\n", b.Address, b.Name)
	if b.Wire != b.Address {
		p.say(p.out, "          login         %s\n", b.Wire)
	}
	p.say(p.out, "          password      %s   (một lần, phải đổi / once, to be changed)\n", b.Password)
}

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"hopthu/mail"
	"hopthu/mail/server"
	"hopthu/mail/sync"
	"hopthu/mail/wire"
)

// elsewhere is a box at another server, read by the client's own IMAP.
type elsewhere struct{ *wire.IMAP }

// Connect implements server.Source.
func (e elsewhere) Connect(ctx context.Context) error {
	_, err := e.IMAP.Connect(ctx)
	return err
}

// Folders implements server.Source.
func (e elsewhere) Folders(ctx context.Context) ([]server.SourceFolder, error) {
	list, err := e.List(ctx)
	out := make([]server.SourceFolder, len(list))
	for i, f := range list {
		out[i] = server.SourceFolder{Name: f.Name, Delim: f.Delim, Role: f.Role, NoLetters: !f.Selectable}
	}
	return out, err
}

// Open implements server.Source.
func (e elsewhere) Open(ctx context.Context, name string) (uint32, error) {
	st, err := e.Examine(ctx, name)
	return st.UIDValidity, err
}

// Describe implements server.Source.
func (e elsewhere) Describe(ctx context.Context, uids []mail.UID, each func(server.SourceLetter) error) error {
	return e.Headers(ctx, sync.These(uids), func(h sync.RemoteHeader) error {
		return each(server.SourceLetter{UID: h.UID, Flags: h.Flags, Received: h.Received, Size: h.Size})
	})
}

// origin is what migrate is told of the other server.
type origin struct {
	box, from, user, caFile, folder string
	startTLS                        bool
	passwordFD                      int
	skip                            []string
}

// account is the other box as the client knows one.
func (o *origin) account() (mail.Account, error) {
	port, security := 993, mail.TLS
	if o.startTLS {
		port, security = 143, mail.STARTTLS
	}
	host := o.from
	if h, p, err := net.SplitHostPort(o.from); err == nil {
		n, err := strconv.Atoi(p)
		if err != nil || n < 1 || n > 65535 {
			return mail.Account{}, fmt.Errorf("%q is no port", p)
		}
		host, port = h, n
	}
	if host == "" || o.user == "" || o.box == "" {
		return mail.Account{}, errors.New("--box, --from and --user are needed")
	}
	return mail.Account{
		ID: "migrate", Address: o.user, Login: o.user, CAFile: o.caFile,
		IMAP: mail.Endpoint{Host: host, Port: port, Security: security},
	}, nil
}

// name is what the progress is kept under: the box there, whichever port leads to it.
func (o *origin) name() string {
	host := o.from
	if h, _, err := net.SplitHostPort(o.from); err == nil {
		host = h
	}
	return o.user + " " + strings.ToLower(strings.TrimSuffix(host, "."))
}

func (p *program) migrateCommand() *cobra.Command {
	o := &origin{}
	cmd := &cobra.Command{
		Use:   "migrate --box ADDRESS --from HOST[:PORT] --user LOGIN",
		Short: "Chuyển thư từ máy chủ khác qua IMAP / fetch a box from another server over IMAP",
		Long: "Fetches every folder and letter of a box at another IMAP server, byte for byte with flags and dates, and changes nothing\n" +
			"there. It may be stopped in any way and run again: each letter comes exactly once, and a later run fetches what is new.\n" +
			"Sent, Drafts, Trash, Junk and Archive go into the folders of that use here. A letter that its folder here held before,\n" +
			"byte for byte, is not put in again. The connection is TLS, verified; the password is asked for, or read from\n" +
			"standard input or a file descriptor. At the end it tells what was not taken and why.\n" +
			"Exit code: 0 all is here, 3 something was left, 1 it was stopped or failed.",
		Example: "  hopthu-server migrate --box lanlt.nv --from mail.cu.example --user lan@cu.example",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return p.migrate(cmd, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.box, "box", "", "the box here, by address")
	f.StringVar(&o.from, "from", "", "the other server; port 993, with --starttls 143")
	f.StringVar(&o.user, "user", "", "login name there")
	f.BoolVar(&o.startTLS, "starttls", false, "begin in the clear and go over to TLS before anything is told")
	f.StringVar(&o.caFile, "ca", "", "PEM file of the authority that signed its certificate, beside the system's")
	f.StringVar(&o.folder, "folder", "", "put everything below this folder")
	f.StringArrayVar(&o.skip, "skip", nil, "a folder there that stays there, with what is below it (may be repeated)")
	f.IntVar(&o.passwordFD, "password-fd", -1, "file descriptor to read the password from, one line")
	return cmd
}

func (p *program) migrate(cmd *cobra.Command, o *origin) error {
	a, err := o.account()
	if err != nil {
		return err
	}
	password, err := p.askPassword(cmd.InOrStdin(), o.passwordFD, o.user)
	if err != nil {
		return err
	}
	dialer := wire.New(wire.Options{Now: time.Now, Dial: (&net.Dialer{}).DialContext})
	there := dialer.Remote(a, func(context.Context) (string, error) { return password, nil })
	show := p.progress(cmd.ErrOrStderr())
	var done server.Migrated
	err = p.act(cmd, func(ctx context.Context, admin *server.Admin) (err error) {
		done, err = admin.Migrate(ctx, server.Migration{
			Box: o.box, From: elsewhere{there}, Name: o.name(), Folder: o.folder, Skip: o.skip, Told: show.told,
		})
		return err
	})
	show.end()
	err = errors.Join(err, there.Close())
	if terr := p.tellMigrated(done); terr != nil {
		return errors.Join(err, terr)
	}
	if err != nil {
		p.say(p.err, "dừng lại; chạy lại lệnh này để đi tiếp / stopped; run the same again to go on\n")
		return err
	}
	for _, f := range done.Folders {
		if f.Err != nil {
			return verdict(exitDamaged)
		}
	}
	if len(done.Left) > 0 {
		return verdict(exitDamaged)
	}
	return nil
}

// maxPassword is more than any server takes.
const maxPassword = 4096

// askPassword reads the other server's password: from a file descriptor, from the terminal without showing it, or the
// first line of standard input. It is never an argument, where others could see it.
func (p *program) askPassword(in io.Reader, fd int, user string) (string, error) {
	if fd >= 0 {
		f := os.NewFile(uintptr(fd), "password")
		if f == nil {
			return "", fmt.Errorf("file descriptor %d is not open", fd)
		}
		line, err := firstLine(f)
		return line, errors.Join(err, f.Close())
	}
	if f, ok := in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.say(p.err, "mật khẩu của / password of %s: ", user)
		b, err := term.ReadPassword(int(f.Fd()))
		p.say(p.err, "\n")
		if err == nil && len(b) == 0 {
			err = errors.New("no password")
		}
		return string(b), err
	}
	return firstLine(in)
}

func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, maxPassword)).ReadString('\n')
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.Join(errors.New("no password was given"), err)
	}
	return line, nil
}

// progress tells how a migration goes on: one line that is written again and again on a terminal, else a line a folder.
type progress struct {
	p    *program
	live bool
	last server.MigrationStep
	wide int
}

func (p *program) progress(w io.Writer) *progress {
	f, ok := w.(*os.File)
	return &progress{p: p, live: ok && term.IsTerminal(int(f.Fd()))}
}

func (s *progress) told(st server.MigrationStep) {
	line := fmt.Sprintf("%d/%d  %s  %d/%d  (%d thư / letters, %d MiB)", st.Folder, st.Folders, printable(st.From), st.Letter, st.Letters, st.Fetched, st.Bytes>>20)
	if st.Again != nil {
		line = fmt.Sprintf("mất kết nối, thử lại sau / connection lost, again in %s: %s", st.AgainIn, mail.KindOf(st.Again))
	}
	switch {
	case s.live:
		s.p.say(s.p.err, "\r%s%s", line, strings.Repeat(" ", max(0, s.wide-len(line))))
		s.wide = len(line)
	case st.Again != nil, st.Letter == st.Letters, st.Folder != s.last.Folder:
		s.p.say(s.p.err, "%s\n", line)
	}
	s.last = st
}

func (s *progress) end() {
	if s.live && s.wide > 0 {
		s.p.say(s.p.err, "\n")
	}
}

// printable keeps another server's names from steering the terminal.
func printable(s string) string {
	q := strconv.Quote(s)
	return strings.ReplaceAll(q[1:len(q)-1], `\"`, `"`)
}

// tellMigrated prints the report.
func (p *program) tellMigrated(m server.Migrated) error {
	w := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
	for _, f := range m.Folders {
		note := ""
		if f.Keywords > 0 {
			note = fmt.Sprintf("\tbỏ %d nhãn / %d keywords dropped", f.Keywords, f.Keywords)
		}
		if f.Err != nil {
			note += "\tkhông mở được / not opened: " + string(mail.KindOf(f.Err))
		}
		if _, err := fmt.Fprintf(w, "%s\t→ %s\t%d mới / new\t%d đã có / there already%s\n", printable(f.From), f.To, f.Letters, f.Already, note); err != nil {
			return err
		}
	}
	for _, l := range m.Left {
		if _, err := fmt.Fprintf(w, "còn lại / left\t%s\tUID %d\t%d octets\t%s\n", printable(l.From), l.UID, l.Size, printable(l.Reason)); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	p.say(p.out, "fetched   %d letters, %d octets; %d left\n", m.Letters(), m.Bytes, len(m.Left))
	return nil
}

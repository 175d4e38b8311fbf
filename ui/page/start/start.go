// Package start is the page of signing in: the first mailbox, a further one, or the same one again.
//
// Laws: it asks for the address and the password and for nothing else unless the person opens the servers; the password
// leaves it only in SignIn; what went wrong is said with what is safe and what to do.
package start

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/form"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
)

// Rows of the form.
const (
	address  = "address"
	password = "password"
	signIn   = "sign-in"
	servers  = "servers"
	name     = "name"
	login    = "login"
	imapHost = "imap-host"
	imapPort = "imap-port"
	imapSec  = "imap-security"
	smtpHost = "smtp-host"
	smtpPort = "smtp-port"
	smtpSec  = "smtp-security"
	caFile   = "ca-file"
)

var advanced = []string{name, login, imapHost, imapPort, imapSec, smtpHost, smtpPort, smtpSec, caFile}

// work is what the page waits for.
type work uint8

const (
	idle work = iota
	looking
	proving
)

// Page is the page of signing in.
type Page struct {
	env     frame.Env
	form    form.Form
	clip    form.Clip
	account mail.Account // what is known of it beside the form
	again   bool         // a known account: only the password is asked
	found   string       // address whose servers stand in the form
	touched bool         // the person wrote servers himself
	submit  bool         // sign in as soon as the servers are found
	work    work
	gen     int
	fault   *mail.Fault
	say     string // what is missing, in words
	keeps   bool   // the password survives this session
	why     *mail.Fault
	w, h    int
	x, y    int
	typing  bool
	formY   int
	left    int
	then    frame.Target // opens when the box does
}

// New makes the page.
func New(env frame.Env, open frame.OpenStart) frame.Page {
	p := &Page{env: env, then: open.Then}
	p.form.Typist = env.Typist
	p.keeps, p.why = env.Desk.Remember()
	p.rows()
	if open.Account != nil {
		p.account, p.again = *open.Account, true
		p.form.Row(address).Field.SetText(p.account.Address)
		p.fill(p.account)
		p.found = p.account.Address
		p.form.Focus(password)
	}
	return p
}

// rows makes the form in the words of the language.
func (p *Page) rows() {
	w := &p.env.Words.Write.Start
	sec := []string{w.TLS, w.STARTTLS}
	p.form.Rows = []*form.Row{
		{Key: address, Kind: form.Input, Label: w.Address, Hint: w.AddressHint},
		{Key: password, Kind: form.Input, Label: w.Password, Hint: w.PasswordHint, Submit: true},
		{Key: signIn, Kind: form.Button, Label: w.SignIn},
		{Key: servers, Kind: form.Button, Label: w.Servers},
		{Key: name, Kind: form.Input, Label: w.Name},
		{Key: login, Kind: form.Input, Label: w.Login},
		{Key: imapHost, Kind: form.Input, Label: w.Incoming, Hint: w.Host},
		{Key: imapPort, Kind: form.Input, Label: w.Port, Width: 8},
		{Key: imapSec, Kind: form.Choice, Label: w.Security, Options: sec},
		{Key: smtpHost, Kind: form.Input, Label: w.Outgoing, Hint: w.Host},
		{Key: smtpPort, Kind: form.Input, Label: w.Port, Width: 8},
		{Key: smtpSec, Kind: form.Choice, Label: w.Security, Options: sec},
		{Key: caFile, Kind: form.Input, Label: w.CAFile, Hint: w.CAHint},
	}
	p.form.Row(password).Field.Secret = true
	for _, r := range p.form.Rows { // addresses, passwords, hosts and files are typed as they are
		r.Field.Plain = r.Key != name
	}
	p.show(false)
}

func (p *Page) show(on bool) {
	for _, k := range advanced {
		p.form.Row(k).Hidden = !on
	}
	w := &p.env.Words.Write.Start
	p.form.Row(servers).Label = w.Servers
	if on {
		p.form.Row(servers).Label = w.Hide
	}
}

// Init implements frame.Page.
func (p *Page) Init() tea.Cmd { return nil }

// Title implements frame.Page.
func (p *Page) Title() string { return p.env.Words.Write.Start.Title }

// Contexts implements frame.Page.
func (p *Page) Contexts() []keys.Context { return p.form.Contexts() }

// Actions implements frame.Page.
func (p *Page) Actions() []keys.ID {
	out := []keys.ID{keys.RowDo, keys.RowNext}
	if p.form.Current().Key == password {
		out = append(out, keys.ShowSecret)
	}
	if !p.first() {
		out = append(out, keys.Back)
	}
	return append(out, keys.Quit)
}

// first reports whether there is no mailbox yet.
func (p *Page) first() bool { return len(p.env.Desk.Accounts()) == 0 }

// Cursor implements frame.Cursored.
func (p *Page) Cursor() (x, y int, ok bool) { return p.x, p.y, p.typing }

// Retreat implements frame.Retreating: Esc first stops what is going on; without a mailbox there is nowhere to go.
func (p *Page) Retreat() bool {
	if p.work == idle {
		return p.first()
	}
	p.gen++
	p.work, p.submit = idle, false
	p.say = p.env.Words.Write.Start.Busy
	return true
}

// Answers of the desk.
type (
	guessed struct {
		address string
		account mail.Account
		err     error
	}
	signed struct {
		account  mail.Account
		password string
		err      error
	}
)

// Update implements frame.Page.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		p.w, p.h = m.W, m.H
	case frame.Restyled:
		p.rewords()
	case keys.Press:
		return p.press(m)
	case keys.Mouse:
		if m.Kind == keys.Click {
			return p.did(p.form.Click(m.Y - p.formY))
		}
	case frame.Result:
		if m.Gen != p.gen {
			return nil
		}
		switch r := m.Msg.(type) {
		case guessed:
			return p.onGuess(r)
		case signed:
			return p.onSigned(r)
		}
	}
	return nil
}

// rewords takes over another language without losing what was typed.
func (p *Page) rewords() {
	old := p.form
	p.rows()
	for _, r := range p.form.Rows {
		if o := old.Row(r.Key); o != nil {
			r.Field, r.At = o.Field, o.At
		}
	}
	p.show(!old.Row(name).Hidden)
	p.form.Focus(old.Current().Key)
}

func (p *Page) press(m keys.Press) tea.Cmd {
	if m.Action == keys.ShowSecret {
		f := &p.form.Row(password).Field
		f.Secret = !f.Secret
		return nil
	}
	was := p.form.Current().Key
	cmd := p.did(p.form.Press(m, &p.clip))
	if was == address && p.form.Current().Key != address && cmd == nil {
		return p.guess()
	}
	return cmd
}

// did acts on what a press or click did to the form.
func (p *Page) did(ev form.Event) tea.Cmd {
	switch ev.Did {
	case form.Copied:
		return frame.Send(frame.Copy{Text: p.clip.Text})
	case form.NoMarked: // Ctrl+C with nothing to copy means what it means elsewhere
		return frame.Send(frame.Perform{ID: keys.Quit})
	}
	if ev.Did == form.Changed {
		p.fault, p.say = nil, ""
		for _, k := range advanced {
			p.touched = p.touched || ev.Key == k
		}
	}
	if !ev.Do {
		return nil
	}
	if ev.Key == servers {
		p.show(p.form.Row(name).Hidden)
		return nil
	}
	return p.enter()
}

// typedAddress is the address as typed; ok when it looks like one.
func (p *Page) typedAddress() (string, bool) {
	s := strings.TrimSpace(p.form.Text(address))
	local, domain, cut := strings.Cut(s, "@")
	return s, cut && local != "" && domain != "" && !strings.ContainsAny(s, " \t<>,;") && !strings.Contains(domain, "@")
}

// guess looks for the servers of the address, once.
func (p *Page) guess() tea.Cmd {
	addr, ok := p.typedAddress()
	if !ok || p.again || p.touched || p.found == addr || p.work != idle {
		return nil
	}
	p.gen++
	p.work, p.fault, p.say = looking, nil, ""
	return p.env.Do(p.gen, discover{p.env.Desk, addr}.run)
}

type discover struct {
	desk    frame.Desk
	address string
}

func (d discover) run(ctx context.Context) tea.Msg {
	a, err := d.desk.Discover(ctx, d.address)
	return guessed{d.address, a, err}
}

func (p *Page) onGuess(r guessed) tea.Cmd {
	p.work = idle
	submit := p.submit
	p.submit = false
	if r.err != nil {
		p.show(true)
		if submit {
			p.fault = mail.AsFault("find servers", r.err)
			p.form.Focus(imapHost)
		}
		p.say = p.env.Words.Write.Start.NoGuess
		return nil
	}
	p.account, p.found = r.account, r.address
	p.fill(r.account)
	if submit {
		return p.enter()
	}
	return nil
}

// fill puts an account's servers into the form.
func (p *Page) fill(a mail.Account) {
	set := func(key, s string) { p.form.Row(key).Field.SetText(s) }
	set(name, a.Name)
	set(login, a.Login)
	set(imapHost, a.IMAP.Host)
	set(smtpHost, a.SMTP.Host)
	set(imapPort, port(a.IMAP.Port))
	set(smtpPort, port(a.SMTP.Port))
	set(caFile, a.CAFile)
	p.form.Row(imapSec).At = security(a.IMAP.Security)
	p.form.Row(smtpSec).At = security(a.SMTP.Security)
}

func port(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func security(s mail.Security) int {
	if s == mail.STARTTLS {
		return 1
	}
	return 0
}

// enter signs in with what stands in the form, or says what is missing.
func (p *Page) enter() tea.Cmd {
	w := &p.env.Words.Write.Start
	addr, ok := p.typedAddress()
	if p.work == looking {
		p.submit = true
		return nil
	}
	switch {
	case p.work != idle:
		return nil
	case addr == "":
		return p.missing(address, w.NeedAddress)
	case !ok:
		return p.missing(address, w.BadAddress)
	case p.form.Text(password) == "":
		if cmd := p.guess(); cmd != nil {
			p.form.Focus(password)
			return cmd
		}
		return p.missing(password, w.NeedPassword)
	}
	if cmd := p.guess(); cmd != nil {
		p.submit = true
		return cmd
	}
	a, key, bad := p.built(addr)
	if bad != "" {
		p.show(true)
		return p.missing(key, bad)
	}
	p.gen++
	p.work, p.fault, p.say = proving, nil, ""
	return p.env.Do(p.gen, prove{p.env.Desk, a, p.form.Text(password)}.run)
}

func (p *Page) missing(key, text string) tea.Cmd {
	p.fault, p.say = nil, text
	p.form.Focus(key)
	return nil
}

// built is the account that the form describes; bad says what is wrong in row key.
func (p *Page) built(addr string) (a mail.Account, key, bad string) {
	w := &p.env.Words.Write.Start
	a = p.account
	a.Address = addr
	a.Name = strings.TrimSpace(p.form.Text(name))
	if a.Login = strings.TrimSpace(p.form.Text(login)); a.Login == "" {
		a.Login = addr
	}
	a.CAFile = strings.TrimSpace(p.form.Text(caFile))
	for _, e := range []struct {
		to              *mail.Endpoint
		host, port, sec string
	}{{&a.IMAP, imapHost, imapPort, imapSec}, {&a.SMTP, smtpHost, smtpPort, smtpSec}} {
		e.to.Host = strings.TrimSpace(p.form.Text(e.host))
		if e.to.Host == "" {
			return a, e.host, w.NeedHost
		}
		n, err := strconv.Atoi(strings.TrimSpace(p.form.Text(e.port)))
		if err != nil || n < 1 || n > 65535 {
			return a, e.port, w.BadPort
		}
		e.to.Port = n
		e.to.Security = []mail.Security{mail.TLS, mail.STARTTLS}[p.form.Row(e.sec).At]
	}
	return a, "", ""
}

type prove struct {
	desk     frame.Desk
	account  mail.Account
	password string
}

func (s prove) run(ctx context.Context) tea.Msg {
	a, err := s.desk.SignIn(ctx, s.account, s.password)
	return signed{a, s.password, err}
}

func (p *Page) onSigned(r signed) tea.Cmd {
	p.work = idle
	w := &p.env.Words.Write.Start
	switch mail.KindOf(r.err) {
	case "":
		p.form.Row(password).Field.SetText("")
		said := frame.Tell(frame.Good, fmt.Sprintf(w.Done, r.account.Address))
		if p.then != nil {
			return tea.Sequence(frame.Instead(frame.OpenToday{}), frame.Go(p.then), said)
		}
		return tea.Sequence(frame.Instead(frame.OpenToday{}), said)
	case mail.MustChange:
		p.form.Row(password).Field.SetText("")
		return frame.Instead(frame.OpenPassword{Account: r.account, Forced: true, Old: r.password, Then: p.then})
	case mail.BadPassword, mail.LockedOut, mail.PasswordExpired:
		p.form.Focus(password)
		p.form.Row(password).Field.SelectAll()
	case mail.BadCertificate, mail.NoServer, mail.NoTLS:
		p.show(true)
	}
	p.fault = mail.AsFault("sign in", r.err)
	return nil
}

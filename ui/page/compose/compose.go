// Package compose is the page where a letter is written, and the question before it goes.
//
// Laws: what was typed is in the store a few seconds later and never lost to an error; one request to the desk runs at a
// time, in the order of what was done; of two namesakes neither is chosen silently; no letter goes unchecked.
package compose

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/form"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// place is one stop of the focus.
type place uint8

const (
	fromRow place = iota
	toRow
	ccRow
	bccRow
	subjectRow
	fileRow
	bodyRow
)

// stop is a line of the head: its place, and which file stands there.
type stop struct {
	at   place
	file int
}

// Page is the page where a letter is written.
type Page struct {
	env      frame.Env
	open     frame.OpenCompose
	accounts []mail.Account
	account  mail.Account
	draft    mail.DraftLetter // as the desk knows it
	loaded   bool
	fresh    bool                 // made for this page: nothing is lost when it is left unwritten
	lines    map[place]*kit.Field // To, Cc, Bcc, subject
	body     kit.Editor
	clip     form.Clip
	at       place
	bcc      bool   // the Bcc line is shown
	file     int    // attachment in focus
	dir      string // where the file browser stood last
	suggest  suggest
	jobs     jobs
	keep     keep
	checking bool
	w, h     int
	x, y     int
	rows     []stop // what the lines of the head are, for the mouse
	bodyAt   kit.Rect
	popup    kit.Rect // where people are offered
	judged   judged
	claim    claim
	reasons  map[string]string // typed in the last review, by code
}

// New makes the page.
func New(env frame.Env, open frame.OpenCompose) frame.Page {
	p := &Page{env: env, open: open, at: toRow, lines: map[place]*kit.Field{}}
	for _, l := range []place{toRow, ccRow, bccRow, subjectRow} {
		p.lines[l] = &kit.Field{}
	}
	p.takeAccounts()
	return p
}

func (p *Page) takeAccounts() {
	p.accounts = p.env.Desk.Accounts()
	want := p.draft.Account
	if want == "" {
		want = p.open.Account
	}
	for i, a := range p.accounts {
		if i == 0 || a.ID == want {
			p.account = a
		}
	}
}

// Init implements frame.Page: it asks for the draft.
func (p *Page) Init() tea.Cmd {
	if len(p.accounts) == 0 {
		return tea.Sequence(frame.Send(frame.Back{Force: true}), frame.Tell(frame.Warn, p.env.Words.Write.Compose.NoAccount))
	}
	if p.open.Letter != nil {
		return p.take(*p.open.Letter, false)
	}
	return p.env.Do(0, loader{p.env.Desk, p.open, p.account.ID}.run)
}

type loader struct {
	desk    frame.Desk
	open    frame.OpenCompose
	account mail.AccountID
}

type loaded struct {
	draft mail.DraftLetter
	fresh bool // made now, not kept before
	err   error
}

func (l loader) run(ctx context.Context) tea.Msg {
	switch {
	case l.open.Draft != 0:
		d, err := l.desk.DraftByID(ctx, l.open.Draft)
		return loaded{d, false, err}
	case l.open.Mailto != "":
		d, err := l.desk.ComposeTo(ctx, l.account, l.open.Mailto)
		return loaded{d, true, err}
	}
	d, err := l.desk.Compose(ctx, l.account, l.open.Kind, l.open.Origin)
	// A letter of the drafts folder is continued: it was kept before, and leaving it untouched must not drop it.
	return loaded{d, l.open.Kind != mail.DraftNew || l.open.Origin == 0, err}
}

func (p *Page) onLoaded(m loaded) tea.Cmd {
	if m.err != nil {
		return tea.Sequence(frame.Send(frame.Back{Force: true}), frame.Failed("open draft", m.err))
	}
	return p.take(m.draft, m.fresh)
}

// take shows a draft and puts the cursor where the person will write first.
func (p *Page) take(d mail.DraftLetter, fresh bool) tea.Cmd {
	p.draft, p.loaded = d, true
	p.takeAccounts()
	p.draft.Account = p.account.ID
	p.lines[toRow].SetText(d.To)
	p.lines[ccRow].SetText(d.Cc)
	p.lines[bccRow].SetText(d.Bcc)
	p.lines[subjectRow].SetText(d.Subject)
	p.body.SetText(d.Body)
	p.bcc = d.Bcc != ""
	switch {
	case d.To == "":
		p.at = toRow
	case d.Subject == "":
		p.at = subjectRow
	default:
		p.at = bodyRow
	}
	p.keep = keep{}
	p.fresh = fresh
	if p.open.Letter != nil {
		p.keep.uploaded = -1 // it came out of the outbox; the server's drafts do not have it
	}
	if p.open.Letter != nil && d.ID == 0 {
		return tea.Batch(p.changed(), p.judge(), p.begin()) // not in the store yet
	}
	return tea.Batch(p.judge(), p.begin())
}

// snapshot is the draft as it stands on the screen.
func (p *Page) snapshot() mail.DraftLetter {
	d := p.draft
	d.Account = p.account.ID
	d.To, d.Cc, d.Bcc = p.lines[toRow].Text(), p.lines[ccRow].Text(), p.lines[bccRow].Text()
	d.Subject, d.Body = p.lines[subjectRow].Text(), p.body.Text()
	return d
}

// Title implements frame.Page.
func (p *Page) Title() string {
	w := &p.env.Words.Write.Compose
	kind := p.open.Kind
	if p.loaded {
		kind = p.draft.Kind
	}
	switch kind {
	case mail.DraftReply:
		return w.TitleReply
	case mail.DraftReplyAll:
		return w.TitleReplyAll
	case mail.DraftForward:
		return w.TitleForward
	}
	return w.TitleNew
}

// Account implements frame.Owned.
func (p *Page) Account() mail.AccountID { return p.account.ID }

// Cursor implements frame.Cursored.
func (p *Page) Cursor() (x, y int, ok bool) {
	return p.x, p.y, p.loaded && p.at != fromRow && p.at != fileRow
}

// Contexts implements frame.Page.
func (p *Page) Contexts() []keys.Context {
	switch {
	case !p.loaded:
		return []keys.Context{keys.Keep}
	case p.suggest.open():
		return []keys.Context{keys.Suggest, keys.Text, keys.Write, keys.Viet}
	}
	switch p.at {
	case bodyRow:
		return []keys.Context{keys.Body, keys.Text, keys.Write, keys.Keep, keys.Viet}
	case fileRow:
		return []keys.Context{keys.Attached, keys.Form, keys.Write, keys.Keep}
	case fromRow:
		return []keys.Context{keys.Form, keys.Settings, keys.Write, keys.Keep}
	}
	return []keys.Context{keys.Text, keys.Form, keys.Write, keys.Keep, keys.Viet}
}

// Actions implements frame.Page.
func (p *Page) Actions() []keys.ID {
	switch {
	case !p.loaded:
		return []keys.ID{keys.KeepDraft}
	case p.suggest.open():
		return []keys.ID{keys.SugTake, keys.SugDown, keys.SugClose, keys.SendLetter}
	case p.at == fileRow:
		return []keys.ID{keys.SendLetter, keys.Detach, keys.AttachFile, keys.RowNext, keys.KeepDraft}
	}
	return []keys.ID{keys.SendLetter, keys.AttachFile, keys.KeepDraft, keys.External, keys.TextUndo, keys.TextMark}
}

// Update implements frame.Page.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		p.w, p.h = m.W, m.H
	case keys.Press:
		return p.press(m)
	case keys.Mouse:
		return p.mouse(m)
	case frame.Result:
		return p.answer(m.Msg)
	case frame.Events:
		for _, e := range m {
			switch e.Kind {
			case mail.AccountsChanged, mail.SeatChanged:
				p.takeAccounts()
			case mail.WorkChanged, mail.Overflow:
				return p.look()
			}
		}
	}
	return nil
}

// answer takes what the desk, a timer or a dialog said.
func (p *Page) answer(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case loaded:
		return p.onLoaded(m)
	case done:
		return p.onDone(m)
	case saveTick:
		return p.onTick()
	case offered:
		return p.onOffered(m)
	case judgement:
		p.onJudged(m)
	case dialog.File:
		return p.onChosen(m)
	case claimed:
		return p.onClaimed(m)
	case renew:
		return p.onRenew()
	case yield:
		return p.onYield(m)
	case worked:
		return p.onWorked(m)
	case lose:
		return p.onLose(m)
	case discard:
		return p.onDiscard(m)
	case dialog.Approval:
		return p.onApproved(m)
	case editorReady:
		return p.onEditorReady(m)
	case editorDone:
		return p.onEditorDone(m)
	case editorText:
		return p.onEditorText(m)
	}
	return nil
}

// press lets a key act.
func (p *Page) press(m keys.Press) tea.Cmd {
	if m.Action == keys.KeepDraft {
		return frame.Send(frame.Back{})
	}
	if !p.loaded || p.checking {
		return nil
	}
	switch m.Action {
	case keys.SendLetter:
		return p.send()
	case keys.AttachFile:
		return p.browse()
	case keys.External:
		return p.external()
	case keys.DiscardDraft:
		return p.askDiscard()
	case keys.ShowBcc:
		p.bcc = true
		return p.focus(bccRow)
	case keys.SugDown, keys.SugUp, keys.SugTake, keys.SugClose:
		return p.suggestKey(m.Action)
	case keys.RowNext, keys.RowDo:
		return p.step(1)
	case keys.RowPrev:
		return p.step(-1)
	case keys.RowDown:
		return p.walk(1)
	case keys.RowUp:
		return p.walk(-1)
	}
	switch p.at {
	case bodyRow:
		return p.inBody(m)
	case fileRow:
		return p.inFiles(m)
	case fromRow:
		return p.inFrom(m)
	}
	return p.inLine(m)
}

// inBody lets a key act on the text.
func (p *Page) inBody(m keys.Press) tea.Cmd {
	if m.Action == keys.BodyUp && !p.body.Marking() {
		if !p.body.Up(1, kit.Move) {
			return p.walk(-1)
		}
		return nil
	}
	return p.did(form.EditBody(&p.body, m, &p.clip, p.env.Typist))
}

// inLine lets a key act on an address line or the subject.
func (p *Page) inLine(m keys.Press) tea.Cmd {
	did := form.Edit(p.lines[p.at], m, &p.clip, p.env.Typist)
	cmd := p.did(did)
	if did == form.Changed && p.at != subjectRow {
		return tea.Batch(cmd, p.offer())
	}
	if did == form.Moved {
		p.suggest.close()
	}
	return cmd
}

// did tells and keeps what an edit did.
func (p *Page) did(d form.Did) tea.Cmd {
	w := &p.env.Words.Write.Compose
	switch d {
	case form.Changed:
		return p.changed()
	case form.Full:
		return frame.Tell(frame.Warn, w.TooLong)
	case form.Copied:
		return frame.Send(frame.Copy{Text: p.clip.Text})
	case form.NoMarked:
		return frame.Tell(frame.Note, w.NoSelection)
	case form.NoClip:
		return frame.Tell(frame.Note, w.Nothing)
	}
	return nil
}

// inFrom changes the account that sends.
func (p *Page) inFrom(m keys.Press) tea.Cmd {
	dir := 0
	switch m.Action {
	case keys.RowLeft:
		dir = -1
	case keys.RowRight, keys.SettingChange:
		dir = 1
	}
	if dir == 0 || len(p.accounts) < 2 {
		return nil
	}
	for i, a := range p.accounts {
		if a.ID == p.account.ID {
			p.account = p.accounts[(i+dir+len(p.accounts))%len(p.accounts)]
			break
		}
	}
	return p.changed()
}

// stops lists where the focus can be, in order.
func (p *Page) stops() []place {
	var out []place
	if len(p.accounts) > 1 {
		out = append(out, fromRow)
	}
	out = append(out, toRow, ccRow)
	if p.bcc {
		out = append(out, bccRow)
	}
	out = append(out, subjectRow)
	if len(p.draft.Attachments) > 0 {
		out = append(out, fileRow)
	}
	return append(out, bodyRow)
}

// step moves the focus; it goes round.
func (p *Page) step(dir int) tea.Cmd {
	stops := p.stops()
	for i, s := range stops {
		if s == p.at {
			return p.focus(stops[(i+dir+len(stops))%len(stops)])
		}
	}
	return p.focus(bodyRow)
}

func (p *Page) focus(to place) tea.Cmd {
	p.suggest.close()
	p.at = to
	return nil
}

// walk goes through the files before the focus leaves them.
func (p *Page) walk(dir int) tea.Cmd {
	if next := p.file + dir; p.at == fileRow && next >= 0 && next < len(p.draft.Attachments) {
		p.file = next
		return nil
	}
	cmd := p.step(dir)
	if p.at == fileRow {
		p.file = 0
		if dir < 0 {
			p.file = len(p.draft.Attachments) - 1
		}
	}
	return cmd
}

// mouse puts the cursor where it clicks, and takes the person that it clicks on.
func (p *Page) mouse(m keys.Mouse) tea.Cmd {
	if !p.loaded || p.checking {
		return nil
	}
	inBody := p.bodyAt.Has(m.X, m.Y)
	switch m.Kind {
	case keys.WheelUp:
		p.body.Scroll(-3)
	case keys.WheelDown:
		p.body.Scroll(3)
	case keys.Click:
		return p.click(m, inBody)
	case keys.Drag:
		if inBody && p.at == bodyRow {
			p.body.Click(m.X-p.bodyAt.X, m.Y-p.bodyAt.Y, kit.Select)
		} else if f := p.lines[p.at]; f != nil {
			f.Click(m.X-labelWidth-1, kit.Select)
		}
	}
	return nil
}

func (p *Page) click(m keys.Mouse, inBody bool) tea.Cmd {
	if p.suggest.open() && p.popup.Has(m.X, m.Y) {
		if i, ok := p.suggest.list.Row(m.Y - p.popup.Y); ok {
			return p.takePerson(i)
		}
	}
	p.suggest.close()
	switch {
	case inBody:
		p.at = bodyRow
		p.body.Click(m.X-p.bodyAt.X, m.Y-p.bodyAt.Y, kit.Move)
	case m.Y >= 1 && m.Y-1 < len(p.rows):
		was, to := p.at, p.rows[m.Y-1]
		p.at = to.at
		if to.at == fileRow {
			p.file = to.file
		}
		// A line that was not in focus shows names only: the first click shows what stands there.
		if f := p.lines[p.at]; f != nil && (p.at == was || p.at == subjectRow) {
			f.Click(m.X-labelWidth-1, kit.Move)
		}
	}
	return nil
}

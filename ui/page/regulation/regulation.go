// Package regulation is the page where the regulation is read: whole, article by article, with search; findings open it at
// the clause that they name.
//
// Laws: the text is the rule's own and never changed; it cites nothing that is not in it.
package regulation

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"hopthu/mail/rule"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// Page is the regulation.
type Page struct {
	env  frame.Env
	w, h int

	articles []rule.Article // the Decision's, then the Regulation's
	lines    []line
	top      int
	clause   rule.Passage // shown because a finding named it; no text when none was
	wanted   string       // the citation as it came
	found    bool

	finding bool // the search field is open
	field   kit.Field
	fieldX  int
	text    string
	hits    []rule.Hit
	at      int // the hit shown
	gen     int
}

// New makes the page.
func New(env frame.Env, open frame.OpenRegulation) frame.Page {
	p := &Page{env: env, wanted: open.Clause, articles: append(rule.DecisionArticles(), rule.Articles()...)}
	p.clause, p.found = rule.Clause(open.Clause)
	return p
}

// Init says when a citation leads nowhere; the page then stands at its beginning.
func (p *Page) Init() tea.Cmd {
	if p.wanted != "" && !p.found {
		return frame.Tell(frame.Note, fmt.Sprintf(p.env.Words.Rules.Unknown, kit.Clean(p.wanted)))
	}
	return nil
}

// Title names the page.
func (p *Page) Title() string { return p.env.Words.Rules.Title }

// Contexts are those of text to read, or of the search field.
func (p *Page) Contexts() []keys.Context {
	if p.finding {
		return []keys.Context{keys.Find, keys.Field, keys.Viet}
	}
	return []keys.Context{keys.Rules, keys.Plain, keys.Moving}
}

// Actions are the keys that matter now.
func (p *Page) Actions() []keys.ID {
	if p.finding {
		return []keys.ID{keys.Pick, keys.Close, keys.Down, keys.Up}
	}
	return []keys.ID{keys.Open, keys.Search, keys.NextArticle, keys.PrevArticle, keys.Scroll, keys.Copy, keys.Back}
}

// Cursor stands in the search field.
func (p *Page) Cursor() (x, y int, ok bool) { return p.fieldX, 0, p.finding }

// Retreat ends the search.
func (p *Page) Retreat() (tea.Cmd, bool) {
	if !p.finding && p.text == "" {
		return nil, false
	}
	p.finding, p.text, p.hits = false, "", nil
	p.field.SetText("")
	return nil, true
}

type (
	hitsMsg    struct{ hits []rule.Hit }
	articleMsg struct{ i int }
	looking    struct{ text string }
)

func (l looking) search(context.Context) tea.Msg { return hitsMsg{rule.SearchRegulation(l.text)} }

// Update takes a message.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case frame.Size:
		first := p.w == 0
		p.resize(m.W, m.H)
		if first && p.found {
			p.show(p.clause.Start)
		}
	case frame.Result:
		p.result(m)
	case keys.Mouse:
		switch m.Kind {
		case keys.WheelUp:
			p.scroll(-3)
		case keys.WheelDown:
			p.scroll(3)
		}
	case keys.Press:
		if p.finding {
			return p.typed(m)
		}
		return p.press(m)
	}
	return nil
}

// resize sets the text anew and keeps what stands at the top there.
func (p *Page) resize(w, h int) {
	start := 0
	if p.top < len(p.lines) {
		start = p.lines[p.top].start
	}
	same := w == p.w
	p.w, p.h = w, h
	if !same {
		p.lines = set(rule.RegulationText(), w, p.articles)
		p.top = p.lineOf(start)
	}
	p.scroll(0)
}

func (p *Page) result(r frame.Result) {
	switch m := r.Msg.(type) {
	case articleMsg:
		p.show(p.articles[m.i].Start)
	case hitsMsg:
		if r.Gen == p.gen {
			p.hits, p.at = m.hits, 0
			p.showHit()
		}
	}
}

func (p *Page) press(k keys.Press) tea.Cmd {
	switch k.Action {
	case keys.Open:
		return p.contents()
	case keys.Search:
		p.finding = true
	case keys.NextArticle:
		p.step(1)
	case keys.PrevArticle:
		p.step(-1)
	case keys.Up:
		p.scroll(-1)
	case keys.Down:
		p.scroll(1)
	case keys.PageUp:
		p.scroll(1 - p.body())
	case keys.PageDown, keys.Scroll:
		p.scroll(p.body() - 1)
	case keys.Home:
		p.top = 0
	case keys.End:
		p.scroll(len(p.lines))
	case keys.Copy:
		return frame.Send(frame.Copy{Text: p.copied()})
	}
	return nil
}

// typed lets the search field have a key.
func (p *Page) typed(k keys.Press) tea.Cmd {
	switch k.Action {
	case keys.Close:
		cmd, _ := p.Retreat()
		return cmd
	case keys.Pick:
		p.finding = false
		return nil
	case keys.Down:
		p.step(1)
		return nil
	case keys.Up:
		p.step(-1)
		return nil
	}
	if !p.env.Edit(&p.field, k) || p.field.Text() == p.text {
		return nil
	}
	p.text = p.field.Text()
	p.gen++
	return p.env.Do(p.gen, looking{p.text}.search)
}

// step goes to the next hit while something is searched, else to the next article.
func (p *Page) step(n int) {
	if p.text != "" {
		if len(p.hits) > 0 {
			p.at = (p.at + n + len(p.hits)) % len(p.hits)
			p.showHit()
		}
		return
	}
	i := p.article()
	if n < 0 && i >= 0 && p.top < len(p.lines) && p.lines[p.top].start > p.articles[i].Start {
		n = 0 // first to the beginning of this one
	}
	if i += n; i >= 0 && i < len(p.articles) {
		p.show(p.articles[i].Start)
	} else if i < 0 {
		p.top = 0
	}
}

// article is the index of the article at the top, -1 above the first.
func (p *Page) article() int {
	if p.top >= len(p.lines) {
		return -1
	}
	at := -1
	for i, a := range p.articles {
		if a.Start <= p.lines[p.top].start {
			at = i
		}
	}
	return at
}

// contents offers the articles.
func (p *Page) contents() tea.Cmd {
	items := make([]dialog.Item, len(p.articles))
	for i, a := range p.articles {
		items[i] = dialog.Item{Main: p.name(a), Also: a.Ref()}
	}
	w := p.env.Words
	return frame.Send(frame.Ask{Dialog: dialog.Choose(p.env, p.gen, w.Rules.Contents, w.Dialog.FilterHint, items, func(i int) tea.Msg {
		if i < 0 {
			return nil
		}
		return articleMsg{i}
	})})
}

// name is how an article is called: "Điều 7. Thông tin trao đổi…"; those of the Decision say so.
func (p *Page) name(a rule.Article) string {
	w := p.env.Words.Rules
	s := fmt.Sprintf(w.Article, strconv.Itoa(a.Number))
	if a.Act == rule.ActDecision {
		return s + " (" + w.Decision + ")"
	}
	return s + ". " + a.Title
}

// copied is the clause that was named, else the article at the top.
func (p *Page) copied() string {
	if p.found && p.top < len(p.lines) && p.lines[p.top].start >= p.clause.Start && p.lines[p.top].start < p.clause.End {
		return p.clause.Text + "\n(" + p.clause.Ref + ")\n"
	}
	i := max(p.article(), 0)
	a := p.articles[i]
	return strings.TrimSpace(rule.RegulationText()[a.Start:a.End]) + "\n(" + a.Ref() + ")\n"
}

func (p *Page) showHit() {
	if p.at < len(p.hits) {
		p.show(p.hits[p.at].Start)
	}
}

// show brings a place of the text into the upper third.
func (p *Page) show(start int) {
	p.top = p.lineOf(start)
	if p.text != "" {
		p.top -= p.body() / 3
	}
	p.scroll(0)
}

// lineOf is the line on which a byte of the text stands.
func (p *Page) lineOf(at int) int {
	n := 0
	for i, l := range p.lines {
		if l.start <= at && l.start >= 0 {
			n = i
		}
	}
	return n
}

func (p *Page) body() int { return max(p.h-2, 1) }

func (p *Page) scroll(n int) { p.top = max(min(p.top+n, len(p.lines)-p.body()), 0) }

package queue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
	"hopthu/mail/server/internal/box"
	"hopthu/mail/server/internal/register"
)

// What the look for stamps of secrecy may cost. Its parts are bounded by the readers of documents; these bound the whole, so
// that a hostile attachment holds up neither its session nor the others.
const (
	screenLimit    = 20 * time.Second // of one letter
	screenPatience = 30 * time.Second // until the look begins; then the client is told to come back
	screenSmall    = 1 << 20          // octets up to which a letter does not wait behind large ones
	smallAtOnce    = 8
	largeAtOnce    = 2

	maxScreenFiles = 40
	maxScreenFile  = 25 << 20 // octets of one file
	maxScreenTotal = 50 << 20 // of all files of a letter
	maxScreenText  = 2 << 20  // of the text of one file; a stamp stands on a first page
)

// Stamped refuses a letter that bears a stamp of secrecy (QC 7.1b, 8.2). It holds no word of the letter.
type Stamped struct {
	Places []string // "subject", "body", "attachment 2"
}

// Error implements error.
func (s *Stamped) Error() string { return "stamp of secrecy: " + strings.Join(s.Places, ", ") }

// hit is a finding without its words.
type hit struct {
	verdict     mail.Verdict
	rule, place string
}

// screened is what the look into a letter found.
type screened struct {
	hits   []hit
	unseen []string // places that could not be looked into, or not wholly
}

func (s screened) at(v mail.Verdict) (places []string, detail string) {
	var all []string
	for _, h := range s.hits {
		if h.verdict != v {
			continue
		}
		if !slices.Contains(places, h.place) {
			places = append(places, h.place)
		}
		if words := h.place + " (rule " + h.rule + ")"; !slices.Contains(all, words) {
			all = append(all, words)
		}
	}
	return places, strings.Join(all, ", ")
}

// screener looks into letters, a few at a time.
type screener struct {
	small, large chan struct{} // tokens
	wait         func(time.Duration) <-chan time.Time
	look         func(raw []byte) screened
	running      sync.WaitGroup
}

func newScreener(wait func(time.Duration) <-chan time.Time) *screener {
	return &screener{small: make(chan struct{}, smallAtOnce), large: make(chan struct{}, largeAtOnce), wait: wait, look: lookInto}
}

// screen looks into a letter. One whose look takes too long counts as not looked into; the look goes on to its end, and
// until then keeps its place, so that memory and work stay bounded.
func (s *screener) screen(ctx context.Context, st *box.Staged) (screened, error) {
	place := s.large
	if st.Size <= screenSmall {
		place = s.small
	}
	select {
	case place <- struct{}{}:
	case <-s.wait(screenPatience):
		return screened{}, &mail.Fault{Kind: mail.TryLater, Op: "look for secrecy", Detail: "too many letters at once"}
	case <-ctx.Done():
		return screened{}, &mail.Fault{Kind: mail.TryLater, Op: "look for secrecy", Err: ctx.Err()}
	}
	raw, err := st.Bytes() // here: the staged file is gone when the session goes on
	if err != nil {
		<-place
		return screened{}, mail.AsFault("read letter", err)
	}
	done := make(chan screened, 1)
	s.running.Add(1)
	mail.Go("look for secrecy", func() {
		defer s.running.Done()
		defer func() { <-place }()
		done <- s.look(raw)
	})
	select {
	case out := <-done:
		return out, nil
	case <-s.wait(screenLimit):
		return screened{unseen: []string{"letter"}}, nil
	case <-ctx.Done():
		return screened{}, &mail.Fault{Kind: mail.TryLater, Op: "look for secrecy", Err: ctx.Err()}
	}
}

// holdSecret holds a submitted letter to the rule that our own client holds its drafts to (QC 7.1b, 8.2): what it would
// block is refused; what it would ask about passes, because nobody can be asked here, and is noted. Neither answer nor
// note has a word of the letter in it, or the name of a file.
func (q *Queue) holdSecret(ctx context.Context, p *plan) error {
	if q.screen == nil || p.e.Account == 0 {
		return nil
	}
	found, err := q.screen.screen(ctx, p.st)
	if err != nil {
		return err
	}
	note := func(what, detail string) error {
		who := register.Actor{Account: p.e.Account, Remote: p.e.Remote, Door: register.SMTP}
		return q.reg.Note(ctx, who, what, p.e.From, fmt.Sprintf("id %s, %d recipients: %s", p.id, len(p.e.To), detail))
	}
	if places, detail := found.at(mail.Block); len(places) > 0 {
		err := &mail.Fault{Kind: mail.Blocked, Op: "look for secrecy", Detail: "QC 7.1b", Err: &Stamped{Places: places}}
		return errors.Join(err, note("secrecy-block", detail))
	}
	if _, detail := found.at(mail.Ask); detail != "" {
		return note("secrecy-ask", detail)
	}
	if len(found.unseen) > 0 {
		return note("secrecy-unseen", strings.Join(found.unseen, ", "))
	}
	return nil
}

// lookInto looks for stamps in subject, text (every form of it, quoted or not), names of attachments and what can be read in
// them.
func lookInto(raw []byte) screened {
	var s screened
	l := letter.Parse(raw)
	s.add("subject", rule.Received{Subject: l.Subject})
	var own, quoted strings.Builder
	for _, p := range l.Paras {
		b := &own
		if p.Quote > 0 {
			b = &quoted
		}
		b.WriteString(p.Text + "\n")
	}
	s.add("body", rule.Received{Body: own.String(), Quoted: quoted.String()})
	listed := map[string]bool{}
	for _, p := range l.Parts {
		listed[p.Path] = true
	}
	forms := slices.DeleteFunc(textPaths(letter.ReadStructure(raw), ""), func(path string) bool { return listed[path] })
	if len(forms) > 1 || l.HTML { // one of them was shown: others, and what is hidden in HTML, are read as files
		for _, path := range forms {
			text, facts := readPart(raw, path, "")
			s.add("body", rule.Received{Files: []rule.ReceivedFile{{Text: text, Facts: facts}}})
		}
	}
	left, looked := maxScreenTotal, 0
	for _, i := range smallFirst(l.Parts) {
		p := l.Parts[i]
		place := fmt.Sprintf("attachment %d", i+1)
		f := rule.ReceivedFile{Name: p.Name}
		switch media, _, _ := strings.Cut(p.True, "/"); {
		case media == "image" || media == "audio" || media == "video": // no program reads a text in it
		case looked >= maxScreenFiles || p.Size > maxScreenFile || p.Size > int64(left):
			f.Unseen = true
		default:
			left -= int(p.Size)
			looked++
			f.Text, f.Facts = readPart(raw, p.Path, p.Name)
		}
		s.add(place, rule.Received{Files: []rule.ReceivedFile{f}})
	}
	return s
}

// smallFirst is the order of parts by size, so that one large file does not hide a document beside it.
func smallFirst(parts []mail.Part) []int {
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(parts[a].Size, parts[b].Size) })
	return order
}

func (s *screened) add(place string, in rule.Received) {
	for _, f := range rule.CheckReceived(in) {
		switch {
		case f.Verdict == mail.Block || f.Verdict == mail.Ask:
			s.hits = append(s.hits, hit{f.Verdict, f.Rule, place})
		case f.Code == rule.CodeUnseen:
			s.unseen = append(s.unseen, place)
		}
	}
}

// textPaths are the section numbers of the text parts of a letter.
func textPaths(n *letter.Structure, path string) (out []string) {
	if n.Type == "text" {
		if path == "" {
			path = "1" // RFC 9051 6.4.5.1: the text of a letter without parts
		}
		return []string{path}
	}
	for i, k := range n.Parts {
		out = append(out, textPaths(k, strings.TrimPrefix(fmt.Sprintf("%s.%d", path, i+1), "."))...)
	}
	return out[:min(len(out), maxScreenFiles)]
}

func readPart(raw []byte, path, name string) (string, rule.FileFacts) {
	r, err := letter.OpenPart(raw, path)
	if err != nil {
		return "", rule.FileFacts{Cut: true}
	}
	data, err := io.ReadAll(io.LimitReader(r, maxScreenFile))
	t, terr := letter.DocumentText(name, data)
	f := t.Facts(terr)
	f.Cut = f.Cut || err != nil || terr != nil && !errors.Is(terr, letter.ErrNoText)
	if len(t.Text) > maxScreenText {
		t.Text, f.Cut = strings.ToValidUTF8(t.Text[:maxScreenText], ""), true
	}
	return t.Text, f
}

package desk

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
)

// What a look into the attachments of one letter may cost, in octets after decoding. A stamp of secrecy stands on a first
// page: the text of a file beyond maxLookText is not searched. Small files go first, so that one large film does not hide
// the decision beside it.
const (
	maxLookFile  = 12 << 20 // a larger file is not looked into
	maxLookTotal = 16 << 20
	maxLookFiles = 40
	maxLookText  = 1 << 20 // of one file's text, 4 times that of the whole letter
)

// maxJudged is how many letters' findings are remembered: reopening one is free.
const maxJudged = 256

// judgements remembers what was found in letters. The bytes of a letter never change.
type judgements struct {
	mu    sync.Mutex
	found map[mail.LetterID][]mail.Finding
	order []mail.LetterID // oldest first
}

func (j *judgements) get(id mail.LetterID) ([]mail.Finding, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f, ok := j.found[id]
	return f, ok
}

func (j *judgements) put(id mail.LetterID, f []mail.Finding) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.found == nil {
		j.found = map[mail.LetterID][]mail.Finding{}
	}
	if _, have := j.found[id]; !have {
		j.order = append(j.order, id)
	}
	j.found[id] = f
	for len(j.order) > maxJudged {
		delete(j.found, j.order[0])
		j.order = j.order[1:]
	}
}

// Judge looks for stamps of secrecy in a letter as it was read from raw: subject, text, quoted text, names of attachments
// and what can be read in them (QC 7.1b). Its work is bounded; what was not looked into is named by a finding. whole is
// false when raw is only the beginning of the letter: then no attachment is looked into.
func Judge(l *mail.Letter, raw []byte, whole bool) []mail.Finding {
	in := rule.Received{Subject: l.Subject}
	var own, quoted strings.Builder
	for _, p := range l.Paras {
		b := &own
		if p.Quote > 0 {
			b = &quoted
		}
		b.WriteString(p.Text)
		b.WriteByte('\n')
	}
	in.Body, in.Quoted = own.String(), quoted.String()
	in.Files = make([]rule.ReceivedFile, len(l.Parts))
	look := looking{raw: raw, total: maxLookTotal, files: maxLookFiles, text: 4 * maxLookText}
	for i, p := range l.Parts {
		in.Files[i] = rule.ReceivedFile{Name: p.Name, Unseen: true}
	}
	if whole {
		for _, i := range bySize(l.Parts) {
			in.Files[i] = look.into(l.Parts[i])
		}
	}
	return rule.CheckReceived(in)
}

// bySize orders parts by size, small ones first.
func bySize(parts []mail.Part) []int {
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(parts[a].Size, parts[b].Size) })
	return order
}

// looking is what is left of the bounds while the files of a letter are looked into.
type looking struct {
	raw                []byte
	total, files, text int
}

func (k *looking) into(p mail.Part) rule.ReceivedFile {
	out := rule.ReceivedFile{Name: p.Name}
	if strings.HasPrefix(p.True, "image/") || strings.HasPrefix(p.True, "audio/") || strings.HasPrefix(p.True, "video/") {
		out.Facts.Unread = true // there is no text in it that a program can read
		return out
	}
	if k.files--; k.files < 0 || p.Size > maxLookFile || p.Size > int64(k.total) || k.text <= 0 {
		out.Unseen = true
		return out
	}
	k.total -= int(p.Size)
	r, err := letter.OpenPart(k.raw, p.Path)
	if err != nil {
		out.Unseen = true // a part that only the reader of TNEF sees
		return out
	}
	most := int64(maxLookFile)
	if strings.HasPrefix(p.True, "text/") {
		most = 2 * maxLookText // more of it would be read in vain
	}
	data, err := io.ReadAll(io.LimitReader(r, most))
	t := readAttachment(p.Name, data)
	out.Text, out.Facts = t.text, t.facts
	out.Facts.Cut = out.Facts.Cut || err != nil || p.Size > most
	if most := min(maxLookText, k.text); len(out.Text) > most {
		out.Text, out.Facts.Cut = strings.ToValidUTF8(out.Text[:most], ""), true
	}
	k.text -= len(out.Text)
	return out
}

// sealed says whether the doors that lead out of the program are closed for a letter, and by which clause.
func sealed(found []mail.Finding) (clause string, closed bool) {
	for _, f := range found {
		if f.Verdict == mail.Block {
			return f.Clause, true
		}
	}
	return "", false
}

// release refuses what takes a sealed letter, or anything of it, out of the program (QC 7.1b, 8.2, 13.7). It waits for the
// whole letter, and looks into it if that has not been done: the law does not depend on what the screen has shown.
func (d *Desk) release(ctx context.Context, op string, id mail.LetterID) error {
	found, ok := d.found.get(id)
	if !ok {
		raw, err := d.Raw(ctx, id)
		if err != nil {
			return err
		}
		found = d.judge(id, letter.Parse(raw), raw)
	}
	return closedBy(op, found)
}

func closedBy(op string, found []mail.Finding) error {
	if clause, closed := sealed(found); closed {
		return &mail.Fault{Kind: mail.Blocked, Op: op, Detail: clause, Err: errSealed}
	}
	return nil
}

var errSealed = errors.New("the letter bears a mark of secrecy")

// judge is Judge of a whole letter, remembered.
func (d *Desk) judge(id mail.LetterID, l *mail.Letter, raw []byte) []mail.Finding {
	found, ok := d.found.get(id)
	if !ok {
		found = Judge(l, raw, true)
		d.found.put(id, found)
	}
	return found
}

// judgeAgain adds what another reading of the text shows. A mark seen once stays seen.
func (d *Desk) judgeAgain(id mail.LetterID, l *mail.Letter, raw []byte) []mail.Finding {
	found := d.judge(id, letter.Parse(raw), raw)
	text := *l
	text.Parts = nil
	fresh := slices.DeleteFunc(Judge(&text, raw, true), func(f mail.Finding) bool { return slices.Contains(found, f) })
	if len(fresh) == 0 {
		return found
	}
	found = slices.Concat(found, fresh)
	slices.SortStableFunc(found, func(a, b mail.Finding) int { return cmp.Compare(b.Verdict, a.Verdict) })
	d.found.put(id, found)
	return found
}

package office

import (
	"context"
	"sync"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/server/internal/box"
)

// junk remembers which letters lie in a box's folder for junk, as of a state of that folder: rubbish obliges nobody to answer
// (QC 13.8), wherever it was delivered to.
type junk struct {
	mu  sync.Mutex
	all map[box.AccountID]junkFolder
}

type junkFolder struct {
	border
	keys map[string]bool
}

func newJunk() *junk { return &junk{all: map[box.AccountID]junkFolder{}} }

func (j *junk) get(b box.AccountID, f border) (map[string]bool, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	was, ok := j.all[b]
	return was.keys, ok && was.border == f
}

func (j *junk) put(b box.AccountID, f junkFolder) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.all[b] = f
}

// junkOf gives the keys of the letters that lie in a box's folder for junk.
func (o *Office) junkOf(ctx context.Context, b box.AccountID) (map[string]bool, error) {
	folders, err := o.folders(ctx, b)
	if err != nil {
		return nil, err
	}
	for _, f := range folders {
		if mail.Role(f.Role) != mail.RoleJunk || f.Total == 0 {
			continue
		}
		if keys, ok := o.junk.get(b, f); ok {
			return keys, nil
		}
		fresh := junkFolder{f, map[string]bool{}}
		err := o.eachPart(ctx, b, f, func(rows []box.Row) error {
			uids := make([]mail.UID, len(rows))
			for i, r := range rows {
				uids[i] = r.UID
			}
			return o.eachHead(ctx, b, f, uids, func(l box.Headed) {
				var h mail.Head
				letter.ReadHeader(l.Head).Fill(&h)
				fresh.keys[mail.LetterKey(h)] = true
			})
		})
		if err != nil {
			return nil, err
		}
		o.junk.put(b, fresh)
		return fresh.keys, nil
	}
	return nil, nil
}

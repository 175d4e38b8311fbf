package desk

import (
	"context"
	"sync"

	"hopthu/mail"
	"hopthu/mail/letter"
	"hopthu/mail/rule"
)

// maxAttachmentTexts and maxAttachmentBytes bound what is remembered of files already read.
const (
	maxAttachmentTexts = 64
	maxAttachmentBytes = 32 << 20
)

// attachmentTexts remembers the text of attachments: their bytes never change, and a draft is checked more than once.
type attachmentTexts struct {
	mu    sync.Mutex
	read  map[int64]attachmentText
	order []int64 // oldest first
	size  int
}

type attachmentText struct {
	text  string
	facts rule.FileFacts
}

func (c *attachmentTexts) get(id int64) (attachmentText, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, ok := c.read[id]
	return t, ok
}

func (c *attachmentTexts) put(id int64, t attachmentText) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, have := c.read[id]; have || len(t.text) > maxAttachmentBytes/2 {
		return
	}
	if c.read == nil {
		c.read = map[int64]attachmentText{}
	}
	c.read[id] = t
	c.order = append(c.order, id)
	c.size += len(t.text)
	for len(c.order) > maxAttachmentTexts || c.size > maxAttachmentBytes {
		c.size -= len(c.read[c.order[0]].text)
		delete(c.read, c.order[0])
		c.order = c.order[1:]
	}
}

// attachmentTexts reads the attachments of a draft: text and facts by name; of two files with one name both count.
func (d *Desk) attachmentTexts(ctx context.Context, list []mail.Attachment) (map[string]string, map[string]rule.FileFacts, error) {
	texts, facts := map[string]string{}, map[string]rule.FileFacts{}
	for _, a := range list {
		t, ok := d.files.get(a.ID)
		if !ok {
			data, err := d.store.AttachmentData(ctx, a.ID)
			if err != nil {
				return nil, nil, err
			}
			t = readAttachment(a.Name, data)
			d.files.put(a.ID, t)
		}
		texts[a.Name] += t.text + "\n"
		facts[a.Name] = facts[a.Name].Or(t.facts)
	}
	return texts, facts, nil
}

func readAttachment(name string, data []byte) attachmentText {
	t, err := letter.DocumentText(name, data)
	return attachmentText{text: t.Text, facts: t.Facts(err)}
}

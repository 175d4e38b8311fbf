package desk

import (
	"bytes"
	"context"
	"fmt"

	"hopthu/mail"
	"hopthu/mail/record"
)

// WriteRecord implements frame.HandingOver: the record (biên bản) of a handover as "txt", "pdf" or "odt" (QC 14.2). It names people
// and subjects, so nobody else on the computer may read the file.
func (d *Desk) WriteRecord(_ context.Context, h mail.Handover, format, dir string) (string, error) {
	const op = "write record"
	doc := record.Handover(h)
	write, ok := map[string]func(*bytes.Buffer) error{
		"txt": func(b *bytes.Buffer) error { return doc.WriteText(b) },
		"pdf": func(b *bytes.Buffer) error { return doc.WritePDF(b) },
		"odt": func(b *bytes.Buffer) error { return doc.WriteODT(b) },
	}[format]
	if !ok {
		return "", &mail.Fault{Kind: mail.BadFile, Op: op, Detail: "kind"}
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return "", fmt.Errorf("%s: %w", op, err)
	}
	dir, err := d.downloads(op, dir)
	if err != nil {
		return "", err
	}
	return d.writeNew(op, dir, record.FileName(h, format), 0o600, &b)
}

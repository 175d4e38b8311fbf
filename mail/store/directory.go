package store

import (
	"bytes"
	"context"
	"time"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// Directory is the public directory of an account's server as it was last read (QC 6). Data is the caller's.
type Directory struct {
	ETag string
	At   time.Time // when the server last confirmed it
	Data []byte
}

// PutDirectory keeps it in place of the last one.
func (s *Store) PutDirectory(ctx context.Context, account mail.AccountID, etag string, data []byte) error {
	return s.write(ctx, "keep directory", func(t *tx) error {
		n, err := t.accountNo(account)
		if err != nil {
			return err
		}
		if err := t.exec("INSERT INTO listing VALUES(?,?,?) ON CONFLICT(account) DO UPDATE SET etag=excluded.etag, at=excluded.at",
			n, etag, t.s.opts.Now()); err != nil {
			return err
		}
		return t.putChunks(chunkListing, n, bytes.NewReader(data))
	})
}

// ConfirmDirectory notes that the server has no newer one.
func (s *Store) ConfirmDirectory(ctx context.Context, account mail.AccountID) error {
	return s.write(ctx, "confirm directory", func(t *tx) error {
		return t.exec("UPDATE listing SET at=? WHERE account=(SELECT n FROM account WHERE id=?)", t.s.opts.Now(), string(account))
	})
}

// Directory reads it; false if there is none.
func (s *Store) Directory(ctx context.Context, account mail.AccountID) (d Directory, ok bool, err error) {
	err = s.read(ctx, "read directory", func(c *conn) error {
		var n int64
		err := c.each("SELECT l.account, l.etag, l.at FROM listing l JOIN account a ON a.n=l.account WHERE a.id=?", func(st *sqlite3.Stmt) error {
			n, d.ETag, d.At, ok = st.ColumnInt64(0), st.ColumnText(1), fromMicros(st.ColumnInt64(2)), true
			return nil
		}, string(account))
		if err != nil || !ok {
			return err
		}
		d.Data, ok, err = c.chunks(chunkListing, n)
		return err
	})
	return d, ok && err == nil, err
}

// DirectoryTag is the entity tag of the kept directory, "" if there is none.
func (s *Store) DirectoryTag(ctx context.Context, account mail.AccountID) (tag string, err error) {
	err = s.read(ctx, "read directory", func(c *conn) error {
		tag, err = c.text("SELECT l.etag FROM listing l JOIN account a ON a.n=l.account WHERE a.id=?", string(account))
		return err
	})
	return tag, err
}

package store

import (
	"context"

	"github.com/ncruces/go-sqlite3"

	"hopthu/mail"
)

// LettersByMessageID lists the letters of an account that stand in folders of a role and have this Message-ID.
func (s *Store) LettersByMessageID(ctx context.Context, account mail.AccountID, role mail.Role, messageID string) (list []mail.LetterID, err error) {
	if messageID == "" {
		return nil, nil
	}
	err = s.read(ctx, "find letter", func(c *conn) error {
		n, err := c.accountNo(account)
		if err != nil {
			return err
		}
		return c.each("SELECT l.id FROM letter l JOIN folder f ON f.id=l.folder WHERE l.account=? AND l.mhash=? AND f.role=?",
			func(st *sqlite3.Stmt) error {
				list = append(list, mail.LetterID(st.ColumnInt64(0)))
				return nil
			}, n, midHash(messageID), string(role))
	})
	return list, err
}

package sync

import "context"

// sweep erases drafts of letters that were handed to the outbox since. The copy at the server may have been on its way
// when the letter went, or the program ended before it erased it.
func (e *Engine) sweep(ctx context.Context) error {
	spent, err := e.store.SpentDrafts(ctx, e.account.ID)
	if err != nil || len(spent) == 0 {
		return err
	}
	if _, err := e.store.Erase(ctx, spent); err != nil {
		return err
	}
	e.Push()
	return nil
}

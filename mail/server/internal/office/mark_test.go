package office

import (
	"context"
	"testing"
)

// What could not be followed in one round is followed in the next, in every box.
func TestMarksAreNotForgotten(t *testing.T) {
	g := newRig(t)
	g.Marked(g.hung.Account)
	g.Marked(g.lan.Account)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := g.excuseMarked(ctx); err == nil {
		t.Fatal("followed without a database")
	}
	if left := g.marked.take(); !left[g.hung.Account] || !left[g.lan.Account] {
		t.Errorf("left: %v", left)
	}
}

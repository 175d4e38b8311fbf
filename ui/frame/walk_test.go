package frame_test

import (
	"testing"

	"hopthu/ui/frame"
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

func TestWalk(t *testing.T) {
	var rows kit.Rows[int]
	rows.SetIDs([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
	rows.SetHeight(4)
	var list kit.Choices
	list.Set(make([]kit.Choice, 10))
	list.View(20, 4, ">", kit.Look{})
	for _, c := range []struct {
		id   keys.ID
		want int
		ok   bool
	}{
		{keys.Down, 1, true},
		{keys.PageDown, 4, true},
		{keys.Up, 3, true},
		{keys.End, 9, true},
		{keys.PageUp, 6, true},
		{keys.Open, 6, false},
		{"", 6, false},
		{keys.Home, 0, true},
		{keys.Up, 0, true},
	} {
		if ok := frame.Walk(&rows, c.id); ok != c.ok || rows.Index() != c.want {
			t.Errorf("%q in rows: %v, row %d, want %v, %d", c.id, ok, rows.Index(), c.ok, c.want)
		}
		if ok := frame.Walk(&list, c.id); ok != c.ok || list.Index() != c.want {
			t.Errorf("%q in choices: %v, line %d, want %v, %d", c.id, ok, list.Index(), c.ok, c.want)
		}
	}
}

func TestPoint(t *testing.T) {
	var list kit.Choices
	list.Set(make([]kit.Choice, 10))
	list.View(20, 4, ">", kit.Look{})
	if frame.Point(&list, keys.Mouse{Kind: keys.WheelDown}, 3) || list.Index() != 1 {
		t.Errorf("the wheel went to line %d", list.Index())
	}
	if frame.Point(&list, keys.Mouse{Kind: keys.Click, Y: 2}, 3) || frame.Point(&list, keys.Mouse{Kind: keys.Click, Y: 7}, 3) {
		t.Error("a click beside the list took a line of it")
	}
	if !frame.Point(&list, keys.Mouse{Kind: keys.Click, Y: 6}, 3) || list.Index() != 3 {
		t.Errorf("a click on the last line shown took line %d", list.Index())
	}
}

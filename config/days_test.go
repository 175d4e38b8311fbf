package config

import (
	"errors"
	"path/filepath"
	"reflect"
	"testing"
)

func TestOwnDays(t *testing.T) {
	const days = "\n[[day]]\ndate = \"2026-12-22\"\nname = \"Ngày truyền thống\"\n\n[[day]]\ndate = \"2026-12-26\"\nname = \"Làm bù\"\nwork = true\n"
	c, err := LoadClient(put(t, good+days))
	if err != nil {
		t.Fatal(err)
	}
	want := []Day{{Date: "2026-12-22", Name: "Ngày truyền thống"}, {Date: "2026-12-26", Name: "Làm bù", Work: true}}
	if !reflect.DeepEqual(c.Days, want) {
		t.Errorf("%+v", c.Days)
	}
	path := filepath.Join(t.TempDir(), "client.toml")
	if err := c.Save(path); err != nil {
		t.Fatal(err)
	}
	if again, err := LoadClient(path); err != nil || !reflect.DeepEqual(again.Days, want) {
		t.Errorf("read back %+v %v", again.Days, err)
	}
	for _, bad := range []string{
		"\n[[day]]\ndate = \"22/12/2026\"\nname = \"x\"\n", "\n[[day]]\ndate = \"2026-02-30\"\nname = \"x\"\n", "\n[[day]]\ndate = \"2026-12-22\"\n",
		days + "\n[[day]]\ndate = \"2026-12-22\"\nname = \"x\"\n",
	} {
		var e *Error
		if _, err := LoadClient(put(t, good+bad)); !errors.As(err, &e) || e.Line == 0 {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

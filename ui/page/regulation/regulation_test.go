package regulation_test

import (
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/ui/dialog"
	"hopthu/ui/frame"
	"hopthu/ui/page/help"
	"hopthu/ui/page/regulation"
	"hopthu/ui/uitest"
)

var pages = frame.Pages{Regulation: regulation.New, Help: help.New}

func start(t *testing.T, clause string, w, h int) *uitest.Screen {
	t.Helper()
	return uitest.New(t, uitest.Sample(), pages, frame.OpenRegulation{Clause: clause}, w, h)
}

func TestFrames(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {80, 24}, {160, 48}} {
		start(t, "QC 13.7", size[0], size[1]).GoldenPage("clause")
	}
	start(t, "QC 7.1b", 80, 24).GoldenPageStyled("clause")
	start(t, "", 80, 24).GoldenPage("top")
}

// Every clause that the program may cite is found; what is not there is said.
func TestClauses(t *testing.T) {
	for clause, want := range map[string]string{"QC 7.1b": "▌ b) ", "QC 8.2": "▌ 2. ", "QC 13.7": "▌ 7. ", "QC 18": "Điều 18.", "7.3": "▌ 3. ", "QC 9": "Điều 9."} {
		s := start(t, clause, 80, 24)
		s.Want(want)
		s.Exact()
	}
	s := start(t, "QC 99", 80, 24)
	s.Want("Quy chế không có mục “QC 99”")
}

func TestArticles(t *testing.T) {
	s := start(t, "", 80, 24)
	s.Press("n")
	s.Want("Điều 1 (Quyết định ban hành)")
	s.Press("n", "n", "n", "n")
	s.Want("Quy chế · Điều 2. Hệ thống thư điện tử")
	s.Press("down", "p")
	s.Want("Quy chế · Điều 2.")
	s.Press("p")
	s.Want("Quy chế · Điều 1. Phạm vi")
	s.Press("enter")
	s.Want("Mục lục Quy chế")
	s.Type("hanh vi")
	s.Press("enter")
	s.Want("Quy chế · Điều 8. Những hành vi bị cấm")
	s.Press("y")
	if !strings.HasPrefix(s.Term.Copied, "Điều 8.") || !strings.HasSuffix(s.Term.Copied, "(QC 8)\n") {
		t.Errorf("copied %q", s.Term.Copied)
	}
	s.Press("end", "space", "pgup", "home", "up")
	s.Exact()
}

func TestSearch(t *testing.T) {
	s := start(t, "", 80, 24)
	s.Press("/")
	s.Type("bi mat nha nuoc")
	s.Want("kết quả 1/")
	s.GoldenPageStyled("search")
	s.Press("down")
	s.Want("kết quả 2/")
	s.Press("enter", "n")
	s.Want("Tìm: bi mat nha nuoc")
	s.Press("esc")
	s.WantNot("kết quả")
	s.Press("/")
	s.Type("xyzxyz")
	s.Want("kết quả 0/0")
	s.Exact()
}

func TestResizeKeepsThePlace(t *testing.T) {
	s := start(t, "QC 13.7", 160, 48)
	for _, w := range []int{41, 60, 200, 80} {
		s.Resize(w, 24)
		s.Exact()
		s.Want("Điều 13.")
	}
}

// The clauses of findings can be read over the question itself.
func TestClauseDialog(t *testing.T) {
	s := start(t, "", 80, 24)
	env := frame.Env{Shell: s.Shell()}
	found := []mail.Finding{{Clause: "QC 7.1b, 8.2"}, {Clause: ""}, {Clause: "QC 7.1b"}}
	d := dialog.Clause(env, found...)
	if d == nil || d.Title() != "QC 7.1b, QC 8.2" {
		t.Fatalf("%v", d)
	}
	s.Send(frame.Ask{Dialog: d})
	s.Want("QC 7.1b, QC 8.2", "Điều 7.")
	s.Press("esc")
	if dialog.Clause(env, mail.Finding{Clause: "RFC 5322"}) != nil || dialog.Clause(env) != nil {
		t.Error("a clause that the regulation does not have")
	}
}

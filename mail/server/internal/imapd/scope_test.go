package imapd

import (
	"strings"
	"testing"

	"hopthu/mail"
	"hopthu/mail/server/internal/register"
)

// lookers are the commands that change nothing in a box. A new command stands here or in acts: nobody forgets to decide.
var lookers = strings.Fields(`CAPABILITY NOOP LOGOUT ID LOGIN AUTHENTICATE ENABLE UNAUTHENTICATE NAMESPACE SELECT EXAMINE LIST LSUB
	STATUS IDLE GETQUOTA GETQUOTAROOT SETQUOTA CHECK CLOSE UNSELECT SEARCH SORT THREAD FETCH UID
	COMPRESS NOTIFY GETMETADATA GETACL LISTRIGHTS MYRIGHTS`)

func TestEveryCommandHasItsAct(t *testing.T) {
	looks := map[string]bool{}
	for _, c := range lookers {
		looks[c] = true
	}
	for _, m := range []map[string]handler{table, byUID} {
		for name := range m {
			_, acts := acts[name]
			if acts == looks[name] {
				t.Errorf("%s: is it a command that only looks? It stands in both lists, or in none", name)
			}
		}
	}
	for name, a := range acts {
		if register.Needed(a, mail.RoleNone) > mail.ScopeHead {
			t.Errorf("%s: the register does not know the act %q", name, a)
		}
	}
	if actOf("UID STORE") != register.Mark || actOf("FETCH") != register.Look {
		t.Error("acts of STORE and FETCH")
	}
}

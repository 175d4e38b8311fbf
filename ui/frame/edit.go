package frame

import (
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// Edit lets a press act on a text field: typing, pasting, moving, erasing. false when the press means something else.
// Keys that type become Vietnamese letters unless the field is Plain.
func (e Env) Edit(f *kit.Field, p keys.Press) bool {
	switch p.Action {
	case "":
		if p.Text == "" {
			return false
		}
		if p.Paste {
			return f.Paste(p.Text)
		}
		return e.Typist.Type(f, p.Text)
	case keys.WordEnd:
		return e.Typist.Finish(f)
	case keys.TypeRestore:
		return e.Typist.Restore(f)
	case keys.FieldLeft:
		f.Left(kit.Move)
	case keys.FieldRight:
		f.Right(kit.Move)
	case keys.FieldHome:
		f.Home(kit.Move)
	case keys.FieldEnd:
		f.End(kit.Move)
	case keys.Erase:
		e.Typist.Backspace(f)
	case keys.EraseNext:
		f.Delete()
	case keys.EraseWord:
		f.DeleteWordLeft()
	case keys.EraseLine:
		f.Replace("")
	default:
		return false
	}
	return true
}

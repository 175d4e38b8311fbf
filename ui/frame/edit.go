package frame

import (
	"hopthu/ui/keys"
	"hopthu/ui/kit"
)

// Edit lets a press act on a text field: typing, pasting, moving, erasing. false when the press means something else.
func Edit(f *kit.Field, p keys.Press) bool {
	switch p.Action {
	case "":
		if p.Text == "" {
			return false
		}
		if p.Paste {
			return f.Paste(p.Text)
		}
		return f.Insert(p.Text)
	case keys.FieldLeft:
		f.Left(kit.Move)
	case keys.FieldRight:
		f.Right(kit.Move)
	case keys.FieldHome:
		f.Home(kit.Move)
	case keys.FieldEnd:
		f.End(kit.Move)
	case keys.Erase:
		f.Backspace()
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

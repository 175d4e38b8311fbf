package kit

import (
	"strings"
	"unicode"

	"hopthu/mail/viet"
)

// Writable is a text that a Typist types into: an Editor or a Field.
type Writable interface {
	Insert(string) bool
	Retype(back int, typed string) bool
	Backspace()
	Around() (before, after string)
	Place() Place
	Composes() bool
}

// strange is how many words the terminal must compose in a row before the typist takes it that a system input method is at
// work in this text and steps aside.
const strange = 3

// Typist types Vietnamese into whatever text has the focus. One of them serves the whole screen: it knows by Place whether
// somebody else touched the text since its last key, and then begins anew with what stands there. It is never given pasted
// text. A nil Typist, and one that is set to no method, types keys as they are.
type Typist struct {
	eng     *viet.Engine
	method  string // as in mail.Settings.Typing
	style   string
	at      Place
	foreign int  // words in a row that the terminal composed
	counted bool // this word is among them
	awake   bool // the person switched it on by hand: it does not step aside any more
}

// methods are the engine's methods by their names in the settings.
var methods = map[string]viet.Method{"telex": viet.Telex, "telex-w": viet.Telex2, "vni": viet.VNI, "viqr": viet.VIQR}

// Use takes over Typing and Tones of mail.Settings; a method it does not know is none. VI and EN stay as they were.
func (t *Typist) Use(method, tones string) {
	if method == t.method && tones == t.style {
		return
	}
	was := t.eng
	t.method, t.style, t.eng, t.at, t.foreign = method, tones, nil, Place{}, 0
	m, ok := methods[method]
	if !ok {
		return
	}
	style := viet.OldStyle
	if tones == "new" {
		style = viet.NewStyle
	}
	t.eng = viet.NewEngine(m, style)
	if was != nil && !was.On() {
		t.eng.Toggle()
	}
}

// TypistState says what keys become.
type TypistState uint8

// States.
const (
	TypistNone    TypistState = iota // no method is set
	TypistOn                         // keys are composed
	TypistOff                        // keys are taken as they are
	TypistYielded                    // the terminal composes: keys are taken as they are
)

// State is what keys become now, and the method as the settings name it.
func (t *Typist) State() (TypistState, string) {
	switch {
	case t == nil || t.eng == nil:
		return TypistNone, ""
	case !t.eng.On():
		return TypistOff, t.method
	case t.yields():
		return TypistYielded, t.method
	}
	return TypistOn, t.method
}

func (t *Typist) yields() bool { return t.foreign >= strange && !t.awake }

// Toggle switches between VI and EN; where it had stepped aside it comes back.
func (t *Typist) Toggle() {
	if t == nil || t.eng == nil {
		return
	}
	if t.yields() && t.eng.On() {
		t.awake = true
		t.eng.Reset()
		return
	}
	t.eng.Toggle()
	t.awake = t.awake || t.eng.On()
}

// Type types s, which came from keys. It reports false when the text is full; what fitted stays.
func (t *Typist) Type(x Writable, s string) bool {
	if !t.serves(x) {
		return x.Insert(s)
	}
	for _, r := range s {
		t.notice(r)
		if t.yields() || x.Place().sel {
			t.eng.Reset()
			if !x.Insert(string(r)) {
				return false
			}
			t.at = x.Place()
			continue
		}
		if t.eng.Lost() {
			t.eng.Resume(x.Around())
		}
		back, text := t.eng.Key(r)
		if back > 0 {
			t.foreign = 0
		}
		if !t.put(x, back, text) {
			return false
		}
	}
	return true
}

// serves makes the engine ready for x: it begins anew if anything happened there since the last key.
func (t *Typist) serves(x Writable) bool {
	if t == nil || t.eng == nil || !t.eng.On() || !x.Composes() {
		return false
	}
	if now := x.Place(); now != t.at {
		t.eng.Reset()
		if now.text != t.at.text {
			t.foreign, t.counted = 0, false
		}
		t.at = now
	}
	return true
}

// notice counts the words that come composed from the terminal.
func (t *Typist) notice(r rune) {
	switch {
	case unicode.IsSpace(r):
		t.counted = false
	case r >= 0x80 && unicode.IsOneOf([]*unicode.RangeTable{unicode.Letter, unicode.Mark}, r) && !t.counted:
		t.counted = true
		t.foreign++
	}
}

// put does what the engine said. Where the text does not become what the engine believes, it begins anew.
func (t *Typist) put(x Writable, back int, text string) bool {
	ok := x.Retype(back, text)
	if before, _ := x.Around(); !ok || !strings.HasSuffix(before, text) {
		t.eng.Reset()
	}
	t.at = x.Place()
	return ok
}

// Backspace takes the letter before the cursor away, and the engine follows.
func (t *Typist) Backspace(x Writable) {
	if !t.serves(x) || t.yields() || t.at.sel || t.eng.Lost() {
		x.Backspace()
		return
	}
	if back, text := t.eng.Backspace(); back != 1 || text != "" {
		t.put(x, back, text)
		return
	}
	x.Backspace()
	t.at = x.Place()
}

// Finish ends the word before the cursor, as a space would: what cannot be Vietnamese goes back to its keys. It reports
// whether the text changed.
func (t *Typist) Finish(x Writable) bool {
	if !t.Busy() || !t.serves(x) {
		return false
	}
	back, text := t.eng.Boundary()
	return (back > 0 || text != "") && t.put(x, back, text)
}

// Forget begins anew with the next key.
func (t *Typist) Forget() {
	if t != nil && t.eng != nil {
		t.eng.Reset()
	}
}

// Busy reports whether a word is being typed.
func (t *Typist) Busy() bool { return t != nil && t.eng != nil && t.eng.Word() != "" }

// Restore gives back the keys of the word being typed; of the word just ended it changes between the keys and what they
// made. It reports whether the text changed.
func (t *Typist) Restore(x Writable) bool {
	if !t.serves(x) || t.yields() {
		return false
	}
	back, text := t.eng.Restore()
	return (back > 0 || text != "") && t.put(x, back, text)
}

// Keys is the line of x with the keys of the word being typed in the place of what they made so far: a filter looks for
// both.
func (t *Typist) Keys(x Writable) string {
	before, after := x.Around()
	if t.Busy() && x.Place() == t.at {
		before = strings.TrimSuffix(before, t.eng.Word()) + t.eng.Keys()
	}
	return before + after
}

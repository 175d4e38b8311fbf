package mail

// FileFacts is what a look into a file told besides its text.
type FileFacts struct {
	Scanned bool     // pictures of pages, no text
	Locked  bool     // encrypted, or with an encrypted entry
	Bomb    bool     // unpacks to far more than it is
	Macros  bool     // carries macros
	Cut     bool     // only its beginning was read
	Risky   bool     // an archive that holds a program or a disguised name
	Unread  bool     // of a kind whose text cannot be read
	Names   []string // what an archive holds
}

// Or joins the facts of two files with one name.
func (f FileFacts) Or(g FileFacts) FileFacts {
	return FileFacts{
		Scanned: f.Scanned || g.Scanned, Locked: f.Locked || g.Locked, Bomb: f.Bomb || g.Bomb, Macros: f.Macros || g.Macros,
		Cut: f.Cut || g.Cut, Risky: f.Risky || g.Risky, Unread: f.Unread || g.Unread, Names: append(f.Names[:len(f.Names):len(f.Names)], g.Names...),
	}
}

package rule

// Directory answers who stands behind a name.
type Directory interface{ Lookup(name string) []Match }

// Match is one.
type Match struct{ Confidence int }

const sureMatch = 80

package storedb

// Queries is generated later.
type Queries struct{}

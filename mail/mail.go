// Package mail holds the nouns that both houses, client and server, speak: accounts, folders, letters, drafts,
// events and faults.
//
// Laws: it imports nothing but the standard library; it does no I/O; every text in it is NFC; nothing here is
// ready for the screen until it has passed kit.Clean.
package mail

import "time"

// Zone is Asia/Ho_Chi_Minh: UTC+7 without summer time, in which every day of the regulation, and a document's day of issue,
// begins and ends.
var Zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// AccountID names one account in the settings, the store and the keyring. It never changes, not even when the
// address does, and is never shown.
type AccountID string

// FolderID is a row number of the local store; like the ids below it means nothing to a server.
type FolderID int64

// LetterID is a row number of the local store.
type LetterID int64

// ThreadID is a row number of the local store.
type ThreadID int64

// DraftID is a row number of the local store.
type DraftID int64

// OutboxID is a row number of the local store.
type OutboxID int64

// UID is an IMAP unique identifier (RFC 9051 2.3.1.1), valid only together with its folder's UIDVALIDITY.
type UID uint32

package frame

import (
	"context"

	"hopthu/mail"
	"hopthu/mail/rule"
)

// Dispatching is the part of the desk that sends out documents and keeps the sổ văn bản đi (QC 7.1a).
type Dispatching interface {
	// OpenDispatch reads a document from a file, or from pasted text when path is "", and plans it. The files are in the
	// store when it returns. Kind BadFile: it cannot be read, with the reason as Detail.
	OpenDispatch(ctx context.Context, account mail.AccountID, path, pasted string) (rule.Dispatch, error)
	// OpenedDispatches lists those begun and not sent, newest first.
	OpenedDispatches(ctx context.Context) ([]rule.Dispatch, error)
	// PlanDispatch resolves anew after the person changed Document, Picks or Extra, and keeps the state.
	PlanDispatch(ctx context.Context, d rule.Dispatch) (rule.Dispatch, error)
	// AttachDispatch adds a further file; DropDispatch gives the whole thing up.
	AttachDispatch(ctx context.Context, d rule.Dispatch, path string) (rule.Dispatch, error)
	DropDispatch(ctx context.Context, d rule.Dispatch) error
	// FindListed searches the directory for an open row, best first.
	FindListed(ctx context.Context, account mail.AccountID, typed string) ([]rule.Match, error)
	// CheckDispatch is Check, and Blocks while a row is open ("row-open") or no recipient is left ("no-recipient"); a
	// draft ("document-draft") is asked about.
	CheckDispatch(ctx context.Context, d rule.Dispatch) ([]mail.Finding, error)
	// SendDispatch puts one letter to all recipients into the outbox and its line into the register, in one transaction.
	SendDispatch(ctx context.Context, d rule.Dispatch, reasons map[string]string) (mail.RegisterEntry, error)
	// Register lists the sổ văn bản đi, newest first; text narrows it, with or without marks.
	Register(ctx context.Context, account mail.AccountID, text string) ([]mail.RegisterEntry, error)
	RegisterEntry(ctx context.Context, id mail.RegisterID) (mail.RegisterEntry, error)
	// ExportRegister writes it as CSV (UTF-8 with a byte order mark, for spreadsheets) into dir and returns the path.
	ExportRegister(ctx context.Context, account mail.AccountID, dir string) (string, error)
}

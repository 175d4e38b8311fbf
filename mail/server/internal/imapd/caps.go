package imapd

import "fmt"

// Product is what ID answers.
const Product = "hopthu-server"

// What the server can do, before TLS, before login and after it.
const (
	capsPlain  = "IMAP4rev2 IMAP4rev1 LITERAL+ SASL-IR ID STARTTLS LOGINDISABLED"
	capsBefore = "IMAP4rev2 IMAP4rev1 LITERAL+ SASL-IR ID ENABLE"
	capsAfter  = "IMAP4rev2 IMAP4rev1 LITERAL+ SASL-IR ID ENABLE UTF8=ACCEPT IDLE NAMESPACE UIDPLUS UNSELECT MOVE CHILDREN " +
		"LIST-EXTENDED LIST-STATUS SPECIAL-USE CREATE-SPECIAL-USE ESEARCH SEARCHRES WITHIN SORT SORT=DISPLAY ESORT " +
		"THREAD=ORDEREDSUBJECT THREAD=REFERENCES PARTIAL CONDSTORE QRESYNC QUOTA QUOTA=RES-STORAGE BINARY MULTIAPPEND " +
		"STATUS=SIZE OBJECTID SAVEDATE PREVIEW REPLACE UNAUTHENTICATE INPROGRESS METADATA LIST-METADATA NOTIFY ACL RIGHTS=kxte LIST-MYRIGHTS"
)

func (c *session) caps() string {
	if !c.logged {
		plus := ""
		if c.bound {
			plus = " AUTH=" + mechPlus
		}
		return capsBefore + plus + " AUTH=" + mechScram + " AUTH=PLAIN"
	}
	deflate := " COMPRESS=DEFLATE"
	if c.packed {
		deflate = ""
	}
	return fmt.Sprintf("%s APPENDLIMIT=%d%s", capsAfter, c.s.opt.MaxSize, deflate)
}

// place says in which states of a connection a command may be used (RFC 9051 3).
type place uint8

const (
	stranger place = 1 << iota
	user
	opened // a mailbox is selected
)

// handler is one row of the command table.
type handler struct {
	in place
	do func(*session, *command, *parser) error
	// numbers: message sequence numbers stand in the command or its answer, so no expunge may be told with it
	// (RFC 9051 7.5.1). The answer to SELECT is the state that the client begins with.
	numbers bool
}

// streams names the commands that read a message from the wire themselves.
var streams = map[string]bool{"APPEND": true, "REPLACE": true}

// table is every command. UID has rows of its own.
var table map[string]handler

// byUID is every command that may follow UID.
var byUID map[string]handler

func init() {
	const anywhere, loggedIn = stranger | user | opened, user | opened
	table = map[string]handler{
		"CAPABILITY":     {in: anywhere, do: (*session).capability},
		"NOOP":           {in: anywhere, do: (*session).noop},
		"LOGOUT":         {in: anywhere, do: (*session).logout},
		"ID":             {in: anywhere, do: (*session).ident},
		"LOGIN":          {in: stranger, do: (*session).loginCommand},
		"AUTHENTICATE":   {in: stranger, do: (*session).authenticate},
		"ENABLE":         {in: loggedIn, do: (*session).enable},
		"UNAUTHENTICATE": {in: loggedIn, do: (*session).unauthenticate},
		"NAMESPACE":      {in: loggedIn, do: (*session).namespace},
		"SELECT":         {in: loggedIn, do: (*session).selectCommand, numbers: true},
		"EXAMINE":        {in: loggedIn, do: (*session).selectCommand, numbers: true},
		"CREATE":         {in: loggedIn, do: (*session).create},
		"DELETE":         {in: loggedIn, do: (*session).deleteCommand},
		"RENAME":         {in: loggedIn, do: (*session).rename},
		"SUBSCRIBE":      {in: loggedIn, do: (*session).subscribe},
		"UNSUBSCRIBE":    {in: loggedIn, do: (*session).subscribe},
		"LIST":           {in: loggedIn, do: (*session).list},
		"LSUB":           {in: loggedIn, do: (*session).lsub},
		"STATUS":         {in: loggedIn, do: (*session).statusCommand},
		"APPEND":         {in: loggedIn, do: (*session).appendCommand},
		"IDLE":           {in: loggedIn, do: (*session).idle},
		"MYRIGHTS":       {in: loggedIn, do: (*session).myRights},
		"GETACL":         {in: loggedIn, do: (*session).getACL},
		"LISTRIGHTS":     {in: loggedIn, do: (*session).listRights},
		"SETACL":         {in: loggedIn, do: (*session).setACL},
		"DELETEACL":      {in: loggedIn, do: (*session).setACL},
		"COMPRESS":       {in: loggedIn, do: (*session).compress},
		"NOTIFY":         {in: loggedIn, do: (*session).notify},
		"GETMETADATA":    {in: loggedIn, do: (*session).getMetadata},
		"SETMETADATA":    {in: loggedIn, do: (*session).setMetadata},
		"GETQUOTA":       {in: loggedIn, do: (*session).getQuota},
		"GETQUOTAROOT":   {in: loggedIn, do: (*session).getQuotaRoot},
		"SETQUOTA":       {in: loggedIn, do: (*session).setQuota},
		"CHECK":          {in: opened, do: (*session).noop},
		"CLOSE":          {in: opened, do: (*session).closeCommand},
		"UNSELECT":       {in: opened, do: (*session).unselectCommand},
		"EXPUNGE":        {in: opened, do: (*session).expunge},
		"SEARCH":         {in: opened, do: (*session).search, numbers: true},
		"SORT":           {in: opened, do: (*session).sort, numbers: true},
		"THREAD":         {in: opened, do: (*session).thread, numbers: true},
		"FETCH":          {in: opened, do: (*session).fetch, numbers: true},
		"STORE":          {in: opened, do: (*session).store, numbers: true},
		"COPY":           {in: opened, do: (*session).copyCommand},
		"MOVE":           {in: opened, do: (*session).move},
		"REPLACE":        {in: opened, do: (*session).appendCommand},
		"UID":            {in: opened},
	}
	byUID = map[string]handler{
		"EXPUNGE": {in: opened, do: (*session).expunge},
		"SEARCH":  {in: opened, do: (*session).search},
		"SORT":    {in: opened, do: (*session).sort},
		"THREAD":  {in: opened, do: (*session).thread},
		"FETCH":   {in: opened, do: (*session).fetch},
		"STORE":   {in: opened, do: (*session).store},
		"COPY":    {in: opened, do: (*session).copyCommand},
		"MOVE":    {in: opened, do: (*session).move},
		"REPLACE": {in: opened, do: (*session).appendCommand},
	}
}

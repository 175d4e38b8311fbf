package queue

import "hopthu/mail"

var errNotYet = &mail.Fault{Kind: mail.Unknown, Op: "queue", Detail: "not written yet"}

// Package office keeps what the people of a box agree on and what they owe: who has which letter, who is writing its
// answer, internal notes, the daily record, leaves, and the handover of an agency's box (QC 9, 12, 14, 15).
//
// Laws: each act is one transaction with its row in the audit log, and who may do it is asked of the register inside that
// transaction; of two acts that contradict each other the first wins and the second is told, nothing is overwritten unseen;
// the daily record is made of what the server itself saw, never of what a client claims; counts and times go to a head,
// subjects and bodies never (D11); until a handover is done, everything is as it was before it began.
package office

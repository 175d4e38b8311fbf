package box

// Watch begins to collect changes of a mailbox. Begin to watch before reading the state, so that nothing falls between:
// a change seen in both is told twice, never missed.
func (s *Service) Watch(ref Ref) *Watch { return s.room.watch(ref) }

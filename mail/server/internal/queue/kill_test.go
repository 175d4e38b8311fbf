package queue

func runHelper() bool { return false }

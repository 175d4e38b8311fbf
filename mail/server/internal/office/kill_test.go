package office

func runHelper() bool { return false }

package store

func crashHelper() {}

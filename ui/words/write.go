package words

// Write has the words of the pages where one writes.
type Write struct{}

var writeVI = Write{}

var writeEN = Write{}

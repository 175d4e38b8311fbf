package keys

// Contexts, stacks and actions of the pages where one writes.
var (
	typingWrite  []Context   // where letters are letters
	closingWrite []Context   // with an Esc or Ctrl+C of their own
	stacksWrite  [][]Context // contexts that are open together
)

func writing() []Action { return nil }

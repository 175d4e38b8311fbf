package mail

import (
	"fmt"
	"runtime/debug"
	"sync"
)

var (
	hookMu sync.Mutex
	hook   = func(name string, value any, stack []byte) { panic(fmt.Sprintf("%s: %v\n%s", name, value, stack)) }
)

// OnPanic sets what happens when a goroutine started by Go panics: cmd restores the terminal, writes the stack to
// a file and ends the program. Without a hook the panic goes on.
func OnPanic(f func(name string, value any, stack []byte)) {
	hookMu.Lock()
	defer hookMu.Unlock()
	hook = f
}

// Go is the only way to start a goroutine in this project; a test in cmd finds every other one.
func Go(name string, f func()) {
	go func() { // the one goroutine statement of the project
		defer func() {
			if v := recover(); v != nil {
				hookMu.Lock()
				h := hook
				hookMu.Unlock()
				h(name, v, debug.Stack())
			}
		}()
		f()
	}()
}

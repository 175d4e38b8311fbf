//go:build linux

package speed

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// proxy stands between a program and the mail server: it adds a round trip's delay and counts octets.
type proxy struct {
	to       string
	rtt      time.Duration
	ln       net.Listener
	down, up atomic.Int64 // octets from and to the server
	turns    atomic.Int64 // how often the client spoke after the server had: round trips beyond the first
	wg       sync.WaitGroup
	mu       sync.Mutex
	live     map[net.Conn]bool
}

func startProxy(t *testing.T, to string, rtt time.Duration) *proxy {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{to: to, rtt: rtt, ln: ln, live: map[net.Conn]bool{}}
	p.wg.Go(p.accept)
	t.Cleanup(func() {
		if err := ln.Close(); err != nil {
			t.Error(err)
		}
		p.cut()
		p.wg.Wait()
	})
	return p
}

func (p *proxy) port() int { return p.ln.Addr().(*net.TCPAddr).Port } //nolint:errcheck,forcetypeassert // a TCP listener

func (p *proxy) reset() { p.down.Store(0); p.up.Store(0); p.turns.Store(0) }

// cut ends all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.live {
		_ = c.Close() //nolint:errcheck // being thrown away
	}
}

func (p *proxy) accept() {
	for {
		c, err := p.ln.Accept()
		if err != nil {
			return
		}
		// The kernel has answered the client's SYN at once; a real one would have come a round trip later.
		open := time.Now().Add(p.rtt)
		s, err := net.Dial("tcp", p.to)
		if err != nil {
			_ = c.Close() //nolint:errcheck // the client sees the end
			continue
		}
		p.mu.Lock()
		p.live[c], p.live[s] = true, true
		p.mu.Unlock()
		var spoke atomic.Bool
		p.wg.Go(func() {
			p.pipe(s, c, open, func(n int) {
				p.up.Add(int64(n))
				if spoke.Swap(false) {
					p.turns.Add(1)
				}
			})
		})
		p.wg.Go(func() { p.pipe(c, s, open, func(n int) { p.down.Add(int64(n)); spoke.Store(true) }) })
	}
}

// pipe carries octets from src to dst, each piece half a round trip late.
func (p *proxy) pipe(dst, src net.Conn, open time.Time, count func(int)) {
	type piece struct {
		data []byte
		due  time.Time
	}
	way := make(chan piece, 4096)
	p.wg.Go(func() {
		defer func() {
			_ = dst.Close() //nolint:errcheck // the other side sees the end
			for range way { // let the reader end
			}
		}()
		for x := range way {
			if d := time.Until(x.due); d > 0 {
				<-time.After(d)
			}
			if _, err := dst.Write(x.data); err != nil {
				return
			}
		}
	})
	defer close(way)
	buf := make([]byte, 64<<10)
	for {
		n, err := src.Read(buf)
		if n > 0 {
			count(n)
			at := time.Now()
			if at.Before(open) {
				at = open
			}
			way <- piece{append([]byte(nil), buf[:n]...), at.Add(p.rtt / 2)}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				_ = src.Close() //nolint:errcheck // broken already
			}
			return
		}
	}
}

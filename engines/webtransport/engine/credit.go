//go:build js && wasm

package main

import (
	"context"
	"sync/atomic"
)

// credit is how much more the host will take. It gives more as it gets through what it has, so a host that is busy
// is not buried, and a peer whose bytes nobody reads gets no more flow-control credit of QUIC's either.
type credit struct {
	left  atomic.Int64
	added chan struct{}
}

func newCredit(left int) *credit {
	c := &credit{added: make(chan struct{}, 1)}
	c.left.Store(int64(left))
	return c
}

func (c *credit) add(amount int) {
	c.left.Add(int64(amount))
	signal(c.added)
}

// spend is for the one who waits.
func (c *credit) spend(amount int) {
	c.left.Add(-int64(amount))
}

// wait returns how much there is once there is some, or 0 at the end of `ctx`.
func (c *credit) wait(ctx context.Context) int {
	for {
		if left := int(c.left.Load()); left > 0 {
			return left
		}
		select {
		case <-c.added:
		case <-ctx.Done():
			return 0
		}
	}
}

// signal wakes the one who waits; a signal that nobody has taken yet is enough.
func signal(waiting chan struct{}) {
	select {
	case waiting <- struct{}{}:
	default:
	}
}

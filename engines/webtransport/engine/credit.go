//go:build js && wasm

package main

import "context"

// credit is how much more the host will take. It gives more as it gets through what it has, so a host that is busy
// is not buried, and a peer whose bytes nobody reads gets no more flow-control credit of QUIC's either.
type credit struct {
	left  int
	added chan struct{}
}

func newCredit(left int) credit {
	return credit{left, make(chan struct{}, 1)}
}

func (c *credit) add(amount int) {
	c.left += amount
	signal(c.added)
}

// wait returns how much there is once there is some, or 0 at the end of `ctx`.
func (c *credit) wait(ctx context.Context) int {
	for c.left == 0 {
		select {
		case <-c.added:
		case <-ctx.Done():
			return 0
		}
	}
	return c.left
}

// signal wakes the one who waits; a signal that nobody has taken yet is enough.
func signal(waiting chan struct{}) {
	select {
	case waiting <- struct{}{}:
	default:
	}
}

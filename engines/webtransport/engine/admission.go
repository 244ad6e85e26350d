//go:build js && wasm

package main

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"

	"github.com/quic-go/quic-go"
)

var errFull = errors.New("as many as the limits allow")

// admission counts connections before they cost anything: a handshake takes milliseconds, and its sender's address
// may be a lie until an answer to it came back.
type admission struct {
	limits      limits
	lock        sync.Mutex
	connections int
	handshakes  int
	networks    map[netip.Prefix]int
}

func newAdmission(limits limits) *admission {
	return &admission{limits: limits, networks: make(map[netip.Prefix]int)}
}

// mustProve tells whether a client has to show first that it gets what is sent to its address, which costs it a round
// trip (RFC 9000 section 8.1.2). With a made-up address nobody takes more than half of what that address may have.
func (a *admission) mustProve(address net.Addr) bool {
	a.lock.Lock()
	defer a.lock.Unlock()
	return a.handshakes >= a.limits.HandshakesUnproven ||
		a.networks[networkOf(address)] >= (a.limits.SessionsPerAddress+1)/2
}

// admit counts a connection until its end, or refuses it.
func (a *admission) admit(ctx context.Context, info *quic.ClientInfo) (context.Context, error) {
	network := networkOf(info.RemoteAddr)
	a.lock.Lock()
	defer a.lock.Unlock()
	if a.connections >= a.limits.Sessions ||
		a.handshakes >= a.limits.Handshakes ||
		a.networks[network] >= a.limits.SessionsPerAddress {
		return nil, errFull
	}
	a.connections++
	a.handshakes++
	a.networks[network]++
	shaken := &handshake{admission: a}
	context.AfterFunc(ctx, func() {
		shaken.done()
		a.lock.Lock()
		defer a.lock.Unlock()
		a.connections--
		if a.networks[network]--; a.networks[network] == 0 {
			delete(a.networks, network)
		}
	})
	return context.WithValue(ctx, handshakeKey{}, shaken), nil
}

func (a *admission) counts() (connections, handshakes int) {
	a.lock.Lock()
	defer a.lock.Unlock()
	return a.connections, a.handshakes
}

// A handshake is under way until it is done, which it is once.
type handshake struct {
	admission *admission
	once      sync.Once
}

type handshakeKey struct{}

func (h *handshake) done() {
	h.once.Do(func() {
		h.admission.lock.Lock()
		defer h.admission.lock.Unlock()
		h.admission.handshakes--
	})
}

// networkOf is an address of IPv4, or the 64 bits that one customer has of IPv6.
func networkOf(address net.Addr) netip.Prefix {
	ip := address.(*net.UDPAddr).AddrPort().Addr().Unmap().WithZone("")
	bits := 64
	if ip.Is4() {
		bits = 32
	}
	network, _ := ip.Prefix(bits)
	return network
}

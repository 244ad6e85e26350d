//go:build js && wasm

package main

import (
	"encoding/binary"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"
	"unsafe"
)

// Packets that wait for quic-go to read them; more are lost, as a full socket would lose them.
const waitingPackets = 4096

type packet struct {
	bytes []byte
	from  net.UDPAddr
}

// A socket is the host's UDP socket, as quic-go wants to see one.
type socket struct {
	local    *net.UDPAddr
	packets  chan packet
	lock     sync.Mutex
	deadline time.Time
	// Closed and made anew when the deadline changes, so that who reads looks at it again.
	changed chan struct{}
}

func newSocket() *socket {
	return &socket{
		local:   &net.UDPAddr{IP: net.IPv6unspecified},
		packets: make(chan packet, waitingPackets),
		changed: make(chan struct{}),
	}
}

// receive takes a batch of packets. Before each stand the length and the text of its sender's address, the sender's
// port, and the packet's length. The packets stay parts of the batch.
func (s *socket) receive(batch []byte) {
	for len(batch) > 0 {
		end := 1 + int(batch[0])
		address, err := netip.ParseAddr(string(batch[1:end]))
		port := binary.LittleEndian.Uint16(batch[end:])
		length := int(binary.LittleEndian.Uint16(batch[end+2:]))
		bytes := batch[end+4 : end+4+length]
		batch = batch[end+4+length:]
		if err != nil {
			continue
		}
		from := net.UDPAddr{IP: address.AsSlice(), Port: int(port), Zone: address.Zone()}
		select {
		case s.packets <- packet{bytes, from}:
		default:
		}
	}
}

func (s *socket) ReadFrom(into []byte) (int, net.Addr, error) {
	for {
		s.lock.Lock()
		deadline, changed := s.deadline, s.changed
		s.lock.Unlock()
		var late <-chan time.Time
		if !deadline.IsZero() {
			left := time.Until(deadline)
			if left <= 0 {
				return 0, nil, os.ErrDeadlineExceeded
			}
			late = time.After(left)
		}
		select {
		case one := <-s.packets:
			return copy(into, one.bytes), &one.from, nil
		case <-late:
			return 0, nil, os.ErrDeadlineExceeded
		case <-changed:
		}
	}
}

func (s *socket) WriteTo(bytes []byte, to net.Addr) (int, error) {
	address := to.(*net.UDPAddr).AddrPort()
	var scratch [64]byte
	text := address.Addr().AppendTo(scratch[:0])
	hostSend(
		unsafe.Pointer(unsafe.SliceData(text)), uint32(len(text)), uint32(address.Port()),
		unsafe.Pointer(unsafe.SliceData(bytes)), uint32(len(bytes)),
	)
	return len(bytes), nil
}

func (s *socket) SetReadDeadline(deadline time.Time) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.deadline = deadline
	close(s.changed)
	s.changed = make(chan struct{})
	return nil
}

func (s *socket) LocalAddr() net.Addr                  { return s.local }
func (s *socket) SetDeadline(deadline time.Time) error { return s.SetReadDeadline(deadline) }
func (s *socket) SetWriteDeadline(time.Time) error     { return nil }
func (s *socket) Close() error                         { return nil }
func (s *socket) SetReadBuffer(int) error              { return nil }
func (s *socket) SetWriteBuffer(int) error             { return nil }

//go:build js && wasm

package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/quic-go/quic-go"
)

// What the host may set; `src/limits.ts` has the defaults and says what they are for.
type limits struct {
	Sessions           int
	SessionsPerAddress int
	Handshakes         int
	HandshakesUnproven int
	HandshakeMs        int
	IdleMs             int
	StreamsPerSession  int64
}

type configuration struct {
	// How this end proves that it is the one that has forgotten a connection (RFC 9000 section 10.3): the same
	// after the host has started the engine anew.
	ResetKey []byte
	Limits   limits
	// Absent in an engine that only dials.
	Certificate *certificatePair
}

type certificatePair struct{ Cert, Key string }

// An engine is a UDP socket with all that goes over it. The maps hold what has not ended yet.
type engine struct {
	socket    *socket
	transport *quic.Transport
	listener  *listener
	limits    limits
	sessions  table[*session]
	outgoing  table[*outgoing]
	incoming  table[*incoming]
	// Numbers that the engine gives are even; those of the host, which does not wait for an answer, are odd.
	lastID atomic.Uint32
}

func newEngine() *engine {
	return &engine{
		socket:   newSocket(),
		sessions: newTable[*session](),
		outgoing: newTable[*outgoing](),
		incoming: newTable[*incoming](),
	}
}

func (e *engine) nextID() uint32 {
	return e.lastID.Add(2)
}

func (e *engine) configure(body []byte) error {
	var c configuration
	if err := json.Unmarshal(body, &c); err != nil {
		return err
	}
	e.limits = c.Limits
	e.transport = &quic.Transport{Conn: e.socket}
	if len(c.ResetKey) == len(quic.StatelessResetKey{}) {
		e.transport.StatelessResetKey = (*quic.StatelessResetKey)(c.ResetKey)
	}
	if c.Certificate != nil {
		listener, err := listen(e, *c.Certificate)
		if err != nil {
			return err
		}
		e.listener = listener
	}
	emit(isReady, 0, 0, nil)
	return nil
}

// Windows that start small, as a hub's clients send little, and grow with who sends much and is read.
func (e *engine) quicConfig() *quic.Config {
	idle := time.Duration(e.limits.IdleMs) * time.Millisecond
	return &quic.Config{
		EnableDatagrams:                  true,
		EnableStreamResetPartialDelivery: true,
		HandshakeIdleTimeout:             time.Duration(e.limits.HandshakeMs) * time.Millisecond,
		MaxIdleTimeout:                   idle,
		// Also keeps the way open that a router has opened for the connection.
		KeepAlivePeriod:                idle / 2,
		InitialStreamReceiveWindow:     64 << 10,
		MaxStreamReceiveWindow:         1 << 20,
		InitialConnectionReceiveWindow: 128 << 10,
		MaxConnectionReceiveWindow:     2 << 20,
		// Beside those of a session: the one that asked for it, and HTTP/3's control stream, QPACK's two, and the one
		// that tries whether unknown types are ignored (RFC 9114 section 6.2).
		MaxIncomingStreams:    e.limits.StreamsPerSession + 1,
		MaxIncomingUniStreams: e.limits.StreamsPerSession + 4,
	}
}

// shutDown takes leave of every peer before it says that it is done.
func (e *engine) shutDown() {
	if e.listener != nil {
		e.listener.close()
	}
	for _, s := range e.sessions.all() {
		s.connection.CloseWithError(noError, "")
	}
	if e.transport != nil {
		e.transport.Close()
	}
	emit(isShutDown, 0, 0, nil)
}

type counts struct {
	Connections int `json:"connections"`
	Handshakes  int `json:"handshakes"`
	Sessions    int `json:"sessions"`
	Outgoing    int `json:"outgoing"`
	Incoming    int `json:"incoming"`
	Goroutines  int `json:"goroutines"`
	HeapBytes   int `json:"heapBytes"`
}

func (e *engine) count() counts {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	c := counts{
		Sessions:   e.sessions.size(),
		Outgoing:   e.outgoing.size(),
		Incoming:   e.incoming.size(),
		Goroutines: runtime.NumGoroutine(),
		HeapBytes:  int(memory.HeapAlloc),
	}
	if e.listener != nil {
		c.Connections, c.Handshakes = e.listener.admission.counts()
	}
	return c
}

func fault(what string, err error) {
	emit(isFault, 0, 0, fmt.Appendf(nil, "%s: %v", what, err))
}

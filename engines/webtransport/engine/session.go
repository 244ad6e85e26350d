//go:build js && wasm

package main

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"sync/atomic"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"github.com/quic-go/quic-go/quicvarint"
	"github.com/quic-go/webtransport-go"
)

const (
	noError = quic.ApplicationErrorCode(http3.ErrCodeNoError)
	// How long a peer has to take note of the session's end before its connection goes too: a busy computer, or a bad network,
	// takes more than a second.
	farewell = 3 * time.Second
	// Datagrams that the host hands over before quic-go takes them, and those it takes before it got through any;
	// `src/session.ts` has the same.
	datagramCredit = 64
)

// A session is one from the request for it on. There is one on a connection: more would need WebTransport's own flow
// control, which no browser speaks yet.
type session struct {
	id         uint32
	engine     *engine
	connection *quic.Conn
	// Ends with the session.
	ctx    context.Context
	cancel context.CancelCauseFunc
	// What the host says to the request.
	verdict chan uint32
	// Closed once `transport` is there.
	ready     chan struct{}
	transport *webtransport.Session
	// The stream of the request, in a server.
	request *http3.Stream
	// This end has said that the session ends. What the peer says then is its answer, and no close of its own.
	isLeaving atomic.Bool
	datagrams chan []byte
	credit    *credit
}

func (e *engine) newSession(id uint32, connection *quic.Conn) *session {
	s := &session{
		id:         id,
		engine:     e,
		connection: connection,
		verdict:    make(chan uint32, 1),
		ready:      make(chan struct{}),
		datagrams:  make(chan []byte, datagramCredit),
		credit:     newCredit(datagramCredit),
	}
	s.ctx, s.cancel = context.WithCancelCause(connection.Context())
	e.sessions.put(id, s)
	return s
}

func (s *session) command(operation uint8, number uint32, body []byte) {
	switch operation {
	case doAnswer:
		select {
		case s.verdict <- number:
		default:
		}
	case doOpenUnidirectional:
		o := s.engine.newOutgoing(number)
		go s.openUnidirectional(o)
	case doOpenBidirectional:
		o := s.engine.newOutgoing(number)
		go s.openBidirectional(o)
	case doDatagram:
		select {
		case s.datagrams <- append([]byte(nil), body...):
		default:
			// The host keeps count, so there is room; a datagram may be lost in any case.
		}
	case doDatagramCredit:
		s.credit.add(int(number))
	case doClose:
		go s.close(webtransport.SessionErrorCode(number), string(body))
	}
}

func (s *session) isReady() bool {
	select {
	case <-s.ready:
		return true
	case <-s.ctx.Done():
		return false
	}
}

func (s *session) openUnidirectional(o *outgoing) {
	if s.isReady() {
		if stream, err := s.transport.OpenUniStreamSync(s.ctx); err == nil {
			o.run(s.engine, stream)
			return
		}
	}
	s.engine.dropOutgoing(o)
}

func (s *session) openBidirectional(o *outgoing) {
	if s.isReady() {
		if stream, err := s.transport.OpenStreamSync(s.ctx); err == nil {
			go s.newIncoming(o.id, stream).run(s.engine)
			o.run(s.engine, stream)
			return
		}
	}
	s.engine.dropOutgoing(o)
}

// close lets the peer answer with the end of its own side, and ends the session itself if that takes long.
func (s *session) close(code webtransport.SessionErrorCode, reason string) {
	if !s.isReady() {
		return
	}
	s.isLeaving.Store(true)
	if s.request != nil {
		go s.sayGoodbye(code, reason)
		select {
		case <-s.ctx.Done():
		case <-time.After(farewell):
		}
	}
	s.transport.CloseWithError(code, reason)
}

// The capsule that closes a session (draft-ietf-webtrans-http3 section 6).
const closeCapsule = 0x2843

// sayGoodbye says how the session ends, and no more. CloseWithError also stops the peer's side at once, and Chromium,
// which gets that first, takes the session for lost.
func (s *session) sayGoodbye(code webtransport.SessionErrorCode, reason string) {
	capsule := quicvarint.Append(nil, closeCapsule)
	capsule = quicvarint.Append(capsule, uint64(4+len(reason)))
	capsule = binary.BigEndian.AppendUint32(capsule, uint32(code))
	if _, err := s.request.Write(append(capsule, reason...)); err == nil {
		s.request.Close()
	}
}

// run serves an established session until it ends, and its connection with it.
func (s *session) run(transport *webtransport.Session) {
	s.transport = transport
	close(s.ready)
	go s.acceptUnidirectional()
	go s.receiveDatagrams()
	go s.sendDatagrams()
	s.end(s.acceptBidirectional())
}

func (s *session) acceptBidirectional() error {
	for {
		stream, err := s.transport.AcceptStream(context.Background())
		if err != nil {
			// The reason why the session ended.
			return err
		}
		id := s.engine.nextID()
		o := s.engine.newOutgoing(id)
		i := s.newIncoming(id, stream)
		emit(isBidirectional, s.id, id, nil)
		go o.run(s.engine, stream)
		go i.run(s.engine)
	}
}

func (s *session) acceptUnidirectional() {
	for {
		stream, err := s.transport.AcceptUniStream(s.ctx)
		if err != nil {
			return
		}
		id := s.engine.nextID()
		i := s.newIncoming(id, stream)
		emit(isUnidirectional, s.id, id, nil)
		go i.run(s.engine)
	}
}

// Without credit nobody takes them out of quic-go's queue, which lets go of what is too much.
func (s *session) receiveDatagrams() {
	for s.credit.wait(s.ctx) > 0 {
		datagram, err := s.transport.ReceiveDatagram(s.ctx)
		if err != nil {
			return
		}
		s.credit.spend(1)
		emit(isDatagram, s.id, 0, datagram)
	}
}

func (s *session) sendDatagrams() {
	for {
		select {
		case datagram := <-s.datagrams:
			if s.transport.SendDatagram(datagram) != nil && s.ctx.Err() != nil {
				return
			}
			emit(areDatagramsSent, s.id, 1, nil)
		case <-s.ctx.Done():
			return
		}
	}
}

// end tells the host, lets go of all that belongs to the session, and then of the connection.
func (s *session) end(cause error) {
	s.engine.sessions.remove(s.id)
	ended, isRemote := closeOf(cause)
	if ended == nil {
		emit(isLost, s.id, 0, []byte(cause.Error()))
	} else {
		emit(isClosed, s.id, uint32(ended.ErrorCode), []byte(ended.Message))
	}
	s.cancel(cause)
	if s.isLeaving.Load() || !isRemote {
		// Closed at once, the connection's end could overtake that of the session, with its code, even after the peer's
		// answer: Chromium, where it reads both in one go, takes the session for lost.
		select {
		case <-s.connection.Context().Done():
		case <-time.After(farewell):
		}
	}
	s.connection.CloseWithError(noError, "")
	emit(isGone, s.id, 0, nil)
}

// closeOf reads how a session was closed, and whether by the peer. It is nil for one that was lost.
func closeOf(cause error) (*webtransport.SessionError, bool) {
	if ended, ok := errors.AsType[*webtransport.SessionError](cause); ok {
		return ended, ended.Remote
	}
	// A request's stream that just ends closes the session with code 0 and no reason
	// (draft-ietf-webtrans-http3 section 6); webtransport-go gives the error's text alone.
	if plain, ok := errors.AsType[*http3.Error](cause); ok && plain.ErrorMessage == io.EOF.Error() {
		return &webtransport.SessionError{}, true
	}
	return nil, false
}

// maxDatagram asks quic-go how long a datagram of a session may be, in the one way in which it answers. 0 is for a
// peer that takes none.
func maxDatagram(connection *quic.Conn) int {
	var tooLarge *quic.DatagramTooLargeError
	if !errors.As(connection.SendDatagram(make([]byte, 1<<16)), &tooLarge) {
		return 0
	}
	// In front of each stands a quarter of the number of the request's stream: the first one, a byte.
	return int(tooLarge.MaxDatagramPayloadSize) - 1
}

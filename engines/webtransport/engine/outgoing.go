//go:build js && wasm

package main

import (
	"context"
	"errors"
	"sync"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/webtransport-go"
)

// How much is handed over at once: the host hears of it when it is on its way.
const writeBytes = 32 << 10

type sendStream interface {
	Write([]byte) (int, error)
	Close() error
	CancelWrite(webtransport.StreamErrorCode)
	Context() context.Context
}

// How far the host is with a direction that it writes.
type sending int

const (
	open sending = iota
	finished
	abandoned
)

// An outgoing is the direction of a stream that the host writes.
type outgoing struct {
	id   uint32
	wake chan struct{}
	// For what follows.
	lock   sync.Mutex
	state  sending
	code   webtransport.StreamErrorCode
	queued []byte
	// Absent until the session is there and the peer allows one more stream.
	stream sendStream
}

func (e *engine) newOutgoing(id uint32) *outgoing {
	o := &outgoing{id: id, wake: make(chan struct{}, 1)}
	e.outgoing.put(id, o)
	return o
}

func (o *outgoing) command(operation uint8, number uint32, body []byte) {
	o.lock.Lock()
	defer o.lock.Unlock()
	if o.state != open && operation != doReset {
		return
	}
	switch operation {
	case doWrite:
		o.queued = append(o.queued, body...)
	case doFinish:
		o.state = finished
	case doReset:
		o.state, o.code, o.queued = abandoned, webtransport.StreamErrorCode(number), nil
		if o.stream != nil {
			// Not where it writes: that may be waiting for the peer. Nor here, as it may have to wait for that.
			go o.stream.CancelWrite(o.code)
		}
	}
	signal(o.wake)
}

// run writes until the direction ends, whoever ends it.
func (o *outgoing) run(e *engine, stream sendStream) {
	o.lock.Lock()
	o.stream = stream
	o.lock.Unlock()
	done := context.AfterFunc(stream.Context(), func() { signal(o.wake) })
	defer done()
	defer e.dropOutgoing(o)
	for {
		state, queued := o.take()
		switch {
		case state == abandoned:
			stream.CancelWrite(o.code)
			return
		case stream.Context().Err() != nil:
			if code, ok := codeOf(context.Cause(stream.Context())); ok {
				emit(isStopped, o.id, code, nil)
			}
			return
		case len(queued) > 0:
			o.write(stream, queued)
		case state == finished:
			stream.Close()
			return
		default:
			<-o.wake
		}
	}
}

func (o *outgoing) take() (sending, []byte) {
	o.lock.Lock()
	defer o.lock.Unlock()
	queued := o.queued
	o.queued = nil
	return o.state, queued
}

// write hands over what is queued. An error needs no look: the stream's context has ended with it.
func (o *outgoing) write(stream sendStream, queued []byte) {
	for len(queued) > 0 {
		next := queued[:min(writeBytes, len(queued))]
		if _, err := stream.Write(next); err != nil {
			return
		}
		queued = queued[len(next):]
		emit(isWritten, o.id, uint32(len(next)), nil)
	}
}

func (e *engine) dropOutgoing(o *outgoing) {
	e.outgoing.remove(o.id)
	emit(isSent, o.id, 0, nil)
}

// The codes of HTTP/3 that carry those of WebTransport (draft-ietf-webtrans-http3 section 4.4).
const (
	firstCode = 0x52e4a40fa8db
	lastCode  = 0x52e5ac983162
)

// codeOf reads the code that a peer ended a stream with. A stream that ends with its session has none.
func codeOf(err error) (uint32, bool) {
	if mapped, ok := errors.AsType[*webtransport.StreamError](err); ok {
		return uint32(mapped.ErrorCode), mapped.Remote
	}
	raw, ok := errors.AsType[*quic.StreamError](err)
	if !ok || !raw.Remote || raw.ErrorCode == webtransport.WTSessionGoneErrorCode {
		return 0, false
	}
	if raw.ErrorCode < firstCode || raw.ErrorCode > lastCode {
		return 0, true
	}
	shifted := uint64(raw.ErrorCode - firstCode)
	return uint32(shifted - shifted/0x1f), true
}

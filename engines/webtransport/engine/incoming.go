//go:build js && wasm

package main

import (
	"context"
	"errors"
	"io"

	"github.com/quic-go/webtransport-go"
)

const (
	// What the host takes of a stream before it has got through any of it; `src/receive-stream.ts` has the same.
	streamCredit = 128 << 10
	// Each stream that waits for its peer holds this much.
	readBytes = 4 << 10
)

type receiveStream interface {
	Read([]byte) (int, error)
	CancelRead(webtransport.StreamErrorCode)
}

// An incoming is the direction of a stream that the peer writes.
type incoming struct {
	id     uint32
	credit *credit
	stream receiveStream
	ctx    context.Context
	cancel context.CancelFunc
}

func (s *session) newIncoming(id uint32, stream receiveStream) *incoming {
	i := &incoming{id: id, credit: newCredit(streamCredit), stream: stream}
	i.ctx, i.cancel = context.WithCancel(s.ctx)
	s.engine.incoming.put(id, i)
	return i
}

// stop tells the peer that the rest is not wanted.
func (i *incoming) stop(code uint32) {
	i.stream.CancelRead(webtransport.StreamErrorCode(code))
	i.cancel()
}

// run reads until the direction ends. It tells the host of an end that the host did not make.
func (i *incoming) run(e *engine) {
	defer e.incoming.remove(i.id)
	defer i.cancel()
	buffer := make([]byte, readBytes)
	for {
		room := i.credit.wait(i.ctx)
		if room == 0 {
			return
		}
		read, err := i.stream.Read(buffer[:min(room, readBytes)])
		if i.ctx.Err() != nil {
			return
		}
		if read > 0 {
			i.credit.spend(read)
			emit(isData, i.id, 0, buffer[:read])
		}
		switch code, isCode := codeOf(err); {
		case err == nil:
			continue
		case errors.Is(err, io.EOF):
			emit(isEnded, i.id, 0, nil)
		case isCode:
			emit(isReset, i.id, code, nil)
		}
		return
	}
}

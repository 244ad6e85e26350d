//go:build js && wasm

package main

import (
	"encoding/binary"
	"encoding/json"
)

// obey does what a batch says, in its order. Nothing in here may block: it runs within the host's call, which would
// never return.
func (e *engine) obey(batch []byte) {
	for len(batch) >= headBytes {
		operation := batch[0]
		id := binary.LittleEndian.Uint32(batch[1:])
		number := binary.LittleEndian.Uint32(batch[5:])
		end := headBytes + int(binary.LittleEndian.Uint32(batch[9:]))
		e.command(operation, id, number, batch[headBytes:end])
		batch = batch[end:]
	}
}

// What names something that has ended meanwhile is passed over: the host hears of the end a little later.
func (e *engine) command(operation uint8, id, number uint32, body []byte) {
	switch operation {
	case doConfigure:
		if err := e.configure(body); err != nil {
			fault("the engine could not start", err)
		}
	case doCertificate:
		var pair certificatePair
		err := json.Unmarshal(body, &pair)
		if err == nil {
			err = e.listener.setCertificate(pair)
		}
		if err != nil {
			fault("the certificate was not taken", err)
		}
	case doShutDown:
		go e.shutDown()
	case doCount:
		emitJSON(isCounted, id, 0, e.count())
	case doDial:
		e.dial(id, body)
	case doAnswer, doOpenUnidirectional, doOpenBidirectional, doDatagram, doDatagramCredit, doClose:
		if s := e.sessions.get(id); s != nil {
			s.command(operation, number, body)
		} else if operation == doAnswer {
			// Its end came before the host had anything to end.
			emit(isLost, id, 0, []byte("the client went before it was answered"))
		}
	case doWrite, doFinish, doReset:
		if o := e.outgoing.get(id); o != nil {
			o.command(operation, number, body)
		}
	case doStop:
		if i := e.incoming.get(id); i != nil {
			i.stop(number)
		}
	case doCredit:
		if i := e.incoming.get(id); i != nil {
			i.credit.add(int(number))
		}
	}
}

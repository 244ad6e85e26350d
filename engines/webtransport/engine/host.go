//go:build js && wasm

package main

import (
	"encoding/json"
	"unsafe"
)

// What a batch of the host's holds: the first argument of its one call.
const packetBatch = 0

// The operations of both directions, as `src/records.ts` numbers them.
const (
	doConfigure uint8 = iota + 1
	doCertificate
	doAnswer
	doOpenUnidirectional
	doOpenBidirectional
	doWrite
	doFinish
	doReset
	doStop
	doCredit
	doDatagram
	doDatagramCredit
	doClose
	doShutDown
	doCount
	doDial
)

const (
	isReady uint8 = iota + 1
	isRequested
	isOpened
	isRefused
	isClosed
	isLost
	isUnidirectional
	isBidirectional
	isData
	isEnded
	isReset
	isStopped
	isWritten
	isSent
	isDatagram
	areDatagramsSent
	isShutDown
	isCounted
	isFault
	isGone
)

// Bytes of an operation's head: what, whose, a number, and how many bytes follow.
const headBytes = 1 + 4 + 4 + 4

// Imports of WebAssembly, not calls by syscall/js, which cost microseconds and garbage for each packet.

//go:wasmimport fanwire emit
func hostEmit(operation, id, number uint32, body unsafe.Pointer, length uint32)

//go:wasmimport fanwire send
func hostSend(address unsafe.Pointer, addressLength, port uint32, packet unsafe.Pointer, length uint32)

//go:wasmimport fanwire take
func hostTake(into unsafe.Pointer)

// emit tells the host something. It copies the body before it returns.
func emit(operation uint8, id, number uint32, body []byte) {
	hostEmit(uint32(operation), id, number, unsafe.Pointer(unsafe.SliceData(body)), uint32(len(body)))
}

func emitJSON(operation uint8, id, number uint32, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		body = nil
	}
	emit(operation, id, number, body)
}

// take fetches the batch that the host is calling with.
func take(length int) []byte {
	batch := make([]byte, length)
	if length > 0 {
		hostTake(unsafe.Pointer(unsafe.SliceData(batch)))
	}
	return batch
}

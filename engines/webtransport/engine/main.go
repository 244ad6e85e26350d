//go:build js && wasm

// The engine: QUIC, HTTP/3 and WebTransport, by quic-go and webtransport-go, in a program of WebAssembly. A host in
// JavaScript owns the UDP socket and decides everything above sessions and streams.
//
// All goroutines run on one thread, but any call may give way to another of them, so they lock what they share.
package main

import (
	"io"
	"log"
	"syscall/js"
)

func main() {
	// quic-go writes of buffers that the host's socket has; nobody could act on it.
	log.SetOutput(io.Discard)
	e := newEngine()
	js.Global().Set("fanwireEngine", js.FuncOf(func(_ js.Value, args []js.Value) any {
		batch := take(args[1].Int())
		if args[0].Int() == packetBatch {
			e.socket.receive(batch)
		} else {
			e.obey(batch)
		}
		return nil
	}))
	// The host ends the thread that this runs in.
	select {}
}

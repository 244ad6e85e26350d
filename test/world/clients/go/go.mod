module fanwire.test/client

go 1.22

require (
	github.com/gorilla/websocket v1.5.3
	github.com/tmaxmax/go-sse v0.11.0
)

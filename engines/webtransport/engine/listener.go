//go:build js && wasm

package main

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"github.com/quic-go/webtransport-go"
)

const headerBytes = 16 << 10

// A listener takes connections and turns what they ask for into sessions.
type listener struct {
	engine      *engine
	admission   *admission
	certificate atomic.Pointer[tls.Certificate]
	server      *webtransport.Server
	quic        *quic.EarlyListener
}

func listen(e *engine, pair certificatePair) (*listener, error) {
	l := &listener{engine: e, admission: newAdmission(e.limits)}
	if err := l.setCertificate(pair); err != nil {
		return nil, err
	}
	quicConfig := e.quicConfig()
	tlsConfig := http3.ConfigureTLSConfig(&tls.Config{
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return l.certificate.Load(), nil },
	})
	l.server = &webtransport.Server{
		H3: &http3.Server{
			TLSConfig:      tlsConfig,
			QUICConfig:     quicConfig,
			Handler:        http.HandlerFunc(l.answer),
			MaxHeaderBytes: headerBytes,
			ConnContext: func(ctx context.Context, connection *quic.Conn) context.Context {
				return context.WithValue(ctx, connectionKey{}, connection)
			},
		},
		// The host judges it, as it does for every other transport.
		CheckOrigin: func(*http.Request) bool { return true },
	}
	webtransport.ConfigureHTTP3Server(l.server.H3)
	e.transport.VerifySourceAddress = l.admission.mustProve
	e.transport.ConnContext = l.admission.admit
	var err error
	// Early: the settings go with the first answer, so that the request comes a round trip sooner.
	l.quic, err = e.transport.ListenEarly(tlsConfig, quicConfig)
	if err != nil {
		return nil, err
	}
	go l.accept()
	return l, nil
}

type connectionKey struct{}

// setCertificate is for handshakes to come; sessions stay.
func (l *listener) setCertificate(pair certificatePair) error {
	certificate, err := tls.X509KeyPair([]byte(pair.Cert), []byte(pair.Key))
	if err != nil {
		return err
	}
	l.certificate.Store(&certificate)
	return nil
}

func (l *listener) accept() {
	for {
		connection, err := l.quic.Accept(context.Background())
		if err != nil {
			return
		}
		go l.awaitRequest(connection)
		go l.server.ServeQUICConn(connection)
	}
}

// A connection without a session is of no use to anybody.
func (l *listener) awaitRequest(connection *quic.Conn) {
	late := time.After(time.Duration(l.engine.limits.HandshakeMs) * time.Millisecond)
	shaken := connection.Context().Value(handshakeKey{}).(*handshake)
	select {
	case <-connection.HandshakeComplete():
		shaken.done()
	case <-connection.Context().Done():
		return
	}
	select {
	case <-late:
		if !l.engine.hasSession(connection) {
			connection.CloseWithError(noError, "no session was asked for")
		}
	case <-connection.Context().Done():
	}
}

func (e *engine) hasSession(connection *quic.Conn) bool {
	return slices.ContainsFunc(e.sessions.all(), func(s *session) bool { return s.connection == connection })
}

// request is what the host gets of a client that asks for a session.
type request struct {
	Path        string            `json:"path"`
	Authority   string            `json:"authority"`
	Address     string            `json:"address"`
	Headers     map[string]string `json:"headers"`
	MaxDatagram int               `json:"maxDatagram"`
}

func (l *listener) answer(w http.ResponseWriter, r *http.Request) {
	connection := r.Context().Value(connectionKey{}).(*quic.Conn)
	if r.Method != http.MethodConnect || !strings.HasPrefix(r.Proto, "webtransport") {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if l.engine.hasSession(connection) {
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	s := l.engine.newSession(l.engine.nextID(), connection)
	emitJSON(isRequested, s.id, 0, describe(r, connection))
	select {
	case status := <-s.verdict:
		if status != http.StatusOK {
			w.WriteHeader(int(status))
			go s.refused()
			return
		}
	case <-s.ctx.Done():
		s.end(context.Cause(s.ctx))
		return
	}
	transport, err := l.server.Upgrade(w, r)
	if err != nil {
		s.end(err)
		return
	}
	s.request = w.(http3.HTTPStreamer).HTTPStream()
	s.run(transport)
}

// refused lets the peer read the answer before its connection goes.
func (s *session) refused() {
	s.engine.sessions.remove(s.id)
	s.cancel(errRefused)
	select {
	case <-s.connection.Context().Done():
	case <-time.After(farewell):
	}
	s.connection.CloseWithError(noError, "")
}

func describe(r *http.Request, connection *quic.Conn) request {
	headers := make(map[string]string, len(r.Header))
	for name, values := range r.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	address := connection.RemoteAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
	return request{r.URL.RequestURI(), r.Host, address.String(), headers, maxDatagram(connection)}
}

// close takes leave of every client.
func (l *listener) close() {
	l.quic.Close()
	l.server.Close()
}

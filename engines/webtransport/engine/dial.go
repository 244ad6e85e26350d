//go:build js && wasm

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"github.com/quic-go/webtransport-go"
)

// How long a certificate may be valid that a client knows by its hash (W3C WebTransport, custom certificate
// requirements).
const pinnedFor = 14 * 24 * time.Hour

var (
	errRefused = errors.New("refused")
	errHash    = errors.New("the server's certificate has none of the hashes")
	errPinned  = errors.New("a certificate that is known by its hash has to be valid now, and for 14 days at most")
)

// What the host wants of a session that it asks for.
type target struct {
	URL string
	// Of the host that the URL names.
	Address string
	Port    uint16
	Headers map[string]string
	// SHA-256, of certificates that are trusted though nobody signed them.
	Hashes [][]byte
	// In PEM.
	Authorities string
	Unverified  bool
}

func (e *engine) dial(id uint32, body []byte) {
	var t target
	if err := json.Unmarshal(body, &t); err != nil {
		refuse(id, 0, err)
		return
	}
	go e.connect(id, t)
}

func (e *engine) connect(id uint32, t target) {
	at, err := url.Parse(t.URL)
	if err != nil {
		refuse(id, 0, err)
		return
	}
	address, err := netip.ParseAddr(t.Address)
	if err != nil {
		refuse(id, 0, err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(e.limits.HandshakeMs)*time.Millisecond)
	defer cancel()
	to := net.UDPAddrFromAddrPort(netip.AddrPortFrom(address, t.Port))
	connection, err := e.transport.Dial(ctx, to, t.tlsConfig(at.Hostname()), e.quicConfig())
	if err != nil {
		refuse(id, 0, err)
		return
	}
	s := e.newSession(id, connection)
	transport, status, err := t.ask(ctx, s)
	if err != nil {
		e.sessions.remove(id)
		refuse(id, status, err)
		s.cancel(err)
		connection.CloseWithError(noError, "")
		return
	}
	emit(isOpened, id, uint32(maxDatagram(connection)), nil)
	s.run(transport)
}

func (t *target) ask(ctx context.Context, s *session) (*webtransport.Session, int, error) {
	client, err := (&webtransport.Transport{}).NewClientConn(s.connection)
	if err != nil {
		return nil, 0, err
	}
	headers := make(http.Header, len(t.Headers))
	for name, value := range t.Headers {
		headers.Set(name, value)
	}
	response, transport, err := client.Dial(ctx, t.URL, headers)
	if response == nil {
		return transport, 0, err
	}
	return transport, response.StatusCode, err
}

func refuse(id uint32, status int, err error) {
	emit(isRefused, id, uint32(status), []byte(err.Error()))
}

func (t *target) tlsConfig(serverName string) *tls.Config {
	config := &tls.Config{ServerName: serverName, NextProtos: []string{"h3"}, RootCAs: x509.NewCertPool()}
	switch {
	case len(t.Hashes) > 0:
		config.InsecureSkipVerify = true
		config.VerifyConnection = t.verifyPinned
	case t.Unverified:
		config.InsecureSkipVerify = true
	default:
		config.RootCAs.AppendCertsFromPEM([]byte(t.Authorities))
	}
	return config
}

func (t *target) verifyPinned(state tls.ConnectionState) error {
	certificate := state.PeerCertificates[0]
	hash := sha256.Sum256(certificate.Raw)
	if !slices.ContainsFunc(t.Hashes, func(known []byte) bool { return bytes.Equal(known, hash[:]) }) {
		return errHash
	}
	now := time.Now()
	if now.Before(certificate.NotBefore) || now.After(certificate.NotAfter) ||
		certificate.NotAfter.Sub(certificate.NotBefore) > pinnedFor {
		return errPinned
	}
	return nil
}

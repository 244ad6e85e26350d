//go:build tools

// Programs of others that judge the hub, and what makes Go of a proto.
package tools

import (
	_ "connectrpc.com/conformance/cmd/connectconformance"
	_ "github.com/fullstorydev/grpcurl/cmd/grpcurl"
	_ "google.golang.org/grpc/cmd/protoc-gen-go-grpc"
	_ "google.golang.org/grpc/interop/client"
	_ "google.golang.org/protobuf/cmd/protoc-gen-go"
)

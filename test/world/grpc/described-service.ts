import { readFileSync } from 'node:fs';
import {
  type AnyDesc,
  create,
  createFileRegistry,
  type DescMessage,
  type FileRegistry,
  fromBinary,
  type Message,
  toBinary,
  toJsonString,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { HandlerContext } from '@connectrpc/connect';
import { beginStream, callOf } from '../../../src/grpc/call.ts';
import { codecOf, prefixed } from '../../../src/grpc/envelope.ts';
import { chunk } from '../../../src/wire/chunked.ts';

/** The types in a file that protoc has made of others' protos. */
export function typesIn(descriptors: string): FileRegistry {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));
}

export function found<Desc extends AnyDesc>(desc: Desc | undefined): Desc {
  if (!desc) throw new Error('the descriptors lack a type');
  return desc;
}

export function make(desc: DescMessage, value: object): Message {
  return create(desc, value as never);
}

/** Begins a stream whose messages are told past Connect, as the hub tells its events. */
export function openStream(registry: FileRegistry, output: DescMessage, context: HandlerContext) {
  const stream = beginStream(context, callOf(context), { drained() {}, ended() {} });
  const codec = codecOf(context.requestHeader.get('content-type'));
  return (value: object) => {
    const message = make(output, value);
    const bytes = prefixed(
      codec === 'json' ? Buffer.from(toJsonString(output, message, { registry })) : toBinary(output, message),
    );
    stream.write(stream.chunked ? chunk([bytes]) : bytes);
  };
}

/** A call's one request as those of a stream. */
export async function* only<Request>(request: Request): AsyncGenerator<Request> {
  yield request;
}

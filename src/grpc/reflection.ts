import { createRegistry, type DescFile, type DescService, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, type ServiceImpl } from '@connectrpc/connect';
import { file_google_rpc_error_details } from './gen/google/rpc/error_details_pb.ts';
import type {
  ServerReflection,
  ServerReflectionRequest,
  ServerReflectionResponse,
} from './gen/grpc/reflection/v1/reflection_pb.ts';

type Answer = ServerReflectionResponse['messageResponse'];

/** `grpc.reflection.v1`: tells tools such as grpcurl what can be called, so that they need no file of ours. */
export function reflectionService(services: readonly DescService[]): ServiceImpl<typeof ServerReflection> {
  const files = new Map<string, DescFile>();
  for (const { file } of services) collect(file, files);
  // Tools ask for what they find in an error.
  collect(file_google_rpc_error_details, files);
  const registry = createRegistry(...files.values());

  function answer({ messageRequest: asked }: ServerReflectionRequest): Answer {
    switch (asked.case) {
      case 'listServices':
        return listed(services);
      case 'fileByFilename':
        return described(files.get(asked.value), asked.value);
      case 'fileContainingSymbol':
        return described(fileOf(asked.value), asked.value);
      default:
        return refused(Code.Unimplemented, 'ask for services, a file or a symbol: there are no extensions');
    }
  }

  /** Methods, fields and values are known by what they belong to. */
  function fileOf(symbol: string): DescFile | undefined {
    const owner = symbol.slice(0, symbol.lastIndexOf('.'));
    return (registry.get(symbol) ?? registry.get(owner))?.file;
  }

  return {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        yield { validHost: request.host, originalRequest: request, messageResponse: answer(request) };
      }
    },
  };
}

/** A file, and those that it imports, each once. */
function collect(file: DescFile, files: Map<string, DescFile>): void {
  files.set(`${file.name}.proto`, file);
  for (const dependency of file.dependencies) collect(dependency, files);
}

function listed(services: readonly DescService[]): Answer {
  const service = services.map(({ typeName }) => ({ name: typeName }));
  return { case: 'listServicesResponse', value: { service } } as Answer;
}

/** With the files that it imports, before they are asked for. */
function described(file: DescFile | undefined, name: string): Answer {
  if (!file) return refused(Code.NotFound, `nothing is called ${name.slice(0, 60)}`);
  const all = new Map<string, DescFile>();
  collect(file, all);
  const fileDescriptorProto = [...all.values()].map(({ proto }) =>
    toBinary(FileDescriptorProtoSchema, proto),
  );
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto } } as Answer;
}

function refused(errorCode: Code, errorMessage: string): Answer {
  return { case: 'errorResponse', value: { errorCode, errorMessage } } as Answer;
}

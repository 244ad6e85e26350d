export { grpc } from './endpoint.ts';
export { toFanwireError } from './errors.ts';
export * from './gen/fanwire/v1/hub_pb.ts';
export { STATUS } from './status.ts';
